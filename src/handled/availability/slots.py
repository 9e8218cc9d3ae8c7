"""Free slots by interval arithmetic: opening hours minus bookings, buffers, notice and horizon. No I/O.

A booking occupies [start - buffer before, end + buffer after), and no two of these extents may overlap on a
resource; only [start, end) must lie within opening hours. Everything is counted in epoch minutes (see
`hours`), so an hour's appointment takes sixty minutes on every day of the year; datetimes are made last.
"""

from __future__ import annotations

import sys
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from handled.availability.hours import (
    DAY,
    ExceptionPeriod,
    Hours,
    Opening,
    Window,
    day_start,
    epoch_minutes,
    moment_of,
    windows,
)
from handled.availability.offer import Busy, Calendar, Offer, Slot, busy_between

__all__ = [
    "Busy",
    "Calendar",
    "ExceptionPeriod",
    "Hours",
    "Offer",
    "Opening",
    "Slot",
    "busy_between",
    "free_slots",
    "is_free",
    "slot_at",
]

ASKED_STEP = 5
"""A customer may name any multiple of five minutes; the offer's grid is only what we suggest ourselves."""


def bookable_dates(offer: Offer, now: datetime) -> tuple[date, date]:
    """Today and the last date of the horizon, in the offer's zone."""
    today = now.astimezone(offer.zone).date()
    return today, today + timedelta(days=offer.horizon_days)


