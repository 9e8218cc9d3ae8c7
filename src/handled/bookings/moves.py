"""Moving a booking: its next place is held beside the present one, until the customer confirms or it runs out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from handled.bookings import places
from handled.bookings.holds import SlotTaken
from handled.bookings.lifecycle import By, lock_places, record_by
from handled.bookings.places import Part
from handled.kit import clock
from handled.kit.errors import HandledError
from handled.tables import Booking, Occupancy

MOVABLE = ("confirmed", "pending_payment")


async def hold_next(
    session: AsyncSession, booking: Booking, parts: Sequence[Part], expires_at: datetime | None
) -> list[UUID]:
    """Hold the places that the booking would move to, instead of any that were held for it before. The resource of
    each part; raises SlotTaken, then roll back."""
    taken = await places.take(session, booking.tenant_id, booking.id, parts, is_next=True, expires_at=expires_at)
    if taken is None:
        raise SlotTaken
    return taken


async def drop_next(session: AsyncSession, booking: Booking, resource_ids: Sequence[UUID]) -> None:
    """Let go of the next places, if they are still the ones on these resources."""
    await lock_places(session, booking.tenant_id, booking.id, resource_ids)
    if await _next_resources(session, booking) == list(resource_ids):
        await session.execute(delete(Occupancy).where(*_next(booking)))


async def move(
    session: AsyncSession,
    booking: Booking,
    *,
    by: By,
    starts_at: datetime,
    ends_at: datetime,
    resource_ids: Sequence[UUID],
    price_minor: int | None,
) -> Booking:
    """Move the booking to the next places that are held for it: one identity, its old places free again.

    Raises SlotTaken when they are no longer held, HandledError `not_movable` when the booking has ended meanwhile.
    """
    await lock_places(session, booking.tenant_id, booking.id, resource_ids)
    held = select(func.min(Occupancy.expires_at)).where(*_next(booking))
    expires_at = (await session.execute(held)).scalar_one()
    is_over = expires_at is not None and expires_at <= clock.now()
    if is_over or await _next_resources(session, booking) != list(resource_ids):
        raise SlotTaken
    before = {"starts_at": booking.starts_at.isoformat(), "resource_id": str(booking.resource_id)}
    changed = await session.execute(
        update(Booking)
        .where(Booking.tenant_id == booking.tenant_id, Booking.id == booking.id, Booking.status.in_(MOVABLE))
        .where(Booking.starts_at > clock.now())
        .values(
            starts_at=starts_at,
            ends_at=ends_at,
            resource_id=resource_ids[0],
            part_resource_ids=list(resource_ids) if booking.part_resource_ids else [],
            price_minor=price_minor,
            moves=Booking.moves + 1,
            sequence=Booking.sequence + 1,
            changed_at=clock.now(),
        )
        .returning(Booking.id)
    )
    if changed.scalar_one_or_none() is None:
        raise HandledError("not_movable", "That booking can no longer be moved.", 409)
    await session.execute(delete(Occupancy).where(*_of(booking), Occupancy.is_next.is_(False)))
    await session.execute(update(Occupancy).where(*_next(booking)).values(is_next=False, expires_at=None))
    moved = await session.get_one(Booking, (booking.tenant_id, booking.id), populate_existing=True)
    await record_by(session, moved, by, "moved", before=before, after={"starts_at": starts_at.isoformat()})
    return moved


async def _next_resources(session: AsyncSession, booking: Booking) -> list[UUID]:
    statement = select(Occupancy.resource_id).where(*_next(booking)).order_by(Occupancy.part)
    return list((await session.scalars(statement)).all())


def _of(booking: Booking) -> tuple[Any, ...]:
    return (Occupancy.tenant_id == booking.tenant_id, Occupancy.booking_id == booking.id)


def _next(booking: Booking) -> tuple[Any, ...]:
    return (*_of(booking), Occupancy.is_next.is_(True))
