"""Telling the business that a customer waits for a person: with everything that it takes to answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handled.catalog.business import Business, service_by_id
from handled.conversations import messages
from handled.kit import clock
from handled.kit.when.spoken import spoken_moment
from handled.notifications import jobs
from handled.notifications.messages import EscalationNotice, Said
from handled.tables import Booking, Escalation, Message
from handled.tenants import links

News = Literal["new", "urgent", "contact", "reminder"]

CAUSES = {
    "button": "asked for a person with the button in the chat",
    "words": "asked for a person in the chat",
    "agent": "needs a person: the assistant could not help",
    "misunderstanding": "needs a person: the assistant did not understand",
    "turn_cap": "needs a person: the conversation has become long without a result",
    "crisis": "may be in danger or in a crisis",
    "failure": "needs a person: the assistant failed twice in a row",
}
_LAST_MESSAGES = 8
_TRIED = {
    "find_slots": "Looked for free times",
    "propose_booking": "Prepared a booking",
    "find_booking": "Looked for a booking",
    "propose_cancel": "Prepared a cancellation",
    "propose_reschedule": "Prepared a move to another time",
    "business_info": "Looked up facts about the business",
    "answer_faq": "Looked for an answer among yours",
    "list_services": "Showed the services",
}
_STANDING = ("pending_payment", "confirmed", "completed", "cancelled", "no_show")


async def tell(session: AsyncSession, business: Business, escalation: Escalation, news: News) -> None:
    """Mail the business, once for each kind of news."""
    notice = await _notice(session, business, escalation, news)
    await jobs.queue(session, business.id, notice, once_key=f"escalation:{escalation.id}:{news}")


def page_path(business: Business, escalation: Escalation) -> str:
    """Where whoever has the link reads the conversation and answers in it."""
    return f"/escalation/{links.sign(business.link_key, business.id, escalation.id, 'escalation')}"


def who(escalation: Escalation) -> str:
    """What the customer is called where nothing better is known."""
    return escalation.customer_name or escalation.customer_email or "A customer"


async def _notice(session: AsyncSession, business: Business, escalation: Escalation, news: News) -> EscalationNotice:
    said = await messages.list_messages(session, business.id, escalation.conversation_id)
    discreet = business.discreet
    return EscalationNotice(
        tenant_name=business.name,
        tenant_email=business.contact_email,
        subject=_subject(escalation, news),
        lead=_lead(escalation, news),
        path=page_path(business, escalation),
        customer_name=escalation.customer_name or "",
        customer_email=escalation.customer_email or "",
        customer_phone=escalation.customer_phone,
        reasons=() if discreet else tuple(each["reason"] for each in escalation.reasons if each["reason"]),
        said=() if discreet else tuple(_last(business, said)),
        tried=() if discreet else tuple(tried(said)),
        bookings=tuple(await _bookings(session, business, escalation, discreet=discreet)),
        discreet=discreet,
        tenant_address=business.address,
        tenant_phone=business.phone,
        accent=business.branding.get("color"),
    )


def _subject(escalation: Escalation, news: News) -> str:
    name = who(escalation)
    match news:
        case "urgent":
            return f"Urgent: {name} may be in danger"
        case "contact":
            return f"How to reach {name}, who waits for an answer"
        case "reminder":
            return f"Still waiting: {name} has had no answer"
        case _ if escalation.priority == "HIGH":
            return f"Urgent: {name} may be in danger"
        case _:
            return f"{name} asks for a person"


def _lead(escalation: Escalation, news: News) -> str:
    cause = "crisis" if escalation.priority == "HIGH" and news == "urgent" else escalation.cause
    first = f"{who(escalation)} {CAUSES[cause]}."
    if news == "reminder":
        return f"{first} Nobody has acknowledged it for half an hour of your opening hours."
    return first


def tried(said: Sequence[Message]) -> Iterator[str]:
    """What the agent did in the conversation, each once."""
    names = dict.fromkeys(call["name"] for each in said for step in each.steps for call in step.get("calls", []))
    yield from (_TRIED[name] for name in names if name in _TRIED)


def _last(business: Business, said: Sequence[Message]) -> Iterator[Said]:
    spoken = [each for each in said if each.content and each.role != "system"]
    for each in spoken[-_LAST_MESSAGES:]:
        yield Said(speaker(business, each), each.content)


def speaker(business: Business, message: Message) -> str:
    """Who said it, for a reader at the business."""
    match message.role:
        case "customer":
            return "Customer"
        case "staff":
            return message.shown.get("name") or business.name
        case _:
            return "Assistant"


async def _bookings(session: AsyncSession, business: Business, escalation: Escalation, *, discreet: bool) -> list[str]:
    statement = (
        select(Booking)
        .filter_by(tenant_id=business.id, conversation_id=escalation.conversation_id)
        .where(Booking.status.in_(_STANDING))
        .order_by(Booking.created_at)
    )
    return [booking_line(business, each, discreet=discreet) for each in await session.scalars(statement)]


def booking_line(business: Business, booking: Booking, *, discreet: bool = False) -> str:
    """A booking in one line: what, when, its code, and its state unless it simply stands."""
    service = service_by_id(business, booking.service_id)
    label = service.name if service and not discreet else "Appointment"
    starts = booking.starts_at.astimezone(business.zone)
    today = clock.now().astimezone(business.zone).date()
    when = spoken_moment(starts.date(), None if booking.whole_day else starts.time(), today, business.locale)
    state = "" if booking.status == "confirmed" else f" ({booking.status.replace('_', ' ')})"
    return f"{label}, {when}, {booking.code}{state}"