def earliest_start(offer: Offer, now: datetime) -> int:
    """The first epoch minute that is not past and gives the notice asked for."""
    return -int(-now.timestamp() // 60) + offer.notice_minutes


def working_windows(offer: Offer, calendar: Calendar, first: date, last: date) -> list[Window]:
    """The resource's windows in which something may start on the local dates `first` to `last`."""
    # One that runs past midnight needs to know how long the hours go on behind the last date.
    ahead = 0 if offer.duration_minutes is None else offer.duration_minutes // DAY + 1
    days = [first + timedelta(days=i) for i in range((last - first).days + 1 + ahead)]
    end = day_start(last + timedelta(days=1), offer.zone)
    return [each for each in windows(calendar.layers, days, offer.zone) if each.opens < end]


def free_slots(offer: Offer, calendars: Sequence[Calendar], first: date, last: date, now: datetime) -> list[Slot]:
    """Every slot that starts on the local dates `first` to `last`, by start, then in the calendars' order.

    Starts lie on the grid, which begins anew at each opening; a shared session with seats left is found
    wherever it starts. A whole-day slot lasts from local midnight to the next on a date with any opening; its
    notice counts up to that first midnight.
    """
    today, horizon = bookable_dates(offer, now)
    first, last = max(first, today), min(last, horizon)
    if last < first:
        return []
    earliest = earliest_start(offer, now)
    find = _whole_days if offer.duration_minutes is None else _timed
    worked: dict[tuple[Hours, ...], list[Window]] = {}
    many = len(calendars)
    keys: list[int] = []
    seats: dict[int, int] = {}
    for position, calendar in enumerate(calendars):
        within = worked.get(calendar.layers)
        if within is None:
            within = worked[calendar.layers] = working_windows(offer, calendar, first, last)
        for starts, left in find(offer, _Occupied(calendar.busy), within, earliest):
            # One number per slot, sortable: its start, then its calendar's position.
            found = range(starts.start * many + position, starts.stop * many + position, starts.step * many)
            keys += found
            if left != offer.capacity:
                seats |= dict.fromkeys(found, left)
    keys.sort()
    return _slots(offer, calendars, keys, seats)


def slot_at(offer: Offer, calendar: Calendar, starts_at: datetime, now: datetime) -> Slot | None:
    """The slot at exactly `starts_at` (aware), or None if it is not free.

    A timed start is any multiple of five minutes or on the grid; a whole day starts at its local midnight.
    """
    start = epoch_minutes(starts_at)
    day = starts_at.astimezone(offer.zone).date()
    if starts_at != moment_of(start) or start < earliest_start(offer, now) or day > bookable_dates(offer, now)[1]:
        return None
    within = working_windows(offer, calendar, day, day)
    if offer.duration_minutes is None:
        open_then, end = bool(within) and start == day_start(day, offer.zone), _day_end(offer, start)
    else:
        open_then, end = fits(offer, within, start), start + offer.duration_minutes
    left = _seats_left(offer, _Occupied(calendar.busy), start, end) if open_then else 0
    return Slot(moment_of(start), moment_of(end), calendar.resource_id, left) if left else None


def is_free(offer: Offer, calendar: Calendar, starts_at: datetime, now: datetime) -> bool:
    """Whether `starts_at` (aware) can be booked on this calendar: hours, bookings, notice and horizon."""
    return slot_at(offer, calendar, starts_at, now) is not None


def fits(offer: Offer, within: Sequence[Window], start: int) -> bool:
    """Whether a timed appointment may start at epoch minute `start` and end within opening hours."""
    end = start + (offer.duration_minutes or 0)
    return any(
        each.opens <= start < each.closes
        and end <= each.until
        and (start % ASKED_STEP == 0 or (start - each.opens) % offer.step_minutes == 0)
        for each in within
    )


class _Occupied:
    """A resource's busy times, in order of their starts."""

    def __init__(self, busy: Sequence[Busy]) -> None:
        self.busy = sorted(busy, key=lambda each: each.starts)
        self._starts = [each.starts for each in self.busy]
        self._longest = max((each.ends - each.starts for each in self.busy), default=0)

    def near(self, starts: int, ends: int) -> list[Busy]:
        """Everything that overlaps [starts, ends), and perhaps a little that ends just before."""
        first = bisect_left(self._starts, starts - self._longest)
        return self.busy[first : bisect_left(self._starts, ends)]


def _timed(offer: Offer, occupied: _Occupied, within: list[Window], earliest: int) -> Iterator[tuple[range, int]]:
    """Runs of free starts with the seats left in each."""
    duration, step = offer.duration_minutes or 0, offer.step_minutes
    blocked = _blocked_starts(offer, occupied)
    at = 0
    for opens, closes, until in within:
        stop = min(closes, until - duration + 1)
        start = opens if earliest <= opens else opens + _rounded_up(earliest - opens, step)
        while start < stop:
            while blocked[at][1] <= start:
                at += 1
            low, high = blocked[at]
            if start <= low:
                run = range(start, min(stop, low + 1), step)
                yield run, offer.capacity
                start += len(run) * step
            if low < start < high:
                start += _rounded_up(high - start, step)
    if offer.capacity > 1:
        begun = {each.session[1] for each in occupied.busy if each.session and each.session[0] == offer.service_id}
        for start in begun:
            if start >= earliest and fits(offer, within, start):
                left = _seats_left(offer, occupied, start, start + duration)
                if left:
                    yield range(start, start + 1), left


def _whole_days(offer: Offer, occupied: _Occupied, within: list[Window], earliest: int) -> Iterator[tuple[range, int]]:
    days = {moment_of(each.opens).astimezone(offer.zone).date() for each in within}
    for day in days:
        start = day_start(day, offer.zone)
        if start >= earliest:
            left = _seats_left(offer, occupied, start, _day_end(offer, start))
            if left:
                yield range(start, start + 1), left


def _blocked_starts(offer: Offer, occupied: _Occupied) -> list[tuple[int, int]]:
    """Open intervals without a possible start, in order and disjoint; the last one lies beyond all time."""
    reach = (offer.duration_minutes or 0) + offer.buffer_after_minutes
    merged: list[tuple[int, int]] = []
    for each in occupied.busy:
        low, high = each.starts - reach, each.ends + offer.buffer_before_minutes
        # Where two only touch, the start between them is possible: it exactly fills the gap.
        if merged and low < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], high))
        else:
            merged.append((low, high))
    merged.append((sys.maxsize - 1, sys.maxsize))
    return merged


def _seats_left(offer: Offer, occupied: _Occupied, start: int, end: int) -> int:
    """Seats free if the appointment runs [start, end): 0 when full, or when something else is in the way."""
    low, high = start - offer.buffer_before_minutes, end + offer.buffer_after_minutes
    left = offer.capacity
    for each in occupied.near(low, high):
        if each.ends <= low:
            continue
        if offer.capacity == 1 or each.session != (offer.service_id, start):
            return 0
        left -= each.seats
    return max(left, 0)


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
            ends_at = starts_at + length if length else moment_of(_day_end(offer, start))
        found.append(Slot(starts_at, ends_at, resources[position], seats.get(key, capacity)))
    return found


def _day_end(offer: Offer, start: int) -> int:
    day = moment_of(start).astimezone(offer.zone).date()
    return day_start(day + timedelta(days=1), offer.zone)


def _rounded_up(minutes: int, step: int) -> int:
    return -(-minutes // step) * step
