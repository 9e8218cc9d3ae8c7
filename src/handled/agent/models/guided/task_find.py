"""The task of finding a booking that was made before: the one, or all that are to come."""

from __future__ import annotations

from . import identify, own_words, standing
from .history import Json, ToolAnswered
from .state import State
from .understand import Reading
from .wording import Reply, choice, say


def take_in(state: State, reading: Reading) -> None:
    """Keep what was told about whose booking it is."""
    state.op = "find"
    identify.take_in(state, reading)


def calls(state: State) -> list[tuple[str, Json]]:
    """The lookups that are to be made."""
    return [] if state.errand.booking and state.answer(identify.FIND) else identify.lookups(state)


def note(state: State, answer: ToolAnswered) -> None:
    """Take in what was found: then the task is done."""
    identify.note(state, answer)
    if answer.result.get("found") or identify.given_up(state.errand):
        state.op = None


def speak(state: State) -> Reply:
    """The booking, the list of them, or the question for what is missing to find it."""
    errand = state.errand
    if errand.booking and state.answer(identify.FIND):
        found = say(state, "found", what=own_words.described(state, errand.booking, with_zone=True))
        if errand.booking.get("status") == "pending_payment":
            found = standing.held(state, errand.booking)
        choices = tuple(choice(state, name) for name in ("move_it", "cancel_it", "no_thanks"))
        if errand.booking.get("status") not in (None, "confirmed", "pending_payment"):
            choices = ()
        other = own_words.other_service(state, errand.booking)
        return Reply(say(state, "anything_else"), ("anything_else",), choices).after(found, other)
    if errand.among and not errand.missed_now:
        found = say(state, "found_many", what=own_words.listed_all(state))
        return Reply(say(state, "anything_else"), ("anything_else",)).after(found)
    return identify.ask(state)
