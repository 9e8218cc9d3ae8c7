"""The next step of a booking: service, day, time, person, and the question that only the customer may answer."""

from __future__ import annotations

from dataclasses import replace

from . import intake, spoken
from .agreeing import how_to_agree, only_agrees
from .reply_offer import offer
from .reply_service import ask_service, noted
from .state import State
from .understand import Slot
from .wording import Choice, Reply, choice, contact, name_of, say, summary, upfront


def next_step(state: State) -> Reply:
    """Ask for what is missing, offer what is free, or put the proposal before the customer."""
    if state.declined and state.service and state.start:
        return declined(state)
    if not state.business.services:
        return Reply(say(state, "ask_the_shop", contact=contact(state)), ("anything_else",))
    problem = state.draft.when.problem
    wrong = say(state, "date_past" if problem == "past" else problem) if problem else ""
    if not state.service:
        return ask_service(state).after(wrong)
    if problem == "no_such_time" and state.draft.when.date:
        return Reply(say(state, "ask_time"), ("time",), (choice(state, "other_day"),)).after(wrong)
    if problem:
        return _ask_date(state).after(wrong)
    if state.asked_when is None:
        return _ask_date(state)
    search = state.current_search
    if state.standing_proposal:
        return _ask_person(state) or intake.ask(state) or _present(state)
    if not search:
        return Reply(say(state, "trouble"), tuple(state.expects), fallback=False)
    if search.result.get("status") == "free" and state.start:
        return _ask_person(state) or intake.ask(state) or _present(state)
    return offer(state, search)


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
    named = service and service.key in (state.plan.about_service, _picked(state))
    just_chosen = named and state.plan.changed
    if service and (just_chosen or (state.plan.changed and len(state.business.services) == 1)):
        phrase = "ask_date_for_whole_day" if whole_day else "ask_date_for"
        return Reply(say(state, phrase, service=name_of(state, service)), ("date",), choices)
    return Reply(say(state, "ask_date"), ("date",), choices).after(noted(state))


def _picked(state: State) -> str | None:
    """The service that was chosen by its place in the list."""
    chosen = state.draft.service
    return chosen if "service" in state.expects and chosen != state.before.service else None


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
        if draft.resource and draft.resource != state.before.resource:
            named = state.lang.say("with", 0, what=named, resource=draft.resource)
        found = _only_free(state) or say(state, "free", when=named)
    found = f"{found} {upfront(state)}".strip()
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
    if state.blocked:
        choices = tuple(choice(state, name) for name in ("other_day", "no_thanks", "human"))
        return Reply(state.blocked, ("anything_else",), choices)
    if not state.proposal:
        refusal = state.answer("propose_booking") or {}
        text = say(state, "did_not_work") if refusal else say(state, "trouble")
        ask = say(state, "ask_the_shop", contact=contact(state))
        return Reply(f"{text} {ask}", ("anything_else",))
    made_now = bool(state.answer("propose_booking"))
    if not made_now and state.reading.has("no") and state.reading.tells:
        choices = tuple(choice(state, name) for name in ("other_service", "other_day", "other_time"))
        return Reply(say(state, "change_what"), ("service", "date", "time"), choices)
    choices = tuple(choice(state, name) for name in ("yes", "other_time", "other_day"))
    if not made_now and only_agrees(state):
        return Reply(how_to_agree(state, "book"), ("confirm",), choices)
    what = summary(state, state.proposal.preview)
    asks = say(state, "summary" if made_now else "summary_again", what=what)
    if not made_now and state.reading.has("recap") and not state.plan.sides:
        asks = f"{asks} {say(state, 'just_yes', code=state.proposal.code)}"
    return Reply(asks, ("confirm",), choices).after(_only_free(state), upfront(state))


def _only_free(state: State) -> str:
    """Which of several times named as equals is free, and which are not."""
    when, gone = state.draft.when, state.plan.gone
    if not gone or not when.date:
        return ""
    free = spoken.moment(Slot(when.date, when.time), state)
    return say(state, "only_free", gone=spoken.wishes(gone, state), when=free)


def declined(state: State) -> Reply:
    """The customer said no to the preview; nothing was arranged."""
    choices = tuple(choice(state, name) for name in ("other_time", "other_day", "no_thanks"))
    return Reply(say(state, "declined"), ("anything_else",), choices)


def refused_offer(state: State) -> Reply:
    """The customer said no to what was asked, without saying what instead."""
    if state.plan.withdraws:
        return declined(state)
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
    if service and state.plan.only:
        return say(state, "only_with", resource=state.plan.only, service=name_of(state, service))
    if not state.plan.unable or not service:
        return ""
    return say(state, "with_nobody", resource=state.plan.unable, service=name_of(state, service))


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
