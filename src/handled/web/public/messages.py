"""Sending a message and reading the turn that answers it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Header
from fastapi.responses import Response

from handled.agent import crisis
from handled.conversations import messages, receiving, turns
from handled.kit import text
from handled.kit.errors import HandledError
from handled.tenants import accounts
from handled.web import sse
from handled.web.deps import Caller, CallerDep, SenderDep, no_key
from handled.web.public import event_schemas, schemas
from handled.web.public.described import errors, stream_of

router = APIRouter(tags=["messages"])


@router.post("/chat/message", response_model=event_schemas.Done, responses=errors())
async def send_message(asked: schemas.SendMessage, caller: SenderDep) -> Response:
    """Send a message and wait for the whole answer."""
    received = await _receive(asked, caller)
    if received.turn_id is None:
        return _json(await _held_by_staff(asked, caller, received))
    async for batch in caller.desk.streams.read(caller.tenant_id, received.turn_id):
        last = batch[-1][1] if batch else ""
        if last.startswith('{"type":"done"'):
            return Response(last, media_type="application/json")
        if last.startswith('{"type":"error"'):
            failed = orjson.loads(last)
            raise HandledError(failed["error"], failed["message"], 503, retryAfter=2)
    raise HandledError("interrupted", turns.INTERRUPTED["message"], 503, retryAfter=2)


@router.post(
    "/chat/message/stream",
    responses={**errors(), **stream_of(event_schemas.TURN_EVENTS, "The turn that answers the message")},
    status_code=200,
    response_class=sse.EventStream,
)
async def stream_message(asked: schemas.SendMessage, caller: SenderDep) -> sse.EventStream:
    """Send a message and follow the answer as it is made. A dropped connection loses nothing: resume the turn."""
    received = await _receive(asked, caller)
    if received.turn_id is None:
        return sse.EventStream(_one(await _held_by_staff(asked, caller, received)))
    return sse.EventStream(caller.desk.streams.read(caller.tenant_id, received.turn_id))


@router.get(
    "/chat/turns/{turn_id}/events",
    responses={**errors(), **stream_of(event_schemas.TURN_EVENTS, "The turn from there on")},
    status_code=200,
    response_class=sse.EventStream,
)
async def resume_turn(
    turn_id: UUID,
    caller: CallerDep,
    last_event_id: Annotated[str | None, Header(max_length=20)] = None,
) -> sse.EventStream:
    """Everything after `Last-Event-ID`, then live. A finished turn replays and ends."""
    async with caller.session() as session:
        turn = await turns.get(session, caller.tenant_id, turn_id)
        if turn is None:
            raise messages.not_found()
        await caller.conversation(session, turn.conversation_id)
    after = sse.last_event_id(last_event_id)
    return sse.EventStream(caller.desk.streams.read(caller.tenant_id, turn_id, after))


async def _receive(asked: schemas.SendMessage, caller: Caller) -> receiving.Received:
    """Store the message and start its turn, unless another one runs or a person holds the conversation."""
    content = text.clean_message(asked.message)
    desk = caller.desk
    await desk.limiter.hit("chat", "client", caller.client)
    # With the token: whoever knows only the id must not use up somebody else's.
    await desk.limiter.hit("session", str(asked.session_id), caller.token)
    received = await receiving.receive(
        desk.engine,
        caller.key,
        caller.tenant_id,
        asked.session_id,
        caller.token,
        content,
        asked.client_message_id,
        desk.runner,
    )
    if received is None:
        if await accounts.find_by_public_key(desk.engine, caller.key) == caller.tenant_id:
            raise messages.not_found()
        accounts.forget_public_key(caller.key)
        raise no_key()
    if received.is_new and received.turn_id and received.turn_status == "running":
        desk.start_turn(caller.tenant_id, received.turn_id, received.opened)
        await asyncio.sleep(0)  # the turn goes first: it will soon have to wait, and the response has time then
    return received


async def _held_by_staff(asked: schemas.SendMessage, caller: Caller, received: receiving.Received) -> dict[str, Any]:
    """The answer while a person holds the conversation: the agent stays silent, unless somebody may be in danger."""
    content = text.clean_message(asked.message)
    noticed = await crisis.answer_beside_staff(
        caller.desk.engine, caller.tenant_id, asked.session_id, received.message_id, content
    )
    return {
        "type": "done",
        "turnId": "",
        "messageId": str(noticed.id) if noticed else "",
        "message": noticed.content if noticed else "",
        "proposal": None,
        "expects": [],
        "fallback": False,
        "choices": [],
        "availability": None,
        "cards": [],
        "handledBy": "staff",
        "resolved": False,
        "degraded": False,
        "usage": {"inputTokens": 0, "outputTokens": 0, "costMicros": 0},
    }


async def _one(event: dict[str, Any]) -> AsyncGenerator[Sequence[tuple[int, str]]]:
    yield [(1, orjson.dumps(event).decode())]


def _json(value: dict[str, Any]) -> Response:
    return Response(orjson.dumps(value), media_type="application/json")
