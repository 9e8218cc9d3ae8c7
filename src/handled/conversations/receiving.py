"""A customer's message comes in: stored once, together with the turn that answers it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import LiteralString
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from handled.conversations import feed, messages, turns
from handled.db.calls import call_together
from handled.kit import clock, ids
from handled.tenants import accounts

_RECEIVE: LiteralString = "select * from receive_message(" + accounts.SAME_TENANT + ", %s" * 12 + ")"


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a customer's message. `turn_id` is None when a person holds the conversation;
    `turn_status` is `running` (the caller starts it, with what was `opened` for it), `queued`, or where an earlier
    copy of it stands."""

    message_id: UUID
    turn_id: UUID | None
    turn_status: str | None
    is_new: bool
    opened: turns.Opened | None


async def receive(
    engine: AsyncEngine,
    key: str,
    tenant_id: UUID,
    conversation_id: UUID,
    token: str,
    content: str,
    client_message_id: str | None,
    runner: int,
) -> Received | None:
    """Store a customer's message once and queue the turn that answers it. None, and nothing is stored, unless the
    public key is the tenant's, and conversation and token belong together."""
    message_id, turn_id, reply_id, now = ids.new_id(), ids.new_id(), ids.new_id(), clock.now()
    event = feed.message_event(
        message_id, role="customer", content=content, at=now, client_message_id=client_message_id, turn_id=turn_id
    )
    alone = {**event, "message": {name: value for name, value in event["message"].items() if name != "turnId"}}
    values = (
        *(key, now, tenant_id),
        conversation_id,
        messages.hash_of(token),
        message_id,
        turn_id,
        reply_id,
        content,
        client_message_id,
        feed.dump(event),
        feed.dump(alone),
        feed.dump(messages.turn_event(turn_id, reply_id, message_id)),
        runner,
        now,
    )
    stored, opened = await call_together(engine, (_RECEIVE, values), turns.opening(tenant_id, turn_id))
    if not stored:
        return None
    return Received(*stored[0], opened=turns.opened_from(tenant_id, turn_id, opened[0]) if opened else None)
