"""The cancellation policy as data, and the sentence that quotes it.

A policy is `{"free_until_minutes": int, "fee_percent": int, "fee_minor": int | None, "moves": int | None}`:
free until so long before, then the fee; `moves` limits how often a booking may be moved. It is copied onto the
booking when it is made.
"""

from __future__ import annotations

from typing import Any

from handled.kit import money


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
