"""Whether what a gateway says is about a payment of ours, and about the money that was asked for."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handled.payments.gateways.base import Checkout
from handled.tables import Payment


async def find_payment(
    session: AsyncSession,
    tenant_id: UUID,
    *,
    payment_id: str | None = None,
    checkout_id: str | None = None,
    payment_intent: str | None = None,
) -> Payment | None:
    """The payment that is named by one of these, the surest first; whether it is meant is another question."""
    mine = select(Payment).where(Payment.tenant_id == tenant_id)
    if payment_intent is not None:
        found = (await session.scalars(mine.where(Payment.payment_intent == payment_intent).limit(1))).one_or_none()
        if found is not None:
            return found
    if checkout_id is not None:
        found = (await session.scalars(mine.where(Payment.checkout_id == checkout_id))).one_or_none()
        if found is not None:
            return found
    known = _uuid(payment_id)
    return await session.get(Payment, (tenant_id, known)) if known else None


def stranger(payment: Payment, account: str | None, *, livemode: bool, ours_live: bool) -> str | None:
    """Why something cannot be about this payment; None when it can."""
    if payment.attempt == 0:
        return "no Checkout was begun"
    if livemode != ours_live:
        return f"livemode is {livemode}"
    if account != payment.account:
        return f"account is {account}, not {payment.account}"
    return None


def misfit(payment: Payment, checkout: Checkout, *, ours_live: bool) -> str | None:
    """As `stranger`, for a Checkout: it must also be of this payment and this booking."""
    wanted = {"payment_id": payment.id, "tenant_id": payment.tenant_id, "booking_id": payment.booking_id}
    for name, value in wanted.items():
        if checkout.metadata.get(name) != str(value):
            return f"{name} is another one"
    return stranger(payment, checkout.account, livemode=checkout.livemode, ours_live=ours_live)


def difference(payment: Payment, checkout: Checkout) -> str | None:
    """How its money differs from what is asked for; None when it is the same to the cent."""
    if (checkout.amount_minor, checkout.currency) == (payment.amount_minor, payment.currency):
        return None
    return f"{checkout.amount_minor} {checkout.currency} instead of {payment.amount_minor} {payment.currency}"


def _uuid(value: str | None) -> UUID | None:
    try:
        return UUID(value) if value else None
    except ValueError:
        return None
