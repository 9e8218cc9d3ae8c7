"""A booking's life after its hold: confirmed, at once or when its money has come; cancelled, completed, or expired.

How it begins: `bookings.holds`. How it is moved: `bookings.moves`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from handled.bookings import places
from handled.bookings.holds import SlotTaken
from handled.bookings.places import Part
from handled.db.afterwards import when_committed
from handled.db.line import Statement
from handled.db.locks import lock_resources
from handled.db.session import within
from handled.kit import clock, ids, metrics
from handled.kit.errors import HandledError
from handled.tables import Booking, Occupancy

# Longer than the shortest life of a Checkout (30 min), so that one begun at once ends within it.
PAYMENT_WINDOW = timedelta(minutes=35)
_RECORD = (
    "insert into audit_entries (tenant_id, id, booking_id, actor, action, conversation_id, details, created_at)"
    " values (%s, %s, %s, %s, %s, %s, %s, %s)"
)


@dataclass(frozen=True, slots=True)
class By:
    """Who changes a booking: customer, agent, staff or system; from which conversation, or by which other `source`:
    LINK, API, DASHBOARD. `name` is whose hand it was, `reason` why, in their words."""

    actor: str
    conversation_id: UUID | None = None
    source: str | None = None
    name: str | None = None
    reason: str | None = None


async def confirm_hold(session: AsyncSession, booking: Booking, *, actor: str | By, customer_id: UUID) -> Booking:
    """Turn a hold into a booking: `confirmed`, or `pending_payment` when money has to come first.

    Raises SlotTaken when the hold is over: then the slot may be somebody else's.
    """
    await lock_places(session, booking.tenant_id, booking.id)
    now = clock.now()
    if booking.status != "held" or booking.hold_expires_at is None or booking.hold_expires_at <= now:
        raise SlotTaken
    needs_payment = booking.due_minor > 0
    values: dict[str, Any] = {"customer_id": customer_id, "changed_at": now}
    if needs_payment:
        values |= {"status": "pending_payment", "hold_expires_at": now + PAYMENT_WINDOW}
    else:
        values |= {"status": "confirmed", "hold_expires_at": None, "confirmed_at": now}
    changed = await _change(session, booking, ("held",), **values)
    if changed is None:
        raise SlotTaken
    # What waits for money is let go of by a job, once its Checkout is closed: never by the clock alone.
    await session.execute(_occupancies_of(booking).values(expires_at=None))
    await record(session, changed, actor=actor, action="payment_awaited" if needs_payment else "confirmed")
    return changed


async def release(session: AsyncSession, booking: Booking, *, actor: str, action: str) -> bool:
    """Let go of a hold: `expired`, its slot free again. False when it was no longer held."""
    by = _of_its_own(booking, actor)
    return await _let_go(session, booking, ("held",), by=by, action=action, status="expired") is not None


async def expire_unpaid(session: AsyncSession, booking: Booking) -> Booking | None:
    """Let go of a booking whose money has not come in time. Its Checkout must be closed by now. None when it was
    paid, cancelled or given more time meanwhile."""
    if booking.hold_expires_at is None or booking.hold_expires_at > clock.now():
        return None
    by = _of_its_own(booking, "system")
    return await _let_go(session, booking, ("pending_payment",), by=by, action="expired", status="expired")


async def mark_paid(session: AsyncSession, booking: Booking, parts: Sequence[Part]) -> Booking:
    """The money that had to come first is there: `confirmed`.

    Came it too late, its place (`parts`) is taken again. Raises SlotTaken when that cannot be: the appointment was
    cancelled, is over, or somebody else has its place.
    """
    now = clock.now()
    if booking.status in ("confirmed", "completed", "no_show"):
        return booking
    if booking.status not in ("pending_payment", "expired") or booking.starts_at <= now:
        raise SlotTaken
    again: dict[str, Any] = {}
    if booking.status == "expired":
        taken = None
        if parts:
            taken = await places.take(session, booking.tenant_id, booking.id, parts, is_next=False, expires_at=None)
        if taken is None:
            raise SlotTaken
        again = {"resource_id": taken[0], "part_resource_ids": taken if len(parts) > 1 else []}
    else:
        await lock_places(session, booking.tenant_id, booking.id)
    changed = await _change(
        session,
        booking,
        ("pending_payment", "expired"),
        status="confirmed",
        hold_expires_at=None,
        confirmed_at=now,
        paid_at=booking.paid_at or now,
        changed_at=now,
        **again,
    )
    if changed is None:
        raise SlotTaken
    await record(session, changed, actor="customer", action="paid")
    return changed


async def cancel(session: AsyncSession, booking: Booking, *, by: By, fee_minor: int = 0) -> Booking:
    """Cancel a booking that is confirmed or waits for its money; its place is free again.

    `fee_minor` is what it costs by its policy. Raises HandledError `not_cancellable` for any other booking, and for
    one that has begun.
    """
    if booking.starts_at > clock.now():
        values = {"status": "cancelled", "cancelled_at": clock.now(), "fee_minor": fee_minor}
        states = ("confirmed", "pending_payment")
        gone = await _let_go(session, booking, states, by=by, action="cancelled", bump=True, **values)
        if gone is not None:
            return gone
    raise HandledError("not_cancellable", "That booking can no longer be cancelled.", 409)


async def finish(session: AsyncSession, booking: Booking, status: str, *, actor: str | By) -> Booking:
    """Say how a confirmed appointment that has begun ended: `completed` or `no_show`. Raises HandledError."""
    changed = None
    if booking.starts_at <= clock.now():
        changed = await _change(session, booking, ("confirmed", "completed", "no_show"), status=status)
    if changed is None:
        raise HandledError("not_over", "Only an appointment that has begun can be marked like that.", 409)
    await record(session, changed, actor=actor, action=status)
    return changed


async def get(session: AsyncSession, tenant_id: UUID, booking_id: UUID, also: Iterable[UUID] = ()) -> Booking:
    """The booking as it now is, it and its places locked until the transaction ends, and the resources in `also`.
    Raises `not_found`."""
    await lock_places(session, tenant_id, booking_id, also)
    statement = (
        select(Booking)
        .where(Booking.tenant_id == tenant_id, Booking.id == booking_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    booking = (await session.execute(statement)).scalar_one_or_none()
    if booking is None:
        raise HandledError("not_found", "There is nothing here under that id.", 404)
    return booking


async def lock_places(session: AsyncSession, tenant_id: UUID, booking_id: UUID, also: Iterable[UUID] = ()) -> None:
    """Lock the resources that the booking occupies or would move to, and those in `also`: always before its row, as
    whoever takes a slot does."""
    occupied = select(Occupancy.resource_id).where(Occupancy.tenant_id == tenant_id, Occupancy.booking_id == booking_id)
    locked: set[UUID] = set()
    wanted = {*(await session.scalars(occupied)).all(), *also}
    # Again if it was moved while we waited.
    while not wanted <= locked:
        await lock_resources(session, wanted)
        locked |= wanted
        wanted = set((await session.scalars(occupied)).all())


async def _let_go(
    session: AsyncSession,
    booking: Booking,
    states: Sequence[str],
    *,
    by: By,
    action: str,
    bump: bool = False,
    **values: Any,
) -> Booking | None:
    """Give the booking its last state and its places back. None unless it was in one of `states`."""
    await lock_places(session, booking.tenant_id, booking.id)
    if bump:
        values["sequence"] = booking.sequence + 1
    changed = await _change(session, booking, states, hold_expires_at=None, changed_at=clock.now(), **values)
    if changed is None:
        return None
    await session.execute(
        delete(Occupancy).where(Occupancy.tenant_id == booking.tenant_id, Occupancy.booking_id == booking.id)
    )
    await record_by(session, changed, by, action)
    return changed


async def _change(session: AsyncSession, booking: Booking, states: Sequence[str], **values: Any) -> Booking | None:
    """Update the row if it is in one of `states`; the booking as it then is, or None."""
    changed = await session.execute(
        update(Booking)
        .where(Booking.tenant_id == booking.tenant_id, Booking.id == booking.id, Booking.status.in_(states))
        .values(**values)
        .returning(Booking.id)
    )
    if changed.scalar_one_or_none() is None:
        return None
    return await session.get_one(Booking, (booking.tenant_id, booking.id), populate_existing=True)


async def record(session: AsyncSession, booking: Booking, *, actor: str | By, action: str, **details: Any) -> None:
    """Add a line to the booking's audit trail, about something that happened in its own conversation or to it alone.
    `actor`: customer, agent, staff or system; or more exactly."""
    await record_by(session, booking, _of_its_own(booking, actor), action, **details)


async def record_by(session: AsyncSession, booking: Booking, by: By, action: str, **details: Any) -> None:
    """Add a line to the booking's audit trail, with where the change came from."""
    await within(session, recording(session, booking, by, action, **details))


def recording(session: AsyncSession, booking: Booking, by: By, action: str, **details: Any) -> Statement:
    """What `record_by` does, as a statement to be sent with others."""
    told = {"source": by.source, "name": by.name, "reason": by.reason}
    details |= {key: value for key, value in told.items() if value is not None}
    when_committed(session, metrics.bookings.labels(action).inc)
    noted = orjson.dumps(details).decode()
    values = booking.tenant_id, ids.new_id(), booking.id, by.actor, action, by.conversation_id, noted, clock.now()
    return _RECORD, values


def _of_its_own(booking: Booking, actor: str | By) -> By:
    return actor if isinstance(actor, By) else By(actor, booking.conversation_id)


def _occupancies_of(booking: Booking) -> Any:
    return update(Occupancy).where(Occupancy.tenant_id == booking.tenant_id, Occupancy.booking_id == booking.id)
