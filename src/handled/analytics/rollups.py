"""Days that have been counted: they stay when what they were counted from is purged."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from handled.analytics import queries
from handled.analytics.queries import Figures, Span
from handled.catalog.load import business_of
from handled.db.session import tenant_session
from handled.kit import clock
from handled.tables import AnalyticsDay, AnalyticsMark
from handled.tenants import accounts

# So many days after its end a day may still change: 72 hours for whoever comes back, and a day for conversations that
# began before midnight.
OPEN_DAYS = 4
# Before anything can have happened.
NEVER = datetime(2000, 1, 1, tzinfo=UTC)


def midnight(zone: ZoneInfo, day: date) -> datetime:
    """When the local day begins."""
    return datetime.combine(day, time(), zone)


async def roll_up_all(engine: AsyncEngine) -> None:
    """The job: every business, each in a transaction of its own."""
    for tenant_id, *_ in await accounts.list_all(engine):
        async with tenant_session(engine, tenant_id) as session:
            await roll_up(session, tenant_id)


async def roll_up(session: AsyncSession, tenant_id: UUID) -> None:
    """Count the days that are over and not frozen, and freeze those to which nothing can come any more."""
    business = await business_of(session, tenant_id)
    today = clock.now().astimezone(business.zone).date()
    mark = await _lock_mark(session, tenant_id, business.timezone, today)
    span = Span(
        zone=business.timezone,
        first=mark.frozen_until or NEVER.date(),
        since=mark.frozen_at or NEVER,
        until=midnight(business.zone, today),
    )
    counted = await queries.count(session, tenant_id, span)
    await session.execute(
        delete(AnalyticsDay).where(AnalyticsDay.tenant_id == tenant_id, AnalyticsDay.day >= span.first)
    )
    now = clock.now()
    rows = [
        {"tenant_id": tenant_id, "day": day, "figures": figures, "counted_at": now} for day, figures in counted.items()
    ]
    if rows:
        await session.execute(insert(AnalyticsDay), rows)
    mark.timezone, mark.counted_until = business.timezone, max(today, span.first)
    frozen_until = today - timedelta(days=OPEN_DAYS)
    if mark.frozen_until is None or frozen_until > mark.frozen_until:
        mark.frozen_until, mark.frozen_at = frozen_until, max(span.since, midnight(business.zone, frozen_until))
    await session.flush()


async def frozen_until(session: AsyncSession, tenant_id: UUID) -> datetime | None:
    """Everything that happened before this moment is in the days that stay. None: nothing is yet.

    A conversation may be purged when all of it lies before: its last activity, and the rating and the thumbs that it
    got. What is purged earlier is missing from the figures for ever.
    """
    mark = await session.get(AnalyticsMark, tenant_id, populate_existing=True)
    return mark.frozen_at if mark else None


async def kept(session: AsyncSession, tenant_id: UUID, first: date, last: date) -> list[tuple[date, Figures]]:
    """The days from `first` to `last`, both included, as they were counted, in order; days of nothing are left out."""
    statement = (
        select(AnalyticsDay.day, AnalyticsDay.figures)
        .where(AnalyticsDay.tenant_id == tenant_id, AnalyticsDay.day >= first, AnalyticsDay.day <= last)
        .order_by(AnalyticsDay.day)
    )
    return [(day, figures) for day, figures in await session.execute(statement)]


async def live_from(session: AsyncSession, tenant_id: UUID, timezone: str) -> tuple[date, datetime | None]:
    """The first day that has to be counted from the rows themselves, and from which moment on where that is not its
    local midnight. Days that were counted by the clocks of another zone count only when they are frozen."""
    mark = await session.get(AnalyticsMark, tenant_id, populate_existing=True)
    if mark is None:
        return NEVER.date(), NEVER
    if mark.timezone == timezone and mark.counted_until != mark.frozen_until:
        return mark.counted_until, None
    return mark.frozen_until or NEVER.date(), mark.frozen_at or NEVER


async def _lock_mark(session: AsyncSession, tenant_id: UUID, timezone: str, today: date) -> AnalyticsMark:
    """The business's mark, which nobody else moves before the transaction ends."""
    beginning = {"tenant_id": tenant_id, "timezone": timezone, "counted_until": today}
    await session.execute(insert(AnalyticsMark).values(beginning).on_conflict_do_nothing())
    return await session.get_one(AnalyticsMark, tenant_id, with_for_update=True, populate_existing=True)
