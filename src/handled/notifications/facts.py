"""What mails and calendar entries say about one booking, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import AwareDatetime


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
    this version came to be. `manage_path` shows, moves or cancels it, `again_path` is where to book anew. A
    `discreet` booking is announced without naming the service or repeating what the customer wrote.
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
    manage_path: str | None = None
    again_path: str | None = None
