"""Whose booking, and which one: by code and address, by six digits sent to the address, or one made just now.

Whatever was wrong, the answer is the same, and after the second time it is a person's turn.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import cast

from .errand import Errand
from .history import Json, ToolAnswered
from .own_words import list_choices, listed, object_of
from .picks import is_day, place_in
from .state import State, date_of, time_of
from .understand import Reading
from .wording import Reply, choice, contact, say

FIND = "find_booking"
_DIGITS = re.compile(r"(?<![\w@.-])\d(?:[\s.-]?\d){5}(?![\s.-]?\d|[\w@])")
_MOST_MISSES = 2


def told(state: State, reading: Reading) -> bool:
    """Whether an utterance answers which booking it is."""
    person = reading.person
    plain = bool(person.code or person.email or person.email_like or digits_in(state, reading))
    return plain or reading.has("no_code") or chosen(state, reading) is not None


def digits_in(state: State, reading: Reading) -> str | None:
    """The six digits, where some were sent."""
    match = _DIGITS.search(reading.text) if state.errand.sent_to else None
    return re.sub(r"\D", "", match[0]) if match else None


def chosen(state: State, reading: Reading) -> Json | None:
    """The one of those on the list that an utterance means, if it is exactly one."""
    among, known, heard = state.errand.among, state.errand.booking, reading.heard.service
    if not among:
        return None
    if reading.has("other_own"):
        rest = [each for each in among if each.get("code") != (known or {}).get("code")]
        return rest[0] if (len(among), len(rest)) == (2, 1) else None
    if state.op == "move" and known and "booking" not in state.expects and heard in (None, known.get("service")):
        return None  # it is settled, and what is said now is about the new time
    if match := state.lang.pick_word.search(reading.plain):
        place = place_in(match, state.lang)
        days = [day for each in among if (day := date_of(each.get("date")))]
        if -1 <= place < len(among) and not is_day(match, reading.when, state.lang, days):
            return among[place % len(among)]
    return fitting(among, reading)


def fitting(among: tuple[Json, ...], reading: Reading) -> Json | None:
    """The only one that has the code, service, day or time that were named."""
    when = reading.when
    fits = list(among)
    if reading.person.code:
        fits = [each for each in fits if each.get("code") == reading.person.code]
    if reading.heard.service:
        fits = [each for each in fits if each.get("service") == reading.heard.service]
    if len(fits) == 1 < len(among):
        return fits[0]  # "move the shave to Friday": the day is the new one
    if reading.resource and any(each.get("resource") == reading.resource for each in fits):
        fits = [each for each in fits if each.get("resource") == reading.resource]
    if when.date and not when.also:
        last = when.to_date or when.date
        fits = [each for each in fits if when.date <= (date_of(each.get("date")) or date.min) <= last]
    if when.time:
        fits = [each for each in fits if time_of(each.get("time")) == when.time] or fits
    return fits[0] if len(fits) == 1 < len(among) else None


def take_in(state: State, reading: Reading) -> None:
    """Keep the code, the digits, the address and the choice that were told."""
    errand, person = state.errand, reading.person
    if email := person.email or person.email_like:
        state.draft = replace(state.draft, email=email)
        if errand.tried and state.expects >= {"code", "email"} and not (errand.code or person.code):
            # Of the pair that led to nothing only the address was wrong.
            errand = replace(errand, code=errand.tried[-1][0] or None)
    pick = chosen(state, reading)
    digits = digits_in(state, reading)
    if digits:
        errand = replace(errand, digits=digits)
    elif person.code and person.code != errand.code:
        errand = replace(errand, code=person.code, booking=None, other=False)
    elif pick:
        errand = replace(errand, code=str(pick.get("code")), booking=pick, other=False)
    elif reading.has("other_own") or (state.op == "cancel" and _speaks_of_another(errand, reading)):
        errand = replace(errand, code=None, booking=None, other=True)
    if reading.has("no_code") and not errand.code:
        errand = replace(errand, needs_proof=True)
    pair = (errand.code or "", state.draft.email or "")
    if pair in errand.tried:
        errand = replace(errand, code=None, misses=errand.misses + 1, missed_now=True)
    state.errand = errand


def _speaks_of_another(errand: Errand, reading: Reading) -> bool:
    """Whether the day, time or service named is not that of the only booking known."""
    known = errand.booking or {}
    if not known and len(errand.made) == 1 and not errand.code:
        done = errand.made[0]
        clock = f"{done.when.time:%H:%M}" if done.when.time else None
        known = {"service": done.service, "date": str(done.when.date), "time": clock}
    said = reading.when
    if reading.has("cancel_for"):
        return False  # what is named is what is wanted in its place
    if not known or errand.code not in (None, known.get("code")) or not reading.has("cancel", "cancel_word"):
        return False
    other_day = bool(said.date and said.one_day and said.date != date_of(known.get("date")))
    other_time = bool(said.time and known.get("time") and said.time != time_of(known.get("time")))
    return other_day or other_time or bool(reading.heard.service and reading.heard.service != known.get("service"))


def lookups(state: State) -> list[tuple[str, Json]]:
    """The calls that may lead to the booking, in the order in which they are worth trying."""
    errand, email = state.errand, state.draft.email
    if errand.trouble or errand.missed_now:
        return []
    if errand.digits:
        return [(FIND, {"code": errand.digits, "email": None})]
    if wants_digits(state) and email:
        return [(FIND, {"code": None, "email": email})]
    if errand.code:
        here = errand.made_here(errand.code)
        return [(FIND, {"code": errand.code, "email": None if here else email})] if here or email else []
    if errand.among or errand.other:
        return []
    if errand.proven:
        return [(FIND, {"code": None, "email": None})]
    return [(FIND, {"code": each.code, "email": None}) for each in errand.made[-4:]]


def wants_digits(state: State) -> bool:
    """Whether six digits are to be sent: who has no code, or who has just asked for new ones."""
    errand, reading = state.errand, state.reading
    if errand.code and not errand.needs_proof:
        return False
    asked_again = reading.has("new_code", "no_code") and bool(state.expects & {"otp", "code"})
    email_alone = state.op == "find" and bool(reading.person.email) and not errand.proven
    return errand.needs_proof or asked_again or email_alone


def note(state: State, answer: ToolAnswered) -> None:
    """Take in what was found, or that six digits are on their way."""
    result, errand = answer.result, state.errand
    if "error" in result:
        errand = replace(errand, trouble=str(result["error"]), code=None)
    elif result.get("code_sent"):
        errand = replace(errand, sent_to=str(result.get("to") or ""), needs_proof=False, misses=0)
    elif isinstance(result.get("bookings"), list):
        found = cast("list[object]", result["bookings"])
        listed = tuple(cast("Json", each) for each in found if isinstance(each, dict))
        errand = replace(errand, among=listed, none_coming=not listed, proven=True, sent_to="", misses=0)
    elif result.get("found"):
        errand = _found(errand, answer)
    else:
        errand = missing(errand, answer)
    state.errand = _settled(errand, state)


def _found(errand: Errand, answer: ToolAnswered) -> Errand:
    booking = object_of(answer.result.get("booking"))
    code = str(booking.get("code") or answer.args.get("code") or "")
    if _DIGITS.fullmatch(str(answer.args.get("code") or "")) or answer.args.get("code") is None:
        errand = replace(errand, proven=True, sent_to="")
    if errand.code is None and len(errand.made) > 1 and errand.made_here(code):
        is_open = booking.get("status") != "cancelled"
        return replace(errand, among=(*errand.among, booking)) if is_open else errand
    return replace(errand, booking=booking, code=code, misses=0)


def missing(errand: Errand, answer: ToolAnswered) -> Errand:
    """Nothing was found, or more is needed first."""
    args, needs = answer.args, answer.result.get("needs")
    if isinstance(needs, list) and "one_time_code" in needs:
        return replace(errand, needs_proof=True)
    if args.get("code") is None or errand.made_here(args.get("code")):
        # Bookings of this conversation that are over, and nothing that was said wrong.
        return replace(errand, made=(), code=None)
    if errand.digits:
        return replace(errand, misses=errand.misses + 1, missed_now=True)
    if isinstance(needs, list) and "email" in needs:
        return errand
    pair = (str(args.get("code") or ""), str(args.get("email") or ""))
    tried = (*errand.tried, pair)
    return replace(errand, tried=tried, code=None, misses=errand.misses + 1, missed_now=True)


def _settled(errand: Errand, state: State) -> Errand:
    """Of several the one that was meant all along, if something was said about it."""
    if errand.booking or state.op == "find":
        return errand
    only = errand.among[0] if len(errand.among) == 1 and len(errand.made) < 2 else None
    for said in (state.reading, *errand.wishes):
        only = only or fitting(errand.among, said)
    return replace(errand, booking=only, code=str(only.get("code"))) if only else errand


def ask(state: State) -> Reply:
    """Ask for what is missing to know which booking it is, or say that it was not found."""
    errand, op = state.errand, state.op or "find"
    if errand.trouble:
        return Reply(say(state, "lookup_trouble", contact=contact(state)), ("anything_else",))
    if errand.missed_now:
        return _not_found(state)
    if errand.none_coming:
        return Reply(say(state, "anything_else"), ("anything_else",)).after(say(state, "no_bookings"))
    if len(errand.among) > 1 and op != "find":
        return ask_which(state)
    if errand.sent_to:
        return _ask_digits(state)
    no_code = (choice(state, "no_code"),)
    if errand.needs_proof and not state.draft.email:
        return Reply(say(state, "no_code_email"), ("email",))
    if not errand.code and state.draft.email:
        return Reply(say(state, "ask_code"), ("code",), no_code)
    if errand.code:
        return Reply(say(state, "ask_email_of_booking"), ("email",))
    phrase = "ask_code_email" if op == "find" else f"ask_code_email_{op}"
    by_name = say(state, "name_is_not_enough") if state.reading.person.name else ""
    return Reply(say(state, phrase), ("code", "email"), no_code).after(by_name)


def _not_found(state: State) -> Reply:
    if state.errand.misses >= _MOST_MISSES:
        text = say(state, "not_found_again", contact=contact(state))
        return Reply(text, ("anything_else",), (choice(state, "human"),))
    if state.errand.sent_to:
        return Reply(say(state, "otp_wrong"), ("otp",), (choice(state, "new_code"),))
    return Reply(say(state, "not_found"), ("code", "email"), (choice(state, "no_code"),))


def _ask_digits(state: State) -> Reply:
    sent_now = bool(state.answer(FIND))
    text = say(state, "otp_sent", email=state.errand.sent_to) if sent_now else say(state, "otp_still")
    return Reply(text, ("otp",), (choice(state, "new_code"),))


def given_up(errand: Errand) -> bool:
    """Whether it was looked for often enough: then it is over, and a person's turn."""
    return bool(errand.trouble or errand.none_coming or (errand.missed_now and errand.misses >= _MOST_MISSES))


def ask_which(state: State) -> Reply:
    """Those that could be meant, as choices."""
    op = "move" if state.op == "move" else "cancel"
    first = say(state, "one_by_one") if state.reading.has("all_own") else ""
    return Reply(say(state, f"which_{op}", what=listed(state)), ("booking",), list_choices(state)).after(first)
