"""The conversation's feed: numbered events that every open page of it reads."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select, text, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from handled.db.line import Statement
from handled.db.session import lookup_session, tenant_session, within
from handled.kit import wakeups
from handled.tables import Conversation, ConversationEvent

logger = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 15.0
# A wake-up that got lost on its way is made good within so long.
LOOK_SECONDS = 15.0

# In JSON a customer's own quotation marks are escaped.
_FROM_STAFF = '"role":"staff"'
_APPEND = "select append_conversation_event(%s, %s, %s)"
_BEHIND = text(
    "select conversation_id from feeds_behind(cast(:tenants as uuid[]), cast(:conversations as uuid[]),"
    " cast(:seen as int[]))"
)


def dump(event: object) -> str:
    """One line of JSON, as it is stored and sent."""
    return orjson.dumps(event).decode()


def topic(conversation_id: UUID) -> str:
    return f"conversation:{conversation_id}"


async def append(session: AsyncSession, tenant_id: UUID, conversation_id: UUID, event: dict[str, Any]) -> int:
    """Add an event in the caller's transaction; readers wake when it commits. Returns its number."""
    ((row,),) = await within(session, appending(tenant_id, conversation_id, event))
    return row[0]


def appending(tenant_id: UUID, conversation_id: UUID, event: dict[str, Any]) -> Statement:
    """What `append` does, as a statement to be sent with others."""
    return _APPEND, (tenant_id, conversation_id, dump(event))


async def events_after(
    session: AsyncSession, tenant_id: UUID, conversation_id: UUID, after: int, limit: int = 500
) -> Sequence[tuple[int, str]]:
    """Events with a number above `after`, as `(number, JSON)`."""
    statement = (
        select(ConversationEvent.position, ConversationEvent.data)
        .where(
            ConversationEvent.tenant_id == tenant_id,
            ConversationEvent.conversation_id == conversation_id,
            ConversationEvent.position > after,
        )
        .order_by(ConversationEvent.position)
        .limit(limit)
    )
    return [(row.position, row.data) for row in await session.execute(statement)]


async def note_seen(session: AsyncSession, tenant_id: UUID, conversation_id: UUID, seen: int) -> None:
    """The customer's page has got the feed up to that number."""
    await session.execute(
        update(Conversation)
        .where(Conversation.tenant_id == tenant_id, Conversation.id == conversation_id)
        .where(Conversation.customer_saw < seen)
        .values(customer_saw=seen)
    )


@dataclass(eq=False, slots=True)
class _Reader:
    tenant_id: UUID
    conversation_id: UUID
    seen: int


class Feeds:
    """The feeds that are open in this process. A reader asks the database only when it is woken: that nobody was
    forgotten is one question for all of them."""

    def __init__(self, engine: AsyncEngine, wakeups: wakeups.Wakeups) -> None:
        self._engine = engine
        self._wakeups = wakeups
        self._readers: set[_Reader] = set()

    async def follow(
        self, tenant_id: UUID, conversation_id: UUID, after: int, *, for_customer: bool = True
    ) -> AsyncGenerator[Sequence[tuple[int, str]]]:
        """Everything with a number above `after`, then live, in batches, until the process stops. An empty batch
        stands for a heartbeat. What is read `for_customer` has reached them."""
        reader = _Reader(tenant_id, conversation_id, after)
        self._readers.add(reader)
        try:
            with self._wakeups.listening(topic(conversation_id)) as event:
                while not self._wakeups.closing:
                    event.clear()
                    async with tenant_session(self._engine, tenant_id) as session:
                        batch = await events_after(session, tenant_id, conversation_id, reader.seen)
                    if batch:
                        reader.seen = batch[-1][0]
                        yield batch
                        if for_customer:
                            await self._note_seen(reader, batch)
                        continue
                    while not await wakeups.wait(event, HEARTBEAT_SECONDS):
                        yield []
        finally:
            self._readers.discard(reader)

    async def _note_seen(self, reader: _Reader, batch: Sequence[tuple[int, str]]) -> None:
        """The page has taken the batch: what staff said in it needs no mail."""
        if any(_FROM_STAFF in data for _, data in batch):
            async with tenant_session(self._engine, reader.tenant_id) as session:
                await note_seen(session, reader.tenant_id, reader.conversation_id, reader.seen)

    async def watch(self) -> None:
        """Look for readers who were forgotten, again and again."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await self.look()
            except (SQLAlchemyError, OSError) as error:
                logger.warning("could not look after the open feeds: %s", type(error).__name__)

    async def look(self) -> None:
        """Wake the readers for whom there is something that they have not seen."""
        if not (readers := list(self._readers)):
            return
        standing = {
            "tenants": [str(each.tenant_id) for each in readers],
            "conversations": [str(each.conversation_id) for each in readers],
            "seen": [each.seen for each in readers],
        }
        async with lookup_session(self._engine) as session:
            behind = (await session.execute(_BEHIND, standing)).scalars()
        for conversation_id in behind:
            self._wakeups.wake(topic(conversation_id))


def message_event(
    message_id: UUID,
    *,
    role: str,
    content: str,
    at: datetime,
    client_message_id: str | None = None,
    turn_id: UUID | None = None,
    shown: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """`{"type": "message", "message": …}`; the same message object that a snapshot lists."""
    shown = shown or {}
    message: dict[str, Any] = {
        "messageId": str(message_id),
        "role": role,
        "content": content,
        "at": at.isoformat(),
        "cards": shown.get("cards", []),
        "choices": shown.get("choices", []),
        "expects": shown.get("expects", []),
    }
    if "name" in shown:
        message["name"] = shown["name"]
    if client_message_id is not None:
        message["clientMessageId"] = client_message_id
    if turn_id is not None:
        message["turnId"] = str(turn_id)
    return {"type": "message", "message": message}


def handoff_event(name: str | None) -> dict[str, Any]:
    """Who holds the conversation now: the person of that name, or the agent."""
    return {"type": "handoff", "handledBy": "staff" if name else "agent", "name": name}
