"""`handled doctor`: what is configured, whether it works, and what to do if not."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable

import click
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from handled.adapters import create_sender
from handled.cli.serve import configured
from handled.db.engine import check_database, create_engine
from handled.db.session import lookup_session
from handled.kit.errors import HandledError
from handled.settings import Settings

Check = Callable[[Settings], Awaitable[str]]


async def run_doctor() -> None:
    settings = configured()
    healthy = True
    for name, check in (
        ("database", _database),
        ("schema", _schema),
        ("jobs", _jobs),
        ("mail", _mail),
        ("model", _model),
    ):
        try:
            async with asyncio.timeout(15):
                click.echo(f"✓ {name:<9} {await check(settings)}")
        except (HandledError, SQLAlchemyError, OSError, TimeoutError) as error:
            healthy = False
            reason = error.message if isinstance(error, HandledError) else f"did not answer ({type(error).__name__})"
            click.secho(f"✗ {name:<9} {reason}", fg="red")
    if not healthy:
        sys.exit(1)


async def _ask(settings: Settings, query: str) -> str:
    engine = create_engine(settings.database_url or "", pool_size=2)
    try:
        async with lookup_session(engine) as session:
            return str((await session.execute(text(query))).scalar())
    finally:
        await engine.dispose()


async def _database(settings: Settings) -> str:
    engine = create_engine(settings.database_url or "", pool_size=2)
    try:
        await check_database(engine)
    finally:
        await engine.dispose()
    return f"PostgreSQL {await _ask(settings, 'show server_version')}, as a role that owns nothing"


async def _schema(settings: Settings) -> str:
    from handled.db.migrate import schema_revision

    owner_url = settings.database_owner_url or settings.database_url or ""
    current, needed = await asyncio.to_thread(schema_revision, owner_url)
    if current != needed:
        raise HandledError("old_schema", f"at {current}, needs {needed}: run `handled db migrate`")
    return f"up to date ({needed})"


async def _jobs(settings: Settings) -> str:
    waiting = await _ask(
        settings,
        "select count(*) from procrastinate_jobs where status = 'todo' and coalesce(scheduled_at, now()) <= now()",
    )
    failed = await _ask(settings, "select count(*) from procrastinate_jobs where status = 'failed'")
    return f"{waiting} waiting, {failed} failed"


async def _mail(settings: Settings) -> str:
    create_sender(settings)  # refuses what is no address of a mail server
    if settings.postmark_token is not None:
        return f"sent by Postmark from {settings.mail_from}"
    if settings.smtp_url is not None:
        return f"sent by SMTP from {settings.mail_from}"
    return f"kept in the local mailbox ({settings.data_dir / 'mailbox'}); set SMTP_URL or POSTMARK_TOKEN to send it"


async def _model(settings: Settings) -> str:
    if settings.model_name is None:
        return "guided only; set ANTHROPIC_API_KEY or HANDLED_MODEL for a language model"
    return f"{settings.model_name}, and guided when it fails"
