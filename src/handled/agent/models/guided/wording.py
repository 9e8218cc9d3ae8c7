"""Pieces of what the guided model says: sentences with the choices and expectations that go with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import cast

from handled.kit import money

from . import spoken
from .history import Json, Service
from .state import State
from .understand import Slot

ON_REQUEST = "on request"  # how the server writes a price that is not fixed


@dataclass(frozen=True)
class Choice:
    """A quick reply: what is shown, and what is sent as the customer's message."""

    label: str
    send: str


@dataclass(frozen=True)
class Reply:
    """`expects` says what was asked for; `fallback` that the customer was not understood."""

    text: str
    expects: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    fallback: bool = False
    resolved: bool = False

    def after(self, *sentences: str) -> Reply:
        """The same with sentences before it."""
        return replace(self, text=" ".join(s for s in (*sentences, self.text) if s))


def say(state: State, phrase: str, /, **values: str) -> str:
    """A sentence: whatever stands first in it is written large."""
    text = state.lang.say(phrase, state.turn, state.last_text, **values)
    return text[:1].upper() + text[1:]


def name_of(state: State, service: Service) -> str:
    """The name of a service inside a sentence: "kids' cut", but "Swedish massage" and "VIP day"."""
    label, first = service.label, service.label.split(" ", 1)[0]
    common = first[1:].islower() and not state.lang.proper_word.search(first)
    titled = any(word[:1].isupper() for word in label.split()[1:])
    head, _, rest = label.partition(", ")
    label = f"{head} ({rest})" if rest else label  # a comma would part it in two
    return label[:1].lower() + label[1:] if common and not titled else label


def choice(state: State, name: str) -> Choice:
    label = state.lang.say(f"choice_{name}", 0)
    return Choice(label, label)


def once(choices: Iterable[Choice]) -> tuple[Choice, ...]:
    """The choices without doubles."""
    return tuple(dict.fromkeys(choices))


def way_out(state: State, asked: Reply) -> Reply:
    """What was asked, and not answered for some time, as a list to choose from and with a person to talk to."""
    choices = once((*asked.choices, choice(state, "human")))
    return replace(asked, text=say(state, "choose_below", contact=contact(state)), choices=choices, fallback=True)


def service_choices(state: State, keys: tuple[str, ...] = ()) -> tuple[Choice, ...]:
    services = [s for s in state.business.services if not keys or s.key in keys]
    return tuple(Choice(s.label, s.label) for s in services[:8])


def slot_choices(state: State, offered: tuple[Slot, ...]) -> tuple[Choice, ...]:
    one_day = len({slot.date for slot in offered}) == 1
    return tuple(
        Choice(
            spoken.clock(slot.time, state) if one_day and slot.time else spoken.moment(slot, state),
            spoken.moment(slot, state),
        )
        for slot in offered
    )


def service_list(state: State, keys: tuple[str, ...] = ()) -> str:
    labels = [name_of(state, s) for s in state.business.services if not keys or s.key in keys]
    return spoken.listed(labels, state.lang.say("and", 0))


def contact(state: State) -> str:
    """How to reach the business, as something to do: "call … or write to …"."""
    phone, email = state.business.phone, state.business.email
    if phone and email:
        return state.lang.say("call_or_write", 0, phone=phone, email=email)
    if phone:
        return state.lang.say("call", 0, phone=phone)
    return state.lang.say("write", 0, email=email) if email else state.lang.say("in_person", 0)


def summary(state: State, preview: Json) -> str:
    """What would be booked: service, weekday, date, time, zone, price and person."""
    service = state.service
    label = name_of(state, service) if service else _text(preview.get("label"))
    what = label if not state.draft.resource else say_with(state, label, state.draft.resource)
    when = state.draft.when
    if when.date:
        slot = Slot(when.date, None if service and service.whole_day else when.time)
        named = spoken.moment(slot, state)
        zone = spoken.zone(_text(preview.get("timezone")) or state.business.timezone, state)
        what = state.lang.say("on", 0, what=what, when=state.lang.say("in_zone", 0, when=named, zone=zone))
    if service and service.price_text:
        open_price = service.price_text == ON_REQUEST
        what = f"{what}, {state.lang.say('price_open', 0) if open_price else service.price_text}"
    name, email = state.draft.name or "", state.draft.email or ""
    if not (name and email):
        return state.lang.say("for_name", 0, what=what, name=name) if name else what
    return state.lang.say("for_person", 0, what=what, name=name, email=email)


def say_with(state: State, what: str, resource: str) -> str:
    return state.lang.say("with", 0, what=what, resource=resource)


def price_of(state: State, service: Service) -> str:
    if not service.price_text or service.price_text == ON_REQUEST:
        return say(state, "price_on_request", service=name_of(state, service))
    return say(state, "price", service=name_of(state, service), price=service.price_text)


def duration_of(state: State, service: Service) -> str:
    if service.whole_day or not service.duration_minutes:
        return say(state, "duration_whole_day", service=name_of(state, service))
    return say(
        state, "duration", service=name_of(state, service), duration=spoken.minutes(service.duration_minutes, state)
    )


def advance(state: State, service: Service | None, *, again: bool = False) -> str:
    """That money is due before it is sure: told once, before anybody has to say who they are, and when asked."""
    known = state.told_advance == (service.key if service else None)
    if not service or not service.advance or (not again and (known or state.op != "book")):
        return ""
    return say(state, _advance_of(service), due=service.advance)


def upfront(state: State) -> str:
    """The same of the service that is being booked, unless it was just asked for."""
    return "" if "advance" in state.plan.sides else advance(state, state.service)


def tells_advance(state: State, text: str) -> bool:
    """Whether `text` has told it of the service being talked about."""
    service = state.service
    variants = state.lang.phrases[_advance_of(service)] if service and service.advance else ()
    return any(service and variant.format(due=service.advance) in text for variant in variants)


def _advance_of(service: Service) -> str:
    return "advance_full" if service.advance == service.price_text else "advance_deposit"


def amount(state: State, price: object) -> str:
    """An amount on the wire as the customer reads it; "" where there is none."""
    told = cast("Json", price) if isinstance(price, dict) else {}
    minor, currency = told.get("amount"), told.get("currency")
    if not isinstance(minor, int) or not isinstance(currency, str):
        return ""
    return money.format(minor, currency, state.business.locale)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
