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


def is_told_of_trouble(state: State, reading: Reading) -> bool:
    """Whether a practice is told of what weighs on somebody while a session is being arranged."""
    return state.business.pack == _PRACTICE and reading.has("distress")


def needs_comfort(state: State, reading: Reading, sides: tuple[str, ...]) -> bool:
    """Whether somebody tells a practice what weighs on them, and nothing that could be answered."""
    if state.business.pack != _PRACTICE or state.op or reading.has("human") or set(sides) - {"faq"}:
        return False
    asks = bool(sides) or reading.has("question")
    if reading.has("distress"):
        if "?" in reading.plain and not reading.has("can_you_help"):
            return False
        if reading.has("talk_to_someone") and not asks:
            return not reading.heard.service
        return not (reading.tells or reading.has("book"))
    plain = not (asks or reading.tells or reading.has("book"))
    return plain and reading.has("personal") and len(reading.leftover) > SMALL_TALK
