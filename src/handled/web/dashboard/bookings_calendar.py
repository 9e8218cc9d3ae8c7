"""A week of bookings as rows and columns: a row is a quarter of an hour, and what overlaps stands side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal
from uuid import UUID

from handled.availability.hours import DAY, ExceptionPeriod, Hours, Opening, wall_windows
from handled.catalog.business import Business, people_named, service_by_id
from handled.tables import Booking, HoursException
from handled.tenants.blocks import Block

ROW_MINUTES = 15
# So many columns a day has styles for; more would not be readable.
COLUMNS = 12
_USUAL = (9 * 60, 17 * 60)


@dataclass(frozen=True, slots=True)
class Piece:
    """Something on one day of the calendar, `rows` high from `row` on and from `column` up to `until`, all counted
    from 1. Of a class that several share, `bookings` are all of them. `tone` tells resources apart."""

    kind: Literal["booking", "block", "shut"]
    row: int
    rows: int
    column: int = 1
    until: int = 2
    bookings: tuple[Booking, ...] = ()
    block: Block | None = None
    label: str = ""
    who: str | None = None
    seats: int = 1
    tone: int = 0


@dataclass(frozen=True, slots=True)
class Day:
    """`whole` is what takes all of it, `closed` why nothing is open: a label, possibly empty, or None."""

    date: date
    is_today: bool
    whole: Sequence[Piece]
    pieces: Sequence[Piece]
    closed: str | None

    @property
    def is_empty(self) -> bool:
        return not self.whole and all(each.kind == "shut" for each in self.pieces)


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from `first`, a Monday; the hours that they show, in minutes since midnight."""

    first: date
    days: Sequence[Day]
    opens: int
    closes: int

    @property
    def hours(self) -> list[int]:
        return list(range(self.opens, self.closes, 60))


@dataclass(frozen=True, slots=True)
class Seen:
    """What there is in a week, as it was found; of one resource, if `resource_id` names one."""

    bookings: Sequence[Booking]
    blocks: Sequence[Block]
    exceptions: Sequence[HoursException]
    resource_id: UUID | None = None


@dataclass(slots=True)
class _Raw:
    """A piece before it has its place: minutes since midnight."""

    starts: int
    ends: int
    piece: Piece


def week_of(business: Business, first: date, today: date, seen: Seen) -> Week:
    """The week that begins on `first`."""
    dates = [first + timedelta(days=ahead) for ahead in range(7)]
    raw = {day: _on(business, day, seen) for day in dates}
    open_on = {day: _windows(business, day, seen) for day in dates}
    opens, closes = _span(raw.values(), open_on.values())
    whole = {day: _whole_on(business, day, seen) for day in dates}
    days = [_day(day, today, (raw[day], whole[day]), open_on[day], (opens, closes), seen) for day in dates]
    return Week(first, days, opens, closes)


def _span(raw: Iterable[list[_Raw]], windows: Iterable[list[tuple[int, int]]]) -> tuple[int, int]:
    """Whole hours around all that is open and all that is booked."""
    edges = [each for day in windows for each in day]
    edges += [(each.starts, each.ends) for day in raw for each in day if each.piece.kind == "booking"]
    if not edges:
        return _USUAL
    return min(each[0] for each in edges) // 60 * 60, -(-max(each[1] for each in edges) // 60) * 60


def _on(business: Business, day: date, seen: Seen) -> list[_Raw]:
    found: list[_Raw] = []
    shared: dict[tuple[UUID, UUID, datetime], int] = {}
    for booking in seen.bookings:
        clipped = None if booking.whole_day else _clip(business, day, booking.starts_at, booking.ends_at)
        if clipped is None:
            continue
        key = (booking.service_id, booking.resource_id, booking.starts_at)
        piece = _booked(business, booking)
        if piece.seats > 1 and key in shared:
            there = found[shared[key]]
            there.piece = replace(there.piece, bookings=(*there.piece.bookings, booking))
            continue
        shared[key] = len(found)
        found.append(_Raw(*clipped, piece))
    for block in seen.blocks:
        starts, ends = (each.replace(tzinfo=business.zone) for each in (block.starts, block.ends))
        clipped = _clip(business, day, starts, ends)
        if clipped is not None and clipped != (0, DAY):
            found.append(_Raw(*clipped, _blocked(business, block)))
    return found


