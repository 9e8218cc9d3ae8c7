"""Who asked for a person, and who sees to it."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from sqlalchemy.ext.asyncio import AsyncSession

from handled.catalog.business import Business
from handled.escalations import lifecycle, view
from handled.tenants.acting import acting_as
from handled.web.tenant import people as wire
from handled.web.tenant.deps import StaffDep, WritingDep, refusals

router = APIRouter(tags=["business"])


@router.get("/escalations", response_model=wire.EscalationPage, responses=refusals())
async def list_escalations(
    staff: StaffDep,
    status: Annotated[list[wire.Status] | None, Query()] = None,
    priority: wire.Priority | None = None,
    assigned_to: Annotated[str | None, Query(alias="assignedTo", max_length=500)] = None,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, Any]:
    """Escalations, the newest first. `status` may be given several times; `assignedTo` is a staff member's address."""
    async with staff.session() as (session, business):
        member = await acting_as(session, business.id, business.name, assigned_to, field="assignedTo")
        marks = view.Marks(statuses=status or (), priority=priority, assigned_to=member.id)
        found, following = await view.list_escalations(session, business.id, marks, cursor, limit)
        seen = [await view.view_of(session, each) for each in found]
    return {"escalations": seen, "nextCursor": following}


@router.patch("/escalations/{escalation_id}", response_model=wire.EscalationOut, responses=refusals(409))
async def change_escalation(escalation_id: UUID, asked: wire.EscalationChange, writing: WritingDep) -> JSONResponse:
    """Acknowledge or resolve it, give it to somebody, make it more or less urgent. It does not go back to an earlier
    status (409 `not_possible`)."""

    async def act(session: AsyncSession, business: Business) -> dict[str, Any]:
        escalation = await lifecycle.get(session, business.id, escalation_id)
        if "assigned_to" in asked.model_fields_set:
            who = await acting_as(session, business.id, business.name, asked.assigned_to, field="assignedTo")
            await lifecycle.assign(session, escalation, who.id)
        if asked.priority is not None:
            await lifecycle.prioritise(session, escalation, asked.priority)
        if asked.status is not None:
            await lifecycle.move_to(session, escalation, asked.status)
        return await view.view_of(session, escalation)

    request = ["escalation", str(escalation_id), asked.model_dump(mode="json", exclude_unset=True)]
    return await writing.once(request, act)
