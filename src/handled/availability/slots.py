"""Free slots: opening hours minus bookings, buffers, notice and horizon. No I/O.

The arithmetic of one calendar is in `starts`, that of packages in `packages`; datetimes are made last.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from handled.availability import packages
from handled.availability.hours import ExceptionPeriod, Hours, Opening, Window, day_start, epoch_minutes, moment_of
from handled.availability.offer import Busy, Calendar, Offer, OfferPart, Slot, busy_between
from handled.availability.starts import (
    Occupied,
    bookable_dates,
    day_end,
    earliest_start,
    fits,
    seats_left,
    timed_runs,
    whole_days,
    working_windows,
)

__all__ = [
    "Busy",
    "Calendar",
    "ExceptionPeriod",
    "Hours",
    "Offer",
    "OfferPart",
    "Opening",
    "Slot",
    "busy_between",
    "free_slots",
    "is_free",
    "slot_at",
    "slots_at",
]


def free_slots(offer: Offer, calendars: Sequence[Calendar], first: date, last: date, now: datetime) -> list[Slot]:
    """Every slot that starts on the local dates `first` to `last`, by start, then in the calendars' order.

    Starts lie on the grid, which begins anew at each opening; a shared session with seats left is found
    wherever it starts. A whole-day slot lasts from local midnight to the next on a date with any opening; its
    notice counts up to that first midnight. A package has one slot for each start, with whoever performs its first
    part.
    """
    today, horizon = bookable_dates(offer, now)
    first, last = max(first, today), min(last, horizon)
    if last < first:
        return []
    earliest = earliest_start(offer, now)
    if offer.parts:
        return packages.free_slots(offer, calendars, first, last, earliest)
    find = whole_days if offer.duration_minutes is None else timed_runs
    worked: dict[tuple[Hours, ...], list[Window]] = {}
    many = len(calendars)
    keys: list[int] = []
    seats: dict[int, int] = {}
    for position, calendar in enumerate(calendars):
        within = worked.get(calendar.layers)
        if within is None:
            within = worked[calendar.layers] = working_windows(offer, calendar, first, last)
        for starts, left in find(offer, Occupied(calendar.busy), within, earliest):
            # One number per slot, sortable: its start, then its calendar's position.
            found = range(starts.start * many + position, starts.stop * many + position, starts.step * many)
            keys += found
            if left != offer.capacity:
                seats |= dict.fromkeys(found, left)
    keys.sort()
    return _slots(offer, calendars, keys, seats)


def slots_at(offer: Offer, calendars: Sequence[Calendar], starts_at: datetime, now: datetime) -> list[Slot]:
    """The slots at exactly `starts_at` (aware), in the calendars' order; a package has at most one."""
    if not offer.parts:
        return [slot for each in calendars if (slot := slot_at(offer, each, starts_at, now))]
    performers = packages.performers_at(offer, calendars, starts_at) if _is_in_time(offer, starts_at, now) else ()
    if not performers or not all(performers):
        return []
    starts = epoch_minutes(starts_at)
    ends = starts + (offer.duration_minutes or 0)
    return [Slot(moment_of(starts), moment_of(ends), performers[0][0], 1)]


def slot_at(offer: Offer, calendar: Calendar, starts_at: datetime, now: datetime) -> Slot | None:
    """The slot of a service at exactly `starts_at` (aware), or None if it is not free.

    A timed start is any multiple of five minutes or on the grid; a whole day starts at its local midnight.
    """
    if not _is_in_time(offer, starts_at, now):
        return None
    start = epoch_minutes(starts_at)
    day = starts_at.astimezone(offer.zone).date()
    within = working_windows(offer, calendar, day, day)
    if offer.duration_minutes is None:
        open_then, end = bool(within) and start == day_start(day, offer.zone), day_end(offer, start)
    else:
        open_then, end = fits(offer, within, start), start + offer.duration_minutes
    left = seats_left(offer, Occupied(calendar.busy), start, end) if open_then else 0
    return Slot(moment_of(start), moment_of(end), calendar.resource_id, left) if left else None


def is_free(offer: Offer, calendar: Calendar, starts_at: datetime, now: datetime) -> bool:
    """Whether `starts_at` (aware) can be booked on this calendar: hours, bookings, notice and horizon."""
    return slot_at(offer, calendar, starts_at, now) is not None


def _is_in_time(offer: Offer, starts_at: datetime, now: datetime) -> bool:
    """Whether it is a whole minute that gives the notice asked for and lies within the horizon."""
    start = epoch_minutes(starts_at)
    if starts_at != moment_of(start) or start < earliest_start(offer, now):
        return False
    return starts_at.astimezone(offer.zone).date() <= bookable_dates(offer, now)[1]


def _slots(offer: Offer, calendars: Sequence[Calendar], keys: list[int], seats: dict[int, int]) -> list[Slot]:
    resources, capacity = [each.resource_id for each in calendars], offer.capacity
    many = len(resources)
    length = timedelta(minutes=offer.duration_minutes or 0)
    found: list[Slot] = []
    previous = -1
    starts_at = ends_at = moment_of(0)
    for key in keys:
        start, position = divmod(key, many)
        if start != previous:
            previous = start
            starts_at = moment_of(start)
            ends_at = starts_at + length if length else moment_of(day_end(offer, start))
        found.append(Slot(starts_at, ends_at, resources[position], seats.get(key, capacity)))
    return found
