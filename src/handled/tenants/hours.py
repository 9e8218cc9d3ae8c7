"""Weekly hours and dates as an owner writes them: `tuesday-friday: 09:00-12:00, 13:00-18:00`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple, cast

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_GROUPS = {"daily": range(7), "every day": range(7), "weekdays": range(5), "weekend": range(5, 7)}
_TIME = re.compile(r"([0-9]{1,2})(?::([0-9]{2}))?\s*(am|pm)?")
_DASH = re.compile(r"\s*(?:-|–|—|\bto\b|\buntil\b)\s*")

Interval = tuple[int, int]


class Opening(NamedTuple):
    """One opening on one weekday (0 = Monday), in minutes from local midnight; 1440 is the next midnight."""

    weekday: int
    opens: int
    closes: int


class HoursUnreadable(ValueError):
    """`problems` has what is wrong with which line of the hours, by its own name for the days."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{days}: {message}" for days, message in problems))
        self.problems = problems


def parse_week(written: Mapping[str, Any]) -> tuple[Opening, ...]:
    """The openings of a week, by day and time. Raises HoursUnreadable."""
    openings: list[Opening] = []
    problems: list[tuple[str, str]] = []
    seen: set[int] = set()
    for days, times in written.items():
        try:
            weekdays, intervals = parse_weekdays(days), parse_intervals(times)
            if twice := seen.intersection(weekdays):
                raise ValueError(f"gives {DAYS[min(twice)]} a second time")
        except ValueError as error:
            problems.append((days, str(error)))
            continue
        seen.update(weekdays)
        openings += [Opening(weekday, *interval) for weekday in weekdays for interval in intervals]
    if problems:
        raise HoursUnreadable(problems)
    return tuple(sorted(openings))


def write_week(openings: Iterable[Opening]) -> dict[str, str]:
    """`openings` as `parse_week` reads them, every day of the week named, equal neighbours together."""
    by_day: list[list[Interval]] = [[] for _ in DAYS]
    for each in sorted(openings):
        by_day[each.weekday].append((each.opens, each.closes))
    written: dict[str, str] = {}
    first = 0
    for day in range(7):
        if day == 6 or by_day[day + 1] != by_day[first]:
            name = DAYS[first] if first == day else f"{DAYS[first]}-{DAYS[day]}"
            written[name] = write_intervals(by_day[first]) if by_day[first] else "closed"
            first = day + 1
    return written


def parse_weekdays(text: str) -> list[int]:
    """The weekdays meant by `tuesday`, `tue-fri`, `monday, wednesday`, `weekdays`. Raises ValueError."""
    found: list[int] = []
    for part in text.lower().split(","):
        name = part.strip()
        if name in _GROUPS:
            found += _GROUPS[name]
            continue
        ends = [_weekday(end) for end in _DASH.split(name)]
        if None in ends or len(ends) > 2:
            raise ValueError("is not a day of the week; write monday, tuesday-friday or saturday, sunday")
        first, last = ends[0] or 0, ends[-1] or 0
        found += [(first + i) % 7 for i in range((last - first) % 7 + 1)]
    if len(set(found)) < len(found):
        raise ValueError("names the same day twice")
    return found


def _weekday(name: str) -> int | None:
    matches = [i for i, day in enumerate(DAYS) if len(name) >= 2 and day.startswith(name)]
    return matches[0] if len(matches) == 1 else None


def parse_intervals(value: Any) -> tuple[Interval, ...]:
    """Sorted intervals in minutes from midnight of "09:00-12:00, 13:00-18:00", a list of such, or "closed".

    Raises ValueError with a sentence.
    """
    parts = cast("list[Any]", value) if isinstance(value, list) else [value]
    if parts in ([None], ["closed"]):
        return ()
    found: list[Interval] = []
    for part in parts:
        if not isinstance(part, str):
            raise ValueError("is not a time of day; write it as 09:00-18:00, or closed")
        found += [_interval(each) for each in part.split(",")]
    found.sort()
    for earlier, later in pairwise(found):
        if later[0] < earlier[1]:
            raise ValueError(f"overlaps: {write_intervals([earlier])} and {write_intervals([later])}")
    return tuple(found)


def merged(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """`intervals` in order, overlapping ones made into one."""
    found: list[Interval] = []
    for opens, closes in sorted(set(intervals)):
        if found and opens < found[-1][1]:
            found[-1] = (found[-1][0], max(closes, found[-1][1]))
        else:
            found.append((opens, closes))
    return tuple(found)


def write_intervals(intervals: Iterable[Interval]) -> str:
    """Intervals as `parse_intervals` reads them: "09:00-12:00, 13:00-18:00"."""
    return ", ".join(f"{_clock(opens)}-{_clock(closes)}" for opens, closes in intervals)


def _interval(text: str) -> Interval:
    times = [_minutes(end) for end in _DASH.split(text.strip().lower())]
    opens, closes = times if len(times) == 2 else (None, None)
    if opens is None or closes is None:
        raise ValueError(f'has "{text.strip()}", which is not a span of time; write it as 09:00-18:00, or closed')
    if opens >= closes:
        raise ValueError(
            f'has "{text.strip()}", which ends before it begins;'
            " hours past midnight are 20:00-24:00 and, on the next day, 00:00-02:00"
        )
    return opens, closes


def _minutes(text: str) -> int | None:
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    hour, minute, half = int(match[1]), int(match[2] or 0), match[3]
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    total = hour * 60 + minute
    return total if minute < 60 and total <= 1440 else None


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def parse_dates(value: Any) -> tuple[date, date]:
    """First and last of "2026-12-24..2026-12-26" or of one date. Raises ValueError with a sentence."""
    try:
        first, _, last = str(value).partition("..")
        dates = date.fromisoformat(first.strip()), date.fromisoformat((last or first).strip())
    except ValueError:
        raise ValueError("is not a date; write it as 2026-12-24 or 2026-12-24..2026-12-26") from None
    if dates[0] > dates[1]:
        raise ValueError("ends before it begins")
    return dates


def write_dates(first: date, last: date) -> str:
    """Dates as `parse_dates` reads them."""
    return first.isoformat() if first == last else f"{first.isoformat()}..{last.isoformat()}"
