"""What the guided model says in a turn, once every tool it needed has answered."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from . import spoken
from .history import Json
from .ranker import closest
from .reply_booking import booking_event, declined, next_step, refused_offer, short_question, unable
from .reply_sides import SURE_UNASKED, faq_answer, no_answer, side_answers, unanswered
from .state import State, date_of, time_of
from .understand import Slot
from .wording import Choice, Reply, choice, contact, once, say, service_choices

__all__ = ["Choice", "Reply", "reply"]


def reply(state: State) -> Reply:
    """The words of this turn, with what they expect and offer."""
    main = state.plan.main
    if state.refusal:
        return Reply(say(state, "anything_else"), ("anything_else",)).after(state.refusal)
    sides = side_answers(state)
    if main == "book":
        step = next_step(state)
        helped = not state.service and state.reading.has("unsure", "difference")
        if unanswered(state) and not sides and not helped and not state.plan.changed and not state.reading.has("recap"):
            sides = [no_answer(state)]
        return step.after(*_before_step(state), booking_event(state), unable(state), *sides)
    if main == "find":
        return _find(state).after(*sides)
    if main == "answer":
        return _answered(state, sides)
    if main in _SPEAKERS:
        return _SPEAKERS[main](state)
    return _greeted(state)


def _before_step(state: State) -> list[str]:
    """What to say first about how the wish was put."""
    service = state.service
    if state.plan.comfort and service:
        return [say(state, "comfort", service=service.label, contact=contact(state))]
    phrases = (("as_before", "no_memory"), ("several", "one_by_one"))
    return [say(state, phrase) for intent, phrase in phrases if state.reading.has(intent)]


def _answered(state: State, sides: list[str]) -> Reply:
    if not sides:
        return _unknown_question(state)
    if any(side in state.plan.sides for side in ("services", "offers", "price", "duration")):
        choices = (choice(state, "book"), choice(state, "no_thanks"))
    else:
        choices = ()
    closing = Reply(say(state, "anything_else"), ("anything_else",), choices)
    return closing.after(*sides)


def _unknown_question(state: State) -> Reply:
    """A question nobody wrote an answer for: honest, with somebody who knows."""
    if state.misses:
        return _lost(state)
    if state.reading.has("sells") and state.business.services:
        return Reply(f"{no_answer(state)} {say(state, 'ask_service_of')}", ("service",), service_choices(state))
    text = f"{say(state, 'no_answer')} {say(state, 'ask_the_shop', contact=contact(state))}"
    return Reply(text, ("anything_else",), _guesses(state), fallback=True)


def _lost(state: State) -> Reply:
    if answer := faq_answer(state, state.reading.text, SURE_UNASKED):
        return _resume(state).after(answer)
    if state.op == "book":
        step = next_step(state)
        refused = "email" in state.expects and state.reading.has("no")
        if not state.draft.email and (refused or state.expects == frozenset({"email"})):
            phrase = "email_needed" if refused else "email_wrong"
            return Reply(say(state, phrase, contact=contact(state)), tuple(state.expects), fallback=True)
        if state.misses == 1:
            text = say(state, "lost_again", contact=contact(state))
            choices = once((*step.choices, choice(state, "human")))
            return replace(step.after(text), fallback=True, choices=choices)
        return replace(step.after(say(state, "lost")), fallback=True)
    noise = state.reading.has("noise")
    if noise or state.misses > 1:
        text = f"{say(state, 'no_rush' if noise else 'beyond_me')} {say(state, 'can_do')}"
        return Reply(text, (), once((*_menu(state), choice(state, "human"))), fallback=True)
    if state.misses:
        text = say(state, "lost_again", contact=contact(state))
        return Reply(text, (), once((*_guesses(state), choice(state, "human"))), fallback=True)
    return Reply(f"{say(state, 'lost')} {say(state, 'can_do')}", (), _guesses(state), fallback=True)


def _guesses(state: State) -> tuple[Choice, ...]:
    closest_ones = [intent for intent in closest(state.reading.plain, state.lang) if intent not in _NOT_HERE]
    return tuple(choice(state, intent) for intent in closest_ones) or _menu(state)


_NOT_HERE = {"cancel", "reschedule"}  # nothing to offer while the tools for it are missing


def _resume(state: State) -> Reply:
    """Back to what was being asked."""
    if state.op == "book":
        return next_step(state)
    if state.op == "find":
        return _find(state)
    return Reply(say(state, "anything_else"), ("anything_else",))


def _waiting(state: State) -> Reply:
    """A "hm", a "?" or a smile in the middle of a booking."""
    return next_step(state).after(say(state, "no_rush"))


def _danger(state: State) -> Reply:
    return Reply(say(state, "danger", contact=contact(state)), (), (choice(state, "contact"),))


def _find(state: State) -> Reply:
    found = state.answer("find_booking")
    if not found and state.reading.has("no_code") and not state.reading.person.code:
        return Reply(say(state, "no_code", contact=contact(state)), ("code", "email"))
    if found and found.get("found"):
        return Reply(say(state, "anything_else"), ("anything_else",)).after(
            say(state, "found", what=_booking(state, _object(found.get("booking"))))
        )
    if found:
        if len(state.lookups) > 1:
            return Reply(say(state, "not_found_again", contact=contact(state)), ("anything_else",))
        return Reply(say(state, "not_found"), ("code", "email"))
    if not state.code and not state.draft.email:
        return Reply(say(state, "ask_code_email"), ("code", "email"))
    if not state.code:
        return Reply(say(state, "ask_code"), ("code",))
    if not state.draft.email:
        return Reply(say(state, "ask_email_of_booking"), ("email",))
    return Reply(say(state, "not_found"), ("code", "email"))


def _booking(state: State, booking: Json) -> str:
    label = str(booking.get("label") or booking.get("service") or "")
    when = _when_of(state, booking)
    zone = spoken.zone(str(booking.get("timezone") or state.business.timezone), state)
    what = state.lang.say("on", 0, what=label, when=state.lang.say("in_zone", 0, when=when, zone=zone))
    resource = booking.get("resource")
    return state.lang.say("with", 0, what=what, resource=resource) if isinstance(resource, str) and resource else what


def _when_of(state: State, booking: Json) -> str:
    day = date_of(booking.get("date"))
    return spoken.moment(Slot(day, time_of(booking.get("time"))), state) if day else ""


# ------------------------------------------------------------------------------------------ the rest


def _human(state: State) -> Reply:
    text = say(state, "human", contact=contact(state))
    return _resume(state).after(text) if state.op == "book" else Reply(text, ("anything_else",)).after()


def _no_cancel(state: State) -> Reply:
    return Reply(say(state, "no_cancel", contact=contact(state)), ("anything_else",))


def _no_reschedule(state: State) -> Reply:
    return Reply(say(state, "no_reschedule", contact=contact(state)), ("anything_else",))


def _hostile(state: State) -> Reply:
    text = say(state, "only_this", business=state.business.name)
    return _resume(state).after(text) if state.op else Reply(text, (), _menu(state), fallback=True)


def _rude(state: State) -> Reply:
    text = say(state, "sorry_rude")
    if state.op == "book":
        return replace(_resume(state).after(text), fallback=True)
    return Reply(f"{text} {say(state, 'can_do')}", (), (*_menu(state), choice(state, "human")), fallback=True)


def _menu(state: State) -> tuple[Choice, ...]:
    return tuple(choice(state, name) for name in ("book", "price", "hours", "find"))


def _hello(state: State) -> Reply:
    return Reply(say(state, "hello"), (), _menu(state))


def _help(state: State) -> Reply:
    return Reply(say(state, "can_do"), (), _menu(state))


def _thanks(state: State) -> Reply:
    return Reply(say(state, "anything_else"), ("anything_else",), resolved=True).after(say(state, "welcome"))


def _bye(state: State) -> Reply:
    return Reply(say(state, "bye"), (), resolved=True)


def _go_on(state: State) -> Reply:
    return Reply(say(state, "go_on"), (), _menu(state))


def _left_open(state: State) -> Reply:
    return Reply(say(state, "left_open"), ("anything_else",))


def _not_arranged(state: State) -> Reply:
    welcome = "" if state.reading.has("bye") else say(state, "welcome")
    return short_question(state).after(welcome, say(state, "not_arranged"))


def _greeted(state: State) -> Reply:
    return _hello(state) if state.turn <= 1 else Reply(say(state, "anything_else"), ("anything_else",))


def _object(value: object) -> Json:
    return cast("Json", value) if isinstance(value, dict) else {}


_SPEAKERS = {
    "human": _human,
    "cancel": _no_cancel,
    "reschedule": _no_reschedule,
    "hostile": _hostile,
    "rude": _rude,
    "hello": _hello,
    "help": _help,
    "thanks": _thanks,
    "bye": _bye,
    "go_on": _go_on,
    "left_open": _left_open,
    "not_arranged": _not_arranged,
    "declined": declined,
    "no": refused_offer,
    "lost": _lost,
    "waiting": _waiting,
    "danger": _danger,
}
