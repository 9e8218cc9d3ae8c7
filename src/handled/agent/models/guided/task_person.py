"""Getting a person: the business is told at once, then the customer is asked, once, how to reach them."""

from __future__ import annotations

from dataclasses import replace

from .history import Json, ToolAnswered
from .state import State
from .understand import Reading
from .wording import Reply, contact, say

TOOL = "escalate_to_human"
WANTED = ("human", "reachable")
_LONG = 3  # words beside a yes or a no, from which on it is about something else


def main(state: State, reading: Reading) -> str | None:
    """Whether an utterance asks for a person, takes the offer of one, or says how to reach them. None: neither."""
    asked, state.wants_reach = state.wants_reach, False
    few_words = len(reading.leftover) < _LONG
    if asked and (reading.person.email or reading.person.phone):
        return "reachable"
    if asked and reading.person.email_like:
        state.wants_reach = True
        return "reach_wrong"
    if asked and reading.has("no", "give_up") and few_words and not reading.questions:
        return "unreachable"
    offered = any(phrase in state.last_text for phrase in state.lang.phrases["offer_person"])
    if offered and reading.has("yes") and few_words and not (reading.tells or reading.has("no", "book")):
        return "human"
    return None


def calls(state: State) -> list[tuple[str, Json]]:
    """What the team has to be told."""
    if state.plan.main not in WANTED or state.answer(TOOL):
        return []
    person, draft = state.reading.person, state.draft
    why = "stuck" if state.misses > 1 else "asked"
    told: Json = {
        "reason": "" if state.plan.main == "reachable" else state.reading.text,
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
    told = f"{say(state, 'person_told')} {result.get('when') or ''}".strip()
    if state.wants_reach:
        return Reply(say(state, "ask_reach"), ("email",)).after(told)
    return Reply(where, ("anything_else",)).after(told)


def unreachable(state: State) -> Reply:
    """They would rather not say."""
    return Reply(say(state, "anything_else"), ("anything_else",)).after(say(state, "reach_not_needed"))


def not_an_address(state: State) -> Reply:
    return Reply(say(state, "email_wrong"), ("email",))
