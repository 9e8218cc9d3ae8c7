"""A reader whose connection breaks at a byte of our choosing: sockets and bytes, no HTTP library in between."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.customers import Customer, Json

Event = tuple[int, Json]


@dataclass
class Received:
    """What a reader has understood of a response, however much of it came."""

    status: int = 0
    events: list[Event] = field(default_factory=list)
    ended: bool = False
    raw: int = 0

    @property
    def last_id(self) -> int:
        return self.events[-1][0] if self.events else 0


async def read(
    customer: Customer, method: str, path: str, *, body: Json | None = None, after: int = 0, cut: int = -1
) -> Received:
    """Read at most `cut` bytes of the response, headers included, and be gone; -1 reads to its end."""
    url = urlsplit(str(customer.http.base_url))
    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    payload = json.dumps(body).encode() if body is not None else b""
    headers = {**customer.headers, "Host": url.netloc, "Last-Event-ID": str(after), "Content-Length": str(len(payload))}
    if body is not None:
        headers["Content-Type"] = "application/json"
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    writer.write("\r\n".join(lines).encode() + payload)
    raw = b""
    try:
        while len(raw) != cut and not raw.endswith(b"\r\n0\r\n\r\n"):
            piece = await reader.read(4096 if cut < 0 else min(4096, cut - len(raw)))
            if not piece:
                break
            raw += piece
    finally:
        writer.transport.abort()
    return understood(raw)


def understood(raw: bytes) -> Received:
    """The events that are complete in these bytes, as a browser would count them."""
    head, found, rest = raw.partition(b"\r\n\r\n")
    if not found:
        return Received(raw=len(raw))
    stream, ended = b"", False
    while rest:
        size, complete, rest = rest.partition(b"\r\n")
        if not complete:
            break
        if not int(size, 16):
            ended = True
            break
        stream, rest = stream + rest[: int(size, 16)], rest[int(size, 16) + 2 :]
    *blocks, _ = stream.split(b"\n\n")
    parsed = [
        dict(line.split(b": ", 1) for line in block.split(b"\n") if not line.startswith(b":")) for block in blocks
    ]
    events = [(int(each[b"id"]), json.loads(each[b"data"])) for each in parsed if b"data" in each]
    return Received(int(head.split()[1]), events, ended, len(raw))


def flaws(whole: list[Event], got: list[Event]) -> list[str]:
    """How what a reader pieced together differs from the whole."""
    ids = [number for number, _ in got]
    found = [f"lost {sorted(lost)}"] if (lost := {number for number, _ in whole} - set(ids)) else []
    found += [f"repeated {ids}"] if len(ids) != len(set(ids)) else []
    found += [f"reordered {ids}"] if ids != sorted(ids) else []
    return found or ([] if got == whole else ["something else was told"])
