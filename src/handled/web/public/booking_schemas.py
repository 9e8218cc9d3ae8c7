"""The customer's wire outside the chat: services, free times, the page of one booking, and one-time codes."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from handled.web.public.schemas import BookingOut, BusinessOut, Money, ReceiptOut, SlotOut, Text, Wire


class ServiceOut(Wire):
    service: str
    label: str
    description: str
    duration_minutes: int | None
    whole_day: bool
    price: Money | None
    resources: list[str]
    includes: list[str]


class Services(Wire):
    services: list[ServiceOut]


class FreeSlots(Wire):
    service: str
    timezone: str
    slots: list[SlotOut]


class SendCode(Wire):
    session_id: UUID
    email: Text = Field(max_length=500)


class CodeSent(Wire):
    """The same for every address. `expiresInSeconds` is how long six digits are good for."""

    message: str
    expires_in_seconds: int


class CheckCode(Wire):
    session_id: UUID
    code: Text = Field(max_length=40)


class Verified(Wire):
    """`bookings` are the coming ones of this address."""

    email: str
    bookings: list[BookingOut]


class CancelBooking(Wire):
    quote_hash: Text | None = Field(default=None, max_length=200)


class MoveBooking(Wire):
    start: Text = Field(max_length=40)
    resource: Text | None = Field(default=None, max_length=200)
    quote_hash: Text | None = Field(default=None, max_length=200)


class Terms(Wire):
    """Whether something can be done now, and what it costs; `reason` and `why` where it cannot."""

    allowed: bool
    reason: str | None
    why: str | None
    fee: Money | None
    refund: Money | None
    policy: str | None
    lines: list[str]
    quote_hash: str | None


class PaymentState(Wire):
    purpose: Literal["booking", "difference"]
    status: Literal["open", "paid", "expired", "cancelled"]
    amount: Money
    paid_at: datetime | None


class RefundState(Wire):
    status: Literal["queued", "pending", "succeeded", "failed"]
    amount: Money
    settled_at: datetime | None


class ManagedBooking(Wire):
    """A booking as whoever has its manage link sees it. `balance` is what the business has of the customer's money;
    `payUrl` is where something is still to be paid, `calendarUrl` the calendar entry while there is one."""

    business: BusinessOut
    booking: BookingOut
    cancel: Terms
    move: Terms
    balance: Money
    payments: list[PaymentState]
    refunds: list[RefundState]
    pay_url: str | None
    calendar_url: str | None


class Changed(Wire):
    receipt: ReceiptOut
    booking: BookingOut
