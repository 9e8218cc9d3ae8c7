"""Moving a booking to another time: its next place is held while the customer thinks it over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from handled.availability import search
from handled.bookings import moves, notify, places, policy
from handled.bookings.holds import SlotTaken
from handled.bookings.view import booking_view, linked_view, price_view
from handled.catalog.business import Business, OfferedService, people_named, service_by_id
from handled.kit import clock
from handled.kit.errors import HandledError
from handled.payments import checkout, ledger, refunds
from handled.proposals.actions import outcome
from handled.proposals.actions.outcome import NotFree, Receipt
from handled.tables import Booking


@dataclass(frozen=True, slots=True)
class Target:
    """Where a booking is moved to. `resource_ids` has one resource for each of its parts."""

    starts_at: datetime
    ends_at: datetime
    resource_ids: tuple[UUID, ...]

    def arguments(self) -> dict[str, Any]:
        """As JSON, for the proposal."""
        return {
            "starts_at": self.starts_at.isoformat(),
            "ends_at": self.ends_at.isoformat(),
            "resource_ids": [str(each) for each in self.resource_ids],
        }


def target_of(arguments: dict[str, Any]) -> Target:
    """The target that a proposal's arguments name."""
    return Target(
        datetime.fromisoformat(arguments["starts_at"]),
        datetime.fromisoformat(arguments["ends_at"]),
        tuple(UUID(each) for each in arguments["resource_ids"]),
    )


def check(business: Business, booking: Booking, *, by: str = "customer") -> tuple[OfferedService, str | None]:
    """The service and the rule under which the booking may be moved now; staff are bound by none. Raises HandledError
    `not_movable`, `moves_used_up` or `too_late_to_move`."""
    service = service_by_id(business, booking.service_id)
    if booking.status not in moves.MOVABLE or booking.starts_at <= clock.now() or service is None:
        raise HandledError("not_movable", "That booking can no longer be moved.", 409)
    if by == "staff":
        return service, None
    return service, policy.check_move(booking, business.name, business.timezone, business.locale)


async def hold(
    session: AsyncSession,
    business: Business,
    booking: Booking,
    starts_at: datetime,
    *,
    resource_id: UUID | None,
    conversation_id: UUID | None,
    expires_at: datetime | None,
    by: str = "customer",
) -> Target | NotFree:
    """Hold the place that the booking would move to, with the same resource if it can be. Raises what `check` raises,
    and `same_time` when it is there already."""
    service, _ = check(business, booking, by=by)
    found = await _find(session, business, service, booking, starts_at, resource_id, conversation_id)
    if isinstance(found, NotFree):
        return found
    parts = places.parts_of(service, found, prefer=booking.resource_id)
    try:
        taken = await moves.hold_next(session, booking, parts, expires_at)
    except SlotTaken as gone:
        return await _not_free(session, business, service, booking, starts_at, "taken", gone.message)
    return Target(found.starts_at, found.ends_at, tuple(taken))


async def look(
    session: AsyncSession, business: Business, booking: Booking, starts_at: datetime, resource_id: UUID | None
) -> Target | NotFree:
    """Where `hold` would have it now, without holding anything. Raises what `hold` raises."""
    service, _ = check(business, booking)
    found = await _find(session, business, service, booking, starts_at, resource_id, None)
    if isinstance(found, NotFree):
        return found
    parts = places.parts_of(service, found, prefer=booking.resource_id)
    return Target(found.starts_at, found.ends_at, tuple(UUID(each["resources"][0]) for each in parts))


async def _find(
    session: AsyncSession,
    business: Business,
    service: OfferedService,
    booking: Booking,
    starts_at: datetime,
    resource_id: UUID | None,
    conversation_id: UUID | None,
) -> search.Places | NotFree:
    if starts_at == booking.starts_at and resource_id in (None, booking.resource_id):
        raise HandledError("same_time", "That is when the booking is already.", 422)
    found = await search.places_at(
        session,
        business,
        service,
        starts_at,
        resource_id=resource_id,
        conversation_id=conversation_id,
        moving=booking.id,
    )
    if isinstance(found, search.Refusal):
        return await _not_free(session, business, service, booking, starts_at, found.reason, found.words)
    return found


