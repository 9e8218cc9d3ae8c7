"""What the twins of both providers share: the script, the memory of what was asked, the troubles."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Self

from tests.twins.scripts import Json, Reply, Trouble
from tests.twins.wire import Request, Wire, serving


class Refused(Exception):
    """The provider will not take this request, and says why."""


@dataclass
class Twin:
    """A provider on this machine. `requests` are those that were asked, `complaints` what was wrong with them."""

    url: str = ""
    requests: list[Request] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    left: int = 0
    _script: list[Reply] = field(default_factory=list)
    _otherwise: Reply | None = None
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @classmethod
    @asynccontextmanager
    async def running(cls) -> AsyncGenerator[Self]:
        twin = cls()
        async with serving(twin.answer) as twin.url:
            yield twin

    @property
    def bodies(self) -> list[Json]:
        return [each.body for each in self.requests]

    @property
    def last(self) -> Json:
        return self.requests[-1].body

    def will(self, *replies: Reply) -> None:
        """Answer with these, in this order, before whatever it was told earlier to do always."""
        self._script += replies

    def always(self, reply: Reply | None) -> None:
        """Answer with this whenever the script is over."""
        self._otherwise = reply

    async def answer(self, request: Request, wire: Wire) -> None:
        self.requests.append(request)
        try:
            self.check(request)
            reply = self._next()
        except Refused as refused:
            self.complaints.append(str(refused))
            await wire.answer(400, self.error("invalid_request_error", str(refused)))
            return
        if reply.status >= 400:
            await wire.answer(reply.status, self.error(reply.error, reply.error), **reply.headers)
            return
        number = next(self._numbers)
        await self._stream(wire, reply, list(self.frames(reply, request.body, number)))

    def _next(self) -> Reply:
        if self._script:
            return self._script.pop(0)
        if self._otherwise is None:
            raise Refused("the script is over")
        return self._otherwise

    async def _stream(self, wire: Wire, reply: Reply, frames: list[bytes]) -> None:
        await wire.begin_events()
        trouble = reply.trouble
        whole = frames if trouble is None else frames[: trouble.after]
        for piece in _chopped(whole, reply.chop):
            await wire.send(piece)
        if trouble is not None and not await self._trouble(wire, trouble, frames[trouble.after :]):
            return
        await wire.end()

    async def _trouble(self, wire: Wire, trouble: Trouble, rest: list[bytes]) -> bool:
        """Whether the stream ends in an orderly way after it."""
        match trouble.how:
            case "cut":
                wire.cut()
                return False
            case "hang":
                await wire.until_they_leave()
                self.left += 1
                return False
            case "wait":
                async with asyncio.timeout(20):
                    await trouble.go_on.wait()
                for frame in rest:
                    await wire.send(frame)
            case "error_event":
                await wire.send(self.error_frame("overloaded_error", "Overloaded"))
            case "garbage":
                await wire.send(b"event: content_block_delta\ndata: {not json at all\n\n<html>502</html>\n\n")
            case "broken_utf8":
                await wire.send(self.text_frame("caf\u00e9").replace("\u00e9".encode(), b"\xc3"))
            case "end":
                pass
        return True

    def check(self, request: Request) -> None:
        """Raises Refused for what the real provider would not take."""
        raise NotImplementedError

    def frames(self, reply: Reply, body: Json, number: int) -> Iterable[bytes]:
        raise NotImplementedError

    def error(self, kind: str, message: str) -> Json:
        raise NotImplementedError

    def error_frame(self, kind: str, message: str) -> bytes:
        raise NotImplementedError

    def text_frame(self, text: str) -> bytes:
        raise NotImplementedError


def pieces(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]


def _chopped(frames: list[bytes], size: int | None) -> list[bytes]:
    if size is None:
        return frames
    together = b"".join(frames)
    return [together[at : at + size] for at in range(0, len(together), size)]
