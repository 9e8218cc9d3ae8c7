"""Customers for the chat bench: three messages each over a raw connection, so that the client costs little.

What is measured: the time to the first text of an answer and to its end, turns per second, and the CPU time of
the server's process per turn.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import Any

import httpx2
import orjson
from meter import cpu_seconds
from stage import Server

SLOTS_A_DAY = 60
FIRST_DAY = date.today() + timedelta(days=7)  # noqa: DTZ011  any day will do
_numbers = count()


def messages() -> list[str]:
    """What one customer says: a question, a look for free times, a booking at a time that nobody else gets."""
    number = next(_numbers)
    day = (FIRST_DAY + timedelta(days=number // SLOTS_A_DAY)).isoformat()
    hour, half = divmod(number % SLOTS_A_DAY // 4, 2)
    return [
        "Hello! What do you offer, and what does a haircut cost?",
        f"Is there a free haircut on {day} in the afternoon?",
        f"Please book the one at {day}T{9 + hour:02}:{half * 3}0. I am Ana Perez, ana{number}@example.com.",
    ]


@dataclass(frozen=True)
class Target:
    """A server to talk to. `first_text` is in its stream once there is text, `complete[n]` in the whole answer
    to the n-th message; `open(count)` begins conversations and answers what makes a request of a message."""

    name: str
    server: Server
    first_text: bytes
    complete: Sequence[bytes]
    open: Callable[[int], Awaitable[list[Callable[[str], bytes]]]]


@dataclass
class Heard:
    """The answers of one burst: seconds to the first text and to the end, per message of the conversation."""

    first: list[list[float]] = field(default_factory=lambda: [[], [], []])
    whole: list[list[float]] = field(default_factory=lambda: [[], [], []])
    cpu_per_turn: float = 0
    turns_per_second: float = 0


class Line(asyncio.Protocol):
    """One kept-alive connection to a server that answers in chunks."""

    def __init__(self) -> None:
        self._done: asyncio.Future[float] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.body += data
        if self._first is None and self._mark in self.body:
            self._first = time.perf_counter()
        if self.body.endswith(b"0\r\n\r\n") and not self._done.done():
            self._done.set_result(time.perf_counter())

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._done.done():
            self._done.set_exception(ConnectionError("the server hung up"))

    async def ask(self, request: bytes, first_text: bytes) -> tuple[float, float]:
        """Seconds to the first text and to the end; the answer is in `body`."""
        self.body, self._mark, self._first = b"", first_text, None
        self._done = asyncio.get_running_loop().create_future()
        begun = time.perf_counter()
        self.transport.write(request)
        async with asyncio.timeout(30):
            ended = await self._done
        return (self._first or ended) - begun, ended - begun


async def burst(target: Target, at_once: int, conversations: int, *, spread_seconds: float = 0) -> Heard:
    """So many whole conversations, `at_once` at a time, their starts spread over so many seconds."""
    loop = asyncio.get_running_loop()
    waiting = await target.open(conversations)
    heard = Heard()

    async def customer(number: int) -> None:
        await asyncio.sleep(spread_seconds * number / at_once)
        _, line = await loop.create_connection(Line, "127.0.0.1", target.server.port)
        while waiting:
            request = waiting.pop()
            for turn, message in enumerate(messages()):
                first, whole = await line.ask(request(message), target.first_text)
                if target.complete[turn] not in line.body:
                    raise RuntimeError(f"{target.name} did not do what was asked: {line.body!r}")
                heard.first[turn].append(first)
                heard.whole[turn].append(whole)
        line.transport.close()

    used, begun = cpu_seconds(target.server.pid), time.perf_counter()
    await asyncio.gather(*(customer(number) for number in range(at_once)))
    turns = conversations * 3
    heard.turns_per_second = turns / (time.perf_counter() - begun)
    heard.cpu_per_turn = (cpu_seconds(target.server.pid) - used) / turns
    return heard


def request(path: str, body: dict[str, Any], **headers: str) -> bytes:
    content = orjson.dumps(body)
    lines = [f"POST {path} HTTP/1.1", "host: bench", "content-type: application/json"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, f"content-length: {len(content)}", "", ""]).encode() + content


def plain(name: str, server: Server) -> Target:
    """The floor and the other frameworks: `{session, message}`, no session to open."""

    async def begin(conversations: int) -> list[Callable[[str], bytes]]:
        names = [f"{name}-{next(_numbers)}-{time.time_ns()}" for _ in range(conversations)]
        return [lambda message, of=each: request("/chat", {"session": of, "message": message}) for each in names]

    return Target(name, server, b"event: text", [b"event: done"] * 3, begin)


def ours(server: Server, key: str) -> Target:
    """`handled`: sessions are opened before the clock starts; the last answer must hold a proposal."""

    async def begin(conversations: int) -> list[Callable[[str], bytes]]:
        url = f"http://127.0.0.1:{server.port}/v1/public/chat/session"
        async with httpx2.AsyncClient(headers={"X-Tenant-Key": key}) as http:
            answers = [(await http.post(url, json={})).json() for _ in range(conversations)]
        return [lambda message, of=each: _our_request(key, of, message) for each in answers]

    complete = [b'"degraded":false', b'"kind":"slots"', b'"operation":"book"']
    return Target("handled", server, b'"type":"chunk"', complete, begin)


def _our_request(key: str, session: dict[str, Any], message: str) -> bytes:
    headers = {"X_Tenant_Key": key, "X_Session_Token": session["sessionToken"]}
    body = {"sessionId": session["sessionId"], "message": message}
    return request("/v1/public/chat/message/stream", body, **headers)
