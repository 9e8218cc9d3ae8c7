"""The report: figures of a range of days, in buckets and by what they belong to. `docs/analytics.md` defines each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncSession

from handled.analytics import queries, rollups
from handled.analytics.queries import ALL, FIRST_TEXT_MS, Figures, Question, Span
from handled.catalog.business import Business
from handled.feedback.csat import Csat, csat
from handled.kit import clock

Bucket = Literal["day", "week", "month"]


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both included, and what was counted in them."""

    first: date
    last: date
    figures: Figures

    def of(self, figure: str, part: str = ALL, key: str = ALL) -> int:
        return self.figures.get(part, {}).get(key, {}).get(figure, 0)

    def keys(self, part: str) -> dict[str, dict[str, int]]:
        """What was counted in this part, by its keys."""
        return self.figures.get(part, {})

    def across(self, part: str, figure: str) -> int:
        """The sum over all keys."""
        return sum(each.get(figure, 0) for each in self.keys(part).values())

    def counts(self, part: str) -> dict[str, int]:
        return {key: each.get("count", 0) for key, each in self.keys(part).items()}


@dataclass(frozen=True, slots=True)
class Report:
    """`total` is of all days; the `periods` follow each other and together are all days."""

    total: Period
    periods: list[Period]
    questions: list[Question]


async def report(session: AsyncSession, business: Business, first: date, last: date, bucket: Bucket) -> Report:
    """What the days from `first` to `last`, both included, came to."""
    days = await by_day(session, business, first, last)
    since = rollups.midnight(business.zone, first)
    asked = await queries.questions(
        session, business.id, since, rollups.midnight(business.zone, last + timedelta(days=1))
    )
    periods = [Period(begin, end, _sum(days, begin, end)) for begin, end in _spans(first, last, bucket)]
    return Report(Period(first, last, _sum(days, first, last)), periods, asked)


def grouped(days: Sequence[Period], bucket: Bucket) -> list[Period]:
    """Periods of single days, in order and without a gap, put together in buckets."""
    return [
        Period(begin, end, _added(each.figures for each in days if begin <= each.first <= end))
        for begin, end in _spans(days[0].first, days[-1].last, bucket)
    ]


async def by_day(session: AsyncSession, business: Business, first: date, last: date) -> dict[date, Figures]:
    """The figures of each day on which anything happened: as they were counted where they have been, and from the
    rows where they have not."""
    today = clock.now().astimezone(business.zone).date()
    live, moment = await rollups.live_from(session, business.id, business.timezone)
    days = dict(await rollups.kept(session, business.id, first, min(last, live - timedelta(days=1))))
    last = min(last, today)
    if last < live:
        return days
    from_midnight = moment is None or first > live
    since = rollups.midnight(business.zone, max(first, live)) if from_midnight else moment
    assert since is not None  # noqa: S101  for the type checker: it is None only with from_midnight
    until = rollups.midnight(business.zone, last + timedelta(days=1))
    span = Span(zone=business.timezone, first=max(first, live), since=since, until=until)
    return days | await queries.count(session, business.id, span)


def first_text(period: Period, share: float) -> int | None:
    """Milliseconds within which so large a share of the turns had its first words: right to a tenth, and never too
    small, up to the last bucket's 100 s. None without turns."""
    counts = {int(bucket): count for bucket, count in period.counts("first_text").items()}
    wanted, reached = share * sum(counts.values()), 0
    for bucket in sorted(counts):
        reached += counts[bucket]
        if reached >= wanted:
            return FIRST_TEXT_MS[min(bucket, len(FIRST_TEXT_MS) - 1)]
    return None


def satisfaction(period: Period) -> Csat:
    return csat({int(rating): count for rating, count in period.counts("rating").items()})


def resolution_rate(period: Period) -> float | None:
    """Of those that can be judged."""
    return share(period.of("resolved"), judged(period))


def judged(period: Period) -> int:
    """How many conversations have an end to speak of: silent ones, and those that go on, are not among them."""
    return period.of("conversations") - period.of("silent") - period.of("ongoing")


def share(part: int, whole: int) -> float | None:
    """None of nothing."""
    return part / whole if whole else None


def booked_by_currency(figures: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """The value of bookings in minor units, of these services together."""
    booked: dict[str, int] = {}
    for counts in figures.values():
        for figure, value in counts.items():
            if figure.startswith("booked:"):
                currency = figure.removeprefix("booked:")
                booked[currency] = booked.get(currency, 0) + value
    return booked


def cost_micros(period: Period) -> int | None:
    """None when the price of any call is not known: then nobody knows what they cost together."""
    return None if period.across("model", "unpriced_calls") else period.across("model", "priced_micros")


def cost_per_resolved(period: Period) -> int | None:
    cost, resolved = cost_micros(period), period.of("resolved")
    return None if cost is None or not resolved else round(cost / resolved)


def _sum(days: Mapping[date, Figures], first: date, last: date) -> Figures:
    return _added(figures for day, figures in days.items() if first <= day <= last)


def _added(several: Iterable[Figures]) -> Figures:
    total: Figures = {}
    for figures in several:
        for part, keys in figures.items():
            for key, counts in keys.items():
                for figure, value in counts.items():
                    queries.add(total, part, key, figure, value)
    return total


def _spans(first: date, last: date, bucket: Bucket) -> Iterator[tuple[date, date]]:
    """The buckets, cut to the range. Weeks begin on Monday."""
    begin = first
    while begin <= last:
        end = min(last, _end(begin, bucket))
        yield begin, end
        begin = end + timedelta(days=1)


def _end(day: date, bucket: Bucket) -> date:
    if bucket == "day":
        return day
    if bucket == "week":
        return day + timedelta(days=6 - day.weekday())
    following = day.replace(day=28) + timedelta(days=4)
    return following - timedelta(days=following.day)
