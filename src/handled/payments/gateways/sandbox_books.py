"""What happens at the sandbox: pages that are paid, or not, refunds, and the events that tell of it.

It looks like Stripe from outside: the same states, the same objects, the same amounts. No money moves anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

import orjson
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from handled.jobs.queue import enqueue
from handled.kit import clock, ids
from handled.kit.errors import HandledError
from handled.payments.gateways import stripe_json
from handled.payments.gateways.base import CheckoutOrder, GatewayRefused
from handled.payments.gateways.sandbox_json import (
    Json,
    charge_json,
    gone,
    name_of,
    order_json,
    refund_json,
    session_json,
)
from handled.tables import SandboxCheckout, SandboxEvent, SandboxRefund

DELIVER = "payments.sandbox_deliver"
EXPIRE = "payments.sandbox_expire"

SHORTEST, LONGEST = timedelta(minutes=30), timedelta(hours=24)


async def create(session: AsyncSession, order: CheckoutOrder, idempotency_key: str) -> SandboxCheckout:
    """The page for `order`; the one that is there for the same key. Raises GatewayRefused."""
    stripe_json.to_stripe(order.amount_minor, order.currency)
    kept = order_json(order)
    found = select(SandboxCheckout).where(
        SandboxCheckout.tenant_id == order.tenant_id, SandboxCheckout.idempotency_key == idempotency_key
    )
    row = (await session.scalars(found)).one_or_none()
    if row is None:
        await _insert(session, order, kept, idempotency_key)
        row = (await session.scalars(found)).one()
    if row.order != kept:
        raise GatewayRefused("idempotency_error")
    return row


async def _insert(session: AsyncSession, order: CheckoutOrder, kept: Json, idempotency_key: str) -> None:
    now = clock.now()
    if not SHORTEST <= order.expires_at - now <= LONGEST:
        raise GatewayRefused("parameter_invalid_integer")
    checkout_id = ids.new_id()
    values = {
        "tenant_id": order.tenant_id,
        "id": checkout_id,
        "idempotency_key": idempotency_key,
        "order": kept,
        "account": order.account,
        "amount_minor": order.amount_minor,
        "currency": order.currency,
        "status": "open",
        "payment_status": "unpaid",
        "expires_at": order.expires_at,
        "created_at": now,
    }
    made = insert(SandboxCheckout).values(values).on_conflict_do_nothing().returning(SandboxCheckout.id)
    if (await session.execute(made)).scalar_one_or_none() is not None:
        at = clock.machine_now() + (order.expires_at - now)
        names = {"tenant_id": str(order.tenant_id), "checkout_id": str(checkout_id)}
        await enqueue(session, EXPIRE, schedule_at=at, **names)


async def get(
    session: AsyncSession, tenant_id: UUID, checkout_id: UUID, *, account: str | None = None, any_account: bool = False
) -> SandboxCheckout:
    """The page as it is now, for this transaction alone. Raises GatewayRefused `resource_missing`."""
    row = await session.get(SandboxCheckout, (tenant_id, checkout_id), with_for_update=True)
    if row is None or not (any_account or row.account == account):
        raise GatewayRefused("resource_missing")
    if row.status == "open" and row.expires_at <= clock.now():
        await expire(session, row)
    return row


async def pay(session: AsyncSession, row: SandboxCheckout, *, late: bool = False) -> None:
    """By card, at once; `late` although the page is closed."""
    if row.status != ("expired" if late else "open"):
        raise _not_now(row)
    row.status, row.payment_status = "complete", "paid"
    await _tell(session, row, "checkout.session.completed", session_json(row))


async def pay_slowly(session: AsyncSession, row: SandboxCheckout) -> None:
    """In a way that takes days: until `arrive`, the money is under way."""
    if row.status != "open":
        raise _not_now(row)
    row.status, row.payment_status = "complete", "underway"
    await _tell(session, row, "checkout.session.completed", session_json(row))


async def arrive(session: AsyncSession, row: SandboxCheckout, *, succeeds: bool) -> None:
    """The end of `pay_slowly`."""
    if row.payment_status != "underway":
        raise _not_now(row)
    row.payment_status = "paid" if succeeds else "unpaid"
    end = "succeeded" if succeeds else "failed"
    await _tell(session, row, f"checkout.session.async_payment_{end}", session_json(row))


async def decline(session: AsyncSession, row: SandboxCheckout) -> None:
    """The bank says no; the page stays open for another try."""
    if row.status != "open":
        raise _not_now(row)
    row.declines += 1
    intent: Json = {
        "id": name_of("pi", row.tenant_id, row.id),
        "object": "payment_intent",
        "status": "requires_payment_method",
        "amount": stripe_json.to_stripe(row.amount_minor, row.currency),
        "currency": row.currency.lower(),
        "livemode": False,
        "metadata": row.order["metadata"],
        "last_payment_error": {"type": "card_error", "code": "card_declined"},
    }
    await _tell(session, row, "payment_intent.payment_failed", intent)


async def expire(session: AsyncSession, row: SandboxCheckout) -> None:
    """Close the page; one that is through stays as it is."""
    if row.status == "open":
        row.status = "expired"
        await _tell(session, row, "checkout.session.expired", session_json(row))


async def refund(
    session: AsyncSession, row: SandboxCheckout, amount_minor: int, idempotency_key: str, metadata: Mapping[str, str]
) -> SandboxRefund:
    """Give back so much of what was paid, once for each key. Raises GatewayRefused."""
    stripe_json.to_stripe(amount_minor, row.currency)
    if row.payment_status != "paid":
        raise GatewayRefused("charge_not_found")
    refunds = await list_refunds(session, row)
    for each in refunds:
        if each.idempotency_key == idempotency_key:
            if (each.amount_minor, each.details) != (amount_minor, dict(metadata)):
                raise GatewayRefused("idempotency_error")
            return each
    if amount_minor > row.amount_minor - gone(refunds):
        raise GatewayRefused("charge_already_refunded" if gone(refunds) == row.amount_minor else "amount_too_large")
    made = SandboxRefund(
        tenant_id=row.tenant_id,
        id=ids.new_id(),
        checkout_id=row.id,
        amount_minor=amount_minor,
        status="succeeded",
        idempotency_key=idempotency_key,
        details=dict(metadata),
        created_at=clock.now(),
    )
    session.add(made)
    await session.flush()
    await _tell(session, row, "refund.created", refund_json(row, made))
    await _tell(session, row, "charge.refunded", charge_json(row, [*refunds, made]))
    return made


async def fail_refund(session: AsyncSession, row: SandboxCheckout) -> None:
    """The customer's bank sends the newest refund back: the business has the money again."""
    newest = next((each for each in await list_refunds(session, row) if each.status != "failed"), None)
    if newest is None:
        raise HandledError("conflict", "There is no refund that could fail.", 409)
    newest.status = "failed"
    await _tell(session, row, "refund.failed", refund_json(row, newest))


