"""What is noted of a turn when it ends, so that days can be counted: no names, no words, only what it came to.

How it is counted: `docs/analytics.md`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from handled.agent import closing

if TYPE_CHECKING:
    from handled.agent.turn import Run


def facts_of(run: Run, *, fallback: bool) -> dict[str, Any]:
    """The facts as columns of `turns`, and when its first words were said. `fallback`: the model says itself that it
    did not understand, or had no answer."""
    calls = [call for step in run.steps for call in step["calls"] if "error" not in call["result"]]
    answered = not fallback and any(_gave_answer(call) for call in calls)
    asked_in_vain = any(call["name"] == "answer_faq" and not call["result"].get("answers") for call in calls)
    missed = run.shown.availability or {"available": True}
    is_missed = not missed["available"]
    return {
        "model": run.calls[-1].model if run.calls else None,
        "is_degraded": run.degraded,
        "first_text_at": run.stream.first_text_at,
        "gave_answer": answered,
        "is_unanswered": fallback or (asked_in_vain and not answered),
        "said_goodbye": closing.is_goodbye(run.said, run.question),
        "service": next(_services(run, calls), None),
        "saw_times": any(call["result"].get("slots") for call in calls),
        "missed_date": missed["date"] if is_missed else None,
        "missed_time": missed["time"] if is_missed else None,
        "missed_reason": missed["reason"] if is_missed else None,
    }


def _gave_answer(call: dict[str, Any]) -> bool:
    """Whether the tool knew what was asked."""
    result: dict[str, Any] = call["result"]
    match call["name"]:
        case "business_info" | "list_services":
            return True
        case "answer_faq":
            return bool(result.get("answers"))
        case "find_slots":
            return result.get("status") != "unclear"
        case "find_booking":
            return bool(result.get("found"))
        case _:
            return False


def _services(run: Run, calls: list[dict[str, Any]]) -> Iterator[str]:
    """The keys of services that the customer wants a time of, the latest first. Who moves a booking wants none anew."""
    if run.shown.proposal and run.shown.proposal["operation"] == "book":
        yield run.shown.proposal["preview"]["service"]
    for call in reversed(calls):
        if call["name"] == "find_slots" and not call["arguments"].get("moving"):
            yield call["result"]["service"]
    availability = run.shown.availability
    if availability and any(call["name"] == "propose_booking" for call in calls):
        yield availability["service"]
