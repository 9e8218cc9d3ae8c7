"""Lengths of time as an owner writes them: "45 min", "1 h 30 min", "24 h", "60 days"."""

from __future__ import annotations

import re

_PART = re.compile(r"([0-9]{1,5})\s*([a-z]+)\.?\s*(?:,|and\b)?\s*")
_MINUTES = {
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), 1),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), 60),
    **dict.fromkeys(("d", "day", "days"), 1440),
    **dict.fromkeys(("w", "week", "weeks"), 7 * 1440),
    **dict.fromkeys(("y", "year", "years"), 365 * 1440),
}


def parse_minutes(value: object) -> int:
    """Minutes of a text, or of an integer, which counts minutes. Raises ValueError with a sentence."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    minutes = _parts(value)
    if minutes is None:
        raise ValueError("is not a length of time; write it as 45 min, 1 h 30 min, 24 h or 2 days")
    return minutes


def parse_days(value: object) -> int:
    """Whole days of a text, or of an integer, which counts days. Raises ValueError with a sentence."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    minutes = _parts(value)
    if minutes is None or minutes % 1440:
        raise ValueError("is not a number of days; write it as 60 days, 8 weeks or 1 year")
    return minutes // 1440


def write_minutes(minutes: int) -> str:
    """`minutes` as `parse_minutes` reads it: 90 is "1 h 30 min", 1440 is "24 h", 2880 is "2 days"."""
    if minutes >= 2880 and minutes % 1440 == 0:
        return f"{minutes // 1440} days"
    hours, rest = divmod(minutes, 60)
    parts = ([f"{hours} h"] if hours else []) + ([f"{rest} min"] if rest or not hours else [])
    return " ".join(parts)


def write_days(days: int) -> str:
    """`days` as `parse_days` reads it: "60 days"."""
    return f"{days} day{'' if days == 1 else 's'}"


def _parts(value: object) -> int | None:
    if not isinstance(value, str):
        return None
    text, at, total = value.strip().lower(), 0, 0
    while at < len(text):
        part = _PART.match(text, at)
        if part is None or part[2] not in _MINUTES:
            return None
        total += int(part[1]) * _MINUTES[part[2]]
        at = part.end()
    return total if text else None
