"""English: finds the phrases about dates and times in an utterance and puts together what they mean."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time

from handled.kit.when import clock_face, english_calendar, english_days, english_times
from handled.kit.when.english_choice import bounded, is_change, join_days, last_word, ruled_out
from handled.kit.when.english_words import read
from handled.kit.when.meaning import DAY_END, When
from handled.kit.when.mentions import Day, Earliest, Hours, Meaning, Mention, Other, Part, PartOfDay, Scene

_RULES = (*english_days.RULES, *english_calendar.RULES, *english_times.RULES)
_BUILDERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], Scene], Meaning | None]], ...] = tuple(
    (re.compile(rf"(?<!\S)(?:{pattern})(?!\S)"), build) for pattern, build in _RULES
)


def _without_groups(pattern: str) -> str:
    return re.sub(r"\(\?P<\w+>", "(?:", pattern.replace("(?P=sep)", "[/.-]"))


# All rules in one, to find the next word where any of them may begin.
_ANY = re.compile(rf"(?<!\S)(?:{'|'.join(_without_groups(pattern) for pattern, _ in _RULES)})(?!\S)")


def parse(text: str, now: datetime, day_first: bool = False) -> When | None:
    """What `text` says about dates and times at the moment `now` (aware, in the zone of the business).

    `day_first`: 3/4 is the third of April. None: nothing.
    """
    line = read(text)
    mentions = [
        mention for mention in _scan(line.text, now, day_first) if not isinstance(mention.meaning, Other)
    ]
    if not mentions:
        return None
    day, when = _date_of(line.text, mentions, now)
    when = _time_of(line.text, mentions, day, when)
    if any(isinstance(mention.meaning, Earliest) for mention in mentions):
        when = replace(when, earliest=True)

    def spot(span: tuple[int, int] | None) -> tuple[int, int] | None:
        return line.span(*span) if span else None

    return replace(
        when,
        date_text=spot(when.date_text),
        time_text=spot(when.time_text),
        spans=tuple(line.span(mention.start, mention.end) for mention in mentions),
    )


def _date_of(text: str, mentions: list[Mention], now: datetime) -> tuple[Day | None, When]:
    """The day that counts and its part of the answer, its span still in offsets of the line."""
    days = join_days(text, [mention for mention in mentions if isinstance(mention.meaning, Day)], now.date())
    coming = [
        mention for mention in days if isinstance(mention.meaning, Day) and mention.meaning.problem != "past"
    ]
    mention, flags = _counting(text, coming or days, "date")
    if mention is None or not isinstance(mention.meaning, Day):
        return None, When()
    named = mention.meaning
    day = bounded(text, mention, named, now.date())
    return day, When(
        date=None if day.last else day.first,
        dates=(day.first, day.last) if day.first and day.last else None,
        also=day.also,
        anchor=named.first if day.bound else None,
        ambiguities=(*day.flags, *flags),
        problem=day.problem,
        date_text=(mention.start, mention.end),
    )


def _time_of(text: str, mentions: list[Mention], day: Day | None, when: When) -> When:
    """`when` with the time or window that counts."""
    parts = [mention for mention in mentions if isinstance(mention.meaning, PartOfDay)]
    part, _ = _counting(text, parts, "time")
    named = part.meaning if part and isinstance(part.meaning, PartOfDay) else None
    name: Part | None = (named.name if named else None) or (day.part if day else None)
    limits = (
        _minutes(named.start, named.end)
        if named
        else _minutes(*english_times.PART_WINDOWS[name])
        if name
        else None
    )
    hours = [mention for mention in mentions if isinstance(mention.meaning, Hours)]
    mention, flags = _counting(text, hours, "time")
    if mention is None or not isinstance(mention.meaning, Hours):
        if day and day.at and limits is None:
            return replace(
                when, time=day.at.time().replace(second=0, microsecond=0), time_text=when.date_text
            )
        return replace(when, window=limits, time_text=(part.start, part.end) if part else None)
    chosen = mention.meaning
    if chosen.end and is_change(text, mention):
        chosen = Hours(chosen.end)
    when = replace(when, time_text=(mention.start, mention.end))
    if chosen.bound or (chosen.end and not chosen.choice):
        window, assumed = clock_face.window(chosen, name)
        window = _narrowed(window, hours, mention, name, limits)
        exact = None
    else:
        window, (exact, assumed) = None, clock_face.settle(chosen.start, name)
    if exact is None and window is None:
        return replace(when, problem=when.problem or "no_such_time")
    flags = (
        *flags,
        *chosen.start.flags,
        *(("am_pm_assumed",) if assumed else ()),
        *(("several_times",) if chosen.choice else ()),
    )
    return replace(when, time=exact, window=window, ambiguities=(*when.ambiguities, *flags))


def _narrowed(
    window: clock_face.Window | None,
    hours: list[Mention],
    chosen: Mention,
    name: Part | None,
    limits: clock_face.Window | None,
) -> clock_face.Window | None:
    """The window within the part of the day, and within another bound: "after 2 but before 5"."""
    if window is None:
        return None
    for other in hours:
        if other is not chosen and isinstance(other.meaning, Hours) and other.meaning.bound:
            wider, _ = clock_face.window(other.meaning, name)
            window = (clock_face.overlap(window, wider) if wider else None) or window
    return (clock_face.overlap(window, limits) if limits else None) or window


def _minutes(start: int, end: int) -> clock_face.Window:
    return time(start // 60, start % 60), time(end // 60, end % 60) if end < 24 * 60 else DAY_END


def _scan(text: str, now: datetime, day_first: bool) -> list[Mention]:
    """Every phrase of ours from left to right; of those that begin at one word the longest counts."""
    found: list[Mention] = []
    at = 0
    while (hit := _ANY.search(text, at)) is not None:
        start = hit.start()
        previous = found[-1] if found else None
        after_day = (
            previous is not None
            and isinstance(previous.meaning, Day)
            and text[previous.end : start].strip(" ,") == ""
        )
        after_hours = any(isinstance(mention.meaning, Hours) for mention in found)
        best = _longest(text, start, Scene(now, day_first, after_day, after_hours))
        if best is None:
            at = text.find(" ", start) + 1 or len(text)
            continue
        found.append(best)
        at = best.end
    return found


def _longest(text: str, start: int, scene: Scene) -> Mention | None:
    best: Mention | None = None
    for pattern, build in _BUILDERS:
        match = pattern.match(text, start)
        if match is None or (best is not None and match.end() <= best.end) or match.end() == start:
            continue
        meaning = build(match, scene)
        if meaning is not None:
            best = Mention(meaning, start, match.end())
    return best


def _counting(text: str, mentions: list[Mention], name: str) -> tuple[Mention | None, tuple[str, ...]]:
    """The mention that counts, with the ambiguities met in choosing it."""
    if not mentions:
        return None, ()
    allowed = [mention for mention in mentions if not ruled_out(text, mention)]
    chosen, unsure = last_word(text, allowed or mentions)
    flags = (f"ruled_out_{name}",) if not allowed else ()
    return chosen, (*flags, f"several_{name}s") if unsure else flags
