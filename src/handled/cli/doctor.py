"""`handled doctor`: what is configured, whether it works, and what to do if not."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import click
from sqlalchemy import Row, text
from sqlalchemy.exc import SQLAlchemyError

from handled.adapters import create_sender, create_shared
from handled.cli.serve import configured
from handled.db.engine import check_database, create_engine
from handled.db.session import lookup_session
from handled.kit import clock
from handled.kit.errors import HandledError
from handled.kit.wakeups import Wakeups
from handled.settings import Settings

_JOBS = """
select task_name, count(*) filter (where status = 'todo' and coalesce(scheduled_at, now()) <= now()),
  count(*) filter (where status = 'doing'), count(*) filter (where status = 'failed'),
  extract(epoch from now() - min(scheduled_at) filter (where status = 'todo' and scheduled_at <= now()))::int
from procrastinate_jobs where status in ('todo', 'doing', 'failed') group by task_name
having count(*) filter (where coalesce(scheduled_at, now()) <= now()) > 0 order by task_name
"""
_WORKERS = "select count(*) from procrastinate_workers where last_heartbeat > now() - interval '30 seconds'"
# What a running worker leaves no older than this.
_LATE = {
    "refunds": "select count(*) from unsettled_refunds(now() - interval '1 hour', 1000)",
    "unpaid bookings to let go of": "select count(*) from overdue_payments(now() - interval '5 minutes', 1000)",
}

_EVENTS = "select * from troubled_webhooks(now() - interval '5 minutes', now() - interval '30 days')"

_PROMISES = "select what, count from broken_promises(:now) where count > 0"

Check = Callable[[Settings], Awaitable[str]]


async def run_doctor() -> None:
    settings = configured()
    healthy = True
    for name, check in (
        ("database", _database),
        ("schema", _schema),
        *((("redis", _redis),) if settings.redis_url is not None else ()),
        ("jobs", _jobs),
        ("money", _money),
        ("promises", _promises),
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


async def _rows(settings: Settings, query: str, **values: Any) -> Sequence[Row[Any]]:
    engine = create_engine(settings.database_url or "", pool_size=2)
    try:
        async with lookup_session(engine) as session:
            return (await session.execute(text(query), values)).all()
    finally:
        await engine.dispose()


async def _ask(settings: Settings, query: str) -> str:
    return str((await _rows(settings, query))[0][0])


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


async def _redis(settings: Settings) -> str:
    shared = create_shared(settings, patience_seconds=5)
    if shared is None:
        return "none"
    async with shared.running(Wakeups()):
        if await shared.count("doctor", 1_000, 1) is None:
            raise HandledError("no_redis", "does not answer; everything works without it, only slower: see REDIS_URL")
    return "answers"


async def _jobs(settings: Settings) -> str:
    """One line for all jobs, and one for each kind that waits or has failed."""
    found: list[tuple[Any, ...]] = [tuple(row) for row in await _rows(settings, _JOBS)]
    alive = int(await _ask(settings, _WORKERS))
    total = [sum(row[column] for row in found) for column in (1, 2, 3)]
    workers = f"{alive} worker{'' if alive == 1 else 's'}"
    lines = [f"{total[0]} waiting, {total[1]} running, {total[2]} failed; {workers} at work"]
    for name, waiting, running, failed, seconds in found:
        oldest = f" for up to {seconds} s" if waiting and seconds else ""
        lines.append(f"  {name}: {waiting} waiting{oldest}, {running} running, {failed} failed")
    if not alive and total[0]:
        raise HandledError(
            "no_worker", "\n".join([*lines, "  nobody works on them: run `handled serve` or `handled work`"])
        )
    return "\n".join(lines)


async def _money(settings: Settings) -> str:
    if settings.stripe_api_key is not None:
        gateway = f"Stripe, {'live' if '_live_' in settings.stripe_api_key.get_secret_value() else 'test'} mode"
    elif settings.environment == "production":
        return "none; what is paid in advance cannot be booked without STRIPE_API_KEY"
    else:
        gateway = "the sandbox, in which no money moves; set STRIPE_API_KEY for Stripe"
    late = {name: int(await _ask(settings, query)) for name, query in _LATE.items()}
    events: list[tuple[Any, ...]] = [tuple(row) for row in await _rows(settings, _EVENTS)]
    late["webhook events"] = sum(count for status, _, _, count in events if status == "received")
    troubled = [f"{name} ({count})" for name, count in late.items() if count]
    lines = [f"{gateway}; late: {', '.join(troubled)}. Is a worker running?" if troubled else gateway]
    for status, kind, outcome, count in events:
        if status == "failed":
            lines.append(f"  {count} {kind} failed in the last 30 days: {outcome}")
        elif outcome is not None:
            lines.append(f"  {count} {kind} tried in vain so far: {outcome}")
    if troubled:
        raise HandledError("late_money", "\n".join(lines))
    return "\n".join(lines)


async def _promises(settings: Settings) -> str:
    """What the database must hold true of bookings and money, whoever wrote it or restored it."""
    broken = [tuple(row) for row in await _rows(settings, _PROMISES, now=clock.now())]
    if broken:
        found = ", ".join(f"{what} ({count})" for what, count in broken)
        raise HandledError("broken_promises", f"{found}: see docs/operations.md, what to check after restoring")
    return "every live booking has its place, every payment is in the ledger"


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
