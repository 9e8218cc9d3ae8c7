"""How a booking comes to be: held, then confirmed or expired.

`hold` is the one function that makes a booking occupy anything. It runs in the caller's transaction:
advisory locks on the resources, sorted → re-check → write under the exclusion constraint.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import delete, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from handled.bookings import codes
from handled.db.locks import lock_resources
from handled.kit import clock, ids
from handled.kit.errors import HandledError
from handled.tables import AuditEntry, Booking, Occupancy

_HOLD = text(
    "select * from hold_booking(:tenant, :booking, cast(:codes as text[]), :source, :service,"
    " cast(:resources as uuid[]), :starts, :ends, cast(:before as interval), cast(:after as interval),"
    " :capacity, :whole_day, :now, :expires, :conversation, :name, :email, :phone, :notes, :price,"
    " :currency, :payment_rule, cast(:policy as jsonb))"
)


class SlotTaken(HandledError):
    """Somebody else has that time. The caller adds the alternatives."""

    def __init__(self, **extra: Any) -> None:
        super().__init__("slot_taken", "That time has just been taken.", 409, **extra)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be booked: everything that the booking keeps a copy of.

    `resource_ids` in order of preference: the first free one is taken. Prices in minor units.
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
    policy: dict[str, Any]
    customer_name: str
    customer_email: str
    customer_phone: str | None
    notes: str | None
    source: str
    conversation_id: UUID | None


async def hold(session: AsyncSession, tenant_id: UUID, wanted: Wanted, expires_at: datetime) -> Booking:
    """Take the slot for a while. Returns the booking in `held`; raises SlotTaken."""
    booking_id, now = ids.new_id(), clock.now()
    held = (
        await session.execute(
            _HOLD,
            {
                "tenant": tenant_id,
                "booking": booking_id,
                "codes": codes.new_codes(),
                "source": wanted.source,
                "service": wanted.service_id,
                "resources": [str(each) for each in wanted.resource_ids],
                "starts": wanted.starts_at,
                "ends": wanted.ends_at,
                "before": timedelta(minutes=wanted.buffer_before_minutes),
                "after": timedelta(minutes=wanted.buffer_after_minutes),
                "capacity": wanted.capacity,
                "whole_day": wanted.whole_day,
                "now": now,
                "expires": expires_at,
                "conversation": wanted.conversation_id,
                "name": wanted.customer_name,
                "email": wanted.customer_email,
                "phone": wanted.customer_phone,
                "notes": wanted.notes,
                "price": wanted.price_minor,
                "currency": wanted.currency,
                "payment_rule": wanted.payment_rule,
                "policy": orjson.dumps(wanted.policy).decode(),
            },
        )
    ).one_or_none()
    if held is None:
        raise SlotTaken
    # As the row now is; read again by whoever changes it.
    return Booking(
        tenant_id=tenant_id,
        id=booking_id,
        code=held.given_code,
        status="held",
        source=wanted.source,
        service_id=wanted.service_id,
        resource_id=held.taken_resource,
        customer_id=None,
        conversation_id=wanted.conversation_id,
        starts_at=wanted.starts_at,
        ends_at=wanted.ends_at,
        whole_day=wanted.whole_day,
        customer_name=wanted.customer_name,
        customer_email=wanted.customer_email,
        customer_phone=wanted.customer_phone,
        notes=wanted.notes,
        price_minor=wanted.price_minor,
        currency=wanted.currency,
        payment_rule=wanted.payment_rule,
        policy=wanted.policy,
        sequence=0,
        hold_expires_at=expires_at,
        confirmed_at=None,
        paid_at=None,
        created_at=now,
    )


async def confirm_hold(session: AsyncSession, booking: Booking, *, actor: str, customer_id: UUID) -> Booking:
    """Turn a hold into a booking: `confirmed`, or `pending_payment` when the service asks for money first.

    Raises SlotTaken when the hold is over: then the slot may be somebody else's.
    """
    await lock_resources(session, [booking.resource_id])
    now = clock.now()
    needs_payment = booking.payment_rule != "none" and bool(booking.price_minor)
    taken = await session.execute(
        update(Booking)
        .where(
            Booking.tenant_id == booking.tenant_id,
            Booking.id == booking.id,
            Booking.status == "held",
            Booking.hold_expires_at > now,
        )
        .values(
            status="pending_payment" if needs_payment else "confirmed",
            confirmed_at=None if needs_payment else now,
            hold_expires_at=None,
            customer_id=customer_id,
        )
        .returning(Booking.id)
    )
    if taken.scalar_one_or_none() is None:
        raise SlotTaken
    await session.execute(_occupancies_of(booking).values(expires_at=None))
    record(session, booking, actor=actor, action="payment_awaited" if needs_payment else "confirmed")
    return await session.get_one(Booking, (booking.tenant_id, booking.id), populate_existing=True)


async def release(session: AsyncSession, booking: Booking, *, actor: str, action: str) -> bool:
    """Let go of a hold: `expired`, its slot free again. False when it was no longer held."""
    await lock_resources(session, [booking.resource_id])
    gone = await session.execute(
        update(Booking)
        .where(Booking.tenant_id == booking.tenant_id, Booking.id == booking.id, Booking.status == "held")
        .values(status="expired", hold_expires_at=None)
        .returning(Booking.id)
    )
    if gone.scalar_one_or_none() is None:
        return False
    await session.execute(
        delete(Occupancy).where(Occupancy.tenant_id == booking.tenant_id, Occupancy.booking_id == booking.id)
    )
    record(session, booking, actor=actor, action=action)
    return True


def record(session: AsyncSession, booking: Booking, *, actor: str, action: str, **details: Any) -> None:
    """Add a line to the booking's audit trail. `actor`: customer, agent, staff or system."""
    session.add(
        AuditEntry(
            tenant_id=booking.tenant_id,
            booking_id=booking.id,
            actor=actor,
            action=action,
            conversation_id=booking.conversation_id,
            details=details,
        )
    )


def _occupancies_of(booking: Booking) -> Any:
    return update(Occupancy).where(Occupancy.tenant_id == booking.tenant_id, Occupancy.booking_id == booking.id)
