"""What proposing and executing an action answers, and the words that all actions share."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from handled.bookings.facts import price_text
from handled.catalog.business import Business
from handled.kit import clock, ids
from handled.kit.errors import HandledError
from handled.kit.when import spoken
from handled.notifications.jobs import Fate
from handled.tables import Booking
from handled.tenants.durations import write_minutes


@dataclass(frozen=True, slots=True)
class NotFree:
    """Why the time cannot be had, and the nearest that can. `slots` in wire form."""

    reason: str
    why: str
    slots: list[dict[str, Any]]

    def as_error(self) -> HandledError:
        """For whoever asked for exactly that. Somebody else's time is a conflict, `slot_taken`; what the business's own
        hours and notice rule out is a rule, `not_bookable`. Both have `alternatives`."""
        if self.reason == "taken":
            return HandledError("slot_taken", self.why, 409, reason="taken", alternatives=self.slots)
        fields = {"start": self.why}
        return HandledError("not_bookable", self.why, 422, fields=fields, reason=self.reason, alternatives=self.slots)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was done, for the customer: `receipt` and `booking` in wire form, `message` as a sentence. `pay_url` is
    where it is paid, if it still has to be. `is_mailed`: they are written to about it."""

    receipt: dict[str, Any]
    message: str
    booking: dict[str, Any]
    pay_url: str | None = None
    is_mailed: bool = True
    cards: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    def answer(self) -> dict[str, Any]:
        """The confirm call's answer, without the message's id."""
        paying = {"checkoutUrl": self.pay_url} if self.pay_url else {}
        return {
            "receipt": self.receipt,
            "message": self.message,
            "booking": self.booking,
            "cards": self.cards,
            "choices": [],
            "expects": ["anything_else"],
            **paying,
        }


def receipt_of(kind: str, title: str, lines: list[str]) -> dict[str, Any]:
    """The wire form of a receipt for what has just been done."""
    return {
        "receiptId": str(ids.new_id()),
        "kind": kind,
        "at": clock.now().isoformat(),
        "title": title,
        "lines": lines,
    }


def moment(business: Business, booking: Booking) -> str:
    """When the booking is: weekday, date, time and zone."""
    return moment_at(business, booking.starts_at, whole_day=booking.whole_day)


def moment_at(business: Business, starts_at: datetime, *, whole_day: bool) -> str:
    """As `moment`, for a time that the booking does not have yet."""
    today = clock.now().astimezone(business.zone).date()
    local = starts_at.astimezone(business.zone)
    day = spoken.spoken_date(local.date(), today, business.locale)
    if whole_day:
        return f"{day}, all day"
    zone = spoken.zone_name(business.timezone, starts_at, business.locale)
    return f"{day} at {spoken.spoken_time(local.time(), business.locale)} ({zone})"


def minutes_text(minutes: int) -> str:
    return write_minutes(minutes) if minutes > 90 else f"{minutes} min"


def money_text(business: Business, amount_minor: int, currency: str) -> str:
    """An amount as the business's customers read it."""
    return price_text(amount_minor, currency, business.locale) if amount_minor else "nothing"


def mail_text(booking: Booking, what: str, mail: Fate) -> str:
    """The end of a sentence with the code in it: `what` is on its way, or, where no mail goes out, that one has to keep
    the code."""
    if mail == "withheld":
        return f". Please write it down: no mail goes to {booking.customer_email} about this"
    return f", and {what} is on its way to {booking.customer_email}"


def subject(view: dict[str, Any]) -> str:
    """What is booked and with whom, of a booking in wire form: `Haircut with Mia`."""
    return f"{view['label']} with {view['resource']}" if view["resource"] else f"{view['label']}"
