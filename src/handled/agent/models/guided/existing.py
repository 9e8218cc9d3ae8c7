"""Whether an utterance is about a booking that exists: to find it, to cancel it, to move it, or to leave it be."""

from __future__ import annotations

import re
from dataclasses import replace

from . import identify, task_move
from .asides import SMALL_TALK
from .dates import When
from .errand import ERRANDS
from .shifts import shift_of
from .state import State
from .understand import Reading

_PARTS = re.compile(r"[,.;!?]|\b(?:but|and|so)\b")


def main(state: State, reading: Reading, sides: tuple[str, ...]) -> str | None:
    """What it is about: "find", "cancel", "move", "kept" and the like. None: not a booking that exists."""
    if state.op in ERRANDS:
        return _within(state, reading, sides)
    return _begins(state, reading, sides)


def lacking(state: State, reading: Reading) -> Reading:
    """ "Don't have it", where the code was just asked for, is said of the code; who has no booking leaves it."""
    if "code" in state.expects and reading.has("lacks_it"):
        return replace(reading, wants=(reading.wants - {"no", "give_up"}) | {"no_code"})
    if state.op and "code" in state.expects and reading.has("none_own"):
        return replace(reading, wants=reading.wants - {"cancel", "cancel_word", "find"} | {"give_up", "no"})
    return reading


def rebooking(state: State, reading: Reading) -> Reading:
    """ "Cancel it and book me Friday instead" is a wish to move: nobody loses the one before they have the other."""
    only = state.errand.made[0].service if len(state.errand.made) == 1 else None
    own = (state.errand.booking or {}).get("service") or only
    other = own and reading.heard.service not in (None, own)
    if not reading.has("cancel_for") or reading.when.empty or reading.heard.candidates or other:
        return reading
    return replace(reading, wants=(reading.wants - {"cancel", "cancel_it", "cancel_word", "book"}) | {"reschedule"})


_CANCELS = frozenset({"cancel", "cancel_it", "cancel_word"})
_CHANGES = _CANCELS | {"reschedule", "move_word"}


def meant(state: State, reading: Reading) -> Reading:
    """Without the wishes that are only spoken of: "don't cancel, just move it", "cancel it, no wait, keep it", "did you
    cancel my appointment?"."""
    lang, plain, wants = state.lang, reading.plain, reading.wants
    if reading.has("asks_if_cancelled"):
        return replace(reading, wants=(wants - _CANCELS) | {"find"})
    if reading.has("unless"):
        wants = (wants - _CANCELS) | {"reschedule"}
    if (
        (parts := lang.taken_back.split(plain))
        and len(parts) > 1
        and any(lang.has(w, parts[-1]) for w in _CHANGES | {"keep"})
    ):
        wants -= {each for each in _CHANGES | {"keep", "no"} if not lang.has(each, parts[-1])}
    left = lang.no_wish.sub(" ", plain)
    if left != plain:
        wants -= {each for each in _CHANGES if not lang.has(each, left)}
    return replace(reading, wants=wants)


def checking(state: State, reading: Reading) -> Reading:
    """ "Is that a Friday?", said of a card, is no wish for a Friday."""
    if not reading.has("checks") or "confirm" not in state.expects:
        return reading
    wants = reading.wants - {"no", "other_day", "other_time", "availability"} | {"recap"}
    return replace(reading, when=When(), wants=wants, questions=())


