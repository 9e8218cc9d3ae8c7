"""The numbered events of a turn: written by the one process that runs it, read by anybody at any time.

Every event is in PostgreSQL before anybody sees it. Text and what tools show are gathered for a moment, so that a fast
model does not cost a row per word; the first words go out at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from handled.conversations import turns
from handled.conversations.feed import HEARTBEAT_SECONDS
from handled.db.calls import call
from handled.db.line import text_array
from handled.db.session import tenant_session
from handled.kit import clock, wakeups
from handled.tables import TurnEvent

GATHER_SECONDS = 0.05
# How often a reader looks by itself when the turn runs in another process.
POLL_SECONDS = 0.5

_APPEND = "select append_turn_events(%s, %s, %s, %s)"


class TurnStream:
    """The writing end, for as long as the turn runs here."""

    def __init__(self, streams: TurnStreams, tenant_id: UUID, turn_id: UUID) -> None:
        self._streams = streams
        self.tenant_id = tenant_id
        self.turn_id = turn_id
        self.events: list[str] = []
        self.first_text_at: datetime | None = None
        self._gathered: list[dict[str, Any]] = []
        self._last_write = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._late: set[asyncio.Task[None]] = set()
        self._lock = asyncio.Lock()

    @property
    def engine(self) -> AsyncEngine:
        return self._streams.engine

    @property
    def wakeups(self) -> wakeups.Wakeups:
        return self._streams.wakeups

    @property
    def next_position(self) -> int:
        return len(self.events) + 1

    async def text(self, content: str) -> None:
        """Append text; it may wait up to 50 ms for more, the first words do not."""
        if not content:
            return
        if self._gathered and self._gathered[-1]["type"] == "chunk":
            self._gathered[-1]["content"] += content
        else:
            self._gathered.append({"type": "chunk", "content": content})
        wait = self._last_write + GATHER_SECONDS - clock.monotonic()
        if wait <= 0:
            await self.flush()
        else:
            self._flush_in(wait)
        if self.first_text_at is None:
            self.first_text_at = clock.now()
            await _let_readers_go_first()

    def gather(self, *events: dict[str, Any]) -> None:
        """Append events that may wait up to 50 ms for what comes next: a fast model has begun to speak by then."""
        self._gathered += events
        self._flush_in(GATHER_SECONDS)

    async def append(self, *events: dict[str, Any]) -> None:
        """Append events at once, after whatever came before them."""
        self._gathered += events
        await self.flush()

    def _flush_in(self, seconds: float) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(seconds, self._flush_late)

    def _flush_late(self) -> None:
        self._timer = None
        task = asyncio.create_task(self.flush())
        self._late.add(task)
        task.add_done_callback(self._late.discard)

    async def flush(self) -> None:
        """Write what was gathered."""
        async with self._lock:
            events = [orjson.dumps(each).decode() for each in self._take()]
            if not events:
                return
            values = self.tenant_id, self.turn_id, self.next_position, text_array(events)
            await call(self.engine, _APPEND, *values)
            self._last_write = clock.monotonic()
            self._show(events)

    async def take_gathered(self) -> list[dict[str, Any]]:
        """The events that wait to be written, for whoever writes the last ones."""
        async with self._lock:
            return self._take()

    def _take(self) -> list[dict[str, Any]]:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        taken, self._gathered = self._gathered, []
        return taken

    def begun(self, event: dict[str, Any]) -> None:
        """Show the first event, which was written together with the turn."""
        self._show([orjson.dumps(event).decode()])

    def ended(self, *events: dict[str, Any]) -> None:
        """Show the last events, which the transaction that ended the turn has written."""
        self._show([orjson.dumps(each).decode() for each in events])

    async def catch_up(self) -> None:
        """Show what somebody else has written, who has ended the turn. What waits to be written was never said."""
        async with self._lock:
            self._take()
            async with tenant_session(self.engine, self.tenant_id) as session:
                following = await stored_after(session, self.tenant_id, self.turn_id, len(self.events))
            self._show(list(following))

    def _show(self, events: list[str]) -> None:
        self.events.extend(events)
        self._streams.wakeups.announce(turns.topic(self.turn_id))


async def _let_readers_go_first() -> None:
    """Rather than when the rest of the answer is worked on: once for the reader, once for what they send."""
    for _ in range(2):
        await asyncio.sleep(0)


class TurnStreams:
    """The turns that run in this process."""

    def __init__(self, engine: AsyncEngine, wakeups: wakeups.Wakeups) -> None:
        self.engine = engine
        self.wakeups = wakeups
        self._running: dict[UUID, TurnStream] = {}

    @property
    def running(self) -> frozenset[UUID]:
        """The turns that run here now."""
        return frozenset(self._running)

    def open(self, tenant_id: UUID, turn_id: UUID) -> TurnStream:
        stream = TurnStream(self, tenant_id, turn_id)
        self._running[turn_id] = stream
        return stream

    def close(self, stream: TurnStream) -> None:
        self._running.pop(stream.turn_id, None)
        self.wakeups.announce(turns.topic(stream.turn_id))

    async def read(self, tenant_id: UUID, turn_id: UUID, after: int = 0) -> AsyncGenerator[Sequence[tuple[int, str]]]:
        """Everything after that number, then live, as it comes in batches, until the turn has ended. An empty batch
        stands for a heartbeat."""
        with self.wakeups.listening(turns.topic(turn_id)) as event:
            quiet_since = clock.monotonic()
            stream = self._running.get(turn_id)
            while True:
                event.clear()
                stream = stream or self._running.get(turn_id)
                here = stream.events[after:] if stream else None
                batch, ended = (here, False) if here is not None else await self._stored(tenant_id, turn_id, after)
                if batch:
                    numbered = list(enumerate(batch, after + 1))
                    after += len(batch)
                    yield numbered
                    quiet_since = clock.monotonic()
                if ended or (batch and batch[-1].startswith(('{"type":"done"', '{"type":"error"'))):
                    return
                if clock.monotonic() - quiet_since >= HEARTBEAT_SECONDS:
                    quiet_since = clock.monotonic()
                    yield []
                if stream and turn_id not in self._running and after >= len(stream.events):
                    stream = None  # it was given up here; whatever ends it is in the database
                await wakeups.wait(event, HEARTBEAT_SECONDS if stream else POLL_SECONDS)

    async def _stored(self, tenant_id: UUID, turn_id: UUID, after: int) -> tuple[Sequence[str], bool]:
        """What there is after that number, and whether it is the last there will be."""
        async with tenant_session(self.engine, tenant_id) as session:
            ended = await turns.has_ended(session, tenant_id, turn_id)
            return await stored_after(session, tenant_id, turn_id, after), ended


async def stored_after(session: AsyncSession, tenant_id: UUID, turn_id: UUID, after: int) -> Sequence[str]:
    """The stored events after that number, as JSON, in order and without a gap."""
    statement = (
        select(TurnEvent.data)
        .where(TurnEvent.tenant_id == tenant_id, TurnEvent.turn_id == turn_id, TurnEvent.position > after)
        .order_by(TurnEvent.position)
    )
    return (await session.execute(statement)).scalars().all()
