"""The open port, before the application behind it has been loaded."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import orjson

from handled.kit.errors import HandledError

# Only what the port needs is imported here: everything else is loaded behind it.
if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_CLOSED = HandledError("unavailable", "We cannot be reached for a moment. Please try again shortly.", 503)
_HEADERS = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]


class Door:
    """What the server is given as its application. Until the real one is there, `/health` says that the process
    lives, and every other request waits; none of them fails because it came early."""

    def __init__(self) -> None:
        self._decided = asyncio.Event()
        self._app: ASGIApp | None = None

    def open(self, app: ASGIApp) -> None:
        """From now on requests are the application's."""
        self._app = app
        self._decided.set()

    def refuse(self) -> None:
        """There will be no application: whoever waits for it is told so."""
        self._decided.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._app is None and scope["type"] == "http" and scope["path"] == "/health":
            await _answer(send, 200, {"status": "starting"})
            return
        await self._decided.wait()
        if self._app is None:
            await _answer(send, _CLOSED.status, _CLOSED.body())
        else:
            await self._app(scope, receive, send)


async def _answer(send: Send, status: int, body: object) -> None:
    await send({"type": "http.response.start", "status": status, "headers": _HEADERS})
    await send({"type": "http.response.body", "body": orjson.dumps(body)})
