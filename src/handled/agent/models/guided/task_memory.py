"""What a customer wants remembered, forgotten, or told of what is known."""

from __future__ import annotations

from dataclasses import replace

from . import identify, spoken
from .history import Json
from .own_words import described, object_of
from .recognise import first_name, usual
from .state import State
from .steps import step
from .understand import Reading
from .wording import Choice, Reply, choice, contact, name_of, say, say_with

TOOL = "remember_preference"
MAINS = ("remember", "forget", "what_known")
_FEW = 3  # words beside "forget that" that it may have and still be about what was just remembered


def main(state: State, reading: Reading) -> str | None:
    """Whether an utterance is about what is remembered. None: it is not."""
    if reading.has("forget_me"):
        return "forget"
    if reading.has("what_known"):
        return "what_known"
    if reading.has("forget_it") and len(reading.leftover) <= _FEW and _was_told(state):
        return "forget"
    return "remember" if said_to_remember(state, reading) and not reading.person.email else None


def said_to_remember(state: State, reading: Reading) -> str:
    """What shall be remembered, as it was written."""
    match = state.lang.to_remember.match(reading.text)
    return match["what"].strip(" .!") if match else ""


def _was_told(state: State) -> bool:
    """Whether the last thing we said was of something remembered."""
    told = (*state.lang.phrases["remembered"], *state.lang.phrases["known_notes"])
    return any(each.partition("{")[0] in state.last_text for each in told)


def take_in(state: State, reading: Reading) -> None:
    """Of a stranger nothing is kept: they prove an address first, unless they are in the middle of a booking."""
    if state.customer is None and state.op is None:
        state.op = "find"
        identify.take_in(state, reading)
        state.errand = replace(state.errand, needs_proof=True)


def calls(state: State) -> list[tuple[str, Json]]:
    """What is to be kept or erased."""
    if state.customer is None:
        return []
    match state.plan.main:
        case "remember":
            return [(TOOL, {"text": said_to_remember(state, state.reading), "forget": False})]
        case "forget":
            return [(TOOL, {"text": _said_to_forget(state), "forget": True})]
        case _:
            return []


def _said_to_forget(state: State) -> str | None:
    """The one thing that they mean: named, or told just now; None for everything."""
    if match := state.lang.to_forget.search(state.reading.text):
        return match["what"].strip(" .!?")
    head = next((each.partition("{")[0] for each in state.lang.phrases["remembered"]), "")
    if state.reading.has("forget_it") and head and head in state.last_text:
        return state.last_text.partition(head)[2].split(".")[0].strip()
    return None


def speak(state: State) -> Reply:
    """What is remembered now; or that it takes a proof first."""
    following = step(state) or Reply(say(state, "anything_else"), ("anything_else",))
    if state.customer is None:
        return following.after(say(state, "memory_needs_proof"))
    result = state.answer(TOOL) or {}
    match state.plan.main, result.get("status"):
        case "what_known", _:
            return Reply(say(state, "anything_else"), ("anything_else",), _choices(state)).after(*_known(state))
        case _, "remembered":
            return following.after(say(state, "remembered", text=str(result.get("text"))))
        case _, "forgotten":
            return following.after(say(state, "forgotten" if result.get("forgotten") else "nothing_to_forget"))
        case _, "not_kept":
            return following.after(str(result.get("why")))
        case _:
            return following.after(say(state, "lookup_trouble", contact=contact(state)))


def _choices(state: State) -> tuple[Choice, ...]:
    return (choice(state, "forget"),) if (state.customer or {}).get("remembers") else ()


def _known(state: State) -> list[str]:
    customer, habit = state.customer or {}, usual(state)
    told = [say(state, "known_name", name=first_name(customer), email=str(customer.get("email")))]
    for phrase in ("last", "next"):
        if booking := object_of(customer.get(phrase)):
            told.append(say(state, f"known_{phrase}", what=described(state, booking)))
    if habit:
        service, resource = habit
        what = name_of(state, service)
        told.append(say(state, "known_usual", what=say_with(state, what, resource) if resource else what))
    notes = [str(each) for each in customer.get("remembers") or ()]
    if notes:
        told.append(
            say(state, "known_notes", notes=spoken.listed([f'"{each}"' for each in notes], state.lang.say("and", 0)))
        )
    else:
        told.append(say(state, "known_no_notes"))
    return told
