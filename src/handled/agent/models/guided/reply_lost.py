"""What to say where nothing was understood, or where nobody wrote an answer: honest once, then choices."""

from __future__ import annotations

import re
from dataclasses import replace

from .ranker import closest
from .reply_booking import next_step
from .reply_sides import SURE_UNASKED, faq_answer, no_answer
from .state import State
from .wording import Choice, Reply, choice, contact, once, say, service_choices

_NOT_HERE = {"cancel", "reschedule"}  # nothing to offer while the tools for it are missing
_ADDRESS = re.compile(r"@|\S\.\S|\bdot\b")


def unknown_question(state: State) -> Reply:
    """A question nobody wrote an answer for: honest, with somebody who knows or with what can be done here."""
    reading = state.reading
    if reading.has("sells", "price_of") and state.business.services and not state.misses:
        return Reply(f"{no_answer(state)} {say(state, 'ask_service_of')}", ("service",), service_choices(state))
    about_us = reading.has("about_us")
    way = say(state, "ask_the_shop", contact=contact(state)) if about_us else say(state, "can_do")
    if state.misses:
        way = way if about_us else say(state, "choose")
        choices = once((*menu(state), choice(state, "human")))
        return Reply(f"{say(state, 'no_answer_either')} {way}", ("anything_else",), choices, fallback=True)
    return Reply(f"{say(state, 'no_answer')} {way}", ("anything_else",), guesses(state), fallback=True)


def lost(state: State) -> Reply:
    """Nothing was understood. The business may have an answer all the same."""
    if answer := faq_answer(state, state.reading.text, SURE_UNASKED):
        step = next_step(state) if state.op == "book" else Reply(say(state, "anything_else"), ("anything_else",))
        return step.after(answer)
    if state.op == "book":
        return _lost_while_booking(state)
    noise = state.reading.has("noise")
    if noise or state.misses > 1:
        text = f"{say(state, 'no_rush' if noise else 'beyond_me')} {say(state, 'can_do')}"
        return Reply(text, (), once((*menu(state), choice(state, "human"))), fallback=True)
    if state.misses:
        text = say(state, "lost_again", contact=contact(state))
        return Reply(text, (), once((*guesses(state), choice(state, "human"))), fallback=True)
    return Reply(f"{say(state, 'lost')} {say(state, 'can_do')}", (), guesses(state), fallback=True)


def _lost_while_booking(state: State) -> Reply:
    step = next_step(state)
    refused = "email" in state.expects and state.reading.has("no")
    meant_one = state.expects == frozenset({"email"}) and _ADDRESS.search(state.reading.plain)
    if not state.draft.email and (refused or meant_one):
        phrase = "email_needed" if refused else "email_wrong"
        return Reply(say(state, phrase, contact=contact(state)), tuple(state.expects), fallback=True)
    if not state.misses:
        return replace(step.after(say(state, "lost")), fallback=True)
    again = state.misses == 1 and step.choices
    text = say(state, "lost_again", contact=contact(state)) if again else say(state, "lost")
    return replace(step.after(text), fallback=True, choices=once((*step.choices, choice(state, "human"))))


def waiting(state: State) -> Reply:
    """A "hm", a sigh or a smile in the middle of a booking."""
    return next_step(state).after(say(state, "sympathy" if state.reading.has("sigh") else "no_rush"))


def guesses(state: State) -> tuple[Choice, ...]:
    """What the words come closest to, as choices; what can be done here if they are like nothing."""
    closest_ones = [intent for intent in closest(state.reading.plain, state.lang) if intent not in _NOT_HERE]
    return tuple(choice(state, intent) for intent in closest_ones) or menu(state)


def menu(state: State) -> tuple[Choice, ...]:
    """What can be done here."""
    return tuple(choice(state, name) for name in ("book", "price", "hours", "find"))
