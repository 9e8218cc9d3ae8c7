"""The worker: which function each job's name means, and what runs by the clock.

It runs inside the web process, or alone as `handled work`, as often as you like: every job runs once.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from procrastinate import App, JobContext
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.jobs.queue import create_queue
from handled.notifications import jobs as notifications
from handled.notifications.email import Sender
from handled.proposals import jobs as proposals
from handled.settings import Settings

STALLED_SECONDS = 30


@dataclass(frozen=True, slots=True)
class WorkerParts:
    """What jobs need. `take_up()` ends turns that nobody runs any more and runs those that waited for them."""

    engine: AsyncEngine
    sender: Sender
    take_up: Callable[[], Awaitable[None]]
    from_address: str


@asynccontextmanager
async def working(settings: Settings, parts: WorkerParts) -> AsyncGenerator[App]:
    """Work on jobs while the block runs; those under way get 20 s to finish."""
    assert settings.database_url is not None  # noqa: S101  the roots see to it
    queue = create_queue(settings.database_url)
    register(queue, parts)
    async with queue.open_async():
        task = asyncio.create_task(
            queue.run_worker_async(
                concurrency=4,
                install_signal_handlers=False,
                shutdown_graceful_timeout=20,
                update_heartbeat_interval=5,
                stalled_worker_timeout=STALLED_SECONDS,
                delete_jobs="successful",
            )
        )
        try:
            yield queue
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


def register(queue: App, parts: WorkerParts) -> None:
    """Give every job name its function. The sixth field of a schedule is seconds."""

    @queue.task(name=notifications.SEND)
    async def send_notification(tenant_id: str, notification_id: str) -> None:
        await notifications.send(
            parts.engine,
            parts.sender,
            UUID(tenant_id),
            UUID(notification_id),
            from_address=parts.from_address,
            mail_domain=parts.from_address.rpartition("@")[2],
        )

    @queue.periodic(cron="* * * * * */20")
    @queue.task(name="proposals.expire", queueing_lock="proposals.expire")
    async def expire_proposals(timestamp: int) -> None:
        await proposals.expire(parts.engine)

    @queue.periodic(cron="* * * * * */10")
    @queue.task(name="conversations.close_orphans", queueing_lock="conversations.close_orphans")
    async def close_orphans(timestamp: int) -> None:
        await parts.take_up()

    @queue.periodic(cron="* * * * * */30")
    @queue.task(name="jobs.rescue", queueing_lock="jobs.rescue", pass_context=True)
    async def rescue(context: JobContext, timestamp: int) -> None:
        """Jobs whose worker died run again: each of them may be repeated safely."""
        manager = context.app.job_manager
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
            await manager.retry_job(job)

    # Registered for their side effect on the queue.
    _ = (send_notification, expire_proposals, close_orphans, rescue)
