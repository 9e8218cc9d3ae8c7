"""What an utterance adds to the booking being talked about."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from . import recognise
from .dates import When, after, in_stretch
from .moving import (
    BESIDE,
    beside_the_last,
    combine,
    minutes_off,
    moved,
    near_day,
    same_weekday,
    set_free,
    settle_day,
    without_dead_window,
    without_past_time,
)
from .options import with_said
from .picks import is_day, place_in
from .services import refused
from .shifts import shift_of, shifted
from .state import Draft, State, Waiting
from .understand import Reading

_DAY = timedelta(days=1)


def start_booking(state: State, reading: Reading) -> None:
    if state.op != "book":
        state.op = "book"
        state.offered, state.search = (), None
    before = state.draft
    draft = _with_service(state, state.draft, reading)
    if _picked_service(state, before, reading) and not state.lang.weekday.search(reading.plain):
        reading = replace(reading, when=When())  # "the 2nd" has counted the services
    waiting = state.waiting
    if waiting and (state.receipts or waiting.after_cancelling) and draft.service in (None, waiting.service):
        beside = beside_the_last(state, state.business.service(waiting.service), waiting.beside)
        when = draft.when if waiting.when.empty else waiting.when
        draft, state.waiting = replace(draft, service=waiting.service, when=beside or when), None
    draft = recognise.with_habits(state, _with_person(state, draft, reading), reading)
    if state.plan.put_off:
        pass
    elif not (set(state.plan.sides) & {"hours"}) or reading.has("book", "availability"):
        draft = _with_when(state, draft, reading)
    draft = with_said(state, draft, reading)
    if state.plan.comfort and not draft.service:
        draft = replace(draft, service=_to_begin_with(state))
    state.draft = _with_able_resource(state, draft)
    state.declined = state.declined and state.draft == before


def _to_begin_with(state: State) -> str | None:
    """The service that somebody new begins with: the first in the list."""
    return next((service.key for service in state.business.services), None)


def _with_able_resource(state: State, draft: Draft) -> Draft:
    """Somebody who does not do this service cannot be asked for; the reply says so. Who will not have one of them
    gets another."""
    service = state.business.service(draft.service)
    others = [each for each in service.resources if each not in draft.not_with] if service else []
    if draft.not_with and others and draft.resource not in others:
        return replace(draft, resource=others[0])
    if service and not others and service.resources and state.reading.not_with:
        state.plan = replace(state.plan, only=service.resources[0])
    if not service or not draft.resource or draft.resource in service.resources:
        return draft
    state.plan = replace(state.plan, unable=draft.resource)
    return replace(draft, resource=None)


def _with_service(state: State, draft: Draft, reading: Reading) -> Draft:
    only_asked = bool(set(state.plan.sides) & {"price", "duration", "offers"}) and not reading.has("book")
    swap = (
        "service" in state.expects
        or reading.has("book", "reschedule", "no", "swap")
        or (len(reading.leftover) <= 3 and not reading.has("question"))
    )
    heard = reading.heard.service
    if reading.has("one_too") and draft.service and draft.when.said_day and not reading.person.email:
        beside = next((each for each in BESIDE if reading.has(each)), "")
        when = combine(draft.when, reading.when) if reading.when.said_time else reading.when
        state.waiting = Waiting(heard or draft.service, beside, when)
        state.plan = replace(state.plan, put_off=True)
        return draft
    if heard and draft.service and heard != draft.service and draft.when.said_day and reading.has("as_well"):
        beside = next((each for each in BESIDE if reading.has(each)), "")
        state.waiting, state.plan = Waiting(heard, beside), replace(state.plan, put_off=True)
        return draft
    if reading.heard.described and (draft.service or (draft.candidates and heard not in draft.candidates)):
        heard = None
    picked = _picked_service(state, draft, reading) or _plain_one(state, draft, reading)
    if picked := picked or _other_of_those(state, draft, reading):
        draft = replace(draft, service=picked, candidates=())
    elif heard and (not draft.service or (swap and not only_asked)):
        draft = replace(draft, service=heard, candidates=())
    elif reading.heard.candidates and not draft.service:
        draft = replace(draft, candidates=reading.heard.candidates)
    elif reading.heard.candidates and draft.service not in reading.heard.candidates and _is_another(reading):
        draft = replace(draft, service=None, candidates=reading.heard.candidates)
    if not draft.service and len(state.business.services) == 1:
        draft = replace(draft, service=state.business.services[0].key)
    refused = reading.has("something_else", "other_service") or (reading.has("no") and not reading.tells)
    if draft.candidates and "service" in state.expects and refused:
        draft = replace(draft, candidates=())
    if reading.has("other_service") and not reading.heard.service and len(state.business.services) > 1:
        draft = replace(draft, service=None, candidates=())
    if reading.not_with:
        draft = replace(draft, not_with=reading.not_with, resource=None)
    if reading.resource:
        draft = replace(draft, resource=reading.resource, not_with=draft.not_with - {reading.resource})
    elif reading.has("any_resource") and draft.resource:
        draft = replace(draft, resource=None)
    return draft


def _is_another(reading: Reading) -> bool:
    """ "Actually color, Friday at 11", where several are called so: it is not what was talked of before."""
    return reading.has("swap", "no") and not reading.has("question", "as_well") and len(reading.leftover) <= 2


def _plain_one(state: State, draft: Draft, reading: Reading) -> str | None:
    """ "The wedding", as the answer to "the wedding, full day, or the destination wedding?", is the one called so."""
    if "service" not in state.expects or not draft.candidates or reading.heard.candidates != draft.candidates:
        return None
    said = " ".join(reading.leftover)
    starts = [
        each.key
        for each in state.business.services
        if each.key in draft.candidates and re.match(rf"{re.escape(said)}\b", state.lang.normalise(each.label))
    ]
    return starts[0] if said and len(starts) == 1 and not reading.has("question", "both") else None


def _other_of_those(state: State, draft: Draft, reading: Reading) -> str | None:
    """ "Not the fringe one", said of two that could be meant, is the other."""
    unwanted = refused(reading.plain, state.lang)
    if "service" not in state.expects or not unwanted or reading.heard.service:
        return None
    labels = {each.key: state.lang.normalise(each.label).split() for each in state.business.services}
    rest = [key for key in draft.candidates if not unwanted.intersection(labels[key])]
    return rest[0] if len(rest) == 1 < len(draft.candidates) else None


def _picked_service(state: State, draft: Draft, reading: Reading) -> str | None:
    """ "The second one", said of the services just listed."""
    match = state.lang.pick_word.search(reading.plain)
    only_this = (
        set(reading.leftover) <= state.lang.ordinals.keys()
        and not reading.when.said_time
        and len(reading.plain.split()) <= 4
    )
    if "service" not in state.expects or reading.heard.service or not match or not only_this:
        return None
    if is_day(match, reading.when, state.lang, ()):
        return None
    if match[1] in {"earliest", "latest", "soonest"}:
        return None
    place = place_in(match, state.lang)
    listed = draft.candidates or tuple(s.key for s in state.business.services)
    return listed[place % len(listed)] if -1 <= place < len(listed) else None


def _with_person(state: State, draft: Draft, reading: Reading) -> Draft:
    person = reading.person
    email = person.email or (None if draft.email and "email" not in state.expects else person.email_like)
    if state.suggested_email and "email" in state.expects:
        email = _settled_email(state, draft, reading, email)
    return replace(
        draft,
        name=person.name or draft.name,
        email=email or draft.email,
        phone=person.phone or draft.phone,
    )


def _settled_email(state: State, draft: Draft, reading: Reading, typed: str | None) -> str | None:
    """The answer to "did you mean …?": another address, the one suggested, or the one typed before after all."""
    if not typed and reading.has("no"):
        typed = draft.email
    elif not typed and reading.has("yes"):
        typed = state.suggested_email
    if typed:
        state.suggested_email = None
        state.sure_emails.add(typed)
    return typed


def _talked_of(state: State, reading: Reading) -> date | None:
    """The day that a bare one belongs to. From one out of reach a weekday leads back to those that are not, but "the
    19th" stays in its month."""
    month = state.lang.day_number.search(reading.plain) and not state.lang.lone_weekday.search(reading.plain)
    return state.draft.when.date if month or not state.out_of_reach else None


