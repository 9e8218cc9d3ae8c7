"""Tools that propose and find bookings."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from handled.agent.tools.context import Context
from handled.agent.tools.slots import resource_named, service_named, slots_card
from handled.bookings import queries
from handled.bookings.view import booking_view
from handled.catalog.business import Business, OfferedService
from handled.db.session import tenant_session
from handled.kit import text
from handled.kit.errors import HandledError
from handled.proposals import actions
from handled.proposals import lifecycle as proposals
from handled.proposals.view import proposal_view


class ProposeBooking(BaseModel):
    model_config = ConfigDict(extra="forbid")

    service: str = Field(max_length=200, description="the service's key")
    start: str = Field(max_length=40, description="local ISO date and time, as find_slots gave it")
    name: str = Field(max_length=500, description="the customer's name")
    email: str = Field(max_length=500, description="the customer's email address")
    phone: str | None = Field(default=None, max_length=100)
    resource: str | None = Field(default=None, max_length=200, description="a person's name, if they asked")
    notes: str | None = Field(default=None, max_length=1000)


class FindBooking(BaseModel):
    model_config = ConfigDict(extra="forbid")

    code: str = Field(max_length=200)
    email: str = Field(max_length=500)


async def propose_booking(context: Context, asked: ProposeBooking) -> dict[str, Any]:
    business = context.business
    service = service_named(business, asked.service)
    address = text.email_address(asked.email)
    if address.address is None:
        return {
            "status": "invalid",
            "field": "email",
            "why": address.problem,
            "did_you_mean": address.did_you_mean,
        }
    try:
        name = text.clean_name(asked.name)
    except HandledError as error:
        return {"status": "invalid", "field": "name", "why": error.message, "did_you_mean": None}
    request = actions.BookingRequest(
        service=service,
        starts_at=_start(business, service, asked.start),
        resource_id=resource_named(service, asked.resource),
        name=name,
        email=address.address.lower(),
        phone=asked.phone,
        notes=asked.notes,
    )
    async with tenant_session(context.engine, business.id) as session:
        proposal = await proposals.propose_booking(session, business, context.conversation_id, request)
    if isinstance(proposal, actions.NotFree):
        return _not_free(context, service, request, proposal)
    context.shown.set_proposal(proposal_view(proposal))
    return {
        "status": "awaiting_confirmation",
        "proposal_id": str(proposal.id),
        "code": proposal.code,
        "preview": proposal.preview,
        "did_you_mean": address.did_you_mean,
    }


def _start(business: Business, service: OfferedService, start: str) -> datetime:
    try:
        moment = datetime.fromisoformat(start)
    except ValueError:
        raise HandledError(
            "bad_start", "`start` must be ISO, such as 2026-03-02T15:00, and exist in the calendar."
        ) from None
    if moment.tzinfo is not None:
        moment = moment.astimezone(business.zone)
    if service.whole_day:
        moment = datetime.combine(moment.date(), time.min)
    return moment.replace(tzinfo=business.zone)


def _not_free(
    context: Context, service: OfferedService, request: actions.BookingRequest, refused: actions.NotFree
) -> dict[str, Any]:
    local = request.starts_at.astimezone(context.business.zone)
    context.shown.availability = {
        "service": service.key,
        "date": local.date().isoformat(),
        "time": None if service.whole_day else f"{local:%H:%M}",
        "available": False,
        "reason": refused.reason,
        "alternatives": refused.slots,
    }
    if refused.slots:
        context.shown.add_card(slots_card(context.business, service, refused.slots))
    return {
        "status": "not_free",
        "reason": refused.reason,
        "why": refused.why,
        "slots": [{"slot_id": each["slotId"], **each} for each in refused.slots],
    }


async def find_booking(context: Context, asked: FindBooking) -> dict[str, Any]:
    business = context.business
    async with tenant_session(context.engine, business.id) as session:
        booking = await queries.find_by_code_and_email(session, business.id, asked.code, asked.email)
    if booking is None:
        return {"found": False}
    view = booking_view(business, booking)
    context.shown.add_card({"kind": "booking", "booking": view})
    return {"found": True, "booking": view}
