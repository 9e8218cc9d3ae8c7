"""A month of opening hours, day by day, and the days that differ in words."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from babel import Locale
from babel.dates import format_skeleton, get_day_names

from handled.catalog.hours_text import intervals_text
from handled.tenants.document import ExceptionEntry, TenantDocument
from handled.tenants.hours import Interval, Opening


@dataclass(frozen=True, slots=True)
class Noted:
    """Days that differ. `position` is where they are in the document, `said` what is different, `whose` the name of the
    only resource for which it is."""

    position: int
    first: date
    last: date
    kind: str
    said: str
    label: str | None
    whose: str | None


@dataclass(frozen=True, slots=True)
class Day:
    """`kind` is "usual", "closed", "open" (at other hours) or "blocked" (a part of it)."""

    day: date
    in_month: bool
    kind: str
    said: str
    label: str | None


@dataclass(frozen=True, slots=True)
class Month:
    """`before` and `after` are other months as 2026-12; none where no date could be."""

    name: str
    before: str
    after: str
    weekdays: list[str]
    weeks: list[list[Day]]


def noted_days(document: TenantDocument, resource: str | None, locale: str) -> list[Noted]:
    """What differs for the resource, which is also what differs for the business; all that differs, without one."""
    names = {each.key: each.name for each in document.resources}
    return [
        Noted(position, *each.dates, kind_of(each), note_of(each, locale), each.label, names.get(each.resource or ""))
        for position, each in enumerate(document.exceptions)
        if resource is None or each.resource in (None, resource)
    ]


def kind_of(entry: ExceptionEntry) -> str:
    return "open" if entry.hours else "blocked" if entry.blocked else "closed"


def note_of(entry: ExceptionEntry, locale: str) -> str:
    if entry.hours:
        return intervals_text(entry.hours, locale)
    return f"not {intervals_text(entry.blocked, locale)}" if entry.blocked else "closed"


def usual_of(document: TenantDocument, resource: str | None) -> list[list[Interval]]:
    """The openings of each weekday: those of the resource, cut to the business's."""
    week = _by_day(document.hours)
    own = next((each.hours for each in document.resources if each.key == resource), None)
    if own is None:
        return week
    return [_common(theirs, ours) for theirs, ours in zip(_by_day(own), week, strict=True)]


def _by_day(openings: Sequence[Opening]) -> list[list[Interval]]:
    return [[(each.opens, each.closes) for each in openings if each.weekday == day] for day in range(7)]


def _common(some: Sequence[Interval], others: Sequence[Interval]) -> list[Interval]:
    both = ((max(a[0], b[0]), min(a[1], b[1])) for a in some for b in others)
    return [each for each in both if each[0] < each[1]]


def month_of(document: TenantDocument, noted: Sequence[Noted], resource: str | None, first: date, locale: str) -> Month:
    """The month that begins with `first`, in whole weeks."""
    usual = usual_of(document, resource)
    known = Locale.parse(locale.replace("-", "_"))
    begin = known.first_week_day
    names = get_day_names("abbreviated", locale=known)
    days = calendar.Calendar(begin).itermonthdates(first.year, first.month)
    shown = [_day(each, each.month == first.month, noted, usual[each.weekday()], locale) for each in days]
    following = first + timedelta(days=calendar.monthrange(first.year, first.month)[1])
    return Month(
        name=format_skeleton("yMMMM", first, locale=known),
        before=f"{first - timedelta(days=1):%Y-%m}",
        after=f"{following:%Y-%m}",
        weekdays=[names[(begin + i) % 7] for i in range(7)],
        weeks=[shown[i : i + 7] for i in range(0, len(shown), 7)],
    )


def _day(day: date, in_month: bool, noted: Sequence[Noted], usual: list[Interval], locale: str) -> Day:
    here = [each for each in noted if each.first <= day <= each.last]
    first = next((each for each in here if each.kind != "blocked" and each.whose is None), here[0] if here else None)
    if first is None:
        said = intervals_text(usual, locale) if usual else "closed"
        return Day(day, in_month, "usual" if usual else "off", said, None)
    said = "; ".join(f"{each.whose}: {each.said}" if each.whose else each.said for each in here)
    return Day(day, in_month, first.kind, said, first.label or first.whose)
