"""Times named as equals: "10 or 2". Each is looked up; the free ones are offered, a single free one is taken."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from .dates import When, query
from .history import Json, ToolAnswered
from .state import Search, State, shown, slots_of
from .understand import Slot

FIND = "find_slots"


def calls(state: State, **more: object) -> list[tuple[str, Json]]:
    """A lookup for each of them; none where the wish is for one time only."""
    draft = state.draft
    if not state.service or state.service.whole_day:
        return []
    return [
        (
            FIND,
            {"service": draft.service, "when": query(When(date=day, time=clock)), "resource": draft.resource, **more},
        )
        for day, clock in draft.when.choice
    ]


def note(state: State, answer: ToolAnswered) -> bool:
    """Take in one of the answers; with the last of them it is known which are free. False for any other lookup."""
    asked = [args["when"] for _, args in calls(state)]
    if answer.args.get("when") not in asked or answer.args.get("service") != state.draft.service:
        return False
    known = {each.args.get("when"): each.result for each in state.answers if each.tool == FIND}
    if all(when in known for when in asked):
        _settle(state, [known[when] for when in asked])
    return True


def _settle(state: State, results: list[Json]) -> None:
    when, draft = state.draft.when, state.draft
    free = [each for each in results if each.get("status") == "free"]
    if len(free) == 1:
        day, clock = when.choice[results.index(free[0])]
        gone = tuple(Slot(*each) for each in when.choice if each != (day, clock))
        state.draft, state.plan = replace(draft, when=When(date=day, time=clock)), replace(state.plan, gone=gone)
        state.search, state.offered = Search(draft.service or "", state.asked_when or "", draft.resource, free[0]), ()
        return
    told = [slot for each in free or results for slot in cast("list[Json]", each.get("slots") or [])]
    merged: Json = {**results[0], "status": "options" if free else "not_free", "slots": told, "more": False}
    state.search = Search(draft.service or "", state.asked_when or "", draft.resource, merged)
    state.offered = state.table = shown(merged) if slots_of(merged) else ()
