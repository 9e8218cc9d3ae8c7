"""Money on its way back: queued by the caller's transaction, sent by a job, finished by what the gateway says."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from handled.db.session import tenant_session
from handled.jobs.queue import enqueue
from handled.kit import clock, ids
from handled.kit.errors import HandledError
from handled.payments import ledger
from handled.payments.gateways.base import Gateway, GatewayRefused, GatewayUnavailable
from handled.payments.gateways.base import Refund as GatewayRefund
from handled.payments.problems import report
from handled.tables import Payment, Refund

logger = logging.getLogger(__name__)

SEND = "payments.refund"
_RANKS = {"queued": 0, "pending": 1, "succeeded": 2, "failed": 3}
_NEXT_LOOK = timedelta(hours=1)


async def queue(
    session: AsyncSession, tenant_id: UUID, booking_id: UUID, amount_minor: int, reason: str
) -> list[Refund]:
    """Give so much of the booking's money back, the newest payment's first; `reason` is a name such as `cancelled`.

    Queued with the caller's transaction. Raises HandledError `over_refund` for more than its balance.
    """
    if amount_minor <= 0:
        raise HandledError("malformed", "Only a positive amount can go back.", 422)
    payments = await ledger.lock(session, tenant_id, booking_id)
    held = await ledger.refundable(session, tenant_id, booking_id)
    queued: list[Refund] = []
    left = amount_minor
    for payment in reversed(payments):
        part = min(left, held.get(payment.id, 0))
        if part > 0:
            queued.append(await _queue_one(session, payment, part, reason))
            left -= part
    if left:
        raise HandledError("over_refund", "That is more than was paid.", 422)
    return queued


async def queue_whole(session: AsyncSession, payment: Payment, reason: str) -> Refund:
    """Give back a payment of which nothing has gone back yet."""
    return await _queue_one(session, payment, payment.amount_minor, reason)


async def _queue_one(session: AsyncSession, payment: Payment, amount_minor: int, reason: str) -> Refund:
    refund = Refund(
        tenant_id=payment.tenant_id,
        id=ids.new_id(),
        payment_id=payment.id,
        booking_id=payment.booking_id,
        amount_minor=amount_minor,
        currency=payment.currency,
        reason=reason,
        status="queued",
        attempts=0,
        keys_used=0,
    )
    session.add(refund)
    await session.flush()
    await enqueue(session, SEND, tenant_id=str(refund.tenant_id), refund_id=str(refund.id))
    return refund


async def send(engine: AsyncEngine, gateway: Gateway, tenant_id: UUID, refund_id: UUID) -> bool:
    """Ask the gateway for the refund, or how it is. Repeated, it asks for the same one.

    False when there was no answer: the reconciler asks again. A refusal ends it, and the business is told.
    """
    async with tenant_session(engine, tenant_id) as session:
        refund = await session.get(Refund, (tenant_id, refund_id))
        if refund is None or refund.status not in ("queued", "pending"):
            return True
        payment = await session.get_one(Payment, (tenant_id, refund.payment_id))
    try:
        known, refusal = await _ask(gateway, payment, refund)
    except GatewayUnavailable as unavailable:
        await _look_later(engine, tenant_id, refund_id, unavailable.reason)
        return False
    async with tenant_session(engine, tenant_id) as session:
        await ledger.lock(session, tenant_id, payment.booking_id)
        payment = await session.get_one(Payment, (tenant_id, payment.id))
        for each in known:
            await seen(session, payment, each)
        refund = await session.get_one(Refund, (tenant_id, refund_id), populate_existing=True)
        refund.attempts, refund.look_at = refund.attempts + 1, clock.now() + _NEXT_LOOK
        if refusal and refund.status in ("queued", "pending"):
            rest = await _still_owed(session, refund)
            refund.status, refund.last_error, refund.settled_at = "failed", refusal, clock.now()
            if rest:
                await session.flush()
                await _queue_one(session, payment, rest, refund.reason)
            elif rest is None:
                amount_minor = refund.amount_minor
                await report(session, payment, "refund_failed", reference=str(refund.id), amount_minor=amount_minor)
    if refusal:
        logger.warning("refund %s is refused: %s", refund_id, refusal)
    return True


async def _still_owed(session: AsyncSession, refund: Refund) -> int | None:
    """What is left to go back when the business itself gave money back, at the gateway, since this was queued. None
    when it did not: then nobody has given it back."""
    learned = select(func.coalesce(func.sum(Refund.amount_minor), 0)).where(
        Refund.tenant_id == refund.tenant_id,
        Refund.payment_id == refund.payment_id,
        Refund.reason == "outside",
        Refund.status != "failed",
        Refund.created_at >= refund.created_at,
    )
    given = int((await session.execute(learned)).scalar_one())
    if not given:
        return None
    held = await ledger.refundable(session, refund.tenant_id, refund.booking_id)
    there = held.get(refund.payment_id, 0) + refund.amount_minor
    return max(0, min(there, refund.amount_minor - given))


async def _ask(gateway: Gateway, payment: Payment, refund: Refund) -> tuple[Sequence[GatewayRefund], str | None]:
    """What the gateway knows now, and why it refuses if it does: perhaps the business was faster."""
    if payment.gateway != gateway.name or payment.payment_intent is None:
        return (), "paid_elsewhere"
    try:
        return [await _find_or_ask(gateway, payment, payment.payment_intent, refund)], None
    except GatewayRefused as refused:
        known = await gateway.list_refunds(payment.payment_intent, account=payment.account)
        return known, refused.reason


async def _find_or_ask(gateway: Gateway, payment: Payment, payment_intent: str, refund: Refund) -> GatewayRefund:
    if refund.attempts:
        # Whether the last attempt came through is not known: look before asking again.
        for each in await gateway.list_refunds(payment_intent, account=payment.account):
            if is_the_same(refund, each):
                return each
    amount_minor = gateway.chargeable(refund.amount_minor, refund.currency)
    if amount_minor == 0:
        raise GatewayRefused("amount_not_chargeable")
    return await gateway.refund(
        payment_intent,
        amount_minor,
        refund.currency,
        account=payment.account,
        idempotency_key=f"refund-{refund.id}-{refund.keys_used}",
        metadata={
            "refund_id": str(refund.id),
            "payment_id": str(payment.id),
            "booking_id": str(payment.booking_id),
            "tenant_id": str(payment.tenant_id),
        },
    )


def is_the_same(refund: Refund, found: GatewayRefund) -> bool:
    """Whether the gateway's refund is this one."""
    if refund.gateway_refund_id is not None:
        return refund.gateway_refund_id == found.id
    return found.metadata.get("refund_id") == str(refund.id)


