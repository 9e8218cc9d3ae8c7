"""What an utterance is about: the main thing, beside the questions in it.

State wins over intent: what was just asked decides how words are taken, and a booking in progress is only left on
a clear word.
"""

from __future__ import annotations

from . import existing, standing, task_memory, task_person
from .asides import SMALL_TALK
from .errand import ERRANDS
from .moving import MOVES
from .options import with_said
from .practice import is_told_of_trouble, needs_comfort
from .services import is_of_the_trade
from .shifts import shift_of
from .state import State
from .understand import Reading

_FEW = 6  # words of a plain no to "anything else?"


def main_of(state: State, reading: Reading, sides: tuple[str, ...]) -> str:
    """What is to be done about it, in one word: "book", "answer", "human" and so on."""
    busy = state.op == "book"
    if wanted := task_person.main(state, reading):
        return wanted
    if remembering := task_memory.main(state, reading):
        return remembering
    if reading.has("hostile"):
        return "hostile"
    wish = reading.person.email or reading.has("availability", "human", "cancel", "reschedule")
    wish = wish or (reading.has("book") and reading.has("question"))
    if reading.has("let_down") and not (state.op or wish):
        return "rude"
    if reading.foreign:
        return "foreign"
    if reading.has("rephrase") and not (reading.tells or state.turn == 1):
        return "again"
    if reading.has("asks_first") and state.op and reading.when.empty:
        return "asks_first"
    if standing.asked(state, reading):
        return "standing"
    asked = reading.has("give_up") or reading.tells or _rejected(state) or (state.op in ERRANDS and reading.has("keep"))
    if reading.has("second_thoughts") and not asked:
        return "second_thoughts"
    if needs_comfort(state, reading, sides):
        return "comfort"
    if reading.has("human") and not reading.has("identity") and not (busy and reading.tells):
        return "human"
    if main := existing.main(state, reading, sides):
        return main
    if busy:
        return _main_while_booking(state, reading, sides)
    return _main_while_idle(state, reading, sides)


def _rejected(state: State) -> bool:
    return bool(state.event and state.event.get("event") == "proposal_rejected")


def _main_while_booking(state: State, reading: Reading, sides: tuple[str, ...]) -> str:
    shifts = state.draft.when.date and shift_of(reading.plain, state.lang)
    moves = shifts or reading.has(*MOVES, "any_resource", "one_too") or bool(state.lang.take_any.search(reading.plain))
    facts = _facts_for_booking(reading, sides) or with_said(state, state.draft, reading) != state.draft
    asked_service = "service" in state.expects
    if facts or reading.has("as_before", "several") or (asked_service and reading.heard.candidates):
        return "book"
    if is_told_of_trouble(state, reading) and not reading.has("give_up", "human"):
        return "book"
    if asked_service and reading.has("unsure", "difference", "both_of_them"):
        return "book"
    if reading.has("give_up") and not moves and not reading.has("book", "availability"):
        return "left_open"
    if moves or reading.has("something_else"):
        return "book"
    if reading.has("move_word") and not reading.has("book") and len(reading.leftover) <= SMALL_TALK:
        return "second_thoughts"
    if _rejected(state) and not sides:
        return "declined"
    if reading.has("no") and reading.has("bye") and not sides:
        return "left_open"
    # Much else in it, and the server did not take it for a no to the card: then it was probably none.
    refuses = reading.has("no") and (not state.proposal or len(reading.leftover) <= SMALL_TALK + 1)
    if refuses and not reading.questions and not sides:
        if asked_service and state.lang.rejected.search(reading.plain):
            return "book"
        if "email" in state.expects and not state.draft.email:
            return "lost"
        asked = any(phrase in state.last_text for phrase in state.lang.phrases["another_day"])
        return "no" if (state.offered or state.proposal) and not asked else "left_open"
    if reading.has("bye") and not sides:
        return "not_arranged"
    if (
        reading.has("yes", "book", "availability", "recap", "same_time", "same_day", "state_asked", "pay_asked")
        or sides
    ):
        return "book"
    if reading.has("bye", "thanks"):
        return "not_arranged"
    if reading.has("greet", "help", "why_asked"):
        return "book"
    if reading.has("sigh"):
        return "waiting"
    if reading.has("rude"):
        return "rude"
    unknown = names_unknown_service(reading) and not state.draft.candidates
    answers_service = unknown or state.lang.pick_word.search(reading.plain)
    return "book" if asked_service and answers_service else "waiting" if reading.has("noise") else "lost"


