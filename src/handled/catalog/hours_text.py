"""Opening hours in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from itertools import groupby

from babel import Locale
from babel.dates import format_time, get_day_names
from babel.lists import format_list

from handled.catalog.business import Business

Interval = tuple[int, int]


def hours_lines(business: Business, locale: str) -> list[dict[str, str]]:
    """The business's weekly hours for a reader of `locale`, Monday first, equal neighbours together, days on
    which it is closed left out: `[{"days": "Tuesday to Friday", "open": "9:00 am – 6:00 pm"}]`."""
    by_day: list[list[Interval]] = [[] for _ in range(7)]
    for each in business.hours:
        if each.resource_id is None:
            by_day[each.weekday].append((each.opens, each.closes))
    lines: list[dict[str, str]] = []
    for intervals, group in groupby(range(7), key=lambda day: tuple(sorted(by_day[day]))):
        if intervals:
            lines.append({"days": _days(list(group), locale), "open": intervals_text(intervals, locale)})
    return lines


def intervals_text(intervals: Sequence[Interval], locale: str) -> str:
    """Minutes from midnight in words: "9:00 am – 12:00 pm and 1:00 pm – 6:00 pm"."""
    parts = [f"{time_text(opens, locale)} – {time_text(closes, locale)}" for opens, closes in intervals]
    return "open all day" if list(intervals) == [(0, 1440)] else format_list(parts, locale=_babel(locale))


def time_text(minutes: int, locale: str) -> str:
    """A time of day, minutes from midnight, as locals write it: "9:00 am" in the United States, "09:00" in
    Britain; the end of the day is "midnight", or "24:00" where they do not speak English."""
    if minutes == 1440:
        return "midnight" if _babel(locale).language == "en" else "24:00"
    moment = time(minutes // 60, minutes % 60)
    written = format_time(moment, "short", locale=_babel(locale))
    return written.replace("\u202f", " ").replace("\u00a0", " ").replace("AM", "am").replace("PM", "pm")


def _days(days: list[int], locale: str) -> str:
    names = [get_day_names("wide", locale=_babel(locale))[day] for day in days]
    if len(names) < 3:
        return format_list(names, locale=_babel(locale))
    if _babel(locale).language != "en":
        return f"{names[0]} – {names[-1]}"
    return "Every day" if len(names) == 7 else f"{names[0]} to {names[-1]}"


def _babel(locale: str) -> Locale:
    return Locale.parse(locale.replace("-", "_"))
