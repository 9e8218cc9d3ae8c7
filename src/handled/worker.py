"""The worker: which function each job's name means, and what runs by the clock.

It runs inside the web process, or alone as `handled work`, as often as you like: every job runs once.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from procrastinate import App, JobContext, RetryStrategy
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Status
from procrastinate.manager import JobManager
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.analytics import rollups
from handled.bookings import jobs as bookings
from handled.conversations import ending, handoff, replies, retention
from handled.customers import attempts
from handled.db.session import tenant_session
from handled.escalations import jobs as escalations
from handled.jobs.queue import create_queue
from handled.kit import clock, metrics, tracing
from handled.notifications import jobs as notifications
from handled.notifications.email import Sender
from handled.notifications.email.mailbox import MailboxSender, forget_old
from handled.payments import attempt, checkout, events, inbox, problems, progress, reconcile, refunds
from handled.payments.gateways import Gateway
from handled.payments.gateways.sandbox import SandboxGateway
from handled.payments.gateways.sandbox_books import DELIVER, EXPIRE
from handled.proposals import jobs as proposals
from handled.settings import Settings
from handled.tenants import accounts, idempotency
from handled.tenants.industry import RETENTION_DAYS
from handled.usage import telling

logger = logging.getLogger(__name__)

# A worker says every few seconds that it lives. Jobs under way when it, or its database, died run again when it has
# been silent for so long and `jobs.rescue` comes by: half a minute at most.
HEARTBEAT_SECONDS = 5
STALLED_SECONDS = 20
# What the gateway could not answer. Beyond that, the reconciler asks.
_ASK_AGAIN = RetryStrategy(max_attempts=6, exponential_wait=4)


@dataclass(frozen=True, slots=True)
class WorkerParts:
    """What jobs need. `take_up()` ends turns that nobody runs any more and runs those that waited for them. Without a
    `gateway` there is no money."""

    engine: AsyncEngine
    sender: Sender
    take_up: Callable[[], Awaitable[None]]
    from_address: str
    gateway: Gateway | None = None


@asynccontextmanager
async def working(settings: Settings, parts: WorkerParts) -> AsyncGenerator[App]:
    """Work on jobs while the block runs; those under way get 20 s to finish."""
    assert settings.database_url is not None  # noqa: S101  the roots see to it
    queue = create_queue(settings.database_url)
    register(queue, parts)
    register_bookings(queue, parts.engine)
    register_privacy(queue, parts)
    if parts.gateway is not None:
        register_payments(queue, parts.engine, parts.gateway)
    stopping = asyncio.Event()
    async with queue.open_async():
        task = asyncio.create_task(_work(queue, stopping))
        try:
            yield queue
        finally:
            stopping.set()
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def _work(queue: App, stopping: asyncio.Event) -> None:
    """The library's worker ends when it loses its database. Another one goes on when that is back."""
    while not stopping.is_set():
        try:
            await queue.run_worker_async(
                concurrency=4,
                install_signal_handlers=False,
                shutdown_graceful_timeout=20,
                update_heartbeat_interval=HEARTBEAT_SECONDS,
                stalled_worker_timeout=STALLED_SECONDS,
                delete_jobs="successful",
                worker_middleware=[_measured],
            )
        except ConnectorException as error:
            logger.warning("the worker lost the database, starting again: %s", type(error).__name__)
        await asyncio.sleep(1)


async def _measured(run: Callable[[], Awaitable[Any]], context: JobContext, _: object) -> Any:
    name, outcome, began = context.job.task_name, "error", clock.monotonic()
    try:
        with tracing.span("job", name=name, job=context.job.id or 0, attempt=context.job.attempts):
            answer = await run()
        outcome = "ok"
        return answer
    finally:
        metrics.jobs.labels(name, outcome).inc()
        metrics.job_seconds.labels(name).observe(clock.monotonic() - began)


