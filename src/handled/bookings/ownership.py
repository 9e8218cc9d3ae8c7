"""Whose booking it is: anonymous < code and email < one-time code by email < signed link.

Each action names its step; a business may raise it. Whatever was wrong, the answer is the same: nothing was found.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from handled.bookings import codes
from handled.bookings.queries import VISIBLE
from handled.catalog.business import Business
from handled.customers import verification
from handled.kit import clock
from handled.kit.errors import HandledError
from handled.tables import Booking

Action = Literal["view", "cancel", "reschedule"]

PROOF_NEEDED = "That needs a one-time code: we send it to the email address of the booking."


async def find_own(
    session: AsyncSession,
    business: Business,
    conversation_id: UUID,
    action: Action,
    *,
    code: str | None,
    email: str | None,
) -> Booking | None:
    """The booking that the customer of this conversation has shown to be theirs, or None.

    The confirmation code is theirs with the booking's email, with the proof of it, or if it was given out in this very
    conversation. Raises HandledError `proof_needed` when it is theirs so far and the business asks for more.
    """
    proven = await verification.proven_email(session, business.id, conversation_id)
    statement = select(Booking).where(
        Booking.tenant_id == business.id,
        Booking.code == (codes.read_code(code or "") or ""),
        Booking.status.in_(VISIBLE),
    )
    booking = (await session.execute(statement)).scalar_one_or_none()
    if booking is None:
        return None
    given = (email or "").strip().lower()
    made_here = booking.conversation_id == conversation_id and given in ("", booking.customer_email)
    if not made_here and booking.customer_email not in (given or None, proven):
        return None
    if business.proofs.get(action) == "one_time_code" and booking.customer_email != proven:
        raise HandledError("proof_needed", PROOF_NEEDED, 403)
    return booking


async def list_own(session: AsyncSession, business: Business, conversation_id: UUID) -> Sequence[Booking] | None:
    """The coming bookings of the customer, the next one first; None unless they have proven their address here."""
    proven = await verification.proven_email(session, business.id, conversation_id)
    return None if proven is None else await _coming(session, business, Booking.customer_email == proven)


async def list_open(session: AsyncSession, business: Business, conversation_id: UUID) -> Sequence[Booking]:
    """The coming bookings that the customer need not name: those made in this conversation, and those of the address
    that they have proven here."""
    proven = await verification.proven_email(session, business.id, conversation_id)
    made_here = Booking.conversation_id == conversation_id
    return await _coming(session, business, or_(made_here, Booking.customer_email == proven) if proven else made_here)


async def _coming(session: AsyncSession, business: Business, whose: ColumnElement[bool]) -> Sequence[Booking]:
    statement = (
        select(Booking)
        .where(
            Booking.tenant_id == business.id,
            whose,
            Booking.status.in_(("pending_payment", "confirmed")),
            Booking.ends_at > clock.now(),
        )
        .order_by(Booking.starts_at)
        .limit(20)
    )
    return (await session.scalars(statement)).all()
