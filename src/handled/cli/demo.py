"""`handled demo`: a database of its own, three businesses, the server, and where to find everything."""

from __future__ import annotations

import asyncio
import logging
import shutil
import signal
import socket
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import FrameType

import click

from handled.cli.serve import listening, serve
from handled.db.embedded import EmbeddedPostgres, reachable_root
from handled.kit import clock
from handled.kit.errors import HandledError
from handled.kit.log import set_up
from handled.settings import Settings, load_settings

_PORTS = range(8000, 8100)


def run_demo(*, fresh: bool, port: int | None) -> None:
    settings = load_settings()
    if settings.environment == "production":
        raise HandledError("not_in_production", "The demo does not run with HANDLED_ENVIRONMENT=production.")
    set_up(json=settings.log_json, level=logging.WARNING)
    if settings.now is not None:
        clock.start_at(settings.now)
    if fresh and settings.database_url:
        raise HandledError("not_ours", "`--fresh` empties the demo's own database. DATABASE_URL names one of yours.")
    listener = _free_port(settings.host, port)
    server: EmbeddedPostgres | None = None
    try:
        with interruptible() as look:
            server = None if settings.database_url else _own_server(settings.data_dir, fresh)
            _run(settings, server, listener, look)
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()
        if server is not None and server.started_here:
            server.stop()
    click.echo("Stopped. The data is kept; `--fresh` starts over.")


@contextmanager
def interruptible() -> Generator[Callable[[], None]]:
    """Ctrl-C ends the block. What is given looks for one that was lost: an exception that a signal raises while Python
    clears away an object ends nothing."""
    asked = False

    def interrupt(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        asked = True
        raise KeyboardInterrupt

    def look() -> None:
        if asked:
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield look
    finally:
        signal.signal(signal.SIGINT, before)


def _run(
    settings: Settings, server: EmbeddedPostgres | None, listener: socket.socket, look: Callable[[], None]
) -> None:
    """Everything from the database to the last customer; `look` between the steps."""
    owner_url = settings.database_owner_url or settings.database_url or (server.start() if server else "")
    settings = settings.model_copy(
        update={
            "environment": "demo",
            "database_url": settings.database_url or owner_url,
            "port": listener.getsockname()[1],
        }
    )
    look()
    _prepare(owner_url)
    look()
    slugs = asyncio.run(_import_tenants(settings))
    look()
    began, beside = clock.now(), set[asyncio.Task[None]]()

    def when_open() -> None:
        try:
            look()
        except KeyboardInterrupt:
            signal.raise_signal(signal.SIGINT)  # by now the server hears it, and stops as it should
            return
        _announce(settings, slugs)
        if settings.now is None:
            beside.add(asyncio.get_running_loop().create_task(_fill(settings, slugs, began)))

    serve(settings, listener, when_open)


def _own_server(data_dir: Path, fresh: bool) -> EmbeddedPostgres:
    data_dir.mkdir(parents=True, exist_ok=True)
    root = reachable_root(data_dir / "postgres")
    server = EmbeddedPostgres(root)
    if fresh:
        server.stop()
        for each in (root, data_dir / "mailbox"):
            shutil.rmtree(each, ignore_errors=True)
        server = EmbeddedPostgres(root)
    click.echo("Starting the database…")
    return server


def _prepare(owner_url: str) -> None:
    from handled.db.migrate import migrate, schema_revision

    current, needed = schema_revision(owner_url)
    if current != needed:
        click.echo("Preparing the database…")
        migrate(owner_url)


async def _import_tenants(settings: Settings) -> list[tuple[str, str]]:
    from handled.db.engine import create_engine
    from handled.tenants import config

    assert settings.database_url is not None  # noqa: S101  set above
    engine = create_engine(settings.database_url, pool_size=2)
    tenants: list[tuple[str, str]] = []
    for document in config.demo_documents():
        await config.import_document(engine, document)
        tenants.append((document.slug, document.name))
    await engine.dispose()
    return tenants


async def _fill(settings: Settings, tenants: list[tuple[str, str]], began: datetime) -> None:
    """A past for whoever has none, while the first pages are looked at."""
    from handled.cli import demo_history

    assert settings.database_url is not None  # noqa: S101  set above
    await demo_history.fill(settings.database_url, [slug for slug, _ in tenants], began)


def _free_port(host: str, port: int | None) -> socket.socket:
    if port is not None:
        return listening(host, port)
    for candidate in _PORTS:
        try:
            return listening(host, candidate)
        except HandledError as problem:
            if problem.name != "port_taken":
                raise
    message = f"The ports {_PORTS[0]} to {_PORTS[-1]} are all in use on {host}. Name another one with --port."
    raise HandledError("port_taken", message)


def _announce(settings: Settings, tenants: list[tuple[str, str]]) -> None:
    base = f"http://{settings.host}:{settings.port}"
    model = settings.model_name or "the guided model (set ANTHROPIC_API_KEY for Claude)"
    width = max(len(name) for _, name in tenants)
    click.echo(f"\nhandled is running, answering with {model}.\n")
    for slug, name in tenants:
        click.echo(f"  {name:<{width}}  {base}/c/{slug}")
    click.echo(f"  {'Dashboard':<{width}}  {base}/dashboard")
    click.echo(f"  {'Mailbox':<{width}}  {base}/mailbox")
    click.echo(f"  {'API':<{width}}  {base}/docs\n\nCtrl-C stops everything.", nl=True)
