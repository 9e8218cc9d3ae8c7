"""The program as its operator runs it: a process of its own, which can be killed."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from tests.http_client import http_client
from tests.waiting import until


@dataclass(frozen=True)
class Process:
    url: str
    process: asyncio.subprocess.Process
    log: Path

    async def kill(self) -> None:
        """As a machine that loses power: no signal handler runs."""
        self.process.send_signal(signal.SIGKILL)
        await self.process.wait()

    async def stop(self) -> int:
        """As an operator does it; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return await self.process.wait()


def environment(owner_url: str, folder: Path, **settings: str) -> dict[str, str]:
    """Nothing of ours but what the program is told."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "PYTHONPATH") if name in os.environ}
    return {**kept, "DATABASE_URL": owner_url, "HANDLED_DATA_DIR": str(folder), "PYTHONUTF8": "1", **settings}


@asynccontextmanager
async def serving(owner_url: str, folder: Path, **settings: str) -> AsyncGenerator[Process]:
    """`handled serve` on a free port, until the block ends or it is killed."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = folder / f"serve-{port}.log"
    with log.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "handled", "serve", "--port", str(port)),
            cwd=folder,
            env=environment(owner_url, folder, **settings),
            stdout=out,
            stderr=out,
        )
    try:
        await _ready(f"http://127.0.0.1:{port}", process, log)
        yield Process(f"http://127.0.0.1:{port}", process, log)
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


@asynccontextmanager
async def working(owner_url: str, folder: Path, **settings: str) -> AsyncGenerator[asyncio.subprocess.Process]:
    """`handled work`, until the block ends or it is killed."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "handled", "work"),
        cwd=folder,
        env=environment(owner_url, folder, **settings),
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


async def _ready(url: str, process: asyncio.subprocess.Process, log: Path) -> None:
    async with http_client(base_url=url) as http:

        async def ready() -> bool:
            assert process.returncode is None, log.read_text()
            try:
                return (await http.get("/ready")).status_code == 200
            except httpx2.TransportError:
                return False

        await until(ready, within=90, what=f"{url} is ready")
