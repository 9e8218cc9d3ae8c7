"""What staff say to a customer who has gone: after a while it is mailed."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import orjson
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from handled.catalog.business import Business
from handled.catalog.load import business_of
from handled.conversations.contact import find_contact
from handled.db.session import tenant_session
from handled.notifications import jobs
from handled.notifications.messages import Said, StaffReply
from handled.tables import Conversation, ConversationEvent


async def mail_replies(engine: AsyncEngine, tenant_id: UUID, conversation_id: UUID) -> None:
    """Mail the customer what staff have said and no page of theirs has got, as one mail. Without an address, or once
    a page or an earlier mail has it, nothing happens."""
    async with tenant_session(engine, tenant_id) as session:
        statement = select(Conversation).where(Conversation.tenant_id == tenant_id, Conversation.id == conversation_id)
        conversation = (await session.scalars(statement.with_for_update(key_share=True))).one_or_none()
        if conversation is None:
            return
        unseen = await _unseen(session, conversation)
        contact = await find_contact(session, tenant_id, conversation_id)
        if not unseen or contact.email is None:
            return
        business = await business_of(session, tenant_id)
        last = unseen[-1][0]
        message = _mail(business, [said for _, said in unseen], contact.name or "", contact.email)
        await jobs.queue(session, tenant_id, message, once_key=f"staff_reply:{conversation_id}:{last}")
        mailed = update(Conversation).where(Conversation.tenant_id == tenant_id, Conversation.id == conversation_id)
        await session.execute(mailed.values(mailed=last))


async def _unseen(session: AsyncSession, conversation: Conversation) -> Sequence[tuple[int, Said]]:
    """What staff have said since the page or a mail last had it, with its number in the feed."""
    statement = (
        select(ConversationEvent.position, ConversationEvent.data)
        .where(
            ConversationEvent.tenant_id == conversation.tenant_id,
            ConversationEvent.conversation_id == conversation.id,
            ConversationEvent.position > max(conversation.customer_saw, conversation.mailed),
        )
        .order_by(ConversationEvent.position)
    )
    events = [(row.position, orjson.loads(row.data)) for row in await session.execute(statement)]
    messages = [(position, event["message"]) for position, event in events if event["type"] == "message"]
    return [
        (position, Said(message.get("name", ""), message["content"]))
        for position, message in messages
        if message["role"] == "staff"
    ]


def _mail(business: Business, said: Sequence[Said], name: str, email: str) -> StaffReply:
    return StaffReply(
        tenant_name=business.name,
        tenant_email=business.contact_email,
        customer_email=email,
        customer_name=name,
        said=tuple(Said(each.who or business.name, each.text) for each in said),
        chat_path=f"/c/{business.slug}",
        discreet=business.discreet,
        tenant_address=business.address,
        tenant_phone=business.phone,
        accent=business.branding.get("color"),
    )
