"""Dates, times and lists as a customer of this business hears them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta

from handled.kit.when import spoken as words

from .dates import When
from .state import State
from .understand import Slot


def day(value: date, state: State) -> str:
    """Monday, March 2."""
    return words.spoken_date(value, state.now.date(), state.business.locale)


def clock(value: time, state: State) -> str:
    """11:00 am."""
    return words.spoken_time(value, state.business.locale)


def zone(name: str, state: State) -> str:
    """Pacific Time."""
    try:
        return words.zone_name(name, state.now, state.business.locale)
    except (LookupError, ValueError, OSError):
        return name


def moment(slot: Slot, state: State) -> str:
    """Monday, March 2 at 11:00 am; the day alone for a whole day."""
    return words.spoken_moment(slot.date, slot.time, state.now.date(), state.business.locale)


def asked(when: When, state: State) -> str:
    """The day, stretch of days and time that were asked for."""
    if state.service and state.service.whole_day:
        when = replace(when, time=None, from_time=None, to_time=None)
    if when.date is None:
        return clock(when.time, state) if when.time else ""
    if when.choice:
        return wishes(when.choice, state)
    several = when.to_date if when.to_date and when.to_date > when.date else None
    if when.also:
        days = listed([day(each, state) for each in (when.date, *when.also)], state.lang.say("or", 0))
    elif not (when.from_time or when.to_time) and not several:
        return moment(Slot(when.date, when.time), state)
    else:
        days = _stretch(when.date, several, state) if several else day(when.date, state)
    if not (when.from_time or when.to_time):
        return days
    start, end = (clock(t, state) if t else "" for t in (when.from_time, when.to_time))
    phrase = "window" if start and end else "window_from" if start else "window_to"
    if when.from_time and when.to_time:
        part = f"part_{when.from_time:%H%M}_{when.to_time:%H%M}"
        phrase = part if part in state.lang.phrases else phrase
    return state.lang.say(phrase, 0, day=days, start=start, end=end)


def wishes(several: Sequence[When], state: State) -> str:
    """Wishes that would do as well as each other."""
    if all(each.time for each in several):
        return slots([Slot(each.date, each.time) for each in several if each.date], state, joined=True)
    return listed([asked(each, state) for each in several], state.lang.say("or", 0))


def _stretch(first: date, last: date, state: State) -> str:
    """A stretch of days, by its name if it is this week or the next."""
    today = state.now.date()
    sunday = today + timedelta(days=6 - today.weekday())
    if last == sunday and first <= max(today, sunday - timedelta(days=6)):
        return state.lang.say("this_week", 0)
    if (first, last) == (sunday + timedelta(days=1), sunday + timedelta(days=7)):
        return state.lang.say("following_week", 0)
    return f"{day(first, state)} – {day(last, state)}"


def listed(items: Sequence[str], joint: str) -> str:
    """One, two and three."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])}{joint}{items[-1]}"


def slots(offered: Sequence[Slot], state: State, with_day: bool = False, joined: bool = False) -> str:
    """The times on the table, the day said once where they share it, or left to the sentence around them; `joined`:
    as one phrase with its day."""
    joint = state.lang.say("or", 0)
    days = {slot.date for slot in offered}
    if len(days) == 1 and not joined and all(slot.time for slot in offered):
        clocks = listed([clock(slot.time, state) for slot in offered if slot.time], joint)
        return f"{day(offered[0].date, state)}: {clocks}" if with_day else clocks
    if not all(slot.time for slot in offered):
        return listed([moment(slot, state) for slot in offered], joint)
    by_day = {slot.date: [other.time for other in offered if other.date == slot.date] for slot in offered}
    told = [
        listed([moment(Slot(date, clocks[0]), state), *(clock(c, state) for c in clocks[1:] if c)], joint)
        for date, clocks in by_day.items()
    ]
    several = 1 < len(told) < len(offered)
    return ", ".join(told[:-1]) + f",{joint}{told[-1]}" if several else listed(told, joint)


def minutes(amount: int, state: State) -> str:
    """45 minutes, 1 hour, 2 hours 15 minutes."""
    hours, rest = divmod(amount, 60)
    if hours == 0:
        return state.lang.say("minutes", 0, n=str(rest))
    told = state.lang.say("one_hour", 0) if hours == 1 else state.lang.say("hours_long", 0, n=str(hours))
    return f"{told} {state.lang.say('minutes', 0, n=str(rest))}" if rest else told
