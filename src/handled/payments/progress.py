"""What the gateway says of a Checkout, brought into our books: in any order, and any number of times.

A payment goes `open` → `paid`, or `expired`, or `cancelled`, and from the last two to `paid` when money comes late.
Nothing leads away from `paid`. Whoever calls holds the lock of `ledger.lock`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handled.jobs.queue import enqueue
from handled.kit import clock
from handled.payments import ledger, matching, refunds
from handled.payments.gateways.base import Checkout
from handled.payments.problems import report
from handled.tables import Booking, Payment

SETTLE = "bookings.settle"
LOOK_AT_REFUNDS = "payments.look_at_refunds"
# No bank takes longer; what has not come by then does not come.
_LONGEST_WAY = timedelta(days=20)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of something that the gateway said: the webhook event's last state, and why."""

    status: Literal["done", "ignored", "failed"]
    outcome: str


async def checkout_seen(session: AsyncSession, payment: Payment, checkout: Checkout) -> Verdict:
    """Take in a Checkout that is known to be the payment's own and to say the truth."""
    if checkout.paid:
        return await _money_came(session, payment, checkout)
    if payment.checkout_id != checkout.id or payment.status == "paid":
        return Verdict("ignored", "no longer of consequence")
    if checkout.status == "complete":
        underway = payment.status != "expired" and checkout.expires_at > clock.now() - _LONGEST_WAY
        payment.is_underway = underway
        return Verdict("done", "money is on its way" if underway else "money did not come")
    if checkout.status == "expired" and payment.status == "open":
        if await _is_held(session, payment):
            # The customer may still begin another Checkout.
            return Verdict("done", "the Checkout is closed, the booking still held")
        payment.status = "expired"
    return Verdict("done", f"the Checkout is {checkout.status}, the payment {payment.status}")


async def money_failed(session: AsyncSession, payment: Payment, checkout: Checkout) -> Verdict:
    """The money that was on its way does not come."""
    if payment.checkout_id != checkout.id or payment.status == "paid":
        return Verdict("ignored", "no longer of consequence")
    payment.is_underway = False
    payment.status = "expired"
    return Verdict("done", "money did not come")


async def _money_came(session: AsyncSession, payment: Payment, checkout: Checkout) -> Verdict:
    reference = checkout.payment_intent or checkout.id
    if await ledger.has_charge(session, payment.tenant_id, reference):
        return Verdict("done", "known already")
    if wrong := matching.difference(payment, checkout):
        await _send_back(session, payment, checkout, "amount_differs")
        return Verdict("failed", f"{wrong}: it goes back")
    if payment.status == "paid":
        await _send_back(session, payment, checkout, "paid_twice")
        return Verdict("failed", "paid a second time: it goes back")
    late = "" if payment.status == "open" else f", {payment.status} before"
    payment.status, payment.paid_at, payment.is_underway = "paid", clock.now(), False
    payment.checkout_id, payment.payment_intent = checkout.id, reference
    await session.flush()
    await ledger.record(session, payment, "charge", payment.amount_minor, payment.currency, reference)
    for job in (SETTLE, LOOK_AT_REFUNDS):
        await enqueue(session, job, tenant_id=str(payment.tenant_id), payment_id=str(payment.id))
    return Verdict("done", f"paid{late}")


async def _send_back(
    session: AsyncSession, payment: Payment, checkout: Checkout, problem: Literal["amount_differs", "paid_twice"]
) -> None:
    """Money that nobody asked for gets a payment of its own, so that it is in the books, and goes back whole."""
    reference = checkout.payment_intent or checkout.id
    stray = Payment(
        tenant_id=payment.tenant_id,
        booking_id=payment.booking_id,
        purpose=payment.purpose,
        status="paid",
        amount_minor=checkout.amount_minor,
        currency=checkout.currency,
        gateway=payment.gateway,
        account=payment.account,
        attempt=payment.attempt,
        payment_intent=reference,
        paid_at=clock.now(),
    )
    session.add(stray)
    await session.flush()
    await ledger.record(session, stray, "charge", stray.amount_minor, stray.currency, reference)
    await refunds.queue_whole(session, stray, problem)
    await report(session, stray, problem, reference=reference)


async def _is_held(session: AsyncSession, payment: Payment) -> bool:
    return payment.purpose == "booking" and await hold_ends(session, payment.tenant_id, payment.booking_id) is not None


async def hold_ends(session: AsyncSession, tenant_id: UUID, booking_id: UUID) -> datetime | None:
    """Until when the unpaid booking is held; None when it is not, or no longer."""
    held = select(Booking.hold_expires_at).where(
        Booking.tenant_id == tenant_id,
        Booking.id == booking_id,
        Booking.status == "pending_payment",
        Booking.hold_expires_at > clock.now(),
    )
    return (await session.execute(held)).scalar_one_or_none()
