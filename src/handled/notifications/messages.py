"""What there is to tell, as plain data: one typed notification per kind.

A notification is complete in itself. It is queued as JSON in the transaction that caused it and rendered
later, so nothing in it is looked up again and a retry says the same thing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, TypeAdapter


@dataclass(frozen=True)
class Answer:
    """One intake question of the service and what the customer said."""

    question: str
    answer: str


@dataclass(frozen=True)
class Invite:
    """A calendar object (`handled.bookings.calendar`) and what a calendar shall do with it."""

    method: Literal["REQUEST", "CANCEL", "PUBLISH"]
    content: str


@dataclass(frozen=True)
class BookingFacts:
    """Everything a mail or a calendar entry says about one booking. Free text is taken as it was typed.

    `accent` is the business's colour as `#rrggbb`. `ends_at` of a whole-day booking is the first moment that
    is no longer part of it. `price_text` is ready to read ("$45.00", "on request"); None where there is
    nothing to say. `uid` and `sequence` identify the calendar entry and its version; `changed_at` is when
    this version came to be. A `discreet` booking is announced without naming the service or repeating what
    the customer wrote.
    """

    tenant_name: str
    tenant_email: str
    timezone: str
    service_label: str
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    code: str
    customer_name: str
    customer_email: str
    uid: str
    changed_at: AwareDatetime
    sequence: int = 0
    whole_day: bool = False
    resource_name: str | None = None
    price_text: str | None = None
    policy_lines: tuple[str, ...] = ()
    tenant_address: str | None = None
    tenant_phone: str | None = None
    accent: str | None = None
    locale: str = "en-US"
    customer_phone: str | None = None
    notes: str | None = None
    answers: tuple[Answer, ...] = ()
    discreet: bool = False


@dataclass(frozen=True)
class BookingConfirmed:
    """To the customer: the booking stands. `manage_url` shows, moves or cancels it."""

    booking: BookingFacts
    invite: Invite | None = None
    manage_url: str | None = None
    kind: Literal["booking_confirmed"] = "booking_confirmed"


@dataclass(frozen=True)
class NewBooking:
    """To the business: somebody has booked. `source_text` says where ("chat on your site"), `dashboard_url`
    shows the booking."""

    booking: BookingFacts
    invite: Invite | None = None
    source_text: str | None = None
    dashboard_url: str | None = None
    kind: Literal["new_booking"] = "new_booking"


Notification = BookingConfirmed | NewBooking

_notification: TypeAdapter[Notification] = TypeAdapter(Annotated[Notification, Field(discriminator="kind")])


def to_json(notification: Notification) -> dict[str, Any]:
    """The notification as JSON data, its `kind` included."""
    return _notification.dump_python(notification, mode="json")


def from_json(data: dict[str, Any]) -> Notification:
    """The notification `to_json` wrote. Raises pydantic.ValidationError for anything else."""
    return _notification.validate_python(data)
