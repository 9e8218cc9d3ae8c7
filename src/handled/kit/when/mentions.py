"""What a language's rules find in a line of words, before it is decided which of it counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Part = Literal["morning", "afternoon", "evening", "night"]
Half = Literal["am", "pm"]
Kind = Literal["weekday", "number", "exact", "range"]
Bound = Literal["after", "from", "before", "until"]


@dataclass(frozen=True, slots=True)
class Scene:
    """The moment and place a phrase is understood in, and what was said before it.

    `after_day`: a day is named immediately before; `after_hours`: a time is named somewhere before.
    """

    now: datetime
    day_first: bool
    after_day: bool = False
    after_hours: bool = False

    @property
    def today(self) -> date:
        return self.now.date()


@dataclass(frozen=True, slots=True)
class Day:
    """A day, or a range of days where `last` is set.

    Kinds: a bare `weekday`, a day's `number` in the month, an `exact` day and a `range`; the first two may yet be
    refined by what stands beside them. `ahead`: the week was named too ("next Tuesday"). `from_now`: the rest of
    today. `at`: the moment itself was named ("in two hours"). `but`: the weekdays that are left out, as
    `date.weekday()` counts them. `roughly`: counted in weeks or months, so that a weekday beside it is one of that
    week.
    """

    kind: Kind
    first: date | None
    last: date | None = None
    also: tuple[date, ...] = ()
    bound: Bound | None = None
    flags: tuple[str, ...] = ()
    problem: str | None = None
    part: Part | None = None
    ahead: bool = False
    from_now: bool = False
    at: datetime | None = None
    but: frozenset[int] = frozenset()
    roughly: bool = False


@dataclass(frozen=True, slots=True)
class Clock:
    """A time as said, its hour perhaps waiting for a part of the day; `literal`: as on a 24-hour clock."""

    hour: int
    minute: int = 0
    half: Half | None = None
    part: Part | None = None
    literal: bool = False
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hours:
    """A time, or a window that a bound or a second time makes of it; `choice` if the two are alternatives. `of_event`:
    it is when something else takes place."""

    start: Clock
    end: Clock | None = None
    bound: Bound | None = None
    choice: bool = False
    of_event: bool = False


@dataclass(frozen=True, slots=True)
class PartOfDay:
    """A part of the day, as minutes from midnight in `[start, end)`."""

    name: Part | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Earliest:
    """The wish for the first free time."""


@dataclass(frozen=True, slots=True)
class Latest:
    """The wish for the last free time of a day."""


@dataclass(frozen=True, slots=True)
class Other:
    """A phrase that looks like a date or a time and is none: a duration, a head count, a greeting."""


Meaning = Day | Hours | PartOfDay | Earliest | Latest | Other


@dataclass(frozen=True, slots=True)
class Mention:
    """A meaning and the stretch of the line of words that carries it."""

    meaning: Meaning
    start: int
    end: int
