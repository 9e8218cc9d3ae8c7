"""A new time seen from the booking's own: "half an hour later", "push it back a week", "the same time on Thursday"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from .dates import When, after, read_when
from .language import Language
from .moving import near_day
from .state import State
from .understand import Reading, Slot

_BACK = {"back", "later", "after", "out", "from then", "from that", "from it"}
_ON = {"delay", "postpone"}
_EITHER_WAY = {"push", "bump", "knock", "nudge"}
_DAY = 24 * 60
# Of a month the same weekday four weeks on.
_MINUTES = {"h": 60, "mi": 1, "d": _DAY, "w": 7 * _DAY, "f": 14 * _DAY, "mo": 28 * _DAY}
_FEW = {"a couple": 2, "a couple of": 2, "a few": 3}


def shift_of(plain: str, lang: Language) -> timedelta | None:
    """How far the wish goes from where the booking is now; None if it is no such wish."""
    if match := _last(lang.shift_after, plain):
        later = match["way"] in _BACK
    elif match := lang.shift_before.search(plain):
        if not match["way"] and match["verb"] not in _ON | _EITHER_WAY:
            return None
        later = match["verb"] in _ON or (match["way"] or "back") in _BACK
    else:
        return None
    amount = match["amount"]
    count = int(amount) if amount.isdigit() else _FEW.get(amount) or lang.numbers.get(amount, 1)
    unit = next(minutes for begins, minutes in _MINUTES.items() if match["unit"].startswith(begins))
    minutes = unit // 2 if amount == "half an" else count * unit + (unit // 2 if match["half"] else 0)
    return timedelta(minutes=minutes if later else -minutes)


def _last(pattern: re.Pattern[str], plain: str) -> re.Match[str] | None:
    """ "A week earlier, no, a week later" is later."""
    found = list(pattern.finditer(plain))
    return found[-1] if found else None


def shifted(base: When, by: timedelta) -> When:
    """`base` that much earlier or later; whole days and weeks keep the time."""
    if base.date is None:
        return base
    if base.time is None:
        return base.on(base.date + timedelta(days=by.days))
    moment = datetime.combine(base.date, base.time) + by
    return When(date=moment.date(), time=moment.time())


def said_of_new(state: State, reading: Reading, booking: When, opening: bool) -> When:
    """What a wish says about the new day and time. What is only said of the booking as it is does not count."""
    said, lang = reading.when, state.lang
    if opening and (new := _after_to(state, reading)):
        said = new
    elif opening and lang.existing.search(reading.plain) and not lang.wishing.search(reading.plain):
        # "My appointment at 3 on Friday" tells which one it is.
        said = When()
    same_day = not said.said_day or (said.date == booking.date and said.one_day)
    same_time = not said.said_time or said.time == booking.time
    if same_day and same_time and not said.any_time and opening:
        said = replace(When(), problem=said.problem)
    return near_day(said, reading.plain, lang, booking.date)


def _after_to(state: State, reading: Reading) -> When | None:
    """What stands after "my appointment …, to": the new time, where the old one was named before."""
    match = state.lang.as_it_is.search(reading.plain)
    if not match:
        return None
    clocks = [slot.time for slot in state.offered if slot.time]
    said = read_when(reading.plain[match.end("to") :], state.now, state.lang, state.business.locale, clocks)
    return None if said.empty else said


def beside(reading: Reading, when: When, booking: When, offered: Sequence[Slot] = ()) -> When | None:
    """Earlier or later than the times offered, or than the booking, on its day; another day; the same time. None if
    nothing of it was said."""
    day = when.date or booking.date
    clocks = sorted(slot.time for slot in offered if slot.time and slot.date == day)
    edge = (clocks[0] if reading.has("earlier") else clocks[-1]) if clocks else None
    bound = when.time or edge or booking.time
    if reading.has("earlier", "later") and reading.when.said_day and not reading.when.said_time:
        return None
    if reading.has("earlier") and bound:
        return replace(when, date=day, time=None, from_time=None, to_time=bound)
    if reading.has("later") and bound and _has_room(bound):
        return replace(when, date=day, time=None, from_time=after(bound), to_time=None)
    if reading.has("other_day") and not reading.when.said_day:
        return When()
    if reading.has("other_time", "any_time") and not reading.when.said_time:
        return replace(when, date=day, time=None, from_time=None, to_time=None)
    return None


def _has_room(bound: time) -> bool:
    return bound < time(23, 0)


def moment_of(day: date | None, clock: time | None) -> When:
    return When(date=day, time=clock)
