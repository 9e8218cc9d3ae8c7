"""What is said otherwise to a practice, which is written to about what weighs on people."""

from __future__ import annotations

from dataclasses import replace

from .asides import SMALL_TALK
from .state import State
from .understand import Reading

_PRACTICE = "therapy"  # the pack of those


def wish_for_a_session(state: State, reading: Reading) -> Reading:
    """ "I need to talk to someone" asks a practice for a session, and anybody else for one of its people."""
    if state.business.pack != _PRACTICE or not reading.has("talk_to_someone"):
        return reading
    rest = state.lang.intents["talk_to_someone"].sub(" ", reading.plain)
    if state.lang.has("human", rest) or state.lang.has("one_of_you", rest):
        return reading
    return replace(reading, wants=(reading.wants - {"human"}) | {"book"})


def needs_comfort(state: State, reading: Reading, sides: tuple[str, ...]) -> bool:
    """Whether somebody tells a practice what weighs on them, and nothing that could be answered."""
    if state.business.pack != _PRACTICE or state.op or sides or reading.has("question", "human"):
        return False
    if reading.has("distress") and reading.has("talk_to_someone"):
        return not reading.heard.service
    if reading.tells or reading.has("book"):
        return False
    return reading.has("distress") or (reading.has("personal") and len(reading.leftover) > SMALL_TALK)
