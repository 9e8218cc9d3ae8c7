"""Asking the gateway what it has not told us, or has told us in vain."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, TextClause, text
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.db.session import lookup_session, tenant_session
from handled.kit import clock
from handled.payments import checkout, events, ledger, refunds
from handled.payments.gateways.base import Gateway, GatewayRefused, GatewayUnavailable
from handled.tables import Payment

logger = logging.getLogger(__name__)

_BATCH = 100
_UNWORKED_AFTER = timedelta(minutes=1)
_UNSETTLED_AFTER = timedelta(minutes=10)

_EVENTS = text("select * from unworked_webhooks(:before, :limit)")
_PAYMENTS = text("select * from unsettled_payments(:before, :limit)")
_REFUNDS = text("select * from unsettled_refunds(:before, :limit)")


async def reconcile(engine: AsyncEngine, gateway: Gateway) -> int:
    """Work on events that were left lying, look at payments that the gateway may know more of, ask again for refunds.
    Returns how many of all three; stops early while the gateway does not answer."""
    now, done = clock.now(), 0
    try:
        for row in await _rows(engine, _EVENTS, now - _UNWORKED_AFTER):
            await _work(engine, gateway, row.tenant_id, row.source, row.event_id)
            done += 1
        for row in await _rows(engine, _PAYMENTS, now - _UNSETTLED_AFTER):
            await look(engine, gateway, row.tenant_id, row.payment_id)
            done += 1
        for row in await _rows(engine, _REFUNDS, now):
            if not await refunds.send(engine, gateway, row.tenant_id, row.refund_id):
                break
            done += 1
    except GatewayUnavailable as unavailable:
        logger.warning("the gateway does not answer (%s): the rest waits", unavailable.reason)
    return done


async def look(engine: AsyncEngine, gateway: Gateway, tenant_id: UUID, payment_id: UUID) -> None:
    """Take in how the payment's Checkout is now. Raises GatewayUnavailable."""
    async with tenant_session(engine, tenant_id) as session:
        payment = await session.get_one(Payment, (tenant_id, payment_id))
        payment.checked_at = clock.now()
    if payment.checkout_id is None or payment.gateway != gateway.name:
        return
    try:
        seen = await gateway.get_checkout(payment.checkout_id, account=payment.account)
    except GatewayRefused as refused:
        logger.error("payment %s: its Checkout cannot be looked at: %s", payment_id, refused.reason)
        return
    await checkout.take_in(engine, gateway, tenant_id, payment_id, seen)


async def look_at_refunds(engine: AsyncEngine, gateway: Gateway, tenant_id: UUID, payment_id: UUID) -> None:
    """Take in refunds of which we could not have been told: they were made before we knew of the payment."""
    async with tenant_session(engine, tenant_id) as session:
        payment = await session.get_one(Payment, (tenant_id, payment_id))
    if payment.payment_intent is None or payment.gateway != gateway.name:
        return
    found = await gateway.list_refunds(payment.payment_intent, account=payment.account)
    async with tenant_session(engine, tenant_id) as session:
        await ledger.lock(session, tenant_id, payment.booking_id)
        payment = await session.get_one(Payment, (tenant_id, payment_id))
        for each in found:
            await refunds.seen(session, payment, each)


async def _work(engine: AsyncEngine, gateway: Gateway, tenant_id: UUID, source: str, event_id: str) -> None:
    try:
        await events.work(engine, gateway, tenant_id, source, event_id)
    except GatewayUnavailable:
        raise
    except Exception:
        # One that cannot be worked on must not keep the others waiting. That it failed is counted.
        logger.exception("webhook event %s", event_id)


async def _rows(engine: AsyncEngine, query: TextClause, before: datetime) -> Sequence[Row[Any]]:
    async with lookup_session(engine) as session:
        return (await session.execute(query, {"before": before, "limit": _BATCH})).all()
