"""A customer who has proven who they are: welcomed by name once, not asked for what is known, offered what they usually
take. Of everybody else nothing is known here."""

from __future__ import annotations

from dataclasses import replace

from .history import Json, Service
from .own_words import object_of
from .state import Draft, State
from .understand import Reading
from .wording import Choice, Reply, name_of, once, say, say_with

_NOT_NOW = {"human", "person_reason", "hostile", "rude", "foreign", "remember", "forget", "what_known"}


def usual(state: State) -> tuple[Service, str | None] | None:
    """What they usually take, as far as it is still offered, and with whom."""
    habit = object_of((state.customer or {}).get("usual"))
    service = state.business.service(str(habit.get("service") or ""))
    if service is None:
        return None
    resource = habit.get("resource")
    return service, resource if isinstance(resource, str) and resource in service.resources else None


def first_name(customer: Json | None) -> str:
    name = (customer or {}).get("name")
    return name.split()[0] if isinstance(name, str) and name.split() else ""


def take_up(state: State, reading: Reading) -> None:
    """ "Yes" to the usual begins its booking."""
    habit = usual(state)
    if habit and "again" in state.expects and reading.has("yes") and not (reading.tells or reading.has("no")):
        state.op = "book"
        state.draft = replace(state.draft, service=habit[0].key, resource=habit[1], candidates=())


def with_habits(state: State, draft: Draft, reading: Reading) -> Draft:
    """The draft with what need not be asked."""
    customer = state.customer
    if customer is None:
        return draft
    name, email = customer.get("name"), customer.get("email")
    draft = replace(
        draft,
        name=draft.name or (name if isinstance(name, str) else None),
        email=draft.email or (email if isinstance(email, str) else None),
    )
    # Known before: nobody is thanked for it.
    state.before = replace(state.before, name=state.before.name or draft.name, email=state.before.email or draft.email)
    habit = usual(state)
    if habit and not draft.service and reading.has("as_before"):
        draft = replace(draft, service=habit[0].key, resource=draft.resource or habit[1], candidates=())
    return draft


def greeted(state: State, reply: Reply) -> Reply:
    """The reply with a welcome, the first time, and with the usual where nothing else is under way."""
    name = first_name(state.customer)
    if not name or state.welcomed or state.plan.main in _NOT_NOW:
        return reply
    return _with_usual(state, reply).after(say(state, "welcome_back", name=name))


def welcomes(state: State, text: str) -> bool:
    """Whether `text` has welcomed them."""
    name = first_name(state.customer)
    return any(each.format(name=name) in text for each in state.lang.phrases["welcome_back"])


def _with_usual(state: State, reply: Reply) -> Reply:
    habit, customer = usual(state), state.customer or {}
    if habit is None or customer.get("next") or state.op or set(reply.expects) - {"anything_else"}:
        return reply
    service, resource = habit
    what = name_of(state, service)
    asked = say(state, "the_usual", what=say_with(state, what, resource) if resource else what)
    label = say_with(state, service.label, resource) if resource else service.label
    said = reply.text.removesuffix(say(state, "anything_else")).strip()
    choices = once((Choice(label, label), *reply.choices))
    return replace(reply, text=f"{said} {asked}".strip(), expects=(*reply.expects, "again"), choices=choices)
