"""`handled serve` and `handled work`."""

from __future__ import annotations

import asyncio
import gc
import logging
import secrets
import signal
import socket
from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import partial
from typing import TYPE_CHECKING, Any

import uvicorn

from handled.kit import clock, site
from handled.kit.errors import HandledError
from handled.kit.log import set_up
from handled.settings import Settings, load_settings
from handled.web.door import Door

if TYPE_CHECKING:
    from fastapi import FastAPI


def configured() -> Settings:
    """The settings of a command that needs the database. Raises HandledError without one."""
    settings = load_settings()
    if not settings.database_url:
        raise HandledError(
            "no_database",
            "DATABASE_URL is not set. Point it at a PostgreSQL ≥ 15, or try `handled demo`, which brings one.",
        )
    if settings.now is not None:
        clock.start_at(settings.now)
    return settings


def run_server(host: str | None, port: int | None) -> None:
    settings = configured()
    changes = {"host": host or settings.host, "port": settings.port if port is None else port}
    settings = settings.model_copy(update=changes)
    set_up(json=settings.log_json)
    serve(settings)


class Server(uvicorn.Server):
    """A server that opens its port at once, and loads the application behind it. What the lifespan protocol would
    turn into a trace in the log is a HandledError to whoever starts it. On stopping it does not wait for readers of a
    live feed, who come back by themselves; turns under way get their time."""

    def __init__(self, load: Callable[[], FastAPI], when_open: Callable[[], None], **options: Any) -> None:
        self._door = Door()
        super().__init__(uvicorn.Config(self._door, log_config=None, lifespan="off", proxy_headers=False, **options))
        self._load = load
        self._when_open = when_open
        self._parts = AsyncExitStack()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        try:
            self._app = await asyncio.to_thread(self._load)
            await self._parts.enter_async_context(self._app.state.parts())
        except BaseException:
            self._door.refuse()
            await super().shutdown(sockets)
            raise
        self._door.open(self._app)
        self._when_open()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._app.state.desk.wakeups.close()
        await super().shutdown(sockets)
        if not self.force_exit:
            await self._parts.aclose()


def serve(
    settings: Settings,
    listener: socket.socket | None = None,
    when_open: Callable[[], None] = lambda: None,
) -> None:
    """Serve until told to stop; on `listener` if the port has been taken already."""
    server = Server(
        partial(_load, settings),
        when_open,
        host=settings.host,
        port=settings.port,
        access_log=False,
        timeout_graceful_shutdown=25,
        timeout_keep_alive=65,
        limit_concurrency=10_000,
        server_header=False,
    )
    server.run(sockets=[listener] if listener else None)


def _load(settings: Settings) -> FastAPI:
    # None of what is being loaded is ever garbage: the collector would go through all of it, again and again.
    gc.disable()
    try:
        from handled.app import create_app

        return create_app(settings)
    finally:
        gc.freeze()
        gc.enable()


def run_worker() -> None:
    settings = configured()
    set_up(json=settings.log_json)
    asyncio.run(_work(settings))


async def _work(settings: Settings) -> None:
    from handled.adapters import create_gateway, create_sender
    from handled.app import TurnRunner
    from handled.conversations.turn_events import TurnStreams
    from handled.db.engine import check_database, create_engine
    from handled.db.listen import listen
    from handled.kit.wakeups import Wakeups
    from handled.worker import WorkerParts, working

    assert settings.database_url is not None  # noqa: S101  configured() saw to it
    site.set_origin(settings.origin)
    engine = create_engine(settings.database_url, pool_size=settings.database_pool)
    await check_database(engine)
    wakeups, ready, runner = Wakeups(), asyncio.Event(), secrets.randbelow(2**31 - 1) + 1
    listening = asyncio.create_task(listen(settings.database_url, wakeups, runner, ready))
    await ready.wait()
    turn_runner = TurnRunner(settings, engine, TurnStreams(engine, wakeups), runner)
    sender, _ = create_sender(settings)
    gateway = create_gateway(settings, engine)
    stop = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, stop.set)
    async with working(settings, WorkerParts(engine, sender, turn_runner.take_up, settings.mail_from, gateway)):
        logging.getLogger(__name__).info("working")
        await stop.wait()
        await turn_runner.drain()
    listening.cancel()
    await engine.dispose()
