"""What is kept of customers, and for how long: transcripts until the business's retention is over, and by then also
what they left behind in finished proposals, mails and webhooks. What is personal: `tables.personal`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Table, delete, select, text, tuple_, update
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from handled.conversations import ending
from handled.customers.privacy import apply
from handled.customers.subject import in_conversations
from handled.db.session import tenant_session
from handled.kit import clock
from handled.tables import Base, Conversation, Escalation, StaffLink, StaffSession, Tenant
from handled.tables.personal import PERSONAL, Personal
from handled.tenants import accounts, industry

# Up to when a business's figures are counted once and for all: what they are counted from must not go before. None:
# nothing of it is counted yet.
FrozenUntil = Callable[[AsyncSession, UUID], Awaitable[datetime | None]]

CLOSED_AFTER = timedelta(hours=24)
# Conversations, and rows, in one transaction.
BATCH = 100


async def purge(engine: AsyncEngine, frozen_until: FrozenUntil) -> Counter[str]:
    """Close what has been silent for a day and purge what is older than its business keeps it, in small transactions.
    Returns how many conversations were `closed` and `purged`, and how many rows of which table lost their words by age
    alone. Whoever runs it again, or beside it, changes nothing more."""
    done: Counter[str] = Counter()
    for tenant_id, *_ in await accounts.list_all(engine):
        done["closed"] += await _close(engine, tenant_id)
        # Its bookings, or an answer under way, went on with the feed after it was purged, or its customer erased.
        late = _of(tenant_id, clock.now()).where(Conversation.last_event > Conversation.purged_to)
        done["purged"] += await _purge_conversations(engine, tenant_id, late, is_old=False)
        before = await _kept_since(engine, tenant_id, frozen_until)
        if before is None:
            continue
        old = _of(tenant_id, before).where(Conversation.purged_to.is_(None))
        done["purged"] += await _purge_conversations(engine, tenant_id, old, is_old=True)
        for name, personal in PERSONAL.items():
            if personal.old is not None:
                done[name] += await _purge_rows(engine, tenant_id, Base.metadata.tables[name], personal, before)
        await _forget_logins(engine, tenant_id, before)
    return +done


async def _kept_since(engine: AsyncEngine, tenant_id: UUID, frozen_until: FrozenUntil) -> datetime | None:
    async with tenant_session(engine, tenant_id) as session:
        tenant = await session.get_one(Tenant, tenant_id)
        frozen = await frozen_until(session, tenant_id)
    kept = timedelta(days=industry.retention_days(tenant.pack, tenant.retention_days))
    return None if frozen is None else min(clock.now() - kept, frozen)


async def _close(engine: AsyncEngine, tenant_id: UUID) -> int:
    """End conversations that wait for nobody, and in which nobody has said anything for a day."""
    silent_since, closed = clock.now() - CLOSED_AFTER, 0
    async with tenant_session(engine, tenant_id) as session:
        silent = await session.scalars(_of(tenant_id, silent_since).where(Conversation.ended_at.is_(None)))
        found = silent.all()
    for conversation_id in found:
        async with tenant_session(engine, tenant_id) as session:
            closed += await ending.end(session, tenant_id, conversation_id, "silence", silent_since=silent_since)
    return closed


def _of(tenant_id: UUID, silent_since: datetime) -> Any:
    """Ids of conversations without an open escalation in which nothing was said since then."""
    is_open = select(Escalation.id).where(
        Escalation.tenant_id == tenant_id,
        Escalation.conversation_id == Conversation.id,
        Escalation.status != "RESOLVED",
    )
    return select(Conversation.id).where(
        Conversation.tenant_id == tenant_id,
        Conversation.created_at <= silent_since,
        Conversation.last_activity_at <= silent_since,
        ~is_open.exists(),
    )


async def _purge_conversations(engine: AsyncEngine, tenant_id: UUID, wanted: Any, *, is_old: bool) -> int:
    """A conversation stays as a mere number of a feed: bookings, ratings and figures refer to it."""
    purged = 0
    while True:
        async with tenant_session(engine, tenant_id) as session:
            batch = list((await session.scalars(wanted.limit(BATCH).with_for_update(skip_locked=True))).all())
            known = in_conversations(tenant_id, batch)
            for name, personal in PERSONAL.items():
                table = Base.metadata.tables[name]
                await apply(session, table, personal, personal.found, known, tenant_id, is_old=is_old)
            here = update(Conversation).where(Conversation.tenant_id == tenant_id, Conversation.id.in_(batch))
            await session.execute(here.values(purged_to=Conversation.last_event))
        purged += len(batch)
        if len(batch) < BATCH:
            return purged


async def _purge_rows(engine: AsyncEngine, tenant_id: UUID, table: Table, personal: Personal, before: datetime) -> int:
    """Rows that no conversation takes along, by their age."""
    keys = list(table.primary_key.columns)
    purged = 0
    while True:
        async with tenant_session(engine, tenant_id) as session:
            old = select(*keys).where(table.c.tenant_id == tenant_id, text(personal.old or "false")).limit(BATCH)
            batch = (await session.execute(old, {"before": before})).all()
            values = {name: text(sql) for name, sql in {**personal.columns, **personal.beside}.items() if sql}
            these = tuple_(*keys).in_([tuple(row) for row in batch])
            if batch:
                await session.execute(
                    update(table).where(these, text(personal.old or "false")).values(values), {"before": before}
                )
        purged += len(batch)
        if len(batch) < BATCH:
            return purged


async def _forget_logins(engine: AsyncEngine, tenant_id: UUID, before: datetime) -> None:
    async with tenant_session(engine, tenant_id) as session:
        for table in (StaffLink, StaffSession):
            await session.execute(delete(table).where(table.tenant_id == tenant_id, table.expires_at <= before))
