"""Whether something can start at exactly one moment, and who would perform it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from handled.availability.diary import Diary, load, offer_of
from handled.availability.explain import Refusal, why_not
from handled.availability.hours import day_start, moment_of
from handled.availability.offer import Offer, Slot
from handled.availability.packages import performers_at
from handled.availability.slots import slots_at
from handled.catalog.load import Business, OfferedService
from handled.db.calls import Reader
from handled.kit import clock


@dataclass(frozen=True, slots=True)
class Places:
    """Where a booking would be: `resource_ids` has, for each part of a package or for the service itself, those who
    are free to perform it, in order of preference."""

    starts_at: datetime
    ends_at: datetime
    resource_ids: list[list[UUID]]


async def at(
    session: Reader,
    business: Business,
    service: OfferedService,
    starts_at: datetime,
    *,
    resource_id: UUID | None = None,
    conversation_id: UUID | None = None,
    moving: UUID | None = None,
) -> list[Slot] | Refusal:
    """The slots at exactly `starts_at` (aware), in the order of the resources, or why there is none.

    For a whole-day service any moment of the day will do. A package has one slot.
    """
    starts_at = within_reach(offer_of(business, service), starts_at)
    day = starts_at.date()
    asked = {"resource_id": resource_id, "conversation_id": conversation_id, "moving": moving}
    return slots_on(await load(session, business, service, day, day, **asked), starts_at)


async def places_at(
    session: Reader,
    business: Business,
    service: OfferedService,
    starts_at: datetime,
    *,
    resource_id: UUID | None = None,
    conversation_id: UUID | None = None,
    moving: UUID | None = None,
) -> Places | Refusal:
    """As `at`, with all who are free: what is needed to take the places of a service or of a package."""
    starts_at = within_reach(offer_of(business, service), starts_at)
    day = starts_at.date()
    asked = {"resource_id": resource_id, "conversation_id": conversation_id, "moving": moving}
    diary = await load(session, business, service, day, day, **asked)
    found = slots_on(diary, starts_at)
    if isinstance(found, Refusal):
        return found
    if diary.offer.parts:
        resource_ids = performers_at(diary.offer, diary.calendars, found[0].starts_at)
    else:
        resource_ids = [[slot.resource_id for slot in found]]
    return Places(found[0].starts_at, found[0].ends_at, resource_ids)


def slots_on(diary: Diary, starts_at: datetime) -> list[Slot] | Refusal:
    """The slots of a loaded day at exactly `starts_at`, or why there is none."""
    offer = diary.offer
    if offer.duration_minutes is None:
        starts_at = moment_of(day_start(starts_at.astimezone(offer.zone).date(), offer.zone))
    refusal = why_not(offer, diary.calendars, starts_at, diary.now, diary.locale)
    return refusal or slots_at(offer, diary.calendars, starts_at, diary.now)


def within_reach(offer: Offer, starts_at: datetime) -> datetime:
    """`starts_at` in the offer's zone, brought near the bookable days: the last of 9999 has no local form."""
    now, margin = clock.now(), timedelta(days=2)
    bounds = now - margin, now + timedelta(days=offer.horizon_days) + margin
    return max(bounds[0], min(starts_at, bounds[1])).astimezone(offer.zone)
