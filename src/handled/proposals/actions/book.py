"""Booking a service: holding its slot, what the customer is shown, and confirming it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from handled.availability import search
from handled.bookings import hold_caps, holds, lifecycle, notify, places, policy
from handled.bookings.facts import price_text
from handled.bookings.lifecycle import By
from handled.bookings.view import booking_view, linked_view, payment_card, price_view
from handled.catalog.business import Business, OfferedService, service_by_id
from handled.customers import identity
from handled.db.session import SessionReader
from handled.kit import money
from handled.kit.errors import HandledError
from handled.kit.when import spoken
from handled.notifications.facts import Answer
from handled.notifications.wording import one_line
from handled.payments import checkout, offered
from handled.proposals.actions import outcome
from handled.proposals.actions.outcome import NotFree, Receipt
from handled.tables import Booking
from handled.tenants import industry

# Of an answer on the card: it is there to be recognised, not to be read again.
_SHORT = 80


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
    answers: tuple[Answer, ...] = ()

    def arguments(self) -> dict[str, Any]:
        """The request as JSON, equal for equal requests."""
        values = {key: value for key, value in asdict(self).items() if key not in ("service", "answers")}
        return {
            **{key: None if value is None else str(value) for key, value in values.items()},
            "service": self.service.key,
            "answers": [asdict(each) for each in self.answers],
        }


async def hold(
    session: AsyncSession,
    business: Business,
    conversation_id: UUID | None,
    wanted: BookingRequest,
    expires_at: datetime,
    *,
    source: str = "CHATBOT",
    takes_payment: bool = True,
    capped: bool = True,
) -> Booking | NotFree:
    """Check that the time is open, free and allowed, and hold it. `capped` unless the business itself books. Without
    `takes_payment` nothing has to be paid in advance, whatever the service's rule is: then it is settled with the
    business.

    Raises HandledError `too_many_holds`, and `payment_unavailable` for a service that is paid in advance: nothing may
    be said to be booked while its money cannot be taken.
    """
    service = wanted.service
    due_minor = due_of(service, business.currency) if takes_payment else 0
    if due_minor and not offered.is_offered():
        message = (
            f"{service.name} is paid in advance, which cannot be done in this chat yet. Please contact us to book it:"
            f" {business.phone or business.contact_email}."
        )
        raise HandledError("payment_unavailable", message)
    found = await search.places_at(
        SessionReader(session),
        business,
        service,
        wanted.starts_at,
        resource_id=wanted.resource_id,
        conversation_id=conversation_id,
    )
    if isinstance(found, search.Refusal):
        return await _not_free(session, business, service, wanted.starts_at, found.reason, found.words)
    request = holds.Wanted(
        service_id=service.id,
        resource_ids=found.resource_ids[0],
        starts_at=found.starts_at,
        ends_at=found.ends_at,
        whole_day=service.whole_day,
        buffer_before_minutes=service.buffer_before_minutes,
        buffer_after_minutes=service.buffer_after_minutes,
        capacity=service.capacity,
        price_minor=service.price_minor,
        currency=business.currency,
        payment_rule=service.payment_rule if takes_payment else "none",
        due_minor=due_minor,
        policy=service.cancellation,
        customer_name=wanted.name,
        customer_email=wanted.email,
        customer_phone=wanted.phone,
        notes=wanted.notes,
        intake=[asdict(each) for each in wanted.answers],
        source=source,
        conversation_id=conversation_id,
        parts=places.parts_of(service, found) if service.includes else (),
    )
    if capped:
        await hold_caps.check(session, business, request)
    try:
        return await holds.hold(session, business.id, request, expires_at)
    except holds.SlotTaken as taken:
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


async def alternatives_to(
    session: AsyncSession, business: Business, booking: Booking, starts_at: datetime, *, moving: UUID | None = None
) -> list[dict[str, Any]]:
    """The three free times nearest to one that could not be had, in wire form."""
    service = service_by_id(business, booking.service_id)
    if service is None:
        return []
    slots = await search.nearest_to(session, business, service, starts_at, moving=moving)
    return [search.slot_view(business, service, slot) for slot in slots]


def preview(business: Business, booking: Booking) -> dict[str, Any]:
    """What the customer is shown and confirms, from the hold and today's price. A different preview later
    means that something has changed in between."""
    service = service_by_id(business, booking.service_id)
    price_minor = service.price_minor if service else None
    due_minor = due_of(service, business.currency) if service else 0
    view = booking_view(business, booking)
    rule = policy.describe(booking.policy, booking.currency, business.locale)
    price = price_text(price_minor, booking.currency, business.locale)
    length = outcome.minutes_text(view["durationMinutes"])
    lines = [
        outcome.subject(view),
        *([", ".join(each.name for each in service.includes)] if service and service.includes else []),
        outcome.moment(business, booking),
        price.capitalize() if booking.whole_day else f"{length} · {price}",
        *([f"To pay now: {outcome.money_text(business, due_minor, booking.currency)}"] if due_minor else []),
        f"For {booking.customer_name}, {booking.customer_email}",
        *(f"{each['question']} {one_line(each['answer'], _SHORT)}" for each in booking.intake or ()),
        *([rule] if rule else []),
        *([disclosed] if (disclosed := industry.text_of(business.pack, business.texts, "before_booking")) else []),
    ]
    return {
        "title": f"Book {view['label']}",
        "service": view["service"],
        "label": view["label"],
        "date": view["date"],
        "time": view["time"],
        "timezone": business.timezone,
        "durationMinutes": view["durationMinutes"],
        "resource": view["resource"],
        "price": price_view(price_minor, booking.currency),
        "due": price_view(due_minor, booking.currency) if due_minor else None,
        "fee": None,
        "policy": rule,
        "customer": view["customer"],
        "lines": lines,
    }


async def execute(
    session: AsyncSession, business: Business, booking: Booking, *, actor: str | By = "customer"
) -> Receipt:
    """Confirm the hold, with everything that belongs to it, in the caller's transaction. What has to be paid first
    is held for its payment. Raises SlotTaken when the hold is over."""
    customer_id = await identity.find_or_add(
        session,
        business.id,
        name=booking.customer_name,
        email=booking.customer_email,
        phone=booking.customer_phone,
    )
    booking = await lifecycle.confirm_hold(session, booking, actor=actor, customer_id=customer_id)
    if booking.status == "pending_payment":
        return await _awaiting_payment(session, business, booking)
    mail = await notify.notify_confirmed(session, business, booking)
    view, when = linked_view(business, booking), outcome.moment(business, booking)
    what = outcome.subject(view)
    message = (
        f"You're booked: {what}, {when}. Your confirmation code is {booking.code}"
        f"{outcome.mail_text(booking, 'a confirmation', mail)}. Is there anything else I can do for you?"
    )
    lines = [what, when, f"Confirmation code {booking.code}"]
    return Receipt(outcome.receipt_of("booked", "Booked", lines), message, view)


async def _awaiting_payment(session: AsyncSession, business: Business, booking: Booking) -> Receipt:
    await checkout.ask(session, booking.tenant_id, booking.id, booking.due_minor, booking.currency)
    await notify.notify_held(session, business, booking)
    view, when = linked_view(business, booking), outcome.moment(business, booking)
    what, due = outcome.subject(view), outcome.money_text(business, booking.due_minor, booking.currency)
    until = spoken.spoken_time(
        (booking.hold_expires_at or booking.starts_at).astimezone(business.zone).time(), business.locale
    )
    message = (
        f"{what}, {when}, is held for you until {until}. Please pay {due} by then to make it yours: the button below"
        f" takes you there. Your code is {booking.code}."
    )
    lines = [what, when, f"{due} to pay by {until}", f"Code {booking.code}"]
    card = payment_card(business, booking, "open")
    return Receipt(outcome.receipt_of("held", "Held for you", lines), message, view, view["payUrl"], cards=[card])


def due_of(service: OfferedService, currency: str) -> int:
    """What has to be paid before a booking of this service is confirmed, in minor units: as much as can be charged."""
    price = service.price_minor or 0
    due = {"deposit": min(service.deposit_minor or 0, price), "full": price}.get(service.payment_rule, 0)
    return money.payable(due, currency)
