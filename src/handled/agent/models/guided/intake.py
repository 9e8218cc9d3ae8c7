"""What a business wants to know before a booking: its questions, asked one at a time, in its own words."""

from __future__ import annotations

from dataclasses import replace

from handled.tenants.industry import as_asked, may_be_skipped

from . import spoken
from .asides import SMALL_TALK
from .state import Plan, State
from .understand import Reading, Slot
from .wording import Reply, choice, contact, say

_LONGEST = 500  # characters; the server keeps no more of an answer
_NOT_AN_ANSWER = (
    "human",
    "rephrase",
    "second_thoughts",
    "why_asked",
    "other_time",
    "other_day",
    "other_service",
    "rude",
)


def take_in(state: State, reading: Reading) -> Plan | None:
    """Keep an utterance as the answer to the question that was asked; None if it is about something else."""
    question, said = state.unasked, state.said.text.strip() if state.said else ""
    if question is None or "intake" not in state.expects or state.op != "book":
        return None
    skips = reading.has("skip") or (may_be_skipped(question) and reading.has("no") and reading.has("give_up"))
    if not skips and not _is_answer(state, reading):
        return None
    if skips and not may_be_skipped(question):
        state.wrong_field = "intake_needed"
    elif len(said) > _LONGEST:
        state.wrong_field = "intake_too_long"
    else:
        answer = (question, "" if skips else said)
        state.draft = replace(state.draft, answers=(*state.draft.answers, answer))
    return Plan(main="book", answered=True)


def _is_answer(state: State, reading: Reading) -> bool:
    """Nearly everything is one: people tell a hairdresser of dates, names and places. Not so a question, a correction
    of what was said before, and a wish to stop."""
    if reading.has(*_NOT_AN_ANSWER) or reading.person.email or reading.questions or reading.text.endswith("?"):
        return False
    few_words = len(reading.leftover) <= SMALL_TALK
    if few_words and (reading.has("give_up", "bye", "cancel", "hostile") or state.lang.to_remember.match(reading.text)):
        return False
    return not (few_words and reading.has("swap", "no") and not reading.when.empty)


def ask(state: State) -> Reply | None:
    """The next question; None when all have been asked."""
    question = state.unasked
    if question is None:
        return None
    optional = may_be_skipped(question)
    text = say(state, "intake_optional" if optional else "intake", question=as_asked(question))
    return Reply(text, ("intake",), (choice(state, "skip"),) if optional else ()).after(_lead(state))


def _lead(state: State) -> str:
    if state.wrong_field in {"intake_needed", "intake_too_long"}:
        return say(state, state.wrong_field, contact=contact(state))
    if state.plan.answered:
        return say(state, "noted")
    when = state.draft.when
    if state.answer("find_slots") and when.date:
        return say(state, "free", when=spoken.moment(Slot(when.date, when.time), state))
    return say(state, "noted") if state.plan.changed else ""