async def _not_free(
    session: AsyncSession,
    business: Business,
    service: OfferedService,
    booking: Booking,
    starts_at: datetime,
    reason: str,
    why: str,
) -> NotFree:
    slots = await search.nearest_to(session, business, service, starts_at, moving=booking.id)
    return NotFree(reason, why, [search.slot_view(business, service, slot) for slot in slots])


def preview(business: Business, booking: Booking, target: Target) -> dict[str, Any]:
    """What the customer is shown and confirms: from when to when, and what changes about the price."""
    service, rule = check(business, booking)
    view, local = booking_view(business, booking), target.starts_at.astimezone(business.zone)
    named = people_named(business, target.resource_ids)
    return {
        "title": f"Move {view['label']}",
        "service": view["service"],
        "label": view["label"],
        "date": local.date().isoformat(),
        "time": None if booking.whole_day else f"{local:%H:%M}",
        "from": {"date": view["date"], "time": view["time"], "resource": view["resource"]},
        "timezone": business.timezone,
        "durationMinutes": view["durationMinutes"],
        "resource": named,
        "price": price_view(service.price_minor, booking.currency),
        "fee": None,
        "refund": None,
        "policy": rule,
        "bookingCode": booking.code,
        "customer": view["customer"],
        "lines": [
            f"{view['label']} with {named}" if named else view["label"],
            f"From {outcome.moment(business, booking)}",
            f"To {outcome.moment_at(business, target.starts_at, whole_day=booking.whole_day)}",
            price_line(business, booking, service),
            *([rule] if rule else []),
        ],
    }


def _difference(booking: Booking, service: OfferedService) -> int:
    return (service.price_minor or 0) - (booking.price_minor or 0)


def price_line(business: Business, booking: Booking, service: OfferedService) -> str:
    """What becomes of the price, in words."""
    difference = _difference(booking, service)
    price = notify.price_text(service.price_minor, booking.currency, business.locale)
    if difference == 0:
        return f"Moving costs nothing; the price stays {price}."
    change = outcome.money_text(business, abs(difference), booking.currency)
    return f"The price is now {price}: {change} {'more' if difference > 0 else 'less'}."


async def execute(
    session: AsyncSession, business: Business, booking: Booking, target: Target, *, actor: str = "customer"
) -> tuple[Booking, datetime]:
    """Move to the place that is held, settle a difference in price, tell both sides. The booking and when it was.

    Raises SlotTaken when the place is no longer held, and what `check` raises.
    """
    service, _ = check(business, booking, by=actor)
    before, difference = booking.starts_at, _difference(booking, service)
    paid = await ledger.balance(session, booking.tenant_id, booking.id)
    booking = await moves.move(
        session,
        booking,
        actor=actor,
        starts_at=target.starts_at,
        ends_at=target.ends_at,
        resource_ids=target.resource_ids,
        price_minor=service.price_minor,
    )
    due = difference if difference > 0 and paid and booking.payment_rule == "full" else 0
    if due:
        await checkout.ask(session, booking.tenant_id, booking.id, due, booking.currency, purpose="difference")
    too_much = max(0, paid - (booking.price_minor or 0))
    if too_much:
        await refunds.queue(session, booking.tenant_id, booking.id, too_much, "price_dropped")
    await notify.notify_moved(session, business, booking, before=before, by=actor, due_minor=due, refund_minor=too_much)
    return booking, before


def receipt(business: Business, booking: Booking, before: datetime) -> Receipt:
    """What the customer is told about it."""
    view = linked_view(business, booking)
    what, when = outcome.subject(view), outcome.moment(business, booking)
    was = outcome.moment_at(business, before, whole_day=booking.whole_day)
    message = (
        f"Done, it's moved: {what}, now {when}. Your code stays {booking.code}, and the new invitation is on its way to"
        f" {booking.customer_email}. Is there anything else I can do for you?"
    )
    lines = [what, f"Now {when}", f"Was {was}", f"Confirmation code {booking.code}"]
    return Receipt(outcome.receipt_of("moved", "Moved", lines), message, view)
