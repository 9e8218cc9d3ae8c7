"""Which service it is to be, and a word for what was told on the way."""

from __future__ import annotations

from dataclasses import replace

from . import spoken
from .extremes import EXTREMES
from .history import Service
from .state import State
from .wording import ON_REQUEST, Reply, choice, name_of, say, service_choices, service_list, way_out

_FEW = 8  # services named in one sentence
_PATIENCE = 2  # times a question is asked before it is asked in another form


def ask_service(state: State) -> Reply:
    if state.draft.candidates:
        return _ask_which(state)
    choices = service_choices(state)
    if state.reading.has("unsure"):
        return Reply(say(state, "suggest", services=examples(state)), ("service",), choices)
    again = "service" in state.expects and state.asked_times >= _PATIENCE
    if state.plan.unknown_service and again:
        return way_out(state, Reply("", ("service",), choices))
    if state.plan.unknown_service:
        text = say(state, "not_offered", services=service_list(state))
        return Reply(f"{text} {say(state, 'ask_service_of')}", ("service",), choices)
    wished = state.reading.has("book") or not state.reading.when.empty
    named = state.lang.normalise(state.reading.resource or "").split()
    if wished and set(state.reading.leftover) - set(named) and len(choices) <= _FEW:
        # What answers a question of a service is no other service: "a session online".
        if not state.reading.has("book") and state.draft.answers == state.before.answers:
            text = say(state, "not_offered", services=service_list(state))
            return Reply(f"{text} {say(state, 'ask_service_of')}", ("service",), choices)
        return Reply(say(state, "ask_service_among", services=service_list(state)), ("service",), choices)
    return Reply(say(state, "ask_service"), ("service",), choices).after(noted(state))


def _ask_which(state: State) -> Reply:
    """Between the few that the words fit; after a while with what sets them apart."""
    keys = state.draft.candidates
    choices = service_choices(state, keys)
    labels = spoken.listed(
        [state.lang.say("the", 0, what=name_of(state, s)) for s in _services(state, keys)], state.lang.say("or", 0)
    )
    asked = Reply("", ("service",), (*choices, choice(state, "something_else")))
    told = state.plan.changed or state.plan.sides or state.reading.has("difference", "unsure", "why_asked", "recap")
    if "service" in state.expects and state.asked_times > _PATIENCE and not told and state.plan.main == "book":
        return way_out(state, asked)
    stuck = "service" in state.expects and state.asked_times % (_PATIENCE + 1) == _PATIENCE and not state.plan.sides
    if stuck or state.reading.has("difference", "unsure"):
        both = spoken.listed([described(state, s) for s in _services(state, keys)], state.lang.say("and", 0))
        text = say(state, "first_or_second" if len(choices) == 2 else "which_of_several", services=both)
    elif state.reading.has("both_of_them") or (state.reading.heard.apart and state.reading.has("both")):
        text = say(state, "ask_which_first", services=labels)
    else:
        text = say(state, "ask_which_meant", services=labels)
    return replace(asked, text=text).after(noted(state))


def described(state: State, service: Service) -> str:
    """The service with what it takes and costs."""
    facts: list[str] = []
    if service.whole_day:
        facts.append(state.lang.say("whole_day", 0))
    elif service.duration_minutes:
        facts.append(spoken.minutes(service.duration_minutes, state))
    if service.price_text:
        facts.append(state.lang.say("price_open", 0) if service.price_text == ON_REQUEST else service.price_text)
    return f"{name_of(state, service)} ({', '.join(facts)})" if facts else name_of(state, service)


def that_one(state: State) -> str:
    """The name of "the cheapest", with what it takes and costs, where one was meant; and of the one that was only
    known by its description."""
    service, heard = state.service, state.reading.heard
    meant = service and heard.service == service.key and (heard.described or state.reading.has(*EXTREMES))
    return say(state, "that_one", service=described(state, service)) if service and meant and state.plan.changed else ""


def is_for_several(state: State, service: Service) -> bool:
    """Whether more than one may come to it together: a family session, a workshop, a table."""
    return state.lang.has("for_groups", state.lang.normalise(service.label))


def noted(state: State) -> str:
    """A word for what was told, where the next question is about something else."""
    reading, draft, before = state.reading, state.draft, state.before
    told = reading.tells or draft.name != before.name
    if not state.plan.changed or set(state.plan.sides) - {"faq"} or not told or draft.when.problem:
        return ""
    when = spoken.asked(draft.when, state) if draft.when != before.when else ""
    if when and draft.resource and draft.resource != before.resource:
        when = state.lang.say("with", 0, what=when, resource=draft.resource)
    if when:
        return say(state, "noted_when", when=when[:1].upper() + when[1:])
    if draft.name and draft.name != before.name:
        return say(state, "noted_name", name=draft.name.split()[0])
    if draft.email != before.email:
        return say(state, "noted_email")
    if draft.resource and draft.resource != before.resource:
        return say(state, "noted_resource", resource=draft.resource)
    return "" if reading.questions else say(state, "noted")


def _services(state: State, keys: tuple[str, ...]) -> list[Service]:
    return [s for s in state.business.services if s.key in keys]


def examples(state: State) -> str:
    """A few services to choose from, with what they take and cost."""
    return spoken.listed([described(state, s) for s in state.business.services[:3]], state.lang.say("and", 0))
