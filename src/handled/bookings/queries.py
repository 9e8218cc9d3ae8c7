"""Looking bookings up."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handled.bookings import codes
from handled.tables import Booking

VISIBLE = ("pending_payment", "confirmed", "completed", "cancelled", "no_show")


async def find_by_code_and_email(session: AsyncSession, tenant_id: UUID, code: str, email: str) -> Booking | None:
    """The booking that both belong to. One answer for whatever was wrong: None.

    The query is the same for a malformed code, so that its time tells nothing either.
    """
    statement = select(Booking).where(
        Booking.tenant_id == tenant_id,
        Booking.code == (codes.read_code(code) or ""),
        Booking.customer_email == email.strip().lower(),
        Booking.status.in_(VISIBLE),
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def list_made_in(session: AsyncSession, tenant_id: UUID, conversation_id: UUID) -> Sequence[Booking]:
    """The bookings that came out of one conversation, oldest first; holds are not among them."""
    statement = (
        select(Booking)
        .where(
            Booking.tenant_id == tenant_id,
            Booking.conversation_id == conversation_id,
            Booking.status.in_(VISIBLE),
        )
        .order_by(Booking.created_at)
    )
    return (await session.execute(statement)).scalars().all()
