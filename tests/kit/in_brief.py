"""The meaning of words about time in one short line, and the moment at which they are said."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from handled.kit.when import DAY_END, DAY_START, When

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=ZoneInfo("Europe/Madrid"))


def _edge(at: time) -> str:
    return f"{at:%H:%M}" if at not in (DAY_START, DAY_END) else ""


def brief(when: When | None) -> str:
    """The meaning in short: days without the year in 2026, `..` in ranges, `|` before other days, `~` in windows."""
    if when is None:
        return "nothing"

    def day(one: date) -> str:
        return f"{one:%m-%d}" if one.year == 2026 else f"{one}"

    words = [day(when.date)] if when.date else []
    words += [f"{day(when.dates[0])}..{day(when.dates[1])}"] if when.dates else []
    words += [f"|{day(one)}" for one in when.also]
    words += [f"{when.time:%H:%M}"] if when.time else []
    words += [f"{_edge(when.window[0])}~{_edge(when.window[1])}"] if when.window else []
    words += ["earliest"] if when.earliest else []
    words += ["latest"] if when.latest else []
    words += [when.problem] if when.problem else []
    return " ".join(words)
