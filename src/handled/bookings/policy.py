"""The cancellation policy as data, and the sentence that quotes it.

A policy is `{"free_until_minutes": int, "fee_percent": int, "fee_minor": int | None, "moves": int | None}`:
free until so long before, then the fee; `moves` limits how often a booking may be moved. It is copied onto the
booking when it is made.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from handled.kit import clock, money
from handled.kit.errors import HandledError
from handled.kit.when import spoken
from handled.tables import Booking


@dataclass(frozen=True, slots=True)
class Quote:
    """What a change costs by the booking's own policy, in minor units. `fee_minor` is what it costs, `refund_minor`
    what goes back of what was paid; `rule` is the sentence that says why, None where there is no rule."""

    fee_minor: int
    refund_minor: int
    rule: str | None


def quote_cancel(booking: Booking, paid_minor: int, timezone: str, locale: str) -> Quote:
    """What it costs to cancel now. What has not been paid yet, or is only held, costs nothing."""
    # What goes back can be given back: where it could not be, to the last digit, the fee is that much less.
    fee = money.payable(_fee_now(booking), booking.currency) if booking.status == "confirmed" else 0
    return Quote(fee, max(0, paid_minor - fee), _rule(booking, timezone, locale))


def check_move(booking: Booking, business_name: str, timezone: str, locale: str) -> str | None:
    """The sentence with the rule under which the booking may be moved now. Raises HandledError `moves_used_up`, or
    `too_late_to_move` when moving would cost a fee: a fee is settled with the business, not by the agent."""
    allowed = booking.policy.get("moves")
    if allowed is not None and booking.moves >= allowed:
        times = "cannot be moved" if allowed == 0 else f"can be moved {'once' if allowed == 1 else f'{allowed} times'}"
        message = f"By its terms this booking {times}, and that is used up. Please contact {business_name} directly."
        raise HandledError("moves_used_up", message if allowed else f"By its terms this booking {times}.", 422)
    if booking.status == "confirmed" and _fee_now(booking):
        rule = _rule(booking, timezone, locale)
        message = f"It is too late to move this booking free of charge. {rule or ''}".strip()
        raise HandledError("too_late_to_move", f"{message} You can cancel it, or contact {business_name}.", 422)
    return _rule(booking, timezone, locale)


def rule_at(booking: Booking, starts_at: datetime, timezone: str, locale: str) -> str | None:
    """The sentence with the rule as it will be once the booking begins at `starts_at`; None where there is no rule."""
    return _rule(booking, timezone, locale, starts_at)


def _fee_now(booking: Booking) -> int:
    """Rounded down to the whole minor unit, and never more than the price."""
    policy = booking.policy
    free_until = booking.starts_at - timedelta(minutes=policy.get("free_until_minutes") or 0)
    if clock.now() <= free_until:
        return 0
    price = booking.price_minor or 0
    fee = policy.get("fee_minor") or price * (policy.get("fee_percent") or 0) // 100
    return min(fee, price) if price else fee


def _rule(booking: Booking, timezone: str, locale: str, starts_at: datetime | None = None) -> str | None:
    """The rule with its moment: `Free until Tuesday, March 3 at 2:00 pm; after that 50 % of the price.`"""
    free_minutes, fee = booking.policy.get("free_until_minutes"), _fee(booking.policy, booking.currency, locale)
    if free_minutes is None:
        return None
    if not free_minutes and not fee:
        return "Free of charge until it begins."
    zone = ZoneInfo(timezone)
    moment = ((starts_at or booking.starts_at) - timedelta(minutes=free_minutes)).astimezone(zone)
    day = spoken.spoken_date(moment.date(), clock.now().astimezone(zone).date(), locale)
    until = f"{day} at {spoken.spoken_time(moment.time(), locale)}"
    return f"Free until {until}; after that {fee}." if fee else f"Free until {until}."


def describe(policy: dict[str, Any], currency: str, locale: str) -> str | None:
    """One sentence naming the rule; None where the tenant has none."""
    free_minutes = policy.get("free_until_minutes")
    if free_minutes is None:
        return None
    fee = _fee(policy, currency, locale)
    until = f"until {_duration(free_minutes)} before" if free_minutes else "at any time"
    return f"Free to cancel or move {until}{f', then {fee}' if fee and free_minutes else ''}."


def _fee(policy: dict[str, Any], currency: str, locale: str) -> str | None:
    if policy.get("fee_minor"):
        return money.format(policy["fee_minor"], currency, locale)
    if policy.get("fee_percent"):
        return f"{policy['fee_percent']} % of the price"
    return None


def _duration(minutes: int) -> str:
    for size, unit in ((1440, "day"), (60, "hour")):
        if minutes % size == 0 and (minutes >= size * 2 or unit == "hour"):
            count = minutes // size
            return f"{count} {unit}{'s' if count != 1 else ''}"
    return f"{minutes} minutes"