def _main_while_idle(state: State, reading: Reading, sides: tuple[str, ...]) -> str:
    asked_else = "anything_else" in state.expects
    wish = not reading.when.empty and bool(reading.person.email or reading.heard.service)
    closing = reading.has("thanks", "bye") and not wish
    if _starts_booking(reading) and not (closing and state.receipts and not reading.questions):
        return "book"
    if not sides and (reading.has("as_before", "several") or (reading.person.email and not state.op)):
        return "book"
    if reading.person.email and not state.op and (reading.heard.candidates or not reading.when.empty) and not closing:
        return "book"
    if reading.has("unsure_what") and not set(sides) - {"faq"}:
        return "book"
    few_words = len(reading.leftover) <= SMALL_TALK + 1
    named = reading.heard.service or (reading.heard.candidates and (few_words or not reading.when.empty))
    only_scolds = reading.has("rude") and reading.when.empty
    named = named and not (set(sides) - {"faq", "offers"} or closing or only_scolds)
    if named and not (sides and state.receipts):
        return "book"
    told_when = not reading.when.empty and not reading.has("how_are_you")
    asked_when = bool(state.expects & {"date", "time", "slot"})
    if told_when and (asked_when or not reading.leftover) and not sides and not closing:
        return "book"
    if reading.has("recap") and state.receipts and not set(sides) - {"faq"}:
        return "recap"
    if reading.has("as_before") and len(reading.leftover) <= SMALL_TALK:
        return "book"
    if sides:
        return "answer"
    if len(reading.leftover) == 1 and is_of_the_trade(reading.leftover[0], state.business, state.lang):
        return "book"
    few = len(reading.leftover) <= 1 and len(reading.plain.split()) <= _FEW and not reading.has("not_mine", "new_code")
    if reading.has("no", "give_up") and (few or reading.has("thanks", "bye")) and (asked_else or closing):
        return "bye"
    for intent in ("bye", "thanks", "help", "rude"):
        if reading.has(intent):
            return intent
    if reading.has("sigh"):
        return "sigh"
    if len(reading.leftover) > SMALL_TALK:
        return "lost"
    if reading.has("greet"):
        return "hello"
    if reading.has("yes"):
        nothing_asked = state.turn > 1 and not state.last_text.endswith("?")
        acknowledged = reading.has("acknowledges") and (asked_else or nothing_asked)
        return "book" if state.waiting else "acknowledged" if acknowledged else "go_on"
    # "No" to what was not even understood closes nothing.
    return "bye" if reading.has("no") and few and not state.misses else "lost"


def _starts_booking(reading: Reading) -> bool:
    """Free times are asked for in the same words as much else; only a line with little else in it is taken so."""
    if reading.has("book"):
        return True
    plain = (
        len(reading.leftover) < SMALL_TALK or reading.heard.service or reading.when.said_day or reading.when.said_time
    )
    return reading.has("availability") and bool(plain)


def _facts_for_booking(reading: Reading, sides: tuple[str, ...]) -> bool:
    if not reading.tells:
        return False
    asks_about = set(sides) & {"hours", "price", "duration", "offers"}
    return not asks_about or bool(reading.person.email or reading.person.name or reading.has("book", "availability"))


def names_unknown_service(reading: Reading) -> bool:
    """Whether a few words were said that may be a service, and are none of ours."""
    quiet = not reading.has("yes", "no", "greet", "thanks", "bye", "help", "give_up") and not reading.tells
    return quiet and not reading.heard.candidates and 0 < len(reading.leftover) <= 6
