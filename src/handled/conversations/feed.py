"""The conversation's feed: numbered events that every open page of it reads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from handled.tables import ConversationEvent

_APPEND = text("select append_conversation_event(:tenant, :conversation, :data)")


def dump(event: object) -> str:
    """One line of JSON, as it is stored and sent."""
    return orjson.dumps(event).decode()


def topic(conversation_id: UUID) -> str:
    return f"conversation:{conversation_id}"


async def append(session: AsyncSession, tenant_id: UUID, conversation_id: UUID, event: dict[str, Any]) -> int:
    """Add an event in the caller's transaction; readers wake when it commits. Returns its number."""
    values = {"tenant": tenant_id, "conversation": conversation_id, "data": dump(event)}
    return (await session.execute(_APPEND, values)).scalar_one()


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
    if client_message_id is not None:
        message["clientMessageId"] = client_message_id
    if turn_id is not None:
        message["turnId"] = str(turn_id)
    return {"type": "message", "message": message}
