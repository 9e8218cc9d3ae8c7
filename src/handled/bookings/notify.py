"""Telling the customer and the business about a booking, in the transaction that changes it.

Each function queues what is to be said now and withdraws what waits and would no longer be true. It returns what
became of the customer's mail: `queued`, `withheld` (`notifications.caps`), or `known` where it is there already.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handled.bookings import calendar
from handled.bookings.facts import amount_text, facts_of, rate_path, refuse_path
from handled.bookings.view import pay_path
from handled.catalog.business import Business
from handled.conversations import ending
from handled.customers import refusals
from handled.kit import clock
from handled.notifications import jobs, messages
from handled.notifications.jobs import Fate
from handled.payments import ledger
from handled.tables import Booking

_SOURCES = {
    "CHATBOT": "Chat on your website",
    "LINK": "Link in a mail",
    "DASHBOARD": "Your dashboard",
    "API": "Your own system",
}
_ACTORS: dict[str, messages.Actor] = {"customer": "customer", "staff": "business"}
_BEFORE_IT_STANDS = ("payment_awaited",)
_WHILE_IT_STANDS = ("payment_awaited", "booking_confirmed", "booking_moved", "reminder", "rating_request")


async def notify_held(session: AsyncSession, business: Business, booking: Booking) -> Fate:
    """The slot is held until the money comes: when, how much, and where to pay."""
    assert booking.hold_expires_at is not None  # noqa: S101  it has one while it waits for money
    due, rest = booking.due_minor, (booking.price_minor or 0) - booking.due_minor
    message = messages.PaymentAwaited(
        booking=facts_of(business, booking),
        due_text=amount_text(business, booking, due) or "",
        held_until=booking.hold_expires_at,
        pay_path=pay_path(business, booking),
        rest_text=amount_text(business, booking, rest),
    )
    return await _queue(session, booking, message)


async def notify_confirmed(session: AsyncSession, business: Business, booking: Booking) -> Fate:
    """The booking stands, and so does what was paid for it: one mail to the customer, one to the business."""
    await _withdraw(session, booking, _BEFORE_IT_STANDS)
    facts = facts_of(business, booking)
    paid = await ledger.balance(session, booking.tenant_id, booking.id) if booking.due_minor else 0
    paid_text = amount_text(business, booking, paid)
    rest_text = _rest_text(business, booking, paid)
    notice = messages.NewBooking(
        booking=facts,
        invite=calendar.invite(facts, "PUBLISH"),
        source_text=_SOURCES.get(booking.source),
        paid_text=paid_text,
        rest_text=rest_text,
    )
    confirmation = messages.BookingConfirmed(
        booking=facts, invite=calendar.invite(facts, "REQUEST"), paid_text=paid_text, rest_text=rest_text
    )
    await _queue(session, booking, notice)
    return await _queue(session, booking, confirmation)


async def notify_again(session: AsyncSession, business: Business, booking: Booking) -> Fate:
    """To the customer alone, what they were last sent of it and may have lost: the confirmation with its invite, or
    where to pay."""
    if booking.status == "pending_payment":
        return await notify_held(session, business, booking)
    facts = facts_of(business, booking)
    paid = await ledger.balance(session, booking.tenant_id, booking.id)
    paid_text, rest_text = amount_text(business, booking, paid), _rest_text(business, booking, paid)
    message = messages.BookingConfirmed(facts, calendar.invite(facts, "REQUEST"), paid_text, rest_text)
    return await _queue(session, booking, message)


async def notify_paid(session: AsyncSession, business: Business, booking: Booking, amount_minor: int) -> Fate:
    """Money has come for a booking that stood before; the first payment is told by `notify_confirmed`."""
    paid = await ledger.balance(session, booking.tenant_id, booking.id)
    message = messages.PaymentReceived(
        booking=facts_of(business, booking),
        paid_text=amount_text(business, booking, amount_minor) or "",
        rest_text=_rest_text(business, booking, paid),
    )
    return await _queue(session, booking, message)


async def notify_moved(
    session: AsyncSession,
    business: Business,
    booking: Booking,
    *,
    before: datetime,
    by: str = "customer",
    due_minor: int = 0,
    refund_minor: int = 0,
) -> Fate:
    """It is at another time than `before`, when it began then. `due_minor` is still to be paid because it became
    dearer, `refund_minor` goes back because it became cheaper. What still waits for its first money is held, not
    booked: then the customer alone is told, without an invite."""
    await _withdraw(session, booking, _WHILE_IT_STANDS)
    if booking.status == "pending_payment":
        return await notify_held(session, business, booking)
    facts = facts_of(business, booking)
    before_ends = before + (booking.ends_at - booking.starts_at)
    due_text, refund_text = amount_text(business, booking, due_minor), amount_text(business, booking, refund_minor)
    actor = _ACTORS.get(by, "system")
    notice = messages.MoveNotice(
        facts, before, before_ends, calendar.invite(facts, "PUBLISH"), actor, due_text, refund_text
    )
    moved = messages.BookingMoved(
        booking=facts,
        before_starts_at=before,
        before_ends_at=before_ends,
        invite=calendar.invite(facts, "REQUEST"),
        by=actor,
        due_text=due_text,
        pay_path=pay_path(business, booking) if due_text else None,
        refund_text=refund_text,
    )
    await _queue(session, booking, notice)
    return await _queue(session, booking, moved)


async def notify_cancelled(
    session: AsyncSession, business: Business, booking: Booking, *, refund_minor: int, fee_minor: int, by: str
) -> Fate:
    """It does not take place: what goes back, what it costs. What was never booked leaves no trace in a calendar,
    and the business has not heard of it."""
    await _withdraw(session, booking, _WHILE_IT_STANDS)
    facts = facts_of(business, booking)
    was_booked = booking.confirmed_at is not None
    actor = _ACTORS.get(by, "system")
    refund_text, fee_text = amount_text(business, booking, refund_minor), amount_text(business, booking, fee_minor)
    if was_booked:
        taken_out = calendar.invite(facts, "PUBLISH", cancelled=True)
        await _queue(session, booking, messages.CancellationNotice(facts, taken_out, actor, refund_text, fee_text))
    invite = calendar.invite(facts, "CANCEL") if was_booked else None
    return await _queue(session, booking, messages.BookingCancelled(facts, invite, actor, refund_text, fee_text))


async def notify_expired(session: AsyncSession, business: Business, booking: Booking) -> Fate:
    """Nobody paid in time. The business never heard of it and does not now."""
    await _withdraw(session, booking, _BEFORE_IT_STANDS)
    return await _queue(session, booking, messages.BookingExpired(facts_of(business, booking)))


async def notify_late_refund(session: AsyncSession, business: Business, booking: Booking, *, refund_minor: int) -> Fate:
    """The money came when the time was gone, and goes back."""
    refund_text = amount_text(business, booking, refund_minor) or ""
    return await _queue(session, booking, messages.LatePaymentRefunded(facts_of(business, booking), refund_text))


async def notify_refund(session: AsyncSession, business: Business, booking: Booking, *, refund_minor: int) -> Fate:
    """The business gives so much back while the booking stays what it is."""
    refund_text = amount_text(business, booking, refund_minor) or ""
    stands = booking.status in ("pending_payment", "confirmed") and booking.ends_at > clock.now()
    return await _queue(session, booking, messages.RefundMade(facts_of(business, booking), refund_text, stands))


async def notify_refund_failed(
    session: AsyncSession, business: Business, booking: Booking, *, refund_minor: int
) -> Fate:
    """To the customer: what we sent back did not arrive. The business is told by `notify_problem`."""
    refund_text = amount_text(business, booking, refund_minor) or ""
    return await _queue(session, booking, messages.RefundFailed(facts_of(business, booking), refund_text))


async def notify_problem(
    session: AsyncSession, business: Business, booking: Booking, reason: str, *, reference: str | None = None
) -> Fate:
    """To the business alone: `reason` is a sentence that says what is wrong. The same `reference` is told once."""
    once_key = f"payment_problem:{reference}" if reference else None
    message = messages.PaymentProblem(facts_of(business, booking), reason)
    return await _queue(session, booking, message, once_key)


async def notify_reminder(session: AsyncSession, business: Business, booking: Booking, minutes: int) -> Fate:
    """It is soon: once for each `minutes` before and each time that the booking has had."""
    facts = facts_of(business, booking)
    paid = await ledger.balance(session, booking.tenant_id, booking.id) if booking.due_minor else 0
    message = messages.Reminder(facts, calendar.invite(facts, "REQUEST"), _rest_text(business, booking, paid))
    # Migration 0002's due_reminders looks for exactly this key.
    return await _queue(session, booking, message, f"reminder:{booking.id}:{minutes}:{booking.sequence}")


async def notify_rating(session: AsyncSession, business: Business, booking: Booking) -> Fate:
    """How was it? Asked once for a conversation, however many bookings it led to. Never where it has been said, of
    somebody who wants no such mail from this business, or of those of whom it does not want it asked."""
    if not business.rating_mail or await refusals.has_refused(session, booking.tenant_id, booking.customer_email):
        return "withheld"
    if await ending.is_rated(session, booking.tenant_id, booking.conversation_id, booking.id):
        return "known"
    message = messages.RatingRequest(
        booking=facts_of(business, booking),
        rate_path=rate_path(business, booking),
        refuse_path=refuse_path(business, booking),
    )
    return await _queue(session, booking, message, ending.rating_key(booking.conversation_id or booking.id))


async def notify_code(session: AsyncSession, business: Business, email: str, code: str, expires_at: datetime) -> Fate:
    """Six digits for whoever reads `email`, about nothing in particular. `withheld` means that it does not come."""
    message = messages.OneTimeCode(
        tenant_name=business.name,
        tenant_email=business.contact_email,
        tenant_address=business.address,
        tenant_phone=business.phone,
        accent=business.branding.get("color"),
        customer_email=email,
        code=code,
        expires_at=expires_at,
        minutes=max(1, round((expires_at - clock.now()).total_seconds() / 60)),
    )
    return await jobs.queue(session, business.id, message)


async def _queue(
    session: AsyncSession, booking: Booking, message: messages.Notification, once_key: str | None = None
) -> Fate:
    return await jobs.queue(session, booking.tenant_id, message, booking_id=booking.id, once_key=once_key)


async def _withdraw(session: AsyncSession, booking: Booking, kinds: tuple[str, ...]) -> None:
    await jobs.withdraw(session, booking.tenant_id, booking.id, kinds)


def _rest_text(business: Business, booking: Booking, paid_minor: int) -> str | None:
    """What is due on site, where a part has been paid."""
    return amount_text(business, booking, (booking.price_minor or 0) - paid_minor) if paid_minor else None
