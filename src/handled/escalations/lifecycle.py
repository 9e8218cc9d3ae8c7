"""The life of an escalation: opened or joined, acknowledged, assigned, resolved.

In one conversation at most one is open. Whoever asks again adds to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handled.catalog.business import Business
from handled.conversations import messages
from handled.conversations.contact import find_contact
from handled.escalations import answer_time, notices
from handled.kit import clock, ids
from handled.kit.errors import HandledError
from handled.tables import Conversation, Escalation

Cause = Literal["button", "words", "agent", "misunderstanding", "turn_cap", "crisis", "failure"]
Status = Literal["PENDING", "ACKNOWLEDGED", "RESOLVED"]
Priority = Literal["LOW", "MEDIUM", "HIGH"]

# Of somebody who did not say why.
NO_REASON = "The customer would like to speak with a person."
OPEN = ("PENDING", "ACKNOWLEDGED")
_STEPS = ("PENDING", "ACKNOWLEDGED", "RESOLVED")
# More of them tell nobody anything new.
_MOST_REASONS = 20
# The agent's own history says so where its tool has asked.
_UNKNOWN_TO_THE_AGENT = ("button", "failure")


@dataclass(frozen=True, slots=True)
class Wanted:
    """That a person is wanted: why, in somebody's words, and how to reach the customer where they said so."""

    cause: Cause
    reason: str
    name: str | None = None
    email: str | None = None
    phone: str | None = None


async def open_or_join(session: AsyncSession, business: Business, conversation_id: UUID, wanted: Wanted) -> Escalation:
    """The open escalation of the conversation, with this reason; the business is told of a new one, of one that has
    become urgent, and once of how the customer can be reached after all. Raises HandledError `not_found`."""
    await _lock(session, business.id, conversation_id)
    escalation = await find_open(session, business.id, conversation_id)
    if escalation is None:
        return await _open(session, business, conversation_id, wanted)
    could_be_reached = bool(escalation.customer_email or escalation.customer_phone)
    was_urgent = escalation.priority == "HIGH"
    _join(escalation, wanted)
    await session.flush()
    if escalation.priority == "HIGH" and not was_urgent:
        await notices.tell(session, business, escalation, "urgent")
    elif not could_be_reached and (escalation.customer_email or escalation.customer_phone):
        await notices.tell(session, business, escalation, "contact")
    return escalation


async def open_for_crisis(session: AsyncSession, business: Business, conversation_id: UUID, reason: str) -> Escalation:
    """A customer may be in danger: as `open_or_join`, at once and with high priority."""
    return await open_or_join(session, business, conversation_id, Wanted("crisis", reason))


async def find_open(session: AsyncSession, tenant_id: UUID, conversation_id: UUID) -> Escalation | None:
    """The escalation of the conversation that is not resolved."""
    statement = select(Escalation).where(
        Escalation.tenant_id == tenant_id, Escalation.conversation_id == conversation_id, Escalation.status.in_(OPEN)
    )
    return (await session.scalars(statement.execution_options(populate_existing=True))).one_or_none()


async def get(session: AsyncSession, tenant_id: UUID, escalation_id: UUID) -> Escalation:
    """The escalation, for this transaction to change. Raises HandledError `not_found`."""
    found = await session.get(
        Escalation, (tenant_id, escalation_id), with_for_update={"key_share": True}, populate_existing=True
    )
    if found is None:
        raise messages.not_found()
    return found


async def acknowledge(session: AsyncSession, escalation: Escalation, by: UUID | None = None) -> None:
    """Somebody has seen it; nobody needs to be reminded. With `by` it becomes theirs, unless it is somebody's."""
    if escalation.status == "PENDING":
        escalation.status, escalation.acknowledged_at, escalation.remind_at = "ACKNOWLEDGED", clock.now(), None
    if escalation.assigned_to is None:
        escalation.assigned_to = by
    await session.flush()


async def resolve(session: AsyncSession, escalation: Escalation) -> None:
    """It is settled. The next one who asks for a person opens a new one."""
    if escalation.status != "RESOLVED":
        now = clock.now()
        escalation.status, escalation.resolved_at, escalation.remind_at = "RESOLVED", now, None
        escalation.acknowledged_at = escalation.acknowledged_at or now
    await session.flush()


async def move_to(session: AsyncSession, escalation: Escalation, status: Status) -> None:
    """As `acknowledge` and `resolve`. Raises HandledError `not_possible` (409) for a step back."""
    if _STEPS.index(status) < _STEPS.index(escalation.status):
        message = f"It is {escalation.status.lower()} already; an escalation does not go back."
        raise HandledError("not_possible", message, 409, current=escalation.status)
    if status == "ACKNOWLEDGED":
        await acknowledge(session, escalation)
    elif status == "RESOLVED":
        await resolve(session, escalation)


async def assign(session: AsyncSession, escalation: Escalation, staff_member_id: UUID | None) -> None:
    """Give it to a staff member, or to nobody."""
    escalation.assigned_to = staff_member_id
    await session.flush()


async def prioritise(session: AsyncSession, escalation: Escalation, priority: Priority) -> None:
    """More urgent, or less."""
    escalation.priority = priority
    await session.flush()


async def _open(session: AsyncSession, business: Business, conversation_id: UUID, wanted: Wanted) -> Escalation:
    known = await find_contact(session, business.id, conversation_id)
    escalation = Escalation(
        tenant_id=business.id,
        id=ids.new_id(),
        conversation_id=conversation_id,
        status="PENDING",
        priority="HIGH" if wanted.cause == "crisis" else "MEDIUM",
        cause=wanted.cause,
        reasons=[_reason(wanted)],
        customer_name=wanted.name or known.name,
        customer_email=wanted.email or known.email,
        customer_phone=wanted.phone or known.phone,
        remind_at=answer_time.remind_at(business),
    )
    session.add(escalation)
    await session.flush()
    if wanted.cause in _UNKNOWN_TO_THE_AGENT:
        await messages.note(session, business.id, conversation_id, {"event": "person_asked", "cause": wanted.cause})
    await notices.tell(session, business, escalation, "new")
    return escalation


def _join(escalation: Escalation, wanted: Wanted) -> None:
    said = [each["reason"] for each in escalation.reasons]
    if wanted.reason not in (*said, NO_REASON) and len(said) < _MOST_REASONS:
        escalation.reasons = [*escalation.reasons, _reason(wanted)]
    if wanted.cause == "crisis":
        escalation.priority = "HIGH"
    escalation.customer_name = wanted.name or escalation.customer_name
    escalation.customer_email = wanted.email or escalation.customer_email
    escalation.customer_phone = wanted.phone or escalation.customer_phone


def _reason(wanted: Wanted) -> dict[str, Any]:
    return {"at": clock.now().isoformat(), "cause": wanted.cause, "reason": wanted.reason}


async def _lock(session: AsyncSession, tenant_id: UUID, conversation_id: UUID) -> None:
    """Two who ask at once open one."""
    statement = select(Conversation.id).where(Conversation.tenant_id == tenant_id, Conversation.id == conversation_id)
    if (await session.execute(statement.with_for_update(key_share=True))).scalar_one_or_none() is None:
        raise messages.not_found()
