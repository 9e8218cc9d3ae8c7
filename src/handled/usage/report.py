"""What the models used and cost, by day and model, and how much of the day's budget is left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from handled.catalog.business import Business
from handled.kit import clock
from handled.tables import BudgetDay, BudgetReservation

_BY_DAY = text("""
select (created_at at time zone :zone)::date as date, model, count(*) as calls,
  count(*) filter (where outcome <> 'ok') as failed_calls, sum(input_tokens) as input_tokens,
  sum(output_tokens) as output_tokens, sum(cache_read_tokens) as cache_read_tokens,
  sum(cache_write_tokens) as cache_write_tokens, coalesce(sum(cost_micros), 0) as priced_micros,
  count(*) filter (where cost_micros is null) as unpriced_calls
from usage_records where tenant_id = :tenant and created_at >= :since and created_at < :until
group by 1, 2 order by 1, 2
""")


@dataclass(frozen=True, slots=True)
class Used:
    """Calls of models, those that failed among them, and what they used. `input_tokens` are all that went in, those
    read from the provider's cache and those written to it among them. `priced_micros` is the cost of the calls whose
    price is known, in micro-dollars; of the `unpriced_calls` nobody knows."""

    calls: int = 0
    failed_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    priced_micros: int = 0
    unpriced_calls: int = 0

    @property
    def cost_micros(self) -> int | None:
        """None when the price of any call is not known: then nobody knows what they cost together."""
        return None if self.unpriced_calls else self.priced_micros


@dataclass(frozen=True, slots=True)
class DayUsed:
    date: date
    model: str
    used: Used


@dataclass(frozen=True, slots=True)
class Today:
    """The budget's local day: spent by turns that have ended, and reserved by those under way, in micro-dollars;
    `unpriced_tokens` of calls whose price is not known. `reached` is 0, 80 or 100 percent of a limit."""

    date: date
    spent_micros: int
    reserved_micros: int
    unpriced_tokens: int
    reached: int


@dataclass(frozen=True, slots=True)
class Alert:
    """The business was told that the budget of that day is used up to `percent`, 80 or 100, of a limit; what was used
    by the end of the day. Money in micro-dollars, tokens of calls without a known price."""

    date: date
    percent: int
    spent_micros: int
    limit_micros: int | None
    unpriced_tokens: int
    limit_tokens: int | None


_COUNTS = tuple(each.name for each in fields(Used))


async def by_day(session: AsyncSession, business: Business, first: date, last: date) -> list[DayUsed]:
    """What was used from `first` to `last`, both included, as the business's clocks count days."""
    bounds = {"since": _midnight(business.zone, first), "until": _midnight(business.zone, last + timedelta(days=1))}
    rows = await session.execute(_BY_DAY, {"tenant": business.id, "zone": business.timezone, **bounds})
    return [
        DayUsed(row["date"], row["model"], Used(**{name: int(row[name]) for name in _COUNTS}))
        for row in rows.mappings()
    ]


def total(parts: Iterable[Used]) -> Used:
    """All of them together."""
    every: Sequence[Used] = list(parts)
    return Used(**{name: sum(getattr(each, name) for each in every) for name in _COUNTS})


async def today(session: AsyncSession, business: Business) -> Today:
    """How the budget of this day stands."""
    now = clock.now()
    day = now.astimezone(business.zone).date()
    spent = await session.get(BudgetDay, (business.id, day))
    reserved = await session.scalar(
        select(func.coalesce(func.sum(BudgetReservation.micros), 0)).where(
            BudgetReservation.tenant_id == business.id, BudgetReservation.expires_at > now
        )
    )
    return Today(
        date=day,
        spent_micros=spent.spent_micros if spent else 0,
        reserved_micros=int(reserved or 0),
        unpriced_tokens=spent.unpriced_tokens if spent else 0,
        reached=spent.reached if spent else 0,
    )


async def alerts(session: AsyncSession, tenant_id: UUID, first: date, last: date) -> list[Alert]:
    """The mails about days from `first` to `last`, both included, the newest first."""
    statement = (
        select(BudgetDay)
        .where(BudgetDay.tenant_id == tenant_id, BudgetDay.told > 0, BudgetDay.day >= first, BudgetDay.day <= last)
        .order_by(BudgetDay.day.desc())
    )
    return [
        Alert(each.day, each.told, each.spent_micros, each.limit_micros, each.unpriced_tokens, each.limit_tokens)
        for each in await session.scalars(statement)
    ]


def _midnight(zone: ZoneInfo, day: date) -> datetime:
    return datetime.combine(day, time(), zone)
