"""Who speaks with the customer: the agent, or a person who has taken over.

Everything here happens under the lock of the conversation's row, and ends on its feed.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handled.conversations import cutting, feed, messages
from handled.jobs.queue import enqueue
from handled.kit import clock, text
from handled.kit.errors import HandledError
from handled.tables import Conversation, Message
from handled.tenants.acting import Acting

MAIL = "conversations.mail_replies"
# What staff say within so long is one mail, where it has to be one.
GATHERED = timedelta(minutes=2)


async def take_over(session: AsyncSession, tenant_id: UUID, conversation_id: UUID, who: Acting) -> Conversation:
    """Let the agent fall silent, even in the middle of a sentence, and this person speak. Again by the same person:
    nothing more happens. Raises HandledError `already_taken` (409, with `staff`) when somebody else has it."""
    conversation = await _locked(session, tenant_id, conversation_id)
    if conversation.handled_by == "staff":
        if _holds(conversation, who):
            return conversation
        raise _taken(conversation)
    await cutting.cut(session, tenant_id, conversation_id)
    conversation.handled_by = "staff"
    conversation.staff_member_id, conversation.staff_name = who.id, who.name
    conversation.taken_over_at = clock.now()
    await session.flush()
    await messages.note(session, tenant_id, conversation_id, {"event": "taken_over", "by": who.name})
    await feed.append(session, tenant_id, conversation_id, feed.handoff_event(who.name))
    return conversation


async def say(session: AsyncSession, tenant_id: UUID, conversation_id: UUID, who: Acting, content: str) -> Message:
    """Say something to the customer, under that person's name. Should their page not get it, a mail will. Raises
    HandledError `not_taken` (409) unless this person has taken over, `already_taken` when somebody else has, and
    what `clean_message` raises."""
    content = text.clean_message(content)
    conversation = await _locked(session, tenant_id, conversation_id)
    _check_holder(conversation, who)
    message = await messages.add(
        session, tenant_id, conversation_id, role="staff", content=content, shown={"name": who.name}
    )
    names = {"tenant_id": str(tenant_id), "conversation_id": str(conversation_id)}
    await enqueue(session, MAIL, schedule_at=clock.machine_now() + GATHERED, **names)
    return message


async def hand_back(session: AsyncSession, tenant_id: UUID, conversation_id: UUID, who: Acting) -> Conversation:
    """Let the agent answer again; it reads what was said meanwhile. If it answers already, nothing happens. Raises
    HandledError `already_taken` when somebody else holds it."""
    conversation = await _locked(session, tenant_id, conversation_id)
    if conversation.handled_by == "agent":
        return conversation
    _check_holder(conversation, who)
    conversation.handled_by = "agent"
    conversation.staff_member_id = conversation.staff_name = conversation.taken_over_at = None
    await session.flush()
    await messages.note(session, tenant_id, conversation_id, {"event": "handed_back", "by": who.name})
    await feed.append(session, tenant_id, conversation_id, feed.handoff_event(None))
    return conversation


async def _locked(session: AsyncSession, tenant_id: UUID, conversation_id: UUID) -> Conversation:
    statement = select(Conversation).where(Conversation.tenant_id == tenant_id, Conversation.id == conversation_id)
    fresh = statement.with_for_update(key_share=True).execution_options(populate_existing=True)
    conversation = (await session.execute(fresh)).scalar_one_or_none()
    if conversation is None:
        raise messages.not_found()
    return conversation


def _check_holder(conversation: Conversation, who: Acting) -> None:
    if conversation.handled_by != "staff":
        raise HandledError("not_taken", "Take the conversation over first: the assistant is answering it.", 409)
    if not _holds(conversation, who):
        raise _taken(conversation)


def _holds(conversation: Conversation, who: Acting) -> bool:
    return (conversation.staff_member_id, conversation.staff_name) == (who.id, who.name) or (
        who.id is not None and conversation.staff_member_id == who.id
    )


def _taken(conversation: Conversation) -> HandledError:
    name = conversation.staff_name or "Somebody else"
    return HandledError("already_taken", f"{name} has taken over this conversation.", 409, staff=name)
