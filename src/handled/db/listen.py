"""One connection per process that hears what other processes did, and by living proves that this one lives."""

from __future__ import annotations

import asyncio
import logging

import psycopg

from handled.db.engine import APP_ROLE, libpq_url
from handled.db.locks import RUNNER_LOCK_CLASS
from handled.kit.wakeups import Wakeups

logger = logging.getLogger(__name__)


async def listen(database_url: str, wakeups: Wakeups, runner: int, ready: asyncio.Event) -> None:
    """Pass on notifications for ever, reconnecting when the connection is lost.

    The connection holds the advisory lock of `runner`: whoever can take that lock knows that the process is
    dead and may close its turns. `ready` is set once the lock is held.
    """
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(
                libpq_url(database_url),
                autocommit=True,
                options=f"-c role={APP_ROLE}",
                connect_timeout=5,
                keepalives_idle=10,
                application_name="handled listen",
            ) as connection:
                await connection.execute("select pg_advisory_lock(%s::int, %s::int)", (RUNNER_LOCK_CLASS, runner))
                await connection.execute("listen handled")
                ready.set()
                wakeups.wake_all()
                async for notification in connection.notifies():
                    wakeups.wake(notification.payload)
        except psycopg.OperationalError as error:
            logger.warning("lost the listening connection, reconnecting: %s", type(error).__name__)
            await asyncio.sleep(1)
