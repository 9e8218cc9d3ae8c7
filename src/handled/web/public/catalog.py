"""Services and free times, for pages that draw their own calendar."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query

from handled.availability import search
from handled.bookings.view import price_view
from handled.catalog.business import resource_by_key, service_by_key
from handled.catalog.load import business_of
from handled.conversations import messages
from handled.kit.errors import HandledError
from handled.web.deps import CallerDep
from handled.web.public import booking_schemas
from handled.web.public.described import errors

router = APIRouter(tags=["catalog"])

MAX_DAYS = 62


@router.get("/services", response_model=booking_schemas.Services, responses=errors())
async def list_services(caller: CallerDep) -> dict[str, Any]:
    """What can be booked, in the owner's order."""
    await caller.desk.limiter.hit("lookup", caller.client)
    async with caller.session() as session:
        business = await business_of(session, caller.tenant_id)
    services = [
        {
            "service": each.key,
            "label": each.name,
            "description": each.description,
            "durationMinutes": each.duration_minutes,
            "wholeDay": each.whole_day,
            "price": price_view(each.price_minor, business.currency),
            "resources": [one.key for one in each.resources],
            "includes": [one.key for one in each.includes],
        }
        for each in business.services
    ]
    return {"services": services}


@router.get("/availability", response_model=booking_schemas.FreeSlots, responses=errors())
async def list_free_slots(
    caller: CallerDep,
    service: Annotated[str, Query(max_length=200)],
    from_: Annotated[date, Query(alias="from")],
    to: date,
    resource: Annotated[str | None, Query(max_length=200)] = None,
) -> dict[str, Any]:
    """Every free slot from one local date to another, both included, at most 62 days."""
    await caller.desk.limiter.hit("lookup", caller.client)
    check_range(from_, to)
    async with caller.session() as session:
        business = await business_of(session, caller.tenant_id)
        offered = service_by_key(business, service)
        who = resource_by_key(business, resource) if resource else None
        if offered is None or (resource and who is None):
            raise messages.not_found()
        slots = await search.list_free(session, business, offered, from_, to, resource_id=who.id if who else None)
    return {
        "service": offered.key,
        "timezone": business.timezone,
        "slots": [search.slot_view(business, offered, each) for each in slots],
    }


def check_range(first: date, last: date) -> None:
    """Raises HandledError `bad_range` unless these are at most 62 days, in order."""
    if last < first or (last - first).days > MAX_DAYS:
        problem = {"to": f"not before `from`, and at most {MAX_DAYS} days after it"}
        raise HandledError("bad_range", "Those dates do not make a range.", 422, fields=problem)
