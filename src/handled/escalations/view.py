"""Escalations as the business's side sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from handled.kit.cursors import read_cursor, write_cursor
from handled.tables import Escalation, StaffMember


@dataclass(frozen=True, slots=True)
class Marks:
    """What the escalations wanted have in common; None and empty are no condition."""

    statuses: Sequence[str] = ()
    priority: str | None = None
    conversation_id: UUID | None = None
    assigned_to: UUID | None = None


async def list_escalations(
    session: AsyncSession, tenant_id: UUID, marks: Marks, cursor: str | None = None, limit: int = 50
) -> tuple[Sequence[Escalation], str | None]:
    """Up to `limit` escalations, the newest first, after those of the page that gave `cursor`, and the cursor of the
    next page. Raises HandledError `malformed` for a cursor that is not ours."""
    statement = select(Escalation).where(Escalation.tenant_id == tenant_id)
    if marks.statuses:
        statement = statement.where(Escalation.status.in_(marks.statuses))
    if marks.priority is not None:
        statement = statement.where(Escalation.priority == marks.priority)
    if marks.conversation_id is not None:
        statement = statement.where(Escalation.conversation_id == marks.conversation_id)
    if marks.assigned_to is not None:
        statement = statement.where(Escalation.assigned_to == marks.assigned_to)
    if cursor is not None:
        statement = statement.where(tuple_(Escalation.created_at, Escalation.id) < tuple_(*read_cursor(cursor)))
    ordered = statement.order_by(Escalation.created_at.desc(), Escalation.id.desc()).limit(limit + 1)
    found = (await session.scalars(ordered)).all()
    ending = found[limit - 1] if len(found) > limit else None
    return found[:limit], write_cursor(ending.created_at, ending.id) if ending else None


async def view_of(session: AsyncSession, escalation: Escalation) -> dict[str, Any]:
    """The wire object."""
    key = (escalation.tenant_id, escalation.assigned_to)
    assignee = await session.get(StaffMember, key) if escalation.assigned_to else None
    return {
        "escalationId": str(escalation.id),
        "conversationId": str(escalation.conversation_id),
        "status": escalation.status,
        "priority": escalation.priority,
        "cause": escalation.cause,
        "reasons": escalation.reasons,
        "customer": {
            "name": escalation.customer_name,
            "email": escalation.customer_email,
            "phone": escalation.customer_phone,
        },
        "assignedTo": {"email": assignee.email, "name": assignee.name} if assignee else None,
        "createdAt": escalation.created_at.isoformat(),
        "acknowledgedAt": escalation.acknowledged_at.isoformat() if escalation.acknowledged_at else None,
        "resolvedAt": escalation.resolved_at.isoformat() if escalation.resolved_at else None,
    }
