"""One turn, from the customer's message to the finished reply: the same for every model.

The turn runs in the server, not in the request. Whatever it says is in the database before anybody sees it, and
it ends with `done` or `error`, whatever happens. No transaction is open while a model is thinking.
"""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

from pydantic_ai.messages import ModelMessage, ModelRequest, ModelResponse
from pydantic_ai.models import Model

from handled.agent import answering, budget, consent, crisis, history, known, measuring, rescue, stopping, tools
from handled.agent.models.calls import ProviderTrouble, stream_response
from handled.agent.receipts import ReceiptGuard
from handled.agent.runtime import AgentRuntime
from handled.agent.shown import Shown
from handled.catalog.business import Business
from handled.catalog.load import business_of, kept
from handled.conversations import messages, turns
from handled.conversations.turn_events import TurnStream
from handled.db.session import tenant_session
from handled.kit import tracing
from handled.proposals import lifecycle as proposals
from handled.tables import Message, Proposal, Turn
from handled.usage.record import ModelCall

logger = logging.getLogger(__name__)

# Model calls in one turn: enough for every task here, and an end for a model that runs in circles.
MAX_CALLS = 8
# What people put around the digits of a code.
_CODE = re.compile(r"[\s.#-]|\bcode\b", re.IGNORECASE)


@dataclass(slots=True)
class Run:
    """A turn under way: what it knows, what it has said and done so far."""

    agent: AgentRuntime
    stream: TurnStream
    turn: Turn
    business: Business
    said: Sequence[Message]
    question: Message
    pending: Proposal | None
    receipts: frozenset[str]
    shown: Shown = field(default_factory=Shown)
    # What is known of the customer, as quoted data: nothing, until they have proven who they are.
    customer: str = ""
    text: str = ""
    steps: list[dict[str, Any]] = field(default_factory=list)
    calls: list[ModelCall] = field(default_factory=list)
    degraded: bool = False
    # It began with a proposal that waited for the customer: it may use what the budget keeps for that.
    finishing: bool = False
    # Unless the end of the turn has said that there are none.
    others_wait: bool = True

    async def say(self, text: str, since: int) -> None:
        """Add to the reply. Each response of the model is a paragraph of its own; this one began at `since`."""
        if len(self.text) == since:
            text = text.lstrip()
            text = f"\n\n{text}" if text and since else text
        self.text += text
        await self.stream.text(text)

    async def take_back(self) -> None:
        """Nothing of what was said counts. What the tools did stays done, and known."""
        self.text = ""
        self.steps = [{**step, "text": ""} for step in self.steps if step["calls"]]
        self.stream.first_text_at = None
        await self.stream.append({"type": "reset", "reason": "model_failed"})


async def run_turn(agent: AgentRuntime, tenant_id: UUID, turn_id: UUID, opened: turns.Opened | None = None) -> None:
    """Answer one message, then those that have been waiting meanwhile. `opened` is what the turn begins with, if that
    is known already."""
    following: UUID | None = turn_id
    while following is not None:
        following, opened = await _run_one(agent, tenant_id, following, opened), None


async def run_waiting(agent: AgentRuntime, tenant_id: UUID, conversation_id: UUID) -> None:
    """Take up the turns of a conversation that nobody is running."""
    async with tenant_session(agent.engine, tenant_id) as session:
        following = await turns.start_next(session, tenant_id, conversation_id, agent.runner)
    if following is not None:
        await run_turn(agent, tenant_id, following)


async def _run_one(agent: AgentRuntime, tenant_id: UUID, turn_id: UUID, opened: turns.Opened | None) -> UUID | None:
    stream = agent.streams.open(tenant_id, turn_id)
    with measuring.turn(stream) as runs:
        run = await _run_it(agent, stream, runs, opened)
    if run is None or not run.others_wait:
        return None
    async with tenant_session(agent.engine, tenant_id) as session:
        return await turns.start_next(session, tenant_id, run.turn.conversation_id, agent.runner)


