"""Where the conversation stands, as the next thing to say about it."""

from __future__ import annotations

from . import task_cancel, task_find, task_move
from .reply_booking import next_step
from .state import State
from .wording import Reply


def step(state: State) -> Reply | None:
    """The next step of what is under way; None if nothing is."""
    match state.op or state.plan.main:
        case "book":
            return next_step(state)
        case "find":
            return task_find.speak(state)
        case "cancel":
            return task_cancel.speak(state)
        case "move":
            return task_move.speak(state)
        case _:
            return None
