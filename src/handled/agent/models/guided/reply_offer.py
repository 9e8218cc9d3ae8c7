"""Free times on the table: what to say about them, and why the wish itself cannot be had."""

from __future__ import annotations

from . import spoken
from .history import Json
from .moving import MOVES, end_of_day
from .reply_service import noted
from .state import Search, State, shown, slots_of
from .understand import Slot
from .wording import Reply, choice, say, slot_choices, upfront

# Days beside the first that are named one by one; of "any day but Monday" nobody wants the list.
_FEW = 2


def offer(state: State, search: Search) -> Reply:
    """Put free times on the table, and say first why the wish itself cannot be had."""
    result, offered = search.result, shown(search.result)
    status = result.get("status")
    if status == "unclear":
        question = result.get("question")
        return Reply(question if isinstance(question, str) else say(state, "unclear_when"), ("date",))
    if offered and _said_before(state):
        return _offer_again(state, result, offered)
    when = state.draft.when
    named = say(state, "those_days") if len(when.also) > _FEW else spoken.asked(when, state)
    why = result.get("why")
    why = why if isinstance(why, str) else ""
    lead = ""
    if status in {"not_free", "none"}:
        phrase = "none_at_all" if not named else "not_free" if status == "not_free" else "none_free"
        lead = say(state, phrase, when=named, why=why).strip()
        if why and _says_itself(state, result, why):
            lead = say(state, "sorry_why", why=why)
    if beyond := _beyond(state, result, offered):
        return beyond
    if not offered:
        return Reply(f"{lead or say(state, 'none_at_all')} {say(state, 'another_day')}", ("date",))
    if not lead and state.plan.gone:
        lead = say(state, "not_free", when=spoken.wishes(state.plan.gone, state), why="").strip()
    elif not lead and (full := _days_without(state, offered)):
        lead = say(state, "only_some", days=full)
    expects = _expected(state, offered)
    choices = (*slot_choices(state, offered), choice(state, "other_day"))
    told = (lead, _table(state, offered, result, bool(lead)), upfront(state))
    return Reply(_which(state, expects, offered), expects, choices).after(*told)


def _days_without(state: State, offered: tuple[Slot, ...]) -> str:
    """Those of the days named as equals that have no room."""
    when, free = state.draft.when, {slot.date for slot in offered}
    named = (when.date, *when.also) if 0 < len(when.also) <= _FEW else ()
    return spoken.listed(
        [spoken.day(each, state) for each in named if each and each not in free], state.lang.say("and", 0)
    )


def _says_itself(state: State, result: Json, why: str) -> bool:
    """Whether the reason names the day or the person, so that the wish need not be repeated."""
    draft = state.draft
    if (draft.resource and draft.resource in why) or (draft.when.date and spoken.day(draft.when.date, state) in why):
        return True
    return result.get("status") == "none" and result.get("reason") != "taken"


def _beyond(state: State, result: Json, offered: tuple[Slot, ...]) -> Reply | None:
    """The first or the last of the day, where it was asked for or nothing lies beyond the table; and another day."""
    end = end_of_day(state.draft, result, offered)
    if not end or not end.time:
        return None
    told = {"time": spoken.clock(end.time, state), "day": spoken.day(end.date, state)}
    last = state.draft.when.edge == "latest" or state.draft.relative == "later"
    text = say(state, "nothing_later" if last else "nothing_earlier", **told)
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
    settled = days == {state.draft.when.date} and state.draft.when.one_day
    return ("time",) if settled else ("slot",)


def _which(state: State, expects: tuple[str, ...], offered: tuple[Slot, ...]) -> str:
    if len(offered) == 1:
        return say(state, "ask_one")
    return say(state, "ask_time" if expects == ("time",) else "ask_slot")


def _with_whom(state: State, times: str) -> str:
    """The times, with the name of who was asked for just now."""
    resource = state.draft.resource
    fresh = resource and resource != state.before.resource
    return state.lang.say("with", 0, what=times, resource=resource or "") if fresh else times


def _table(state: State, offered: tuple[Slot, ...], result: Json, instead: bool) -> str:
    times = _with_whom(state, spoken.slots(offered, state))
    days = {slot.date for slot in offered}
    if instead:
        when = state.draft.when
        elsewhere = days != {when.date} or not when.one_day or bool(state.plan.gone)
        if len(days) == 1 and elsewhere and offered[0].time:
            return say(state, "options", day=spoken.day(offered[0].date, state), times=times)
        return say(state, "nearest", times=times)
    if not all(slot.time for slot in offered):
        return say(state, "whole_days", times=times) if len(offered) > 1 else say(state, "free", when=times)
    if len(days) > 1:
        return say(state, "options_days", times=times)
    many = bool(result.get("more")) or len(slots_of(result)) > len(offered)
    return say(state, "options_many" if many else "options", day=spoken.day(offered[0].date, state), times=times)
