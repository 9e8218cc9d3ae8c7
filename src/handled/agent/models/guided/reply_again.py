"""The last question in other words, for who did not see what was meant."""

from __future__ import annotations

from dataclasses import replace

from . import spoken
from .reply_lost import menu
from .reply_service import examples
from .state import State
from .steps import step
from .wording import Reply, say

# What was asked for last, and how it is put then; the first that fits.
_PHRASES = {
    "confirm": "again_confirm",
    "otp": "again_otp",
    "code": "again_code",
    "new_date": "again_new_date",
    "new_time": "again_new_date",
    "name": "again_person",
    "email": "again_person",
    "time": "again_slot",
    "slot": "again_slot",
    "date": "again_date",
    "service": "again_service",
}


def again(state: State) -> Reply:
    """Say differently what was asked, with the same choices; what can be done here if nothing was."""
    phrase = next((words for asked, words in _PHRASES.items() if asked in state.expects), None)
    if state.expects >= {"new_date"} and state.offered:
        phrase = "again_slot"
    if phrase == "again_slot" and not state.offered:
        phrase = "again_date"
    if phrase == "again_service" and not state.business.services:
        phrase = None
    following = step(state) if state.op else None
    if phrase is None or following is None:
        return following or Reply(say(state, "can_do"), ("anything_else",), menu(state))
    if phrase == "again_confirm" and state.op != "book":
        phrase = "again_confirm_change"
    code = state.proposal.code if state.proposal else ""
    times = spoken.slots(state.offered, state, with_day=True) if state.offered else ""
    return replace(following, text=say(state, phrase, services=examples(state), times=times, code=code))
