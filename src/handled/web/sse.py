"""Server-sent events: numbered, with heartbeats, and without a memory of readers that went away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from handled.kit import metrics

_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]
# A reader that has not taken anything for so long is not reading.
SEND_SECONDS = 30.0

Events = AsyncGenerator[Sequence[tuple[int, str]]]


class EventStream(Response):
    """Sends batches of `(number, JSON)` as events, an empty one as a heartbeat comment.

    The server's library ignores sends to a client that has gone, so the disconnect is watched for.
    """

    media_type = "text/event-stream"

    def __init__(self, events: Events) -> None:
        super().__init__()
        self._events = events

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        sending = asyncio.create_task(self._send(send))
        gone = asyncio.create_task(_disconnected(receive))
        try:
            with metrics.open_streams.track_inprogress():
                await asyncio.wait({sending, gone}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone.cancel()
            sending.cancel()
            await asyncio.gather(sending, gone, return_exceptions=True)

    async def _send(self, send: Send) -> None:
        async with aclosing(self._events) as events:
            async for batch in events:
                data = "".join([f"id: {number}\ndata: {event}\n\n" for number, event in batch]) or ": still here\n\n"
                async with asyncio.timeout(SEND_SECONDS):
                    await send({"type": "http.response.body", "body": data.encode(), "more_body": True})
        await send({"type": "http.response.body", "body": b""})


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def last_event_id(header: str | None) -> int:
    """The number after which a reader wants to go on; 0 for none or nonsense."""
    return int(header) if header and header.isascii() and header.isdigit() and len(header) < 10 else 0
