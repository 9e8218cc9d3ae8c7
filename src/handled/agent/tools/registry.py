"""The tools by name: definitions for the model, built once, and the strict way into each."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, cast

import orjson
from pydantic import BaseModel, ValidationError
from pydantic_ai.tools import ToolDefinition

from handled.agent.tools import about, bookings, memory, own, people, slots
from handled.agent.tools.context import Context
from handled.kit import metrics, tracing
from handled.kit.errors import HandledError

logger = logging.getLogger(__name__)

TOOL_SECONDS = 10.0

Run = Callable[[Context, Any], Awaitable[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Tool:
    """`label` is what the customer sees while it runs."""

    arguments: type[BaseModel]
    run: Run
    label: str
    description: str


TOOLS: dict[str, Tool] = {
    "list_services": Tool(
        about.ListServices,
        about.list_services,
        "Looking at our services…",
        "Every service with its key, duration and price. Shows them to the customer as cards.",
    ),
    "find_slots": Tool(
        slots.FindSlots,
        slots.find_slots,
        "Looking for free times…",
        'Free times of a service. `when` takes the customer\'s own words ("next Friday after 5") or ISO; leave it '
        "empty for the next free times. Answers what was understood and, when it is not free, why and the nearest "
        "alternatives. To move a booking give its code as `moving`.",
    ),
    "business_info": Tool(
        about.BusinessInfo,
        about.business_info,
        "Looking that up…",
        "Opening hours (also of one date), address, contact, prices and policies.",
    ),
    "answer_faq": Tool(
        about.AnswerFaq,
        about.answer_faq,
        "Looking that up…",
        "What the business has written for questions like this one. Empty: nobody wrote an answer.",
    ),
    "propose_booking": Tool(
        bookings.ProposeBooking,
        bookings.propose_booking,
        "Preparing your booking…",
        "Holds a time for a few minutes and shows the customer a card to confirm. It does not book. `start` is local "
        "ISO such as 2026-03-02T15:00, a date alone for whole-day services.",
    ),
    "find_booking": Tool(
        own.FindBooking,
        own.find_booking,
        "Looking for your booking…",
        "A booking by its confirmation code and the email it was made with. With the email alone: sends six digits to "
        "it, which the customer reads to you; call again with them as `code` for all their coming bookings.",
    ),
    "propose_cancel": Tool(
        own.ProposeCancel,
        own.propose_cancel,
        "Looking at your booking…",
        "Shows the customer what cancelling their booking costs and gives back, as a card to confirm. It does not "
        'cancel. Code and email are not needed for what was booked in this conversation. "which": ask which of the '
        'bookings they mean; "refused": it cannot be cancelled, `why` says the reason.',
    ),
    "propose_reschedule": Tool(
        own.ProposeReschedule,
        own.propose_reschedule,
        "Looking at your booking…",
        "Holds another time for the customer's booking and shows a card to confirm. It does not move it; until they "
        "confirm it stays where it is. Code and email are not needed for what was booked in this conversation. "
        '"which": ask which of the bookings they mean; "refused": it cannot be moved, `why` says the reason.',
    ),
    "withdraw_proposal": Tool(
        bookings.WithdrawProposal,
        bookings.withdraw_proposal,
        "One moment…",
        "Takes back the card that waits for the customer, and lets go of the time held for it. Changes nothing else. "
        "For somebody who wants none of it any more; for other wishes propose anew.",
    ),
    "remember_preference": Tool(
        memory.RememberPreference,
        memory.remember_preference,
        "Making a note…",
        "Remembers one thing that the customer asks you to remember for next time, or, with `forget`, erases it. Only "
        "for somebody who has proven their address here.",
    ),
    "escalate_to_human": Tool(
        people.EscalateToHuman,
        people.escalate_to_human,
        "Telling the team…",
        "Tells the team that this customer wants a person, or that you cannot help. `when` is when they may expect an "
        'answer: say it as it is. With "needs" ask for it once and call again; if they would rather not, the answer '
        "comes in the chat.",
    ),
}


def _schema(arguments: type[BaseModel]) -> dict[str, Any]:
    schema = arguments.model_json_schema()
    schema.pop("title", None)
    schema.pop("description", None)
    for each in schema.get("properties", {}).values():
        each.pop("title", None)
    return schema


DEFINITIONS = [
    ToolDefinition(name=name, description=tool.description, parameters_json_schema=_schema(tool.arguments))
    for name, tool in TOOLS.items()
]


def label_of(name: str) -> str:
    return TOOLS[name].label if name in TOOLS else "One moment…"


def _parsed(arguments: str | dict[str, Any] | None) -> dict[str, Any] | None:
    if isinstance(arguments, dict):
        return arguments
    try:
        given: object = orjson.loads(arguments or b"{}")
    except orjson.JSONDecodeError:
        return None
    return cast(dict[str, Any], given) if isinstance(given, dict) else None


async def call(
    context: Context, name: str, arguments: str | dict[str, Any] | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Run a tool. Returns the arguments as understood and the result; whatever goes wrong is a sentence in
    the result that the model can act on, never an exception."""
    known = name if name in TOOLS else "unknown"
    with tracing.span("tool", name=known) as note:
        given, result = await _call(context, name, arguments)
        outcome = "error" if "error" in result else "ok"
        note.add(outcome=outcome)
    metrics.tool_calls.labels(known, outcome).inc()
    return given, result


async def _call(
    context: Context, name: str, arguments: str | dict[str, Any] | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    given = _parsed(arguments)
    if given is None:
        return {}, {"error": "The arguments were not a JSON object."}
    tool = TOOLS.get(name)
    if tool is None:
        return given, {"error": f"There is no tool of that name. There are: {', '.join(TOOLS)}."}
    try:
        understood = tool.arguments.model_validate(given)
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        return given, {"error": f"Wrong arguments: {problems}."}
    try:
        async with asyncio.timeout(TOOL_SECONDS):
            return given, await tool.run(context, understood)
    except HandledError as error:
        return given, {"error": error.message, "reason": error.name}
    except TimeoutError:
        logger.warning("tool %s took longer than %s s", name, TOOL_SECONDS)
        return given, {"error": "That took too long. Apologise and offer to try again."}
    except Exception:
        # The trace is for the log; a model has no use for it and a customer must never read it.
        logger.exception("tool %s failed", name)
        return given, {"error": "That did not work just now. Apologise and offer to try again."}
