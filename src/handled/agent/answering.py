"""How a turn ends: the reply, what it showed and what it used in one transaction, or an honest error."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from handled.agent import closing, facts, rescue
from handled.conversations import ending, messages, turns
from handled.conversations.turn_events import TurnStream
from handled.db.session import insist, tenant_session
from handled.proposals import lifecycle as proposals
from handled.proposals.view import proposal_view
from handled.tables import Message
from handled.usage import record

if TYPE_CHECKING:
    from handled.agent.turn import Run

logger = logging.getLogger(__name__)

FAILED: dict[str, Any] = {
    "type": "error",
    "error": "turn_failed",
    "message": "Sorry, something went wrong on our side. Please try that again in a moment.",
}

_LOOKS = frozenset({"find_booking", "propose_cancel", "propose_reschedule"})
_STATES = {"cancelled": "found_cancelled", "pending_payment": "found_held"}
_ARRIVED = {"booking_paid": "paid", "late_refund": "refunded"}


def receipts_in(said: Sequence[Message]) -> frozenset[str]:
    """The kinds of change that this conversation holds a receipt of, and what it has looked up."""
    notes = [step.get("event", {}) for each in said if each.role == "system" for step in each.steps]
    kinds = frozenset(kind for note in notes for kind in _kinds_of(note))
    return kinds | found_in([step for each in said if each.role == "agent" for step in each.steps])


def _kinds_of(note: dict[str, Any]) -> Iterator[str]:
    kind = note.get("receipt") or _ARRIVED.get(note.get("event", ""))
    if kind:
        # Moving a booking that waits for its money does not make it a booked one.
        yield "moved_held" if kind == "moved" and note.get("status") == "pending_payment" else kind
    if note.get("refund"):
        yield "refunded"


def found_in(steps: Sequence[dict[str, Any]]) -> frozenset[str]:
    """What the tools have shown of bookings in `steps`: `found`, `found_cancelled` or `found_held` by their state,
    `found_open` when only their change was previewed, `found_paid` when the money was there."""
    results = [call["result"] for step in steps for call in step.get("calls", []) if call["name"] in _LOOKS]
    bookings = [each for result in results for each in [*result.get("bookings", ()), result.get("booking")] if each]
    states = {_STATES.get(each["status"], "found") for each in bookings}
    previewed = {"found_open" for result in results if "preview" in result}
    return frozenset(states | previewed | {"found_paid" for each in bookings if each.get("paidAt")})


def held_in(run: Run) -> frozenset[str]:
    """`proposed` while a proposal holds a time for the customer."""
    proposal = run.shown.proposal or (proposal_view(run.pending) if run.pending else {})
    return frozenset({"proposed"} if proposal.get("operation") in ("book", "reschedule") else ())


async def finish(run: Run) -> None:
    """Write the reply and end the turn with `done`."""
    details: dict[str, Any] = (run.steps[-1].get("details") if run.steps else None) or {}
    pending = await _still_pending(run)
    over = pending is None and _is_over(run, details)
    shown: dict[str, Any] = {
        "cards": run.shown.cards,
        "choices": details.get("choices") or [],
        "expects": details.get("expects") or (["confirm"] if run.shown.proposal else []),
    }
    done = _done(
        run,
        message=run.text,
        proposal=pending,
        fallback=bool(details.get("fallback")),
        resolved=over or bool(details.get("resolved")),
        **shown,
    )
    if pending is not None:
        shown["proposalId"] = pending["proposalId"]
    turn = run.turn
    reply = messages.compose(
        turn.tenant_id, turn.conversation_id, "agent", run.text, turn.reply_id, turn.id, run.steps, shown
    )
    events = [*await run.stream.take_gathered(), done]
    ended = await turns.finish_with_reply(
        run.agent.engine,
        turn,
        run.stream.next_position,
        events,
        reply,
        proposal_id=UUID(pending["proposalId"]) if pending else None,
        usage=record.rows(turn.tenant_id, turn.conversation_id, turn.id, run.calls),
        facts=facts.facts_of(run, fallback=done["fallback"]),
        together_with=partial(_end_conversation, run) if over else None,
    )
    _noted(run, ended)
    run.stream.ended(*events)


async def _end_conversation(run: Run, session: AsyncSession) -> None:
    turn, heard = run.turn, run.question.position
    await ending.end(session, turn.tenant_id, turn.conversation_id, "resolved", heard=heard)


def _is_over(run: Run, details: dict[str, Any]) -> bool:
    """Whether the customer wants nothing more, after something was done for them. The guided model hears more
    goodbyes than our list has, and says so with a reply that expects no answer."""
    if run.shown.proposal or not closing.has_receipt(run.said, run.question):
        return False
    says_goodbye = bool(details.get("resolved")) and not details.get("expects")
    return says_goodbye or closing.is_goodbye(run.said, run.question)


async def _still_pending(run: Run) -> dict[str, Any] | None:
    """The proposal that waits for the customer, unless they have decided about it meanwhile."""
    proposal = run.shown.proposal or (proposal_view(run.pending) if run.pending else None)
    if proposal is None:
        return None
    proposal_id = UUID(proposal["proposalId"])
    return proposal if await proposals.is_pending(run.agent.engine, run.business.id, proposal_id) else None


async def finish_confirmed(session: AsyncSession, run: Run, confirmed: proposals.Confirmed) -> list[dict[str, Any]]:
    """End a turn whose message was itself the confirmation, in the transaction that executed it. Returns the
    events to show once that has committed: not a word of success leaves before."""
    answer = confirmed.answer
    await proposals.say_receipt(session, confirmed, message_id=run.turn.reply_id, turn_id=run.turn.id)
    done = _done(
        run,
        message=answer["message"],
        proposal=None,
        fallback=False,
        resolved=True,
        cards=proposals.cards_of(answer),
        choices=answer["choices"],
        expects=answer["expects"],
        **{name: answer[name] for name in ("receipt", "booking", "checkoutUrl") if name in answer},
    )
    events = [{"type": "chunk", "content": answer["message"]}, done]
    await _end(session, run, *events)
    return events


async def fail(stream: TurnStream, error: dict[str, Any], run: Run | None) -> None:
    """End the turn with an error that says so, also in the conversation. Does nothing if it has ended. A database
    that is being restarted is waited for."""
    try:
        ended = await insist(partial(_end_with_error, stream, error, run))
    except SQLAlchemyError as trouble:
        # The job that looks for lost turns ends it later.
        logger.error("turn %s is left open: %s", stream.turn_id, type(trouble).__name__)
        return
    if ended:
        stream.ended(error)
        await rescue.after_failure(stream)


async def _end_with_error(stream: TurnStream, error: dict[str, Any], run: Run | None) -> bool:
    # Words that still wait for their moment would take the error's place among the events.
    await stream.flush()
    async with tenant_session(stream.engine, stream.tenant_id) as session:
        ended = await turns.end_with_error(session, stream.tenant_id, stream.turn_id, error)
        if ended and run:
            record.add(session, run.business.id, run.turn.conversation_id, run.turn.id, run.calls)
    return ended


async def _end(session: AsyncSession, run: Run, *events: dict[str, Any]) -> None:
    record.add(session, run.business.id, run.turn.conversation_id, run.turn.id, run.calls)
    noted = facts.facts_of(run, fallback=False)
    position = run.stream.next_position
    _noted(run, await turns.finish(session, run.business.id, run.turn.id, position, *events, facts=noted))


def _noted(run: Run, ended: turns.Ended) -> None:
    if ended == "lost":
        raise RuntimeError("the turn was ended by somebody else")
    run.others_wait = ended == "waiting"


def _done(run: Run, **result: Any) -> dict[str, Any]:
    costs = [call.cost_micros for call in run.calls]
    return {
        "type": "done",
        "turnId": str(run.turn.id),
        "messageId": str(run.turn.reply_id),
        **result,
        "availability": run.shown.availability,
        "handledBy": "agent",
        "degraded": run.degraded,
        "usage": {
            "inputTokens": sum(call.input_tokens for call in run.calls),
            "outputTokens": sum(call.output_tokens for call in run.calls),
            "costMicros": None if None in costs else sum(cost or 0 for cost in costs),
        },
    }
