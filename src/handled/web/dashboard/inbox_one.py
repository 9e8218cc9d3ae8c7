"""One conversation as the business reads it: the transcript, who answers, and what is known beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handled.bookings import listing, queries
from handled.bookings.listing import Marks
from handled.bookings.view import booking_view
from handled.catalog.business import Business
from handled.conversations import inbox, messages
from handled.conversations.inbox import Line
from handled.customers import memory
from handled.escalations import lifecycle, notices, view
from handled.feedback import given
from handled.kit.errors import HandledError
from handled.tables import Booking, Escalation, Message, Proposal, Turn
from handled.tenants.acting import list_active
from handled.web.dashboard import inbox_words as words
from handled.web.dashboard.bookings_words import STATES, TONES
from handled.web.dashboard.deps import Member
from handled.web.dashboard.inbox_words import Beside

# So many of the newest messages are shown at once.
SHOWN = 200
_MOST_BOOKINGS = 20

Holder = Literal["me", "other", "agent"]


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation, as far as its lines and panels need it. `escalation` is the open one, else the latest."""

    line: Line
    escalation: Escalation | None
    holder: Holder

    @property
    def is_escalated(self) -> bool:
        return self.escalation is not None and self.escalation.status in lifecycle.OPEN


def known_id(written: str) -> UUID:
    """An id from an address. Raises `not_found` for what is none."""
    try:
        return UUID(written)
    except ValueError:
        raise messages.not_found() from None


async def find(session: AsyncSession, member: Member, conversation_id: UUID) -> Talk:
    """Raises HandledError `not_found`."""
    line = await inbox.find_conversation(session, member.tenant_id, conversation_id)
    if line is None:
        raise messages.not_found()
    escalation = line.escalation
    if escalation is None:
        asked = view.Marks(conversation_id=conversation_id)
        latest, _ = await view.list_escalations(session, member.tenant_id, asked, limit=1)
        escalation = latest[0] if latest else None
    conversation = line.conversation
    if conversation.handled_by != "staff":
        return Talk(line, escalation, "agent")
    return Talk(line, escalation, "me" if conversation.staff_member_id == member.who.id else "other")


async def standing(session: AsyncSession, member: Member, talk: Talk) -> dict[str, Any]:
    """What the panels about who answers and who waits are made of."""
    staff = await list_active(session, member.tenant_id)
    escalation = talk.escalation
    return {
        "talk": talk,
        "conversation": talk.line.conversation,
        "escalation": escalation,
        "staff": staff,
        "assignee": next((each.name for each in staff if escalation and each.id == escalation.assigned_to), None),
        "cause": notices.CAUSES[escalation.cause] if escalation else None,
        "reasons": _reasons(escalation),
        "priorities": words.PRIORITIES,
        "states": words.STATES,
        # Who has lost the conversation while writing keeps the box they write in.
        "keeps_box": False,
    }


def _reasons(escalation: Escalation | None) -> list[str]:
    said = escalation.reasons if escalation else []
    return [each["reason"] for each in said if each["reason"] and each["reason"] != lifecycle.NO_REASON]


async def customer(session: AsyncSession, member: Member, talk: Talk) -> dict[str, Any]:
    """Who they are as far as anybody knows, with their bookings, what they asked us to remember, and what they think
    of the conversation."""
    conversation, escalation = talk.line.conversation, talk.escalation
    made = await queries.list_made_in(session, member.tenant_id, conversation.id)
    verified = conversation.verified_email
    emails = {verified} if verified else {each.customer_email for each in made}
    found = {each.id: each for each in made}
    for email in sorted(emails):
        marks = Marks(email=email, statuses=tuple(STATES))
        theirs, _ = await listing.find_page(session, member.tenant_id, marks, None, _MOST_BOOKINGS)
        found |= {each.id: each for each in theirs}
    ordered = sorted(found.values(), key=lambda each: each.starts_at, reverse=True)[:_MOST_BOOKINGS]
    phone = (escalation and escalation.customer_phone) or next((each.customer_phone for each in made), None) or ""
    opinion = await given.view_of(session, conversation)
    return {
        "name": talk.line.customer_name or (escalation and escalation.customer_name),
        "email": talk.line.customer_email or (escalation and escalation.customer_email),
        "phone": phone,
        "dialled": "".join(each for each in phone if each in "+0123456789"),
        "is_verified": verified is not None,
        "bookings": [_booking(member.business, each) for each in ordered],
        "remembered": await memory.list_remembered(session, member.tenant_id, verified) if verified else [],
        "rating": opinion["rating"],
        "thumbs": list(opinion["thumbs"].values()),
    }


def _booking(business: Business, booking: Booking) -> dict[str, Any]:
    return {
        "row": booking,
        "label": booking_view(business, booking)["label"] or "Appointment",
        "state": STATES.get(booking.status, booking.status),
        "tone": TONES.get(booking.status, ""),
    }


async def transcript(
    session: AsyncSession, member: Member, said: Sequence[Message], conversation_id: UUID, last_day: date | None = None
) -> list[words.Entry]:
    """These messages of the conversation in words."""
    statement = select(Proposal).where(
        Proposal.tenant_id == member.tenant_id, Proposal.conversation_id == conversation_id
    )
    proposals = {str(each.id): each for each in await session.scalars(statement)}
    line = await inbox.find_conversation(session, member.tenant_id, conversation_id)
    thumbs: dict[str, str] = (await given.view_of(session, line.conversation))["thumbs"] if line else {}
    return words.entries(member.business, said, Beside(proposals, thumbs), last_day)


async def running_turn(session: AsyncSession, member: Member, conversation_id: UUID) -> UUID | None:
    """The turn in which the agent is speaking."""
    statement = select(Turn.id).where(
        Turn.tenant_id == member.tenant_id, Turn.conversation_id == conversation_id, Turn.status == "running"
    )
    return (await session.execute(statement)).scalar_one_or_none()


HANDED_BACK = "The conversation was handed back to the assistant meanwhile."


def stale_words(problem: HandledError) -> str:
    """What to say to somebody whose answer could not be sent."""
    if problem.name == "not_taken":
        return f"Not sent. {HANDED_BACK} Your words are still here."
    if problem.name == "already_taken":
        return f"Not sent. {problem.message} Your words are still here."
    return problem.message
