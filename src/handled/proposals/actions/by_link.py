"""The same actions, for a customer with a signed link: they are shown what it costs, and their click confirms that.

What was shown is bound to the click by a hash: when it has changed meanwhile, nothing is done.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from handled.availability import search
from handled.availability.offer import Slot
from handled.bookings import lifecycle, tell
from handled.bookings.lifecycle import By
from handled.bookings.view import price_view
from handled.catalog.business import Business, service_by_id
from handled.kit.errors import HandledError
from handled.payments import checkout
from handled.proposals.actions import cancel, reschedule
from handled.proposals.actions.outcome import Receipt
from handled.tables import Booking, Payment

_LINK = By("customer", source="LINK")


@dataclass(frozen=True, slots=True)
class Terms:
    """Whether something can be done with the booking now, and on which terms. `refusal` says why not; money in minor
    units; `lines` are for the customer, `rule` among them."""

    refusal: HandledError | None = None
    fee_minor: int = 0
    refund_minor: int = 0
    rule: str | None = None
    lines: tuple[str, ...] = ()
    quote_hash: str = ""

    def view(self, currency: str) -> dict[str, Any]:
        """In wire form."""
        return {
            "allowed": self.refusal is None,
            "reason": self.refusal.name if self.refusal else None,
            "why": self.refusal.message if self.refusal else None,
            "fee": price_view(self.fee_minor, currency) if self.fee_minor else None,
            "refund": price_view(self.refund_minor, currency) if self.refund_minor else None,
            "policy": self.rule,
            "lines": list(self.lines),
            "quoteHash": self.quote_hash or None,
        }


async def cancel_terms(session: AsyncSession, business: Business, booking: Booking) -> Terms:
    """What cancelling costs and gives back now."""
    try:
        cancel.check(booking)
    except HandledError as refusal:
        return Terms(refusal)
    cost = await cancel.quote(session, business, booking)
    lines = (*cancel.cost_lines(business, booking, cost), *([cost.rule] if cost.rule else []))
    quote_hash = _hash("cancel", booking, cost.fee_minor, cost.refund_minor)
    return Terms(None, cost.fee_minor, cost.refund_minor, cost.rule, lines, quote_hash)


async def move_terms(session: AsyncSession, business: Business, booking: Booking) -> Terms:
    """Whether it may be moved now, and what becomes of its price; wherever it is moved to."""
    try:
        service, rule = reschedule.check(business, booking)
    except HandledError as refusal:
        return Terms(refusal)
    change = await reschedule.quote(session, booking, service)
    lines = (*reschedule.price_lines(business, booking, change), *([rule] if rule else []))
    quote_hash = _hash("move", booking, change.price_minor, change.refund_minor, change.due_minor)
    return Terms(refund_minor=change.refund_minor, rule=rule, lines=lines, quote_hash=quote_hash)


async def cancel_now(session: AsyncSession, business: Business, booking: Booking, quote_hash: str | None) -> Receipt:
    """Cancel it on the terms with that hash. `booking` need not be locked. Raises HandledError `not_cancellable`, or
    `quote_changed` with the present `quote`."""
    booking = await lifecycle.get(session, business.id, booking.id)
    cancel.check(booking)
    _compare(await cancel_terms(session, business, booking), quote_hash, booking)
    cancelled, cost = await cancel.execute(session, business, booking, by=_LINK)
    done = cancel.receipt(business, cancelled, cost)
    await tell.tell_changed(session, cancelled, done.receipt, done.booking, done.message)
    return done


async def move_now(
    session: AsyncSession,
    business: Business,
    booking: Booking,
    starts_at: datetime,
    resource_id: UUID | None,
    quote_hash: str | None,
) -> Receipt:
    """Move it in the caller's transaction, which is to be rolled back when this raises. `booking` need not be locked.
    Without a hash the price must stay as it is.

    Raises HandledError `slot_taken` (409), `not_bookable` (422), `quote_changed`, and what `reschedule.hold` raises.
    """
    service = service_by_id(business, booking.service_id)
    performers = [each.id for each in service.resources] if service else []
    booking = await lifecycle.get(session, business.id, booking.id, performers)
    service, _ = reschedule.check(business, booking)
    if quote_hash is not None or service.price_minor != booking.price_minor:
        _compare(await move_terms(session, business, booking), quote_hash, booking)
    target = await reschedule.hold(
        session, business, booking, starts_at, resource_id=resource_id, conversation_id=None, expires_at=None
    )
    if not isinstance(target, reschedule.Target):
        raise target.as_error()
    moved = await reschedule.execute(session, business, booking, target, by=_LINK)
    done = reschedule.receipt(business, moved)
    await tell.tell_changed(session, moved.booking, done.receipt, done.booking, done.message)
    return done


async def find_unpaid(session: AsyncSession, booking: Booking) -> Payment | None:
    """What is still to be paid for it, behind its pay link."""
    payment = await checkout.newest(session, booking.tenant_id, booking.id)
    is_open = payment is not None and payment.status == "open"
    return payment if is_open and booking.status in cancel.CANCELLABLE else None


async def free_slots(
    session: AsyncSession, business: Business, booking: Booking, first: date, last: date
) -> list[Slot]:
    """Where it could be moved to on these local dates, if it may be moved; its own place is not in its way, and not
    among them."""
    service = service_by_id(business, booking.service_id)
    if service is None or (await move_terms(session, business, booking)).refusal is not None:
        return []
    slots = await search.list_free(session, business, service, first, last, moving=booking.id)
    return [each for each in slots if (each.starts_at, each.resource_id) != (booking.starts_at, booking.resource_id)]


def _compare(terms: Terms, quote_hash: str | None, booking: Booking) -> None:
    if quote_hash != terms.quote_hash:
        message = "What that costs is not what you were shown. Please look at it again."
        raise HandledError("quote_changed", message, 409, quote=terms.view(booking.currency))


def _hash(action: str, booking: Booking, *terms: int | None) -> str:
    shown = orjson.dumps([action, str(booking.id), booking.sequence, booking.status, *terms])
    return hashlib.sha256(shown).hexdigest()
