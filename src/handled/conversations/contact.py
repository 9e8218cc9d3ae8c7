"""Who the customer in a conversation is, as far as anybody knows: proven, told when asking for a person, or told with a
booking made here."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handled.tables import Booking, Conversation, Escalation


@dataclass(frozen=True, slots=True)
class Contact:
    """Each may be unknown. `email` and `phone` were typed by somebody; only a one-time code proves an address."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None


async def find_contact(session: AsyncSession, tenant_id: UUID, conversation_id: UUID) -> Contact:
    """The best that is known."""
    here = {"tenant_id": tenant_id, "conversation_id": conversation_id}
    verified = select(Conversation.verified_email).where(
        Conversation.tenant_id == tenant_id, Conversation.id == conversation_id
    )
    proven = (await session.execute(verified)).scalar_one_or_none()
    asked = select(Escalation).filter_by(**here).order_by(Escalation.created_at.desc()).limit(1)
    escalation = (await session.scalars(asked)).one_or_none()
    booked = select(Booking).filter_by(**here).order_by(Booking.created_at.desc()).limit(1)
    booking = (await session.scalars(booked)).one_or_none()
    told = (
        Contact(escalation.customer_name, escalation.customer_email, escalation.customer_phone)
        if escalation
        else Contact()
    )
    made = Contact(booking.customer_name, booking.customer_email, booking.customer_phone) if booking else Contact()
    return Contact(
        told.name or made.name,
        proven or told.email or made.email,
        told.phone or made.phone,
    )
