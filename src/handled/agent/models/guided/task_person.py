"""Getting a person: the business is told at once, then the customer is asked, once, how to reach them."""

from __future__ import annotations

from dataclasses import replace

from .history import Json, ToolAnswered
from .services import service_words
from .state import State
from .understand import Reading
from .wording import Reply, contact, say

TOOL = "escalate_to_human"
WANTED = ("human", "reachable", "person_reason")
_LONG = 3  # words beside a yes or a no, from which on it is about something else
_MOST_ASKED = 2  # times the address is asked for
# What the assistant can do something about, or what calls for an answer of its own.
_NO_REASON = (
    "book", "availability", "reschedule", "cancel", "find", "cant_come", "human", "help", "greet", "thanks", "bye",
    "rephrase", "give_up", "hostile", "second_thoughts", "forget_me", "what_known", "sigh", "noise", "why_asked",
)  # fmt: skip


def main(state: State, reading: Reading) -> str | None:
    """Whether an utterance asks for a person, takes the offer of one, says what for or how to reach them. None: none
    of it."""
    just_told, state.person_told = state.person_told, False
    asked = just_told and state.wants_reach and "email" in state.expects
    few_words = len(reading.leftover) < _LONG
    if (asked or _only_contact(state, reading)) and (reading.person.email or reading.person.phone):
        return "reachable"
    if asked and reading.person.email_like:
        state.person_told = True
        return "reach_wrong"
    if asked and reading.has("no", "give_up") and few_words and not reading.questions:
        state.wants_reach = False
        return "unreachable"
    if just_told and _is_reason(state, reading):
        return "person_reason"
    offered = any(phrase in state.last_text for phrase in state.lang.phrases["offer_person"])
    if offered and reading.has("yes") and few_words and not (reading.tells or reading.has("no", "book")):
        return "human"
    return None


def question_in(state: State, text: str) -> str:
    """The question in what was to say how to reach them: in "whatever. how much is a cut" nothing else is said."""
    if not (state.person_told and state.wants_reach and "email" in state.expects):
        return text
    lang = state.lang
    said = [each for each in lang.sentence_end.split(text) if each.strip()]
    asked = [each for each in said if lang.has("question", lang.normalise(each))]
    beside = [lang.normalise(each) for each in said if each not in asked]
    telling = [word for each in beside for word in each.split() if word.strip(".,!") not in lang.filler]
    refuses = any(lang.has("no", each) for each in beside)
    return " ".join(asked) if asked and len(telling) < _LONG and not refuses and "@" not in text else text


def ask_once_more(state: State) -> None:
    """A question came instead of the address: it is answered, and the address asked for again."""
    if state.wants_reach and state.reach_asked < _MOST_ASKED:
        state.person_told, state.reach_asked = True, state.reach_asked + 1


def _only_contact(state: State, reading: Reading) -> bool:
    """Whether an address that comes later can only be the one that was asked for."""
    wish = reading.has("book", "availability", "cancel", "reschedule", "find") or reading.heard.service
    return state.wants_reach and state.op is None and not (wish or reading.person.code or reading.when.said_day)


def _is_reason(state: State, reading: Reading) -> bool:
    """Whether words right after the team was told are what the person is wanted for."""
    if reading.foreign or reading.questions or reading.text.endswith("?") or reading.has(*_NO_REASON):
        return False
    if state.op == "book" and reading.tells:
        return False
    named = service_words(state.business)
    beside = [word for word in reading.leftover if word not in named]
    if len(beside) < _LONG and reading.has("yes", "no", "rude"):
        return False
    return bool(beside or reading.person.name or (reading.leftover and not reading.heard.service))


def calls(state: State) -> list[tuple[str, Json]]:
    """What the team has to be told."""
    if state.plan.main not in WANTED or state.answer(TOOL):
        return []
    person, draft = state.reading.person, state.draft
    why = "stuck" if state.misses > 1 and state.plan.main == "human" else "asked"
    only_contact = state.plan.main == "reachable" and len(state.reading.leftover) < _LONG
    told: Json = {
        "reason": "" if only_contact else state.reading.text,
        "why": why,
        "name": person.name or draft.name,
        "email": person.email or draft.email,
        "phone": person.phone or draft.phone,
    }
    return [(TOOL, told)]


def note(state: State, answer: ToolAnswered) -> None:
    """Take in what the team's being told has led to; another model may have told them."""
    if state.plan.main not in WANTED:
        state.plan = replace(state.plan, main="human", sides=())
    needs = bool(answer.result.get("needs")) or answer.result.get("status") == "invalid"
    state.wants_reach = needs and state.op != "book"
    state.reach_asked += state.wants_reach
    state.person_told = "status" in answer.result and answer.result["status"] != "too_often"


def note_event(state: State, event: Json) -> None:
    """Take in that a person was asked for by the button, or has spoken here."""
    by_button = event.get("event") == "person_asked" and event.get("cause") in {"button", "failure"}
    state.person_told = by_button
    state.wants_reach = by_button and state.op != "book"
    state.reach_asked = int(by_button)


def speak(state: State) -> Reply:
    """What the customer may expect, and the question how to reach them."""
    result = state.answer(TOOL) or {}
    closing = Reply(say(state, "anything_else"), ("anything_else",))
    if result.get("status") == "invalid":
        return Reply(say(state, "email_wrong"), ("email",))
    if result.get("status") != "told":
        return Reply(say(state, "human", contact=contact(state)), ("anything_else",))
    email = result.get("email")
    where = say(state, "answer_by_mail", email=email) if isinstance(email, str) and email else say(state, "answer_here")
    if state.plan.main == "reachable":
        return closing.after(say(state, "reach_noted"), where)
    if state.plan.main == "person_reason":
        told = say(state, "reason_added")
    else:
        told = f"{say(state, 'person_told')} {result.get('when') or ''}".strip()
    if state.wants_reach and state.reach_asked <= _MOST_ASKED:
        phrase = "ask_reach_again" if state.reach_asked > 1 else "ask_reach"
        return Reply(say(state, phrase), ("email",)).after(told)
    if state.plan.main == "person_reason":
        return closing.after(told)
    return Reply(where, ("anything_else",)).after(told)


def ask_again(state: State) -> Reply:
    """The question how to reach them, once more."""
    return Reply(say(state, "ask_reach_again"), ("email",))


def unreachable(state: State) -> Reply:
    """They would rather not say."""
    return Reply(say(state, "anything_else"), ("anything_else",)).after(say(state, "reach_not_needed"))


def not_an_address(state: State) -> Reply:
    return Reply(say(state, "email_wrong"), ("email",))
