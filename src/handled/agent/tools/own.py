"""Tools for bookings that exist: finding, cancelling and moving one's own, never anybody else's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from handled.agent.tools.context import Context
from handled.agent.tools.slots import local_start, not_free, resource_named
from handled.bookings import ownership, proving
from handled.bookings.ownership import Action
from handled.bookings.view import booking_view, linked_view
from handled.catalog.business import service_by_id
from handled.db.session import tenant_session
from handled.kit.errors import HandledError
from handled.proposals import proposing
from handled.proposals.actions.outcome import NotFree
from handled.proposals.view import proposal_view
from handled.tables import Booking, Proposal

_ONE_TIME = re.compile(r"\s*\d{3}[\s-]?\d{3}\s*")
_CODE = Field(default=None, max_length=200, description="the confirmation code, such as BK-7F3K2Q")
_EMAIL = Field(default=None, max_length=500, description="the email address the booking was made with")


class FindBooking(BaseModel):
    model_config = ConfigDict(extra="forbid")

    code: str | None = Field(
        default=None, max_length=200, description="the confirmation code, or the six digits that were sent by email"
    )
    email: str | None = _EMAIL


class ProposeCancel(BaseModel):
    model_config = ConfigDict(extra="forbid")

    code: str | None = _CODE
    email: str | None = _EMAIL


class ProposeReschedule(BaseModel):
    model_config = ConfigDict(extra="forbid")

    start: str = Field(max_length=40, description="the new local ISO date and time, as find_slots gave it")
    code: str | None = _CODE
    email: str | None = _EMAIL
    resource: str | None = Field(default=None, max_length=200, description="a person's name, if they asked")


async def find_booking(context: Context, asked: FindBooking) -> dict[str, Any]:
    business = context.business
    if asked.code is None and asked.email is not None:
        return await _send_code(context, asked.email)
    if asked.code is not None:
        if not asked.email and _ONE_TIME.fullmatch(asked.code):
            await proving.check_code(context.engine, business, context.conversation_id, asked.code)
            return await _list(context)
        await _count(context, asked.code, asked.email)
        try:
            async with tenant_session(context.engine, business.id) as session:
                booking = await _own(session, context, "view", asked.code, asked.email)
        except HandledError as error:
            return {"found": False, "needs": ["one_time_code"], "why": error.message}
        if booking is None and not asked.email:
            return {"found": False, "needs": ["email"]}
        return _found(context, [booking]) if booking else {"found": False}
    return await _list(context)


async def propose_cancel(context: Context, asked: ProposeCancel) -> dict[str, Any]:
    booking = await _meant(context, "cancel", asked.code, asked.email)
    if isinstance(booking, dict):
        return booking
    business = context.business
    try:
        async with tenant_session(context.engine, business.id) as session:
            proposal = await proposing.propose_cancel(session, business, context.conversation_id, booking)
    except HandledError as error:
        return _refused(context, booking, error)
    return _awaiting(context, proposal)


async def propose_reschedule(context: Context, asked: ProposeReschedule) -> dict[str, Any]:
    booking = await _meant(context, "reschedule", asked.code, asked.email)
    if isinstance(booking, dict):
        return booking
    business = context.business
    service = service_by_id(business, booking.service_id)
    starts_at = local_start(business, asked.start, whole_day=booking.whole_day)
    resource_id = resource_named(service, asked.resource) if service else None
    try:
        async with tenant_session(context.engine, business.id) as session:
            proposal = await proposing.propose_reschedule(
                session, business, context.conversation_id, booking, starts_at, resource_id
            )
    except HandledError as error:
        return _refused(context, booking, error)
    if isinstance(proposal, NotFree) and service is not None:
        return not_free(context, service, starts_at, proposal)
    return _awaiting(context, proposal) if isinstance(proposal, Proposal) else {"found": False}


async def _meant(context: Context, action: Action, code: str | None, email: str | None) -> Booking | dict[str, Any]:
    """The booking to change, or the result that says what is missing. Without a code: the one that they must mean."""
    async with tenant_session(context.engine, context.business.id) as session:
        if code is None:
            candidates = await ownership.list_open(session, context.business, context.conversation_id)
            if len(candidates) > 1:
                return {"found": True, **_many(context, candidates), "status": "which"}
            if not candidates:
                return {"found": False, "needs": ["code", "email"]}
            code = candidates[0].code
    await _count(context, code, email)
    async with tenant_session(context.engine, context.business.id) as session:
        try:
            booking = await _own(session, context, action, code, email)
        except HandledError as error:
            return {"found": False, "needs": ["one_time_code"], "why": error.message}
    if booking is None and email is None:
        return {"found": False, "needs": ["email"]}
    return booking or {"found": False}


async def _own(session: AsyncSession, context: Context, action: Action, code: str, email: str | None) -> Booking | None:
    return await ownership.find_own(session, context.business, context.conversation_id, action, code=code, email=email)


async def _count(context: Context, code: str, email: str | None) -> None:
    await proving.count_guess(context.engine, context.business, context.conversation_id, code=code, email=email)


async def _send_code(context: Context, email: str) -> dict[str, Any]:
    sent_to = await proving.send_code(context.engine, context.business, context.conversation_id, email)
    # The same whether or not anybody with that address is known here.
    return {"found": False, "code_sent": True, "to": sent_to}


async def _list(context: Context) -> dict[str, Any]:
    async with tenant_session(context.engine, context.business.id) as session:
        bookings = await ownership.list_own(session, context.business, context.conversation_id)
    if bookings is None:
        return {"found": False, "needs": ["code", "email"]}
    return _found(context, bookings)


def _found(context: Context, bookings: Sequence[Booking]) -> dict[str, Any]:
    if len(bookings) == 1:
        view = linked_view(context.business, bookings[0])
        context.shown.add_card({"kind": "booking", "booking": view})
        return {"found": True, "booking": booking_view(context.business, bookings[0])}
    return {"found": bool(bookings), **_many(context, bookings)}


def _many(context: Context, bookings: Sequence[Booking]) -> dict[str, Any]:
    if bookings:
        cards = [linked_view(context.business, each) for each in bookings]
        context.shown.add_card({"kind": "bookings", "bookings": cards})
    return {"bookings": [booking_view(context.business, each) for each in bookings]}


def _refused(context: Context, booking: Booking, error: HandledError) -> dict[str, Any]:
    """The booking is theirs; a rule forbids the change."""
    return {
        "status": "refused",
        "reason": error.name,
        "why": error.message,
        "booking": booking_view(context.business, booking),
    }


def _awaiting(context: Context, proposal: Proposal) -> dict[str, Any]:
    context.shown.set_proposal(proposal_view(proposal))
    return {
        "status": "awaiting_confirmation",
        "proposal_id": str(proposal.id),
        "code": proposal.code,
        "preview": proposal.preview,
    }
