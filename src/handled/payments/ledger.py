"""The ledger: every movement of money once, as the gateway has confirmed it. What is owed and held follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from handled.kit import clock, ids
from handled.tables import LedgerEntry, Payment, Refund

Kind = Literal["charge", "refund", "refund_failed"]


async def record(
    session: AsyncSession, payment: Payment, kind: Kind, amount_minor: int, currency: str, reference: str
) -> bool:
    """Write one movement down; `amount_minor` is positive, the kind gives the direction. False when it is there."""
    entry = {
        "tenant_id": payment.tenant_id,
        "id": ids.new_id(),
        "payment_id": payment.id,
        "booking_id": payment.booking_id,
        "kind": kind,
        "amount_minor": -amount_minor if kind == "refund" else amount_minor,
        "currency": currency,
        "reference": reference,
        "created_at": clock.now(),
    }
    written = insert(LedgerEntry).values(entry).on_conflict_do_nothing().returning(LedgerEntry.id)
    return (await session.execute(written)).scalar_one_or_none() is not None


async def has_charge(session: AsyncSession, tenant_id: UUID, reference: str) -> bool:
    """Whether the money of this payment intent is in the books."""
    found = select(LedgerEntry.id).where(
        LedgerEntry.tenant_id == tenant_id, LedgerEntry.kind == "charge", LedgerEntry.reference == reference
    )
    return (await session.execute(found)).scalar_one_or_none() is not None


async def paid(session: AsyncSession, tenant_id: UUID, booking_id: UUID) -> int:
    """Minor units that were ever charged for the booking, whatever went back since."""
    charged = select(func.coalesce(func.sum(LedgerEntry.amount_minor), 0)).where(
        LedgerEntry.tenant_id == tenant_id, LedgerEntry.booking_id == booking_id, LedgerEntry.kind == "charge"
    )
    return int((await session.execute(charged)).scalar_one())


async def moved_between(
    session: AsyncSession, tenant_id: UUID, since: datetime, until: datetime
) -> dict[str, tuple[int, int]]:
    """What came in and what went back from `since` on and before `until`, in minor units by currency."""
    amount = LedgerEntry.amount_minor
    statement = (
        select(
            LedgerEntry.currency,
            func.coalesce(func.sum(amount).filter(LedgerEntry.kind == "charge"), 0),
            -func.coalesce(func.sum(amount).filter(LedgerEntry.kind != "charge"), 0),
        )
        .where(LedgerEntry.tenant_id == tenant_id, LedgerEntry.created_at >= since, LedgerEntry.created_at < until)
        .group_by(LedgerEntry.currency)
    )
    return {currency: (int(came), int(went)) for currency, came, went in await session.execute(statement)}


async def balance(session: AsyncSession, tenant_id: UUID, booking_id: UUID) -> int:
    """Minor units that the business has of the booking's customer and may keep or give back: charges less refunds,
    those less that are still on their way."""
    return sum((await refundable(session, tenant_id, booking_id)).values())


async def refundable(session: AsyncSession, tenant_id: UUID, booking_id: UUID) -> dict[UUID, int]:
    """The balance of each of the booking's payments that has one."""
    moved = (
        select(LedgerEntry.payment_id, func.sum(LedgerEntry.amount_minor))
        .where(LedgerEntry.tenant_id == tenant_id, LedgerEntry.booking_id == booking_id)
        .group_by(LedgerEntry.payment_id)
    )
    leaving = (
        select(Refund.payment_id, func.sum(Refund.amount_minor))
        .where(Refund.tenant_id == tenant_id, Refund.booking_id == booking_id, Refund.status.in_(("queued", "pending")))
        .group_by(Refund.payment_id)
    )
    held = {payment_id: int(amount) for payment_id, amount in await session.execute(moved)}
    for payment_id, amount in await session.execute(leaving):
        held[payment_id] = held.get(payment_id, 0) - int(amount)
    return {payment_id: amount for payment_id, amount in held.items() if amount}


async def lock(session: AsyncSession, tenant_id: UUID, booking_id: UUID) -> Sequence[Payment]:
    """The booking's payments, oldest first, as they now are; nobody else changes them or their money before the
    transaction ends. Who locks the booking too does so before."""
    await session.flush()
    locked = (
        select(Payment)
        .where(Payment.tenant_id == tenant_id, Payment.booking_id == booking_id)
        .order_by(Payment.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await session.scalars(locked)).all()
