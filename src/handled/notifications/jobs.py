"""Queueing notifications and sending them: nothing lost, nothing sent twice by us."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Literal
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from handled.db.session import insist, tenant_session
from handled.jobs.queue import enqueue
from handled.kit import clock, ids, metrics, tracing
from handled.notifications import caps
from handled.notifications.email import HeaderRefused, PermanentFailure, Sender, TemporaryFailure
from handled.notifications.messages import Notification as Message
from handled.notifications.messages import forget, from_json, is_over, to_json
from handled.notifications.render import recipient, render
from handled.tables import Notification
from handled.tables.personal import NOBODY

logger = logging.getLogger(__name__)

SEND = "notifications.send"
MAX_ATTEMPTS = 8
# For so long nobody else sends it; a sender that takes nearly as long is cut off.
LEASE_SECONDS = 60
_SEND_SECONDS = 50

Fate = Literal["queued", "withheld", "known"]


async def queue(
    session: AsyncSession,
    tenant_id: UUID,
    message: Message,
    *,
    booking_id: UUID | None = None,
    once_key: str | None = None,
) -> Fate:
    """Write a notification down and queue its sending, both in the caller's transaction.

    What would be too much for an address that nobody has verified is kept as `withheld` (`caps`). Of those with
    the same `once_key` there is one in a business, whoever else queues it meanwhile: the others are `known`. To
    somebody whose data was erased nothing is written.
    """
    to = recipient(message)
    if to.endswith(NOBODY):
        return "known"
    key = await caps.cap_key(session, tenant_id, to)
    withheld = key is not None and await caps.is_over(session, key, message.kind)
    added = await session.execute(
        insert(Notification)
        .values(
            tenant_id=tenant_id,
            id=ids.new_id(),
            kind=message.kind,
            recipient=to,
            cap_key=key,
            payload=to_json(forget(message) if withheld else message),
            status="withheld" if withheld else "queued",
            booking_id=booking_id,
            once_key=once_key,
            created_at=clock.now(),
        )
        .on_conflict_do_nothing(index_elements=["tenant_id", "once_key"])
        .returning(Notification.id)
    )
    notification_id = added.scalar_one_or_none()
    if notification_id is None:
        return "known"
    if withheld:
        metrics.mails.labels(message.kind, "withheld").inc()
        return "withheld"
    await enqueue(session, SEND, tenant_id=str(tenant_id), notification_id=str(notification_id))
    return "queued"


async def is_mailed(session: AsyncSession, tenant_id: UUID, booking_id: UUID, kinds: Iterable[str]) -> bool:
    """Whether the newest mail of these kinds about a booking has left, or is going to."""
    newest = (
        select(Notification.status)
        .where(Notification.tenant_id == tenant_id, Notification.booking_id == booking_id)
        .where(Notification.kind.in_(tuple(kinds)))
        .order_by(Notification.created_at.desc(), Notification.id.desc())
        .limit(1)
    )
    return await session.scalar(newest) in ("queued", "sent")


async def withdraw(session: AsyncSession, tenant_id: UUID, booking_id: UUID, kinds: Iterable[str]) -> int:
    """Take back what was queued about a booking and has not left yet. Returns how many."""
    gone = await session.execute(
        update(Notification)
        .where(
            Notification.tenant_id == tenant_id,
            Notification.booking_id == booking_id,
            Notification.kind.in_(tuple(kinds)),
            Notification.status == "queued",
        )
        .values(status="withdrawn")
        .returning(Notification.id)
    )
    return len(gone.all())


@dataclass(frozen=True)
class _Outcome:
    status: Literal["sent", "failed", "queued", "withdrawn"]
    error: str | None = None
    provider_id: str | None = None


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

    A repeated job finds it sent, a late one finds it withdrawn; what has ceased to be true is withdrawn here. A
    temporary failure is tried again later, a permanent one is recorded. While another worker sends it, nobody else
    does; should that one die, its lease runs out.
    """
    async with tenant_session(engine, tenant_id) as session:
        row = await _lease(session, tenant_id, notification_id)
    if row is None:
        return
    message = from_json(row.payload)
    if is_over(message, clock.now()):
        outcome = _Outcome("withdrawn", "it was over before it could be sent")
    else:
        outcome = await _hand_over(sender, message, notification_id, from_address, mail_domain)
    status = await insist(partial(_record, engine, tenant_id, notification_id, message, outcome))
    metrics.mails.labels(message.kind, "later" if status == "queued" else status).inc()
    if outcome.error:
        logger.warning("notification %s is %s after attempt %d", notification_id, status, row.attempts + 1)


async def _lease(session: AsyncSession, tenant_id: UUID, notification_id: UUID) -> Notification | None:
    """The notification, if it waits and is ours to send now. If somebody else is sending it, we look again later."""
    row = await session.get(Notification, (tenant_id, notification_id), with_for_update=True)
    if row is None or row.status != "queued":
        return None
    now = clock.machine_now()
    if row.leased_until is not None and row.leased_until > now:
        await _again(session, row, row.leased_until)
        return None
    row.leased_until = now + timedelta(seconds=LEASE_SECONDS)
    return row


async def _again(session: AsyncSession, row: Notification, moment: datetime) -> None:
    """Queue its sending once more, not before `moment` on the machine's clock."""
    names = {"tenant_id": str(row.tenant_id), "notification_id": str(row.id)}
    await enqueue(session, SEND, schedule_at=moment, **names)


async def _hand_over(
    sender: Sender, message: Message, notification_id: UUID, from_address: str, mail_domain: str
) -> _Outcome:
    try:
        mail = render(message, notification_id, from_address=from_address, mail_domain=mail_domain)
        with tracing.span("mail.send", kind=message.kind, notification=str(notification_id)):
            async with asyncio.timeout(_SEND_SECONDS):
                return _Outcome("sent", provider_id=await sender.send(mail))
    except (PermanentFailure, HeaderRefused) as failure:
        return _Outcome("failed", str(failure))
    except TemporaryFailure as failure:
        return _Outcome("queued", str(failure))
    except TimeoutError:
        return _Outcome("queued", "the mail server took too long")


async def _record(
    engine: AsyncEngine, tenant_id: UUID, notification_id: UUID, message: Message, outcome: _Outcome
) -> str:
    """Write down how it went, and try again where that may help. The row's new status."""
    async with tenant_session(engine, tenant_id) as session:
        row = await session.get_one(Notification, (tenant_id, notification_id), with_for_update=True)
        row.attempts += outcome.status != "withdrawn"
        row.last_error, row.leased_until = outcome.error, None
        if row.status != "queued" and outcome.status != "sent":
            return row.status
        out_of_patience = outcome.status == "queued" and row.attempts >= MAX_ATTEMPTS
        row.status = "failed" if out_of_patience else outcome.status
        if row.status == "queued":
            await _again(session, row, clock.machine_now() + timedelta(seconds=15 * 2**row.attempts))
            return row.status
        if (kept := forget(message)) is not message:
            row.payload = to_json(kept)
        row.provider_id = outcome.provider_id
        row.sent_at = clock.now() if row.status == "sent" else None
        return row.status
