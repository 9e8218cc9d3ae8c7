"""The chat bench's conversation with openai-agents and its SQLAlchemy session, as its documentation builds it."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from agents import Agent, OpenAIChatCompletionsModel, Runner, function_tool, set_tracing_disabled
from agents.extensions.memory import SQLAlchemySession
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from openai import AsyncOpenAI
from others.desk import BOOKED, INSTRUCTIONS, SLOTS
from pydantic import BaseModel
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import create_async_engine

set_tracing_disabled(True)


class Asked(BaseModel):
    session: str
    message: str


@function_tool
async def find_slots(service: str, when: str) -> str:
    """Free times of a service. `when` takes a date in words or ISO."""
    return json.dumps(SLOTS)


@function_tool
async def propose_booking(service: str, start: str, name: str, email: str) -> str:
    """Holds a time and shows the customer a card to confirm. `start` is local ISO."""
    return json.dumps(BOOKED)


client = AsyncOpenAI(api_key="none", base_url=f"{os.environ['PROVIDER']}/v1", max_retries=0)
engine = create_async_engine(
    make_url(os.environ["DATABASE_URL"]).set(drivername="postgresql+asyncpg"), pool_size=10, max_overflow=0
)
agent = Agent(
    name="desk",
    instructions=INSTRUCTIONS,
    model=OpenAIChatCompletionsModel("fake", openai_client=client),
    tools=[find_slots, propose_booking],
)


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    await SQLAlchemySession("first", engine=engine, create_tables=True).get_items()
    yield
    await engine.dispose()


app = FastAPI(lifespan=lifespan)


@app.get("/health")
async def health() -> str:
    return "ok"


@app.post("/chat")
async def chat(asked: Asked) -> StreamingResponse:
    return StreamingResponse(_events(asked), media_type="text/event-stream")


async def _events(asked: Asked) -> AsyncIterator[str]:
    running = Runner.run_streamed(agent, asked.message, session=SQLAlchemySession(asked.session, engine=engine))
    async for event in running.stream_events():
        if event.type == "raw_response_event" and event.data.type == "response.output_text.delta":
            yield f"event: text\ndata: {json.dumps(event.data.delta)}\n\n"
    yield "event: done\ndata: {}\n\n"
