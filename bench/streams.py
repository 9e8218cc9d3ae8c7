"""Many open pages: what one open feed costs in memory, and what other requests notice of a thousand of them."""

from __future__ import annotations

import asyncio
import os
import resource
import statistics
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import uvloop
from meter import cpu_seconds, private_mib, quantile, table
from stage import database, handled, open_studio

STREAMS = int(os.environ.get("BENCH_STREAMS", "1000"))
SAMPLES, QUIET_SECONDS = 150, 16


class Feed(asyncio.Protocol):
    """A page that keeps its conversation's feed open."""

    def __init__(self, request: bytes, opened: asyncio.Semaphore) -> None:
        self._request, self._opened, self._waiting = request, opened, True

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        # The greeting is the feed's first event: what follows is silence.
        if self._waiting and b"data: " in data:
            self._waiting = False
            self._opened.release()


@asynccontextmanager
async def feeds(port: int, key: str, count: int) -> AsyncGenerator[None]:
    loop, opened, lines = asyncio.get_running_loop(), asyncio.Semaphore(0), []
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}/v1/public", headers={"X-Tenant-Key": key}) as http:
        for _ in range(count):
            session = (await http.post("/chat/session", json={})).json()
            request = (
                f"GET /v1/public/chat/session/{session['sessionId']}/events HTTP/1.1\r\nhost: bench\r\n"
                f"x-tenant-key: {key}\r\nx-session-token: {session['sessionToken']}\r\n\r\n"
            )
            feed, _ = await loop.create_connection(
                lambda request=request: Feed(request.encode(), opened), "127.0.0.1", port
            )
            lines.append(feed)
    async with asyncio.timeout(30):
        for _ in range(count):
            await opened.acquire()
    yield
    for each in lines:
        each.close()


async def latencies(port: int, key: str) -> list[float]:
    """Seconds that looking at the business takes, one request after the other."""
    took: list[float] = []
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}/v1/public", headers={"X-Tenant-Key": key}) as http:
        for _ in range(SAMPLES):
            begun = time.perf_counter()
            answer = await http.get("/services")
            assert answer.status_code == 200, answer.text
            took.append(time.perf_counter() - begun)
    return took


async def run(port: int, pid: int, key: str) -> str:
    await latencies(port, key)
    async with feeds(port, key, 50):
        pass  # pools and caches fill up
    await asyncio.sleep(1)
    before_mib, without = private_mib(pid), await latencies(port, key)
    begun = time.perf_counter()
    async with feeds(port, key, STREAMS):
        print(f"  {STREAMS} feeds open after {time.perf_counter() - begun:.1f} s", file=sys.stderr)
        open_mib, among = private_mib(pid), await latencies(port, key)
        used = cpu_seconds(pid)
        await asyncio.sleep(QUIET_SECONDS)
        idle = (cpu_seconds(pid) - used) / QUIET_SECONDS
    await asyncio.sleep(2)
    after_mib = private_mib(pid)
    kib = (open_mib - before_mib) * 1024 / STREAMS
    rows = [
        ["private memory per open stream, KiB", "", f"{kib:.1f}"],
        ["private memory of the process, MiB", f"{before_mib:.0f}", f"{open_mib:.0f}"],
        ["GET /services, ms (median)", *(f"{statistics.median(each) * 1e3:.1f}" for each in (without, among))],
        ["GET /services, ms (95 %)", *(f"{quantile(each, 0.95) * 1e3:.1f}" for each in (without, among))],
        ["CPU while nothing happens, % of a core", "", f"{idle * 100:.1f}"],
    ]
    return (
        f"{STREAMS} conversations whose feed is open (a real subscription each, heartbeats every 15 s),"
        " one process.\n\n"
        f"{table(['', 'none open', f'{STREAMS:,} open'], rows)}\n\nAfterwards: {after_mib:.0f} MiB."
    )


def main() -> str:
    """Markdown: memory per stream and the latency of other requests."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, STREAMS * 2 + 500), most))  # the server inherits it
    with database(durable=False) as cluster:
        studio = open_studio(cluster)
        with handled(cluster) as running:
            return uvloop.run(run(running.port, running.pid, studio.key))


if __name__ == "__main__":
    print(main())