def _begins(state: State, reading: Reading, sides: tuple[str, ...]) -> str | None:
    busy, receipts = state.op == "book", state.receipts
    if _asks_only(state, reading, sides):
        return None
    if receipts and reading.person.email and not busy and reading.has("no", "swap"):
        return "no_new_email"
    if not busy and reading.has("new_details"):
        return "no_new_email"
    person = reading.person
    named = bool(person.code and (person.email or state.lang.code_lead.search(reading.text)))
    own = state.errand.booking is not None or (bool(state.errand.made) and len(reading.leftover) <= SMALL_TALK)
    known = named or bool(person.code) or (not busy and own)
    cancels = reading.has("cancel", "cancel_it") or (known and reading.has("cancel_word"))
    named_own = reading.has("moves_own") and bool(reading.heard.service or reading.heard.candidates)
    moves = reading.has("reschedule") or (known and reading.has("move_word")) or named_own or _shifts(state, reading)
    if busy and not receipts and not reading.tells and _asks_for_own(state, reading):
        return "find"
    if busy and named and state.draft.email and not state.draft.service:
        return "find"  # the address was sent alone, before the code
    if own and reading.has("keep") and not (busy or cancels or moves or task_move.wishes(state, reading)):
        return "kept"
    if busy and not (named and (cancels or moves)):
        if not receipts and cancels and reading.when.empty and not reading.has("other_time", "other_day"):
            return "left_open"
        if cancels and receipts and reading.when.empty:
            # "Cancel it" is said of what is being talked about, not of what was booked before.
            of_own = reading.heard.service or state.lang.existing.search(reading.plain)
            return "cancel" if of_own else "left_open"
        return "book" if cancels or reading.has("reschedule") else None
    if reading.has("cant_come") and reading.has("instead") and not reading.has("give_up"):
        return "move"
    if cancels or (reading.has("cant_come") and not reading.when.said_time and not reading.has("book", "availability")):
        return "cancel"
    newly = not reading.when.empty or reading.has("other_day", "other_time", "earlier", "later")
    asked_when = "new_time" in state.expects and newly and not reading.heard.service
    moves = moves or (known and reading.has("wants_other") and task_move.wishes(state, reading))
    if moves or _said_of_last(state, reading) or (asked_when and state.errand.made):
        return "move"
    if state.errand.booking and "anything_else" in state.expects and not sides and _another_time(state, reading):
        with_them = reading.resource == state.errand.booking.get("resource") and reading.when.empty
        return "find" if with_them and reading.has("question") else "move"
    finds = reading.has("find", "no_code", "pay_asked") and not reading.has("another_booking")
    if own and not busy and reading.has("recap") and state.errand.booking and "anything_else" in state.expects:
        return "find"
    asked_code = reading.has("find", "pay_asked", "code_lost") or "code" in state.expects
    return "find" if (finds and asked_code) or named else None


def _asks_for_own(state: State, reading: Reading) -> bool:
    """Whether the bookings made before are meant while a new one has been begun, or was taken to have been."""
    return reading.has("own_list") or (reading.has("no_code") and not state.draft.service)


def _asks_only(state: State, reading: Reading, sides: tuple[str, ...]) -> bool:
    """A question about the rules is a question, unless the wish itself is said beside it."""
    if "policy" not in sides or reading.has("find"):
        return False
    lang, asks = state.lang, ("policy", "cost_of_change", "question")
    parts = [part for part in _PARTS.split(reading.plain) if part]
    wants = (part for part in parts if lang.has("cancel", part) or lang.has("reschedule", part))
    return all(any(lang.has(each, part) for each in asks) for part in wants)


def _shifts(state: State, reading: Reading) -> bool:
    known = state.errand.booking or state.errand.made
    return bool(known and state.op is None and shift_of(reading.plain, state.lang) is not None)


def _said_of_last(state: State, reading: Reading) -> bool:
    """ "Actually, can we make it 4?", right after a booking was made, found or moved."""
    if not (state.errand.booking or state.errand.made) or reading.heard.service or reading.person.email:
        return False
    if reading.has("as_well", "another_booking", "thanks", "right_after", "right_before"):
        return False
    if reading.has("book") and not reading.has("swap", "no"):
        return False
    changes = reading.has("swap", "no") and (not reading.when.empty or bool(reading.resource))
    relative = reading.has("earlier", "later") and reading.has("question", "availability", "swap")
    return changes or (relative and len(reading.leftover) <= 2)


