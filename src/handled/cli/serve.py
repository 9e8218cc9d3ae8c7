"""`handled serve` and `handled work`."""

from __future__ import annotations

import asyncio
import errno
import gc
import logging
import secrets
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import partial
from typing import TYPE_CHECKING, Any

import uvicorn

import handled
from handled.kit import clock, site
from handled.kit.errors import HandledError
from handled.kit.log import set_up
from handled.settings import Settings, load_settings
from handled.web.door import Door

_BACKLOG = 2048

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


def run_server(host: str | None, port: int | None, workers: int | None = None) -> None:
    settings = _asked(host, port)
    settings = settings.model_copy(update={"processes": workers or settings.processes})
    with listening(settings.host, settings.port) as listener:
        if settings.processes == 1:
            serve(settings, listener)
            return
        from handled.cli.processes import serve_together

        settings = settings.model_copy(update={"port": listener.getsockname()[1]})
        sys.exit(asyncio.run(serve_together(settings, listener)))


def run_one_of(host: str | None, port: int | None, listener: int, leash: int) -> None:
    """One of several processes that serve at a port which the one that started them has opened."""
    from handled.cli.processes import on_leash

    with socket.socket(fileno=listener) as shared, socket.socket(fileno=leash) as held:
        stop = partial(signal.raise_signal, signal.SIGTERM)
        serve(_asked(host, port), shared, lambda: on_leash(held, stop), opens_first=False)


def _asked(host: str | None, port: int | None) -> Settings:
    settings = configured()
    set_up(json=settings.log_json)
    changes = {"host": host or settings.host, "port": settings.port if port is None else port}
    return settings.model_copy(update=changes)


def listening(host: str, port: int) -> socket.socket:
    """The open port. Raises HandledError `port_taken`, or `port_refused` when it cannot be had for another reason."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as problem:
        raise HandledError("port_refused", f"{host} is no address of this machine ({_said(problem)}).") from problem
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen(_BACKLOG)  # bound alone, the port could be had by a second process as well
    except OSError as problem:
        listener.close()
        instead = "with --port or HANDLED_PORT"
        if problem.errno == errno.EADDRINUSE:
            message = f"Port {port} on {host} is in use. Stop what runs there, or choose another one {instead}."
            raise HandledError("port_taken", message) from problem
        message = f"Port {port} on {host} cannot be opened ({_said(problem)}). Choose another one {instead}."
        raise HandledError("port_refused", message) from problem
    return listener


def _said(problem: OSError) -> str:
    return (problem.strerror or type(problem).__name__).lower()


class Server(uvicorn.Server):
    """A server that opens its port at once, and loads the application behind it; where others answer at the same
    port, it opens last (`opens_first` false). What the lifespan protocol would turn into a trace in the log is a
    HandledError to whoever starts it. On stopping it does not wait for readers of a live feed, who come back by
    themselves; turns under way get their time."""

    def __init__(
        self,
        load: Callable[[], FastAPI],
        when_open: Callable[[], None],
        when_loaded: Callable[[], None] = lambda: None,
        *,
        opens_first: bool = True,
        **options: Any,
    ) -> None:
        self._door = Door()
        self._opens_first = opens_first
        super().__init__(uvicorn.Config(self._door, log_config=None, lifespan="off", proxy_headers=False, **options))
        self._load = load
        self._when_open = when_open
        self._when_loaded = when_loaded
        self._parts = AsyncExitStack()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        if self._opens_first:
            await super().startup(sockets)
        try:
            self._app = await asyncio.to_thread(self._load)
            await self._parts.enter_async_context(self._app.state.parts(when_loaded=self._when_loaded))
        except BaseException:
            # Also when it is cancelled. Whoever started it is told.
            self._door.refuse()
            if self._opens_first:
                await super().shutdown(sockets)
            raise
        self._door.open(self._app)
        if not self._opens_first:
            await super().startup(sockets)
        self._when_open()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._app.state.desk.wakeups.close()
        await super().shutdown(sockets)
        if self.force_exit:
            # Asked twice. The next start ends what breaks off now; its complaints are news to nobody.
            logging.disable()
            return
        await self._parts.aclose()


def serve(
    settings: Settings,
    listener: socket.socket,
    when_open: Callable[[], None] = lambda: None,
    *,
    opens_first: bool = True,
) -> None:
    """Serve on the open port until told to stop."""
    server = Server(
        partial(_load, settings),
        when_open,
        _freeze,
        opens_first=opens_first,
        access_log=False,
        timeout_graceful_shutdown=25,
        timeout_keep_alive=65,
        limit_concurrency=10_000,
        server_header=False,
    )
    server.run(sockets=[listener])


def _load(settings: Settings) -> FastAPI:
    gc.disable()
    try:
        from handled.app import create_app

        return create_app(settings)
    finally:
        gc.freeze()
        gc.enable()


def _freeze() -> None:
    # None of what was loaded is ever garbage: the collector would go through all of it, again and again.
    gc.collect()
    gc.freeze()
    # A turn makes little garbage and keeps much until its end, which the usual 700 would go through in each turn.
    gc.set_threshold(5_000, 20, 50)


def run_worker() -> None:
    settings = configured()
    set_up(json=settings.log_json)
    asyncio.run(_work(settings))


async def _work(settings: Settings) -> None:
    from handled.adapters import create_gateway, create_sender, create_shared
    from handled.app import TurnRunner
    from handled.catalog.load import share_through
    from handled.conversations.turn_events import TurnStreams
    from handled.db.engine import check_database, create_engine
    from handled.db.listen import listen
    from handled.kit import metrics, tracing
    from handled.kit.tasks import beside
    from handled.kit.wakeups import Wakeups
    from handled.worker import WorkerParts, working

    assert settings.database_url is not None  # noqa: S101  configured() saw to it
    site.set_origin(settings.origin)
    engine = create_engine(settings.database_url, pool_size=settings.database_pool)
    await check_database(engine)
    wakeups, ready, runner = Wakeups(), asyncio.Event(), secrets.randbelow(2**31 - 1) + 1
    sender, _ = create_sender(settings)
    gateway = create_gateway(settings, engine)
    shared = create_shared(settings)
    share_through(shared)
    stop = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, stop.set)
    async with AsyncExitStack() as parts:
        parts.push_async_callback(engine.dispose)
        if gateway is not None:
            parts.push_async_callback(gateway.close)
        await parts.enter_async_context(beside(listen(settings.database_url, wakeups, runner, ready)))
        await ready.wait()
        turn_runner = TurnRunner(settings, engine, TurnStreams(engine, wakeups), runner, _freeze)
        if settings.metrics_port is not None:
            parts.push_async_callback(asyncio.to_thread, metrics.serve_here(settings.metrics_port))
        if settings.otlp_endpoint is not None:
            stop_tracing = await asyncio.to_thread(tracing.set_up, settings.otlp_endpoint, handled.__version__)
            parts.push_async_callback(asyncio.to_thread, stop_tracing)
        if shared is not None:
            await parts.enter_async_context(shared.running(wakeups))
        worker = WorkerParts(engine, sender, turn_runner.take_up, settings.mail_from, gateway)
        await parts.enter_async_context(working(settings, worker))
        logging.getLogger(__name__).info("working")
        await stop.wait()
        await turn_runner.drain()
