"""Expiring what nobody confirmed."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.bookings import lifecycle as bookings
from handled.db.session import lookup_session, tenant_session
from handled.kit import clock
from handled.proposals import lifecycle
from handled.tables import Booking, Proposal

_BATCH = 200


async def expire(engine: AsyncEngine) -> int:
    """Close proposals whose time is over, and holds that lost theirs. Returns how many of both."""
    now = {"now": clock.now(), "limit": _BATCH}
    async with lookup_session(engine) as session:
        proposals = (await session.execute(text("select * from overdue_proposals(:now, :limit)"), now)).all()
    expired = 0
    for row in proposals:
        async with tenant_session(engine, row.tenant_id) as session:
            proposal = await session.get(Proposal, (row.tenant_id, row.proposal_id))
            if proposal is not None:
                expired += await lifecycle.close(session, proposal, "expired")
    async with lookup_session(engine) as session:
        holds = (await session.execute(text("select * from overdue_holds(:now, :limit)"), now)).all()
    for row in holds:
        async with tenant_session(engine, row.tenant_id) as session:
            booking = await session.get(Booking, (row.tenant_id, row.booking_id))
            if booking is not None:
                expired += await bookings.release(session, booking, actor="system", action="expired")
    return expired
