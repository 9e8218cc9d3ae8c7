"""How a booking made in this conversation stands: sure, waiting for its payment, or over."""

from __future__ import annotations

from datetime import datetime

from . import spoken
from .dates import local
from .history import Json
from .own_words import described, object_of
from .state import State
from .understand import Reading
from .wording import Reply, amount, choice, price_of, say

FIND = "find_booking"


def asked(state: State, reading: Reading) -> bool:
    """Whether somebody wants to know it, of a booking that was made here."""
    if (
        state.op is not None
        or not state.errand.made_here(state.done.code)
        or not reading.when.empty
        or reading.has("cancel", "reschedule")
    ):
        return False
    return reading.has("state_asked", "pay_asked", "owes") or (
        state.done.held and reading.has("pay_how", "must_pay", "find")
    )


def calls(state: State) -> list[tuple[str, Json]]:
    """It may have changed since: it is looked up."""
    return [(FIND, {"code": state.done.code, "email": None})]


def speak(state: State) -> Reply:
    """The state it is in, and what is left to do."""
    result = state.answer(FIND) or {}
    booking = object_of(result.get("booking"))
    if not booking:
        choices = (choice(state, "book"), choice(state, "no_thanks"))
        return Reply(say(state, "stands_lost" if state.done.held else "trouble"), ("anything_else",), choices)
    closing = Reply(say(state, "anything_else"), ("anything_else",))
    return closing.after(*told(state, booking))


def told(state: State, booking: Json) -> list[str]:
    """The state of a booking in words, for who asked about it."""
    what = described(state, booking)
    match booking.get("status"):
        case "pending_payment":
            return [held(state, booking)]
        case "confirmed" | "completed":
            settled = "stands_settled" if booking.get("paidAt") else "stands_free" if _of_money(state) else ""
            service = state.business.service(str(booking.get("service") or ""))
            price = price_of(state, service) if service and state.reading.has("owes") else ""
            return [say(state, "stands", what=what), price, say(state, settled) if settled else ""]
        case _:
            return [say(state, "stands_gone", what=what)]


def _of_money(state: State) -> bool:
    return state.reading.has("pay_asked", "must_pay", "pay_how", "owes")


def held(state: State, booking: Json) -> str:
    """Until when its time is kept, and for how much."""
    due = amount(state, booking.get("due") or booking.get("price"))
    return say(state, "stands_held", what=described(state, booking), due=due, until=_until(state, booking))


def _until(state: State, booking: Json) -> str:
    ends = booking.get("holdExpiresAt")
    try:
        moment = local(datetime.fromisoformat(str(ends)), state.business.timezone)
    except ValueError:
        return ""
    return spoken.clock(moment.time(), state)
