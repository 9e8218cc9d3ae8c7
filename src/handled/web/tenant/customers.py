"""The business's customers: found by their address, given what is known of them, erased."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from sqlalchemy.ext.asyncio import AsyncSession

from handled.catalog.business import Business
from handled.customers import privacy
from handled.web.public.schemas import Wire
from handled.web.tenant.deps import StaffDep, WritingDep, refusals

router = APIRouter(tags=["business"])


class CustomerOut(Wire):
    customer_id: UUID
    name: str
    email: str
    phone: str | None
    created_at: datetime


class CustomerExport(Wire):
    """Everything that is known of them: rows by table, as they are kept."""

    email: str
    exported_at: datetime
    tables: dict[str, list[dict[str, Any]]]


class ErasureOut(Wire):
    """How many rows of which table were erased, or had the customer taken out."""

    erased_at: datetime
    counts: dict[str, int]


@router.get("/customers", response_model=CustomerOut, responses=refusals())
async def find_customer(staff: StaffDep, email: Annotated[str, Query(min_length=1, max_length=500)]) -> CustomerOut:
    """The customer with this address."""
    async with staff.session() as (session, business):
        found = await privacy.find_customer(session, business.id, email)
        return CustomerOut(
            customer_id=found.id, name=found.name, email=found.email, phone=found.phone, created_at=found.created_at
        )


@router.get("/customers/{customer_id}/export", response_model=CustomerExport, responses=refusals())
async def export_customer(customer_id: UUID, staff: StaffDep) -> CustomerExport:
    """Everything that is known of a customer, for them to have."""
    async with staff.session() as (session, business):
        return CustomerExport.model_validate(await privacy.export(session, business.id, customer_id))


@router.delete("/customers/{customer_id}", response_model=ErasureOut, responses=refusals(409))
async def erase_customer(
    customer_id: UUID, writing: WritingDep, force: Annotated[bool, Query()] = False
) -> JSONResponse:
    """Erase a customer everywhere, for good. 409 `upcoming_bookings` while an appointment is to come, unless with
    `force`; 409 `payment_under_way` while one waits for its money."""

    async def act(session: AsyncSession, business: Business) -> dict[str, Any]:
        erased = await privacy.erase(session, business.id, customer_id, by="API", force=force)
        return ErasureOut.model_validate(erased).model_dump(mode="json", by_alias=True)

    return await writing.once(["erase", str(customer_id), force], act)
