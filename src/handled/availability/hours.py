"""Opening hours: from what an owner writes down, weekly and by exception, to moments in time. No I/O.

Hours are *wall clock*, minutes since midnight of a local date; moments are *epoch minutes*, whole minutes
since 1970-01-01T00:00Z. On the days the clocks change, an edge is the first moment at which the wall clock
reads that time or later: inside the skipped hour the moment of the skip, inside the repeated hour its first
pass. From there on time is elapsed time.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

DAY = 1440

Span = tuple[int, int]
ExceptionKind = Literal["closed", "open"]


@dataclass(frozen=True, slots=True)
class Opening:
    """Weekly hours: `weekday` 0 is Monday; minutes since midnight, `closes` up to 1440 (midnight)."""

    weekday: int
    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class ExceptionPeriod:
    """What differs on the dates `first` to `last`, both included.

    `open` replaces the weekly hours of these dates (several add up; without times: all day). `closed` without
    times removes the dates, with times it removes that window. An `open` period beats a whole-day closure
    only if it is shorter: "closed for a week, but open on Thursday".
    """

    first: date
    last: date
    kind: ExceptionKind
    opens: int | None = None
    closes: int | None = None
    label: str = ""

    @property
    def whole_day(self) -> bool:
        return self.opens is None and self.closes is None

    @property
    def span(self) -> Span:
        return (self.opens or 0, DAY if self.closes is None else self.closes)


@dataclass(frozen=True, slots=True)
class Hours:
    """Weekly openings and their exceptions. `openings` None: open at all times but for the exceptions."""

    openings: tuple[Opening, ...] | None
    exceptions: tuple[ExceptionPeriod, ...] = ()


class Window(NamedTuple):
    """Starts may lie in [opens, closes) and must end by `until`: later than `closes` where hours go on."""

    opens: int
    closes: int
    until: int


def epoch_minutes(moment: datetime) -> int:
    """Whole minutes since the epoch, rounded down."""
    return int(moment.timestamp() // 60)


def moment_of(minutes: int) -> datetime:
    """The aware UTC datetime of an epoch minute."""
    return datetime.fromtimestamp(minutes * 60, UTC)


def wall_minute(day: date, minute: int, zone: ZoneInfo) -> int:
    """The epoch minute at which the clock of `zone` first reads `minute` (0 to 1440) of `day` or later."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minute)
    first = epoch_minutes(wall.replace(tzinfo=zone))
    second = epoch_minutes(wall.replace(tzinfo=zone, fold=1))
    if first <= second:
        return first
    # The clock skips this time. Then `second` lies before the change and `first` behind it.
    offset = moment_of(second).astimezone(zone).utcoffset()
    between = range(second, first)
    return second + bisect_left(
        between, True, key=lambda minutes: moment_of(minutes).astimezone(zone).utcoffset() != offset
    )


@lru_cache(maxsize=16_384)
def day_start(day: date, zone: ZoneInfo) -> int:
    """The epoch minute at which `day` begins in `zone`; a skipped date begins where the next one does."""
    return wall_minute(day, 0, zone)


def wall_windows(hours: Hours, day: date) -> list[Span]:
    """The opening windows of one date in minutes since midnight: sorted, disjoint, not touching."""
    if hours.openings is None:
        spans = [(0, DAY)]
    else:
        weekday = day.weekday()
        spans = [(each.opens, each.closes) for each in hours.openings if each.weekday == weekday]
    special = [each for each in hours.exceptions if each.first <= day <= each.last]
    if special:
        closed = [each for each in special if each.kind == "closed"]
        shut = min((each.last - each.first for each in closed if each.whole_day), default=timedelta.max)
        extra = [each.span for each in special if each.kind == "open" and each.last - each.first < shut]
        spans = extra or (spans if shut == timedelta.max else [])
        for each in closed:
            if not each.whole_day:
                spans = _without(spans, each.span)
    return _union(spans)


def windows(layers: Iterable[Hours], days: Iterable[date], zone: ZoneInfo) -> list[Window]:
    """When every one of `layers` is open on consecutive `days`, in epoch minutes, in order.

    Each date's openings are windows of their own, so that the grid of starts does not depend on the dates
    asked for; `until` reaches into the next window where the two touch, as they do at midnight.
    """
    layers = tuple(layers)
    spans: list[Span] = []
    for day in days:
        walls = wall_windows(layers[0], day)
        for layer in layers[1:]:
            walls = _common(walls, wall_windows(layer, day))
        if walls:
            spans += _moments(walls, day, zone)
    found: list[Window] = []
    following = Window(-1, -1, -1)
    for opens, closes in reversed(spans):
        following = Window(opens, closes, following.until if closes == following.opens else closes)
        found.append(following)
    return found[::-1]


def _moments(walls: list[Span], day: date, zone: ZoneInfo) -> list[Span]:
    midnight = day_start(day, zone)
    if day_start(day + timedelta(days=1), zone) - midnight == DAY:
        return [(midnight + opens, midnight + closes) for opens, closes in walls]
    edges = ((wall_minute(day, opens, zone), wall_minute(day, closes, zone)) for opens, closes in walls)
    return [(opens, closes) for opens, closes in edges if opens < closes]


def _union(spans: list[Span]) -> list[Span]:
    if len(spans) < 2:
        return [span for span in spans if span[0] < span[1]]
    merged: list[Span] = []
    for opens, closes in sorted(spans):
        if opens >= closes:
            continue
        if merged and opens <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], closes))
        else:
            merged.append((opens, closes))
    return merged


def _common(some: list[Span], others: list[Span]) -> list[Span]:
    pairs = ((max(a, c), min(b, d)) for a, b in some for c, d in others)
    return [(opens, closes) for opens, closes in pairs if opens < closes]


def _without(spans: list[Span], cut: Span) -> list[Span]:
    opens, closes = cut
    pieces = ((a, min(b, opens)) for a, b in spans), ((max(a, closes), b) for a, b in spans)
    return [(a, b) for side in pieces for a, b in side if a < b]
