"""Where the benches take place: a throw-away PostgreSQL, servers as processes of their own, a made-up business."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import psycopg

from handled.db.embedded import EmbeddedPostgres, scratch_root
from handled.db.engine import create_engine
from handled.db.migrate import migrate
from handled.db.session import tenant_session
from handled.tenants import api_keys, config

HERE = Path(__file__).parent
SERVICE = "haircut"
# Nobody waits in line here: five people, every day, half an hour each.
STUDIO = """
slug: bench-studio
name: Bench Studio
contact_email: owner@bench-studio.example
timezone: Europe/Madrid
locale: en_GB
currency: EUR
resources: [{key: ana, name: Ana}, {key: bea, name: Bea}, {key: carla, name: Carla}, {key: dora, name: Dora},
  {key: eva, name: Eva}]
hours: {monday-sunday: "09:00-18:00"}
services:
  - {key: haircut, name: Haircut, description: Cut and finish., duration: 30 min, price: "35.00", horizon: 365 days}
  - {key: colour, name: Colour, description: Full colour., duration: 90 min, price: "95.00", horizon: 90 days}
  - {key: beard, name: Beard trim, description: Quick and neat., duration: 15 min, price: "18.00", horizon: 90 days}
faq:
  - {q: Is there parking?, a: There is free parking behind the studio.}
"""


@contextmanager
def database(*, durable: bool) -> Iterator[EmbeddedPostgres]:
    """A fresh cluster with our schema, in memory where there is room. `durable` as a real installation has it."""
    root = scratch_root(f"bench-{os.getpid()}")
    cluster = EmbeddedPostgres(root, durable=durable)
    try:
        migrate(cluster.start())
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(root, ignore_errors=True)


@dataclass(frozen=True)
class Studio:
    id: UUID
    key: str


def open_studio(cluster: EmbeddedPostgres, text: str = STUDIO) -> Studio:
    """Import a business; answers its id and public key."""

    async def imported() -> Studio:
        engine = create_engine(cluster.dsn())
        document = config.parse(text, "bench.yaml")
        tenant_id = (await config.import_document(engine, document)).tenant_id
        async with tenant_session(engine, tenant_id) as session:
            key = (await api_keys.list_public_keys(session))[0].key
        await engine.dispose()
        return Studio(tenant_id, key)

    return asyncio.run(imported())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass(frozen=True)
class Server:
    """A process that listens; `seconds` is how long it took to answer GET `path` with 200."""

    pid: int
    port: int
    seconds: float


@contextmanager
def server(command: list[str], path: str, *, log: Path | None = None, **environment: str) -> Iterator[Server]:
    """Run `command` (which is given its port as `{port}`) until the block ends."""
    port = free_port()
    # Without their compiled code Python's modules take ten times as long to load.
    others = ("HANDLED_", "PYTHONDONTWRITEBYTECODE")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(others)}
    with ExitStack() as stack:
        output = stack.enter_context(log.open("w")) if log else subprocess.DEVNULL
        begun = time.perf_counter()
        process = subprocess.Popen(
            [part.format(port=port) for part in command],
            env=clean | environment,
            cwd=HERE,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_until_it_answers(port, path, lambda: process.poll() is None)
            yield Server(process.pid, port, time.perf_counter() - begun)
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def wait_until_it_answers(port: int, path: str, is_alive: Callable[[], bool] = lambda: True) -> None:
    """Ask again and again until GET `path` answers 200."""
    give_up_at = time.monotonic() + 60
    request = f"GET {path} HTTP/1.0\r\nHost: bench\r\n\r\n".encode()
    while time.monotonic() < give_up_at and is_alive():
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=10) as client:
            client.sendall(request)
            if b" 200 " in client.recv(64):
                return
        time.sleep(0.005)
    raise RuntimeError(f"nobody answers {path} on port {port}")


def uvicorn(app: str, python: str = sys.executable) -> list[str]:
    """The command that serves an ASGI application of this folder the way `handled serve` does."""
    return [python, "-m", "uvicorn", app, "--port", "{port}", "--log-level", "critical", "--no-access-log"]


@contextmanager
def handled(cluster: EmbeddedPostgres, **environment: str) -> Iterator[Server]:
    """`handled serve` as users run it, worker included; only rate limits and budgets are out of the way."""
    limits = {f"HANDLED_LIMIT_{name}": "1000000/minute" for name in ("CHAT", "SESSION", "TENANT", "LOOKUP")}
    # Not `none`: they are counted all the same.
    limits |= {f"HANDLED_BUDGET_{name}_TOKENS": "1000000000000" for name in ("DAY", "CONVERSATION")}
    data = cluster.root / "files"
    data.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "handled", "serve", "--port", "{port}"]
    settings = limits | {"DATABASE_URL": cluster.dsn(), "HANDLED_DATA_DIR": str(data)} | environment
    with server(command, "/health", log=cluster.root / "handled.log", **settings) as running:
        yield running


def execute(cluster: EmbeddedPostgres, sql: str) -> None:
    """Run SQL as the owner."""
    with psycopg.connect(cluster.dsn(), autocommit=True) as connection:
        connection.execute(sql)
