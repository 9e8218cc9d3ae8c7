"""One attempt at a Checkout: written down before the gateway is asked, the same order each time it is asked, and kept
once it is there. Each step is a transaction of its own."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from handled.catalog.business import Business, service_by_id
from handled.db.session import tenant_session
from handled.jobs.queue import enqueue
from handled.kit import clock, site
from handled.kit.errors import HandledError
from handled.kit.when.spoken import spoken_moment
from handled.payments import ledger
from handled.payments.gateways.base import Checkout, CheckoutOrder, Gateway, GatewayRefused
from handled.payments.problems import report
from handled.tables import Booking, Payment
from handled.tenants import links

logger = logging.getLogger(__name__)

EXTENDED = "bookings.tell_extended"

# A Checkout lives for 30 minutes at least; the minute is for the way and for the gateway's clock.
SHORTEST_CHECKOUT = timedelta(minutes=31)
_STILL_LONG_ENOUGH = timedelta(minutes=30, seconds=15)


class CheckoutClosed(HandledError):
    """There is nothing to be paid here any more; `reason` is `paid`, `underway` or `over`."""

    def __init__(self, reason: Literal["paid", "underway", "over"]) -> None:
        super().__init__("checkout_closed", _CLOSED[reason], 409)
        self.reason = reason


_CLOSED = {
    "paid": "This is paid already. Thank you!",
    "underway": "Your payment is on its way already. We write to you as soon as it is here.",
    "over": "There is nothing to be paid here any more.",
}


@dataclass(frozen=True, slots=True)
class Draft:
    """The Checkout that is there (`checkout_id`), or the one to make (`order`, the same for the same attempt)."""

    attempt: int
    checkout_id: str | None
    account: str | None
    order: CheckoutOrder | None


async def begin(
    engine: AsyncEngine, gateway: Gateway, business: Business, payment_id: UUID, closed: str | None
) -> Draft:
    """Decide under lock which Checkout it is to be, and write down that we are about to make it."""
    async with tenant_session(engine, business.id) as session:
        booking, payment = await _locked(session, business.id, payment_id)
        is_there = payment.checkout_id is not None and payment.gateway == gateway.name
        if is_there and payment.checkout_id != closed:
            return Draft(payment.attempt, payment.checkout_id, payment.account, None)
        now = clock.now()
        planned = None if payment.checkout_id else payment.checkout_expires_at
        if planned is None or planned < now + _STILL_LONG_ENOUGH:
            payment.attempt += 1
            payment.gateway, payment.account = gateway.name, business.stripe_account
            payment.checkout_id = payment.checkout_url = None
            payment.amount_minor = gateway.chargeable(payment.amount_minor, payment.currency)
            earliest = now + SHORTEST_CHECKOUT
            payment.checkout_expires_at = max(earliest, booking.hold_expires_at or earliest)
        return Draft(payment.attempt, None, None, _order(business, booking, payment))


async def _locked(session: AsyncSession, tenant_id: UUID, payment_id: UUID) -> tuple[Booking, Payment]:
    """The booking and the payment that it waits for. Raises CheckoutClosed when it does not."""
    found = await session.get(Payment, (tenant_id, payment_id))
    if found is None:
        raise CheckoutClosed("over")
    booking = await session.get_one(
        Booking, (tenant_id, found.booking_id), with_for_update=True, populate_existing=True
    )
    await ledger.lock(session, tenant_id, booking.id)
    if found.status == "paid":
        raise CheckoutClosed("paid")
    if found.is_underway:
        raise CheckoutClosed("underway")
    if found.status != "open" or not _waits(booking, found):
        raise CheckoutClosed("over")
    return booking, found


def _waits(booking: Booking, payment: Payment) -> bool:
    if payment.purpose == "difference":
        return booking.status in ("confirmed", "pending_payment")
    held = booking.hold_expires_at
    return booking.status == "pending_payment" and held is not None and held > clock.now()


def _order(business: Business, booking: Booking, payment: Payment) -> CheckoutOrder:
    service = service_by_id(business, booking.service_id)
    starts = booking.starts_at.astimezone(business.zone)
    said = spoken_moment(
        starts.date(),
        None if booking.whole_day else starts.time(),
        clock.now().astimezone(business.zone).date(),
        business.locale,
    )
    # What weighs on people is not written on their bank statement.
    discreet = business.discreet or service is None
    back = site.url(f"/pay/{links.sign(business.link_key, business.id, booking.id, 'pay')}")
    assert payment.checkout_expires_at is not None  # noqa: S101  set by the caller
    return CheckoutOrder(
        tenant_id=business.id,
        booking_id=booking.id,
        amount_minor=payment.amount_minor,
        currency=payment.currency,
        title=f"{'Appointment' if discreet or service is None else service.name} · {business.name}",
        description=f"{said} · {booking.code}",
        customer_email=booking.customer_email,
        success_url=f"{back}?back=done",
        cancel_url=f"{back}?back=left",
        expires_at=payment.checkout_expires_at,
        account=payment.account,
        metadata={"payment_id": str(payment.id)},
    )


async def keep(
    engine: AsyncEngine, gateway: Gateway, tenant_id: UUID, payment_id: UUID, attempt: int, made: Checkout
) -> str:
    """Write the Checkout down, and hold the booking as long as it lives. Closed again when the time is over."""
    try:
        async with tenant_session(engine, tenant_id) as session:
            booking, payment = await _locked(session, tenant_id, payment_id)
            if payment.attempt != attempt or made.url is None:
                raise CheckoutClosed("over")
            payment.checkout_id, payment.checkout_url = made.id, made.url
            payment.checkout_expires_at, payment.checked_at = made.expires_at, clock.now()
            extended = await session.execute(
                update(Booking)
                .where(
                    Booking.tenant_id == tenant_id,
                    Booking.id == booking.id,
                    Booking.status == "pending_payment",
                    Booking.hold_expires_at < made.expires_at,
                )
                .values(hold_expires_at=made.expires_at)
                .returning(Booking.id)
            )
            if extended.scalar_one_or_none() is not None:
                await enqueue(session, EXTENDED, tenant_id=str(tenant_id), booking_id=str(booking.id))
    except CheckoutClosed:
        await gateway.expire_checkout(made.id, account=made.account)
        raise
    return made.url


async def forget(engine: AsyncEngine, tenant_id: UUID, payment_id: UUID, attempt: int) -> None:
    """The next click makes another Checkout: the gateway keeps its answer to this one, whatever it was."""
    async with tenant_session(engine, tenant_id) as session:
        await session.execute(
            update(Payment)
            .where(Payment.tenant_id == tenant_id, Payment.id == payment_id, Payment.attempt == attempt)
            .where(Payment.checkout_id.is_(None))
            .values(checkout_expires_at=None)
        )


async def refused(
    engine: AsyncEngine, tenant_id: UUID, payment_id: UUID, attempt: int, refused: GatewayRefused
) -> None:
    await forget(engine, tenant_id, payment_id, attempt)
    logger.error("payment %s: the gateway will not make a Checkout: %s", payment_id, refused.reason)
    if refused.reason != "idempotency_error":
        async with tenant_session(engine, tenant_id) as session:
            payment = await session.get_one(Payment, (tenant_id, payment_id))
            await report(session, payment, "checkout_refused", reference=str(payment_id))
