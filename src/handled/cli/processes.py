"""`handled serve --workers N`: one open port, and so many processes that answer at it. What ends is started again."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from handled.kit import clock, metrics
from handled.settings import Settings

logger = logging.getLogger(__name__)

# A process gets longer than all that it lets finish takes together.
STOP_SECONDS = 75.0
PAUSE_SECONDS = 1.0
_OPEN = b"."


@dataclass(frozen=True, slots=True)
class Child:
    """A process of ours. It writes to the `leash` when it serves, and stops when the other end is gone."""

    process: asyncio.subprocess.Process
    leash: socket.socket

    async def has_opened(self) -> bool:
        """Waits until it serves; False when it ends instead."""
        return await asyncio.get_running_loop().sock_recv(self.leash, 1) == _OPEN

    async def stop(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.terminate()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await self.process.wait()
        except TimeoutError:
            logger.warning("process %s did not stop, killing it", self.process.pid)
            self.kill()
            await self.process.wait()

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()


async def serve_together(settings: Settings, listener: socket.socket) -> int:
    """Serve with `settings.processes` processes until told to stop; the exit code. Where the first of them cannot
    start, no other is tried."""
    with tempfile.TemporaryDirectory(prefix="handled-metrics-") as figures:
        return await _serve_together(settings, listener, Path(figures))


async def _serve_together(settings: Settings, listener: socket.socket, figures: Path) -> int:
    children: set[Child] = set()
    stop = asyncio.Event()

    def on_signal() -> None:
        if stop.is_set():  # asked twice, we wait for nobody
            for each in children:
                each.kill()
        stop.set()
        listener.close()  # else customers would be let in as long as we wait, and nobody would answer them

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, on_signal)

    async def start() -> Child:
        child = await _start(settings, listener, figures)
        children.add(child)
        return child

    first = await start()
    if not await first.has_opened():
        code = await first.process.wait()
        return 0 if stop.is_set() else code if code > 0 else 1
    logger.info("serving on port %s with %s processes", settings.port, settings.processes)

    async def keep(child: Child) -> None:
        async for gone in _keep(child, start, stop):
            children.discard(gone)
            metrics.process_ended(figures, gone.process.pid)

    async with asyncio.TaskGroup() as group:
        group.create_task(keep(first))
        for _ in range(settings.processes - 1):
            if not stop.is_set():
                group.create_task(keep(await start()))
    return 0


async def _keep(child: Child, start: Callable[[], Awaitable[Child]], stop: asyncio.Event) -> AsyncGenerator[Child]:
    """See to it that one process runs until told to stop. Yields those that ended by themselves."""
    stopping = asyncio.create_task(stop.wait())
    while True:
        ended = asyncio.create_task(child.process.wait())
        await asyncio.wait({stopping, ended}, return_when=asyncio.FIRST_COMPLETED)
        if stop.is_set():
            await child.stop()
            await ended
            return
        yield child
        child.leash.close()
        logger.warning("process %s ended (%s), starting another", child.process.pid, child.process.returncode)
        # What cannot start now, because the database is away, is not tried as fast as it fails.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PAUSE_SECONDS):
                await stop.wait()
        if stop.is_set():
            return
        child = await start()


async def _start(settings: Settings, listener: socket.socket, figures: Path) -> Child:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    environment = os.environ | {"HANDLED_PROCESSES": str(settings.processes)} | metrics.shared_in(figures)
    if settings.now is not None:
        environment["HANDLED_NOW"] = clock.now().isoformat()
    files = (listener.fileno(), theirs.fileno())
    with theirs:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "handled", "serve", "--host", settings.host, "--port", str(settings.port)),
            *("--listener", str(files[0]), "--leash", str(files[1])),
            env=environment,
            pass_fds=files,
            stdin=asyncio.subprocess.DEVNULL,
        )
    return Child(process, ours)


def on_leash(leash: socket.socket, stop: Callable[[], None]) -> None:
    """In such a process: say that it serves, and stop when whoever started it is gone."""
    leash.setblocking(False)
    with contextlib.suppress(OSError):
        leash.send(_OPEN)
    loop = asyncio.get_running_loop()

    def let_go() -> None:
        loop.remove_reader(leash)
        stop()

    loop.add_reader(leash, let_go)
