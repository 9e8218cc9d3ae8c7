"""Somebody may be in danger: recognised by code before any model sees the message, and answered with a fixed text.

Broad on purpose, since a kind sentence too many hurts nobody. What looks the same and is not meant so (hair that is to
be dyed, somebody who is dying to see the pictures) stands in `_NOT_MEANT` and is taken out before.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from handled.agent.crisis_words import ASKS_ABOUT, MEANT, NOT_MEANT, OF_ONESELF
from handled.db.session import tenant_session
from handled.escalations import answer_time, lifecycle
from handled.kit.errors import HandledError
from handled.notifications.wording import one_line
from handled.tenants import industry

if TYPE_CHECKING:
    from handled.agent.turn import Run
    from handled.catalog.business import Business

logger = logging.getLogger(__name__)

TOLD = "I have also told the team that you wrote."
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
    if await _told(run):
        said = f"{said} {TOLD} {answer_time.sentence(run.business)}"
    await run.say(said, len(run.text))
    run.steps.append({"text": said, "calls": [], "details": {"expects": [], "choices": []}})
    return True


def text(business: Business) -> str:
    """The business's own words, else its pack's."""
    wording = industry.text_of(business.pack, business.texts, "crisis")
    return wording.format(business=business.name, contact=_contact(business))


async def _told(run: Run) -> bool:
    """Whether the team knows. That it could not be told must not keep the answer from the customer."""
    reason = one_line(run.question.content)[:_LONGEST_REASON]
    try:
        async with tenant_session(run.agent.engine, run.business.id) as session:
            await lifecycle.open_for_crisis(session, run.business, run.turn.conversation_id, reason)
    except (HandledError, SQLAlchemyError) as trouble:
        logger.error("nobody was told of a crisis in turn %s: %s", run.turn.id, type(trouble).__name__)
        return False
    return True


def _contact(business: Business) -> str:
    write = f"write to {business.contact_email}"
    return f"call {business.phone} or {write}" if business.phone else write
