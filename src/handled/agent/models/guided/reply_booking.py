"""The next step of a booking: service, day, time, person, and the question that only the customer may answer."""

from __future__ import annotations

from dataclasses import replace

from . import spoken
from .history import Json
from .moving import MOVES
from .reply_service import ask_service, noted
from .state import Search, State, shown, slots_of
from .understand import Slot
from .wording import Choice, Reply, choice, contact, say, slot_choices, summary


def next_step(state: State) -> Reply:
    """Ask for what is missing, offer what is free, or put the proposal before the customer."""
    if state.declined and state.service and state.start:
        return declined(state)
    if not state.business.services:
        return Reply(say(state, "ask_the_shop", contact=contact(state)), ("anything_else",))
    problem = state.draft.when.problem
    wrong = say(state, "no_such_date" if problem != "past" else "date_past") if problem else ""
    if not state.service:
        return ask_service(state).after(wrong)
    if problem:
        return _ask_date(state).after(wrong)
    if state.asked_when is None:
        return _ask_date(state)
    search = state.current_search
    if state.standing_proposal:
        return _ask_person(state) or _present(state)
    if not search:
        return Reply(say(state, "trouble"), tuple(state.expects), fallback=False)
    if search.result.get("status") == "free" and state.start:
        return _ask_person(state) or _present(state)
    return _offer(state, search)


def _ask_date(state: State) -> Reply:
    service, when = state.service, state.draft.when
    whole_day = bool(service and service.whole_day)
    days = ("tomorrow", "next_week") if not whole_day else ()
    choices = tuple(choice(state, name) for name in ("next_free", *days))
    if when.time and not whole_day:
        told = noted(state) if when == state.before.when else ""
        return Reply(say(state, "ask_date_with_time", time=spoken.clock(when.time, state)), ("date",), choices).after(
            told
        )
    just_chosen = service and state.plan.about_service == service.key and state.plan.changed
    if service and (just_chosen or (state.plan.changed and len(state.business.services) == 1)):
        phrase = "ask_date_for_whole_day" if whole_day else "ask_date_for"
        return Reply(say(state, phrase, service=service.label), ("date",), choices)
    return Reply(say(state, "ask_date"), ("date",), choices).after(noted(state))


def _offer(state: State, search: Search) -> Reply:
    """Put free times on the table, and say first why the wish itself cannot be had."""
    result, offered = search.result, shown(search.result)
    status = result.get("status")
    if status == "unclear":
        question = result.get("question")
        return Reply(question if isinstance(question, str) else say(state, "unclear_when"), ("date",))
    if offered and _said_before(state):
        return _offer_again(state, result, offered)
    named = spoken.asked(state.draft.when, state)
    why = result.get("why")
    why = why if isinstance(why, str) else ""
    lead = ""
    if status in {"not_free", "none"}:
        phrase = "none_at_all" if not named else "not_free" if status == "not_free" else "none_free"
        lead = say(state, phrase, when=named, why=why).strip()
        if why and (result.get("reason") != "taken" or (state.draft.resource and state.draft.resource in why)):
            lead = say(state, "sorry_why", why=why)
        if beyond := _beyond(state, offered):
            return beyond
    if not offered:
        return Reply(f"{lead or say(state, 'none_at_all')} {say(state, 'another_day')}", ("date",))
    expects = _expected(state, offered)
    choices = (*slot_choices(state, offered), choice(state, "other_day"))
    text = f"{lead or ''} {_table(state, offered, result, bool(lead))} {_which(state, expects, offered)}".strip()
    return Reply(text, expects, choices)


def _beyond(state: State, offered: tuple[Slot, ...]) -> Reply | None:
    """Nothing earlier or later than what was on the table that day: what is left, and another day."""
    relative, day = state.draft.relative, state.draft.when.date
    same_day = [slot for slot in offered if slot.date == day and slot.time]
    if not relative or not day or not same_day:
        return None
    end = same_day[0] if relative == "earlier" else same_day[-1]
    clock = spoken.clock(end.time, state) if end.time else ""
    text = say(state, f"nothing_{relative}", time=clock, day=spoken.day(day, state))
    return Reply(text, _expected(state, offered), (*slot_choices(state, (end,)), choice(state, "other_day")))


def _said_before(state: State) -> bool:
    """Whether the same times were put on the table before, and the customer talked of something else."""
    reading = state.reading
    about_times = not reading.when.empty or reading.pick is not None or reading.heard.service or reading.resource
    aside = bool(state.plan.sides) and not state.plan.moved
    kept = aside or (not about_times and not reading.has(*MOVES))
    return kept and bool(state.expects & {"time", "slot", "date"})


def _offer_again(state: State, result: Json, offered: tuple[Slot, ...]) -> Reply:
    expects = _expected(state, offered)
    times = spoken.slots(offered, state)
    if result.get("status") in {"not_free", "none"} and state.plan.sides:
        text = say(state, "back_to", times=spoken.slots(offered, state, with_day=True))
        return Reply(text, expects, (*slot_choices(state, offered), choice(state, "other_day")))
    if len({slot.date for slot in offered}) == 1 and offered[0].time:
        text = say(state, "still_options", day=spoken.day(offered[0].date, state), times=times)
    else:
        text = say(state, "options_days", times=times)
    choices = (*slot_choices(state, offered), choice(state, "other_day"))
    if state.plan.changed:
        return Reply(_which(state, expects, offered), expects, choices).after(noted(state))
    if state.reading.has("yes") and len(offered) > 1 and not state.plan.sides and not state.misses:
        return Reply(say(state, "which_of_them"), expects, choices)
    return Reply(f"{text} {_which(state, expects, offered)}", expects, choices)


