"""Times named as equals in an utterance: "10 or 2", "Friday at 10 or Monday at 2", "Monday or Friday, 10 or 2"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .dates import When

_MOST = 4  # that are looked up


def with_equals(said: When, pieces: Sequence[When], explicit: bool) -> When:
    """`said` with all the times that its `pieces`, parted at "or", name; `explicit` if the last says am or pm."""
    timed = [(each.date, each.time) for each in pieces if each.time]
    last = pieces[-1].time
    if len(set(timed)) < 2 or not last:
        return said
    if explicit:
        # "8 or 9 pm" are both in the evening, "9 or 2 pm" are not.
        timed = [(day, clock if day else _same_half(clock, last)) for day, clock in timed]
    days = {day for day, _ in timed if day}
    if said.also:
        timed = [(day, clock) for day in (said.date, *said.also) for _, clock in timed]
    elif len(days) < 2:
        timed = [(None, clock) for _, clock in timed]
    either = tuple(dict.fromkeys(timed))[:_MOST]
    if len(either) < 2:
        return said
    said = said.on(either[0][0]) if either[0][0] else said
    return replace(said, time=either[0][1], either=either)


def _same_half(clock: time, last: time) -> time:
    later = clock.replace(hour=clock.hour + 12) if clock.hour < 12 else clock
    return later if later <= last else clock
