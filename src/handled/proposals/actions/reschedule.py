"""Moving a booking to another time: its next place is held while the customer thinks it over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from handled.availability import search
from handled.bookings import moves, notify, places, policy
from handled.bookings.facts import price_text
from handled.bookings.holds import SlotTaken
from handled.bookings.lifecycle import By
from handled.bookings.view import booking_view, linked_view, price_view
from handled.catalog.business import Business, OfferedService, people_named, service_by_id
from handled.kit import clock, money
from handled.kit.errors import HandledError
from handled.notifications.jobs import Fate
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


@dataclass(frozen=True, slots=True)
class Change:
    """What moving does to the price, in minor units: it is `price_minor` then, `difference_minor` more (or less).
    `due_minor` is to be paid because of it, `refund_minor` goes back of what was paid."""

    price_minor: int | None
    difference_minor: int
    due_minor: int
    refund_minor: int


@dataclass(frozen=True, slots=True)
class Moved:
    """A booking that was moved, when it began before, what became of its price, and of the customer's mail."""

    booking: Booking
    before: datetime
    change: Change
    mail: Fate


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
    session: AsyncSession,
    business: Business,
    booking: Booking,
    starts_at: datetime,
    resource_id: UUID | None,
    *,
    by: str = "customer",
) -> Target | NotFree:
    """Where `hold` would have it now, without holding anything. Raises what `hold` raises."""
    service, _ = check(business, booking, by=by)
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


async def quote(session: AsyncSession, booking: Booking, service: OfferedService) -> Change:
    """What moving the booking now does to its price, and to what was paid for it. One that waits for its payment keeps
    the price that it was held for: that amount is being asked for, perhaps on an open payment page."""
    if booking.status == "pending_payment":
        return Change(booking.price_minor, 0, 0, 0)
    paid = await ledger.balance(session, booking.tenant_id, booking.id)
    new, old = service.price_minor or 0, booking.price_minor or 0
    # Of both prices, what can be charged and given back.
    owed, asked = money.payable(new, booking.currency), money.payable(old, booking.currency)
    due = max(0, owed - asked) if paid and booking.payment_rule == "full" else 0
    return Change(service.price_minor, new - old, due, max(0, paid - owed))


async def preview(session: AsyncSession, business: Business, booking: Booking, target: Target) -> dict[str, Any]:
    """What the customer is shown and confirms: from when to when, what changes about the price, and the rule that
    holds for the new time."""
    service, _ = check(business, booking)
    rule = policy.rule_at(booking, target.starts_at, business.timezone, business.locale)
    change = await quote(session, booking, service)
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
        "price": price_view(change.price_minor, booking.currency),
        "fee": None,
        "due": price_view(change.due_minor, booking.currency) if change.due_minor else None,
        "refund": price_view(change.refund_minor, booking.currency) if change.refund_minor else None,
        "policy": rule,
        "bookingCode": booking.code,
        "customer": view["customer"],
        "lines": [
            f"{view['label']} with {named}" if named else view["label"],
            f"From {outcome.moment(business, booking)}",
            f"To {outcome.moment_at(business, target.starts_at, whole_day=booking.whole_day)}",
            *price_lines(business, booking, change),
            *([rule] if rule else []),
        ],
    }


def price_lines(business: Business, booking: Booking, change: Change) -> list[str]:
    """What becomes of the price, in words; what is to be paid or goes back, where something does."""
    price = price_text(change.price_minor, booking.currency, business.locale)
    if change.difference_minor == 0:
        lines = [f"Moving costs nothing; the price stays {price}."]
    else:
        difference = outcome.money_text(business, abs(change.difference_minor), booking.currency)
        lines = [f"The price is now {price}: {difference} {'more' if change.difference_minor > 0 else 'less'}."]
    return [*lines, *_settled(business, booking, change)]


def _settled(business: Business, booking: Booking, change: Change) -> list[str]:
    due = outcome.money_text(business, change.due_minor, booking.currency)
    refund = outcome.money_text(business, change.refund_minor, booking.currency)
    return [
        *([f"To pay: {due}"] if change.due_minor else []),
        *([f"You get back: {refund}"] if change.refund_minor else []),
    ]


async def execute(session: AsyncSession, business: Business, booking: Booking, target: Target, *, by: By) -> Moved:
    """Move to the place that is held, settle a difference in price, tell both sides.

    Raises SlotTaken when the place is no longer held, and what `check` raises.
    """
    service, _ = check(business, booking, by=by.actor)
    before, change = booking.starts_at, await quote(session, booking, service)
    booking = await moves.move(
        session,
        booking,
        by=by,
        starts_at=target.starts_at,
        ends_at=target.ends_at,
        resource_ids=target.resource_ids,
        price_minor=change.price_minor,
    )
    due, refund = change.due_minor, change.refund_minor
    if due:
        await checkout.ask(session, booking.tenant_id, booking.id, due, booking.currency, purpose="difference")
    if refund:
        await refunds.queue(session, booking.tenant_id, booking.id, refund, "price_dropped")
    mail = await notify.notify_moved(
        session, business, booking, before=before, by=by.actor, due_minor=due, refund_minor=refund
    )
    return Moved(booking, before, change, mail)


def receipt(business: Business, moved: Moved) -> Receipt:
    """What the customer is told about it."""
    booking, change = moved.booking, moved.change
    view = linked_view(business, booking)
    what, when = outcome.subject(view), outcome.moment(business, booking)
    was = outcome.moment_at(business, moved.before, whole_day=booking.whole_day)
    new = "the new invitation" if booking.status == "confirmed" else "a mail about it"
    refund = outcome.money_text(business, change.refund_minor, booking.currency)
    due = outcome.money_text(business, change.due_minor, booking.currency)
    sentences = [
        f"Done, it's moved: {what}, now {when}.",
        f"Your code stays {booking.code}{outcome.mail_text(booking, new, moved.mail)}.",
        *([f"{refund} is on its way back to you."] if change.refund_minor else []),
        *([f"It costs {due} more now; the link in your booking takes you to the payment."] if change.due_minor else []),
        "Is there anything else I can do for you?",
    ]
    settled = _settled(business, booking, change)
    lines = [what, f"Now {when}", f"Was {was}", *settled, f"Confirmation code {booking.code}"]
    done = outcome.receipt_of("moved", "Moved", lines)
    return Receipt(done, " ".join(sentences), view, is_mailed=moved.mail != "withheld")
