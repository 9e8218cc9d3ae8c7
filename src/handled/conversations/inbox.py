"""The business's own look at its conversations: who waits, who is spoken with, and by whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import and_, exists, or_, select, true, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from handled.kit.cursors import read_cursor, write_cursor
from handled.tables import Booking, Conversation, Escalation, Message


@dataclass(frozen=True, slots=True)
class Marks:
    """What the conversations wanted have in common; None is no condition. `waiting`: the customer waits for a person.
    `text` is looked for in what was said, and in names and addresses."""

    handled_by: Literal["agent", "staff"] | None = None
    status: Literal["open", "ended"] | None = None
    waiting: bool | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One conversation in the inbox, with what was last said, its open escalation and the latest booking made in it.
    A customer is `waiting` while nobody has acknowledged that they asked for a person, and while a person who has
    taken over has not answered."""

    conversation: Conversation
    last: Message | None
    escalation: Escalation | None
    booking: Booking | None

    @property
    def waiting(self) -> bool:
        if self.conversation.handled_by == "staff":
            return self.last is not None and self.last.role == "customer"
        return self.escalation is not None and self.escalation.status == "PENDING"

    @property
    def customer_name(self) -> str | None:
        return (self.escalation and self.escalation.customer_name) or (self.booking and self.booking.customer_name)

    @property
    def customer_email(self) -> str | None:
        told = (self.escalation and self.escalation.customer_email) or (self.booking and self.booking.customer_email)
        return self.conversation.verified_email or told


async def list_conversations(
    session: AsyncSession, tenant_id: UUID, marks: Marks, cursor: str | None = None, limit: int = 50
) -> tuple[Sequence[Line], str | None]:
    """Up to `limit` conversations, those that began last first, after those of the page that gave `cursor`, and the
    cursor of the next page, None when there is none. Raises HandledError `malformed` for a cursor that is not ours."""
    statement, last, escalation, booking = _joined(tenant_id)
    statement = statement.where(*_conditions(marks, last, escalation, booking))
    if cursor is not None:
        statement = statement.where(tuple_(Conversation.created_at, Conversation.id) < tuple_(*read_cursor(cursor)))
    statement = statement.order_by(Conversation.created_at.desc(), Conversation.id.desc()).limit(limit + 1)
    lines = [Line(*row) for row in (await session.execute(statement)).all()]
    more = len(lines) > limit
    ending = lines[limit - 1].conversation if more else None
    return lines[:limit], write_cursor(ending.created_at, ending.id) if ending else None


async def find_conversation(session: AsyncSession, tenant_id: UUID, conversation_id: UUID) -> Line | None:
    """One of them."""
    statement, *_ = _joined(tenant_id)
    statement = statement.where(Conversation.id == conversation_id).execution_options(populate_existing=True)
    row = (await session.execute(statement)).one_or_none()
    return Line(*row) if row else None


def _joined(tenant_id: UUID) -> tuple[Any, Any, Any, Any]:
    said = _latest(Message, Message.position, Message.role != "system", Message.content != "")
    made = _latest(Booking, Booking.created_at, Booking.status != "held")
    last, booking = aliased(Message, said), aliased(Booking, made)
    still_open = and_(
        Escalation.tenant_id == Conversation.tenant_id,
        Escalation.conversation_id == Conversation.id,
        Escalation.status != "RESOLVED",
    )
    statement = (
        select(Conversation, last, Escalation, booking)
        .select_from(Conversation)
        .outerjoin(last, true())
        .outerjoin(Escalation, still_open)
        .outerjoin(booking, true())
        .where(Conversation.tenant_id == tenant_id)
    )
    return statement, last, Escalation, booking


def _latest(table: Any, order: Any, *conditions: Any) -> Any:
    """The last row of a conversation."""
    return (
        select(table)
        .where(table.tenant_id == Conversation.tenant_id, table.conversation_id == Conversation.id, *conditions)
        .order_by(order.desc())
        .limit(1)
        .lateral()
    )


def _conditions(marks: Marks, last: Any, escalation: Any, booking: Any) -> list[Any]:
    conditions: list[Any] = []
    if marks.handled_by is not None:
        conditions.append(Conversation.handled_by == marks.handled_by)
    if marks.status is not None:
        over = Conversation.ended_at.is_not(None)
        conditions.append(over if marks.status == "ended" else ~over)
    if marks.waiting is not None:
        unseen = and_(Conversation.handled_by == "agent", escalation.status.is_not_distinct_from("PENDING"))
        unanswered = and_(Conversation.handled_by == "staff", last.role.is_not_distinct_from("customer"))
        waits = or_(unseen, unanswered)
        conditions.append(waits if marks.waiting else ~waits)
    if marks.text:
        conditions.append(_mentions(marks.text, booking))
    return conditions


def _mentions(text: str, booking: Any) -> Any:
    wanted = text.replace("\0", "")
    said = exists().where(
        Message.tenant_id == Conversation.tenant_id,
        Message.conversation_id == Conversation.id,
        Message.content.icontains(wanted, autoescape=True),
    )
    named = (
        Conversation.verified_email,
        Escalation.customer_name,
        Escalation.customer_email,
        booking.customer_name,
        booking.customer_email,
        booking.code,
    )
    return or_(said, *(column.icontains(wanted, autoescape=True) for column in named))
