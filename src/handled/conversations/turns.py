"""Turns: one at a time in a conversation, the others wait; each ends, whatever happens to its process."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import orjson
from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from handled.conversations import feed, messages
from handled.db.calls import call
from handled.db.line import Row, Statement, text_array
from handled.db.locks import RUNNER_LOCK_CLASS
from handled.db.session import lookup_session, tenant_session, within
from handled.kit import clock
from handled.tables import Message, Turn, TurnEvent

Ended = Literal["lost", "ended", "waiting"]

_OPEN = "select * from open_turn(%s, %s, %s)"
_FINISH_WITH_REPLY = "select finish_with_reply(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
_FINISH = "select finish_turn(%s, %s, %s, %s, %s, %s, %s)"

INTERRUPTED: dict[str, Any] = {
    "type": "error",
    "error": "interrupted",
    "message": "Sorry, I was interrupted before I could finish. Please send that again.",
}


def topic(turn_id: UUID) -> str:
    return f"turn:{turn_id}"


def stop_topic(turn_id: UUID) -> str:
    """Woken when somebody else has ended the turn: whoever runs it is to stop."""
    return f"stop:{turn_id}"


async def get(session: AsyncSession, tenant_id: UUID, turn_id: UUID) -> Turn | None:
    return await session.get(Turn, (tenant_id, turn_id), populate_existing=True)


@dataclass(frozen=True, slots=True)
class Opened:
    """What a turn begins with. `changed` is the version of its business and when that was made."""

    turn: Turn
    changed: tuple[int, datetime]
    said: Sequence[Message]
    has_proposal: bool


async def open_turn(engine: AsyncEngine, tenant_id: UUID, turn_id: UUID) -> Opened:
    """Everything to begin a turn with, in one look. Raises `not_found`."""
    statement, values = opening(tenant_id, turn_id)
    row = await call(engine, statement, *values)
    if row is None:
        raise messages.not_found()
    return opened_from(tenant_id, turn_id, row)


def opening(tenant_id: UUID, turn_id: UUID) -> Statement:
    """What `open_turn` asks, as a statement to be sent with others."""
    return _OPEN, (tenant_id, turn_id, clock.now())


def opened_from(tenant_id: UUID, turn_id: UUID, row: Row) -> Opened:
    """What `opening` has answered."""
    conversation_id, message_id, reply_id, version, updated_at, said, has_proposal = row
    turn = Turn(
        tenant_id=tenant_id, id=turn_id, conversation_id=conversation_id, message_id=message_id, reply_id=reply_id
    )
    in_order = messages.in_order([_message(tenant_id, each) for each in orjson.loads(said)])
    return Opened(turn, (version, updated_at), in_order, has_proposal)


def _message(tenant_id: UUID, values: dict[str, Any]) -> Message:
    values["tenant_id"] = tenant_id
    values["id"] = UUID(values["id"])
    values["conversation_id"] = UUID(values["conversation_id"])
    values["turn_id"] = UUID(values["turn_id"]) if values["turn_id"] else None
    values["created_at"] = datetime.fromisoformat(values["created_at"])
    return Message(**values)


async def has_ended(session: AsyncSession, tenant_id: UUID, turn_id: UUID) -> bool:
    """Whether all that the turn will ever say is in the database."""
    statement = select(Turn.status).where(Turn.tenant_id == tenant_id, Turn.id == turn_id)
    return (await session.execute(statement)).scalar_one_or_none() in ("done", "failed")


async def was_cut(session: AsyncSession, tenant_id: UUID, turn_id: UUID) -> bool:
    """Whether somebody who took the conversation over has ended the turn."""
    turn = await get(session, tenant_id, turn_id)
    return turn is not None and turn.status == "done" and (turn.result or {}).get("handledBy") == "staff"


async def running_in(session: AsyncSession, tenant_id: UUID, conversation_id: UUID) -> Turn | None:
    """The turn that a page which has just been opened should follow: the running one, else the next."""
    statement = (
        select(Turn)
        .join(Message, (Message.tenant_id == Turn.tenant_id) & (Message.id == Turn.message_id))
        .where(
            Turn.tenant_id == tenant_id,
            Turn.conversation_id == conversation_id,
            Turn.status.in_(("running", "queued")),
        )
        .order_by(Turn.status.desc(), Message.position)
        .limit(1)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def finish(
    session: AsyncSession,
    tenant_id: UUID,
    turn_id: UUID,
    position: int,
    *events: dict[str, Any],
    facts: dict[str, Any] | None = None,
) -> Ended:
    """End a running turn. `events` are its last ones, numbered from `position`; the very last is `done` or `error`.
    `facts` are noted with it (`agent.facts`).

    `lost`: somebody else has ended it, and nothing was written. `waiting`: another turn can go on now.
    """
    values = (
        tenant_id,
        turn_id,
        "done" if events[-1]["type"] == "done" else "failed",
        position,
        text_array(feed.dump(each) for each in events),
        clock.now(),
        facts and feed.dump(facts),
    )
    (((ended,),),) = await within(session, (_FINISH, values))
    return ended


async def finish_with_reply(
    engine: AsyncEngine,
    turn: Turn,
    position: int,
    events: Sequence[dict[str, Any]],
    reply: Message,
    *,
    proposal_id: UUID | None,
    usage: list[dict[str, Any]],
    facts: dict[str, Any],
    together_with: Callable[[AsyncSession], Awaitable[object]] | None = None,
) -> Ended:
    """End a running turn with `done`, at once with the reply, the proposal that it shows, `usage` as rows of
    usage_records, and `facts` to be counted (`agent.facts`). Answers like `finish`. What is to be true as soon as
    anybody reads `done` is done `together_with` it, in one transaction, unless the turn was lost."""
    values = (
        turn.tenant_id,
        turn.conversation_id,
        turn.id,
        position,
        text_array(feed.dump(each) for each in events),
        reply.id,
        reply.content,
        feed.dump(reply.steps),
        feed.dump(reply.shown),
        feed.dump(messages.message_view_event(reply)) if reply.content else None,
        proposal_id,
        feed.dump(usage),
        clock.now(),
        feed.dump(facts),
    )
    if together_with is None:
        row = await call(engine, _FINISH_WITH_REPLY, *values)
        return row[0] if row else "lost"
    async with tenant_session(engine, turn.tenant_id) as session:
        (((ended,),),) = await within(session, (_FINISH_WITH_REPLY, values))
        if ended != "lost":
            await together_with(session)
    return ended


async def start_next(session: AsyncSession, tenant_id: UUID, conversation_id: UUID, runner: int) -> UUID | None:
    """Claim the longest-waiting turn for this process, unless one is running. Returns its id."""
    await session.execute(
        text("select from conversations where tenant_id = :tenant and id = :id for update"),
        {"tenant": tenant_id, "id": conversation_id},
    )
    waiting = await running_in(session, tenant_id, conversation_id)
    if waiting is None or waiting.status == "running":
        return None
    claimed = await session.execute(
        update(Turn)
        .where(Turn.tenant_id == tenant_id, Turn.id == waiting.id, Turn.status == "queued")
        .values(status="running", runner=runner, started_at=clock.now())
        .returning(Turn.id)
    )
    return claimed.scalar_one_or_none()


async def close_orphans(engine: AsyncEngine, runner: int, running_here: Collection[UUID]) -> list[tuple[UUID, UUID]]:
    """End every running turn whose process is dead, and those of this process (`runner`) that are not among
    `running_here`: it lost them, with its database for one. Returns `(tenant, conversation)` of those in which
    a turn may now be waiting for somebody to run it."""
    async with lookup_session(engine) as session:
        unfinished = (await session.execute(text("select * from unfinished_turns()"))).all()
    left_behind: list[tuple[UUID, UUID]] = []
    # A turn that has just been claimed may not run yet: the agent is still being loaded.
    started_before = clock.now() - timedelta(seconds=30)
    for row in unfinished:
        if row.status == "queued":
            left_behind.append((row.tenant_id, row.conversation_id))
            continue
        async with tenant_session(engine, row.tenant_id) as session:
            dead = await session.execute(
                text("select runner_is_dead(:class, :runner)"),
                {"class": RUNNER_LOCK_CLASS, "runner": row.runner},
            )
            is_lost = row.runner == runner and row.turn_id not in running_here and row.started_at < started_before
            if dead.scalar_one() or is_lost:
                await end_with_error(session, row.tenant_id, row.turn_id, INTERRUPTED)
                left_behind.append((row.tenant_id, row.conversation_id))
    return list(dict.fromkeys(left_behind))


async def next_position(session: AsyncSession, tenant_id: UUID, turn_id: UUID) -> int:
    """The number of the event that would come next."""
    last = await session.execute(
        select(func.coalesce(func.max(TurnEvent.position), 0)).where(
            TurnEvent.tenant_id == tenant_id, TurnEvent.turn_id == turn_id
        )
    )
    return last.scalar_one() + 1


async def end_with_error(session: AsyncSession, tenant_id: UUID, turn_id: UUID, error: dict[str, Any]) -> bool:
    """End a turn that will not finish, and say so in the conversation too. False if it had ended before."""
    turn = await get(session, tenant_id, turn_id)
    position = await next_position(session, tenant_id, turn_id)
    if turn is None or await finish(session, tenant_id, turn_id, position, error) == "lost":
        return False
    await messages.add(
        session,
        tenant_id,
        turn.conversation_id,
        role="agent",
        content=error["message"],
        message_id=turn.reply_id,
        turn_id=turn_id,
    )
    return True
