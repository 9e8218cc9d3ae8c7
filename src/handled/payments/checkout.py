"""Asking for money: a payment in our books, and a Checkout at the gateway once the customer has clicked.

No transaction is open while the gateway is asked. A Checkout that nobody has the address of does no harm: it runs out.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from handled.catalog.business import Business
from handled.db.session import tenant_session
from handled.jobs.queue import enqueue
from handled.kit import clock, ids
from handled.kit.errors import HandledError
from handled.payments import ledger, matching, progress
from handled.payments.attempt import CheckoutClosed, Draft, begin, forget, keep, refused
from handled.payments.gateways.base import Checkout, CheckoutOrder, Gateway, GatewayRefused, GatewayUnavailable
from handled.tables import Booking, Payment

__all__ = ["CheckoutClosed", "ask", "close", "close_one", "give_up", "newest", "start", "take_in"]

logger = logging.getLogger(__name__)

CLOSE = "payments.close"
Purpose = Literal["booking", "difference"]

# By then a Checkout is over by itself, whatever the gateway says of it.
_LONG_OVER = timedelta(hours=1)
_TRIES = 3
_OTHER_TAB_TRIES = 20
_OTHER_TAB_PAUSE_SECONDS = 0.25


async def ask(
    session: AsyncSession,
    tenant_id: UUID,
    booking_id: UUID,
    amount_minor: int,
    currency: str,
    purpose: Purpose = "booking",
) -> Payment:
    """The open payment that asks for this amount, in the caller's transaction: one for each booking and purpose.

    One that asks for another amount is given up; money that should still come for it is late money.
    """
    payments = await ledger.lock(session, tenant_id, booking_id)
    for payment in payments:
        if payment.status == "open" and payment.purpose == purpose:
            if (payment.amount_minor, payment.currency) == (amount_minor, currency):
                return payment
            payment.status = "cancelled"
            await session.flush()
            if payment.checkout_id is not None:
                await enqueue(session, CLOSE, tenant_id=str(tenant_id), payment_id=str(payment.id))
    asked = Payment(
        tenant_id=tenant_id,
        id=ids.new_id(),
        booking_id=booking_id,
        purpose=purpose,
        status="open",
        amount_minor=amount_minor,
        currency=currency,
        attempt=0,
        is_underway=False,
    )
    session.add(asked)
    await session.flush()
    return asked


async def newest(session: AsyncSession, tenant_id: UUID, booking_id: UUID) -> Payment | None:
    """What the pay link of the booking is about: the open payment, else the last one that was paid or given up."""
    found = (
        await session.scalars(select(Payment).where(Payment.tenant_id == tenant_id, Payment.booking_id == booking_id))
    ).all()
    return max(found, key=lambda each: (each.status == "open", each.status == "paid", each.id), default=None)


async def give_up(session: AsyncSession, tenant_id: UUID, booking_id: UUID) -> None:
    """Nothing is to be paid for the booking any more; its Checkouts are closed already (`close`)."""
    for payment in await ledger.lock(session, tenant_id, booking_id):
        if payment.status == "open":
            payment.status = "cancelled"
    await session.flush()


async def start(engine: AsyncEngine, gateway: Gateway, business: Business, payment_id: UUID) -> str:
    """The address at which the customer pays, now that they have clicked: one Checkout, however often they do.

    The booking stays held as long as its Checkout lives. Raises CheckoutClosed, GatewayUnavailable (503), and
    GatewayRefused when the gateway will not take this amount.
    """
    closed: str | None = None
    for _ in range(_TRIES):
        draft = await begin(engine, gateway, business, payment_id, closed)
        if draft.order is not None:
            return await _make(engine, gateway, payment_id, draft.attempt, draft.order)
        url = await _reuse(engine, gateway, business.id, payment_id, draft)
        if url is not None:
            return url
        closed = draft.checkout_id
    raise GatewayUnavailable("conflict")


async def close(engine: AsyncEngine, gateway: Gateway, tenant_id: UUID, booking_id: UUID) -> Literal["closed", "paid"]:
    """Close what the booking's customer could still pay in. `paid` when money has come: then nothing is released.

    Raises GatewayUnavailable: then nobody knows, and nothing is released either.
    """
    async with tenant_session(engine, tenant_id) as session:
        found = select(Payment.id).where(
            Payment.tenant_id == tenant_id, Payment.booking_id == booking_id, Payment.status == "open"
        )
        open_ids = (await session.scalars(found)).all()
    for payment_id in open_ids:
        await close_one(engine, gateway, tenant_id, payment_id)
    async with tenant_session(engine, tenant_id) as session:
        booking = await session.get_one(Booking, (tenant_id, booking_id))
        held = await ledger.balance(session, tenant_id, booking_id)
    return "paid" if held > 0 and booking.status == "pending_payment" else "closed"


async def close_one(engine: AsyncEngine, gateway: Gateway, tenant_id: UUID, payment_id: UUID) -> None:
    """Close the payment's Checkout, and take in what came of it. Raises GatewayUnavailable."""
    async with tenant_session(engine, tenant_id) as session:
        payment = await session.get_one(Payment, (tenant_id, payment_id))
    if payment.checkout_id is None or payment.gateway != gateway.name or payment.status == "paid":
        return
    try:
        seen = await gateway.expire_checkout(payment.checkout_id, account=payment.account)
    except GatewayRefused as refused:
        ended = payment.checkout_expires_at is None or payment.checkout_expires_at < clock.now() - _LONG_OVER
        if refused.reason != "resource_missing" and not ended:
            raise GatewayUnavailable("server_error") from refused
        logger.error("payment %s: its Checkout cannot be closed: %s", payment_id, refused.reason)
        return
    await take_in(engine, gateway, tenant_id, payment_id, seen)


