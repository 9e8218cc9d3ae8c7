"""What a business wants to know before a booking: its questions, asked one at a time, in its own words."""

from __future__ import annotations

from dataclasses import replace

from handled.tenants.industry import as_asked, may_be_skipped

from . import spoken
from .asides import SMALL_TALK
from .options import LONGEST_OPTION, as_shown, chosen, is_unwilling, options
from .state import Plan, State
from .understand import Reading, Slot
from .wording import Choice, Reply, choice, contact, say

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
    "go_through",
)


def take_in(state: State, reading: Reading) -> Plan | None:
    """Keep an utterance as the answer to the question that was asked; None if it is about something else."""
    if state.op == "book" and "confirm" in state.expects and (changed := _changed_answer(state, reading)):
        state.draft = replace(state.draft, answers=changed)
        return Plan(main="book", answered=True)
    question, said = state.unasked, state.said.text.strip() if state.said else ""
    if question is None or "intake" not in state.expects or state.op != "book":
        return None
    few = options(state, question)
    meant = chosen(state, few, reading.plain)
    skips = not meant and _skips(state, reading, question)
    if not skips and not (_is_choice(state, reading, meant) if few else _is_answer(state, reading, question)):
        return None
    if skips and not may_be_skipped(question):
        state.wrong_field = "intake_needed"
    elif len(said) > _LONGEST:
        state.wrong_field = "intake_too_long"
    else:
        # A choice that was put in other words is noted in those of the question.
        verbatim = not meant or meant.casefold() in said.casefold() or is_unwilling(state, reading.plain)
        answer = (question, "" if skips else said if verbatim else as_shown(meant))
        state.draft = replace(state.draft, answers=(*state.draft.answers, answer))
    return Plan(main="book", answered=True)


def _changed_answer(state: State, reading: Reading) -> tuple[tuple[str, str], ...]:
    """The answers with another one in place of what was chosen before: "online, please", once the card is shown."""
    few_words = len(reading.plain.split()) <= LONGEST_OPTION + SMALL_TALK and not reading.text.endswith("?")
    few_words = few_words and not is_unwilling(state, reading.plain)
    for place, (question, answer) in enumerate(state.draft.answers if few_words else ()):
        meant = chosen(state, options(state, question), reading.plain)
        if meant and meant.casefold() not in answer.casefold():
            return (*state.draft.answers[:place], (question, as_shown(meant)), *state.draft.answers[place + 1 :])
    return ()


def _skips(state: State, reading: Reading, question: str) -> bool:
    """Whether no answer is given. "No" is one to a question that may be answered by it."""
    if reading.has("skip"):
        return True
    if not may_be_skipped(question) and reading.has("give_up"):
        return False
    by_no = _takes_yes_and_no(state, question)
    return (reading.has("nothing_to_say") and not by_no) or (
        may_be_skipped(question) and reading.has("no") and reading.has("give_up")
    )


def _takes_yes_and_no(state: State, question: str) -> bool:
    return bool(state.lang.polar.search(question)) and not options(state, question)


def _is_choice(state: State, reading: Reading, meant: str) -> bool:
    """Where the question names its answers, only one of them is one, and not the word of who asks about it."""
    if reading.questions or reading.text.endswith("?"):
        return False
    return bool(meant or state.lang.either_is_fine.search(reading.plain))


def _is_answer(state: State, reading: Reading, question: str) -> bool:
    """Nearly everything is one: people tell a hairdresser of dates, names and places. Not so a question, a correction
    of what was said before, an order to go on, and a wish to stop."""
    if reading.questions or reading.text.endswith("?"):
        return False
    if reading.has(*_NOT_AN_ANSWER) or reading.person.email:
        return False
    if reading.has("noise") and not any(letter.isalpha() and not letter.isascii() for letter in reading.plain):
        return False
    few_words = len(reading.leftover) <= SMALL_TALK
    if few_words and (reading.has("give_up", "bye", "cancel", "hostile") or state.lang.to_remember.match(reading.text)):
        return False
    if reading.has("yes") and not (reading.leftover or reading.tells or _takes_yes_and_no(state, question)):
        return False
    if few_words and (_tells_who(state, reading) or (reading.has("thanks", "greet") and not reading.tells)):
        return False
    return not (few_words and reading.has("swap", "no", "corrects") and not reading.when.empty)


def _tells_who(state: State, reading: Reading) -> bool:
    """Whether somebody says whom they want, or corrects their own name."""
    service, name = state.service, reading.person.name
    wanted = bool(service and len(service.resources) > 1 and reading.resource in service.resources)
    known = (state.draft.name or "").casefold()
    renamed = bool(name) and (state.lang.has("own_name", reading.plain) or str(name).casefold().startswith(f"{known} "))
    return wanted or renamed


def ask(state: State) -> Reply | None:
    """The next question; None when all have been asked."""
    question = state.unasked
    if question is None:
        return None
    optional = may_be_skipped(question)
    text = say(state, "intake_optional" if optional else "intake", question=as_asked(question))
    named = [as_shown(each) for each in options(state, question)]
    choices = tuple(Choice(each, each) for each in named)
    asks = Reply(text, ("intake",), (*choices, choice(state, "skip")) if optional else choices)
    if named and not state.plan.sides and _missed(state, question):
        only = say(state, "intake_options", options=spoken.listed(named, state.lang.say("or", 0)))
        return replace(asks, fallback=True).after(only)
    return asks.after(_lead(state))


def _missed(state: State, question: str) -> bool:
    """Whether the question was put twice, and what came was no answer to it either time."""
    again = "intake" in state.expects and state.asked_times > 1 and as_asked(question) in state.last_text
    return again and not (state.plan.answered or state.plan.changed or state.wrong_field)


def _lead(state: State) -> str:
    if state.wrong_field in {"intake_needed", "intake_too_long"}:
        return say(state, state.wrong_field, contact=contact(state))
    if state.plan.answered:
        return say(state, "noted")
    if "intake" in state.expects and state.reading.has("yes", "go_through") and not state.plan.changed:
        return say(state, "intake_first")
    when = state.draft.when
    if state.answer("find_slots") and when.date:
        return say(state, "free", when=spoken.moment(Slot(when.date, when.time), state))
    return say(state, "noted") if state.plan.changed else ""
