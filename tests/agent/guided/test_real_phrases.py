"""How much of what strangers really wrote is taken for what they meant, where the collection is at hand."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from pydantic_ai.messages import ModelMessage, ModelRequest, ModelResponse, TextPart, UserPromptPart

from handled.agent.models.guided.fold import fold
from handled.agent.models.guided.history import read
from tests.agent.guided.front_desk import NOW, FrontDesk, quoted

PHRASES = Path(__file__).parents[3].parent / "shared" / "data" / "evals" / "intents_dev.jsonl"
ASKED = {"none": [], "confirm": ["confirm"], "anything_else": ["anything_else"]}
MEANS = {
    "book": {"book", "availability"},
    "find": {"find_booking"},
    "move": {"reschedule"},
    "kept": {"deny"},
    "hello": {"greet"},
    "bye": {"goodbye", "deny"},
    "thanks": {"thanks"},
    "go_on": {"affirm"},
    "left_open": {"deny"},
    "no": {"deny"},
    "not_arranged": {"goodbye", "thanks"},
    "lost": {"out_of_scope"},
    "hostile": {"out_of_scope"},
    "rude": {"out_of_scope"},
}
TOPICS = {
    "price": {"price"},
    "duration": {"faq"},
    "services": {"list_services"},
    "offers": {"list_services"},
    "faq": {"faq", "out_of_scope"},
    "policy": {"faq"},
    "identity": {"greet"},
}
ACTIONS = {"book", "find", "cancel", "move"}


def _plan(text: str, context: str) -> tuple[str, set[str]]:
    opening = UserPromptPart(content=quoted("business", FrontDesk().business()), timestamp=NOW)
    messages: list[ModelMessage] = [ModelRequest(parts=[opening])]
    if context == "confirm":
        said = "classic cut tomorrow at 10, Ruth Adler, ruth@adler.example"
        messages.append(ModelRequest(parts=[UserPromptPart(content=said, timestamp=NOW)]))
    messages.append(ModelResponse(parts=[TextPart("…")], provider_details={"expects": ASKED[context]}))
    messages.append(ModelRequest(parts=[UserPromptPart(content=text, timestamp=NOW)]))
    state = fold(read(messages))
    plan, meant = state.plan, set[str]()
    if context == "confirm" and plan.main == "book" and not plan.changed:
        meant = {"deny"} if state.reading.has("no") else {"affirm"}
    elif plan.main != "answer":
        meant = MEANS.get(plan.main, {plan.main})
    for topic in plan.sides:
        meant = meant | TOPICS.get(topic, {"business_info"})
    return plan.main, meant


@pytest.mark.skipif(not PHRASES.exists(), reason="the collected phrases are not part of this checkout")
def test_most_phrases_are_understood_and_hardly_a_stray_one_starts_anything() -> None:
    rows = [json.loads(line) for line in PHRASES.read_text().splitlines()]
    right, astray = Counter[bool](), Counter[bool]()
    for row in rows[::3]:
        main, meant = _plan(row["text"], row["context"])
        right[bool(meant & {row["label"], *row["also"]})] += 1
        if row["label"] == "out_of_scope":
            astray[main in ACTIONS] += 1
    assert right[True] / right.total() > 0.9
    assert astray[True] / astray.total() < 0.02
