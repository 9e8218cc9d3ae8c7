"""A real Redis on a free port of this machine, kept nowhere."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

needs_redis = pytest.mark.skipif(
    shutil.which("redis-server") is None, reason="redis-server is not installed: Debian's package of that name has it"
)


@dataclass
class RedisServer:
    port: int
    folder: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Empty, whatever was in it before."""
        options = ("--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no")
        command = ["redis-server", *options, "--dir", str(self.folder), "--daemonize", "no"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(500):
            with socket.socket() as probe:
                probe.settimeout(0.2)
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    probe.sendall(b"PING\r\n")
                    if probe.recv(16).startswith(b"+PONG"):
                        return
            assert self.process.poll() is None, "redis-server ended"
            time.sleep(0.01)
        raise AssertionError("redis-server does not answer")

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    async def restart_empty(self) -> None:
        await asyncio.to_thread(self.stop)
        await asyncio.to_thread(self.start)


@contextmanager
def redis_running() -> Generator[RedisServer]:
    with socket.socket() as probe, tempfile.TemporaryDirectory(prefix="handled-redis-") as folder:
        probe.bind(("127.0.0.1", 0))
        server = RedisServer(probe.getsockname()[1], Path(folder))
        probe.close()
        server.start()
        try:
            yield server
        finally:
            server.stop()