def register(queue: App, parts: WorkerParts) -> None:
    """Give every job name its function. The sixth field of a schedule is seconds."""

    # What the mail server does to a mail, `send` itself sees to. This is for when we could not even write it down.
    @queue.task(name=notifications.SEND, retry=RetryStrategy(max_attempts=8, exponential_wait=4))
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

    @queue.periodic(cron="* * * * * */10")
    @queue.task(name="jobs.rescue", queueing_lock="jobs.rescue", pass_context=True)
    async def rescue(context: JobContext, timestamp: int) -> None:
        await _rescue(context.app.job_manager)

    # Registered for their side effect on the queue.
    _ = (send_notification, expire_proposals, close_orphans, rescue)


async def _rescue(manager: JobManager) -> None:
    """Jobs whose worker died run again: each of them may be repeated safely. None stands in the way of the others."""
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        try:
            try:
                await manager.retry_job(job)
            except UniqueViolation:
                # The next one of its kind waits already, perhaps for the lock that this one still holds.
                await manager.finish_job(job, Status.FAILED, delete_job=True)
        except ConnectorException as trouble:
            logger.warning("job %s (%s) was not rescued: %s", job.id, job.task_name, trouble)


def register_bookings(queue: App, engine: AsyncEngine) -> None:
    """What becomes of bookings when money has come, or time has passed."""

    @queue.task(name=progress.SETTLE, retry=_ASK_AGAIN)
    async def settle(tenant_id: str, payment_id: str) -> None:
        await bookings.settle(engine, UUID(tenant_id), UUID(payment_id))

    @queue.task(name=problems.PROBLEM, retry=_ASK_AGAIN)
    async def report_problem(tenant_id: str, booking_id: str, **about: Any) -> None:
        await bookings.report_problem(engine, UUID(tenant_id), UUID(booking_id), **about)

    @queue.task(name=attempt.EXTENDED, retry=_ASK_AGAIN)
    async def tell_extended(tenant_id: str, booking_id: str) -> None:
        await bookings.tell_extended(engine, UUID(tenant_id), UUID(booking_id))

    @queue.periodic(cron="* * * * * 15")
    @queue.task(name="bookings.remind", queueing_lock="bookings.remind", lock="bookings.remind")
    async def remind(timestamp: int) -> None:
        await bookings.remind(engine)

    @queue.periodic(cron="* * * * * 5")
    @queue.task(
        name="conversations.end_silent", queueing_lock="conversations.end_silent", lock="conversations.end_silent"
    )
    async def end_silent(timestamp: int) -> None:
        await ending.end_silent(engine)

    @queue.periodic(cron="* * * * * */30")
    @queue.task(name="usage.tell", queueing_lock="usage.tell", lock="usage.tell")
    async def tell_budgets(timestamp: int) -> None:
        await telling.tell(engine)

    @queue.task(name=handoff.MAIL, retry=_ASK_AGAIN)
    async def mail_replies(tenant_id: str, conversation_id: str) -> None:
        await replies.mail_replies(engine, UUID(tenant_id), UUID(conversation_id))

    @queue.periodic(cron="* * * * * 25")
    @queue.task(name="escalations.remind", queueing_lock="escalations.remind", lock="escalations.remind")
    async def remind_of_escalations(timestamp: int) -> None:
        await escalations.remind(engine)

    @queue.periodic(cron="* * * * * 45")
    @queue.task(name="bookings.complete", queueing_lock="bookings.complete", lock="bookings.complete")
    async def complete(timestamp: int) -> None:
        await bookings.complete(engine)

    @queue.periodic(cron="17 * * * *")
    @queue.task(name="analytics.roll_up", queueing_lock="analytics.roll_up", lock="analytics.roll_up")
    async def roll_up(timestamp: int) -> None:
        await rollups.roll_up_all(engine)

    @queue.periodic(cron="7 * * * *")
    @queue.task(name="tenants.forget", queueing_lock="tenants.forget", lock="tenants.forget")
    async def forget(timestamp: int) -> None:
        """Requests that nobody repeats any more, and guesses that no longer count."""
        for tenant_id, *_ in await accounts.list_all(engine):
            async with tenant_session(engine, tenant_id) as session:
                await idempotency.forget_old(session, tenant_id)
                await attempts.forget_old(session, tenant_id)

    _ = (
        settle,
        report_problem,
        tell_extended,
        remind,
        end_silent,
        roll_up,
        tell_budgets,
        mail_replies,
        remind_of_escalations,
        complete,
        forget,
    )


