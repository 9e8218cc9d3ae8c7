"""The same actions, carried out at once because the business itself asks: nobody has to confirm them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from handled.bookings import lifecycle, tell
from handled.bookings.lifecycle import By
from handled.catalog.business import Business, service_by_id
from handled.kit import clock
from handled.proposals.actions import book, cancel, reschedule
from handled.proposals.actions.book import BookingRequest
from handled.proposals.actions.cancel import GivesBack
from handled.proposals.actions.outcome import NotFree, Receipt
from handled.tables import Booking

STAFF = "staff"
API = By(STAFF, source="API")
# From the hold to its confirmation in the same transaction.
_A_MOMENT = timedelta(minutes=1)


def unhurried(business: Business) -> Business:
    """The business as it is for its own people: they may book and move without notice, though never twice over."""
    return replace(business, services=tuple(replace(each, notice_minutes=0) for each in business.services))


async def book_now(
    session: AsyncSession,
    business: Business,
    wanted: BookingRequest,
    *,
    source: str,
    takes_payment: bool,
    by: By = API,
) -> Booking:
    """Hold and confirm in the caller's transaction; with `takes_payment` it waits for its money, by the service's rule.

    Raises HandledError `slot_taken` (409), `not_bookable` (422), both with `alternatives`, and `payment_unavailable`.
    """
    expires_at = clock.now() + _A_MOMENT
    held = await book.hold(
        session, business, None, wanted, expires_at, source=source, takes_payment=takes_payment, capped=False
    )
    if isinstance(held, NotFree):
        raise held.as_error()
    await book.execute(session, business, held, actor=by)
    return await lifecycle.get(session, business.id, held.id)


async def move_now(
    session: AsyncSession,
    business: Business,
    booking: Booking,
    starts_at: datetime,
    resource_id: UUID | None,
    by: By = API,
) -> Booking:
    """Move it, bound by what is open and free but not by the customer's terms. `booking` need not be locked.

    Raises HandledError `slot_taken` (409), `not_bookable` (422), `not_movable` (409), `same_time` (422).
    """
    service = service_by_id(business, booking.service_id)
    performers = [each.id for each in service.resources] if service else []
    booking = await lifecycle.get(session, business.id, booking.id, performers)
    target = await reschedule.hold(
        session,
        business,
        booking,
        starts_at,
        resource_id=resource_id,
        conversation_id=None,
        expires_at=clock.now() + _A_MOMENT,
        by=by.actor,
    )
    if isinstance(target, NotFree):
        raise target.as_error()
    moved = await reschedule.execute(session, business, booking, target, by=by)
    await _tell(session, business, moved.booking, reschedule.receipt(business, moved))
    return moved.booking


async def cancel_now(
    session: AsyncSession, business: Business, booking: Booking, gives_back: GivesBack, by: By = API
) -> Booking:
    """Cancel it and give back what its policy says, everything, so much, or nothing. Raises HandledError
    `not_cancellable`, `over_refund`."""
    booking = await lifecycle.get(session, business.id, booking.id)
    cancelled, cost = await cancel.execute(session, business, booking, by=by, gives_back=gives_back)
    await _tell(session, business, cancelled, cancel.receipt(business, cancelled, cost))
    return cancelled


async def _tell(session: AsyncSession, business: Business, booking: Booking, done: Receipt) -> None:
    words = f"{business.name} has changed your booking. {done.message}"
    await tell.tell_changed(session, booking, done.receipt, done.booking, words)
