"""Availability the slow and obvious way: look at the wall clock, minute by minute."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

from handled.availability.slots import Calendar, Hours, Offer, OfferPart

MINUTE = timedelta(minutes=1)


@lru_cache(maxsize=64)
def minutes_of(day: date, timezone: str) -> list[tuple[datetime, date, int]]:
    """Every minute that may belong to `day`, with the date and the minute of it on the local wall clock."""
    zone = ZoneInfo(timezone)
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=30)
    found: list[tuple[datetime, date, int]] = []
    for _ in range(84 * 60):
        local = moment.astimezone(zone)
        found.append((moment, local.date(), local.hour * 60 + local.minute))
        moment += MINUTE
    return found


def first_reading(day: date, minute: int, timezone: str) -> datetime:
    """The first moment at which the wall clock shows `minute` of `day`, or anything later."""
    return next(
        moment for moment, today, now in minutes_of(day, timezone) if today > day or (today == day and now >= minute)
    )


def allowed_walls(hours: Hours, day: date) -> set[int]:
    """The minutes of `day` in which one set of hours is open, as painted on a wall of 1440 minutes."""
    special = [each for each in hours.exceptions if each.first <= day <= each.last]
    whole = [each for each in special if each.kind == "closed" and each.opens is None and each.closes is None]
    extra = [
        each
        for each in special
        if each.kind == "open" and all(each.last - each.first < closed.last - closed.first for closed in whole)
    ]
    painted: set[int] = set()
    if extra:
        for each in extra:
            painted |= set(range(each.opens or 0, 1440 if each.closes is None else each.closes))
    elif not whole and hours.openings is None:
        painted = set(range(1440))
    elif not whole:
        for opening in hours.openings or ():
            if opening.weekday == day.weekday():
                painted |= set(range(opening.opens, opening.closes))
    for each in special:
        if each.kind == "closed" and each not in whole:
            painted -= set(range(each.opens or 0, 1440 if each.closes is None else each.closes))
    return painted


def openings_on(day: date, offer: Offer, calendar: Calendar) -> list[tuple[datetime, datetime]]:
    """The date's opening windows, as moments."""
    painted = allowed_walls(calendar.hours, day)
    if calendar.own_hours is not None:
        painted &= allowed_walls(calendar.own_hours, day)
    edges = [minute for minute in range(1441) if (minute in painted) != (minute - 1 in painted)]
    moments = [first_reading(day, minute, offer.timezone) for minute in edges]
    return [(a, b) for a, b in zip(moments[::2], moments[1::2], strict=True) if a < b]


def minutes_between(starts: datetime, ends: datetime) -> list[datetime]:
    return [starts + i * MINUTE for i in range(int((ends - starts) / MINUTE))]


def free_starts(offer: Offer, calendar: Calendar, day: date, now: datetime) -> list[tuple[datetime, int]]:
    """Every free start on one local date, with the seats left."""
    today = now.astimezone(offer.zone).date()
    if not today <= day <= today + timedelta(days=offer.horizon_days):
        return []
    opened = openings_on(day, offer, calendar)
    if offer.duration_minutes is None:
        starts, ends = (
            first_reading(day, 0, offer.timezone),
            first_reading(day + timedelta(days=1), 0, offer.timezone),
        )
        wishes = [(starts, ends)] if opened else []
    else:
        length = timedelta(minutes=offer.duration_minutes)
        tomorrow = openings_on(day + timedelta(days=1), offer, calendar)
        open_minutes = {minute for window in opened + tomorrow for minute in minutes_between(*window)}
        wishes = [
            (minute, minute + length)
            for window in opened
            for minute in minutes_between(*window)
            if on_offer(offer, calendar, window[0], minute)
            and open_minutes.issuperset(minutes_between(minute, minute + length))
        ]
    soonest = now + timedelta(minutes=offer.notice_minutes)
    found = ((starts, seats_left(offer, calendar, starts, ends)) for starts, ends in wishes if starts >= soonest)
    return [(starts, left) for starts, left in found if left > 0]


def package_starts(offer: Offer, calendars: Sequence[Calendar], day: date, now: datetime) -> list[datetime]:
    """Every start of a package on one local date: the first part on somebody's grid, each by somebody who is there."""
    today = now.astimezone(offer.zone).date()
    if not today <= day <= today + timedelta(days=offer.horizon_days):
        return []
    opened = {each.resource_id: openings_on(day, offer, each) for each in calendars}
    open_minutes: dict[UUID, set[datetime]] = {}
    for each in calendars:
        windows = [*opened[each.resource_id], *openings_on(day + timedelta(days=1), offer, each)]
        open_minutes[each.resource_id] = {minute for window in windows for minute in minutes_between(*window)}

    def can(part: OfferPart, calendar: Calendar, starts: datetime) -> bool:
        ends = starts + timedelta(minutes=part.duration_minutes)
        low = int(starts.timestamp()) // 60 - part.buffer_before_minutes
        high = int(ends.timestamp()) // 60 + part.buffer_after_minutes
        return (
            calendar.resource_id in part.resource_ids
            and open_minutes[calendar.resource_id].issuperset(minutes_between(starts, ends))
            and all(each.ends <= low or high <= each.starts for each in calendar.busy)
        )

    def follow(starts: datetime) -> bool:
        for at, part in enumerate(offer.parts):
            if at and not any(can(part, each, starts) for each in calendars):
                return False
            starts += timedelta(minutes=part.duration_minutes)
        return True

    soonest = now + timedelta(minutes=offer.notice_minutes)
    begun = {
        minute
        for calendar in calendars
        for window in opened[calendar.resource_id]
        for minute in minutes_between(*window)
        if (minute - window[0]) % timedelta(minutes=offer.step_minutes) == timedelta(0)
        and minute >= soonest
        and can(offer.parts[0], calendar, minute)
    }
    return sorted(filter(follow, begun))


def on_offer(offer: Offer, calendar: Calendar, opens: datetime, minute: datetime) -> bool:
    epoch = int(minute.timestamp()) // 60
    if (minute - opens) % timedelta(minutes=offer.step_minutes) == timedelta(0):
        return True
    begun = offer.capacity > 1 and any(each.session == (offer.service_id, epoch) for each in calendar.busy)
    return begun and epoch % 5 == 0


def seats_left(offer: Offer, calendar: Calendar, starts: datetime, ends: datetime) -> int:
    low = int(starts.timestamp()) // 60 - offer.buffer_before_minutes
    high = int(ends.timestamp()) // 60 + offer.buffer_after_minutes
    occupied = set(range(low, high))
    left = offer.capacity
    for each in calendar.busy:
        if occupied.isdisjoint(range(each.starts, each.ends)):
            continue
        if offer.capacity == 1 or each.session != (offer.service_id, int(starts.timestamp()) // 60):
            return 0
        left -= each.seats
    return left
