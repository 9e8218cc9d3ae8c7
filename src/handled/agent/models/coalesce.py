"""Merging a provider's small text deltas before its SDK parses them.

A model sends dozens of frames a second, each costing more to validate than to send. Up to 20 a second are as good
for a reader. Frames stay valid, their order stays, and the first words pass at once.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import httpx2
import orjson

from handled.kit import clock

_WINDOW_SECONDS = 0.05
# Characters that do not wait for more: words of a first sentence are held back until they cannot be part of a claim,
# and whoever waits for the first of them should not wait for a window as well.
_BEGINNING = 48
_FRAME_END = re.compile(rb"\r\n\r\n|\n\n")


async def merge_text(response: httpx2.Response) -> None:
    """A hook for a client's responses, which have not been read yet: their text deltas come merged."""
    is_events = "event-stream" in response.headers.get("content-type", "")
    if is_events and "content-encoding" not in response.headers and isinstance(response.stream, httpx2.AsyncByteStream):
        response.stream = MergedStream(response.stream)


class MergedStream(httpx2.AsyncByteStream):
    """The stream `inner`, cut into whole frames; what is not a text delta passes as it came."""

    def __init__(self, inner: httpx2.AsyncByteStream) -> None:
        self._inner = inner
        self._text: list[str] = []
        self._index = 0
        self._last = 0.0
        self._passed = 0

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        rest = b""
        async for data in self._inner:
            *frames, rest = _FRAME_END.split(rest + data)
            out = b"".join([self._pass(frame) for frame in frames])
            begins = self._passed < _BEGINNING
            if self._text and (begins or clock.monotonic() - self._last >= _WINDOW_SECONDS):
                out += self._merged()
            if out:
                yield out
        tail = self._merged() + rest
        if tail:
            yield tail

    def _pass(self, frame: bytes) -> bytes:
        delta = _text_delta(frame) if b'"text_delta"' in frame[:160] else None
        if delta is None:
            return self._merged() + frame + b"\n\n"
        index, text = delta
        before = self._merged() if index != self._index else b""
        self._index = index
        self._text.append(text)
        return before

    def _merged(self) -> bytes:
        if not self._text:
            return b""
        text = "".join(self._text)
        delta = {"type": "content_block_delta", "index": self._index, "delta": {"type": "text_delta", "text": text}}
        self._passed += len(text)
        self._text.clear()
        self._last = clock.monotonic()
        return b"event: content_block_delta\ndata: " + orjson.dumps(delta) + b"\n\n"


def _text_delta(frame: bytes) -> tuple[int, str] | None:
    """The block and the text of a delta; None for what is not one after all: the SDK will judge it."""
    data = next((line[5:] for line in frame.splitlines() if line.startswith(b"data:")), b"")
    try:
        event = orjson.loads(data)
        return int(event["index"]), str(event["delta"]["text"])
    except (ValueError, KeyError, TypeError):
        return None