async def _reuse(engine: AsyncEngine, gateway: Gateway, tenant_id: UUID, payment_id: UUID, draft: Draft) -> str | None:
    """The address of the Checkout that is there; None when it is closed and nothing came of it."""
    assert draft.checkout_id is not None  # noqa: S101  by _begin
    try:
        seen = await gateway.get_checkout(draft.checkout_id, account=draft.account)
    except GatewayRefused:
        return None
    if seen.status == "open" and seen.url is not None:
        return seen.url
    await take_in(engine, gateway, tenant_id, payment_id, seen)
    return None


async def _make(engine: AsyncEngine, gateway: Gateway, payment_id: UUID, attempt: int, order: CheckoutOrder) -> str:
    tenant_id = order.tenant_id
    try:
        made = await gateway.create_checkout(order, idempotency_key=f"checkout-{payment_id}-{attempt}")
    except GatewayUnavailable as unavailable:
        if unavailable.reason == "conflict":
            return await _of_other_tab(engine, tenant_id, payment_id, unavailable)
        if unavailable.reason == "server_error":
            await forget(engine, tenant_id, payment_id, attempt)
        raise
    except GatewayRefused as refusal:
        await refused(engine, tenant_id, payment_id, attempt, refusal)
        raise
    return await keep(engine, gateway, tenant_id, payment_id, attempt, made)


async def take_in(
    engine: AsyncEngine, gateway: Gateway, tenant_id: UUID, payment_id: UUID, seen: Checkout
) -> progress.Verdict:
    """Bring what the gateway has just answered about a Checkout into our books."""
    async with tenant_session(engine, tenant_id) as session:
        payment = await session.get_one(Payment, (tenant_id, payment_id))
        await ledger.lock(session, tenant_id, payment.booking_id)
        payment.checked_at = clock.now()
        if wrong := matching.misfit(payment, seen, ours_live=gateway.livemode):
            logger.error("payment %s: the gateway's own answer does not fit: %s", payment_id, wrong)
            return progress.Verdict("failed", wrong)
        return await progress.checkout_seen(session, payment, seen)


async def _of_other_tab(engine: AsyncEngine, tenant_id: UUID, payment_id: UUID, unavailable: HandledError) -> str:
    """The Checkout that another request of the same customer is making just now."""
    for _ in range(_OTHER_TAB_TRIES):
        async with tenant_session(engine, tenant_id) as session:
            payment = await session.get_one(Payment, (tenant_id, payment_id))
        if payment.checkout_url is not None:
            return payment.checkout_url
        await asyncio.sleep(_OTHER_TAB_PAUSE_SECONDS)
    raise unavailable
