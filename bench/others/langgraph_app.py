"""The chat bench's conversation with LangGraph and its PostgreSQL checkpointer, as its documentation builds it."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from langchain.agents import create_agent
from langchain_anthropic import ChatAnthropic
from langchain_core.messages import AIMessageChunk, HumanMessage
from langchain_core.tools import tool
from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from others.desk import BOOKED, INSTRUCTIONS, SLOTS
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool
from pydantic import BaseModel


class Asked(BaseModel):
    session: str
    message: str


@tool
async def find_slots(service: str, when: str) -> str:
    """Free times of a service. `when` takes a date in words or ISO."""
    return json.dumps(SLOTS)


@tool
async def propose_booking(service: str, start: str, name: str, email: str) -> str:
    """Holds a time and shows the customer a card to confirm. `start` is local ISO."""
    return json.dumps(BOOKED)


agents: dict[str, Any] = {}


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    options = {"autocommit": True, "prepare_threshold": 0, "row_factory": dict_row}
    pool = AsyncConnectionPool(os.environ["DATABASE_URL"], min_size=10, max_size=10, open=False, kwargs=options)
    await pool.open(wait=True)
    saver = AsyncPostgresSaver(pool)
    await saver.setup()
    model = ChatAnthropic(model="fake", api_key="none", base_url=os.environ["PROVIDER"], max_tokens=1024, max_retries=0)
    agents["desk"] = create_agent(model, [find_slots, propose_booking], system_prompt=INSTRUCTIONS, checkpointer=saver)
    yield
    await pool.close()


app = FastAPI(lifespan=lifespan)


@app.get("/health")
async def health() -> str:
    return "ok"


@app.post("/chat")
async def chat(asked: Asked) -> StreamingResponse:
    return StreamingResponse(_events(asked), media_type="text/event-stream")


async def _events(asked: Asked) -> AsyncIterator[str]:
    thread = {"configurable": {"thread_id": asked.session}}
    messages = {"messages": [HumanMessage(asked.message)]}
    async for chunk, _ in agents["desk"].astream(messages, thread, stream_mode="messages"):
        if isinstance(chunk, AIMessageChunk) and chunk.text:
            yield f"event: text\ndata: {json.dumps(chunk.text)}\n\n"
    yield "event: done\ndata: {}\n\n"
