"""What the guided model says in a turn, once every tool it needed has answered."""

from __future__ import annotations

from dataclasses import replace

from . import recognise, standing, task_memory, task_person
from .asides import SMALL_TALK
from .errand import ERRANDS
from .foreign import FOREIGN
from .own_words import described
from .practice import is_told_of_trouble
from .reply_again import again
from .reply_booking import booking_event, declined, next_step, refused_offer, short_question, unable
from .reply_lost import lost, menu, unknown_question, waiting
from .reply_service import is_for_several, that_one
from .reply_sides import no_answer, side_answers, unanswered
from .spoken import day as spoken_day
from .state import Draft, State
from .steps import step
from .wording import Choice, Reply, choice, contact, name_of, once, say, summary

__all__ = ["Choice", "Reply", "reply"]


def reply(state: State) -> Reply:
    """The words of this turn, with what they expect and offer."""
    return recognise.greeted(state, _reply(state))


def _reply(state: State) -> Reply:
    main = state.plan.main
    if state.refusal:
        return Reply(say(state, "anything_else"), ("anything_else",)).after(state.refusal)
    sides = side_answers(state)
    if main == "book":
        following = next_step(state)
        helped = state.reading.has("why_asked", "as_before", "recap", "how_to") or state.plan.changed
        helped = helped or (not state.service and state.reading.has("unsure", "difference"))
        if unanswered(state) and not sides and not helped:
            sides = [no_answer(state)]
        return following.after(*_before_step(state), booking_event(state), unable(state), *sides)
    if main in ERRANDS:
        return _errand(state, sides)
    if main == "answer":
        return _answered(state, sides)
    if main in _SPEAKERS:
        return _SPEAKERS[main](state)
    return _greeted(state)


def _before_step(state: State) -> list[str]:
    """What to say first about how the wish was put."""
    service = state.service
    if state.plan.comfort and service:
        return [say(state, "comfort", service=name_of(state, service), contact=contact(state))]
    reading = state.reading
    if reading.has("state_asked", "pay_asked"):
        return [say(state, "not_yet")]
    if is_told_of_trouble(state, reading) and not (reading.tells or state.plan.sides):
        return [say(state, "heard_you")]
    if state.plan.put_off:
        return [say(state, "one_by_one")]
    if reading.when.mismatch and (day := reading.when.date) and day == state.draft.when.date:
        return [say(state, "other_weekday", day=spoken_day(day, state))]
    if meant := that_one(state):
        return [meant]
    if reading.has("recap") and service and not state.standing_proposal:
        return [say(state, "so_far", what=summary(state, {}))]
    if reading.has("yes") and not (reading.tells or state.plan.sides) and state.expects & {"name", "email"}:
        return [say(state, "cheer")]
    phrases = (
        ("as_before", "no_memory"),
        ("several", "one_by_one"),
        ("places", "one_by_one"),
        ("recurring", "one_by_one"),
        ("why_asked", "why_asked"),
    )
    unsaid = {"no_memory"} if state.customer else set[str]()
    if any(is_for_several(state, each) for each in ([service] if service else state.business.services)):
        unsaid |= set() if reading.has("places") else {"one_by_one"}
    return [say(state, phrase) for intent, phrase in phrases if reading.has(intent) and phrase not in unsaid]


def _answered(state: State, sides: list[str]) -> Reply:
    if state.person_told and state.wants_reach:
        return task_person.ask_again(state).after(*(sides or [no_answer(state)]))
    if not sides:
        return unknown_question(state)
    about_services = {"services", "included", "offers", "price", "duration"}.intersection(state.plan.sides)
    choices = (choice(state, "book"), choice(state, "no_thanks")) if about_services else ()
    closing = Reply(say(state, "anything_else"), ("anything_else",), choices)
    return closing.after(*sides)


def _resume(state: State) -> Reply:
    """Back to what was being asked."""
    return step(state) or Reply(say(state, "anything_else"), ("anything_else",))


def _human(state: State) -> Reply:
    spoken = task_person.speak(state)
    return _resume(state).after(spoken.text) if state.op == "book" else spoken


def _errand(state: State, sides: list[str]) -> Reply:
    """The next step about a booking that exists, after what was asked beside it."""
    ready = state.event and state.event.get("event") in {"proposal_expired", "proposal_failed"}
    gone = bool(state.event and state.event.get("reason") == "slot_taken")
    happened = say(state, "gone_move" if gone else "expired") if ready else ""
    asks_for_it = state.reading.tells or state.reading.has("move_word", "cancel_word")
    if unanswered(state) and not sides and not asks_for_it:
        sides = [no_answer(state)]
    proof = say(state, "proof_first") if state.errand.sent_to and state.answer("propose_cancel") else ""
    first = say(state, "one_by_one") if state.plan.put_off else ""
    return _resume(state).after(happened, *sides, first, proof)


def _kept(state: State) -> Reply:
    """Nothing changes after all."""
    booking = state.errand.booking
    text = say(state, "kept", what=described(state, booking)) if booking else say(state, "kept_nothing")
    return Reply(say(state, "anything_else"), ("anything_else",)).after(text)


def _keep_or_other(state: State) -> Reply:
    choices = tuple(choice(state, name) for name in ("other_day", "other_time", "keep"))
    return Reply(say(state, "ask_keep_or_other"), ("new_date", "new_time"), choices)


def _not_changed(state: State) -> Reply:
    welcome = "" if state.reading.has("bye") else say(state, "welcome")
    return _resume(state).after(welcome, say(state, "not_changed"))


