"""What an utterance adds to the booking being talked about."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

from .dates import When, after, near_day
from .state import Draft, State
from .understand import Reading, Slot

# Relative wishes about a time on the table.
MOVES = (
    "earlier",
    "later",
    "other_time",
    "other_day",
    "day_after",
    "day_before",
    "any_time",
    "soonest",
    "other_service",
)


def start_booking(state: State, reading: Reading) -> None:
    if state.op != "book":
        state.op = "book"
        state.offered, state.search = (), None
    before = state.draft
    draft = _with_service(state, state.draft, reading)
    draft = _with_person(state, draft, reading)
    if not (set(state.plan.sides) & {"hours"}) or reading.has("book", "availability"):
        draft = _with_when(state, draft, reading)
    state.draft = _with_able_resource(state, draft)
    state.declined = state.declined and state.draft == before


def _with_able_resource(state: State, draft: Draft) -> Draft:
    """Somebody who does not do this service cannot be asked for; the reply says so."""
    service = state.business.service(draft.service)
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
    if picked := _picked_service(state, draft, reading):
        draft = replace(draft, service=picked, candidates=())
    elif reading.heard.service and (not draft.service or (swap and not only_asked)):
        draft = replace(draft, service=reading.heard.service, candidates=())
    elif reading.heard.candidates and not draft.service:
        draft = replace(draft, candidates=reading.heard.candidates)
    if not draft.service and len(state.business.services) == 1:
        draft = replace(draft, service=state.business.services[0].key)
    if draft.candidates and "service" in state.expects and reading.has("something_else", "no", "other_service"):
        draft = replace(draft, candidates=())
    if reading.has("other_service") and not reading.heard.service and len(state.business.services) > 1:
        draft = replace(draft, service=None, candidates=())
    if reading.resource:
        draft = replace(draft, resource=reading.resource)
    elif reading.has("any_resource") and draft.resource:
        draft = replace(draft, resource=None)
    return draft


def _picked_service(state: State, draft: Draft, reading: Reading) -> str | None:
    """ "The second one", said of the services just listed."""
    match = state.lang.pick_word.search(reading.plain)
    only_this = not reading.leftover and not reading.when.said_time and len(reading.plain.split()) <= 4
    if "service" not in state.expects or reading.heard.service or not match or not only_this:
        return None
    word = match[1] or match[2]
    if word in {"earliest", "latest", "soonest"}:
        return None
    place = state.lang.ordinals.get(word)
    if place is None:
        place = (int(word) if word.isdigit() else state.lang.numbers.get(word, 0)) - 1
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


def _with_when(state: State, draft: Draft, reading: Reading) -> Draft:
    if reading.pick is not None:
        slot = state.offered[reading.pick]
        return replace(draft, when=When(date=slot.date, time=slot.time), soonest=False)
    said = near_day(reading.when, reading.plain, state.lang, draft.when.date)
    said = _settle_day(state, draft, said)
    if said.other_date and said.date == draft.when.date and reading.has("no"):
        said = replace(said, date=said.other_date)
    when = combine(draft.when, said)
    if reading.has("soonest") and not said.said_time:
        when = replace(when, time=None)
    if not said.said_time:
        when = _moved(state, when, reading)
    soonest = draft.soonest or reading.has("soonest")
    if when.date is None and soonest and (when.from_time or when.to_time or when.time):
        today = state.now.date()
        when = replace(when, date=today, to_date=today + timedelta(days=7))
    return replace(draft, when=when, soonest=soonest and when.date is None)


def combine(old: When, new: When) -> When:
    """`old` with what `new` says in place of what it replaces; a time survives a change of day."""
    when = replace(old, problem=new.problem, any_time=False)
    if new.said_day:
        when = replace(when, date=new.date, to_date=new.to_date)
    if new.time:
        return replace(when, time=new.time, from_time=None, to_time=None)
    if new.said_time:
        return replace(when, time=None, from_time=new.from_time, to_time=new.to_time)
    if new.any_time and not new.said_day:
        return replace(when, time=None, from_time=None, to_time=None)
    return when


def _settle_day(state: State, draft: Draft, said: When) -> When:
    """A time alone may belong to another day on the table than the one first asked for."""
    days = {slot.date for slot in state.offered}
    if said.other_date in days and said.date not in days:
        return replace(said, date=said.other_date)
    if said.said_day or not said.time or not days:
        return said
    matching = {slot.date for slot in state.offered if slot.time == said.time}
    known = draft.when.date if not draft.when.to_date else None
    if known in matching:
        return replace(said, date=known)
    if len(matching) == 1:
        return replace(said, date=matching.pop())
    if not matching and len(days) == 1 and (known is None or known not in days):
        return replace(said, date=days.pop())
    return said


def _moved(state: State, when: When, reading: Reading) -> When:
    """Relative wishes: earlier, later, the day after, another day, another time."""
    first, last = _bounds(state.offered)
    day = when.date or (state.offered[0].date if state.offered else state.last_when.date)
    if not when.date and reading.has("same_day"):
        when = replace(when, date=day)
    if not when.time and reading.has("same_time"):
        when = replace(when, time=state.last_when.time, from_time=None, to_time=None)
    if reading.has("day_after", "day_before") and day and not reading.when.said_day:
        step = 1 if reading.has("day_after") else -1
        return replace(when, date=day + timedelta(days=step), to_date=None)
    if reading.has("other_day") and not reading.when.said_day:
        return replace(when, date=None, to_date=None)
    if reading.has("other_time"):
        return replace(when, time=None, from_time=None, to_time=None)
    if (step := _hours_off(state, reading)) and when.time:
        return replace(when, time=_shifted(when.time, step))
    if reading.has("earlier") and (bound := when.time or first):
        return replace(when, date=day, time=None, from_time=None, to_time=bound)
    if reading.has("later") and (bound := when.time or last):
        return replace(when, date=day, time=None, from_time=after(bound), to_time=None)
    return when


def _hours_off(state: State, reading: Reading) -> int:
    """ "An hour later", in minutes; 0 if nothing of the kind was said."""
    match = state.lang.hour_shift.search(reading.plain)
    if not match:
        return 0
    amount = match["amount"]
    count = int(amount) if amount.isdigit() else state.lang.numbers.get(amount, 1)
    minutes = 30 if amount == "half an" else count * (60 if match["unit"].startswith("h") else 1)
    return minutes if match["way"] in {"later", "after"} else -minutes


def _shifted(moment: time, minutes: int) -> time:
    total = moment.hour * 60 + moment.minute + minutes
    return time(*divmod(total, 60)) if 0 <= total < 24 * 60 else moment


def _bounds(offered: tuple[Slot, ...]) -> tuple[time | None, time | None]:
    clocks = [slot.time for slot in offered if slot.time]
    return (min(clocks), max(clocks)) if clocks else (None, None)


def adopt_finder(state: State, reading: Reading) -> None:
    state.code = reading.person.code or state.code
    if email := reading.person.email or reading.person.email_like:
        state.draft = replace(state.draft, email=email)