async def _run_it(agent: AgentRuntime, stream: TurnStream, runs: list[Run], opened: turns.Opened | None) -> Run | None:
    run: Run | None = None
    try:
        async with stopping.unless_taken_over(stream, agent.turn_seconds):
            run = await _begin(agent, stream, opened)
            runs.append(run)
            await _answer(run)
    except asyncio.CancelledError:
        await asyncio.shield(answering.fail(stream, turns.INTERRUPTED, run))
        raise
    except Exception:
        if await stopping.is_taken_over(stream):
            await stopping.leave(stream, run)
            if run is not None:
                await crisis.answer_what_was_cut(run)
        else:
            # Whatever went wrong: the trace is for the log, the customer gets a sentence and can go on.
            logger.exception("turn %s failed", stream.turn_id)
            await answering.fail(stream, answering.FAILED, run)
    finally:
        agent.streams.close(stream)
    return run


async def _begin(agent: AgentRuntime, stream: TurnStream, opened: turns.Opened | None) -> Run:
    tenant_id = stream.tenant_id
    opened = opened or await turns.open_turn(agent.engine, tenant_id, stream.turn_id)
    turn, pending = opened.turn, None
    business = kept(tenant_id, *opened.changed)
    if business is None or opened.has_proposal:
        async with tenant_session(agent.engine, tenant_id) as session:
            business = await business_of(session, tenant_id)
            pending = await proposals.find_pending(session, tenant_id, turn.conversation_id)
    stream.begun(messages.turn_event(turn.id, turn.reply_id, turn.message_id))
    question = next(each for each in opened.said if each.id == turn.message_id)
    receipts = answering.receipts_in(opened.said)
    return Run(agent, stream, turn, business, opened.said, question, pending, receipts, finishing=pending is not None)


async def _answer(run: Run) -> None:
    if await crisis.answer(run):
        await answering.finish(run)
        return
    if known.may_be_known(run.said):
        run.customer = await known.look(run)
    verdict = _consent(run)
    if verdict == "yes" and run.pending and await _confirmed(run, run.pending):
        return
    if verdict == "no" and run.pending:
        async with tenant_session(run.agent.engine, run.business.id) as session:
            await proposals.reject(session, await session.merge(run.pending, load=False))
    if verdict != "other":
        await _look_again(run)
    primary = run.agent.primary
    run.degraded = primary is not None and not await _managed(run, primary)
    if primary is None or run.degraded:
        await _converse(run, run.agent.guided)
    await known.show_remembered(run)
    await rescue.offer_person(run)
    await answering.finish(run)


async def _managed(run: Run, primary: Model) -> bool:
    """Let the language model answer; False when it could not, then the guided model goes on from here."""
    breaker = run.agent.breaker
    if not breaker.allows():
        return False
    try:
        async with asyncio.timeout(run.agent.model_seconds):
            await _converse(run, primary)
    except (ProviderTrouble, TimeoutError) as error:
        trouble = error if isinstance(error, ProviderTrouble) else ProviderTrouble("too_slow", is_down=True)
        logger.warning("the model failed (%s), the guided one goes on", trouble.kind)
        breaker.failed() if trouble.is_down else breaker.succeeded()
        await run.take_back()
        return False
    except budget.BudgetSpentError:
        # What was said up to here is whole, and stands.
        breaker.succeeded() if run.calls else breaker.unused()
        return False
    breaker.succeeded()
    return True


def _consent(run: Run) -> consent.Consent:
    """What the message says to the preview that the customer had before them when they wrote it.

    The code printed with the preview always counts. A yes or a no counts only right after the question: later it
    may answer something else. A tenant may do without the typed yes.
    """
    if run.pending is None:
        return "other"
    if _CODE.sub("", run.question.content) == run.pending.code:
        return "yes"
    before = [each for each in run.said if each.position < run.question.position and each.content]
    last = before[-1] if before else None
    asked = (
        last is not None
        and last.role == "agent"
        and last.shown.get("proposalId") == str(run.pending.id)
        and "confirm" in last.shown.get("expects", [])
    )
    if not asked:
        return "other"
    action = cast(consent.Action, run.pending.action)
    verdict = consent.judge(run.question.content, run.pending.code, run.business.locale, action=action)
    return "other" if verdict == "yes" and not run.business.typed_yes else verdict