def _is_a_week(said: When) -> bool:
    return bool(said.date and said.to_date and (said.to_date - said.date).days < 7) and not said.said_time


def _shift(state: State, when: When, reading: Reading) -> timedelta | None:
    """ "An hour later", "two weeks later", "push it back a day", where nothing else is said of day or time."""
    if not (reading.when.empty and when.date and when.one_day):
        return None
    by = shift_of(reading.plain, state.lang)
    return by if by and (when.time or not by % _DAY) else None


def _with_when(state: State, draft: Draft, reading: Reading) -> Draft:
    if reading.pick is not None:
        slot = state.offered[reading.pick]
        return replace(draft, when=When(date=slot.date, time=slot.time), soonest=False)
    draft = without_dead_window(state, draft, reading)
    said = near_day(reading.when, reading.plain, state.lang, _talked_of(state, reading))
    said = in_stretch(said, draft.when, reading.plain, state.lang)
    if draft.when.one_day and draft.when.time and reading.has("swap") and _is_a_week(said):
        said = same_weekday(said, draft.when)  # "next week instead", of Friday at 11
    said = settle_day(state, draft, said)
    wished = [each for each in draft.when.either if said.date and each.date == said.date]
    if len(wished) == 1 and said.one_day and not said.said_time:
        return replace(draft, when=wished[0])  # "Wednesday", of "Tuesday at 2 or Wednesday at 3"
    if said.other_date and said.date == draft.when.date and reading.has("no"):
        said = replace(said, date=said.other_date)
    when = without_past_time(state, set_free(state, combine(draft.when, said), said), said)
    relative = "" if not said.empty else draft.relative
    if reading.has("soonest") and not said.said_time:
        when = replace(when, time=None)
    if by := _shift(state, when, reading):
        when = shifted(when, by)
    elif not said.said_time:
        before, when = when, moved(state, when, reading)
        if when != before:
            relative = "earlier" if when.to_time and not when.from_time else "later" if when.from_time else ""
    service = state.business.service(draft.service)
    if reading.has("done_by") and when.to_time and not when.time and service and service.duration_minutes:
        when = replace(when, to_time=after(minutes_off(when.to_time, -service.duration_minutes)))
    soonest = draft.soonest or reading.has("soonest")
    if when.date is None and soonest and (when.from_time or when.to_time or when.time):
        today = state.now.date()
        when = when.on(today, today + timedelta(days=7))
    return replace(draft, when=when, soonest=soonest and when.date is None, relative=relative)
