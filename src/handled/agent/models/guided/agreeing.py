"""A kind word to the card is no yes yet: what is said then, in one sentence."""

from __future__ import annotations

from handled.agent import consent

from .asides import SMALL_TALK
from .state import State
from .wording import say


def only_agrees(state: State) -> bool:
    """Whether nothing but approval came, and the server did not take it for consent; or how to give it was asked."""
    reading = state.reading
    if reading.has("how_to"):
        return True
    more = reading.tells or state.plan.sides or reading.has("recap", "no", "state_asked", "pay_asked")
    return reading.has("yes") and not more and len(reading.leftover) <= SMALL_TALK


def how_to_agree(state: State, what: str) -> str:
    """How to confirm the card to "book", "cancel" or "move"."""
    code = state.proposal.code if state.proposal else ""
    # Where a plain yes was not enough, the business takes none that is typed.
    if consent.judge(state.reading.text, code, state.business.locale) == "yes":
        return say(state, "how_by_button", code=code)
    return say(state, f"how_to_{what}", code=code)
