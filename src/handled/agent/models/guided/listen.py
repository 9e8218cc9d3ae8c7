"""What has to be done about an utterance.

State wins over intent: what was just asked decides how words are taken, and a booking in progress is only left on
a clear word. Nothing here starts a change on the strength of a guess.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from .dates import local
from .facts import MOVES, adopt_finder, start_booking
from .history import CustomerSaid
from .state import Draft, Plan, State
from .understand import Reading, Scene, understand

_BUSINESS_TOPICS = ("services", "price", "duration", "hours", "location", "contact", "policy", "staff", "identity")
_PROPOSAL_LASTS = timedelta(minutes=10)  # after that the server has let go of it, and of the time it held
_SMALL_TALK = 2  # words beside the known ones that a greeting or a yes may hold


def hear(state: State, said: CustomerSaid) -> None:
    """Take in one utterance of the customer."""
    state.turn += 1
    state.said = said
    state.now = local(said.at, state.business.timezone)
    if state.proposal and state.now - state.proposal.at >= _PROPOSAL_LASTS:
        state.proposal, state.search = None, None
    state.answers = []
    state.wrong_field = None
    nameless = state.op == "book" and not state.draft.name
    scene = Scene(state.business, state.lang, state.now, state.expects, state.offered, nameless)
    reading = understand(said.text, scene)
    state.reading = reading
    before = state.draft
    state.plan = _route(state, reading)
    if state.plan.main == "book":
        start_booking(state, reading)
    elif state.plan.main == "find":
        state.op = "find"
        adopt_finder(state, reading)
    elif state.plan.main in {"left_open", "cancel", "reschedule"}:
        state.op, state.proposal, state.search, state.offered = None, None, None, ()
        state.draft = Draft(name=before.name, email=before.email, phone=before.phone)
    elif reading.heard.service and not state.draft.service:
        state.draft = replace(state.draft, service=reading.heard.service)
    if state.draft != before:
        state.plan = replace(state.plan, changed=True)


def _route(state: State, reading: Reading) -> Plan:
    sides = _sides(state, reading)
    plan = Plan(
        main=_main(state, reading, sides),
        sides=sides,
        about_date=reading.when.date if "hours" in sides else None,
        about_service=reading.heard.service,
    )
    asked = "service" in state.expects and not state.draft.candidates
    if asked and plan.main == "book" and _names_unknown_service(reading):
        plan = replace(plan, unknown_service=True)
    return plan


def _sides(state: State, reading: Reading) -> tuple[str, ...]:
    """The side questions in an utterance, in the order they will be answered."""
    if reading.has("hostile"):
        return ()
    asks = reading.has("question") or len(reading.plain.split()) <= 4
    topics = [topic for topic in _BUSINESS_TOPICS if topic in reading.topics and asks]
    topics.sort(key=lambda topic: _place(state, topic, reading.plain))
    if "contact" in topics and reading.person.phone and not reading.questions:
        topics.remove("contact")
    if "duration" in topics and "price" in topics and not reading.has("price"):
        topics.remove("price")
    if "services" in topics and ("price" in topics or reading.heard.service):
        topics.remove("services")
    if reading.has("offers") and reading.heard.service and not reading.has("availability", "book") and not topics:
        topics.append("offers")
    if not topics and _carries_on(state, reading):
        return tuple(side for side in state.plan.sides if side in {"price", "duration"})
    if reading.questions and not (topics == ["policy"] and len(reading.questions) == 1):
        topics.append("faq")
    return tuple(topics)


def _carries_on(state: State, reading: Reading) -> bool:
    """ "And a haircut?" after a question about prices is another one."""
    before = set(state.plan.sides) & {"price", "duration"}
    short = bool(reading.heard.service) and len(reading.leftover) <= _SMALL_TALK and reading.when.empty
    return bool(before) and short and bool(state.lang.carry_on.search(reading.plain))


def _place(state: State, topic: str, plain: str) -> int:
    """Where in the utterance a topic comes up, so that it is answered in the order it was asked."""
    match = state.lang.intents[topic].search(plain)
    return match.start() if match else len(plain)


def _main(state: State, reading: Reading, sides: tuple[str, ...]) -> str:
    busy = state.op == "book"
    if reading.has("hostile"):
        return "hostile"
    if reading.has("human") and not reading.has("identity") and not (busy and reading.tells):
        return "human"
    if main := _about_existing(state, reading, busy):
        return main
    if busy:
        return _main_while_booking(state, reading, sides)
    return _main_while_idle(state, reading, sides)


def _about_existing(state: State, reading: Reading, busy: bool) -> str | None:
    """Whether this is about a booking made before: find, cancel, reschedule."""
    if busy and not state.receipts:
        if reading.has("cancel") and reading.when.empty and not reading.has("other_time", "other_day"):
            return "left_open"
        if reading.has("cancel", "reschedule"):
            return "book"
    elif reading.has("cancel") and not (busy and not reading.when.empty):
        return "cancel"
    elif reading.has("reschedule"):
        return "book" if busy else "reschedule"
    if state.op == "find" and (reading.person.code or reading.person.email or reading.person.email_like):
        return "find"
    if reading.has("find") and not busy and not reading.has("another_booking"):
        return "find"
    if reading.person.code and state.lang.code_lead.search(reading.text) and not busy:
        return "find"
    return None


def _main_while_booking(state: State, reading: Reading, sides: tuple[str, ...]) -> str:
    moves = reading.has(*MOVES, "any_resource") or bool(state.lang.take_any.search(reading.plain))
    facts = _facts_for_booking(reading, sides)
    if facts:
        return "book"
    if reading.has("give_up") and not moves and not reading.has("book", "availability"):
        return "left_open"
    if moves or reading.has("something_else"):
        return "book"
    if state.event and state.event.get("event") == "proposal_rejected" and not sides:
        return "declined"
    if reading.has("no") and not reading.questions and not sides:
        if "email" in state.expects and not state.draft.email:
            return "lost"
        return "no" if state.offered or state.proposal else "left_open"
    if reading.has("bye") and not sides:
        return "not_arranged"
    if reading.has("yes", "book", "availability", "recap", "same_time", "same_day") or sides:
        return "book"
    if reading.has("bye", "thanks"):
        return "not_arranged"
    if reading.has("greet", "help"):
        return "book"
    if reading.has("rude"):
        return "rude"
    answers_service = _names_unknown_service(reading) or state.lang.pick_word.search(reading.plain)
    return "book" if "service" in state.expects and answers_service else "lost"


def _main_while_idle(state: State, reading: Reading, sides: tuple[str, ...]) -> str:
    asked_else = "anything_else" in state.expects
    closing = reading.has("thanks", "bye")
    if _starts_booking(reading) and not (closing and state.receipts and not reading.questions):
        return "book"
    few_words = len(reading.leftover) <= _SMALL_TALK + 1
    named = reading.heard.service or (reading.heard.candidates and (few_words or not reading.when.empty))
    if named and not set(sides) - {"faq", "offers"} and not closing and not (sides and state.receipts):
        return "book"
    if not reading.when.empty and not reading.leftover and not sides and not closing:
        return "book"
    if state.op == "find" and not sides and not closing and not reading.has("give_up"):
        return "find" if not reading.leftover or reading.has("yes") else "lost"
    if sides:
        return "answer"
    if reading.has("no", "give_up") and (asked_else or closing):
        return "bye"
    for intent in ("bye", "thanks", "help", "rude"):
        if reading.has(intent):
            return intent
    if len(reading.leftover) > _SMALL_TALK:
        return "lost"
    if reading.has("greet"):
        return "hello"
    if reading.has("yes"):
        return "go_on"
    return "bye" if reading.has("no") else "lost"


def _starts_booking(reading: Reading) -> bool:
    """Free times are asked for in the same words as much else; only a line with little else in it is taken so."""
    if reading.has("book"):
        return True
    plain = (
        len(reading.leftover) < _SMALL_TALK or reading.heard.service or reading.when.said_day or reading.when.said_time
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
