"""Taking a slot: the one function that makes a booking, in the caller's transaction.

Advisory locks on the resources, sorted → re-check → write under the exclusion constraint.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID

import orjson
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from handled.bookings import codes, places
from handled.bookings.places import Part
from handled.db.session import within
from handled.kit import clock, ids
from handled.kit.errors import HandledError
from handled.tables import Booking

_HOLD: LiteralString = "select * from hold_booking(" + "%s, " * 23 + "%s)"


class SlotTaken(HandledError):
    """Somebody else has that time. The caller adds the alternatives."""

    def __init__(self, **extra: Any) -> None:
        super().__init__("slot_taken", "That time has just been taken.", 409, **extra)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be booked: everything that the booking keeps a copy of.

    `resource_ids` in order of preference: the first free one is taken. Prices in minor units; `due_minor` has to be
    paid before the booking is confirmed. A package has `parts`, which are taken all or not at all. `intake` are the
    answers to what was asked first, as `{"question", "answer"}`.
    """

    service_id: UUID
    resource_ids: Sequence[UUID]
    starts_at: datetime
    ends_at: datetime
    whole_day: bool
    buffer_before_minutes: int
    buffer_after_minutes: int
    capacity: int
    price_minor: int | None
    currency: str
    payment_rule: str
    due_minor: int
    policy: dict[str, Any]
    customer_name: str
    customer_email: str
    customer_phone: str | None
    notes: str | None
    source: str
    conversation_id: UUID | None
    parts: Sequence[Part] = ()
    intake: Sequence[dict[str, Any]] = ()


async def hold(session: AsyncSession, tenant_id: UUID, wanted: Wanted, expires_at: datetime) -> Booking:
    """Take the slot for a while. Returns the booking in `held`; raises SlotTaken, then roll back."""
    booking = _draft(tenant_id, wanted, expires_at)
    if wanted.parts:
        await _hold_package(session, booking, wanted.parts)
    else:
        await _hold_one(session, booking, wanted)
        if booking.intake:
            answered = update(Booking).where(Booking.tenant_id == tenant_id, Booking.id == booking.id)
            await session.execute(answered.values(intake=booking.intake))
    return booking


def _draft(tenant_id: UUID, wanted: Wanted, expires_at: datetime) -> Booking:
    """The row as it will be; its code and its resource are known once they are taken."""
    return Booking(
        tenant_id=tenant_id,
        id=ids.new_id(),
        status="held",
        source=wanted.source,
        service_id=wanted.service_id,
        customer_id=None,
        conversation_id=wanted.conversation_id,
        starts_at=wanted.starts_at,
        ends_at=wanted.ends_at,
        whole_day=wanted.whole_day,
        customer_name=wanted.customer_name,
        customer_email=wanted.customer_email,
        customer_phone=wanted.customer_phone,
        notes=wanted.notes,
        intake=list(wanted.intake),
        price_minor=wanted.price_minor,
        currency=wanted.currency,
        payment_rule=wanted.payment_rule,
        due_minor=wanted.due_minor,
        policy=wanted.policy,
        sequence=0,
        moves=0,
        hold_expires_at=expires_at,
        confirmed_at=None,
        paid_at=None,
        created_at=clock.now(),
    )


async def _hold_one(session: AsyncSession, booking: Booking, wanted: Wanted) -> None:
    values = (
        booking.tenant_id,
        booking.id,
        codes.new_codes(),
        wanted.source,
        wanted.service_id,
        list(wanted.resource_ids),
        wanted.starts_at,
        wanted.ends_at,
        timedelta(minutes=wanted.buffer_before_minutes),
        timedelta(minutes=wanted.buffer_after_minutes),
        wanted.capacity,
        wanted.whole_day,
        booking.created_at,
        booking.hold_expires_at,
        wanted.conversation_id,
        wanted.customer_name,
        wanted.customer_email,
        wanted.customer_phone,
        wanted.notes,
        wanted.price_minor,
        wanted.currency,
        wanted.payment_rule,
        wanted.due_minor,
        orjson.dumps(wanted.policy).decode(),
    )
    (held,) = await within(session, (_HOLD, values))
    if not held:
        raise SlotTaken
    ((booking.resource_id, booking.code),) = held


async def _hold_package(session: AsyncSession, booking: Booking, parts: Sequence[Part]) -> None:
    candidates = codes.new_codes()
    used = await session.scalars(
        select(Booking.code).where(Booking.tenant_id == booking.tenant_id, Booking.code.in_(candidates))
    )
    booking.code = next(each for each in candidates if each not in set(used))
    booking.resource_id = UUID(parts[0]["resources"][0])
    session.add(booking)
    await session.flush()
    expires_at = booking.hold_expires_at
    taken = await places.take(session, booking.tenant_id, booking.id, parts, is_next=False, expires_at=expires_at)
    if taken is None:
        raise SlotTaken
    booking.resource_id, booking.part_resource_ids = taken[0], taken
    await session.flush()