async def _look_later(engine: AsyncEngine, tenant_id: UUID, refund_id: UUID, reason: str) -> None:
    async with tenant_session(engine, tenant_id) as session:
        refund = await session.get_one(Refund, (tenant_id, refund_id), with_for_update=True)
        refund.attempts += 1
        refund.last_error = reason
        refund.look_at = clock.now() + min(timedelta(seconds=15 * 2 ** min(refund.attempts, 10)), _NEXT_LOOK)
        # The gateway keeps this one answer under its key, whatever happens later.
        refund.keys_used += reason == "server_error"


async def seen(session: AsyncSession, payment: Payment, found: GatewayRefund) -> str:
    """Take in what the gateway says of a refund of this payment, whoever made it. Returns what changed, in words.

    Whoever calls holds the lock of `ledger.lock`.
    """
    refund = await _row_of(session, payment, found)
    # What we gave up before the gateway knew of it may have happened all the same.
    rank = 0 if refund.gateway_refund_id is None else _RANKS[refund.status]
    refund.gateway_refund_id = found.id
    refund.amount_minor = found.amount_minor
    is_news = _RANKS[found.status] > rank
    refund.status = found.status if is_news else refund.status
    await session.flush()
    if not is_news:
        return "known already"
    if found.status == "pending":
        return "on its way back"
    refund.settled_at = clock.now()
    refund.last_error = "failed" if found.status == "failed" else None
    await session.flush()
    await ledger.record(session, payment, "refund", found.amount_minor, found.currency, found.id)
    if found.status == "succeeded":
        return "gone back"
    # It left the business's account and came back: both are movements, in whichever order we hear of them.
    await ledger.record(session, payment, "refund_failed", found.amount_minor, found.currency, found.id)
    await report(session, payment, "refund_failed", reference=found.id, amount_minor=found.amount_minor)
    return "failed, the money is with the business again"


async def _row_of(session: AsyncSession, payment: Payment, found: GatewayRefund) -> Refund:
    await session.flush()
    ours = select(Refund).where(Refund.tenant_id == payment.tenant_id, Refund.payment_id == payment.id)
    rows = (await session.scalars(ours.execution_options(populate_existing=True))).all()
    for refund in sorted(rows, key=lambda each: each.gateway_refund_id is None):
        if is_the_same(refund, found):
            return refund
    made_outside = Refund(
        tenant_id=payment.tenant_id,
        id=ids.new_id(),
        payment_id=payment.id,
        booking_id=payment.booking_id,
        amount_minor=found.amount_minor,
        currency=found.currency,
        reason="outside",
        status="queued",
        attempts=0,
        keys_used=0,
    )
    session.add(made_outside)
    await session.flush()
    return made_outside
