"""Saying in the chat what happened to a booking while nobody was asking: paid, run out, money sent back.

The words go into the conversation that the booking was made in, with a card that replaces the one shown before, and a
note for the agent.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from handled.bookings.facts import amount_text
from handled.bookings.view import linked_view, payment_card
from handled.catalog.business import Business
from handled.conversations import feed, messages
from handled.kit import clock, ids
from handled.kit.when import spoken
from handled.tables import Booking


async def tell_paid(session: AsyncSession, business: Business, booking: Booking) -> None:
    """The money has come and the booking stands."""
    view, paid = linked_view(business, booking), amount_text(business, booking, booking.due_minor)
    when = _moment(business, booking)
    receipt = {
        "receiptId": str(ids.new_id()),
        "kind": "paid",
        "at": clock.now().isoformat(),
        "title": "Paid and booked",
        "lines": [view["label"], when, f"Paid: {paid}", f"Confirmation code {booking.code}"],
    }
    words = (
        f"Thank you, your payment of {paid} has arrived. {view['label']} on {when} is booked; your code is"
        f" {booking.code}."
    )
    cards = [payment_card(business, booking, "paid"), {"kind": "receipt", "receipt": receipt, "booking": view}]
    await _say(session, booking, words, cards, note="booking_paid")
    if booking.conversation_id is not None:
        event = {"type": "receipt", "receipt": receipt, "booking": view, "proposalId": None}
        await feed.append(session, booking.tenant_id, booking.conversation_id, event)


async def tell_extended(session: AsyncSession, business: Business, booking: Booking) -> None:
    """It is held for longer than the chat has shown: no words, the card that is there counts on."""
    if booking.conversation_id is not None:
        event = {"type": "payment", "payment": payment_card(business, booking, "open")}
        await feed.append(session, booking.tenant_id, booking.conversation_id, event)


async def tell_expired(session: AsyncSession, business: Business, booking: Booking) -> None:
    """The hold has run out unpaid, and the slot is free again."""
    card = payment_card(business, booking, "expired")
    words = (
        f"The payment for {card['booking']['label']} on {_moment(business, booking)} did not arrive in time, so the"
        " slot is free again. Nothing was charged. Shall I look again?"
    )
    choices = [{"label": "Look again", "send": f"I'd like to book {card['booking']['label']} again"}]
    await _say(session, booking, words, [card], note="booking_expired", choices=choices)


async def tell_late_refund(session: AsyncSession, business: Business, booking: Booking, refund_minor: int) -> None:
    """The money came when the time was gone."""
    words = (
        f"I'm sorry: your payment for {_moment(business, booking)} arrived when that time was no longer free."
        f" {amount_text(business, booking, refund_minor)} is on its way back to you. Shall I look for another time?"
    )
    choices = [{"label": "Look again", "send": "Please look for another time"}]
    await _say(
        session, booking, words, [payment_card(business, booking, "expired")], note="late_refund", choices=choices
    )


async def tell_changed(
    session: AsyncSession, booking: Booking, receipt: dict[str, Any], view: dict[str, Any], words: str
) -> None:
    """It was cancelled or moved outside the chat: by its link, or by the business. `receipt` and `view` (the booking)
    in wire form."""
    card = {"kind": "receipt", "receipt": receipt, "booking": view}
    await _say(session, booking, words, [card], note=f"booking_{receipt['kind']}")
    if booking.conversation_id is not None:
        event = {"type": "receipt", "receipt": receipt, "booking": view, "proposalId": None}
        await feed.append(session, booking.tenant_id, booking.conversation_id, event)


async def _say(
    session: AsyncSession,
    booking: Booking,
    words: str,
    cards: list[dict[str, Any]],
    *,
    note: str,
    choices: list[dict[str, str]] | None = None,
) -> None:
    if booking.conversation_id is None:
        return
    tenant_id, conversation_id = booking.tenant_id, booking.conversation_id
    await messages.note(session, tenant_id, conversation_id, {"event": note, "code": booking.code})
    shown = {"cards": cards, "choices": choices or [], "expects": ["anything_else"]}
    await messages.add(session, tenant_id, conversation_id, role="agent", content=words, shown=shown)
    if cards[0]["kind"] == "payment":
        event = {"type": "payment", "payment": cards[0]}
        await feed.append(session, tenant_id, conversation_id, event)


def _moment(business: Business, booking: Booking) -> str:
    local, today = booking.starts_at.astimezone(business.zone), clock.now().astimezone(business.zone).date()
    at = None if booking.whole_day else local.time()
    return spoken.spoken_moment(local.date(), at, today, business.locale)
