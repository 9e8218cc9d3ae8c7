"""Which days a page of figures is about, and which ones they are compared with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from urllib.parse import urlencode

from handled.kit.errors import HandledError
from handled.web.tenant.days import range_of

USUAL = "30"
CUSTOM = "custom"
# What the address says and the page shows.
NAMED = (
    ("7", "7 days"),
    (USUAL, "30 days"),
    ("90", "90 days"),
    ("this-month", "This month"),
    ("last-month", "Last month"),
)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Days:
    """From `first` to `last`, both included, compared with those from `before_first` to `before_last`. `name` is the
    range that was asked for; of one that cannot be meant, `typed` and `problems` by field, and the usual days."""

    name: str
    first: date
    last: date
    before_first: date
    before_last: date
    typed: Mapping[str, str]
    problems: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def query(self) -> str:
        """What an address says to mean them."""
        given = {"range": self.name}
        if self.name == CUSTOM:
            given |= {"from": self.first.isoformat(), "to": self.last.isoformat()}
        return urlencode(given)


def days_of(name: str, from_: str, to: str, today: date) -> Days:
    """The days that were asked for; the usual ones for a range that there is not."""
    if name == CUSTOM or (not name and (from_ or to)):
        return _own(from_.strip(), to.strip(), today)
    if name == "this-month":
        first = today.replace(day=1)
        before = _month_before(first)
        return _days(name, first, today, before, min(before + (today - first), first - _DAY))
    if name == "last-month":
        last = today.replace(day=1) - _DAY
        first = last.replace(day=1)
        return _days(name, first, last, _month_before(first), first - _DAY)
    if name not in dict(NAMED):
        name = USUAL
    return _back(name, today, int(name))


def _own(from_: str, to: str, today: date) -> Days:
    typed, problems = {"from": from_, "to": to}, dict[str, str]()
    first, last = _read("from", from_, problems), _read("to", to, problems)
    if not problems:
        try:
            first, last = range_of(first, last, today)
        except HandledError as error:
            problems = error.fields
    if not problems and first and last:
        # Nothing is before the first day that there is.
        begins, ends = (max(1, each) for each in (2 * first.toordinal() - last.toordinal() - 1, first.toordinal() - 1))
        return Days(CUSTOM, first, last, date.fromordinal(begins), date.fromordinal(ends), typed)
    usual = _back(USUAL, today, int(USUAL))
    said = {name: f"This day {problem}." for name, problem in problems.items()}
    return Days(CUSTOM, usual.first, usual.last, usual.before_first, usual.before_last, typed, said)


def _read(name: str, written: str, problems: dict[str, str]) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        problems[name] = "is not a date, such as 2026-03-02"
        return None


def _back(name: str, today: date, count: int) -> Days:
    first = today - timedelta(days=count - 1)
    return _days(name, first, today, first - timedelta(days=count), first - _DAY)


def _days(name: str, first: date, last: date, before_first: date, before_last: date) -> Days:
    return Days(name, first, last, before_first, before_last, {"from": first.isoformat(), "to": last.isoformat()})


def _month_before(first: date) -> date:
    return (first - _DAY).replace(day=1)
