"""Where something may start on one calendar, by interval arithmetic. No I/O.

A booking occupies [start - buffer before, end + buffer after), and no two of these extents may overlap on a
resource; only [start, end) must lie within opening hours. Everything is counted in epoch minutes (see
`hours`), so an hour's appointment takes sixty minutes on every day of the year.
"""

from __future__ import annotations

import sys
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from handled.availability.hours import DAY, Window, day_start, moment_of, windows
from handled.availability.offer import Busy, Calendar, Offer

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


def fits(offer: Offer, within: Sequence[Window], start: int) -> bool:
    """Whether a timed appointment may start at epoch minute `start` and end within opening hours."""
    end = start + (offer.duration_minutes or 0)
    return any(
        each.opens <= start < each.closes
        and end <= each.until
        and (start % ASKED_STEP == 0 or (start - each.opens) % offer.step_minutes == 0)
        for each in within
    )


class Occupied:
    """A resource's busy times, in order of their starts."""

    def __init__(self, busy: Sequence[Busy]) -> None:
        self.busy = sorted(busy, key=lambda each: each.starts)
        self._starts = [each.starts for each in self.busy]
        self._longest = max((each.ends - each.starts for each in self.busy), default=0)

    def near(self, starts: int, ends: int) -> list[Busy]:
        """Everything that overlaps [starts, ends), and perhaps a little that ends just before."""
        first = bisect_left(self._starts, starts - self._longest)
        return self.busy[first : bisect_left(self._starts, ends)]


def timed_runs(offer: Offer, occupied: Occupied, within: list[Window], earliest: int) -> Iterator[tuple[range, int]]:
    """Runs of free starts with the seats left in each."""
    duration, step = offer.duration_minutes or 0, offer.step_minutes
    blocked = blocked_starts(offer, occupied)
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
                left = seats_left(offer, occupied, start, start + duration)
                if left:
                    yield range(start, start + 1), left


def whole_days(offer: Offer, occupied: Occupied, within: list[Window], earliest: int) -> Iterator[tuple[range, int]]:
    days = {moment_of(each.opens).astimezone(offer.zone).date() for each in within}
    for day in days:
        start = day_start(day, offer.zone)
        if start >= earliest:
            left = seats_left(offer, occupied, start, day_end(offer, start))
            if left:
                yield range(start, start + 1), left


def blocked_starts(offer: Offer, occupied: Occupied) -> list[tuple[int, int]]:
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


def seats_left(offer: Offer, occupied: Occupied, start: int, end: int) -> int:
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


def day_end(offer: Offer, start: int) -> int:
    day = moment_of(start).astimezone(offer.zone).date()
    return day_start(day + timedelta(days=1), offer.zone)


def _rounded_up(minutes: int, step: int) -> int:
    return -(-minutes // step) * step
