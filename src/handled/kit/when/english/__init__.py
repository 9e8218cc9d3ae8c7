"""English: finds the phrases about dates and times in an utterance and puts together what they mean."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta

from handled.kit.when import clock_face
from handled.kit.when.english import asides, calendar, days, feasts, leaving_out, times
from handled.kit.when.english.choice import bounded, bounded_hours, choose, is_change, is_ruled_out
from handled.kit.when.english.joining import join_days
from handled.kit.when.english.words import read
from handled.kit.when.meaning import DAY_END, Span, When
from handled.kit.when.mentions import Day, Earliest, Hours, Latest, Meaning, Mention, Other, Part, PartOfDay, Scene

_RULES = (*days.RULES, *calendar.RULES, *feasts.RULES, *leaving_out.RULES, *times.RULES, *asides.RULES)
_BUILDERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], Scene], Meaning | None]], ...] = tuple(
    (re.compile(rf"(?<!\S)(?:{pattern})(?!\S)"), build) for pattern, build in _RULES
)


def _nameless(pattern: str) -> str:
    return re.sub(r"\(\?P<\w+>", "(?:", pattern.replace("(?P=sep)", "[/.-]"))


_ONE_AFTER = re.compile(
    r"(?: [.,])?(?: (?:but|so|rather))?(?: the)? (?:(?:1|one|weekend|week) after|(?:next|coming) (?:1|one))\b"
)
# All rules in one, to find the next word where any of them may begin.
_ANY = re.compile(rf"(?<!\S)(?:{'|'.join(_nameless(pattern) for pattern, _ in _RULES)})(?!\S)")


def parse(text: str, now: datetime, day_first: bool = False) -> When | None:
    """What `text` says about dates and times at the moment `now` (aware, in the zone of the business).

    `day_first`: 3/4 is the third of April. None: nothing.
    """
    line = read(text)
    mentions = [mention for mention in _scan(line.text, now, day_first) if not isinstance(mention.meaning, Other)]
    if not mentions:
        return None
    day, when = _date_of(line.text, mentions, now)
    when = _time_of(line.text, mentions, day, when, now)

    def spot(span: Span | None) -> Span | None:
        return line.span(*span) if span else None

    said = {type(mention.meaning) for mention in mentions}
    return replace(
        when,
        earliest=Earliest in said,
        latest=Latest in said and not when.time,
        date_text=spot(when.date_text),
        time_text=spot(when.time_text),
        spans=tuple(line.span(mention.start, mention.end) for mention in mentions),
    )


def _scan(text: str, now: datetime, day_first: bool) -> list[Mention]:
    """Every phrase of ours from left to right; of those that begin at one word the longest counts."""
    found: list[Mention] = []
    at, after_hours = 0, False
    while (hit := _ANY.search(text, at)) is not None:
        start = hit.start()
        previous = found[-1] if found else None
        after_day = (
            previous is not None and isinstance(previous.meaning, Day) and text[previous.end : start].strip(" ,") == ""
        )
        best = _longest(text, start, Scene(now, day_first, after_day, after_hours))
        if best is None:
            at = text.find(" ", start) + 1 or len(text)
            continue
        found.append(best)
        after_hours = after_hours or isinstance(best.meaning, Hours)
        at = best.end
    return found


def _longest(text: str, start: int, scene: Scene) -> Mention | None:
    best: Mention | None = None
    for pattern, build in _BUILDERS:
        match = pattern.match(text, start)
        if match is None or match.end() <= (best.end if best else start):
            continue
        meaning = build(match, scene)
        if meaning is not None:
            best = Mention(meaning, start, match.end())
    return best


def _date_of(text: str, mentions: list[Mention], now: datetime) -> tuple[Day | None, When]:
    """The day that counts and its part of the answer, its span still in offsets of the line."""
    spoken = _without_parts_of_days(text, mentions)
    named = join_days(spoken, [mention for mention in mentions if isinstance(mention.meaning, Day)], now.date())
    coming = [mention for mention in named if isinstance(mention.meaning, Day) and mention.meaning.problem != "past"]
    mention, flags = choose(text, leaving_out.choose_from(coming or named), "date")
    if mention is None or not isinstance(mention.meaning, Day):
        return None, When()
    meant = mention.meaning
    if "ruled_out_date" in flags and _ONE_AFTER.match(text[mention.end :]):
        meant, flags = _week_later(meant), ()
    refused = [
        each.meaning
        for each in named
        if each is not mention and isinstance(each.meaning, Day) and (each.meaning.but or is_ruled_out(text, each))
    ]
    day = leaving_out.without(bounded(text, mention, meant, now.date()), refused)
    return day, When(
        date=None if day.last else day.first,
        dates=(day.first, day.last) if day.first and day.last else None,
        also=day.also,
        anchor=meant.first if day.bound else None,
        ambiguities=(*day.flags, *flags),
        problem=day.problem,
        date_text=(mention.start, mention.end),
    )


def _week_later(day: Day) -> Day:
    """ "Not this Friday, the one after"."""
    by = timedelta(7)
    return replace(
        day,
        first=day.first and day.first + by,
        last=day.last and day.last + by,
        kind="exact" if not day.last else day.kind,
    )


def _without_parts_of_days(text: str, mentions: list[Mention]) -> str:
    """Blanks for them: "Tuesday or Wednesday evening next week" names days that belong together."""
    for each in mentions:
        if isinstance(each.meaning, PartOfDay):
            text = text[: each.start] + " " * (each.end - each.start) + text[each.end :]
    return text


def _time_of(text: str, mentions: list[Mention], day: Day | None, when: When, now: datetime) -> When:
    """`when` with the time or window that counts."""
    part, part_flags = choose(text, [m for m in mentions if isinstance(m.meaning, PartOfDay)], "time")
    named = part.meaning if part and isinstance(part.meaning, PartOfDay) else None
    if named is None and day and day.part:
        named = asides.part_of_day(day.part)
    limits = _window(named) if named else None
    if limits and "ruled_out_time" in part_flags:
        # What is left of the day will do, and "before 3, but not in the morning" is not 3 in the morning.
        named, limits, part_flags = None, clock_face.without(limits), ()
    hours = [mention for mention in mentions if isinstance(mention.meaning, Hours)]
    hours = [each for each in hours if not (isinstance(each.meaning, Hours) and each.meaning.of_event)] or hours
    if day and day.bound in ("before", "until") and when.date_text and hours and _is_due(hours[-1], when.date_text):
        hours = []  # "by Friday at 3": it is due then, and any time before will do
    mention, flags = choose(text, hours, "time")
    if mention is None or not isinstance(mention.meaning, Hours):
        if limits is None and day and day.at:
            return replace(when, time=day.at.time().replace(second=0, microsecond=0), time_text=when.date_text)
        if limits is None and day and day.from_now:
            limits = (now.time().replace(second=0, microsecond=0), DAY_END)
        span = (part.start, part.end) if part else None
        return replace(when, window=limits, time_text=span, ambiguities=(*when.ambiguities, *part_flags))
    chosen = bounded_hours(text, mention, mention.meaning)
    if chosen.end and is_change(text, mention):
        chosen = Hours(chosen.end)
    when = replace(when, time_text=(mention.start, mention.end), ambiguities=(*when.ambiguities, *flags))
    settled = _settled(when, chosen, named.name if named else None, limits, _other_bounds(hours, mention))
    if settled.window and "ruled_out_time" in flags:
        left = tuple(flag for flag in settled.ambiguities if flag != "ruled_out_time")
        return replace(settled, window=clock_face.without(settled.window), ambiguities=left)
    return settled


def _is_due(hours: Mention, day: Span) -> bool:
    """Whether hours without a bound of their own stand right behind the day."""
    plain = isinstance(hours.meaning, Hours) and not (hours.meaning.bound or hours.meaning.end)
    return plain and 0 <= hours.start - day[1] <= 1


def _settled(
    when: When, hours: Hours, part: Part | None, limits: clock_face.Window | None, bounds: list[Hours]
) -> When:
    """`when` with these hours, within the part of the day and the other bounds named ("after 2 but before 5")."""
    exact, window = None, None
    if hours.bound or (hours.end and not hours.choice):
        window, assumed = clock_face.window(hours, part)
        others = [clock_face.window(bound, part)[0] for bound in bounds]
        for other in (*others, limits):
            window = (clock_face.overlap(window, other) if window and other else None) or window
    else:
        exact, assumed = clock_face.first_choice(hours, part)
    if exact is None and window is None:
        return replace(when, problem=when.problem or "no_such_time")
    flags = (
        *hours.start.flags,
        *(("am_pm_assumed",) if assumed else ()),
        *(("several_times",) if hours.choice else ()),
    )
    return replace(when, time=exact, window=window, ambiguities=(*when.ambiguities, *flags))


def _other_bounds(hours: list[Mention], chosen: Mention) -> list[Hours]:
    others = [mention.meaning for mention in hours if mention is not chosen]
    return [other for other in others if isinstance(other, Hours) and other.bound]


def _window(part: PartOfDay) -> clock_face.Window:
    end = DAY_END if part.end == 24 * 60 else time(part.end // 60, part.end % 60)
    return time(part.start // 60, part.start % 60), end
