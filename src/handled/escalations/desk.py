"""What a person does at the desk: take a conversation over, answer, hand it back. Who takes over has seen that the
customer asked."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from handled.conversations import handoff
from handled.escalations import lifecycle
from handled.tables import Conversation
from handled.tenants.acting import Acting


async def take_over(session: AsyncSession, tenant_id: UUID, conversation_id: UUID, who: Acting) -> Conversation:
    """As `conversations.handoff.take_over`; what the customer asked for a person is acknowledged, and this person's."""
    conversation = await handoff.take_over(session, tenant_id, conversation_id, who)
    escalation = await lifecycle.find_open(session, tenant_id, conversation_id)
    if escalation is not None:
        await lifecycle.acknowledge(session, escalation, who.id)
    return conversation