def _clip(business: Business, day: date, starts_at: datetime, ends_at: datetime) -> tuple[int, int] | None:
    """From when to when on this day, in minutes that its clocks show; None when it is on another."""
    starts, ends = (each.astimezone(business.zone).replace(tzinfo=None) for each in (starts_at, ends_at))
    midnight = datetime.combine(day, time())
    minutes = [int((each - midnight).total_seconds() // 60) for each in (starts, ends)]
    first, last = max(0, minutes[0]), min(DAY, minutes[1])
    return (first, last) if first < last else None


def _booked(business: Business, booking: Booking) -> Piece:
    service = service_by_id(business, booking.service_id)
    resource_ids = booking.part_resource_ids or [booking.resource_id]
    return Piece(
        "booking",
        1,
        1,
        bookings=(booking,),
        label=service.name if service else "Appointment",
        who=people_named(business, resource_ids),
        seats=service.capacity if service else 1,
        tone=_tone(business, resource_ids[0]),
    )


def _blocked(business: Business, block: Block) -> Piece:
    who = people_named(business, [block.resource_id]) if block.resource_id else None
    tone = _tone(business, block.resource_id) if block.resource_id else 0
    return Piece("block", 1, 1, block=block, label=block.label or "Blocked", who=who, tone=tone)


def _tone(business: Business, resource_id: UUID) -> int:
    return next((place for place, each in enumerate(business.resources) if each.id == resource_id), 0) % 6


def _windows(business: Business, day: date, seen: Seen) -> list[tuple[int, int]]:
    """When the business is open, blocks of a part of the day left out: they are shown as themselves."""
    exceptions = tuple(
        ExceptionPeriod(
            each.first_date, each.last_date, "open" if each.kind == "open" else "closed", each.opens, each.closes
        )
        for each in seen.exceptions
        if each.resource_id is None and (each.kind == "open" or each.opens is None)
    )
    weekly = tuple(
        Opening(each.weekday, each.opens, each.closes) for each in business.hours if each.resource_id is None
    )
    return wall_windows(Hours(weekly, exceptions), day)


def _whole_on(business: Business, day: date, seen: Seen) -> list[Piece]:
    return [
        _booked(business, each)
        for each in seen.bookings
        if each.whole_day and each.starts_at.astimezone(business.zone).date() == day
    ]


def _day(
    day: date,
    today: date,
    there: tuple[list[_Raw], list[Piece]],
    windows: list[tuple[int, int]],
    span: tuple[int, int],
    seen: Seen,
) -> Day:
    raw, whole = there
    labels = [
        each.label or ""
        for each in seen.blocks
        if each.resource_id is None and each.starts.date() <= day <= each.last_date and _covers(each, day)
    ]
    return Day(
        date=day,
        is_today=day == today,
        whole=whole,
        pieces=[*_shut(windows, *span), *_placed(raw, *span)],
        closed=labels[0] if labels else ("" if not windows else None),
    )


def _covers(block: Block, day: date) -> bool:
    midnight = datetime.combine(day, time())
    return block.starts <= midnight and midnight + timedelta(days=1) <= block.ends


def _shut(windows: list[tuple[int, int]], opens: int, closes: int) -> Iterable[Piece]:
    """What lies between the opening hours."""
    at = opens
    for starts, ends in [*windows, (closes, closes)]:
        if starts > at:
            yield _at_rows(Piece("shut", 1, 1, until=COLUMNS + 1), at, min(starts, closes), opens)
        at = max(at, ends)


def _at_rows(piece: Piece, starts: int, ends: int, opens: int) -> Piece:
    row = (starts - opens) // ROW_MINUTES
    return replace(piece, row=row + 1, rows=max(1, -(-(ends - opens) // ROW_MINUTES) - row))


def _placed(raw: list[_Raw], opens: int, closes: int) -> list[Piece]:
    """Each in the rows of its time; those that overlap share the width."""
    pieces = [
        _at_rows(each.piece, max(each.starts, opens), min(each.ends, closes), opens)
        for each in sorted(raw, key=lambda each: (each.starts, -each.ends))
        if each.starts < closes and each.ends > opens
    ]
    found: list[Piece] = []
    cluster: list[Piece] = []
    end = 0
    for piece in pieces:
        if cluster and piece.row >= end:
            found += _side_by_side(cluster)
            cluster = []
        cluster.append(piece)
        end = max(end if len(cluster) > 1 else 0, piece.row + piece.rows)
    return found + _side_by_side(cluster)


def _side_by_side(cluster: list[Piece]) -> list[Piece]:
    """Pieces that overlap, from left to right in as few lanes as it takes."""
    lane_ends: list[int] = []
    lanes: list[int] = []
    for piece in cluster:
        lane = next((number for number, ends in enumerate(lane_ends) if ends <= piece.row), len(lane_ends))
        lane_ends[lane : lane + 1] = [piece.row + piece.rows]
        lanes.append(lane)
    count = min(len(lane_ends), COLUMNS)
    return [
        replace(piece, column=_edge(lane % COLUMNS, count), until=_edge(lane % COLUMNS + 1, count))
        for piece, lane in zip(cluster, lanes, strict=True)
    ]


def _edge(lane: int, count: int) -> int:
    return round(lane * COLUMNS / count) + 1
