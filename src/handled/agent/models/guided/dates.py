"""When the customer wants to come: day and time in an utterance, and the ISO form that `find_slots` takes.

The words themselves are read by `handled.kit.when`; this module decides which part of an utterance to listen to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from handled.kit import when as words

from .clauses import clauses
from .equals import with_equals
from .language import Language

_EXPLICIT = re.compile(
    r"(?<![a-z])(?:[ap]\.?m\b|noon|midday|midnight|morning|afternoon|evening|night|tonight|lunch)|\b(?:1[3-9]|2[0-3])[:.]\d\d"
)
_SHORT = 6  # words
_NEAR = timedelta(days=62)  # beyond that nobody names a day by its weekday and number alone
_SOON = 13  # days
_END_OF_DAY = time(23, 59)


@dataclass(frozen=True)
class When:
    """A day or a stretch of days, a time or a stretch of time; whatever was not said is None.

    `also` are days that would do as well as `date`. `other_date` is the day that was meant if `date` was not: a
    Saturday named on a Saturday may be today or in a week. `either` are times, or stretches of them, named as equals;
    the first of them stands in the fields beside it, and each has its own day if one was said. `edge` is "earliest" or
    "latest" where the first or the last free time of a day is wanted. `mismatch` says that the day has another weekday
    than the one named.
    """

    date: date | None = None
    to_date: date | None = None
    also: tuple[date, ...] = ()
    time: time | None = None
    from_time: time | None = None
    to_time: time | None = None
    any_time: bool = False
    edge: str = ""
    mismatch: bool = False
    other_date: date | None = None
    problem: str | None = None
    either: tuple[When, ...] = ()

    @property
    def hours(self) -> tuple[time | None, time | None, time | None]:
        return self.time, self.from_time, self.to_time

    @property
    def choice(self) -> tuple[When, ...]:
        """The wishes that would do as well as each other; () if there is only one, or one has been settled on."""
        if not self.date or not self.either or self.hours != self.either[0].hours:
            return ()
        return tuple(each if each.date else each.on(self.date, self.to_date, self.also) for each in self.either)

    @property
    def said_day(self) -> bool:
        return self.date is not None

    @property
    def said_time(self) -> bool:
        return self.time is not None or self.from_time is not None or self.to_time is not None

    @property
    def one_day(self) -> bool:
        """Whether it is about a single day."""
        return bool(self.date and not self.also and not (self.to_date and self.to_date > self.date))

    def on(self, day: date | None, last: date | None = None, also: tuple[date, ...] = ()) -> When:
        """The same on another day, stretch of days or choice of days."""
        either = () if any(each.date for each in self.either) else self.either
        return replace(self, date=day, to_date=last, also=also, other_date=None, either=either, mismatch=False)

    @property
    def empty(self) -> bool:
        return not (self.said_day or self.said_time or self.any_time or self.problem or self.edge == "latest")


def local(moment: datetime, zone: str) -> datetime:
    """`moment` on the clock of `zone`; UTC if nobody knows that zone."""
    try:
        return moment.astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError):
        return moment.astimezone(ZoneInfo("UTC"))


def read_when(text: str, now: datetime, lang: Language, locale: str, offered: Iterable[time] = ()) -> When:
    """What `text` says about day and time, seen at the local moment `now`.

    Clauses that tell what the customer cannot do ("I have a wedding at 4") do not count; a request outranks a remark.
    `offered` are times on the table, which decide between 8 in the morning and 8 in the evening.
    """
    offered = tuple(offered)
    beside = lang.beside_event.search(lang.normalise(text))
    if beside and not lang.normalise(text)[beside.end() :].startswith((" the", " my")):
        text = lang.normalise(text)
        said = read_when(text[: beside.start("side")] + text[beside.end() :], now, lang, locale, offered)
        by = timedelta(days=1 if beside["way"] == "after" else -1)
        return said.on(said.date + by) if said.date and said.one_day else said
    said = When(any_time=lang.has("any_time", lang.normalise(text)))
    remarks, requests = clauses(text, lang)
    for clause in (*remarks, *requests):
        new = _read_clause(clause, now, lang, locale, offered)
        said = _merge(said, in_stretch(new, said, lang.normalise(clause), lang))
    return said


def in_stretch(said: When, of: When, plain: str, lang: Language) -> When:
    """ "Which Saturdays?", or "Saturday", said of a stretch of days, are those in it."""
    first, last = of.date, of.to_date or (max(of.also) if len(of.also) > 1 else None)
    if not (said.date and first and last) or said.to_date:
        return said
    if not (lang.each_weekday.search(plain) or (lang.lone_weekday.search(plain) and said.date < first)):
        return said
    within = on_days(said, lambda day: first + timedelta(days=(day.weekday() - first.weekday()) % 7))
    return within if all(day and day <= last for day in (within.date, *within.also)) else said


def on_days(said: When, place: Callable[[date], date]) -> When:
    """`said` with each of its days in the place that belongs to it."""
    equals = tuple(replace(each, date=place(each.date)) if each.date else each for each in said.either)
    day, also = (place(said.date) if said.date else None), tuple(place(each) for each in said.also)
    return replace(said, date=day, also=also, either=equals, other_date=None)


def _merge(old: When, new: When) -> When:
    if new.said_day:
        old = replace(old.on(new.date, new.to_date, new.also), other_date=new.other_date)
    if new.time:
        old = replace(old, time=new.time, from_time=None, to_time=None, either=new.either)
    elif new.said_time and not old.time:
        old = replace(old, from_time=new.from_time, to_time=new.to_time, either=new.either)
    old = replace(old, mismatch=new.mismatch or old.mismatch)
    return replace(old, problem=new.problem or old.problem, edge="" if old.time else new.edge or old.edge)


def _read_clause(text: str, now: datetime, lang: Language, locale: str, offered: tuple[time, ...]) -> When:
    said = _parsed(lang.normalise(text), now, locale)
    if said.edge == "earliest" and not lang.earliest.search(lang.normalise(text)):
        said = replace(said, edge="")  # "as soon as possible" leaves more open than "the earliest"
    if said.problem == "past" and len(text.split()) > _SHORT:
        said = replace(said, date=None, problem=None)  # a remark about yesterday
    if said.time is None and (hour := _bare_hour(text, lang)):
        said = replace(said, time=hour, from_time=None, to_time=None)
    if said.time and offered and not _EXPLICIT.search(lang.normalise(text)):
        said = replace(said, time=_fit(said.time, offered))
    pieces = lang.or_joint.split(text) if said.said_time and not (said.time and said.to_date) else []
    if len(pieces) < 2 or (said.also and _is_for_all(pieces, now, locale, lang)):
        return said
    explicit = bool(_EXPLICIT.search(lang.normalise(pieces[-1])))
    return with_equals(said, [_read_clause(piece, now, lang, locale, offered) for piece in pieces], explicit)


def _is_for_all(pieces: list[str], now: datetime, locale: str, lang: Language) -> bool:
    """Whether a time said before the days belongs to each of them: "evenings only, on Monday or Tuesday"."""
    first, *others = (words.parse(lang.normalise(each), now, locale) for each in pieces)
    if first is None or not (first.time_text and first.date_text):
        return False
    return first.time_text < first.date_text and not any(each and each.time_text for each in others)


def _parsed(text: str, now: datetime, locale: str) -> When:
    found = words.parse(text, now, locale)
    if found is None:
        return When()
    edge = "latest" if found.latest else "earliest" if found.earliest and not found.time else ""
    said = When(date=found.date, also=found.also, time=found.time, problem=found.problem, edge=edge)
    if found.dates:
        said = said.on(*found.dates)
    if "weekday_mismatch" in found.ambiguities and said.date and said.date - now.date() > _NEAR:
        said = replace(said.on(_same_number(said.date, now.date())), mismatch=True)
    if "today_or_next_week" in found.ambiguities and said.date:
        said = _nearest_weekday(said, now)
    if "ruled_out_date" in found.ambiguities:
        # "As soon as you can, but not today"
        later = now.date() + timedelta(days=1) if found.earliest and said.date == now.date() else None
        said = said.on(later, later and later + timedelta(days=_SOON))
    if "ruled_out_time" in found.ambiguities:
        said = replace(said, time=None)
    if found.window and not found.time:
        start, end = found.window
        said = replace(said, from_time=open_end(start), to_time=open_end(end))
    return said


def _same_number(day: date, today: date) -> date:
    """The next day of that number in its month, whatever its weekday; `day` where the months until then lack it."""
    ahead = (today + timedelta(days=number) for number in range(_NEAR.days))
    return next((each for each in ahead if each.day == day.day), day)


def open_end(end: time | None) -> time | None:
    """An end of a window, None where it is open."""
    return end if end and time.min < end < _END_OF_DAY else None


def _nearest_weekday(said: When, now: datetime) -> When:
    """A weekday named on that weekday, and this weekend on a Sunday, mean today while there is time left for it."""
    today, week = now.date(), now.date() + timedelta(days=7)
    still = said.time > now.time() if said.time else now.hour < 12
    if said.to_date:
        return said if still else said.on(week - timedelta(days=1), week)
    return replace(said, date=today if still else week, other_date=week if still else today)


def _bare_hour(text: str, lang: Language) -> time | None:
    match = lang.bare_hour.match(lang.normalise(text).strip(" .,!?"))
    if not match:
        return None
    digits = match["hour"]
    hour = int(digits) if digits.isdigit() else lang.numbers[digits]
    minute = int(match["minute"] or 0)
    half = (match["mer"] or "")[:1]
    if half == "p" and hour < 12:
        hour += 12
    elif half == "a" and hour == 12:
        hour = 0
    elif not half and 1 <= hour < 8:
        hour += 12
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _fit(asked: time, offered: tuple[time, ...]) -> time:
    other = asked.replace(hour=(asked.hour + 12) % 24)
    return other if asked not in offered and other in offered else asked


def query(when: When) -> str | None:
    """`when` in the ISO form of `find_slots`; None while no day is known."""
    if when.date is None:
        return None
    if when.choice:
        return " or ".join(query(each) or "" for each in when.choice)
    day = when.date.isoformat()
    if when.also:
        day = " or ".join(each.isoformat() for each in (when.date, *when.also))
    if when.to_date and when.to_date > when.date:
        day = f"{day} to {when.to_date.isoformat()}"
    elif when.also and when.time:
        return f"{day} at {when.time:%H:%M}"
    elif when.time:
        return f"{day} {when.time:%H:%M}"
    edge = f" {when.edge}" if when.edge and when.one_day else ""
    return f"{day}{_stretch_of_time(when)}{edge}"


def _stretch_of_time(when: When) -> str:
    start, end = when.from_time or when.time, when.to_time
    if start and end and end < _END_OF_DAY:
        return f" between {start:%H:%M} and {end:%H:%M}"
    if start:
        return f" after {start:%H:%M}"
    return f" before {end:%H:%M}" if end else ""


def after(moment: time) -> time:
    """A moment later, so that "later than three" does not offer three again."""
    return (datetime.combine(date.min, moment) + timedelta(minutes=5)).time() if moment < time(23, 50) else moment
