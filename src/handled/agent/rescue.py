"""When the assistant itself is the trouble: it has failed again, or talks on and on without a result."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from handled.agent.tools.people import TURN_CAP
from handled.catalog.load import business_of
from handled.conversations import messages, turns
from handled.conversations.turn_events import TurnStream
from handled.db.session import tenant_session
from handled.escalations import asking, lifecycle
from handled.escalations.lifecycle import Wanted
from handled.kit.errors import HandledError
from handled.tables import Turn

if TYPE_CHECKING:
    from handled.agent.turn import Run

logger = logging.getLogger(__name__)

OFFER = "We have been at this for a while. Shall I ask a person to help you?"
_REASON = "The assistant could not answer twice in a row."


async def offer_person(run: Run) -> None:
    """Offer a person once, when a conversation has become long and nothing has come of it."""
    heard = sum(each.role == "customer" for each in run.said)
    if heard != TURN_CAP or run.receipts or run.shown.proposal or run.pending or not run.steps:
        return
    await run.say(f" {OFFER}", len(run.text) - 1)
    run.steps[-1]["text"] = f"{run.steps[-1]['text']} {OFFER}".strip()


async def after_failure(stream: TurnStream) -> None:
    """A turn has just failed: when the one before it did, too, the team is asked, and the customer is told so."""
    try:
        async with tenant_session(stream.engine, stream.tenant_id) as session:
            turn = await turns.get(session, stream.tenant_id, stream.turn_id)
            if turn is not None and await _failed_before(session, turn):
                await _ask(session, turn)
    except (HandledError, SQLAlchemyError) as trouble:
        logger.error("nobody was asked after turn %s: %s", stream.turn_id, type(trouble).__name__)


async def _failed_before(session: AsyncSession, turn: Turn) -> bool:
    before = (
        select(Turn.status)
        .where(
            Turn.tenant_id == turn.tenant_id,
            Turn.conversation_id == turn.conversation_id,
            Turn.id != turn.id,
            Turn.created_at <= turn.created_at,
        )
        .order_by(Turn.created_at.desc())
        .limit(1)
    )
    return (await session.execute(before)).scalar_one_or_none() == "failed"


async def _ask(session: AsyncSession, turn: Turn) -> None:
    business = await business_of(session, turn.tenant_id)
    known = await lifecycle.find_open(session, turn.tenant_id, turn.conversation_id)
    escalation = await lifecycle.open_or_join(session, business, turn.conversation_id, Wanted("failure", _REASON))
    if known is None:
        told = asking.told(business, escalation)
        await messages.add(session, turn.tenant_id, turn.conversation_id, role="agent", content=told)
