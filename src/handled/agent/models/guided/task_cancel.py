"""The task of cancelling a booking: what it costs is told first, and only the customer's own word does it."""

from __future__ import annotations

from dataclasses import replace

from . import identify, own_words
from .agreeing import how_to_agree, only_agrees
from .dates import When
from .history import Json, ToolAnswered
from .services import Heard
from .state import Proposal, State, Waiting, date_of, time_of
from .understand import Reading
from .wording import Reply, amount, choice, contact, say

PROPOSE = "propose_cancel"


def take_in(state: State, reading: Reading) -> None:
    """Keep what was told about which booking it is."""
    if state.op != "cancel":
        state.op, state.declined = "cancel", False
        state.offered, state.search = (), None
    if reading.has("book", "instead") and state.errand.booking and put_off_another(state, reading):
        reading = replace(reading, heard=Heard(), when=When())
    identify.take_in(state, reading)
    if not state.errand.booking:
        state.errand = replace(state.errand, wishes=(*state.errand.wishes, reading))


def put_off_another(state: State, reading: Reading) -> bool:
    """ "Cancel it and book me a beard trim on Friday": another service comes when that is done. False: it is none."""
    booking = state.errand.booking or {}
    own, heard = booking.get("service"), reading.heard.service
    others = [each for each in reading.heard.candidates if each != own] if reading.heard.apart else []
    heard = others[0] if len(others) == 1 and own in reading.heard.candidates else heard
    if heard in (None, own):
        return False
    when = reading.when
    if reading.has("same_time"):
        when = replace(when, date=when.date or date_of(booking.get("date")), time=time_of(booking.get("time")))
    state.waiting = Waiting(heard, when=when, after_cancelling=True)
    state.plan = replace(state.plan, put_off=True)
    return True


def calls(state: State) -> list[tuple[str, Json]]:
    """Propose it once the booking is known; before that, find out which one it is."""
    errand, email = state.errand, state.draft.email
    if errand.refused:
        return _shown(state)
    if state.declined or errand.trouble or errand.missed_now or state.standing_change("cancel"):
        return []
    if errand.digits and not errand.booking:
        return identify.lookups(state)
    if identify.wants_digits(state):
        return identify.lookups(state)
    if errand.code:
        free = errand.made_here(errand.code) or errand.proven
        return [(PROPOSE, {"code": errand.code, "email": email})] if free or email else []
    if errand.among or errand.other:
        return []
    return [(PROPOSE, {"code": None, "email": None})] if errand.made or errand.proven else identify.lookups(state)


def _shown(state: State) -> list[tuple[str, Json]]:
    """What is over already is looked up, so that it may be said of it."""
    refused = state.errand.refused or {}
    booking = own_words.object_of(refused.get("booking"))
    if booking.get("status") != "cancelled":
        return []
    email = None if state.errand.made_here(str(booking.get("code"))) else state.draft.email
    return [(identify.FIND, {"code": booking.get("code"), "email": email})]


def note(state: State, answer: ToolAnswered) -> None:
    """Take in the proposal, the refusal, or that it is still open which booking is meant."""
    result = answer.result
    match result.get("status"):
        case "awaiting_confirmation":
            preview = own_words.object_of(result.get("preview"))
            code = str(preview.get("bookingCode") or answer.args.get("code") or "")
            booking = {**preview, "code": code}
            new = state.errand.booking is None
            state.proposal = Proposal(answer.args, preview, str(result.get("code") or ""), state.now, "cancel")
            state.errand = replace(state.errand, booking=booking, code=code, misses=0)
            state.declined = False
            for reading in state.errand.wishes if new else ():
                if reading.has("book", "instead"):
                    put_off_another(state, reading)
        case "refused":
            state.errand = replace(state.errand, refused=result)
            state.proposal = None
        case _:
            identify.note(state, answer)


def speak(state: State) -> Reply:
    """The question that only the customer may answer, with what it costs; or what stands in the way."""
    errand = state.errand
    if errand.refused:
        return refused(state, "cancel")
    proposal = state.standing_change("cancel")
    if not proposal or not errand.booking:
        return identify.ask(state)
    what = own_words.described(state, errand.booking)
    choices = tuple(choice(state, name) for name in ("yes_cancel", "move_instead", "keep"))
    if state.answer(PROPOSE) or state.reading.has("price"):
        text = say(state, "ask_cancel", what=what, cost=_cost(state, proposal.preview))
        return Reply(text, ("confirm",), choices)
    text = how_to_agree(state, "cancel") if only_agrees(state) else say(state, "ask_cancel_again", what=what)
    return Reply(text, ("confirm",), choices)


def refused(state: State, what: str) -> Reply:
    """By which rule it cannot be done, and who can do more."""
    result = state.errand.refused or {}
    why = say(state, f"refused_{what}", why=str(result.get("why") or ""))
    late = result.get("reason") in ("too_late_to_move", "moves_used_up")
    choices = (choice(state, "cancel_it"), choice(state, "no_thanks")) if late else ()
    closing = Reply(say(state, "anything_else"), ("anything_else",), choices)
    told = any(way and way in why for way in (state.business.name, state.business.phone, state.business.email))
    return closing.after(why, "" if told else say(state, "contact_for_it", contact=contact(state)))


def _cost(state: State, preview: Json) -> str:
    """What it costs and gives back, and by which rule."""
    fee, refund = amount(state, preview.get("fee")), amount(state, preview.get("refund"))
    phrase = (
        "cancel_fee_refund" if fee and refund else "cancel_fee" if fee else "cancel_refund" if refund else "cancel_free"
    )
    rule = preview.get("policy")
    told = say(state, phrase, fee=fee, refund=refund)
    return f"{told} {rule}" if isinstance(rule, str) and fee else told
