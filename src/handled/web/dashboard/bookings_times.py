"""Picking a day and a time: two weeks of days, the free times of one of them. Without scripts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from handled.availability import search
from handled.availability.offer import Slot
from handled.availability.suggest import distinct_starts
from handled.catalog.business import Business, OfferedService
from handled.kit import clock
from handled.kit.when.spoken import spoken_date, spoken_time
from handled.tables import Booking

# Two weeks of days fit on a phone without scrolling sideways.
_DAYS = 14

# Makes the address of the page with these values in it.
PathOf = Callable[[dict[str, str]], str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose free times, around which day; those of a booking that is `moving` leave its own place out of the way."""

    service: OfferedService
    resource_id: UUID | None
    day: date | None
    since: date | None
    moving: Booking | None = None


async def pick(session: AsyncSession, business: Business, wanted: Wanted, here: PathOf, then: PathOf) -> dict[str, Any]:
    """What `bookings_times.html` shows: days lead to `here` with `day` and `since`, times to `then` with `start`."""
    today = clock.now().astimezone(business.zone).date()
    horizon = today + timedelta(days=wanted.service.horizon_days)
    first = max(today, min(wanted.since or wanted.day or today, horizon))
    last = min(first + timedelta(days=_DAYS - 1), horizon)
    slots = await _free(session, business, wanted, first, last)
    following = None
    if not slots and last < horizon:
        later = await _free(session, business, wanted, last + timedelta(days=1), horizon)
        following = later[0].starts_at.astimezone(business.zone).date() if later else None
    by_day = _by_day(business, slots)
    chosen = wanted.day if wanted.day in by_day else next(iter(by_day), None)

    def week(since: date) -> str:
        return here({"since": since.isoformat()})

    def day(each: date) -> dict[str, Any]:
        path = here({"day": each.isoformat(), "since": first.isoformat()}) + "#times" if each in by_day else None
        return {"date": each, "path": path, "is_chosen": each == chosen}

    def free_time(slot: Slot) -> dict[str, str]:
        return {
            "said": said(business, wanted.service, slot),
            "path": then({"start": start_of(business, wanted.service, slot.starts_at)}),
        }

    return {
        "days": [day(first + timedelta(days=ahead)) for ahead in range((last - first).days + 1)],
        "chosen": chosen and spoken_date(chosen, today, business.locale),
        "times": [free_time(each) for each in by_day.get(chosen, ())] if chosen else [],
        "earlier": week(max(today, first - timedelta(days=_DAYS))) if first > today else None,
        "later": week(last + timedelta(days=1)) if last < horizon else None,
        "next_free": following and {"path": week(following), "said": spoken_date(following, today, business.locale)},
        "first_date": today,
        "last_date": horizon,
    }


def said(business: Business, service: OfferedService, slot: Slot) -> str:
    if service.whole_day:
        return "All day"
    at = spoken_time(slot.starts_at.astimezone(business.zone).time(), business.locale)
    return f"{at} · {slot.seats_left} left" if service.capacity > 1 else at


def start_of(business: Business, service: OfferedService, at: datetime) -> str:
    """A start as addresses and forms carry it."""
    local = at.astimezone(business.zone)
    return local.date().isoformat() if service.whole_day else local.isoformat(timespec="minutes")


def alternatives(business: Business, slots: Sequence[dict[str, Any]]) -> list[dict[str, str]]:
    """The nearest free times of a refusal, as buttons: `start` and what it says."""
    today = clock.now().astimezone(business.zone).date()
    found: list[dict[str, str]] = []
    for each in slots:
        day = date.fromisoformat(each["date"])
        at = datetime.fromisoformat(f"{each['date']}T{each['time'] or '00:00'}").time()
        when = spoken_date(day, today, business.locale)
        text = f"{when} at {spoken_time(at, business.locale)}" if each["time"] else when
        found.append({"start": f"{each['date']}T{each['time']}" if each["time"] else each["date"], "said": text})
    return found


async def _free(session: AsyncSession, business: Business, wanted: Wanted, first: date, last: date) -> list[Slot]:
    moving = wanted.moving
    slots = await search.list_free(
        session,
        business,
        wanted.service,
        first,
        last,
        resource_id=wanted.resource_id,
        moving=moving.id if moving else None,
    )
    if moving is None:
        return slots
    return [each for each in slots if (each.starts_at, each.resource_id) != (moving.starts_at, moving.resource_id)]


def _by_day(business: Business, slots: Sequence[Slot]) -> dict[date | None, list[Slot]]:
    found: dict[date | None, list[Slot]] = {}
    for slot in distinct_starts(slots):
        found.setdefault(slot.starts_at.astimezone(business.zone).date(), []).append(slot)
    return found
