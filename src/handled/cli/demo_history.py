"""The demo's past: once for each of its businesses, so that its pages have something to show."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from sqlalchemy import bindparam, delete, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from handled.analytics import rollups
from handled.catalog.business import Business
from handled.catalog.load import business_of
from handled.cli.demo_bookings import Calendar
from handled.cli.demo_stories import Story, happen, wait
from handled.cli.demo_talk import PEOPLE, Past
from handled.cli.demo_words import TRADES
from handled.db.engine import create_engine
from handled.db.session import tenant_session
from handled.kit import clock
from handled.tables import (
    AnalyticsDay,
    AnalyticsMark,
    AuditEntry,
    Booking,
    Conversation,
    Customer,
    Escalation,
    LedgerEntry,
    Message,
    Occupancy,
    Payment,
    Proposal,
    Rating,
    Tenant,
    Thumb,
    Turn,
    UsageRecord,
)
from handled.tenants import accounts, staff

logger = logging.getLogger(__name__)

# So that the last 30 days have as many before them to be compared with.
DAYS = 61
_HOURS = range(7, 23)
# Before noon, and after work.
_BUSY = (1, 2, 4, 6, 7, 6, 5, 4, 4, 5, 6, 8, 8, 6, 4, 2)
# What refers to others after them.
_ORDER = (
    *(Customer, Conversation, Message, Turn, Booking, Occupancy, AuditEntry, Proposal, Payment, LedgerEntry),
    *(Escalation, Rating, Thumb, UsageRecord),
)
# Statements of this size leave others their turn.
_AT_ONCE = 250

_END = (
    update(Conversation)
    .where(Conversation.tenant_id == bindparam("of_tenant"), Conversation.id == bindparam("of_talk"))
    .values(ended_at=bindparam("at"), ended_by=bindparam("how"), rating_asked_at=bindparam("at"))
    .execution_options(synchronize_session=None)
)


async def fill(database_url: str, slugs: Iterable[str], before: datetime) -> None:
    """Give each business that had no conversation `before` then a past. The demo does without, should that fail."""
    engine = create_engine(database_url, pool_size=1)
    try:
        for slug in slugs:
            tenant_id = await accounts.find_by_slug(engine, slug)
            if tenant_id is not None:
                await fill_one(engine, tenant_id, before)
    except Exception:
        logger.exception("the demo has no past")
    finally:
        await engine.dispose()


async def fill_one(engine: AsyncEngine, tenant_id: UUID, before: datetime) -> bool:
    """Whether the business got a past: in one transaction, only once, without a mail and without a job."""
    async with tenant_session(engine, tenant_id) as session:
        # Of two who begin, one does it.
        await session.execute(select(Tenant.id).where(Tenant.id == tenant_id).with_for_update(key_share=True))
        of_tenant = Conversation.tenant_id == tenant_id
        if await session.scalar(select(exists().where(of_tenant, Conversation.created_at < before))):
            return False
        business = await business_of(session, tenant_id)
        owner = await staff.first_owner(session, tenant_id)
        past = await asyncio.to_thread(make_up, business, clock.now(), owner.name)
        await _write(session, past)
        # What was counted while there was nothing is counted anew.
        for table in (AnalyticsDay, AnalyticsMark):
            await session.execute(delete(table).where(table.tenant_id == tenant_id))
        await rollups.roll_up(session, tenant_id)
    return True


def make_up(business: Business, now: datetime, staff_name: str) -> Past:
    """Some weeks of a business's past, up to `now`: always the same for the same business and moment."""
    dice = Random(f"{business.slug} {now:%Y-%m-%d}")  # noqa: S311  nothing secret
    past = Past(business, now - timedelta(minutes=5), dice, staff_name)
    story = Story(past, TRADES[business.slug], Calendar(business, dice), came=dice.randrange(len(PEOPLE)))
    for moment in _moments(business, now - timedelta(hours=2), dice):
        happen(story, moment)
    wait(story, now - timedelta(hours=1))
    customers: dict[str, UUID] = {}
    for each in story.made:
        each.write(customers)
    return past


def _moments(business: Business, until: datetime, dice: Random) -> Iterator[datetime]:
    today = until.astimezone(business.zone).date()
    open_days = {each.weekday for each in business.hours if each.resource_id is None}
    for back in range(DAYS, -1, -1):
        day = today - timedelta(days=back)
        usual = 5.0 if day.weekday() in open_days else 2.5
        for _ in range(round(usual * (1.15 - back / 220) + dice.uniform(-1.5, 2))):
            hour = dice.choices(_HOURS, _BUSY)[0]
            at = rollups.midnight(business.zone, day).replace(
                hour=hour, minute=dice.randrange(60), second=dice.randrange(60)
            )
            if at < until:
                yield at


async def _write(session: AsyncSession, past: Past) -> None:
    for table in _ORDER:
        rows = past.rows.get(table, [])
        for first in range(0, len(rows), _AT_ONCE):
            await session.execute(insert(table), rows[first : first + _AT_ONCE])
    # Messages open a conversation again, so it ends after them.
    connection = await session.connection()
    await connection.execute(_END, past.endings)
