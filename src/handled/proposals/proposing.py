"""Proposing: what the agent suggests is checked, held, and written down for the customer to confirm."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from handled.bookings import hold_caps
from handled.bookings import lifecycle as bookings
from handled.catalog.business import Business
from handled.conversations import feed
from handled.db.line import Statement
from handled.db.session import within
from handled.kit import clock, ids
from handled.kit.errors import HandledError
from handled.proposals import lifecycle
from handled.proposals.actions import book, cancel, reschedule
from handled.proposals.actions.outcome import NotFree
from handled.proposals.tiers import tier_of
from handled.proposals.view import proposal_view
from handled.tables import Booking, Proposal

LIFETIME = timedelta(minutes=10)
_STANDING = "select id from proposals where tenant_id = %s and conversation_id = %s and status = 'pending' for update"
_WRITE = (
    "insert into proposals (tenant_id, id, conversation_id, booking_id, action, arguments, preview, preview_hash, code,"
    " tier, status, expires_at, created_at) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)


async def propose_booking(
    session: AsyncSession, business: Business, conversation_id: UUID, wanted: book.BookingRequest
) -> Proposal | NotFree:
    """Hold the slot and write down what the customer is asked to confirm.

    Asked again for the very same, the pending proposal is returned; anything else replaces it. A slot that is
    not free changes nothing: NotFree says why. Raises HandledError `too_many_holds` and what `book.hold` raises.
    """
    arguments = wanted.arguments()
    standing = await _find_standing(session, business.id, conversation_id)
    if standing and standing.arguments == arguments and await _is_current(session, business, standing):
        return standing
    expires_at = clock.now() + LIFETIME
    # Without one before it, a single service that is not free has changed nothing.
    async with session.begin_nested() if standing or wanted.service.includes else nullcontext() as savepoint:
        if standing is not None:
            day = wanted.starts_at.astimezone(business.zone).date()
            caps = hold_caps.caps_of(business, wanted.email, conversation_id, day)
            await _make_way(session, standing, [*(each.id for each in wanted.service.resources), *caps])
        booking = await book.hold(session, business, conversation_id, wanted, expires_at)
        if isinstance(booking, NotFree):
            if savepoint is not None:
                await savepoint.rollback()
            return booking
    return await _suggest(session, business, conversation_id, "book", booking, arguments, expires_at)


async def propose_cancel(
    session: AsyncSession, business: Business, conversation_id: UUID, booking: Booking
) -> Proposal:
    """Write down what cancelling costs, for the customer to confirm. Raises HandledError `not_cancellable`."""
    cancel.check(booking)
    arguments = {"booking_id": str(booking.id)}
    standing = await _find_standing(session, business.id, conversation_id)
    if standing and standing.arguments == arguments and await _is_current(session, business, standing):
        return standing
    if standing is not None:
        await _make_way(session, standing, [])
    return await _suggest(session, business, conversation_id, "cancel", booking, arguments, clock.now() + LIFETIME)


async def propose_reschedule(
    session: AsyncSession,
    business: Business,
    conversation_id: UUID,
    booking: Booking,
    starts_at: datetime,
    resource_id: UUID | None,
) -> Proposal | NotFree:
    """Hold the booking's next place beside its present one and write down the move, for the customer to confirm.

    Raises HandledError `not_movable`, `moves_used_up`, `too_late_to_move`, `same_time`. A time that is not free
    changes nothing: NotFree says why.
    """
    service, _ = reschedule.check(business, booking)
    asked = {"booking_id": str(booking.id), "to": starts_at.isoformat(), "with": str(resource_id)}
    standing = await _find_standing(session, business.id, conversation_id)
    same = standing is not None and {**standing.arguments, **asked} == standing.arguments
    if standing and same and await _is_current(session, business, standing):
        return standing
    expires_at = clock.now() + LIFETIME
    async with session.begin_nested() as savepoint:
        if standing is not None:
            await _make_way(session, standing, [booking.resource_id, *(each.id for each in service.resources)])
        target = await reschedule.hold(
            session,
            business,
            booking,
            starts_at,
            resource_id=resource_id,
            conversation_id=conversation_id,
            expires_at=expires_at,
        )
        if isinstance(target, NotFree):
            await savepoint.rollback()
            return target
    arguments = {**asked, **target.arguments()}
    return await _suggest(session, business, conversation_id, "reschedule", booking, arguments, expires_at)


async def _suggest(
    session: AsyncSession,
    business: Business,
    conversation_id: UUID,
    action: str,
    booking: Booking,
    arguments: dict[str, Any],
    expires_at: datetime,
) -> Proposal:
    preview = await lifecycle.preview_of(session, business, action, booking, arguments)
    proposal_id = ids.new_id()
    proposal = Proposal(
        tenant_id=business.id,
        id=proposal_id,
        created_at=clock.now(),
        conversation_id=conversation_id,
        booking_id=booking.id,
        action=action,
        arguments=arguments,
        preview=preview,
        preview_hash=hash_of(proposal_id, preview),
        code=f"{secrets.randbelow(9000) + 1000}",
        tier=tier_of(action),
        status="pending",
        expires_at=expires_at,
    )
    statements = [
        _writing(proposal),
        feed.appending(business.id, conversation_id, {"type": "proposal", "proposal": proposal_view(proposal)}),
    ]
    if action == "book":
        by = bookings.By("agent", booking.conversation_id)
        statements.append(bookings.recording(session, booking, by, "held", proposal_id=str(proposal.id)))
    await within(session, *statements)
    return proposal


def _writing(proposal: Proposal) -> Statement:
    return _WRITE, (
        proposal.tenant_id,
        proposal.id,
        proposal.conversation_id,
        proposal.booking_id,
        proposal.action,
        orjson.dumps(proposal.arguments).decode(),
        orjson.dumps(proposal.preview).decode(),
        proposal.preview_hash,
        proposal.code,
        proposal.tier,
        proposal.status,
        proposal.expires_at,
        proposal.created_at,
    )


async def _find_standing(session: AsyncSession, tenant_id: UUID, conversation_id: UUID) -> Proposal | None:
    """The pending proposal, also when its time is over; nobody else decides about it meanwhile."""
    (rows,) = await within(session, (_STANDING, (tenant_id, conversation_id)))
    return await session.get(Proposal, (tenant_id, rows[0][0])) if rows else None


async def _is_current(session: AsyncSession, business: Business, standing: Proposal) -> bool:
    """Whether it would be executed as it was shown: its time is not over, and its terms are still the terms."""
    if standing.expires_at <= clock.now():
        return False
    booking = await session.get(Booking, (standing.tenant_id, standing.booking_id), populate_existing=True)
    if booking is None:
        return False
    try:
        preview = await lifecycle.preview_of(session, business, standing.action, booking, standing.arguments)
    except HandledError:
        return False
    return preview == standing.preview


async def _make_way(session: AsyncSession, standing: Proposal, wanted: Sequence[UUID]) -> None:
    """Close what stood before. What it held and what is wanted now are locked together, sorted: two who change
    their minds at once must not wait for each other in a circle."""
    if standing.booking_id is not None:
        await bookings.lock_places(session, standing.tenant_id, standing.booking_id, wanted)
    is_over = standing.expires_at <= clock.now()
    status, reason = ("expired", "") if is_over else ("rejected", "superseded")
    await lifecycle.close(session, standing, status, reason=reason, tell_agent=False)


def hash_of(proposal_id: UUID, preview: dict[str, Any]) -> str:
    """SHA-256 over the proposal's id and everything that the customer is shown."""
    shown = orjson.dumps([str(proposal_id), preview], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(shown).hexdigest()
