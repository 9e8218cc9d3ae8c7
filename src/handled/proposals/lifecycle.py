"""A proposal's life: `pending` → `executed`, `rejected`, `expired` or `failed`. Single use, whatever happens."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from handled.bookings import lifecycle as bookings
from handled.catalog.business import Business
from handled.conversations import feed, messages
from handled.db.locks import lock_resources
from handled.kit import clock, ids
from handled.kit.errors import HandledError
from handled.proposals import actions
from handled.proposals.tiers import tier_of
from handled.proposals.view import proposal_view
from handled.tables import Booking, Proposal

LIFETIME = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The change was made: now (`first`) or by an earlier confirmation. `answer` is what the confirm call
    answers, each time the same."""

    proposal: Proposal
    answer: dict[str, Any]
    first: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was changed, and why. A value and not an exception: what the refusal wrote must be kept."""

    error: HandledError


async def find_pending(session: AsyncSession, tenant_id: UUID, conversation_id: UUID) -> Proposal | None:
    """The proposal that waits for the customer, unless its time is over."""
    statement = select(Proposal).where(
        Proposal.tenant_id == tenant_id,
        Proposal.conversation_id == conversation_id,
        Proposal.status == "pending",
        Proposal.expires_at > clock.now(),
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def propose_booking(
    session: AsyncSession, business: Business, conversation_id: UUID, wanted: actions.BookingRequest
) -> Proposal | actions.NotFree:
    """Hold the slot and write down what the customer is asked to confirm.

    Asked again for the very same, the pending proposal is returned; anything else replaces it. A slot that is
    not free changes nothing: NotFree says why.
    """
    arguments = wanted.arguments()
    standing = await _find_standing(session, business.id, conversation_id)
    if standing and standing.arguments == arguments and await _is_current(session, business, standing):
        return standing
    async with session.begin_nested() as savepoint:
        if standing is not None:
            await _make_way(session, standing, wanted)
        expires_at = clock.now() + LIFETIME
        booking = await actions.hold_for(session, business, conversation_id, wanted, expires_at)
        if isinstance(booking, actions.NotFree):
            await savepoint.rollback()
            return booking
    preview = actions.book_preview(business, booking)
    proposal_id = ids.new_id()
    proposal = Proposal(
        tenant_id=business.id,
        id=proposal_id,
        conversation_id=conversation_id,
        booking_id=booking.id,
        action="book",
        arguments=arguments,
        preview=preview,
        preview_hash=hash_of(proposal_id, preview),
        code=f"{secrets.randbelow(9000) + 1000}",
        tier=tier_of("book"),
        status="pending",
        expires_at=expires_at,
    )
    session.add(proposal)
    await session.flush()
    bookings.record(session, booking, actor="agent", action="held", proposal_id=str(proposal.id))
    event = {"type": "proposal", "proposal": proposal_view(proposal)}
    await feed.append(session, business.id, conversation_id, event)
    return proposal


async def confirm(
    session: AsyncSession,
    business: Business,
    conversation_id: UUID,
    proposal_id: UUID,
    *,
    preview_hash: str | None = None,
    code: str | None = None,
    message_id: UUID | None = None,
) -> Confirmed | Refused:
    """Execute a proposal on the customer's own word. Exactly one effect, however often and from wherever:
    a second confirmation gets the first one's answer. `message_id` is what the receipt's message will have.

    Raises the `not_found` error for a proposal of another conversation.
    """
    statement = select(Proposal).where(
        Proposal.tenant_id == business.id,
        Proposal.id == proposal_id,
        Proposal.conversation_id == conversation_id,
    )
    proposal = (await session.execute(statement.with_for_update())).scalar_one_or_none()
    if proposal is None:
        raise messages.not_found()
    shown = hmac.compare_digest((preview_hash or "").encode(), proposal.preview_hash.encode())
    typed = hmac.compare_digest((code or "").encode(), proposal.code.encode())
    if not (shown or typed):
        return _refuse("proposal_stale", "That is not the latest version of what we talked about.")
    if proposal.status == "executed" and proposal.receipt is not None:
        return Confirmed(proposal, proposal.receipt, first=False)
    if proposal.status == "expired" or (proposal.status == "pending" and proposal.expires_at <= clock.now()):
        await close(session, proposal, "expired")
        return _refuse("proposal_expired", "That offer has run out. Shall I look again?")
    if proposal.status != "pending":
        return _refuse("proposal_stale", "That offer is no longer open.")
    return await _execute(session, business, proposal, message_id or ids.new_id())


async def _execute(
    session: AsyncSession, business: Business, proposal: Proposal, message_id: UUID
) -> Confirmed | Refused:
    booking = await session.get(Booking, (proposal.tenant_id, proposal.booking_id), populate_existing=True)
    if booking is None or actions.book_preview(business, booking) != proposal.preview:
        await close(session, proposal, "failed", reason="changed")
        return _refuse("proposal_stale", "Something about it has changed since. Please look at it again.")
    try:
        async with session.begin_nested():
            receipt = await actions.book(session, business, booking)
    except bookings.SlotTaken:
        await close(session, proposal, "failed", reason="slot_taken")
        alternatives = await actions.alternatives_to(session, business, booking)
        return Refused(bookings.SlotTaken(alternatives=alternatives))
    answer = {**receipt.answer(), "messageId": str(message_id)}
    await session.execute(
        update(Proposal)
        .where(Proposal.tenant_id == proposal.tenant_id, Proposal.id == proposal.id)
        .values(status="executed", decided_at=clock.now(), receipt=answer)
    )
    proposal.status, proposal.receipt = "executed", answer
    note = {
        "event": "proposal_executed",
        "proposal_id": str(proposal.id),
        "action": proposal.action,
        "code": booking.code,
    }
    await messages.note(session, proposal.tenant_id, proposal.conversation_id, note)
    event = {
        "type": "receipt",
        "receipt": answer["receipt"],
        "booking": answer["booking"],
        "proposalId": str(proposal.id),
    }
    await feed.append(session, proposal.tenant_id, proposal.conversation_id, event)
    return Confirmed(proposal, answer, first=True)


async def say_receipt(
    session: AsyncSession, confirmed: Confirmed, *, message_id: UUID | None = None, turn_id: UUID | None = None
) -> None:
    """Put the receipt into the conversation as the agent's message: the one that the answer names, or another one
    that repeats it."""
    answer, proposal = confirmed.answer, confirmed.proposal
    await messages.add(
        session,
        proposal.tenant_id,
        proposal.conversation_id,
        role="agent",
        content=answer["message"],
        message_id=message_id or UUID(answer["messageId"]),
        turn_id=turn_id,
        shown={
            "cards": [{"kind": "receipt", "receipt": answer["receipt"], "booking": answer["booking"]}],
            "choices": answer["choices"],
            "expects": answer["expects"],
        },
    )


async def reject(session: AsyncSession, proposal: Proposal) -> None:
    """The customer does not want it: the slot is free again."""
    await close(session, proposal, "rejected", reason="declined")


async def close(
    session: AsyncSession, proposal: Proposal, status: str, *, reason: str = "", tell_agent: bool = True
) -> bool:
    """End a pending proposal without effect and let go of its hold. False when it had ended before."""
    closed = await session.execute(
        update(Proposal)
        .where(
            Proposal.tenant_id == proposal.tenant_id,
            Proposal.id == proposal.id,
            Proposal.status == "pending",
        )
        .values(status=status, decided_at=clock.now(), reason=reason or None)
        .returning(Proposal.id)
    )
    if closed.scalar_one_or_none() is None:
        return False
    proposal.status = status
    booking = await session.get(Booking, (proposal.tenant_id, proposal.booking_id))
    if booking is not None:
        await bookings.release(session, booking, actor="system", action=reason or status)
    if tell_agent:
        note = {
            "event": f"proposal_{status}",
            "proposal_id": str(proposal.id),
            "action": proposal.action,
            "reason": reason,
        }
        await messages.note(session, proposal.tenant_id, proposal.conversation_id, note)
    event = {"type": "proposal", "proposal": proposal_view(proposal)}
    await feed.append(session, proposal.tenant_id, proposal.conversation_id, event)
    return True


async def _find_standing(session: AsyncSession, tenant_id: UUID, conversation_id: UUID) -> Proposal | None:
    """The pending proposal, also when its time is over; nobody else decides about it meanwhile."""
    statement = select(Proposal).where(
        Proposal.tenant_id == tenant_id,
        Proposal.conversation_id == conversation_id,
        Proposal.status == "pending",
    )
    return (await session.execute(statement.with_for_update())).scalar_one_or_none()


async def _is_current(session: AsyncSession, business: Business, standing: Proposal) -> bool:
    """Whether it would be executed as it was shown: its time is not over, and its price is still the price."""
    held = await session.get(Booking, (standing.tenant_id, standing.booking_id))
    unchanged = held is not None and actions.book_preview(business, held) == standing.preview
    return unchanged and standing.expires_at > clock.now()


async def _make_way(session: AsyncSession, standing: Proposal, wanted: actions.BookingRequest) -> None:
    """Close what stood before. What it held and what is wanted now are locked together, sorted: two who change
    their minds at once must not wait for each other in a circle."""
    held = await session.get(Booking, (standing.tenant_id, standing.booking_id))
    given_up = [held.resource_id] if held else []
    await lock_resources(session, [*given_up, *(each.id for each in wanted.service.resources)])
    if standing.expires_at > clock.now():
        await close(session, standing, "rejected", reason="superseded", tell_agent=False)
    else:
        await close(session, standing, "expired", tell_agent=False)


def hash_of(proposal_id: UUID, preview: dict[str, Any]) -> str:
    """SHA-256 over the proposal's id and everything that the customer is shown."""
    shown = orjson.dumps([str(proposal_id), preview], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(shown).hexdigest()


def _refuse(name: str, message: str) -> Refused:
    return Refused(HandledError(name, message, 409))
