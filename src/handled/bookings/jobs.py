"""What happens to bookings without anybody asking: money arrives, holds run out, reminders fall due, time passes.

Each may run twice, or in two workers at once, and happens once.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, LiteralString
from uuid import UUID

from sqlalchemy import Row, exists, select, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from handled.availability import search
from handled.bookings import importing, lifecycle, notify, places, tell
from handled.bookings.holds import SlotTaken
from handled.bookings.places import Part
from handled.catalog.business import Business, service_by_id
from handled.catalog.load import business_of
from handled.db.session import lookup_session, tenant_session
from handled.kit import clock, money
from handled.payments import checkout, ledger, refunds
from handled.payments.gateways.base import Gateway, GatewayUnavailable
from handled.tables import AuditEntry, Booking, Payment

logger = logging.getLogger(__name__)

CLOSE_CHECKOUT = "bookings.close_checkout"
_BATCH = 200
# Longer ago, nobody is asked how it was: the worker had stood still.
_ASKED_WITHIN = timedelta(days=7)

_PROBLEMS = {
    "amount_differs": "Another amount was paid than was asked for ({amount}). It goes back to the customer.",
    "paid_twice": "It was paid a second time ({amount}). The second payment goes back to the customer.",
    "does_not_fit": "The payment provider reports money ({amount}) that does not fit this booking. Please look there.",
    "refund_failed": "A refund of {amount} did not reach the customer. Please send it another way.",
    "checkout_refused": "The payment provider refuses to take {amount} for it. Please look at your account there.",
    "dispute": "The customer's bank is taking back a payment of {amount}. Please answer the dispute there.",
}


async def settle(engine: AsyncEngine, tenant_id: UUID, payment_id: UUID) -> None:
    """The money of a payment is in the ledger: the booking stands, or the money goes back with an apology."""
    async with tenant_session(engine, tenant_id) as session:
        business = await business_of(session, tenant_id)
        payment = await session.get_one(Payment, (tenant_id, payment_id))
        booking = await session.get_one(Booking, (tenant_id, payment.booking_id))
        parts = await _places_again(session, business, booking) if booking.status == "expired" else []
        wanted = [UUID(each) for part in parts for each in part["resources"]]
        booking = await lifecycle.get(session, tenant_id, payment.booking_id, wanted)
        if payment.purpose == "difference":
            await _settle_difference(session, business, booking, payment)
        elif booking.paid_at is None:
            await _settle_booking(session, business, booking, payment, parts)


async def _settle_booking(
    session: AsyncSession, business: Business, booking: Booking, payment: Payment, parts: Sequence[Part]
) -> None:
    try:
        async with session.begin_nested():
            booking = await lifecycle.mark_paid(session, booking, parts)
    except SlotTaken:
        await _send_back(session, business, booking, payment)
        return
    await notify.notify_confirmed(session, business, booking)
    await tell.tell_paid(session, business, booking)


async def _settle_difference(session: AsyncSession, business: Business, booking: Booking, payment: Payment) -> None:
    if booking.status not in ("confirmed", "completed"):
        await _send_back(session, business, booking, payment)
        return
    told = exists().where(
        AuditEntry.tenant_id == booking.tenant_id,
        AuditEntry.booking_id == booking.id,
        AuditEntry.action == "difference_paid",
        AuditEntry.details["payment_id"].astext == str(payment.id),
    )
    if not (await session.execute(select(told))).scalar_one():
        await lifecycle.record(session, booking, actor="customer", action="difference_paid", payment_id=str(payment.id))
        await notify.notify_paid(session, business, booking, payment.amount_minor)


async def _send_back(session: AsyncSession, business: Business, booking: Booking, payment: Payment) -> None:
    left = (await ledger.refundable(session, booking.tenant_id, booking.id)).get(payment.id, 0)
    if left <= 0:
        return
    if left == payment.amount_minor:
        await refunds.queue_whole(session, payment, "late")
    else:
        await refunds.queue(session, booking.tenant_id, booking.id, left, "late")
    await lifecycle.record(session, booking, actor="system", action="late_refund", payment_id=str(payment.id))
    await notify.notify_late_refund(session, business, booking, refund_minor=left)
    await tell.tell_late_refund(session, business, booking, left)


async def _places_again(session: AsyncSession, business: Business, booking: Booking) -> list[Part]:
    """The places that a booking which has run out would take again; none when its time cannot be had any more."""
    service = service_by_id(business, booking.service_id)
    if service is None:
        return []
    found = await search.places_at(session, business, service, booking.starts_at, conversation_id=None)
    if isinstance(found, search.Refusal):
        return []
    return places.parts_of(service, found, booking.resource_id)


async def tell_extended(engine: AsyncEngine, tenant_id: UUID, booking_id: UUID) -> None:
    """A booking is held for longer, because its Checkout was begun: open chats count down to then."""
    async with tenant_session(engine, tenant_id) as session:
        business = await business_of(session, tenant_id)
        booking = await session.get_one(Booking, (tenant_id, booking_id))
        if booking.status == "pending_payment":
            await tell.tell_extended(session, business, booking)


async def expire_unpaid(engine: AsyncEngine, gateway: Gateway) -> int:
    """Let go of bookings whose money has not come in time: first their Checkout is closed, then their slot is free,
    then everybody is told. Returns how many."""
    expired = 0
    for row in await _overdue(engine, "select * from overdue_payments(:now, :limit)"):
        try:
            if await checkout.close(engine, gateway, row.tenant_id, row.booking_id) == "paid":
                continue
        except GatewayUnavailable as unavailable:
            # Whoever pays in an open Checkout must find their slot: it stays held until we know.
            logger.warning(
                "booking %s stays held, its Checkout cannot be closed: %s", row.booking_id, unavailable.reason
            )
            continue
        async with tenant_session(engine, row.tenant_id) as session:
            business = await business_of(session, row.tenant_id)
            booking = await lifecycle.get(session, row.tenant_id, row.booking_id)
            gone = await lifecycle.expire_unpaid(session, booking)
            if gone is not None:
                await checkout.give_up(session, row.tenant_id, row.booking_id)
                await notify.notify_expired(session, business, gone)
                await tell.tell_expired(session, business, gone)
                expired += 1
    return expired


async def close_checkout(engine: AsyncEngine, gateway: Gateway, tenant_id: UUID, booking_id: UUID) -> None:
    """A booking that waited for money was cancelled: nobody shall pay for it any more. Raises GatewayUnavailable."""
    await checkout.close(engine, gateway, tenant_id, booking_id)
    async with tenant_session(engine, tenant_id) as session:
        await checkout.give_up(session, tenant_id, booking_id)


async def report_problem(
    engine: AsyncEngine,
    tenant_id: UUID,
    booking_id: UUID,
    *,
    problem: str,
    reference: str,
    amount_minor: int,
    currency: str,
) -> None:
    """Tell the business that something about money needs a person, and the customer where it is theirs."""
    async with tenant_session(engine, tenant_id) as session:
        business = await business_of(session, tenant_id)
        booking = await session.get_one(Booking, (tenant_id, booking_id))
        amount = money.format(amount_minor, currency, business.locale)
        sentence = _PROBLEMS.get(problem, "Something about the payment of {amount} needs a person.")
        fate = await notify.notify_problem(
            session, business, booking, sentence.format(amount=amount), reference=f"{problem}:{reference}"
        )
        if problem == "refund_failed" and fate != "known":
            await notify.notify_refund_failed(session, business, booking, refund_minor=amount_minor)


async def remind(engine: AsyncEngine) -> int:
    """Queue the reminders that are due: each appointment and moment once. Returns how many."""
    due = await _overdue(engine, "select * from due_reminders(:now, :limit)")
    for row in due:
        async with tenant_session(engine, row.tenant_id) as session:
            business = await business_of(session, row.tenant_id)
            booking = await lifecycle.get(session, row.tenant_id, row.booking_id)
            if booking.status == "confirmed":
                await notify.notify_reminder(session, business, booking, row.minutes)
    return len(due)


async def complete(engine: AsyncEngine) -> int:
    """Appointments that are over are completed, and their customers asked how it was. Returns how many."""
    ended = await _overdue(engine, "select * from ended_bookings(:now, :limit)")
    for row in ended:
        async with tenant_session(engine, row.tenant_id) as session:
            booking = await lifecycle.get(session, row.tenant_id, row.booking_id)
            if booking.status == "confirmed" and booking.ends_at <= clock.now():
                await lifecycle.finish(session, booking, "completed", actor="system")
                if booking.source != importing.SOURCE and booking.ends_at > clock.now() - _ASKED_WITHIN:
                    await notify.notify_rating(session, await business_of(session, row.tenant_id), booking)
    return len(ended)


async def _overdue(engine: AsyncEngine, query: LiteralString) -> Sequence[Row[Any]]:
    async with lookup_session(engine) as session:
        return (await session.execute(text(query), {"now": clock.now(), "limit": _BATCH})).all()
