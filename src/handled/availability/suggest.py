"""Which of many free slots to name first."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from zoneinfo import ZoneInfo

from handled.availability.offer import Slot

_DAYS_NAMED = 4
_LAST_NAMED = 3
_ROUNDNESS = (30, 60, 120, 180)


def distinct_starts(slots: Iterable[Slot]) -> list[Slot]:
    """The first slot of each start, in the order given."""
    starts: dict[object, Slot] = {}
    for slot in slots:
        starts.setdefault(slot.starts_at, slot)
    return list(starts.values())


def suggestions(slots: list[Slot], limit: int, zone: ZoneInfo) -> list[Slot]:
    """At most `limit` of `slots` (in order of time), spread over the first days and over each day.

    A day's earliest is always among them; the others start on rounder hours, the fewer there may be.
    """
    if len(slots) <= limit:
        return slots
    days = [list(day) for _, day in groupby(slots, key=lambda slot: slot.starts_at.astimezone(zone).date())]
    named = min(_DAYS_NAMED, limit, len(days))
    while named < min(limit, len(days)) and sum(len(day) for day in days[:named]) < limit:
        named += 1
    return [slot for day in days[:named] for slot in _thinned(day, limit // named, zone)]


def last_of_days(slots: list[Slot], limit: int, zone: ZoneInfo) -> list[Slot]:
    """The last of `slots` (in order of time) on each of the first days, in order; of a single day the last few."""
    days = [list(day) for _, day in groupby(slots, key=lambda slot: slot.starts_at.astimezone(zone).date())]
    return days[0][-_LAST_NAMED:] if len(days) == 1 else [day[-1] for day in days[:limit]]


def _thinned(day: list[Slot], count: int, zone: ZoneInfo) -> list[Slot]:
    kept = day
    for minutes in _ROUNDNESS:
        if len(kept) <= count:
            return kept
        kept = [slot for slot in day if slot is day[0] or _minute_of_day(slot, zone) % minutes == 0]
    return kept[:: -(-len(kept) // count)]


def _minute_of_day(slot: Slot, zone: ZoneInfo) -> int:
    local = slot.starts_at.astimezone(zone)
    return local.hour * 60 + local.minute
