"""Queueing notifications and sending them: nothing lost, nothing sent twice by us."""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from handled.db.session import tenant_session
from handled.jobs.queue import enqueue
from handled.kit import clock, ids
from handled.notifications.email import HeaderRefused, PermanentFailure, Sender, TemporaryFailure
from handled.notifications.messages import Notification as Message
from handled.notifications.messages import from_json, to_json
from handled.notifications.render import recipient, render
from handled.tables import Notification, Tenant

logger = logging.getLogger(__name__)

SEND = "notifications.send"
MAX_ATTEMPTS = 8
# What an address that nobody has verified may get from one business in a day.
DAILY_TO_UNVERIFIED = 3


async def queue(session: AsyncSession, tenant_id: UUID, message: Message, *, booking_id: UUID | None = None) -> None:
    """Write a notification down and queue its sending, both in the caller's transaction.

    Nobody can be bombed: beyond three mails a day to an address that is not the business's own, it is kept
    as `withheld`. Counted in PostgreSQL.
    """
    to = recipient(message)
    withheld = await _is_bombing(session, tenant_id, to)
    notification_id = ids.new_id()
    session.add(
        Notification(
            tenant_id=tenant_id,
            id=notification_id,
            kind=message.kind,
            recipient=to,
            payload=to_json(message),
            status="withheld" if withheld else "queued",
            booking_id=booking_id,
            attempts=0,
            created_at=clock.now(),
        )
    )
    if not withheld:
        await enqueue(session, SEND, tenant_id=str(tenant_id), notification_id=str(notification_id))


async def send(
    engine: AsyncEngine,
    sender: Sender,
    tenant_id: UUID,
    notification_id: UUID,
    *,
    from_address: str,
    mail_domain: str,
) -> None:
    """Send one notification and record what the provider called it. No transaction is open meanwhile.

    A repeated job finds it sent. A temporary failure is tried again later, a permanent one is recorded.
    """
    async with tenant_session(engine, tenant_id) as session:
        row = await session.get(Notification, (tenant_id, notification_id))
    if row is None or row.status != "queued":
        return
    error: str | None = None
    provider_id: str | None = None
    status = "sent"
    try:
        mail = render(from_json(row.payload), notification_id, from_address=from_address, mail_domain=mail_domain)
        provider_id = await sender.send(mail)
    except (PermanentFailure, HeaderRefused) as failure:
        status, error = "failed", str(failure)
    except TemporaryFailure as failure:
        status, error = ("queued" if row.attempts + 1 < MAX_ATTEMPTS else "failed"), str(failure)
    async with tenant_session(engine, tenant_id) as session:
        row = await session.get_one(Notification, (tenant_id, notification_id))
        row.attempts += 1
        row.status, row.last_error, row.provider_id = status, error, provider_id
        row.sent_at = clock.now() if status == "sent" else None
        if status == "queued":
            again_at = clock.machine_now() + timedelta(seconds=15 * 2**row.attempts)
            names = {"tenant_id": str(tenant_id), "notification_id": str(notification_id)}
            await enqueue(session, SEND, schedule_at=again_at, **names)
    if error:
        logger.warning("notification %s is %s after attempt %d", notification_id, status, row.attempts)


async def _is_bombing(session: AsyncSession, tenant_id: UUID, to: str) -> bool:
    if to == (await session.execute(select(Tenant.contact_email))).scalar_one():
        return False
    # One address at a time, so that two bookings at once count each other.
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"{tenant_id} {to}", 7103))))
    day_ago = clock.now() - timedelta(days=1)
    sent = select(func.count()).where(
        Notification.tenant_id == tenant_id,
        Notification.recipient == to,
        Notification.created_at > day_ago,
        Notification.status != "withheld",
    )
    return (await session.execute(sent)).scalar_one() >= DAILY_TO_UNVERIFIED
