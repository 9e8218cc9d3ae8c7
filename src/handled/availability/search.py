"""From a customer's wish to free slots, or to the reason why not and what comes nearest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from uuid import UUID

from handled.availability.diary import Diary, load, offer_of
from handled.availability.exact import Places, at, places_at, slots_on, within_reach
from handled.availability.explain import Refusal, nearest, why_none
from handled.availability.hours import moment_of, wall_minute
from handled.availability.offer import Offer, Slot
from handled.availability.slots import free_slots
from handled.availability.starts import ASKED_STEP, bookable_dates
from handled.availability.suggest import distinct_starts, last_of_days, suggestions
from handled.availability.wish import suits, wanted_dates, wanted_hour
from handled.catalog.load import Business, OfferedService, resource_by_id
from handled.db.calls import Reader
from handled.kit import clock
from handled.kit.when import DAY_START, When
from handled.kit.when.spoken import weekday_name

__all__ = [
    "Diary",
    "Found",
    "Places",
    "Refusal",
    "at",
    "find",
    "list_free",
    "load",
    "nearest_to",
    "offer_of",
    "places_at",
    "slot_view",
]

ALTERNATIVES = 3
_NEARBY = timedelta(days=7)
_AHEAD = timedelta(days=14)

_NO_SUCH = {
    "no_such_date": "That date is not in the calendar. Which day do you mean?",
    "no_such_time": "That time is not on the clock. What time do you mean?",
}


@dataclass(frozen=True, slots=True)
class Found:
    """What can be had.

    - `free`: the exact date and time asked for; `slots` has the one. `not_free`: it is not free.
    - `options`: `slots` are free ones on the dates and in the hours asked for, in order; with `more` a
      selection that begins with the earliest, or of the last of each day where those were asked for. `none`: there
      are none.
    - `unclear`: `question` is for the customer.

    With `not_free` and `none`, `reason` and `why` say why; `slots` are the three nearest free ones, in order.
    """

    status: Literal["free", "not_free", "options", "none", "unclear"]
    slots: Sequence[Slot] = ()
    reason: str | None = None
    why: str | None = None
    more: bool = False
    question: str | None = None


@dataclass(frozen=True, slots=True)
class _Question:
    """Whose time is asked for, and by whom; see `diary.load`."""

    session: Reader
    business: Business
    service: OfferedService
    resource_id: UUID | None = None
    conversation_id: UUID | None = None
    moving: UUID | None = None

    async def diary(self, first: date, last: date) -> Diary:
        return await load(
            self.session,
            self.business,
            self.service,
            first,
            last,
            resource_id=self.resource_id,
            conversation_id=self.conversation_id,
            moving=self.moving,
        )


async def nearest_to(
    session: Reader,
    business: Business,
    service: OfferedService,
    starts_at: datetime,
    *,
    resource_id: UUID | None = None,
    conversation_id: UUID | None = None,
    moving: UUID | None = None,
) -> list[Slot]:
    """The three free starts nearest to one that cannot be had, in order of time."""
    question = _Question(session, business, service, resource_id, conversation_id, moving)
    return await _nearest(question, within_reach(offer_of(business, service), starts_at))


async def list_free(
    session: Reader,
    business: Business,
    service: OfferedService,
    first: date,
    last: date,
    *,
    resource_id: UUID | None = None,
    moving: UUID | None = None,
) -> list[Slot]:
    """Every free slot on the local dates `first` to `last`, in order of time."""
    diary = await load(session, business, service, first, last, resource_id=resource_id, moving=moving)
    return diary.slots(first, last)


async def find(
    session: Reader,
    business: Business,
    service: OfferedService,
    wanted: When | None,
    *,
    resource_id: UUID | None = None,
    conversation_id: UUID | None = None,
    moving: UUID | None = None,
    limit: int = 12,
) -> Found:
    """What can be had of `wanted`, whose dates and times are in the business's zone.

    Without a date: from today on. For a whole-day service times do not matter. What is ambiguous in `wanted`
    is for the caller to ask about.
    """
    question = _Question(session, business, service, resource_id, conversation_id, moving)
    wanted = wanted or When()
    if service.whole_day:
        wanted = replace(wanted, time=None, window=None, latest=False)
    elif wanted.problem == "no_such_time":
        return Found("unclear", question=_NO_SUCH[wanted.problem])
    if wanted.problem == "no_such_date":
        return Found("unclear", question=_NO_SUCH[wanted.problem])
    if wanted.date and not wanted.also and (wanted.time or service.whole_day):
        return await _exactly(question, wanted.date, wanted.time or DAY_START)
    return await _among(question, wanted, limit)


async def _exactly(question: _Question, day: date, hour: time) -> Found:
    offer = offer_of(question.business, question.service)
    today, horizon = bookable_dates(offer, clock.now())
    near = max(today, min(day, horizon))
    starts_at = _moment(offer, near, hour)
    diary = await question.diary(near, near)
    if near != day:
        found = why_none(offer, diary.calendars, day, day, diary.now, diary.locale)
    else:
        found = slots_on(diary, starts_at)
        if not isinstance(found, Refusal):
            return Found("free", found[:1])
    return Found("not_free", await _nearest(question, starts_at), found.reason, found.words)


async def _nearest(question: _Question, wanted: datetime | date) -> list[Slot]:
    """Around the wish if there are enough, so that little is loaded; else from all that can be booked."""
    offer = offer_of(question.business, question.service)
    today, horizon = bookable_dates(offer, clock.now())
    day = wanted.astimezone(offer.zone).date() if isinstance(wanted, datetime) else wanted
    near = max(today, min(day, horizon))
    found: list[Slot] = []
    for first, last in ((max(today, near - _NEARBY), near + _AHEAD), (today, horizon)):
        diary = await question.diary(first, last)
        found = nearest(diary.slots(first, last), wanted, offer.zone, ALTERNATIVES)
        if len(found) == ALTERNATIVES:
            break
    return found


async def _among(question: _Question, wanted: When, limit: int) -> Found:
    offer = offer_of(question.business, question.service)
    today, horizon = bookable_dates(offer, clock.now())
    first, last = wanted_dates(wanted, today, horizon)
    undated = wanted.named_date is None
    # Without a date the next two weeks nearly always do.
    ends = [min(last, today + _AHEAD), last] if undated else [last]
    diary = await question.diary(first, ends[0])
    matching = _matching(diary, wanted, first, ends[0])
    if len(matching) < limit and ends[0] < last:
        diary = await question.diary(first, last)
        matching = _matching(diary, wanted, first, last)
    if matching and wanted.latest:
        chosen = last_of_days(matching, limit, offer.zone)
        return Found("options", chosen, more=len(chosen) < len(matching))
    if matching:
        in_order = wanted.earliest or (undated and not wanted.time and not wanted.window)
        chosen = matching[:limit] if in_order else suggestions(matching, limit, offer.zone)
        return Found("options", chosen, more=len(chosen) < len(matching))
    refusal = why_none(
        offer, diary.calendars, first, last, diary.now, diary.locale, lambda slot: suits(slot, wanted, offer)
    )
    near = max(today, min(last, horizon))
    hour = wanted_hour(wanted)
    aim = near if hour is None or first != last else _moment(offer, near, hour)
    return Found("none", await _nearest(question, aim), refusal.reason, refusal.words)


def _matching(diary: Diary, wanted: When, first: date, last: date) -> list[Slot]:
    """The free starts on these dates that suit; an exact time need not be on the grid that we suggest."""
    offer = diary.offer
    if wanted.time and wanted.time.minute % ASKED_STEP == 0:
        offer = replace(offer, step_minutes=ASKED_STEP)
    slots = free_slots(offer, diary.calendars, first, last, diary.now)
    return distinct_starts(slot for slot in slots if suits(slot, wanted, offer))


def _moment(offer: Offer, day: date, hour: time) -> datetime:
    return moment_of(wall_minute(day, hour.hour * 60 + hour.minute, offer.zone))


def slot_view(business: Business, service: OfferedService, slot: Slot) -> dict[str, Any]:
    """A slot as tools and the wire show it, local to the business's zone. Who performs what of a package is settled
    when it is held."""
    local = slot.starts_at.astimezone(business.zone)
    resource = None if service.includes else resource_by_id(business, slot.resource_id)
    named = resource and len(service.resources) > 1
    return {
        "slotId": f"{service.key}@{local:%Y-%m-%dT%H:%M}@{resource.key if resource else ''}",
        "date": local.date().isoformat(),
        "weekday": weekday_name(local.date(), business.locale),
        "time": None if service.whole_day else f"{local:%H:%M}",
        "resource": resource.name if resource and named else None,
    }
