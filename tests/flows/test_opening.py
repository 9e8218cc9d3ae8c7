"""The port is open before the application has been loaded: nobody who comes early is turned away."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

import httpx2
import pytest
from fastapi import FastAPI

from handled.app import create_app
from handled.cli.serve import Server
from handled.kit.errors import HandledError
from handled.settings import Settings
from tests.http_client import http_client
from tests.waiting import until


@asynccontextmanager
async def opening(load: Callable[[], FastAPI]) -> AsyncGenerator[tuple[asyncio.Task[None], httpx2.AsyncClient]]:
    """A server that is about to load its application, and a client of it."""
    server = Server(load, lambda: None, port=0, timeout_graceful_shutdown=5)
    task = asyncio.create_task(server.serve())
    await until(lambda: server.started, what="the port is open")
    port = server.servers[0].sockets[0].getsockname()[1]
    async with http_client(base_url=f"http://127.0.0.1:{port}", timeout=20) as http:
        yield task, http
        server.should_exit = True
        await asyncio.wait([task])


async def test_while_the_application_loads_health_answers_and_other_requests_wait(settings: Settings) -> None:
    go = threading.Event()

    def load() -> FastAPI:
        assert go.wait(20)
        return create_app(settings)

    async with opening(load) as (_, http):
        early = [asyncio.create_task(http.get(path)) for path in ("/ready", "/c/nobody")]
        assert (await http.get("/health")).json() == {"status": "starting"}
        assert not any(each.done() for each in early)
        go.set()
        assert [(await each).status_code for each in early] == [200, 404]
        assert (await http.get("/health")).json() == {"status": "ok"}


async def test_when_the_application_cannot_be_opened_those_who_wait_are_told_and_the_server_ends(
    settings: Settings,
) -> None:
    go = threading.Event()

    def load() -> FastAPI:
        assert go.wait(20)
        return create_app(settings.model_copy(update={"database_url": "postgresql://nobody@127.0.0.1:1/nothing"}))

    async with opening(load) as (task, http):
        early = asyncio.create_task(http.get("/ready"))
        assert (await http.get("/health")).status_code == 200
        go.set()
        refused = await early
        assert (refused.status_code, refused.json()["error"]) == (503, "unavailable")
    with pytest.raises(HandledError, match="cannot be reached"):
        task.result()
