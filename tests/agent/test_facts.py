"""What is noted of a turn, whichever model made it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from handled.agent.facts import facts_of
from handled.agent.shown import Shown
from handled.tables import Message


def noted(*calls: tuple[str, dict[str, Any]], fallback: bool = False, **more: Any) -> dict[str, Any]:
    made = [{"name": name, "arguments": more.get("arguments", {}), "result": result} for name, result in calls]
    run: Any = SimpleNamespace(
        steps=[{"text": "", "calls": made}],
        calls=[SimpleNamespace(model="anthropic:first"), SimpleNamespace(model="guided:guided")],
        degraded=True,
        stream=SimpleNamespace(first_text_at=None),
        shown=more.get("shown", Shown()),
        said=[],
        question=Message(content=more.get("question", "what is it?"), position=1, role="customer"),
    )
    return facts_of(run, fallback=fallback)


def test_the_model_that_spoke_last_is_noted() -> None:
    facts = noted()
    assert (facts["model"], facts["is_degraded"], facts["gave_answer"], facts["is_unanswered"]) == (
        "guided:guided",
        True,
        False,
        False,
    )


@pytest.mark.parametrize(
    ("calls", "answered", "unanswered"),
    [
        ([("answer_faq", {"answers": [{"answer": "Yes."}]})], True, False),
        ([("answer_faq", {"answers": []})], False, True),
        ([("answer_faq", {"answers": []}), ("business_info", {"hours": []})], True, False),
        ([("find_booking", {"found": False})], False, False),
        ([("find_slots", {"service": "haircut", "status": "unclear", "slots": []})], False, False),
        ([("business_info", {"error": "That took too long."})], False, False),
    ],
)
def test_an_answer_comes_from_what_the_business_says(
    calls: list[tuple[str, dict[str, Any]]], answered: bool, unanswered: bool
) -> None:
    facts = noted(*calls)
    assert (facts["gave_answer"], facts["is_unanswered"]) == (answered, unanswered)


def test_who_did_not_understand_gave_no_answer() -> None:
    facts = noted(("business_info", {"hours": []}), fallback=True)
    assert (facts["gave_answer"], facts["is_unanswered"]) == (False, True)


def test_a_time_that_cannot_be_had_is_noted_with_its_reason() -> None:
    shown = Shown()
    shown.availability = {
        "service": "haircut",
        "date": "2026-03-08",
        "time": "15:00",
        "available": False,
        "reason": "closed",
    }
    facts = noted(("find_slots", {"service": "haircut", "status": "not_free", "slots": [{}]}), shown=shown)
    assert (facts["missed_date"], facts["missed_time"], facts["missed_reason"]) == ("2026-03-08", "15:00", "closed")
    assert (facts["service"], facts["saw_times"]) == ("haircut", True)
    shown.availability["available"] = True
    assert noted(("find_slots", {"service": "haircut", "slots": [{}]}), shown=shown)["missed_date"] is None


def test_who_moves_a_booking_asks_for_no_service() -> None:
    found = ("find_slots", {"service": "haircut", "status": "free", "slots": [{}]})
    assert noted(found, arguments={"moving": "BK-7F3K2Q"})["service"] is None


def test_nothing_that_was_said_is_noted() -> None:
    facts = noted(question="I am Kim, kim@example.com, bye")
    assert "Kim" not in repr(facts) and "kim@" not in repr(facts)
    assert noted(question="Thank you, bye!")["said_goodbye"] is True
