"""Earlier, later, another day: wishes about a time seen from the times on the table."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

from .dates import When, after, on_days
from .history import Json, Service
from .language import Language
from .state import Draft, State, date_of
from .understand import Reading, Slot

# Relative wishes about a time on the table.
MOVES = (
    "earlier",
    "later",
    "other_time",
    "other_day",
    "day_after",
    "day_before",
    "any_time",
    "soonest",
    "other_service",
)


BESIDE = ("right_after", "right_before")  # the booking made last


def combine(old: When, new: When) -> When:
    """`old` with what `new` says in place of what it replaces; a time survives a change of day."""
    when = replace(old, problem=new.problem, any_time=False)
    if new.said_day:
        when = when.on(new.date, new.to_date, new.also)
    if new.time:
        return replace(when, time=new.time, from_time=None, to_time=None, either=new.either, edge="")
    if new.said_time:
        hours = {"from_time": new.from_time, "to_time": new.to_time, "either": new.either}
        return replace(when, time=None, edge=new.edge, **hours)
    if new.edge:
        return replace(when, time=None, edge=new.edge)
    if new.any_time and not new.said_day:
        return replace(when, time=None, from_time=None, to_time=None)
    return when


def settle_day(state: State, draft: Draft, said: When) -> When:
    """A time alone may belong to another day on the table than the one first asked for."""
    days = {slot.date for slot in state.offered}
    if said.other_date in days and said.date not in days:
        return replace(said, date=said.other_date)
    if said.edge and not said.said_day and len(days) == 1:
        return replace(said, date=days.pop())
    if said.said_day or not said.time or not days:
        return said
    matching = {slot.date for slot in state.offered if slot.time == said.time}
    known = draft.when.date if draft.when.one_day else None
    if known in matching:
        return replace(said, date=known)
    if len(matching) == 1:
        return replace(said, date=matching.pop())
    wished = {each.date for each in draft.when.choice if not matching and _holds(each, said.time)}
    if len(wished) == 1:
        return replace(said, date=wished.pop())
    if not matching and len(days) == 1 and (known is None or known not in days):
        return replace(said, date=days.pop())
    return said


def _holds(stretch: When, clock: time) -> bool:
    return (stretch.from_time or time.min) <= clock < (stretch.to_time or time.max) and not stretch.time


def moved(state: State, when: When, reading: Reading) -> When:
    """Relative wishes: earlier, later, the day after, another day, another time."""
    if "policy" in state.plan.sides:
        return when
    first, last = _bounds(state.offered)
    days = {slot.date for slot in state.offered}
    instead = bool(days) and when.date not in days and bool(first) and reading.has("earlier", "later")
    if instead:
        # The wish itself could not be had: earlier and later are said of what was offered instead.
        when = replace(when.on(None), time=None, from_time=None, to_time=None)
    day = when.date or (state.offered[0].date if state.offered else state.done.when.date)
    if not when.date and reading.has("same_day"):
        when = replace(when, date=day)
    if not when.time and reading.has("same_time"):
        when = replace(when, time=state.done.when.time, from_time=None, to_time=None)
    if reading.has("day_after", "day_before") and day and not reading.when.said_day:
        step = 1 if reading.has("day_after") else -1
        return when.on(day + timedelta(days=step))
    if reading.has("other_day") and not reading.when.said_day:
        return when.on(None)
    if reading.has("other_time") and not reading.when.said_time:
        return replace(when, time=None, from_time=None, to_time=None)
    wanted = state.business.service(reading.heard.service) or state.service
    beside = next((each for each in BESIDE if reading.has(each)), "")
    if not reading.when.said_day and (there := beside_the_last(state, wanted, beside)):
        return there
    if reading.has("earlier") and (bound := when.time or first):
        return replace(when, date=day, time=None, from_time=None, to_time=bound, edge="")
    if reading.has("later") and (bound := when.time or last):
        return replace(when, date=day, time=None, from_time=after(bound), to_time=None, edge="")
    return when


def beside_the_last(state: State, wanted: Service | None, beside: str) -> When | None:
    """Right after the booking just made, or right before it; None if neither was said or there is none."""
    done, when = state.business.service(state.done.service), state.done.when
    if not done or not wanted or not when.time or not beside:
        return None
    minutes = done.duration_minutes if beside == "right_after" else -(wanted.duration_minutes or 0)
    return replace(when, time=minutes_off(when.time, minutes or 0))


def minutes_off(moment: time, minutes: int) -> time:
    total = moment.hour * 60 + moment.minute + minutes
    return time(*divmod(total, 60)) if 0 <= total < 24 * 60 else moment


def _bounds(offered: tuple[Slot, ...]) -> tuple[time | None, time | None]:
    clocks = [slot.time for slot in offered if slot.time]
    return (min(clocks), max(clocks)) if clocks else (None, None)


def end_of_day(draft: Draft, result: Json, offered: tuple[Slot, ...]) -> Slot | None:
    """The first or last time of the day, where it was asked for, or where nothing earlier or later than the times on
    the table was found."""
    same_day = [slot for slot in offered if slot.date == draft.when.date and slot.time]
    if draft.when.edge and same_day and result.get("status") == "options":
        return same_day[0] if draft.when.edge == "earliest" else same_day[-1]
    if not draft.relative or not same_day or result.get("status") not in {"not_free", "none"}:
        return None
    return same_day[0] if draft.relative == "earlier" else same_day[-1]


def without_dead_window(state: State, draft: Draft, reading: Reading) -> Draft:
    """ "Anything earlier?" that came to nothing is not part of the wish any longer once something else is said."""
    search = state.current_search
    days = {slot.date for slot in state.offered}
    if search and reading.resource and reading.when.empty and len(days) == 1 and draft.when.date not in days:
        # Who names a person after another day was offered wants that person on the day offered.
        (day,) = days
        return replace(draft, when=draft.when.on(day))
    dead = draft.relative and search and search.result.get("status") in {"not_free", "none"}
    elsewhere = draft.relative and reading.when.said_day
    if not (dead or elsewhere) or (draft == state.draft and reading.when.empty and not reading.has(*MOVES)):
        return draft
    return replace(draft, when=replace(draft.when, from_time=None, to_time=None), relative="")


def without_past_time(state: State, when: When, said: When) -> When:
    """ "Today, then": the hour that was meant for another day does not count if it has passed today."""
    passed = when.date == state.now.date() and when.time is not None and when.time <= state.now.time()
    return replace(when, time=None) if passed and not said.said_time else when


def other_week(state: State, reading: Reading) -> Reading:
    """ "The other Wednesday", "the Wednesday after": seen from the day that is being talked about."""
    shown = state.op is None and state.errand.booking is not None
    of_booked = shown or state.op == "move" or reading.has("move_word", "reschedule")
    booked = date_of((state.errand.booking or {}).get("date")) if of_booked else None
    day = state.draft.when.date or booked or (state.offered[0].date if state.offered else None)
    if not day or not reading.has("other_weekday", "week_later"):
        return reading
    match = state.lang.weekday.search(reading.plain)
    named = state.lang.weekdays.index(match[1]) if match else day.weekday()
    ahead, today = (named - day.weekday()) % 7, state.now.date()
    week_before = day - timedelta(days=7)
    back = reading.has("other_weekday") and not ahead and week_before >= today
    meant = week_before if back else day + timedelta(days=ahead or 7)
    return replace(reading, when=replace(reading.when.on(meant), problem=None))


def put_back(state: State, plain: str) -> None:
    """ "No, the third" is said of the times that were on the table before one of them was taken."""
    lang, picked = state.lang, state.reading.pick is not None
    again = not state.offered and (state.op == "book" or (picked and state.op == "move"))
    if again and lang.pick_word.search(plain) and (picked or lang.has("no", plain) or lang.has("swap", plain)):
        state.offered, state.expects = state.table, state.expects | {"slot"}


def other_one(state: State, reading: Reading) -> Reading:
    """ "No, the other one", after one of two times was taken."""
    when, table = state.draft.when, state.table
    rest = [slot for slot in table if (slot.date, slot.time) != (when.date, when.time)]
    if state.op != "book" or not reading.has("other_one") or (len(table), len(rest)) != (2, 1):
        return reading
    return replace(reading, pick=None, when=When(date=rest[0].date, time=rest[0].time))


def set_free(state: State, when: When, said: When) -> When:
    """ "Any time", said after the day asked for could not be had, is said of the days that were offered instead."""
    search, days = state.current_search, sorted({slot.date for slot in state.offered})
    refused = bool(search and search.result.get("status") in {"not_free", "none"})
    if not (refused and days and said.any_time) or said.said_day or said.said_time or when.date in days:
        return when
    return When(date=days[0], to_date=days[-1] if len(days) > 1 else None)


def _beside(day: date, talked_of: date) -> date:
    """That weekday between the three days before and the three days after."""
    return talked_of + timedelta(days=(day.weekday() - talked_of.weekday() + 3) % 7 - 3)


def same_weekday(said: When, of: When) -> When:
    """ "Next week, same day": of the days said the one on the weekday that it is on now."""
    if not (said.date and said.to_date and of.date):
        return said
    days = (said.date + timedelta(days=number) for number in range((said.to_date - said.date).days + 1))
    fits = [day for day in days if day.weekday() == of.date.weekday() and day != of.date]
    return said.on(fits[0]) if fits else said


def near_day(said: When, plain: str, lang: Language, talked_of: date | None) -> When:
    """A bare day of the month or of the week belongs near the day that is being talked about, not near today."""
    if not said.date or said.to_date or not talked_of or lang.has("other_weekday", plain):
        return said
    if lang.has("that_week", plain) and lang.weekday.search(plain):
        monday = talked_of - timedelta(days=talked_of.weekday())
        return on_days(said, lambda day: monday + timedelta(days=day.weekday()))
    if lang.lone_weekday.search(plain) and said.date + timedelta(days=3) < talked_of:
        return on_days(said, lambda day: _beside(day, talked_of))
    if said.also:
        return said
    if said.date.month == talked_of.month:
        return said
    numbers = {int(match[1] or match[2]) for match in lang.day_number.finditer(plain)}
    if said.date.day not in numbers or talked_of < said.date:
        return said
    try:
        return replace(said, date=talked_of.replace(day=said.date.day))
    except ValueError:
        return said
