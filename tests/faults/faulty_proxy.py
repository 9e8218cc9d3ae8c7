"""What lies between us and a service, and goes wrong on purpose: for connections that are open, and for new ones."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Literal

Fault = Literal["none", "refuse", "hang", "slow", "reset", "garbage", "half"]
FAULTS: tuple[Fault, ...] = ("refuse", "hang", "slow", "reset", "garbage", "half")

_GARBAGE = b"\x00\xff\xfe*-7\r\n{]HTTP/9 \xc3\x28\r\n\r\n$99999999999\r\n" * 3


@dataclass(eq=False)
class FaultyProxy:
    """`refuse`: nobody listens. `hang`: takes connections and requests, and answers nothing. `slow`: every answer
    `delay` seconds late. `reset`: the connection is reset instead of an answer. `garbage`: other bytes instead of
    an answer. `half`: the first half of an answer, then the end."""

    upstream: tuple[str, int]
    port: int
    delay: float = 0.1
    fault: Fault = "none"
    connections: int = 0
    _server: asyncio.Server | None = None
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)
    _may_answer: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    async def suffer(self, fault: Fault) -> None:
        self.fault = fault
        self._may_answer.clear() if fault == "hang" else self._may_answer.set()
        if fault == "refuse":
            await self._close()
        elif self._server is None:
            await self._open()

    async def heal(self) -> None:
        await self.suffer("none")

    async def _open(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, reuse_address=True)

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in list(self._writers):
            _reset(writer)
        await asyncio.sleep(0)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            up_reader, up_writer = await asyncio.open_connection(*self.upstream)
        except OSError:
            _reset(writer)
            return
        self._writers |= {writer, up_writer}
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._requests(reader, up_writer))
                group.create_task(self._answers(up_reader, writer))
        except* (OSError, _CutOff):
            pass
        finally:
            for each in (writer, up_writer):
                self._writers.discard(each)
                each.close()

    async def _requests(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        with contextlib.suppress(OSError):
            writer.write_eof()

    async def _answers(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            await self._may_answer.wait()
            if self.fault == "reset":
                _reset(writer)
                raise _CutOff
            if self.fault == "slow":
                await asyncio.sleep(self.delay)
            if self.fault == "garbage":
                data = _GARBAGE
            writer.write(data[: len(data) // 2] if self.fault == "half" else data)
            await writer.drain()
            if self.fault == "half":
                raise _CutOff
        raise _CutOff  # whoever is answered no more need not ask


class _CutOff(Exception):
    pass


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close it so that the other side gets a reset instead of an end."""
    connection = writer.get_extra_info("socket")
    if connection is not None:
        with contextlib.suppress(OSError):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@asynccontextmanager
async def proxy_to(host: str, port: int) -> AsyncGenerator[FaultyProxy]:
    proxy = FaultyProxy((host, port), free_port())
    await proxy.heal()
    try:
        yield proxy
    finally:
        await proxy.suffer("refuse")
