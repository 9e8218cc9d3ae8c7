"""The business's wire: what comes in, and what goes out."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel

from handled.web.public.schemas import BookingOut, Money, Text, Wire

Status = Literal["held", "pending_payment", "confirmed", "completed", "expired", "cancelled", "no_show"]


class Asked(Wire):
    """A field that we do not know is refused: it may be one that was meant to matter."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class NewCustomer(Asked):
    name: Text = Field(max_length=500)
    email: Text = Field(max_length=500)
    phone: Text | None = Field(default=None, max_length=100)


class NewBooking(Asked):
    """`start` is local to the business (`2026-03-02T15:00`), or has an offset; a date alone for whole days. `service`
    and `resource` are keys. `payment` `by_rule`: the service's rule asks for money first; `none`: you see to it."""

    service: Text = Field(max_length=200)
    start: Text = Field(max_length=40)
    customer: NewCustomer
    resource: Text | None = Field(default=None, max_length=200)
    notes: Text | None = Field(default=None, max_length=1000)
    payment: Literal["none", "by_rule"] = "none"


class CustomerCorrections(Asked):
    name: Text = Field(default="", max_length=500)
    phone: Text | None = Field(default=None, max_length=100)


class Corrections(Asked):
    """What is left out stays as it is; `null` and an empty text remove notes and phone."""

    notes: Text | None = Field(default=None, max_length=1000)
    customer: CustomerCorrections | None = None


class Cancellation(Asked):
    """What goes back of what was paid: what the booking's policy says, everything, or nothing."""

    refund: Literal["policy", "full", "none"] = "policy"


class Move(Asked):
    """`start` as of a new booking. Without `resource`, with the same one if it can be."""

    start: Text = Field(max_length=40)
    resource: Text | None = Field(default=None, max_length=200)


class CustomerSeen(Wire):
    name: str
    email: str
    phone: str | None


class AnswerSeen(Wire):
    question: str
    answer: str


class BookingSeen(BookingOut):
    """A booking as the business sees it. `intake` is what the customer answered before booking."""

    customer: CustomerSeen  # pyright: ignore[reportIncompatibleVariableOverride]  with the phone
    notes: str | None
    intake: list[AnswerSeen]
    source: str
    resource_keys: list[str]
    moves: int
    fee: Money | None
    created_at: datetime
    confirmed_at: datetime | None
    cancelled_at: datetime | None


class AuditLine(Wire):
    at: datetime
    actor: Literal["customer", "agent", "staff", "system"]
    action: str
    details: dict[str, Any]


class PaymentSeen(Wire):
    payment_id: str
    purpose: Literal["booking", "difference"]
    status: Literal["open", "paid", "expired", "cancelled"]
    amount: Money
    asked_at: datetime
    paid_at: datetime | None


class RefundSeen(Wire):
    refund_id: str
    payment_id: str
    status: Literal["queued", "pending", "succeeded", "failed"]
    amount: Money
    reason: str
    queued_at: datetime
    settled_at: datetime | None


class BookingFile(BookingSeen):
    """A booking with all that happened to it. `balance` is what you have of the customer's money."""

    balance: Money
    audit: list[AuditLine]
    payments: list[PaymentSeen]
    refunds: list[RefundSeen]


class BookingPage(Wire):
    """By their start. `nextCursor` is null on the last page."""

    bookings: list[BookingSeen]
    next_cursor: str | None
