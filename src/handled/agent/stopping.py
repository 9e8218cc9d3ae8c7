"""Stopping a turn whose conversation a person has taken over: at once, and without another word."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from handled.conversations import turns
from handled.conversations.turn_events import TurnStream
from handled.db.session import tenant_session
from handled.usage import record

if TYPE_CHECKING:
    from handled.agent.turn import Run


class TakenOver(Exception):
    """Somebody has ended the turn, to speak themselves."""


@asynccontextmanager
async def unless_taken_over(stream: TurnStream, seconds: float) -> AsyncGenerator[None]:
    """Let the block run for at most so long (then TimeoutError), and only while nobody takes over (then TakenOver)."""
    taken = False

    async def watch(deadline: asyncio.Timeout) -> None:
        nonlocal taken
        with stream.wakeups.listening(turns.stop_topic(stream.turn_id)) as event:
            while not taken:
                await event.wait()
                event.clear()
                taken = await is_taken_over(stream)
        deadline.reschedule(asyncio.get_running_loop().time())

    try:
        async with asyncio.timeout(seconds) as deadline:
            watching = asyncio.create_task(watch(deadline))
            try:
                yield
            finally:
                watching.cancel()
    except TimeoutError:
        if taken:
            raise TakenOver from None
        raise


async def is_taken_over(stream: TurnStream) -> bool:
    """Whether the turn was ended by somebody who took over. Not known is no."""
    try:
        async with tenant_session(stream.engine, stream.tenant_id) as session:
            return await turns.was_cut(session, stream.tenant_id, stream.turn_id)
    except SQLAlchemyError:
        return False


async def leave(stream: TurnStream, run: Run | None) -> None:
    """Show how the turn was ended, and write down what its model calls cost all the same."""
    await stream.catch_up()
    if run is not None and run.calls:
        async with tenant_session(stream.engine, stream.tenant_id) as session:
            record.add(session, run.business.id, run.turn.conversation_id, run.turn.id, run.calls)
