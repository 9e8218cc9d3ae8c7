"""A real PostgreSQL, a real server on a real port, and customers who talk to it over HTTP."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from fastapi import FastAPI
from procrastinate.periodic import PeriodicDeferrer
from psycopg import sql
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.app import create_app
from handled.cli.serve import Server
from handled.db.embedded import EmbeddedPostgres, scratch_root
from handled.db.engine import create_engine
from handled.db.migrate import migrate
from handled.db.session import tenant_session
from handled.kit import clock, site
from handled.settings import Settings
from handled.tenants import api_keys, config
from tests.customers import Customer

TEMPLATE = "template_handled"


def pytest_addoption(parser: pytest.Parser) -> None:
    explained = "save pictures of the pages that the browser tests visit in DIR: phone, tablet, desktop, light and dark"
    parser.addoption("--screenshots", metavar="DIR", type=Path, help=explained)


@pytest.fixture(scope="session")
def cluster() -> Generator[EmbeddedPostgres]:
    """A throwaway PostgreSQL of this test process, in memory where there is room."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    root = scratch_root(f"tests-{worker}-{os.getpid()}")
    server = EmbeddedPostgres(root, durable=False)
    server.start()
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(TEMPLATE)))
    migrate(server.dsn(TEMPLATE))
    yield server
    server.stop()
    shutil.rmtree(root, ignore_errors=True)


@pytest.fixture
def owner_url(cluster: EmbeddedPostgres) -> Generator[str]:
    """A fresh database with the schema, as its owner sees it."""
    name = f"t_{uuid4().hex}"
    with psycopg.connect(cluster.dsn("postgres"), autocommit=True) as connection:
        command = sql.SQL("create database {} template {} strategy file_copy")
        connection.execute(command.format(sql.Identifier(name), sql.Identifier(TEMPLATE)))
    yield cluster.dsn(name)
    with psycopg.connect(cluster.dsn("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@pytest.fixture
async def engine(owner_url: str) -> AsyncIterator[AsyncEngine]:
    """The same database as the application sees it."""
    engine = create_engine(owner_url)
    yield engine
    await engine.dispose()


@pytest.fixture(autouse=True)
def free_clock() -> Generator[None]:
    """No test inherits another's clock."""
    yield
    clock.run_free()


@pytest.fixture
def folder() -> Generator[Path]:
    """A folder that the database's user can enter; pytest's own are closed to everybody but us."""
    place = Path(tempfile.mkdtemp(prefix="handled-test-", dir="/tmp")).resolve()
    place.chmod(0o755)
    yield place
    shutil.rmtree(place, ignore_errors=True)


@dataclass(frozen=True)
class TenantHandle:
    id: UUID
    slug: str
    key: str


ImportTenant = Callable[[str], object]


async def import_tenant(engine: AsyncEngine, text: str) -> TenantHandle:
    """Import a business from YAML."""
    document = config.parse(text, "test.yaml")
    result = await config.import_document(engine, document)
    async with tenant_session(engine, result.tenant_id) as session:
        key = (await api_keys.list_public_keys(session))[0].key
    return TenantHandle(result.tenant_id, document.slug, key)


STUDIO = """
slug: studio
name: Test Studio
contact_email: owner@studio.example
timezone: America/New_York
locale: en_US
currency: USD
address: 1 Invented Lane, Nowhere
phone: +1 555 0100
policies: [Please come five minutes early.]
hours:
  monday-saturday: 09:00-18:00
services:
  - key: haircut
    name: Haircut
    description: Cut and finish.
    duration: 45 min
    price: "45.00"
    step: 15 min
    horizon: 90 days
    cancellation: {free_until: 24 h, fee_percent: 50}
  - key: colour
    name: Colour
    description: Full colour.
    duration: 120 min
    price: "120.00"
    step: 30 min
    horizon: 90 days
faq:
  - {q: Is there parking?, a: There is free parking behind the studio.}
"""


@pytest.fixture
async def studio(engine: AsyncEngine) -> TenantHandle:
    """A small hair studio: one resource, two services, Monday to Saturday nine to six in New York."""
    return await import_tenant(engine, STUDIO)


@dataclass(frozen=True)
class Running:
    url: str
    app: FastAPI
    settings: Settings


class _StopsAtOnce(Server):
    """It looks every tenth of a second whether it is to stop; a test need not wait for that."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.stopping = asyncio.Event()

    async def main_loop(self) -> None:
        await self.on_tick(0)
        await self.stopping.wait()


@asynccontextmanager
async def running(settings: Settings) -> AsyncGenerator[Running]:
    """The whole application on a free port of this machine."""
    app = create_app(settings)
    is_open = asyncio.Event()
    server = _StopsAtOnce(lambda: app, is_open.set, port=0, timeout_graceful_shutdown=5)
    task = asyncio.create_task(server.serve())
    opening = asyncio.create_task(is_open.wait())
    await asyncio.wait({task, opening}, return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        opening.cancel()
        task.result()
    port = server.servers[0].sockets[0].getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    site.set_origin(url)
    try:
        yield Running(url, app, settings)
    finally:
        server.stopping.set()
        await task
        site.set_origin("http://127.0.0.1:8000")  # no test inherits another's address


@pytest.fixture
def settings(owner_url: str, tmp_path: Path) -> Settings:
    """Settings of an installation that nothing outside this test reaches; limits out of the way."""
    values: dict[str, Any] = {name: field.get_default() for name, field in Settings.model_fields.items()}
    values |= {
        "database_url": owner_url,
        "data_dir": tmp_path,
        "limit_chat": "10000/minute",
        "limit_session": "10000/minute",
        "limit_tenant": "100000/minute",
        "limit_lookup": "10000/minute",
    }
    return Settings.model_construct(None, **values)


@pytest.fixture
async def server(settings: Settings) -> AsyncIterator[Running]:
    async with running(settings) as started:
        yield started


@pytest.fixture
def nothing_by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """No job begins because its time has come: the hourly roll-up freezes a past that a test is still writing."""

    async def rest(_: PeriodicDeferrer) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(PeriodicDeferrer, "worker", rest)


@pytest.fixture
async def customer(server: Running, studio: TenantHandle) -> AsyncIterator[Customer]:
    """Somebody who has opened the studio's chat."""
    async with Customer.of(server.url, studio.key) as somebody:
        await somebody.start()
        yield somebody


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)
