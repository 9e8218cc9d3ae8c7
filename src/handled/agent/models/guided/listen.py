"""What has to be done about an utterance.

State wins over intent: what was just asked decides how words are taken, and a booking in progress is only left on
a clear word. Nothing here starts a change on the strength of a guess.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from . import existing, intake, recognise, standing, task_cancel, task_find, task_memory, task_move, task_person
from .asides import SMALL_TALK, sides_of
from .dates import local
from .errand import ERRANDS
from .extremes import with_duration, with_extreme
from .facts import start_booking
from .history import CustomerSaid
from .moving import MOVES, other_one, other_week, put_back
from .options import with_said
from .practice import needs_comfort, wish_for_a_session
from .services import is_of_the_trade
from .state import Draft, Plan, State
from .understand import Reading, Scene, understand

_PROPOSAL_LASTS = timedelta(minutes=10)  # after that the server has let go of it, and of the time it held
_TASKS = {"find": task_find.take_in, "cancel": task_cancel.take_in, "move": task_move.take_in}


def hear(state: State, said: CustomerSaid) -> None:
    """Take in one utterance of the customer."""
    state.turn += 1
    state.said = said
    state.now = local(said.at, state.business.timezone)
    if state.proposal and state.now - state.proposal.at >= _PROPOSAL_LASTS:
        state.proposal, state.search = None, None
    state.answers = []
    state.wrong_field, state.refusal, state.blocked = None, "", ""
    state.errand = state.errand.afresh()
    nameless = state.op == "book" and not state.draft.name
    text, reaching = task_person.question_in(state, said.text), state.person_told
    put_back(state, state.lang.normalise(text))
    scene = Scene(state.business, state.lang, state.now, state.expects, state.offered, nameless)
    reading = existing.lacking(state, other_one(state, other_week(state, understand(text, scene))))
    reading = with_duration(state, with_extreme(state, wish_for_a_session(state, reading)))
    state.reading = reading
    if problem := state.draft.when.problem:
        when = state.draft.when if problem == "no_such_time" else state.draft.when.on(None)
        state.draft = replace(state.draft, when=replace(when, problem=None))
    before = state.before = state.draft
    recognise.take_up(state, reading)
    state.plan = intake.take_in(state, reading) or _route(state, reading)
    if reaching and state.plan.main == "answer":
        task_person.ask_once_more(state)
    if state.plan.answered:
        state.reading = Reading(text=reading.text, plain=reading.plain)
    elif state.plan.main == "book":
        if state.op in ERRANDS:
            _leave_errand(state)
        start_booking(state, reading)
    elif task := _TASKS.get(state.plan.main):
        task(state, reading)
    elif state.plan.main in task_memory.MAINS:
        task_memory.take_in(state, reading)
    elif state.plan.main in {"left_open", "kept"}:
        state.op, state.proposal, state.search, state.offered = None, None, None, ()
        state.draft = Draft(name=before.name, email=before.email, phone=before.phone)
    elif reading.heard.service and not state.draft.service:
        state.draft = replace(state.draft, service=reading.heard.service)
    elif reading.heard.candidates and not state.draft.service:
        state.draft = replace(state.draft, candidates=reading.heard.candidates)
    if state.draft != before:
        state.plan = replace(state.plan, changed=True, moved=_moved(before, state.draft))


def _leave_errand(state: State) -> None:
    """A new booking begins; what was looked for, moved or cancelled is put aside."""
    state.op, state.proposal, state.search, state.offered = None, None, None, ()
    state.draft = Draft(name=state.draft.name, email=state.draft.email, phone=state.draft.phone)
    state.errand = state.errand.over()


def _moved(before: Draft, draft: Draft) -> bool:
    """Whether it is about another service, person or time than before."""
    return any(
        getattr(before, each) != getattr(draft, each)
        for each in ("service", "candidates", "when", "soonest", "resource")
    )


def _route(state: State, reading: Reading) -> Plan:
    sides = sides_of(state, reading)
    plan = Plan(
        main=_main(state, reading, sides),
        sides=sides,
        about_date=reading.when.date if "hours" in sides else None,
        about_service=reading.heard.service,
    )
    asked = "service" in state.expects and not state.draft.candidates and not sides
    if plan.main == "comfort":
        plan = replace(plan, main="book", comfort=True)
    if asked and plan.main == "book" and _names_unknown_service(reading):
        plan = replace(plan, unknown_service=True)
    return plan


def _main(state: State, reading: Reading, sides: tuple[str, ...]) -> str:
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
    if standing.asked(state, reading):
        return "standing"
    if reading.has("second_thoughts") and not (reading.has("give_up") or reading.tells or _rejected(state)):
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
    moves = reading.has(*MOVES, "any_resource") or bool(state.lang.take_any.search(reading.plain))
    facts = _facts_for_booking(reading, sides) or with_said(state, state.draft, reading) != state.draft
    asked_service = "service" in state.expects
    if facts or reading.has("as_before", "several") or (asked_service and reading.heard.candidates):
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
    if reading.has("no") and not reading.questions and not sides:
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
    unknown = _names_unknown_service(reading) and not state.draft.candidates
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
    if reading.has("no", "give_up") and (asked_else or closing):
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
    return "bye" if reading.has("no") and not state.misses else "lost"


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


def _names_unknown_service(reading: Reading) -> bool:
    quiet = not reading.has("yes", "no", "greet", "thanks", "bye", "help", "give_up") and not reading.tells
    return quiet and not reading.heard.candidates and 0 < len(reading.leftover) <= 6
