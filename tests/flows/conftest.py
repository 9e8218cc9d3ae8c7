"""Whom the stories are about: customers of a studio with a language model, its offices, and who has a manage link."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable

import httpx2
import pytest
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.agent.models import llm
from handled.db.session import tenant_session
from handled.kit import clock
from handled.settings import Settings
from handled.tables import Booking, UsageRecord
from tests.conftest import STUDIO, Running, TenantHandle, at, import_tenant, running
from tests.customers import Customer
from tests.http_client import http_client
from tests.managed import Managed, booked
from tests.office import Office, new_key
from tests.twins.claude import ClaudeTwin

MONDAY_MORNING = "2026-03-02T09:00:00-05:00"
API_KEY = "sk-ant-of-a-test"
SALON = (
    STUDIO.replace("slug: studio", "slug: salon")
    .replace("services:\n", "resources:\n  - {key: mia, name: Mia}\n  - {key: tom, name: Tom}\nservices:\n", 1)
    .replace("fee_percent: 50}", "fee_percent: 50, moves: 0}\n    payment: full", 1)
)


@pytest.fixture
async def claude() -> AsyncIterator[ClaudeTwin]:
    """Claude's twin. A test fails when the twin had to refuse a request that the real one would refuse."""
    async with ClaudeTwin.running() as twin:
        yield twin
    assert twin.complaints == []


@pytest.fixture
def patience() -> llm.Patience:
    """How long the desk waits for its model: as long as in real life, unless a test file says otherwise."""
    return llm.PATIENCE


@pytest.fixture
async def claude_server(
    settings: Settings, claude: ClaudeTwin, patience: llm.Patience, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Running]:
    """The application with Claude, on a Monday morning in New York."""
    monkeypatch.setattr(llm, "PATIENCE", patience)
    configured = settings.model_copy(
        update={
            "model": "anthropic:claude-haiku-4-5",
            "model_base_url": claude.url,
            "anthropic_api_key": SecretStr(API_KEY),
            "now": at(MONDAY_MORNING),
        }
    )
    async with running(configured) as started:
        yield started


@pytest.fixture
async def anna(claude_server: Running, studio: TenantHandle) -> AsyncIterator[Customer]:
    """Somebody who has opened the chat of the studio, where Claude answers."""
    async with Customer.of(claude_server.url, studio.key) as somebody:
        await somebody.start()
        yield somebody


@pytest.fixture
def time_passes(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Let so many seconds pass on the clock that measures durations."""
    passed = 0.0

    def later(seconds: float) -> None:
        nonlocal passed
        passed += seconds

    monkeypatch.setattr(clock, "monotonic", lambda: time.monotonic() + passed)
    return later


async def bookings_of(engine: AsyncEngine, studio: TenantHandle) -> list[Booking]:
    async with tenant_session(engine, studio.id) as session:
        return list((await session.execute(select(Booking).order_by(Booking.created_at))).scalars())


async def usage_of(engine: AsyncEngine, studio: TenantHandle) -> list[UsageRecord]:
    async with tenant_session(engine, studio.id) as session:
        return list((await session.execute(select(UsageRecord).order_by(UsageRecord.created_at))).scalars())


@pytest.fixture
async def office(server: Running, studio: TenantHandle, engine: AsyncEngine) -> AsyncIterator[Office]:
    async with Office.of(server.url, await new_key(engine, studio)) as somebody:
        yield somebody


@pytest.fixture
async def salon(server: Running, engine: AsyncEngine) -> AsyncIterator[Office]:
    """Two stylists; haircuts are paid in advance, may not be moved by customers, and cost half when cancelled late."""
    tenant = await import_tenant(engine, SALON)
    async with Office.of(server.url, await new_key(engine, tenant)) as somebody:
        yield somebody


@pytest.fixture
async def http(server: Running) -> AsyncIterator[httpx2.AsyncClient]:
    clock.start_at(at(MONDAY_MORNING))
    async with http_client(base_url=server.url, timeout=30) as http:
        yield http


@pytest.fixture
async def mine(http: httpx2.AsyncClient, engine: AsyncEngine, studio: TenantHandle) -> Managed:
    """A haircut on Wednesday at three: free to cancel until Tuesday at three, then half the price."""
    return await booked(http, engine, studio)