async def _confirmed(run: Run, pending: Proposal) -> bool:
    """Execute the proposal on a typed yes; False when it could not be, then the model explains."""
    async with tenant_session(run.agent.engine, run.business.id) as session:
        outcome = await proposals.confirm(
            session,
            run.business,
            run.turn.conversation_id,
            pending.id,
            preview_hash=pending.preview_hash,
            message_id=run.turn.reply_id,
        )
        if isinstance(outcome, proposals.Refused):
            return False
        events = await answering.finish_confirmed(session, run, outcome)
    run.stream.ended(*events)
    return True


async def _look_again(run: Run) -> None:
    """Notes of what a yes or a no did have come in since the turn began."""
    async with tenant_session(run.agent.engine, run.business.id) as session:
        said = await messages.list_messages(session, run.business.id, run.turn.conversation_id)
    notes = [each for each in said if each.role == "system" and each.position > run.question.position]
    earlier = [each for each in run.said if each.id != run.question.id]
    run.said = [*earlier, *notes, run.question]
    run.pending = None


async def _converse(run: Run, model: Model) -> None:
    """The loop: the model speaks or calls tools, the tools answer, until it has only spoken."""
    for _ in range(MAX_CALLS):
        asked = history.build(tools.business_facts(run.business), run.said, run.question, customer=run.customer)
        for each in run.steps:
            asked += _as_messages(each)
        before = len(run.text)
        response = await _listen(run, model, asked)
        step: dict[str, Any] = {"text": run.text[before:].strip(), "calls": [], "details": response.provider_details}
        if not (step["text"] or response.tool_calls):
            raise ProviderTrouble("empty")
        run.steps.append(step)
        for call in response.tool_calls:
            step["calls"].append(await _call_tool(run, call.tool_name, call.args))
        if not step["calls"]:
            return
    raise ProviderTrouble("too_many_calls")


async def _listen(run: Run, model: Model, asked: list[ModelMessage]) -> ModelResponse:
    """One response of the model. What it says leaves as it comes, checked."""
    if model is run.agent.primary:
        await budget.reserve(run, model, asked)
    allowed = run.receipts | answering.found_in(run.steps) | answering.held_in(run)
    guard, before = ReceiptGuard(allowed, run.text), len(run.text)
    response: ModelResponse | None = None
    with tracing.span("model.call", model=f"{model.system}:{model.model_name}"):
        async with aclosing(
            stream_response(run.calls, model, asked, run.business.pack, run.business.timezone)
        ) as parts:
            async for part in parts:
                if isinstance(part, ModelResponse):
                    response = part
                else:
                    await run.say(guard.feed(part).text, before)
    await run.say(guard.finish().text, before)
    if response is None:
        raise ProviderTrouble("empty")
    return response


async def _call_tool(run: Run, name: str, arguments: Any) -> dict[str, Any]:
    # A name that a model has made up must fit into the history of any other.
    name, label = re.sub(r"[^\w-]", "_", name, flags=re.ASCII)[:64] or "unnamed", tools.label_of(name)
    # At once: a turn that somebody else has ended meanwhile fails here, before the tool does anything.
    await run.stream.append({"type": "tool", "name": name, "label": label, "state": "started"})
    context = tools.Context(run.agent.engine, run.business, run.turn.conversation_id, run.shown)
    # PostgreSQL has no place for this character.
    given = arguments.replace("\\u0000", "") if isinstance(arguments, str) else arguments
    parsed, result = await tools.call(context, name, given)
    await known.look_after(run, name)
    run.stream.gather({"type": "tool", "name": name, "label": label, "state": "finished"}, *run.shown.take_events())
    # An id of ours: some providers give none, or the same ones again, and the next one would refuse the history.
    return {"id": f"call_{secrets.token_hex(8)}", "name": name, "arguments": parsed, "result": result}


def _as_messages(step: dict[str, Any]) -> list[ModelMessage]:
    response, returns = history.response_of(step), history.returns_of(step)
    return [response, ModelRequest(parts=returns)] if returns else [response]
