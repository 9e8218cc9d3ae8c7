"""Events that could not be worked on: tried again ever later, then left for a person, with the reason."""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.db.session import tenant_session
from handled.kit import clock
from handled.payments.gateways.base import GatewayUnavailable
from handled.tables import WebhookEvent

logger = logging.getLogger(__name__)

MAX_TRIES = 8
# A gateway that cannot be asked is no fault of the event's. Gateways themselves repeat an event for so long.
PATIENCE = timedelta(days=3)
_LONGEST_WAIT = timedelta(hours=1)


async def count(engine: AsyncEngine, tenant_id: UUID, source: str, event_id: str, problem: Exception) -> None:
    """Write down that the event could not be worked on: `received` with a time to try again, or `failed` for good.
    Without a database nothing was tried."""
    if isinstance(problem, OperationalError) or (isinstance(problem, DBAPIError) and problem.connection_invalidated):
        return
    now = clock.now()
    async with tenant_session(engine, tenant_id) as session:
        row = await session.get_one(WebhookEvent, (tenant_id, source, event_id), with_for_update=True)
        if row.status != "received":
            return
        row.attempts += 1
        row.outcome = _reason(problem)
        kind, attempts = row.type, row.attempts
        is_unasked = isinstance(problem, GatewayUnavailable)
        is_over = row.received_at + PATIENCE <= now if is_unasked else attempts >= MAX_TRIES
        if is_over:
            row.status, row.worked_at, row.try_at = "failed", now, None
        else:
            row.try_at = now + min(timedelta(seconds=30 * 2**attempts), _LONGEST_WAIT)
    if is_over:
        logger.error("webhook event %s (%s) is given up after %d tries", event_id, kind, attempts, exc_info=problem)


def _reason(problem: Exception) -> str:
    """The kind of the problem, and nothing of what it was about."""
    if isinstance(problem, GatewayUnavailable):
        return f"the gateway cannot be asked: {problem.reason}"
    return f"cannot be worked on: {type(problem).__name__}"
