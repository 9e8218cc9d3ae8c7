"""The floor of the chat bench: the least that can hold this conversation and lose nothing of it.

One ASGI function, the provider's SDK, history and streamed text in PostgreSQL through psycopg's pool, two tools
with fixed answers. No framework, tenants, validation, resuming, limits or bookings.
"""

from __future__ import annotations

import gc
import json
import os
import time
from collections.abc import Callable
from typing import Any

import anthropic
import orjson
from others.desk import BOOKED, FIND_SLOTS, INSTRUCTIONS, PROPOSE_BOOKING, SLOTS
from psycopg_pool import AsyncConnectionPool

TABLES = """
create table if not exists floor_messages (id bigserial primary key, session text, body text);
create index if not exists floor_messages_session on floor_messages (session, id);
create table if not exists floor_events (id bigserial primary key, session text, data text);
"""
GATHER_SECONDS = 0.05
TOOLS = [FIND_SLOTS, PROPOSE_BOOKING]
RESULTS = {"find_slots": SLOTS, "propose_booking": BOOKED}

pool = AsyncConnectionPool(
    os.environ["DATABASE_URL"], min_size=10, max_size=10, open=False, kwargs={"autocommit": True}
)
model = anthropic.AsyncAnthropic(api_key="none", base_url=os.environ["PROVIDER"], max_retries=0)


async def app(scope: Any, receive: Callable[..., Any], send: Callable[..., Any]) -> None:
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["method"] == "GET":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"ok"})
    else:
        body, more = b"", True
        while more:
            part = await receive()
            body, more = body + part.get("body", b""), part.get("more_body", False)
        asked = orjson.loads(body)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
        await _turn(asked["session"], asked["message"], send)
        await send({"type": "http.response.body", "body": b"event: done\ndata: {}\n\n"})


async def _lifespan(receive: Callable[..., Any], send: Callable[..., Any]) -> None:
    await receive()
    await pool.open(wait=True)
    async with pool.connection() as connection:
        await connection.execute(TABLES)
    gc.freeze()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await pool.close()
    await send({"type": "lifespan.shutdown.complete"})


async def _turn(session: str, message: str, send: Callable[..., Any]) -> None:
    async with pool.connection() as connection:
        rows = await connection.execute("select body from floor_messages where session = %s order by id", (session,))
        history = [orjson.loads(body) async for (body,) in rows]
    new: list[dict[str, Any]] = [{"role": "user", "content": message}]
    while new[-1]["role"] == "user":
        blocks = await _answer(session, history + new, send)
        results = [
            {"type": "tool_result", "tool_use_id": each["id"], "content": json.dumps(RESULTS[each["name"]])}
            for each in blocks
            if each["type"] == "tool_use"
        ]
        new.append({"role": "assistant", "content": blocks})
        if results:
            new.append({"role": "user", "content": results})
    async with pool.connection() as connection, connection.cursor() as cursor:
        rows = [(session, orjson.dumps(each).decode()) for each in new]
        await cursor.executemany("insert into floor_messages (session, body) values (%s, %s)", rows)


async def _answer(session: str, messages: list[Any], send: Callable[..., Any]) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = []
    gathered, last = "", 0.0

    async def flush() -> None:
        nonlocal gathered, last
        if gathered:
            text, gathered, last = gathered, "", time.monotonic()
            async with pool.connection() as connection:
                inserted = await connection.execute(
                    "insert into floor_events (session, data) values (%s, %s) returning id", (session, text)
                )
                number = await inserted.fetchone()
            event = b"id: %d\nevent: text\ndata: %s\n\n" % (number[0] if number else 0, orjson.dumps(text))
            await send({"type": "http.response.body", "body": event, "more_body": True})

    stream = await model.messages.create(
        model="fake", max_tokens=1024, stream=True, system=INSTRUCTIONS, tools=TOOLS, messages=messages
    )
    async for event in stream:
        if event.type == "content_block_start":
            start = event.content_block
            text = {"type": "text", "text": ""}
            blocks.append(
                {"type": "tool_use", "id": start.id, "name": start.name, "input": ""}
                if start.type == "tool_use"
                else text
            )
        elif event.type == "content_block_delta" and event.delta.type == "text_delta":
            blocks[-1]["text"] += event.delta.text
            gathered += event.delta.text
            if time.monotonic() - last >= GATHER_SECONDS:
                await flush()
        elif event.type == "content_block_delta" and event.delta.type == "input_json_delta":
            blocks[-1]["input"] += event.delta.partial_json
    await flush()
    for each in blocks:
        if each["type"] == "tool_use":
            each["input"] = orjson.loads(each["input"])
    return blocks