def _another_time(state: State, reading: Reading) -> bool:
    """Whether a time is named to somebody who was just shown what they have."""
    own = (state.errand.booking or {}).get("service")
    new = reading.has("another_booking", "as_well", "thanks", "right_after", "right_before", "recap", "find", "no")
    if new or reading.person.email or reading.heard.service not in (None, own):
        return False
    return task_move.wishes(state, reading) and not (reading.has("book") and not reading.has("swap"))


def _within(state: State, reading: Reading, sides: tuple[str, ...]) -> str | None:
    op = state.op or "find"
    if reading.has("new_details"):
        return "no_new_email"
    if _leaves_for_booking(state, reading):
        return None
    if _asks_only(state, reading, sides):
        return op
    told = identify.told(state, reading)
    wishes = task_move.wishes(state, reading)
    refuses = _refuses(state, reading) and not (sides or reading.questions)
    if op != "find" and ((reading.has("keep") and not wishes) or _stays(state, reading)):
        return "kept"
    known = state.errand.booking is not None or bool(reading.person.code)
    if reading.has("cancel", "cancel_it") or (op == "move" and known and reading.has("cancel_word") and not refuses):
        return op if op == "move" and wishes and not reading.has("cancel_word") else "cancel"
    if op == "find" and reading.has("cant_come"):
        return "move" if reading.has("instead") else "cancel"
    if (
        reading.has("reschedule")
        or (op != "move" and known and reading.has("move_word"))
        or (op != "move" and wishes and (state.proposal or reading.has("swap")))
    ):
        return "move"
    if told or (op == "move" and wishes):
        return op
    if reading.has("new_code") and "otp" in state.expects:
        return op
    if refuses:
        return _refused(state, op)
    if sides or reading.has("yes", "find", "new_code", "other_own", "all_own", "price"):
        return op
    return _manners(reading)


def _stays(state: State, reading: Reading) -> bool:
    """ "Actually no, stay with the 7th", which is when it is."""
    booked = task_move.now_at(state.errand.booking or {})
    said = reading.when
    return reading.has("stays_with") and said.date == booked.date and said.time in (None, booked.time)


def _leaves_for_booking(state: State, reading: Reading) -> bool:
    own = (state.errand.booking or {}).get("service")
    other = bool(reading.heard.service) and reading.heard.service != own
    starts = reading.has("another_booking") or (reading.has("book") and other and state.op != "find")
    starts = starts or (state.op == "find" and reading.has("book") and not reading.has("find"))
    known = state.errand.booking or reading.person.code
    starts = starts or (
        reading.has("book") and not known and not reading.has("find", "cancel_word", "give_up", "no_code")
    )
    picks = reading.pick is not None or identify.chosen(state, reading) is not None
    return starts and not picks and not reading.has("cancel", "reschedule", "other_own", "swap")


def _refuses(state: State, reading: Reading) -> bool:
    rejected = bool(state.event and state.event.get("event") == "proposal_rejected")
    # Much else in it, and the server did not take it for a no: then it was probably none.
    return rejected or (reading.has("no", "give_up") and len(reading.leftover) <= SMALL_TALK + 1)


def _refused(state: State, op: str) -> str:
    """No to the question that was asked: it stays as it is, or another time is looked for."""
    if op == "move" and state.offered and not state.reading.has("give_up"):
        asked = any(phrase in state.last_text for phrase in state.lang.phrases["ask_keep_or_other"])
        return "kept" if asked else "keep_or_other"
    return "kept"


def _manners(reading: Reading) -> str:
    if reading.has("bye", "thanks"):
        return "not_changed"
    if reading.has("rude"):
        return "rude"
    if reading.has("sigh", "noise"):
        return "waiting"
    if reading.has("greet", "help", "why_asked"):
        return "resume"
    return "lost"
