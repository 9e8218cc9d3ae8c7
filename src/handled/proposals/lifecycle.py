"""A proposal's life: `pending` → `executed`, `rejected`, `expired` or `failed`. Single use, whatever happens."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from handled.bookings import lifecycle as bookings
from handled.bookings import moves
from handled.bookings.holds import SlotTaken
from handled.bookings.lifecycle import By
from handled.catalog.business import Business
from handled.conversations import feed, messages
from handled.db.calls import look
from handled.kit import clock, ids
from handled.kit.errors import HandledError
from handled.proposals.actions import book, cancel, reschedule
from handled.proposals.actions.outcome import Receipt
from handled.proposals.view import proposal_view
from handled.tables import Booking, Proposal

_PENDING = "select from proposals where tenant_id = %s and id = %s and status = 'pending' and expires_at > %s"


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


async def is_pending(engine: AsyncEngine, tenant_id: UUID, proposal_id: UUID) -> bool:
    """Whether the proposal still waits for the customer."""
    return bool(await look(engine, tenant_id, _PENDING, tenant_id, proposal_id, clock.now()))


async def preview_of(
    session: AsyncSession, business: Business, action: str, booking: Booking, arguments: dict[str, Any]
) -> dict[str, Any]:
    """What the customer is shown, as it is true now."""
    if action == "cancel":
        return await cancel.preview(session, business, booking)
    if action == "reschedule":
        return await reschedule.preview(session, business, booking, reschedule.target_of(arguments))
    return book.preview(business, booking)


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
    if proposal.booking_id is None:
        raise messages.not_found()
    booking = await bookings.get(session, proposal.tenant_id, proposal.booking_id)
    try:
        shown = await preview_of(session, business, proposal.action, booking, proposal.arguments)
        if shown != proposal.preview:
            await close(session, proposal, "failed", reason="changed")
            return _refuse("proposal_stale", "Something about it has changed since. Please look at it again.")
        async with session.begin_nested():
            receipt = await _carry_out(session, business, proposal, booking)
    except SlotTaken:
        await close(session, proposal, "failed", reason="slot_taken")
        return Refused(SlotTaken(alternatives=await _alternatives(session, business, proposal, booking)))
    except HandledError as error:
        await close(session, proposal, "failed", reason=error.name)
        return Refused(HandledError(error.name, error.message, 409))
    answer: dict[str, Any] = {**receipt.answer(), "messageId": str(message_id)}
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
        "receipt": answer["receipt"]["kind"],
        "code": booking.code,
        "status": answer["booking"]["status"],
        "refund": proposal.preview.get("refund"),
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


async def _carry_out(session: AsyncSession, business: Business, proposal: Proposal, booking: Booking) -> Receipt:
    by = By("customer", proposal.conversation_id)
    if proposal.action == "cancel":
        cancelled, cost = await cancel.execute(session, business, booking, by=by)
        return cancel.receipt(business, cancelled, cost)
    if proposal.action == "reschedule":
        target = reschedule.target_of(proposal.arguments)
        moved = await reschedule.execute(session, business, booking, target, by=by)
        return reschedule.receipt(business, moved)
    return await book.execute(session, business, booking)


async def _alternatives(
    session: AsyncSession, business: Business, proposal: Proposal, booking: Booking
) -> list[dict[str, Any]]:
    moving = proposal.action == "reschedule"
    near = reschedule.target_of(proposal.arguments).starts_at if moving else booking.starts_at
    return await book.alternatives_to(session, business, booking, near, moving=booking.id if moving else None)


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
            "cards": cards_of(answer),
            "choices": answer["choices"],
            "expects": answer["expects"],
        },
    )


def cards_of(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """What the chat shows of a confirmation's answer: the receipt, and what there is to do about it."""
    return [{"kind": "receipt", "receipt": answer["receipt"], "booking": answer["booking"]}, *answer.get("cards", [])]


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
    if booking is not None and proposal.action == "book":
        await bookings.release(session, booking, actor="system", action=reason or status)
    if booking is not None and proposal.action == "reschedule":
        await moves.drop_next(session, booking, reschedule.target_of(proposal.arguments).resource_ids)
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


def _refuse(name: str, message: str) -> Refused:
    return Refused(HandledError(name, message, 409))
