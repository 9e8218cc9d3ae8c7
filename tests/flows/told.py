"""What a customer's page made of the events of one turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Told:
    """`text` is what stands on the page at the end, `taken_back` what stood there before a reset."""

    events: Sequence[Json]
    done: Json
    text: str
    taken_back: str
    tools: list[tuple[str, str]]

    def of_type(self, name: str) -> list[Json]:
        return [event for event in self.events if event["type"] == name]


def told(numbered: Sequence[tuple[int, Json]]) -> Told:
    """Read a whole turn. It begins with `turn`, counts from 1 without a gap and ends with its only `done`."""
    events = [event for _, event in numbered]
    kinds = [event["type"] for event in events]
    assert [number for number, _ in numbered] == list(range(1, len(events) + 1))
    assert kinds[0] == "turn"
    assert [kind for kind in kinds if kind in ("done", "error")] == ["done"] == kinds[-1:]
    text = taken_back = ""
    for event in events:
        if event["type"] == "chunk":
            text += event["content"]
        elif event["type"] == "reset":
            text, taken_back = "", taken_back + text
    tools = [(event["name"], event["state"]) for event in events if event["type"] == "tool"]
    return Told(events, events[-1], text, taken_back, tools)
