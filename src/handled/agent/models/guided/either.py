"""Times named as equals: "10 or 2", "Thursday afternoon or Friday morning". Each is looked up; the free ones are
offered, a single free one is taken."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from .dates import query
from .history import Json, ToolAnswered
from .state import Search, State, shown, slots_of

FIND = "find_slots"
_HAD = {"free", "options"}


def calls(state: State, **more: object) -> list[tuple[str, Json]]:
    """A lookup for each of them; none where the wish is for one time only."""
    draft = state.draft
    if not state.service or state.service.whole_day:
        return []
    return [
        (FIND, {"service": draft.service, "when": query(each), "resource": draft.resource, **more})
        for each in draft.when.choice
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
    had = [each for each in results if each.get("status") in _HAD]
    if len(had) == 1:
        meant = when.choice[results.index(had[0])]
        gone = tuple(each for each in when.choice if each != meant)
        state.draft, state.plan = replace(draft, when=meant), replace(state.plan, gone=gone)
        merged = had[0]
    else:
        told = [slot for each in had or results for slot in cast("list[Json]", each.get("slots") or [])]
        merged: Json = {**results[0], "status": "options" if had else "not_free", "slots": told, "more": False}
    state.search = Search(draft.service or "", state.asked_when or "", draft.resource, merged)
    state.offered = shown(merged) if merged.get("status") != "free" and slots_of(merged) else ()
    state.table = state.offered or state.table
