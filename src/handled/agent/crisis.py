"""Somebody may be in danger: recognised by code before any model sees the message, and answered with a fixed text.

Broad on purpose, since a kind sentence too many hurts nobody. What looks the same and is not meant so (hair that is to
be dyed, somebody who is dying to see the pictures) stands in `_NOT_MEANT` and is taken out before.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.agent.crisis_words import ASKS_ABOUT, MEANT, NOT_MEANT, OF_ONESELF
from handled.catalog.load import business_of
from handled.conversations import messages
from handled.db.session import tenant_session
from handled.escalations import answer_time, lifecycle
from handled.kit.errors import HandledError
from handled.notifications.wording import one_line
from handled.tables import Conversation, Message
from handled.tenants import industry

if TYPE_CHECKING:
    from handled.agent.turn import Run
    from handled.catalog.business import Business

logger = logging.getLogger(__name__)

TOLD = "I have also told the team that you wrote."
# The event that a notice beside a person leaves for the agent's history.
NOTICED = "crisis_answered"
_SPACE = re.compile(r"\s+")
_LEFT_OUT = re.compile(r"\b(can|don|won|couldn|doesn|isn|didn)t\b")
_QUOTES = re.compile("[‘’´`]")
_LONGEST_REASON = 500


def is_recognised(said: str) -> bool:
    """Whether somebody says that they, or somebody else, may be in danger."""
    plain = _LEFT_OUT.sub(r"\1't", _SPACE.sub(" ", _QUOTES.sub("'", said)).casefold())
    if ASKS_ABOUT.search(plain) and not OF_ONESELF.search(plain):
        return False
    return MEANT.search(NOT_MEANT.sub(" ", plain)) is not None


async def answer(run: Run) -> bool:
    """Answer the message if it is one, and tell the team at once; False when it is none. What was under way stays as
    it was: the conversation goes on with the next message."""
    if not is_recognised(run.question.content):
        return False
    said = text(run.business)
    if await _told(run.agent.engine, run.business, run.turn.conversation_id, run.question.content):
        said = f"{said} {TOLD} {answer_time.sentence(run.business)}"
    await run.say(said, len(run.text))
    run.steps.append({"text": said, "calls": [], "details": {"expects": [], "choices": []}})
    return True


async def answer_beside_staff(
    engine: AsyncEngine, tenant_id: UUID, conversation_id: UUID, message_id: UUID, content: str
) -> Message | None:
    """While a person holds the conversation, nobody runs a turn: show the customer of that message at once where help
    is, as a notice, and tell the team. The person goes on holding it. Returns the notice, one for each message; None
    when it is no such message."""
    if not is_recognised(content):
        return None
    async with tenant_session(engine, tenant_id) as session:
        business = await business_of(session, tenant_id)
    said = text(business)
    if await _told(engine, business, conversation_id, content):
        said = f"{said} {TOLD}"
    note = {"event": NOTICED, "message": str(message_id)}
    async with tenant_session(engine, tenant_id) as session:
        await session.get_one(Conversation, (tenant_id, conversation_id), with_for_update={"key_share": True})
        here = select(Message).where(Message.tenant_id == tenant_id, Message.conversation_id == conversation_id)
        # The page sends a message again when it does not know whether it arrived.
        before = await session.scalars(here.where(Message.steps.contains([{"event": note}])))
        return before.first() or await messages.add(
            session, tenant_id, conversation_id, role="system", content=said, steps=[{"event": note}]
        )


async def answer_what_was_cut(run: Run) -> None:
    """A person has taken over before this turn, or one that waited behind it, could answer its message."""
    tenant_id, conversation_id = run.business.id, run.turn.conversation_id
    async with tenant_session(run.agent.engine, tenant_id) as session:
        said = await messages.list_messages(session, tenant_id, conversation_id)
    answered = {each.turn_id for each in said if each.role == "agent" and each.content}
    for each in said:
        is_left = each.position >= run.question.position and each.turn_id is not None and each.turn_id not in answered
        if each.role == "customer" and is_left:
            await answer_beside_staff(run.agent.engine, tenant_id, conversation_id, each.id, each.content)


def text(business: Business) -> str:
    """The business's own words, else its pack's."""
    wording = industry.text_of(business.pack, business.texts, "crisis")
    return wording.format(business=business.name, contact=_contact(business))


async def _told(engine: AsyncEngine, business: Business, conversation_id: UUID, content: str) -> bool:
    """Whether the team knows. That it could not be told must not keep the answer from the customer."""
    reason = one_line(content)[:_LONGEST_REASON]
    try:
        async with tenant_session(engine, business.id) as session:
            await lifecycle.open_for_crisis(session, business, conversation_id, reason)
    except (HandledError, SQLAlchemyError) as trouble:
        logger.error("nobody was told of a crisis in conversation %s: %s", conversation_id, type(trouble).__name__)
        return False
    return True


def _contact(business: Business) -> str:
    write = f"write to {business.contact_email}"
    return f"call {business.phone} or {write}" if business.phone else write
