"""Times and parts of days named as equals: "10 or 2", "Friday at 10 or Monday at 2", "Thursday afternoon or Friday
morning"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import time
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .dates import When

_MOST = 4  # that are looked up


def with_equals(said: When, pieces: Sequence[When], explicit: bool) -> When:
    """`said` with all the times that its `pieces`, parted at "or", name; `explicit` if the last says am or pm."""
    named = _named(pieces, explicit)
    if len(set(named)) < 2:
        return said
    if said.also and not all(each.date for each in named):
        named = [each.on(day) for day in (said.date, *said.also) for each in named]
    elif len({each.date for each in named if each.date}) < 2:
        named = [each.on(None) for each in named]
    either = tuple(dict.fromkeys(_joined(named)))[:_MOST]
    first = either[0]
    said = said.on(first.date, first.to_date, first.also) if first.date else said
    several = either if len(either) > 1 else ()
    return replace(said, time=first.time, from_time=first.from_time, to_time=first.to_time, either=several)


def _named(pieces: Sequence[When], explicit: bool) -> list[When]:
    """What each piece names; nothing if one of them is no equal of the first: "after 3 or 4" is about one bound."""
    named: list[When] = []
    for piece in pieces:
        whole_day = bool(piece.date and named and named[0].date and not named[0].time)
        if piece.said_time or whole_day:
            named.append(replace(piece, any_time=False, other_date=None, problem=None, either=()))
    bounded = [each for each in named if not each.time]
    if bounded and any(each.time and not each.date for each in named[1:]):
        return []
    last = pieces[-1].time
    if explicit and last:
        # "8 or 9 pm" are both in the evening, "9 or 2 pm" are not.
        named = [replace(e, time=_same_half(e.time, last)) if e.time and not e.date else e for e in named]
    return named


def _joined(named: list[When]) -> list[When]:
    """ "Morning or afternoon" is one stretch of the day."""
    first = named[0]
    if any(each.time or not each.said_time for each in named):
        return named
    if any((each.date, each.to_date, each.also) != (first.date, first.to_date, first.also) for each in named):
        return named
    parts = sorted((each.from_time or time.min, each.to_time or time.max) for each in named)
    if any(later[0] > earlier[1] for earlier, later in pairwise(parts)):
        return named
    start, end = parts[0][0], max(end for _, end in parts)
    return [replace(first, from_time=start if start > time.min else None, to_time=end if end < time.max else None)]


def _same_half(clock: time, last: time) -> time:
    later = clock.replace(hour=clock.hour + 12) if clock.hour < 12 else clock
    return later if later <= last else clock