async def list_refunds(session: AsyncSession, row: SandboxCheckout) -> Sequence[SandboxRefund]:
    """All of them, newest first."""
    made = select(SandboxRefund).where(SandboxRefund.tenant_id == row.tenant_id, SandboxRefund.checkout_id == row.id)
    return (await session.scalars(made.order_by(SandboxRefund.id.desc()))).all()


async def list_events(session: AsyncSession, row: SandboxCheckout) -> Sequence[SandboxEvent]:
    """Everything that happened on this page, newest first."""
    told = select(SandboxEvent).where(SandboxEvent.tenant_id == row.tenant_id, SandboxEvent.checkout_id == row.id)
    return (await session.scalars(told.order_by(SandboxEvent.id.desc()))).all()


async def deliver_again(session: AsyncSession, event: SandboxEvent) -> None:
    """Queue the delivery of an event, whether or not it was delivered before."""
    await enqueue(session, DELIVER, tenant_id=str(event.tenant_id), event_id=str(event.id))


async def count_delivery(session: AsyncSession, tenant_id: UUID, event_id: UUID) -> SandboxEvent | None:
    """The event, one delivery further."""
    event = await session.get(SandboxEvent, (tenant_id, event_id), with_for_update=True)
    if event is not None:
        event.deliveries += 1
    return event


async def _tell(session: AsyncSession, row: SandboxCheckout, event_type: str, about: Json) -> None:
    event_id, now = ids.new_id(), clock.now()
    payload = {
        "id": name_of("evt", row.tenant_id, event_id),
        "object": "event",
        "type": event_type,
        "account": row.account,
        "livemode": False,
        "created": int(now.timestamp()),
        "data": {"object": about},
    }
    event = SandboxEvent(
        tenant_id=row.tenant_id,
        id=event_id,
        checkout_id=row.id,
        type=event_type,
        payload=orjson.dumps(payload).decode(),
        deliveries=0,
        created_at=now,
    )
    session.add(event)
    await session.flush()
    if not row.holds_back:
        await deliver_again(session, event)


def _not_now(row: SandboxCheckout) -> HandledError:
    return HandledError("conflict", f"This page is {row.status} and {row.payment_status} already.", 409)
