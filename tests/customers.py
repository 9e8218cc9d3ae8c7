"""A customer's page, as code: the public API over real HTTP."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx2

from tests.http_client import http_client

Json = dict[str, Any]

INTERNAL = (
    "Traceback",
    "psycopg",
    "sqlalchemy",
    "select ",
    "SELECT",
    "site-packages",
    "pydantic",
    ".py",
    "handled_app",
)
"""What no answer may ever contain: traces, SQL, paths, names of our libraries."""


@dataclass
class Customer:
    """One conversation. `transcript` holds what was said and answered."""

    http: httpx2.AsyncClient
    key: str
    session_id: str = ""
    token: str = ""
    greeting: Json = field(default_factory=dict)
    transcript: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    @asynccontextmanager
    async def of(cls, url: str, key: str) -> AsyncGenerator[Customer]:
        async with http_client(base_url=url, timeout=30) as http:
            yield cls(http, key)

    @property
    def headers(self) -> dict[str, str]:
        return {"X-Tenant-Key": self.key, "X-Session-Token": self.token}

    async def start(self, **body: Any) -> Json:
        answer = await self.post("/chat/session", body)
        assert answer.status_code == 201, answer.text
        started = answer.json()
        self.session_id, self.token = started["sessionId"], started["sessionToken"]
        self.greeting = started
        return started

    async def post(self, path: str, body: Any) -> httpx2.Response:
        return await self.http.post(f"/v1/public{path}", json=body, headers=self.headers)

    async def get(self, path: str, **headers: str) -> httpx2.Response:
        return await self.http.get(f"/v1/public{path}", headers=self.headers | headers)

    async def try_say(self, message: str, **extra: Any) -> httpx2.Response:
        return await self.post("/chat/message", {"sessionId": self.session_id, "message": message, **extra})

    async def say(self, message: str, **extra: Any) -> Json:
        """Send a message and return its `done`."""
        answer = await self.try_say(message, **extra)
        assert answer.status_code == 200, answer.text
        done = answer.json()
        self.transcript.append((message, done["message"]))
        return done

    @asynccontextmanager
    async def streaming(self, message: str, **extra: Any) -> AsyncGenerator[httpx2.Response]:
        body = {"sessionId": self.session_id, "message": message, "clientMessageId": str(uuid4()), **extra}
        path = "/v1/public/chat/message/stream"
        async with self.http.stream("POST", path, json=body, headers=self.headers) as answer:
            yield answer

    async def stream(self, message: str, **extra: Any) -> list[tuple[int, Json]]:
        """Send a message and return every event of its turn."""
        async with self.streaming(message, **extra) as answer:
            assert answer.status_code == 200, await answer.aread()
            return [event async for event in events_of(answer)]

    async def resume(self, turn_id: str, after: int) -> list[tuple[int, Json]]:
        path = f"/v1/public/chat/turns/{turn_id}/events"
        headers = self.headers | {"Last-Event-ID": str(after)}
        async with self.http.stream("GET", path, headers=headers) as answer:
            assert answer.status_code == 200, await answer.aread()
            return [event async for event in events_of(answer)]

    async def try_confirm(self, proposal: Json, **changes: Any) -> httpx2.Response:
        body = {"sessionId": self.session_id, "previewHash": proposal["previewHash"], **changes}
        return await self.post(f"/chat/proposals/{proposal['proposalId']}/confirm", body)

    async def confirm(self, proposal: Json) -> Json:
        answer = await self.try_confirm(proposal)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def reject(self, proposal: Json) -> httpx2.Response:
        return await self.post(f"/chat/proposals/{proposal['proposalId']}/reject", {"sessionId": self.session_id})

    async def snapshot(self) -> Json:
        answer = await self.get(f"/chat/session/{self.session_id}")
        assert answer.status_code == 200, answer.text
        return answer.json()


async def events_of(answer: httpx2.Response) -> AsyncIterator[tuple[int, Json]]:
    """The events of a stream as `(id, data)`; comments are left out."""
    number = 0
    async for line in answer.aiter_lines():
        if line.startswith("id: "):
            number = int(line[4:])
        elif line.startswith("data: "):
            yield number, json.loads(line[6:])


def refusal(answer: httpx2.Response) -> tuple[int, str]:
    """Status and stable name of an answer that says no; all of them have one shape, and a sentence for a person."""
    body = answer.json()
    assert set(body) <= {"error", "message", "fields", "retryAfter", "alternatives", "reason", "quote"}, body
    assert body["message"].endswith((".", "?")), body
    assert not any(each in answer.text for each in INTERNAL), answer.text
    return answer.status_code, body["error"]


def refused(answer: httpx2.Response, status: int, name: str) -> Json:
    """The body of an answer that must say no in this way."""
    assert refusal(answer) == (status, name), answer.text
    return answer.json()