def _expected(state: State, offered: tuple[Slot, ...]) -> tuple[str, ...]:
    if not any(slot.time for slot in offered):
        return ("date",)
    days = {slot.date for slot in offered}
    settled = days == {state.draft.when.date} and not state.draft.when.to_date
    return ("time",) if settled else ("slot",)


def _which(state: State, expects: tuple[str, ...], offered: tuple[Slot, ...]) -> str:
    if len(offered) == 1:
        return say(state, "ask_one")
    return say(state, "ask_time" if expects == ("time",) else "ask_slot")


def _table(state: State, offered: tuple[Slot, ...], result: Json, instead: bool) -> str:
    times = spoken.slots(offered, state)
    days = {slot.date for slot in offered}
    if instead:
        if len(days) == 1 and days != {state.draft.when.date} and offered[0].time:
            return say(state, "options", day=spoken.day(offered[0].date, state), times=times)
        return say(state, "nearest", times=times)
    if not all(slot.time for slot in offered):
        return say(state, "whole_days", times=times)
    if len(days) > 1:
        return say(state, "options_days", times=times)
    many = bool(result.get("more")) or len(slots_of(result)) > len(offered)
    return say(state, "options_many" if many else "options", day=spoken.day(offered[0].date, state), times=times)


def _ask_person(state: State) -> Reply | None:
    draft = state.draft
    if state.wrong_field == "email":
        return _ask_email_again(state)
    if state.wrong_field and state.wrong_field in {"name", "phone"}:
        field = state.wrong_field
        return Reply(state.wrong_why or say(state, "trouble"), (field,))
    found = noted(state)
    if state.answer("find_slots") and not (draft.name and draft.email):
        slot = Slot(draft.when.date, draft.when.time) if draft.when.date else None
        named = spoken.moment(slot, state) if slot else ""
        found = say(state, "free", when=named)
    if not draft.name and not draft.email:
        return Reply(say(state, "ask_name_email"), ("name", "email")).after(found)
    if not draft.email:
        return Reply(say(state, "ask_email"), ("email",)).after(found)
    if state.suggested_email and draft.name:
        return _ask_which_email(state, draft.email, state.suggested_email)
    if not draft.name:
        return Reply(say(state, "ask_name"), ("name",)).after(found)
    return None


def _ask_which_email(state: State, typed: str, meant: str) -> Reply:
    """A valid address that looks mistyped: the details would go to a stranger."""
    choices = (Choice(meant, meant), Choice(typed, typed))
    return Reply(say(state, "which_email", typed=typed, meant=meant), ("email",), choices)


def _ask_email_again(state: State) -> Reply:
    if meant := state.suggested_email:
        text = say(state, "did_you_mean", email=meant)
        return Reply(text, ("email",), (Choice(meant, meant),)).after(state.wrong_why)
    return Reply(say(state, "email_wrong"), ("email",))


def _present(state: State) -> Reply:
    """The proposal, in one sentence that says weekday, date, time and zone, and the question."""
    if not state.proposal:
        refusal = state.answer("propose_booking") or {}
        text = say(state, "did_not_work") if refusal else say(state, "trouble")
        ask = say(state, "ask_the_shop", contact=contact(state))
        return Reply(f"{text} {ask}", ("anything_else",))
    made_now = bool(state.answer("propose_booking"))
    if not made_now and state.reading.has("no") and state.reading.tells:
        choices = tuple(choice(state, name) for name in ("other_service", "other_day", "other_time"))
        return Reply(say(state, "change_what"), ("service", "date", "time"), choices)
    what = summary(state, state.proposal.preview)
    asks = say(state, "summary" if made_now else "summary_again", what=what)
    if not made_now and state.reading.has("yes", "recap") and not state.plan.sides:
        asks = f"{asks} {say(state, 'just_yes', code=state.proposal.code)}"
    return Reply(asks, ("confirm",), (choice(state, "yes"), choice(state, "other_time"), choice(state, "other_day")))


def declined(state: State) -> Reply:
    """The customer said no to the preview; nothing was arranged."""
    choices = tuple(choice(state, name) for name in ("other_time", "other_day", "no_thanks"))
    return Reply(say(state, "declined"), ("anything_else",), choices)


def refused_offer(state: State) -> Reply:
    """The customer said no to what was asked, without saying what instead."""
    if state.offered:
        choices = tuple(choice(state, name) for name in ("other_time", "other_day", "no_thanks"))
        return Reply(say(state, "another_day"), ("date",), choices)
    return Reply(say(state, "left_open"), ("anything_else",))


def short_question(state: State) -> Reply:
    """What is still open, in one short question."""
    step = next_step(state)
    asks = {"service": "ask_service", "date": "ask_date", "time": "ask_time", "slot": "ask_slot", "email": "ask_email"}
    phrase = "ask_name_email" if step.expects == ("name", "email") else asks.get("".join(step.expects[:1]))
    return replace(step, text=say(state, phrase)) if phrase else step


def unable(state: State) -> str:
    """That somebody who was asked for does not do this."""
    service = state.service
    if not state.plan.unable or not service:
        return ""
    return say(state, "with_nobody", resource=state.plan.unable, service=service.label)


def booking_event(state: State) -> str:
    """What to say first about a proposal that ran out or failed since the last turn."""
    event = state.event or {}
    match event.get("event"):
        case "proposal_expired":
            return say(state, "expired")
        case "proposal_failed":
            return say(state, "gone" if event.get("reason") == "slot_taken" else "did_not_work")
        case _:
            return ""
