"""The guided model's decision: which tools to call next, or what to say. A pure function of the history."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

from pydantic_ai.messages import ModelMessage

from . import either, standing, task_cancel, task_find, task_memory, task_move, task_person
from .fold import fold
from .history import Json, read
from .reply import Reply, reply
from .state import State

_MOST_CALLS = 8  # in one turn; a tool that keeps refusing must not keep us asking

GUIDED_TOOLS = frozenset(
    {
        "list_services",
        "find_slots",
        "business_info",
        "answer_faq",
        "propose_booking",
        "find_booking",
        "propose_cancel",
        "propose_reschedule",
        "escalate_to_human",
        "remember_preference",
        "withdraw_proposal",
    }
)


@dataclass(frozen=True)
class ToolUse:
    """A tool to call; `call_id` is unique in the conversation."""

    tool: str
    args: Json
    call_id: str


@dataclass(frozen=True)
class Decision:
    """Either `calls`, or words: never both."""

    calls: tuple[ToolUse, ...] = ()
    reply: Reply | None = None

    @property
    def text(self) -> str:
        return self.reply.text if self.reply else ""


def decide(messages: Sequence[ModelMessage], tools: Set[str] = GUIDED_TOOLS) -> Decision:
    """What to do next in the conversation `messages` with `tools` at hand. The same history, the same decision."""
    state = fold(read(messages))
    wanted = [call for call in wanted_calls(state) if call[0] in tools and not _made(state, call)]
    if wanted and len(state.answers) < _MOST_CALLS:
        first = len(state.answers)
        return Decision(
            calls=tuple(
                ToolUse(tool, args, f"guided-{state.turn}-{first + n}") for n, (tool, args) in enumerate(wanted)
            )
        )
    return Decision(reply=reply(state))


def wanted_calls(state: State) -> list[tuple[str, Json]]:
    """What has to be known or done before the turn can be answered."""
    calls: list[tuple[str, Json]] = _side_calls(state)
    calls += task_person.calls(state)
    calls += task_memory.calls(state)
    match state.plan.main:
        case "book" | "rude" | "hostile" | "human" | "person_reason" if state.op == "book":
            calls += _booking_calls(state)
        case "standing":
            calls = standing.calls(state)
        case "find":
            calls += task_find.calls(state)
        case "cancel":
            calls += task_cancel.calls(state)
        case "move":
            calls += task_move.calls(state)
        case "left_open" | "kept" | "no" if state.plan.withdraws:
            calls.append(("withdraw_proposal", {}))
        case "lost":
            if state.reading.leftover:
                calls.append(("answer_faq", {"question": state.reading.text}))
            if state.op == "book":
                calls += _booking_calls(state)
        case _:
            pass
    return calls


def _side_calls(state: State) -> list[tuple[str, Json]]:
    calls: list[tuple[str, Json]] = []
    for side in state.plan.sides:
        match side:
            case "hours":
                day = state.plan.about_date
                calls.append(("business_info", {"about": "hours", "date": day.isoformat() if day else None}))
            case "policy":
                calls.append(("answer_faq", {"question": state.reading.text}))
                calls.append(("business_info", {"about": "policies", "date": None}))
            case "services":
                calls.append(("list_services", {}))
            case "faq" if not _begun_elsewhere(state):
                calls += [("answer_faq", {"question": question}) for question in state.reading.questions]
            case _:
                pass
    return calls


def _begun_elsewhere(state: State) -> bool:
    """Whether another model has already worked on this turn; it knew what the question was."""
    return bool(state.answers) and not state.answer("answer_faq")


def _booking_calls(state: State) -> list[tuple[str, Json]]:
    draft = state.draft
    asked = state.asked_when
    if not state.service or asked is None or draft.when.problem or state.standing_proposal:
        return []
    search = state.current_search
    # Times on the table are looked up afresh each time they are shown: somebody may have taken one.
    if not search or (search.result.get("status") != "free" and not state.answer("find_slots")):
        single = ("find_slots", {"service": draft.service, "when": asked, "resource": draft.resource})
        return either.calls(state) or [single]
    if search.result.get("status") != "free" or state.declined or not (proposing := state.proposing):
        return []
    return [("propose_booking", proposing)]


def _made(state: State, call: tuple[str, Json]) -> bool:
    tool, args = call
    return any(answer.tool == tool and answer.args == args for answer in state.answers)
