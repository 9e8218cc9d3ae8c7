"""The calendars of those who perform a service: hours from the catalog, what is occupied in one query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import text

from handled.availability.hours import ExceptionPeriod, Hours, Opening, day_start, moment_of
from handled.availability.offer import Busy, Calendar, Offer, OfferPart, Slot
from handled.availability.slots import free_slots
from handled.availability.starts import bookable_dates
from handled.catalog.load import Business, OfferedService
from handled.db.calls import Reader
from handled.kit import clock

# Rows whose session is their own booking are nobody's to join, even if the service has become a class since. The next
# place of a booking that is being moved begins at another time than the booking does as yet.
_OCCUPIED = text("""
select o.resource_id, floor(extract(epoch from lower(o.during)) / 60)::bigint as starts,
  ceil(extract(epoch from upper(o.during)) / 60)::bigint as ends, o.session_key <> o.booking_id as shared,
  b.service_id, (extract(epoch from case when o.is_next then lower(o.during) + (
      select make_interval(mins => s.buffer_before_minutes) from services s
      where s.tenant_id = b.tenant_id and s.id = b.service_id
    ) else b.starts_at end) / 60)::bigint as appointment
from occupancies o join bookings b on b.tenant_id = o.tenant_id and b.id = o.booking_id
where o.tenant_id = :tenant and o.resource_id = any(cast(:resources as uuid[]))
  and o.during && tstzrange(:from, :to) and (o.expires_at is null or o.expires_at > :now)
  and not coalesce(b.status = 'held' and b.conversation_id = cast(:conversation as uuid), false)
  and b.id is distinct from cast(:moving as uuid)
""")


@dataclass(frozen=True, slots=True)
class Diary:
    """An offer with the calendars of those who can perform it, loaded for some dates."""

    offer: Offer
    calendars: Sequence[Calendar]
    now: datetime
    locale: str

    def slots(self, first: date, last: date) -> list[Slot]:
        """The free slots on these dates, which must be among those that were loaded."""
        return free_slots(self.offer, self.calendars, first, last, self.now)


async def load(
    session: Reader,
    business: Business,
    service: OfferedService,
    first: date,
    last: date,
    *,
    resource_id: UUID | None = None,
    conversation_id: UUID | None = None,
    moving: UUID | None = None,
) -> Diary:
    """What is occupied on the local dates `first` to `last`, as far as they are bookable; in one query.

    What this conversation itself holds, and the booking that is being moved, do not stand in their own way.
    """
    offer, now = offer_of(business, service, resource_id), clock.now()
    today, horizon = bookable_dates(offer, now)
    first, last = max(first, today), min(last, horizon)
    resources = [each for each in service.resources if _takes_part(offer, each.id, resource_id)]
    busy: dict[UUID, list[Busy]] = {each.id: [] for each in resources}
    if first <= last:
        singles = service.includes or (service,)
        before = max(each.buffer_before_minutes for each in singles)
        after = max(each.buffer_after_minutes for each in singles)
        rows = await session.execute(
            _OCCUPIED,
            {
                "tenant": business.id,
                "resources": [str(each) for each in busy],
                "from": moment_of(day_start(first, offer.zone) - before),
                "to": moment_of(
                    day_start(last + timedelta(days=1), offer.zone) + (service.duration_minutes or 0) + after
                ),
                "now": now,
                "conversation": conversation_id,
                "moving": moving,
            },
        )
        for resource, starts, ends, shared, service_id, appointment in rows:
            busy[resource].append(Busy(starts, ends, (service_id, appointment) if shared else None))
    hours = hours_of(business)
    calendars = [
        Calendar(each.id, each.key, each.name, hours, hours_of(business, each.id), busy[each.id]) for each in resources
    ]
    return Diary(offer, calendars, now, business.locale)


def offer_of(business: Business, service: OfferedService, resource_id: UUID | None = None) -> Offer:
    """The service's rules as the arithmetic knows them. Who is asked for by `resource_id` performs every part of a
    package that they can."""
    return Offer(
        service_id=service.id,
        timezone=business.timezone,
        duration_minutes=service.duration_minutes,
        step_minutes=service.step_minutes,
        buffer_before_minutes=service.buffer_before_minutes,
        buffer_after_minutes=service.buffer_after_minutes,
        notice_minutes=service.notice_minutes,
        horizon_days=service.horizon_days,
        capacity=service.capacity,
        parts=tuple(_part_of(each, resource_id) for each in service.includes),
    )


def _part_of(service: OfferedService, resource_id: UUID | None) -> OfferPart:
    performers = tuple(each.id for each in service.resources)
    return OfferPart(
        duration_minutes=service.duration_minutes or 0,
        resource_ids=(resource_id,) if resource_id and resource_id in performers else performers,
        buffer_before_minutes=service.buffer_before_minutes,
        buffer_after_minutes=service.buffer_after_minutes,
    )


def _takes_part(offer: Offer, performer_id: UUID, asked_for: UUID | None) -> bool:
    if offer.parts:
        return any(performer_id in part.resource_ids for part in offer.parts)
    return asked_for in (None, performer_id)


def hours_of(business: Business, resource_id: UUID | None = None) -> Hours:
    """The hours of the business, or a resource's own: where it has none, only its exceptions count."""
    openings = tuple(
        Opening(each.weekday, each.opens, each.closes) for each in business.hours if each.resource_id == resource_id
    )
    exceptions = tuple(
        ExceptionPeriod(
            first=each.first_date,
            last=each.last_date,
            kind="open" if each.kind == "open" else "closed",
            opens=each.opens,
            closes=each.closes,
            label=each.label or "",
        )
        for each in business.exceptions
        if each.resource_id == resource_id
    )
    return Hours(None if resource_id and not openings else openings, exceptions)
