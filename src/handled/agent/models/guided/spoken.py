"""Dates, times and lists as a customer hears them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import format_date, format_time, get_timezone_name

from .dates import When
from .state import State
from .understand import Slot

_DAY = "EEEE, MMMM d"


def day(value: date, locale: str = "en") -> str:
    """Monday, March 2."""
    return format_date(value, _DAY, locale=_known(locale))


def clock(value: time, locale: str = "en") -> str:
    """11:00 am."""
    return format_time(value, "h:mm a", locale=_known(locale)).replace("\u202f", " ").replace("AM", "am").replace("PM", "pm")


def zone(name: str, locale: str = "en") -> str:
    """Pacific Time."""
    try:
        return get_timezone_name(ZoneInfo(name), locale=_known(locale))
    except (ZoneInfoNotFoundError, ValueError, LookupError):
        return name


def moment(slot: Slot, state: State) -> str:
    """Monday, March 2 at 11:00 am; the day alone for a whole day."""
    said = day(slot.date)
    return state.lang.say("at", 0, date=said, time=clock(slot.time)) if slot.time else said


def asked(when: When, state: State) -> str:
    """The day, stretch of days and time that were asked for."""
    if when.date is None:
        return clock(when.time) if when.time else ""
    said = day(when.date)
    if when.to_date and when.to_date > when.date:
        said = f"{said} – {day(when.to_date)}"
    return state.lang.say("at", 0, date=said, time=clock(when.time)) if when.time else said


def listed(items: Sequence[str], lang_and: str) -> str:
    """One, two and three."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])}{lang_and}{items[-1]}"


def slots(offered: Sequence[Slot], state: State) -> str:
    """The times on the table, the day said once where they share it."""
    joint = state.lang.say("or", 0)
    days = {slot.date for slot in offered}
    if len(days) == 1 and all(slot.time for slot in offered):
        return listed([clock(slot.time) for slot in offered if slot.time], joint)
    return listed([moment(slot, state) for slot in offered], joint)


def minutes(amount: int, state: State) -> str:
    """45 minutes, 1 hour, 2 hours 15 minutes."""
    hours, rest = divmod(amount, 60)
    if hours == 0:
        return state.lang.say("minutes", 0, n=str(rest))
    if rest:
        return state.lang.say("hour_and_half", 0, n=str(hours), minutes=str(rest))
    return state.lang.say("one_hour", 0) if hours == 1 else state.lang.say("hours_long", 0, n=str(hours))


def parse_moment(value: object) -> datetime | None:
    """An RFC 3339 moment out of a tool result, if it is one."""
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _known(locale: str) -> str:
    return "en" if not locale.startswith("en") else "en"
