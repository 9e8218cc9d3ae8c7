"""The task of moving a booking: its own time is where every wish starts from, and only the customer moves it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from . import either, identify, own_words
from .agreeing import how_to_agree, only_agrees
from .dates import When, in_stretch
from .history import Json, ToolAnswered
from .moving import combine, same_weekday, set_free, settle_day
from .reply_offer import offer
from .shifts import beside, said_of_new, shift_of, shifted
from .state import Draft, Proposal, Search, State, date_of, shown, time_of
from .task_cancel import put_off_another, refused
from .understand import Reading
from .wording import Reply, amount, choice, name_of, say

PROPOSE = "propose_reschedule"
# What was asked for, in the words of the wire.
_NEW = {"date": "new_date", "time": "new_time"}


def wishes(state: State, reading: Reading) -> bool:
    """Whether an utterance says anything about the new time."""
    relative = reading.has("earlier", "later", "other_time", "other_day", "day_after", "day_before", "same_time",
                           "same_day", "soonest", "first_free", "any_time", "any_resource")  # fmt: skip
    said = not reading.when.empty or reading.pick is not None or bool(reading.resource) or relative
    return said or shift_of(reading.plain, state.lang) is not None


def take_in(state: State, reading: Reading) -> None:
    """Keep which booking it is, and when it shall be instead."""
    if state.op != "move":
        state.op, state.declined, state.proposal = "move", False, None
        state.offered, state.search = (), None
        kept = state.draft
        state.draft = Draft(name=kept.name, email=kept.email, phone=kept.phone)
    known = state.errand.booking
    identify.take_in(state, reading)
    booking = state.errand.booking
    if booking and not (known is None and identify.told(state, reading)):
        _begin(state, booking)
        _apply(state, reading)
    elif booking:
        _settle(state, booking)
    elif wishes(state, reading):
        state.errand = replace(state.errand, wishes=(*state.errand.wishes, reading))


def _begin(state: State, booking: Json) -> None:
    """From now on it is about this booking."""
    service = str(booking.get("service") or "")
    if state.draft.service != service:
        state.draft = replace(state.draft, service=service, resource=None, when=When(), soonest=False)


def _settle(state: State, booking: Json) -> None:
    """The booking is known now: what was wished before counts from it."""
    _begin(state, booking)
    waiting, state.errand = state.errand.wishes, replace(state.errand, wishes=())
    if any(reading.has("cancel_for") and put_off_another(state, reading) for reading in waiting):
        state.op, state.plan = "cancel", replace(state.plan, main="cancel")
        return
    for reading in waiting:
        _apply(state, reading)


def now_at(booking: Json) -> When:
    return When(date=date_of(booking.get("date")), time=time_of(booking.get("time")))


def _apply(state: State, reading: Reading) -> None:
    """Take a wish into the draft."""
    booking, draft = now_at(state.errand.booking or {}), state.draft
    before = draft
    base = draft.when if not draft.when.empty else booking
    if reading.pick is not None and reading.pick < len(state.offered):
        slot = state.offered[reading.pick]
        when: When | None = When(date=slot.date, time=slot.time)
    elif by := shift_of(reading.plain, state.lang):
        when = shifted(base if base.time or not booking.time else booking, by)
        if reading.when.said_time and not reading.when.said_day and not by % timedelta(days=1):
            when = combine(when, reading.when)  # "a week later, but at 2"
    else:
        when = _wished(state, reading, base, booking)
    if when is not None:
        draft = replace(draft, when=when)
    if reading.resource and reading.resource != (state.errand.booking or {}).get("resource"):
        draft = replace(draft, resource=reading.resource, when=draft.when if not draft.when.empty else booking)
    elif reading.has("any_resource"):
        draft = replace(draft, resource=None)
    soonest = reading.has("first_free") and reading.pick is None and not reading.when.said_time
    if soonest and not reading.when.said_day and not reading.when.said_time:
        draft = replace(draft, when=When())
    draft = replace(draft, soonest=soonest or (reading.has("soonest") and when is None and draft.when.empty))
    state.draft = draft
    state.declined = state.declined and draft == before


def _wished(state: State, reading: Reading, base: When, booking: When) -> When | None:
    """The new day and time that were said, each standing for itself; None if none was."""
    base = _on_the_table(state, base)
    opening = reading.has("reschedule") or identify.told(state, reading)
    said = said_of_new(state, reading, booking if state.draft.when.empty else base, opening)
    if said.problem:
        base = base.on(said.date) if said.date and said.problem == "no_such_time" else base
        return replace(base, problem=said.problem)
    said = settle_day(state, state.draft, in_stretch(said, state.draft.when, state.reading.plain, state.lang))
    if reading.has("day_after", "day_before") and base.date and not said.said_day:
        said = said.on(base.date + timedelta(days=1 if reading.has("day_after") else -1))
    if said.empty:
        when = beside(reading, base, booking, state.offered)
        if when is None and reading.has("same_time"):
            return replace(base, time=booking.time, from_time=None, to_time=None)
        return when
    when = combine(base, same_weekday(said, booking) if reading.has("same_day") else said)
    if reading.has("same_time") and not said.said_time:
        when = replace(when, time=booking.time, from_time=None, to_time=None)
    elif not when.one_day and not said.said_time:
        when = replace(when, time=None, from_time=None, to_time=None)
    if said.any_time and not said.said_time:
        when = set_free(state, replace(when, time=None, from_time=None, to_time=None), said)
    return when


def _on_the_table(state: State, base: When) -> When:
    """The day that was asked for, or the one whose times are offered because there were none."""
    days = {slot.date for slot in state.offered}
    return base.on(days.pop()) if len(days) == 1 and base.date not in days and state.reading.has("same_time") else base


def calls(state: State) -> list[tuple[str, Json]]:
    """Look at free times for a wish that leaves some open, propose one that does not."""
    errand, draft = state.errand, state.draft
    if not errand.booking:
        return identify.lookups(state)
    if errand.needs_proof and not errand.sent_to:
        return identify.lookups(state)
    if errand.digits and errand.sent_to:
        return identify.lookups(state)
    if errand.refused or errand.trouble or state.declined or draft.when.problem or not state.service:
        return []
    if state.standing_change("move"):
        return []
    code = errand.booking.get("code")
    if start := state.start:
        email = None if errand.made_here(str(code)) else draft.email
        return [(PROPOSE, {"start": start, "code": code, "email": email, "resource": draft.resource})]
    if equals := either.calls(state, moving=code):
        return equals
    asked = state.asked_when
    if asked is None or (state.current_search and state.answer("find_slots")):
        return []
    return [("find_slots", {"service": draft.service, "when": asked, "resource": draft.resource, "moving": code})]


def note(state: State, answer: ToolAnswered) -> None:
    """Take in the booking, the proposal, the refusal or the times instead."""
    result = answer.result
    match result.get("status"):
        case "awaiting_confirmation":
            preview = own_words.object_of(result.get("preview"))
            state.proposal = Proposal(answer.args, preview, str(result.get("code") or ""), state.now, "move")
            state.declined, state.offered = False, ()
        case "not_free":
            state.search = Search(state.draft.service or "", state.asked_when or "", state.draft.resource, result)
            state.offered = state.table = shown(result)
            state.proposal = None
        case "refused":
            state.errand = replace(state.errand, refused=result)
            if result.get("reason") != "same_time":
                state.proposal = None
        case _:
            before = state.errand.booking
            identify.note(state, answer)
            if state.errand.booking and before is None:
                _settle(state, state.errand.booking)


def note_slots(state: State) -> None:
    """ "The first free one next week" is the first of those that were found."""
    if state.draft.soonest and state.offered:
        slot = state.offered[0]
        state.draft = replace(state.draft, when=When(date=slot.date, time=slot.time), soonest=False)
        state.offered = ()


def speak(state: State) -> Reply:
    """The question that only the customer may answer; times instead; or the question for another time."""
    errand, search = state.errand, state.current_search
    if not errand.booking or errand.trouble or (errand.sent_to and not errand.proven):
        return identify.ask(state)
    if errand.refused:
        if errand.refused.get("reason") == "same_time":
            return _ask_when(state).after(say(state, "same_time"))
        return refused(state, "move")
    if problem := state.draft.when.problem:
        return _ask_when(state).after(say(state, "date_past" if problem == "past" else problem))
    if state.standing_change("move"):
        return _present(state)
    if search and search.result.get("status") != "free":
        step = offer(state, search)
        return replace(step, expects=tuple(_NEW.get(each, each) for each in step.expects))
    return _ask_when(state)


def _ask_when(state: State) -> Reply:
    booking = state.errand.booking or {}
    choices = tuple(choice(state, name) for name in ("next_free", "cancel_instead", "keep"))
    asks = state.expects >= {"new_date", "new_time"}
    if state.reading.has("unclear_change") and not state.plan.changed:
        return Reply(say(state, "move_or_cancel"), ("new_date", "new_time"), choices)
    text = say(state, "ask_new_time_short" if asks else "ask_new_time", what=own_words.described(state, booking))
    return Reply(text, ("new_date", "new_time"), choices).after(own_words.other_service(state, booking))


def _present(state: State) -> Reply:
    """From when to when, what it costs, and the question."""
    proposal, booking = state.standing_change("move"), state.errand.booking or {}
    preview = proposal.preview if proposal else {}
    old, new = own_words.moment_of(state, booking), own_words.moment_of(state, preview)
    if (who := preview.get("resource")) and who != booking.get("resource"):
        new = state.lang.say("with", 0, what=new, resource=str(who))
    fee = amount(state, preview.get("fee"))
    cost = say(state, "move_fee", fee=fee) if fee else _price(state, booking, preview)
    service = state.service
    what = name_of(state, service) if service else str(preview.get("label") or "")
    phrase = "ask_move" if state.answer(PROPOSE) or state.reading.has("price") else "ask_move_again"
    text = say(state, phrase, what=what, old=old, new=new, cost=cost)
    if not state.answer(PROPOSE) and only_agrees(state):
        text = how_to_agree(state, "move")
    return Reply(text, ("confirm",), tuple(choice(state, name) for name in ("yes_move", "other_time", "keep")))


def _price(state: State, booking: Json, preview: Json) -> str:
    """That it costs nothing, or the new price where it is another one."""
    old, new = amount(state, booking.get("price")), amount(state, preview.get("price"))
    return say(state, "move_free") if old == new else say(state, "move_price", price=new)
