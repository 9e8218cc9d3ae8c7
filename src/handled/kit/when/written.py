"""A moment as programs and tables write it, in the clock of one place."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

_YEARS = range(1970, 2200)


class Written(NamedTuple):
    """`at` is aware, in the place's zone; without a time it is the day's midnight."""

    at: datetime
    has_time: bool


def read_moment(written: str, zone: ZoneInfo) -> Written:
    """ISO date and time (`2026-03-02T15:00`, `2026-03-02 15:00`), local to `zone` unless it has an offset, or a date
    alone. Where clocks are set back, a local time means its first pass.

    Raises ValueError, with a sentence, for anything else and for a time that the clocks skip.
    """
    written = written.strip()
    if len(written) == len("2026-03-02"):
        day = _date(written)
        return Written(datetime(day.year, day.month, day.day, tzinfo=zone), has_time=False)
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise _unreadable() from None
    if moment.year not in _YEARS:
        raise ValueError("is not in a year that we can book")
    if moment.second or moment.microsecond:
        raise ValueError("has seconds; appointments begin at a whole minute")
    if moment.tzinfo is not None:
        return Written(moment.astimezone(zone), has_time=True)
    local = moment.replace(tzinfo=zone)
    if local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != moment:
        raise ValueError("does not exist: the clocks are set forward then")
    return Written(local, has_time=True)


def _date(written: str) -> date:
    try:
        day = date.fromisoformat(written)
    except ValueError:
        raise _unreadable() from None
    if day.year not in _YEARS:
        raise ValueError("is not in a year that we can book")
    return day


def _unreadable() -> ValueError:
    return ValueError("is not a date and time that we can read; write it like 2026-03-02 15:00")
