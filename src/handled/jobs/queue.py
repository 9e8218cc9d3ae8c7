"""The job queue. A job is a name and JSON arguments; `worker.py` knows which function a name means."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from procrastinate import App, PsycopgConnector
from sqlalchemy.ext.asyncio import AsyncSession

from handled.db.engine import APP_ROLE, libpq_url

# Only ever used to write jobs on a connection that the caller brings; it never opens one of its own.
_writer = App(connector=PsycopgConnector())


async def enqueue(
    session: AsyncSession,
    name: str,
    *,
    schedule_at: datetime | None = None,
    lock: str | None = None,
    **arguments: Any,
) -> None:
    """Queue a job in the caller's transaction: it exists exactly if the transaction commits.

    `arguments` must be JSON. Jobs with the same `lock` run one after another.
    """
    connection = await (await session.connection()).get_raw_connection()
    deferrer = _writer.configure_task(
        name,
        allow_unknown=True,
        schedule_at=schedule_at,
        lock=lock,
        connection=connection.driver_connection,
        task_kwargs=arguments,
    )
    await deferrer.defer_async()


def create_queue(database_url: str, *, pool_size: int = 4) -> App:
    """The queue as a worker sees it, on its own small pool of connections, as the application's role."""
    connector = PsycopgConnector(
        conninfo=libpq_url(database_url),
        min_size=1,
        max_size=pool_size,
        kwargs={"options": f"-c role={APP_ROLE} -c timezone=UTC", "connect_timeout": 5},
    )
    return App(connector=connector)
