"""`/health` and `/ready` say the truth."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

from handled.db.engine import create_engine
from handled.settings import Settings
from tests.conftest import Running, running
from tests.http_client import http_client
from tests.waiting import until

Told = tuple[int, dict[str, Any]]


async def ask(server: Running, path: str = "/ready") -> Told:
    async with http_client(base_url=server.url, timeout=30) as http:
        answer = await http.get(path)
    return answer.status_code, answer.json()


@asynccontextmanager
async def changed(server: Running, **parts: Any) -> AsyncGenerator[None]:
    desk = server.app.state.desk
    server.app.state.desk = dataclasses.replace(desk, **parts)
    try:
        yield
    finally:
        server.app.state.desk = desk


async def test_a_whole_installation_is_ready_and_lacks_nothing(server: Running) -> None:
    async def whole() -> bool:
        return await ask(server) == (200, {"status": "ready", "degraded": []})

    assert await until(whole, what="the worker has been heard of")


async def test_without_its_database_the_process_lives_and_is_not_ready(server: Running) -> None:
    nowhere = create_engine("postgresql://nobody@127.0.0.1:9/nothing")
    async with changed(server, engine=nowhere):
        assert await ask(server) == (503, {"status": "no database", "missing": ["database"]})
        assert await ask(server, "/health") == (200, {"status": "ok"})
    await nowhere.dispose()
    assert (await ask(server))[0] == 200


async def test_without_a_worker_it_is_ready_and_says_so(settings: Settings) -> None:
    async with running(settings.model_copy(update={"worker": False})) as server:
        assert await ask(server) == (200, {"status": "ready", "degraded": ["worker"]})


async def test_without_its_redis_it_is_ready_and_says_so(server: Running) -> None:
    async with changed(server, shared=SimpleNamespace(is_up=False)):
        status, told = await ask(server)
    assert (status, "redis" in told["degraded"]) == (200, True)
    async with changed(server, shared=SimpleNamespace(is_up=True)):
        assert "redis" not in (await ask(server))[1]["degraded"]


async def test_a_process_that_is_stopping_wants_no_more_requests(server: Running) -> None:
    server.app.state.desk.wakeups.closing = True
    assert await ask(server) == (503, {"status": "stopping"})