def register_privacy(queue: App, parts: WorkerParts) -> None:
    """What is not kept for ever goes at night."""

    @queue.periodic(cron="40 3 * * *")
    @queue.task(name="privacy.purge", queueing_lock="privacy.purge", lock="privacy.purge", pass_context=True)
    async def purge(context: JobContext, timestamp: int) -> None:
        done = await retention.purge(parts.engine, rollups.frozen_until)
        logger.info("purged: %s", dict(done) or "nothing")
        # Jobs carry ids alone; those that failed are kept for as long as somebody may ask why.
        await context.app.job_manager.delete_old_jobs(
            nb_hours=RETENTION_DAYS * 24, include_failed=True, include_cancelled=True, include_aborted=True
        )
        if isinstance(parts.sender, MailboxSender):
            await asyncio.to_thread(forget_old, parts.sender.folder, timedelta(days=RETENTION_DAYS))

    _ = purge


def register_payments(queue: App, engine: AsyncEngine, gateway: Gateway) -> None:
    """The jobs that ask the gateway something, or work on what it told us."""

    @queue.task(name=inbox.WORK, retry=_ASK_AGAIN)
    async def work_event(tenant_id: str, source: str, event_id: str) -> None:
        await events.work(engine, gateway, UUID(tenant_id), source, event_id)

    # When the gateway does not answer, `send` itself says so: this is for when we could not write it down.
    @queue.task(name=refunds.SEND, retry=_ASK_AGAIN)
    async def send_refund(tenant_id: str, refund_id: str) -> None:
        await refunds.send(engine, gateway, UUID(tenant_id), UUID(refund_id))

    @queue.task(name=progress.LOOK_AT_REFUNDS, retry=_ASK_AGAIN)
    async def look_at_refunds(tenant_id: str, payment_id: str) -> None:
        await reconcile.look_at_refunds(engine, gateway, UUID(tenant_id), UUID(payment_id))

    @queue.task(name=checkout.CLOSE, retry=_ASK_AGAIN)
    async def close_checkout(tenant_id: str, payment_id: str) -> None:
        await checkout.close_one(engine, gateway, UUID(tenant_id), UUID(payment_id))

    @queue.periodic(cron="* * * * * */30")
    @queue.task(name="payments.reconcile", queueing_lock="payments.reconcile", lock="payments.reconcile")
    async def reconcile_payments(timestamp: int) -> None:
        await reconcile.reconcile(engine, gateway)

    @queue.task(name=bookings.CLOSE_CHECKOUT, retry=_ASK_AGAIN)
    async def close_checkouts(tenant_id: str, booking_id: str) -> None:
        await bookings.close_checkout(engine, gateway, UUID(tenant_id), UUID(booking_id))

    @queue.periodic(cron="* * * * * */20")
    @queue.task(name="bookings.expire_unpaid", queueing_lock="bookings.expire_unpaid", lock="bookings.expire_unpaid")
    async def expire_unpaid(timestamp: int) -> None:
        await bookings.expire_unpaid(engine, gateway)

    _ = (work_event, send_refund, look_at_refunds, close_checkout, reconcile_payments, close_checkouts, expire_unpaid)
    if isinstance(gateway, SandboxGateway):
        _register_sandbox(queue, gateway)


def _register_sandbox(queue: App, sandbox: SandboxGateway) -> None:
    @queue.task(name=DELIVER)
    async def deliver(tenant_id: str, event_id: str, attempt: int = 1) -> None:
        await sandbox.deliver(UUID(tenant_id), UUID(event_id), attempt)

    @queue.task(name=EXPIRE)
    async def expire(tenant_id: str, checkout_id: str) -> None:
        await sandbox.expire_due(UUID(tenant_id), UUID(checkout_id))

    _ = (deliver, expire)
