"""What to say where nothing was understood, or where nobody wrote an answer: honest once, then choices."""

from __future__ import annotations

import re
from dataclasses import replace

from .ranker import closest
from .reply_sides import SURE_UNASKED, faq_answer, no_answer
from .state import State
from .steps import step
from .wording import Choice, Reply, choice, contact, once, say, service_choices, way_out

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
        text = f"{say(state, 'no_answer_either')} {way} {say(state, 'offer_person')}"
        return Reply(text, ("anything_else",), choices, fallback=True)
    return Reply(f"{say(state, 'no_answer')} {way}", ("anything_else",), guesses(state), fallback=True)


def lost(state: State) -> Reply:
    """Nothing was understood. The business may have an answer all the same."""
    if answer := faq_answer(state, state.reading.text, SURE_UNASKED):
        return (step(state) or Reply(say(state, "anything_else"), ("anything_else",))).after(answer)
    if following := step(state):
        return _lost_on_the_way(state, following)
    noise = state.reading.has("noise")
    if noise or state.misses > 1:
        text = f"{say(state, 'no_rush' if noise else 'beyond_me')} {say(state, 'can_do')}"
        text = text if noise else f"{text} {say(state, 'offer_person')}"
        return Reply(text, (), once((*menu(state), choice(state, "human"))), fallback=True)
    if state.misses:
        text = f"{say(state, 'lost_again', contact=contact(state))} {say(state, 'offer_person')}"
        return Reply(text, (), once((*guesses(state), choice(state, "human"))), fallback=True)
    return Reply(f"{say(state, 'lost')} {say(state, 'can_do')}", (), guesses(state), fallback=True)


def _lost_on_the_way(state: State, following: Reply) -> Reply:
    refused = "email" in state.expects and state.reading.has("no", "skip", "no_email")
    meant_one = state.expects == frozenset({"email"}) and _ADDRESS.search(state.reading.plain)
    if state.op == "book" and not state.draft.email and (refused or meant_one):
        phrase = "email_needed" if refused else "email_wrong"
        return Reply(say(state, phrase, contact=contact(state)), tuple(state.expects), fallback=True)
    if not state.misses:
        return replace(following.after(say(state, "lost")), fallback=True)
    if state.op == "book" and "service" in state.expects and state.draft.candidates:
        return way_out(state, following)
    if following.fallback:
        return replace(following, choices=once((*following.choices, choice(state, "human"))))
    again = state.misses == 1 and following.choices
    text = say(state, "lost_again", contact=contact(state)) if again else say(state, "lost")
    return replace(following.after(text), fallback=True, choices=once((*following.choices, choice(state, "human"))))


def waiting(state: State) -> Reply:
    """A "hm", a sigh or a smile in the middle of a booking."""
    word = say(state, "sympathy" if state.reading.has("sigh") else "no_rush")
    return (step(state) or Reply(say(state, "go_on"))).after(word)


def guesses(state: State) -> tuple[Choice, ...]:
    """What the words come closest to, as choices; what can be done here if they are like nothing."""
    return tuple(choice(state, intent) for intent in closest(state.reading.plain, state.lang)) or menu(state)


def menu(state: State) -> tuple[Choice, ...]:
    """What can be done here."""
    return tuple(choice(state, name) for name in ("book", "reschedule", "cancel", "hours", "price"))
