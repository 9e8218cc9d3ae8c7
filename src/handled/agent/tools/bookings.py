"""The tools that propose a booking, and let go of whatever was proposed."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from handled.agent.tools import intake
from handled.agent.tools.context import Context
from handled.agent.tools.intake import GivenAnswer
from handled.agent.tools.slots import local_start, not_free, resource_named, service_named
from handled.db.session import tenant_session
from handled.kit import text
from handled.kit.errors import HandledError
from handled.proposals import lifecycle, proposing
from handled.proposals.actions.book import BookingRequest
from handled.proposals.actions.outcome import NotFree
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
    answers: list[GivenAnswer] = Field(default_factory=list[GivenAnswer], max_length=40)


class WithdrawProposal(BaseModel):
    model_config = ConfigDict(extra="forbid")


async def withdraw_proposal(context: Context, asked: WithdrawProposal) -> dict[str, Any]:
    async with tenant_session(context.engine, context.business.id) as session:
        proposal = await lifecycle.find_pending(session, context.business.id, context.conversation_id)
        if proposal is None:
            return {"withdrawn": False}
        # Whoever called knows it already.
        await lifecycle.close(session, proposal, "rejected", reason="declined", tell_agent=False)
    return {"withdrawn": True}


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
    try:
        answers = intake.answered(business, service, asked.answers)
    except HandledError as error:
        return {"status": "invalid", "field": "answers", "why": error.message, "did_you_mean": None}
    request = BookingRequest(
        service=service,
        starts_at=local_start(business, asked.start, whole_day=service.whole_day),
        resource_id=resource_named(service, asked.resource),
        name=name,
        email=address.address.lower(),
        phone=asked.phone,
        notes=asked.notes,
        answers=answers,
    )
    async with tenant_session(context.engine, business.id) as session:
        proposal = await proposing.propose_booking(session, business, context.conversation_id, request)
    if isinstance(proposal, NotFree):
        return not_free(context, service, request.starts_at, proposal)
    context.shown.set_proposal(proposal_view(proposal))
    return {
        "status": "awaiting_confirmation",
        "proposal_id": str(proposal.id),
        "code": proposal.code,
        "preview": proposal.preview,
        "did_you_mean": address.did_you_mean,
    }
