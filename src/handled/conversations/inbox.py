"""The business's own look at its conversations: who waits, who is spoken with, and by whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import and_, func, or_, select, true, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from handled.kit.cursors import read_cursor, write_cursor
from handled.tables import Booking, Conversation, Escalation, Message

Order = Literal["start", "activity"]

_UNSETTLED = Escalation.status != "RESOLVED"


@dataclass(frozen=True, slots=True)
class Marks:
    """What the conversations wanted have in common; None is no condition. `waiting`: the customer waits for a person.
    `text` is looked for in what was said, and in names, addresses and booking codes. `is_escalated`: somebody asked for
    a person, and that is not settled. `of`: this staff member holds it, or is to see to it. `has_begun`: more was said
    than our greeting."""

    handled_by: Literal["agent", "staff"] | None = None
    status: Literal["open", "ended"] | None = None
    waiting: bool | None = None
    text: str | None = None
    is_escalated: bool | None = None
    of: UUID | None = None
    has_begun: bool | None = None


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
    def is_unread(self) -> bool:
        """Nobody at the business has looked at it since somebody else said something."""
        return self.last is not None and self.last.role != "staff" and self.last.position > self.conversation.staff_read

    @property
    def customer_name(self) -> str | None:
        return (self.escalation and self.escalation.customer_name) or (self.booking and self.booking.customer_name)

    @property
    def customer_email(self) -> str | None:
        told = (self.escalation and self.escalation.customer_email) or (self.booking and self.booking.customer_email)
        return self.conversation.verified_email or told


async def list_conversations(
    session: AsyncSession,
    tenant_id: UUID,
    marks: Marks,
    cursor: str | None = None,
    limit: int = 50,
    order: Order = "start",
) -> tuple[Sequence[Line], str | None]:
    """Up to `limit` conversations, those that began (or in which something happened) last first, after those of the
    page that gave `cursor`, and the cursor of the next page, None when there is none. Raises HandledError `malformed`
    for a cursor that is not ours."""
    moment = Conversation.created_at if order == "start" else Conversation.last_activity_at
    # First which, then what there is to show of them: of all others it is not looked up.
    wanted = select(Conversation.id).where(Conversation.tenant_id == tenant_id, *_conditions(marks, tenant_id))
    if cursor is not None:
        wanted = wanted.where(tuple_(moment, Conversation.id) < tuple_(*read_cursor(cursor)))
    newest_first = (moment.desc(), Conversation.id.desc())
    page = wanted.order_by(*newest_first).limit(limit + 1).subquery()
    statement = _joined(tenant_id).where(Conversation.id.in_(select(page.c.id))).order_by(*newest_first)
    lines = [Line(*row) for row in (await session.execute(statement)).all()]
    more = len(lines) > limit
    ending = lines[limit - 1].conversation if more else None
    ended_at = ending and (ending.created_at if order == "start" else ending.last_activity_at)
    return lines[:limit], write_cursor(ended_at, ending.id) if ending and ended_at else None


async def count_escalated(session: AsyncSession, tenant_id: UUID) -> int:
    """In how many conversations a person was asked for, and that is not settled."""
    statement = select(func.count()).select_from(Escalation).where(Escalation.tenant_id == tenant_id, _UNSETTLED)
    return (await session.execute(statement)).scalar_one()


async def mark_read(session: AsyncSession, tenant_id: UUID, conversation_id: UUID, position: int) -> None:
    """Somebody at the business has seen what was said up to that position."""
    await session.execute(
        update(Conversation)
        .where(Conversation.tenant_id == tenant_id, Conversation.id == conversation_id)
        .where(Conversation.staff_read < position)
        .values(staff_read=position)
    )


async def find_conversation(session: AsyncSession, tenant_id: UUID, conversation_id: UUID) -> Line | None:
    """One of them."""
    statement = _joined(tenant_id).where(Conversation.id == conversation_id)
    statement = statement.execution_options(populate_existing=True)
    row = (await session.execute(statement)).one_or_none()
    return Line(*row) if row else None


def _joined(tenant_id: UUID) -> Any:
    last = aliased(Message, _latest(Message, Message.position, Message.role != "system", Message.content != ""))
    booking = aliased(Booking, _latest(Booking, Booking.created_at, Booking.status != "held"))
    still_open = and_(
        Escalation.tenant_id == Conversation.tenant_id, Escalation.conversation_id == Conversation.id, _UNSETTLED
    )
    return (
        select(Conversation, last, Escalation, booking)
        .select_from(Conversation)
        .outerjoin(last, true())
        .outerjoin(Escalation, still_open)
        .outerjoin(booking, true())
        .where(Conversation.tenant_id == tenant_id)
    )


def _latest(table: Any, order: Any, *conditions: Any) -> Any:
    """The last row of a conversation."""
    return _rows(table, *conditions).order_by(order.desc()).limit(1).lateral()


def _rows(table: Any, *conditions: Any) -> Any:
    return select(table).where(
        table.tenant_id == Conversation.tenant_id, table.conversation_id == Conversation.id, *conditions
    )


def _conditions(marks: Marks, tenant_id: UUID) -> list[Any]:
    conditions: list[Any] = []
    if marks.handled_by is not None:
        conditions.append(Conversation.handled_by == marks.handled_by)
    if marks.status is not None:
        over = Conversation.ended_at.is_not(None)
        conditions.append(over if marks.status == "ended" else ~over)
    if marks.has_begun is not None:
        begun = Conversation.last_message > 1
        conditions.append(begun if marks.has_begun else ~begun)
    if marks.waiting is not None:
        waits = _waits(tenant_id)
        conditions.append(waits if marks.waiting else ~waits)
    if marks.is_escalated is not None:
        asked = _escalated(tenant_id)
        conditions.append(asked if marks.is_escalated else ~asked)
    if marks.of is not None:
        holds = and_(Conversation.handled_by == "staff", Conversation.staff_member_id == marks.of)
        conditions.append(or_(holds, _escalated(tenant_id, Escalation.assigned_to == marks.of)))
    if marks.text:
        conditions.append(_mentions(marks.text.replace("\0", "")))
    return conditions


def _escalated(tenant_id: UUID, *conditions: Any) -> Any:
    """There are few of them at any time: found once, not asked of each conversation."""
    open_ones = select(Escalation.conversation_id).where(Escalation.tenant_id == tenant_id, _UNSETTLED, *conditions)
    return Conversation.id.in_(open_ones)


def _waits(tenant_id: UUID) -> Any:
    last = _rows(Message, Message.role != "system", Message.content != "").with_only_columns(Message.role)
    said_last = last.order_by(Message.position.desc()).limit(1).scalar_subquery()
    unseen = and_(Conversation.handled_by == "agent", _escalated(tenant_id, Escalation.status == "PENDING"))
    return or_(unseen, and_(Conversation.handled_by == "staff", said_last.is_not_distinct_from("customer")))


def _mentions(wanted: str) -> Any:
    def says(*columns: Any) -> Any:
        return or_(*(column.icontains(wanted, autoescape=True) for column in columns))

    booked = says(Booking.customer_name, Booking.customer_email, Booking.code)
    asked = says(Escalation.customer_name, Escalation.customer_email)
    return or_(
        says(Conversation.verified_email),
        _rows(Message, says(Message.content)).exists(),
        _rows(Booking, Booking.status != "held", booked).exists(),
        _rows(Escalation, asked).exists(),
    )
