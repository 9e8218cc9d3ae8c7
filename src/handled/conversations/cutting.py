"""Cutting off what the agent is about to say, because a person takes over.

A turn that is cut ends well, with what it has said so far: everything that a customer has seen is in the database.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from handled.conversations import messages, turn_events, turns
from handled.kit import clock
from handled.tables import Proposal, Turn, TurnEvent

# The turn may write an event just when we end it. It does so twenty times a second at most.
_TRIES = 20


async def cut(session: AsyncSession, tenant_id: UUID, conversation_id: UUID) -> None:
    """End the running turn of the conversation and those that wait. The caller has locked the conversation's row."""
    statement = (
        select(Turn)
        .where(Turn.tenant_id == tenant_id, Turn.conversation_id == conversation_id)
        .where(Turn.status.in_(("running", "queued")))
        .order_by(Turn.status.desc(), Turn.created_at)
    )
    for turn in (await session.scalars(statement)).all():
        await _cut_one(session, turn)
        await session.execute(select(func.pg_notify("handled", turns.stop_topic(turn.id))))


async def _cut_one(session: AsyncSession, turn: Turn) -> None:
    waiting = (Turn.tenant_id == turn.tenant_id, Turn.id == turn.id, Turn.status == "queued")
    await session.execute(update(Turn).where(*waiting).values(status="running", started_at=clock.now()))
    for _ in range(_TRIES):
        said = await turn_events.stored_after(session, turn.tenant_id, turn.id, 0)
        done = await _done(session, turn, [orjson.loads(each) for each in said])
        try:
            async with session.begin_nested():
                if await turns.finish(session, turn.tenant_id, turn.id, len(said) + 1, done) == "lost":
                    return
        except IntegrityError:
            continue
        await _keep_reply(session, turn, done)
        return
    raise RuntimeError("the turn does not stop talking")


async def _done(session: AsyncSession, turn: Turn, events: Sequence[dict[str, Any]]) -> dict[str, Any]:
    content, cards = "", dict[str, Any]()
    for event in events:
        match event["type"]:
            case "chunk":
                content += event["content"]
            case "reset":
                content = ""
            case "cards":
                cards |= {each["kind"]: each for each in event["cards"]}
            case _:
                pass
    proposal = await _pending(session, turn)
    return {
        "type": "done",
        "turnId": str(turn.id),
        "messageId": str(turn.reply_id),
        "message": content.strip(),
        "proposal": proposal,
        "expects": [],
        "fallback": False,
        "choices": [],
        "availability": None,
        "cards": list(cards.values()),
        "handledBy": "staff",
        "resolved": False,
        "degraded": False,
        "usage": {"inputTokens": 0, "outputTokens": 0, "costMicros": None},
    }


async def _pending(session: AsyncSession, turn: Turn) -> dict[str, Any] | None:
    """The proposal that waits for the customer, as they were last shown it: they can still confirm it."""
    pending = select(Proposal.id).where(
        Proposal.tenant_id == turn.tenant_id,
        Proposal.conversation_id == turn.conversation_id,
        Proposal.status == "pending",
        Proposal.expires_at > clock.now(),
    )
    proposal_id = (await session.execute(pending)).scalar_one_or_none()
    if proposal_id is None:
        return None
    shown = (
        select(TurnEvent.data)
        .join(Turn, (Turn.tenant_id == TurnEvent.tenant_id) & (Turn.id == TurnEvent.turn_id))
        .where(TurnEvent.tenant_id == turn.tenant_id, Turn.conversation_id == turn.conversation_id)
        .where(TurnEvent.data.startswith('{"type":"proposal"'), TurnEvent.data.contains(str(proposal_id)))
        .order_by(Turn.created_at.desc(), TurnEvent.position.desc())
        .limit(1)
    )
    found = (await session.execute(shown)).scalar_one_or_none()
    return orjson.loads(found)["proposal"] if found else None


async def _keep_reply(session: AsyncSession, turn: Turn, done: dict[str, Any]) -> None:
    if not (done["message"] or done["cards"]):
        return
    shown: dict[str, Any] = {"cards": done["cards"], "choices": [], "expects": []}
    if done["proposal"] is not None:
        shown["proposalId"] = done["proposal"]["proposalId"]
    await messages.add(
        session,
        turn.tenant_id,
        turn.conversation_id,
        role="agent",
        content=done["message"],
        message_id=turn.reply_id,
        turn_id=turn.id,
        shown=shown,
    )
