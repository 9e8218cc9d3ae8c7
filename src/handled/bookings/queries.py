"""Looking bookings up."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from handled.tables import Booking

VISIBLE = ("pending_payment", "confirmed", "completed", "cancelled", "no_show")


async def list_made_in(session: AsyncSession, tenant_id: UUID, conversation_id: UUID) -> Sequence[Booking]:
    """The bookings that came out of one conversation, oldest first; mere holds are not among them, those that ran out
    unpaid are."""
    ran_out = and_(Booking.status == "expired", Booking.customer_id.is_not(None))
    statement = (
        select(Booking)
        .where(
            Booking.tenant_id == tenant_id,
            Booking.conversation_id == conversation_id,
            or_(Booking.status.in_(VISIBLE), ran_out),
        )
        .order_by(Booking.created_at)
    )
    return (await session.execute(statement)).scalars().all()
