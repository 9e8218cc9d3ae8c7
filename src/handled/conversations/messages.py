"""Starting a conversation, proving that it is yours, and what is said in it."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handled.conversations import feed
from handled.db.session import within
from handled.kit import clock, ids
from handled.kit.errors import HandledError
from handled.tables import Conversation, Message

_ADD = "select add_message(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"


def not_found() -> HandledError:
    """One answer for what is not there and what is somebody else's."""
    return HandledError("not_found", "There is nothing here under that id.", 404)


async def start(
    session: AsyncSession,
    tenant_id: UUID,
    *,
    locale: str,
    timezone: str | None,
    page: str | None,
    client: bytes | None = None,
    channel: str = "web",
) -> tuple[Conversation, str]:
    """Open a conversation. Returns it with its token, which is shown once and kept only as a hash."""
    token = ids.new_token()
    conversation = Conversation(
        tenant_id=tenant_id,
        id=ids.new_id(),
        token_hash=hash_of(token),
        channel=channel,
        handled_by="agent",
        locale=locale,
        timezone=timezone,
        page=page,
        last_event=0,
        last_message=0,
        last_activity_at=clock.now(),
        client=client,
    )
    session.add(conversation)
    await session.flush()
    return conversation, token


async def authenticate(session: AsyncSession, tenant_id: UUID, conversation_id: UUID, token: str) -> Conversation:
    """The conversation that both belong to; raises `not_found` whatever was wrong."""
    statement = select(Conversation).where(Conversation.tenant_id == tenant_id, Conversation.id == conversation_id)
    conversation = (await session.execute(statement)).scalar_one_or_none()
    known = conversation.token_hash if conversation else b"\0" * 32
    if not hmac.compare_digest(known, hash_of(token)) or conversation is None:
        raise not_found()
    return conversation


def turn_event(turn_id: UUID, reply_id: UUID, message_id: UUID) -> dict[str, Any]:
    """How a turn's stream begins, also told to the feed."""
    return {
        "type": "turn",
        "turnId": str(turn_id),
        "messageId": str(reply_id),
        "userMessageId": str(message_id),
    }


async def add(
    session: AsyncSession,
    tenant_id: UUID,
    conversation_id: UUID,
    *,
    role: str,
    content: str,
    message_id: UUID | None = None,
    turn_id: UUID | None = None,
    steps: list[Any] | None = None,
    shown: dict[str, Any] | None = None,
) -> Message:
    """Store a message of ours and put it on the conversation's feed, unless it is a note for the agent only."""
    message = compose(
        tenant_id, conversation_id, role, content, message_id or ids.new_id(), turn_id, steps or [], shown or {}
    )
    values = (
        tenant_id,
        conversation_id,
        message.id,
        role,
        content,
        turn_id,
        feed.dump(message.steps),
        feed.dump(message.shown),
        feed.dump(message_view_event(message)) if content else None,
        message.created_at,
    )
    (((message.position,),),) = await within(session, (_ADD, values))
    return message


def compose(
    tenant_id: UUID,
    conversation_id: UUID,
    role: str,
    content: str,
    message_id: UUID,
    turn_id: UUID | None,
    steps: list[Any],
    shown: dict[str, Any],
) -> Message:
    """A message of ours that is not stored yet."""
    return Message(
        tenant_id=tenant_id,
        id=message_id,
        conversation_id=conversation_id,
        role=role,
        content=content,
        client_message_id=None,
        turn_id=turn_id,
        steps=steps,
        shown=shown,
        created_at=clock.now(),
    )


async def note(session: AsyncSession, tenant_id: UUID, conversation_id: UUID, event: dict[str, Any]) -> None:
    """Leave a note of what happened for the agent to read in its history; customers do not see it."""
    await add(session, tenant_id, conversation_id, role="system", content="", steps=[{"event": event}])


async def list_messages(session: AsyncSession, tenant_id: UUID, conversation_id: UUID) -> Sequence[Message]:
    """Everything said, in the order in which it makes sense: a reply follows the message it answers, even when
    another message had come in between."""
    statement = (
        select(Message)
        .where(Message.tenant_id == tenant_id, Message.conversation_id == conversation_id)
        .order_by(Message.position)
    )
    return in_order((await session.execute(statement)).scalars().all())


async def list_cards(session: AsyncSession, tenant_id: UUID, conversation_id: UUID, kind: str) -> list[dict[str, Any]]:
    """The cards of this kind that the conversation has shown, in wire form, the newest message's first."""
    statement = (
        select(Message.shown["cards"])
        .where(Message.tenant_id == tenant_id, Message.conversation_id == conversation_id)
        .where(Message.shown.contains({"cards": [{"kind": kind}]}))
        .order_by(Message.position.desc())
    )
    return [card for cards in (await session.scalars(statement)).all() for card in cards if card["kind"] == kind]


def in_order(messages: Sequence[Message]) -> Sequence[Message]:
    """Messages by position, as `list_messages` gives them."""
    asked_at = {each.turn_id: each.position for each in messages if each.role == "customer" and each.turn_id}
    return sorted(
        messages,
        key=lambda each: (
            (asked_at.get(each.turn_id, each.position), 1)
            if each.role == "agent" and each.turn_id
            else (each.position, 0)
        ),
    )


def message_view_event(message: Message) -> dict[str, Any]:
    """The feed's `message` event for a stored message."""
    return feed.message_event(
        message.id,
        role=message.role,
        content=message.content,
        at=message.created_at,
        client_message_id=message.client_message_id,
        turn_id=message.turn_id,
        shown=message.shown,
    )


def hash_of(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
