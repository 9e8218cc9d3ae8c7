"""What becomes of escalations that nobody looks at."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.catalog.load import business_of
from handled.db.session import lookup_session, tenant_session
from handled.escalations import lifecycle, notices
from handled.kit import clock

_BATCH = 200
_DUE = text("select * from due_escalations(:now, :limit)")


async def remind(engine: AsyncEngine) -> None:
    """Tell businesses once more of those that nobody has acknowledged in half an hour of opening hours."""
    async with lookup_session(engine) as session:
        due = (await session.execute(_DUE, {"now": clock.now(), "limit": _BATCH})).all()
    for row in due:
        async with tenant_session(engine, row.tenant_id) as session:
            escalation = await lifecycle.get(session, row.tenant_id, row.escalation_id)
            if escalation.status == "PENDING" and escalation.remind_at is not None:
                escalation.remind_at = None
                await session.flush()
                business = await business_of(session, row.tenant_id)
                await notices.tell(session, business, escalation, "reminder")
