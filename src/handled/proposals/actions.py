"""What can be proposed, and what proposing and executing it means. Booking a service, for now."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from handled.availability import search
from handled.bookings import lifecycle, notify, policy
from handled.bookings.view import booking_view, price_view
from handled.catalog.business import Business, OfferedService, service_by_id
from handled.customers import identity
from handled.kit import clock, ids
from handled.kit.errors import HandledError
from handled.kit.when import spoken
from handled.tables import Booking


@dataclass(frozen=True, slots=True)
class BookingRequest:
    """Who wants which service when. `starts_at` is aware; `resource_id` None means anybody."""

    service: OfferedService
    starts_at: datetime
    resource_id: UUID | None
    name: str
    email: str
    phone: str | None
    notes: str | None

    def arguments(self) -> dict[str, Any]:
        """The request as JSON, equal for equal requests."""
        values = {key: value for key, value in asdict(self).items() if key != "service"}
        return {
            **{key: None if value is None else str(value) for key, value in values.items()},
            "service": self.service.key,
        }


@dataclass(frozen=True, slots=True)
class NotFree:
    """Why the time cannot be had, and the nearest that can. `slots` in wire form."""

    reason: str
    why: str
    slots: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was done, for the customer."""

    receipt: dict[str, Any]
    message: str
    booking: dict[str, Any]

    def answer(self) -> dict[str, Any]:
        """The confirm call's answer, without the message's id."""
        return {
            "receipt": self.receipt,
            "message": self.message,
            "booking": self.booking,
            "choices": [],
            "expects": ["anything_else"],
        }


async def hold_for(
    session: AsyncSession,
    business: Business,
    conversation_id: UUID,
    wanted: BookingRequest,
    expires_at: datetime,
) -> Booking | NotFree:
    """Check that the time is open, free and allowed, and hold it. Raises HandledError `payment_unavailable` for
    a service that is paid in advance: nothing may be said to be booked while its money cannot be taken."""
    service = wanted.service
    if service.payment_rule != "none" and service.price_minor:
        message = (
            f"{service.name} is paid in advance, which cannot be done in this chat yet. Please contact us to book it:"
            f" {business.phone or business.contact_email}."
        )
        raise HandledError("payment_unavailable", message)
    found = await search.at(
        session,
        business,
        service,
        wanted.starts_at,
        resource_id=wanted.resource_id,
        conversation_id=conversation_id,
    )
    if isinstance(found, search.Refusal):
        return await _not_free(session, business, service, wanted.starts_at, found.reason, found.words)
    request = lifecycle.Wanted(
        service_id=service.id,
        resource_ids=[slot.resource_id for slot in found],
        starts_at=found[0].starts_at,
        ends_at=found[0].ends_at,
        whole_day=service.whole_day,
        buffer_before_minutes=service.buffer_before_minutes,
        buffer_after_minutes=service.buffer_after_minutes,
        capacity=service.capacity,
        price_minor=service.price_minor,
        currency=business.currency,
        payment_rule=service.payment_rule,
        policy=service.cancellation,
        customer_name=wanted.name,
        customer_email=wanted.email,
        customer_phone=wanted.phone,
        notes=wanted.notes,
        source="CHATBOT",
        conversation_id=conversation_id,
    )
    try:
        return await lifecycle.hold(session, business.id, request, expires_at)
    except lifecycle.SlotTaken as taken:
        return await _not_free(session, business, service, wanted.starts_at, "taken", taken.message)


async def _not_free(
    session: AsyncSession,
    business: Business,
    service: OfferedService,
    starts_at: datetime,
    reason: str,
    why: str,
) -> NotFree:
    slots = await search.nearest_to(session, business, service, starts_at)
    return NotFree(reason, why, [search.slot_view(business, service, slot) for slot in slots])


async def alternatives_to(session: AsyncSession, business: Business, booking: Booking) -> list[dict[str, Any]]:
    """The three nearest free times to a booking that could not be had, in wire form."""
    service = service_by_id(business, booking.service_id)
    if service is None:
        return []
    slots = await search.nearest_to(session, business, service, booking.starts_at)
    return [search.slot_view(business, service, slot) for slot in slots]


def book_preview(business: Business, booking: Booking) -> dict[str, Any]:
    """What the customer is shown and confirms, from the hold and today's price. A different preview later
    means that something has changed in between."""
    service = service_by_id(business, booking.service_id)
    label = service.name if service else ""
    price_minor = service.price_minor if service else None
    view = booking_view(business, booking)
    rule = policy.describe(booking.policy, booking.currency, business.locale)
    price = notify.price_text(price_minor, booking.currency, business.locale)
    with_whom = f" with {view['resource']}" if view["resource"] else ""
    lines = [
        f"{label}{with_whom}",
        _moment(business, booking),
        price.capitalize() if booking.whole_day else f"{_minutes(view['durationMinutes'])} · {price}",
        f"For {booking.customer_name}, {booking.customer_email}",
        *([rule] if rule else []),
    ]
    return {
        "title": f"Book {label}",
        "service": view["service"],
        "label": label,
        "date": view["date"],
        "time": view["time"],
        "timezone": business.timezone,
        "durationMinutes": view["durationMinutes"],
        "resource": view["resource"],
        "price": price_view(price_minor, booking.currency),
        "fee": None,
        "policy": rule,
        "customer": view["customer"],
        "lines": lines,
    }


async def book(session: AsyncSession, business: Business, booking: Booking) -> Receipt:
    """Confirm the hold, with everything that belongs to it, in the caller's transaction.
    Raises SlotTaken when the hold is over."""
    customer_id = await identity.find_or_add(
        session,
        business.id,
        name=booking.customer_name,
        email=booking.customer_email,
        phone=booking.customer_phone,
    )
    booking = await lifecycle.confirm_hold(session, booking, actor="customer", customer_id=customer_id)
    await notify.notify_confirmed(session, business, booking)
    view = booking_view(business, booking)
    when = _moment(business, booking)
    with_whom = f" with {view['resource']}" if view["resource"] else ""
    message = (
        f"You're booked: {view['label']}{with_whom}, {when}. Your confirmation code is {booking.code}, and a"
        f" confirmation is on its way to {booking.customer_email}. Is there anything else I can do for you?"
    )
    receipt = {
        "receiptId": str(ids.new_id()),
        "kind": "booked",
        "at": clock.now().isoformat(),
        "title": "Booked",
        "lines": [f"{view['label']}{with_whom}", when, f"Confirmation code {booking.code}"],
    }
    return Receipt(receipt, message, view)


def _moment(business: Business, booking: Booking) -> str:
    today = clock.now().astimezone(business.zone).date()
    local = booking.starts_at.astimezone(business.zone)
    day = spoken.spoken_date(local.date(), today, business.locale)
    if booking.whole_day:
        return f"{day}, all day"
    zone = spoken.zone_name(business.timezone, booking.starts_at, business.locale)
    return f"{day} at {spoken.spoken_time(local.time(), business.locale)} ({zone})"


def _minutes(minutes: int) -> str:
    return str(timedelta(minutes=minutes))[:-3].replace(":", " h ") if minutes > 90 else f"{minutes} min"