def _no_new_email(state: State) -> Reply:
    return Reply(say(state, "no_new_email", contact=contact(state)), ("anything_else",))


def _asks_first(state: State) -> Reply:
    """Somebody else is asked, or a diary: what was agreed stays, and nobody is pressed."""
    return Reply(say(state, "asks_first"), tuple(sorted(state.expects)))


def _hostile(state: State) -> Reply:
    text = say(state, "only_this", business=state.business.name)
    return _resume(state).after(text) if state.op else Reply(text, (), menu(state), fallback=True)


def _rude(state: State) -> Reply:
    """Nothing is lost by a harsh word: an offer of somebody else, and the question that is open."""
    if state.op:
        asks = again(state) if "confirm" in state.expects else short_question(state) if state.op == "book" else None
        following = asks or _resume(state)
        choices = once((*following.choices, choice(state, "human")))
        text = say(state, "rude", contact=contact(state))
        return replace(following.after(text), fallback=True, choices=choices)
    text = say(state, "sorry_rude")
    more = "offer_person" if len(state.reading.leftover) > SMALL_TALK or state.misses else "can_do"
    return Reply(f"{text} {say(state, more)}", (), (*menu(state), choice(state, "human")), fallback=True)


def _second_thoughts(state: State) -> Reply:
    """ "Hm, no, wait": what shall be different is asked, and nothing is touched."""
    done = state.done
    if state.op:
        if state.op != "book" or not state.draft.when.date or state.reading.has("noise"):
            return waiting(state)
        choices = tuple(choice(state, name) for name in ("other_time", "other_day", "other_service", "no_thanks"))
        asked = {"service", "date", "time"} if "confirm" in state.expects else state.expects
        return Reply(say(state, "go_on_change"), tuple(sorted(asked, reverse=True)), choices)
    if not done.code or not done.when.date:
        return _go_on(state)
    booked = {"service": done.service, "date": str(done.when.date), "time": str(done.when.time or "")}
    choices = tuple(choice(state, name) for name in ("move_it", "cancel_it", "no_thanks"))
    text = say(state, "what_to_change", what=described(state, booked))
    return Reply(text, ("new_date", "new_time", "anything_else"), choices)


def _foreign(state: State) -> Reply:
    """One sentence in the customer's language, and what can be done here under its names."""
    told = FOREIGN[state.reading.foreign or ""]
    following = step(state) if state.op else None
    named = tuple(Choice(label, choice(state, name).send) for name, label in told.labels.items())
    choices = (following.choices if following else ()) or named
    return Reply(told.sentence, following.expects if following else (), choices, fallback=True)


def _hello(state: State) -> Reply:
    return Reply(say(state, "hello"), (), menu(state))


def _help(state: State) -> Reply:
    return Reply(say(state, "can_do"), (), menu(state))


def _thanks(state: State) -> Reply:
    return Reply(say(state, "anything_else"), ("anything_else",), resolved=True).after(say(state, "welcome"))


def _bye(state: State) -> Reply:
    return Reply(say(state, "bye"), (), resolved=True)


def _sigh(state: State) -> Reply:
    return Reply(say(state, "anything_else"), ("anything_else",)).after(say(state, "sympathy"))


def _go_on(state: State) -> Reply:
    return Reply(say(state, "go_on"), (), menu(state))


def _acknowledged(state: State) -> Reply:
    return Reply(say(state, "glad" if "anything_else" in state.expects else "here"), ("anything_else",))


def _recap(state: State) -> Reply:
    """What was arranged, asked for once more."""
    service = state.business.service(state.done.service)
    done = replace(state, draft=Draft(service=state.done.service, when=state.done.when))
    what = summary(done, {}) if service else ""
    code = say(state, "code", code=state.done.code) if state.done.code else ""
    return Reply(say(state, "anything_else"), ("anything_else",)).after(say(state, "it_is", what=what), code)


def _left_open(state: State) -> Reply:
    return Reply(say(state, "left_open"), ("anything_else",))


def _not_arranged(state: State) -> Reply:
    welcome = "" if state.reading.has("bye") else say(state, "welcome")
    return short_question(state).after(welcome, say(state, "not_arranged"))


def _greeted(state: State) -> Reply:
    return _hello(state) if state.turn <= 1 else Reply(say(state, "anything_else"), ("anything_else",))


_SPEAKERS = {
    "human": _human,
    "person_reason": _human,
    "reachable": task_person.speak,
    "unreachable": task_person.unreachable,
    "reach_wrong": task_person.not_an_address,
    "again": again,
    "standing": standing.speak,
    "second_thoughts": _second_thoughts,
    "foreign": _foreign,
    "kept": _kept,
    "keep_or_other": _keep_or_other,
    "not_changed": _not_changed,
    "no_new_email": _no_new_email,
    "resume": _resume,
    "hostile": _hostile,
    "rude": _rude,
    "hello": _hello,
    "help": _help,
    "thanks": _thanks,
    "bye": _bye,
    "go_on": _go_on,
    "acknowledged": _acknowledged,
    "recap": _recap,
    "left_open": _left_open,
    "not_arranged": _not_arranged,
    "declined": declined,
    "no": refused_offer,
    "lost": lost,
    "waiting": waiting,
    "asks_first": _asks_first,
    **dict.fromkeys(task_memory.MAINS, task_memory.speak),
    "sigh": _sigh,
}
