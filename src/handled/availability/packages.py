"""Packages: several services one after the other, each by somebody who can, as one appointment. No I/O.

A package can start where its first part can, if each later part can start when its turn comes. Parts do not stand in
each other's way: their buffers keep other people's bookings at a distance.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import chain
from uuid import UUID

from handled.availability.hours import DAY, Window, epoch_minutes, moment_of
from handled.availability.offer import Calendar, Offer, Slot
from handled.availability.starts import Occupied, blocked_starts, fits, seats_left, timed_runs, working_windows

Span = tuple[int, int]


def free_slots(offer: Offer, calendars: Sequence[Calendar], first: date, last: date, earliest: int) -> list[Slot]:
    """One slot for each free start on the local dates `first` to `last` from the epoch minute `earliest` on.

    Starts lie on the grid of whoever performs the first part.
    """
    (part, who), *later = _parts(offer, calendars)
    beginning: dict[int, list[UUID]] = {}
    for each in who:
        within = working_windows(part, each, first, last)
        for starts, _ in timed_runs(part, Occupied(each.busy), within, earliest):
            for start in starts:
                beginning.setdefault(start, []).append(each.resource_id)
    # A later part may begin on a day after the last one.
    beyond = last + timedelta(days=(offer.duration_minutes or 0) // DAY + 1)
    turns = list(_turns(part.duration_minutes or 0, later, first, beyond))
    order = [each.resource_id for each in calendars]
    length = timedelta(minutes=offer.duration_minutes or 0)
    found: list[Slot] = []
    for start in sorted(beginning):
        performers = [beginning[start]]
        performers += [[who for who in free if _lies_in(free[who], start + at)] for at, free in turns]
        if all(performers):
            starts_at = moment_of(start)
            found.append(Slot(starts_at, starts_at + length, _best_first(performers, order)[0][0], 1))
    return found


def _turns(
    offset: int, parts: Sequence[tuple[Offer, list[Calendar]]], first: date, last: date
) -> Iterator[tuple[int, dict[UUID, list[Span]]]]:
    """How long after the package each part begins, and when anybody is free for it."""
    for part, who in parts:
        yield (
            offset,
            {
                each.resource_id: list(_free_spans(part, Occupied(each.busy), working_windows(part, each, first, last)))
                for each in who
            },
        )
        offset += part.duration_minutes or 0


def performers_at(offer: Offer, calendars: Sequence[Calendar], starts_at: datetime) -> list[list[UUID]]:
    """Who can perform each part if the package starts at `starts_at` (aware): those first who can perform most of it,
    then in the calendars' order. Empty where nobody can."""
    start = epoch_minutes(starts_at)
    found: list[list[UUID]] = []
    for part, who in _parts(offer, calendars):
        day = moment_of(start).astimezone(offer.zone).date()
        end = start + (part.duration_minutes or 0)
        able: list[UUID] = []
        for each in who:
            within = working_windows(part, each, day, day)
            # Only the customer's own time has to be a round one.
            opens = _is_open(within, start, end) if found else fits(part, within, start)
            if opens and seats_left(part, Occupied(each.busy), start, end):
                able.append(each.resource_id)
        found.append(able)
        start = end
    return _best_first(found, [each.resource_id for each in calendars])


def _parts(offer: Offer, calendars: Sequence[Calendar]) -> list[tuple[Offer, list[Calendar]]]:
    """Each part as an offer of its own, with the calendars of those who can perform it."""
    return [
        (
            replace(
                offer,
                duration_minutes=part.duration_minutes,
                buffer_before_minutes=part.buffer_before_minutes,
                buffer_after_minutes=part.buffer_after_minutes,
                parts=(),
            ),
            [each for each in calendars if each.resource_id in part.resource_ids],
        )
        for part in offer.parts
    ]


def _best_first(performers: list[list[UUID]], order: list[UUID]) -> list[list[UUID]]:
    shares = Counter(chain.from_iterable(performers))
    return [sorted(able, key=lambda who: (-shares[who], order.index(who))) for able in performers]


def _free_spans(part: Offer, occupied: Occupied, within: list[Window]) -> Iterator[Span]:
    """Every minute at which the part may start, as disjoint spans in order, both ends included."""
    blocked = blocked_starts(part, occupied)
    at = 0
    for opens, closes, until in within:
        start, latest = opens, min(closes - 1, until - (part.duration_minutes or 0))
        while start <= latest:
            while blocked[at][1] <= start:
                at += 1
            low, high = blocked[at]
            if start <= low:
                yield start, min(low, latest)
            start = high


def _lies_in(spans: list[Span], minute: int) -> bool:
    at = bisect_right(spans, minute, key=lambda span: span[0])
    return at > 0 and minute <= spans[at - 1][1]


def _is_open(within: Sequence[Window], start: int, end: int) -> bool:
    return any(each.opens <= start < each.closes and end <= each.until for each in within)
