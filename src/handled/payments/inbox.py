"""Writing down what a gateway tells us, once, before it is answered."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.db.session import lookup_session, tenant_session
from handled.jobs.queue import enqueue
from handled.kit import clock, metrics
from handled.payments.gateways.base import GatewayEvent

logger = logging.getLogger(__name__)

WORK = "payments.work_event"

# What we read of the things that events are about. The rest tells of persons: names, addresses, cards.
_KEPT = frozenset(
    (
        *("id", "object", "status", "created", "livemode", "metadata", "currency", "url", "expires_at"),
        *("payment_status", "payment_intent", "charge", "amount", "amount_total", "amount_refunded"),
        *("reason", "failure_reason"),
    )
)

_STORE = text(
    "insert into webhook_events (tenant_id, source, event_id, type, account, livemode, payload, status, created_at,"
    " received_at) select t.id, :source, :event, :type, :account, :livemode, cast(:payload as jsonb), 'received',"
    " :created, :now from tenants t where t.id = :tenant on conflict do nothing returning 1"
)
_TENANT_OF = text("select tenant_of_payment(:checkout, :payment_intent)")


async def receive(engine: AsyncEngine, source: str, event: GatewayEvent) -> bool:
    """Store an event of the gateway `source` and queue the work on it, in one transaction. False when it is there
    already, or concerns nobody here."""
    about = kept(event.object)
    tenant_id = _named_tenant(about) or await _tenant_of(engine, about)
    if tenant_id is None:
        logger.info("webhook event %s (%s) concerns nobody here", event.id, event.type)
        metrics.webhooks.labels(source, "nobody's").inc()
        return False
    values = {
        "tenant": tenant_id,
        "source": source,
        "event": event.id,
        "type": event.type,
        "account": event.account,
        "livemode": event.livemode,
        "payload": orjson.dumps(about).decode(),
        "created": event.created_at,
        "now": clock.now(),
    }
    async with tenant_session(engine, tenant_id) as session:
        # Also whether that tenant exists: whoever else uses the same account may write into metadata what they like.
        is_new = (await session.execute(_STORE, values)).scalar_one_or_none() is not None
        if is_new:
            await enqueue(session, WORK, tenant_id=str(tenant_id), source=source, event_id=event.id)
    metrics.webhooks.labels(source, "received" if is_new else "again").inc()
    return is_new


def kept(about: Mapping[str, Any]) -> dict[str, Any]:
    """As much of it as we read. What is written out in full is kept as its id."""
    values = {name: value for name, value in about.items() if name in _KEPT}
    for name in ("payment_intent", "charge"):
        if isinstance(values.get(name), dict):
            values[name] = values[name].get("id")
    failure = about.get("last_payment_error")
    if isinstance(failure, dict):
        values["failure_code"] = failure.get("code")
    return values


def _named_tenant(about: Mapping[str, Any]) -> UUID | None:
    metadata = about.get("metadata")
    named: object = cast("dict[str, Any]", metadata).get("tenant_id") if isinstance(metadata, dict) else None
    try:
        return UUID(named) if isinstance(named, str) else None
    except ValueError:
        return None


async def _tenant_of(engine: AsyncEngine, about: Mapping[str, Any]) -> UUID | None:
    is_intent = about.get("object") == "payment_intent"
    values = {
        "checkout": about.get("id"),
        "payment_intent": about.get("id") if is_intent else about.get("payment_intent"),
    }
    if not all(isinstance(each, str | None) for each in values.values()):
        return None
    async with lookup_session(engine) as session:
        return await session.scalar(_TENANT_OF, values)
