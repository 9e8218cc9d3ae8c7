"""The task of finding a booking that was made before: what an utterance adds, what to ask the tool, what to say.

`wanted` recognises it, `take_in` keeps what was told, `calls` names the tools, `note` takes their answer and `find`
speaks. A task that is added later has a module like this one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from . import spoken
from .history import Json, ToolAnswered
from .state import State, date_of, time_of
from .understand import Reading, Slot
from .wording import Reply, contact, say


def wanted(state: State, reading: Reading) -> bool:
    """Whether an utterance is about finding a booking, or answers what was asked to find it."""
    busy, person = state.op == "book", reading.person
    if state.op == "find" and (person.code or person.email or person.email_like):
        return True
    if reading.has("no_code") and (state.op == "find" or "code" in state.expects):
        return True
    if reading.has("find") and not busy and not reading.has("another_booking"):
        return True
    return bool(person.code and state.lang.code_lead.search(reading.text) and not busy)


def take_in(state: State, reading: Reading) -> None:
    """Keep the code and the address that were told."""
    state.op = "find"
    state.code = reading.person.code or state.code
    if email := reading.person.email or reading.person.email_like:
        state.draft = replace(state.draft, email=email)


def calls(state: State) -> list[tuple[str, Json]]:
    """The tools to call once both are known; the same pair is not looked up twice."""
    asked = (state.code or "", state.draft.email or "")
    if not all(asked) or asked in state.lookups:
        return []
    return [("find_booking", {"code": asked[0], "email": asked[1]})]


def note(state: State, answer: ToolAnswered) -> None:
    """Take in whether it was found."""
    if answer.result.get("found"):
        state.op, state.code = None, None
    else:
        state.lookups.append((str(answer.args.get("code", "")), str(answer.args.get("email", ""))))


def find(state: State) -> Reply:
    """The booking, or the question for what is missing to find it."""
    found = state.answer("find_booking")
    if not found and state.reading.has("no_code") and not state.reading.person.code:
        return Reply(say(state, "no_code", contact=contact(state)), ("code", "email"))
    if found and found.get("found"):
        return Reply(say(state, "anything_else"), ("anything_else",)).after(
            say(state, "found", what=_booking(state, _object(found.get("booking"))))
        )
    if found:
        if len(state.lookups) > 1:
            return Reply(say(state, "not_found_again", contact=contact(state)), ("anything_else",))
        return Reply(say(state, "not_found"), ("code", "email"))
    if not state.code and not state.draft.email:
        return Reply(say(state, "ask_code_email"), ("code", "email"))
    if not state.code:
        return Reply(say(state, "ask_code"), ("code",))
    if not state.draft.email:
        return Reply(say(state, "ask_email_of_booking"), ("email",))
    return Reply(say(state, "not_found"), ("code", "email"))


def _booking(state: State, booking: Json) -> str:
    label = str(booking.get("label") or booking.get("service") or "")
    when = _when_of(state, booking)
    zone = spoken.zone(str(booking.get("timezone") or state.business.timezone), state)
    what = state.lang.say("on", 0, what=label, when=state.lang.say("in_zone", 0, when=when, zone=zone))
    resource = booking.get("resource")
    return state.lang.say("with", 0, what=what, resource=resource) if isinstance(resource, str) and resource else what


def _when_of(state: State, booking: Json) -> str:
    day = date_of(booking.get("date"))
    return spoken.moment(Slot(day, time_of(booking.get("time"))), state) if day else ""


def _object(value: object) -> Json:
    return cast("Json", value) if isinstance(value, dict) else {}
