"""What an utterance changes: the facts it adds to the draft, and what has to be done about it.

State wins over intent: what was just asked decides how words are taken, and a booking in progress is only left on
a clear word. Nothing here starts a change on the strength of a guess.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

from .dates import When, after, local, near_day
from .history import CustomerSaid
from .state import Draft, Plan, State
from .understand import Reading, Scene, Slot, understand

_BUSINESS_TOPICS = ("services", "price", "duration", "hours", "location", "contact", "policy", "identity")
_PROPOSAL_LASTS = timedelta(minutes=10)  # after that the server has let go of it, and of the time it held
_SMALL_TALK = 2  # words beside the known ones that a greeting or a yes may hold


def hear(state: State, said: CustomerSaid) -> None:
    """Take in one utterance of the customer."""
    state.turn += 1
    state.said = said
    state.now = local(said.at, state.business.timezone)
    if state.proposal and state.now - state.proposal.at >= _PROPOSAL_LASTS:
        state.proposal, state.search = None, None
    state.answers = []
    state.wrong_field = None
    scene = Scene(state.business, state.lang, state.now, state.expects, state.offered)
    reading = understand(said.text, scene)
    state.reading = reading
    before = state.draft
    state.plan = _route(state, reading)
    if state.plan.main == "book":
        _start_booking(state, reading)
    elif state.plan.main == "find":
        state.op = "find"
        _adopt_finder(state, reading)
    elif state.plan.main in {"left_open", "cancel", "reschedule"}:
        state.op, state.proposal, state.search, state.offered = None, None, None, ()
        state.draft = Draft(name=before.name, email=before.email, phone=before.phone)
    elif reading.heard.service and not state.draft.service:
        state.draft = replace(state.draft, service=reading.heard.service)
    if state.draft != before:
        state.plan = replace(state.plan, changed=True)


def _route(state: State, reading: Reading) -> Plan:
    sides = _sides(state, reading)
    plan = Plan(
        main=_main(state, reading, sides),
        sides=sides,
        about_date=reading.when.date if "hours" in sides else None,
        about_service=reading.heard.service,
    )
    if "service" in state.expects and plan.main == "book" and _names_unknown_service(reading):
        plan = replace(plan, unknown_service=True)
    return plan


def _sides(state: State, reading: Reading) -> tuple[str, ...]:
    """The side questions in an utterance, in the order they will be answered."""
    if reading.has("hostile"):
        return ()
    asks = reading.has("question") or len(reading.plain.split()) <= 4
    topics = [topic for topic in _BUSINESS_TOPICS if topic in reading.topics and asks]
    topics.sort(key=lambda topic: _place(state, topic, reading.plain))
    if "contact" in topics and reading.person.phone and not reading.questions:
        topics.remove("contact")
    if "duration" in topics and "price" in topics and not reading.has("price"):
        topics.remove("price")
    if "services" in topics and ("price" in topics or reading.heard.service):
        topics.remove("services")
    if reading.has("offers") and reading.heard.service and not reading.has("availability", "book") and not topics:
        topics.append("offers")
    if not topics and _carries_on(state, reading):
        return tuple(side for side in state.plan.sides if side in {"price", "duration"})
    if reading.questions and not (topics == ["policy"] and len(reading.questions) == 1):
        topics.append("faq")
    return tuple(topics)


def _carries_on(state: State, reading: Reading) -> bool:
    """"And a haircut?" after a question about prices is another one."""
    before = set(state.plan.sides) & {"price", "duration"}
    short = bool(reading.heard.service) and len(reading.leftover) <= _SMALL_TALK and reading.when.empty
    return bool(before) and short and bool(state.lang.carry_on.search(reading.plain))


def _place(state: State, topic: str, plain: str) -> int:
    """Where in the utterance a topic comes up, so that it is answered in the order it was asked."""
    match = state.lang.intents[topic].search(plain)
    return match.start() if match else len(plain)


def _main(state: State, reading: Reading, sides: tuple[str, ...]) -> str:
    busy = state.op == "book"
    if reading.has("hostile"):
        return "hostile"
    if reading.has("human") and not reading.has("identity") and not (busy and reading.tells):
        return "human"
    if main := _about_existing(state, reading, busy):
        return main
    if busy:
        return _main_while_booking(state, reading, sides)
    return _main_while_idle(state, reading, sides)


def _about_existing(state: State, reading: Reading, busy: bool) -> str | None:
    """Whether this is about a booking made before: find, cancel, reschedule."""
    if busy and not state.receipts:
        if reading.has("cancel") and reading.when.empty and not reading.has("other_time", "other_day"):
            return "left_open"
        if reading.has("cancel", "reschedule"):
            return "book"
    elif reading.has("cancel") and not (busy and not reading.when.empty):
        return "cancel"
    elif reading.has("reschedule"):
        return "book" if busy else "reschedule"
    if state.op == "find" and (reading.person.code or reading.person.email or reading.person.email_like):
        return "find"
    if reading.has("find") and not busy and not reading.has("another_booking"):
        return "find"
    if reading.person.code and state.lang.code_lead.search(reading.text) and not busy:
        return "find"
    return None


def _main_while_booking(state: State, reading: Reading, sides: tuple[str, ...]) -> str:
    moves = reading.has(
        "earlier", "later", "other_time", "other_day", "day_after", "day_before", "any_time", "soonest", "other_service"
    )
    facts = _facts_for_booking(reading, sides)
    if facts:
        return "book"
    if reading.has("give_up") and not moves and not reading.has("book", "availability"):
        return "left_open"
    if moves or reading.has("something_else"):
        return "book"
    if state.event and state.event.get("event") == "proposal_rejected":
        return "declined"
    if reading.has("no") and not reading.questions and not sides:
        if "email" in state.expects and not state.draft.email:
            return "lost"
        return "no" if state.offered or state.proposal else "left_open"
    if reading.has("yes", "book", "availability") or sides:
        return "book"
    if reading.has("bye", "thanks"):
        return "not_arranged"
    if reading.has("greet", "help"):
        return "book"
    if reading.has("rude"):
        return "rude"
    if "service" in state.expects and _names_unknown_service(reading):
        return "book"
    return "lost"


def _main_while_idle(state: State, reading: Reading, sides: tuple[str, ...]) -> str:
    asked_else = "anything_else" in state.expects
    closing = reading.has("thanks", "bye")
    if _starts_booking(reading) and not (closing and state.receipts and not reading.questions):
        return "book"
    named = reading.heard.service or (reading.heard.candidates and not reading.when.empty)
    if named and not set(sides) - {"faq", "offers"} and not closing and not (sides and state.receipts):
        return "book"
    if not reading.when.empty and not reading.leftover and not sides and not closing:
        return "book"
    if state.op == "find" and not sides and not closing and not reading.has("give_up"):
        return "find" if not reading.leftover or reading.has("yes") else "lost"
    if sides:
        return "answer"
    if reading.has("no", "give_up") and (asked_else or closing):
        return "bye"
    for intent in ("bye", "thanks", "help", "rude"):
        if reading.has(intent):
            return intent
    if len(reading.leftover) > _SMALL_TALK:
        return "lost"
    if reading.has("greet"):
        return "hello"
    if reading.has("yes"):
        return "go_on"
    return "bye" if reading.has("no") else "lost"


def _starts_booking(reading: Reading) -> bool:
    """Free times are asked for in the same words as much else; only a line with little else in it is taken so."""
    if reading.has("book"):
        return True
    plain = (
        len(reading.leftover) < _SMALL_TALK or reading.heard.service or reading.when.said_day or reading.when.said_time
    )
    return reading.has("availability") and bool(plain)


def _facts_for_booking(reading: Reading, sides: tuple[str, ...]) -> bool:
    if not reading.tells:
        return False
    asks_about = set(sides) & {"hours", "price", "duration", "offers"}
    return not asks_about or bool(reading.person.email or reading.person.name or reading.has("book", "availability"))


def _names_unknown_service(reading: Reading) -> bool:
    quiet = not reading.has("yes", "no", "greet", "thanks", "bye", "help", "give_up") and not reading.tells
    return quiet and not reading.heard.candidates and 0 < len(reading.leftover) <= 6


# ---------------------------------------------------------------------------------------------- facts


def _start_booking(state: State, reading: Reading) -> None:
    if state.op != "book":
        state.op = "book"
        state.offered, state.search = (), None
    state.declined = False
    draft = _with_service(state, state.draft, reading)
    draft = _with_person(state, draft, reading)
    if not (set(state.plan.sides) & {"hours"}) or reading.has("book", "availability"):
        draft = _with_when(state, draft, reading)
    state.draft = _with_able_resource(state, draft)


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
    if reading.heard.service and (not draft.service or (swap and not only_asked)):
        draft = replace(draft, service=reading.heard.service, candidates=())
    elif reading.heard.candidates and not draft.service:
        draft = replace(draft, candidates=reading.heard.candidates)
    if not draft.service and len(state.business.services) == 1:
        draft = replace(draft, service=state.business.services[0].key)
    if reading.has("other_service") and not reading.heard.service and len(state.business.services) > 1:
        draft = replace(draft, service=None, candidates=())
    if reading.resource:
        draft = replace(draft, resource=reading.resource)
    elif reading.has("any_resource") and draft.resource:
        draft = replace(draft, resource=None)
    return draft


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
    if reading.has("soonest") and not said.said_time and not said.any_time:
        when = replace(when, time=None, from_time=None, to_time=None)
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
    if said.said_day or not said.time or not state.offered:
        return said
    days = {slot.date for slot in state.offered}
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
    day = when.date or (state.offered[0].date if state.offered else None)
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


def _adopt_finder(state: State, reading: Reading) -> None:
    state.code = reading.person.code or state.code
    if email := reading.person.email or reading.person.email_like:
        state.draft = replace(state.draft, email=email)
