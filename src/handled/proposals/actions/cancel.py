"""Cancelling a booking by its own policy."""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy.ext.asyncio import AsyncSession

from handled.bookings import lifecycle, notify, policy
from handled.bookings.jobs import CLOSE_CHECKOUT
from handled.bookings.lifecycle import By
from handled.bookings.policy import Quote
from handled.bookings.view import booking_view, linked_view, price_view
from handled.catalog.business import Business
from handled.jobs.queue import enqueue
from handled.kit import clock
from handled.kit.errors import HandledError
from handled.payments import ledger, refunds
from handled.proposals.actions import outcome
from handled.proposals.actions.outcome import Receipt
from handled.tables import Booking

CANCELLABLE = ("confirmed", "pending_payment")
# An integer is so much, in minor units.
GivesBack = Literal["policy", "full", "none"] | int


def check(booking: Booking) -> None:
    """Raises HandledError `not_cancellable` for a booking that has begun, or ended some other way."""
    if booking.status == "cancelled":
        raise HandledError("not_cancellable", "That booking has already been cancelled.", 409)
    if booking.status not in CANCELLABLE or booking.starts_at <= clock.now():
        raise HandledError("not_cancellable", "That booking can no longer be cancelled.", 409)


async def quote(session: AsyncSession, business: Business, booking: Booking, gives_back: GivesBack = "policy") -> Quote:
    """What cancelling now costs and gives back, by the booking's policy and what was paid for it; or, because the
    business says so, everything that was paid, a part, or nothing of it. Raises HandledError `over_refund`."""
    balance = await ledger.balance(session, booking.tenant_id, booking.id)
    if isinstance(gives_back, int):
        if not 0 <= gives_back <= balance:
            raise HandledError("over_refund", "That is more than was paid.", 422, fields={"amount": "is too much"})
        return Quote(balance - gives_back, gives_back, None)
    if gives_back == "full":
        return Quote(0, balance, None)
    if gives_back == "none":
        return Quote(balance, 0, None)
    return policy.quote_cancel(booking, balance, business.timezone, business.locale)


async def preview(session: AsyncSession, business: Business, booking: Booking) -> dict[str, Any]:
    """What the customer is shown and confirms: the booking, what it costs to cancel it, and by which rule."""
    cost = await quote(session, business, booking)
    view = booking_view(business, booking)
    return {
        "title": f"Cancel {view['label']}",
        "service": view["service"],
        "label": view["label"],
        "date": view["date"],
        "time": view["time"],
        "timezone": business.timezone,
        "durationMinutes": view["durationMinutes"],
        "resource": view["resource"],
        "price": view["price"],
        "fee": price_view(cost.fee_minor, booking.currency) if cost.fee_minor else None,
        "refund": price_view(cost.refund_minor, booking.currency) if cost.refund_minor else None,
        "policy": cost.rule,
        "bookingCode": booking.code,
        "customer": view["customer"],
        "lines": [
            outcome.subject(view),
            outcome.moment(business, booking),
            *cost_lines(business, booking, cost),
            *([cost.rule] if cost.rule else []),
        ],
    }


def cost_lines(business: Business, booking: Booking, cost: Quote) -> list[str]:
    """The fee and the refund in words; that it costs nothing, where it does not."""
    fee = outcome.money_text(business, cost.fee_minor, booking.currency)
    refund = outcome.money_text(business, cost.refund_minor, booking.currency)
    return [
        f"Cancellation fee: {fee}" if cost.fee_minor else "Cancelling costs nothing.",
        *([f"You get back: {refund}"] if cost.refund_minor else []),
    ]


async def execute(
    session: AsyncSession,
    business: Business,
    booking: Booking,
    *,
    by: By,
    gives_back: GivesBack = "policy",
) -> tuple[Booking, Quote]:
    """Cancel, send back what the policy gives back, and tell both sides, in the caller's transaction. Raises
    HandledError `not_cancellable`."""
    check(booking)
    cost = await quote(session, business, booking, gives_back)
    waited_for_money = booking.status == "pending_payment"
    booking = await lifecycle.cancel(session, booking, by=by, fee_minor=cost.fee_minor)
    if cost.refund_minor:
        await refunds.queue(session, booking.tenant_id, booking.id, cost.refund_minor, "cancelled")
    if waited_for_money:
        await enqueue(session, CLOSE_CHECKOUT, tenant_id=str(booking.tenant_id), booking_id=str(booking.id))
    await notify.notify_cancelled(
        session, business, booking, refund_minor=cost.refund_minor, fee_minor=cost.fee_minor, by=by.actor
    )
    return booking, cost


def receipt(business: Business, booking: Booking, cost: Quote) -> Receipt:
    """What the customer is told about it."""
    view, when = linked_view(business, booking), outcome.moment(business, booking)
    what = outcome.subject(view)
    refund = outcome.money_text(business, cost.refund_minor, booking.currency)
    fee = outcome.money_text(business, cost.fee_minor, booking.currency)
    sentences = [f"Your {what} on {when} is cancelled."]
    if cost.refund_minor:
        sentences.append(f"{refund} is on its way back to you.")
    elif cost.fee_minor:
        sentences.append(f"The fee is {fee}.")
    sentences.append("Is there anything else I can do for you?")
    lines = [what, when, *cost_lines(business, booking, cost)]
    return Receipt(outcome.receipt_of("cancelled", "Cancelled", lines), " ".join(sentences), view)
