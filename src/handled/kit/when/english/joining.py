"""How English days that stand together make one: "Tuesday the 3rd", "Monday to Friday", "Monday or Tuesday"."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from handled.kit.when import almanac
from handled.kit.when.english.choice import before, is_change, is_ruled_out
from handled.kit.when.english.spelling import listed
from handled.kit.when.mentions import Day, Mention

_FILLERS = frozenset(
    listed(
        ", on in the maybe perhaps possibly preferably ideally say like any a sometime some time that's which is so"
        " it's of"
    )
)
# Between a week and a weekday that is not one of it.
_PARTS_THEM = re.compile(
    r"\b(?:or|but|not|no|actually|sorry|wait|instead|until|from|otherwise|else|if not|after|before|then)\b"
)
_SATURDAY = 5  # as `date.weekday()` counts
_TO = re.compile(r"(?:to|until|through|-|up to)(?: (?:on|the|about))?")
_OR = re.compile(
    r"(?:,|or|and|/|, or|, and|or maybe|or even|or else|or possibly|or any|or any time|\. or)(?: (?:on|the|maybe))?"
)


def join_days(text: str, mentions: list[Mention], today: date) -> list[Mention]:
    """The mentions of days, those joined that belong together: first what describes one day, then days with others."""
    one_day = _joined(mentions, lambda one, two: _described(text, one, two, today))
    together = _joined(one_day, lambda one, two: _together(text, one, two, today))
    return _joined(together, lambda one, two: _in_its_week(text, one, two, today))


def _joined(mentions: list[Mention], join: Callable[[Mention, Mention], Day | None]) -> list[Mention]:
    joined: list[Mention] = []
    for mention in mentions:
        meaning = join(joined[-1], mention) if joined else None
        if meaning is None:
            joined.append(mention)
        elif meaning is mention.meaning:
            joined[-1] = mention
        else:
            joined[-1] = Mention(meaning, joined[-1].start, mention.end)
    return joined


def _described(text: str, one: Mention, two: Mention, today: date) -> Day | None:
    """The day that two phrases describe, if what stands between them does not part them."""
    first, second = one.meaning, two.meaning
    if not (isinstance(first, Day) and isinstance(second, Day)) or is_ruled_out(text, one):
        return None
    apart = set(text[one.end : two.start].split()) - _FILLERS
    return None if apart else _same(first, second, today)


def _together(text: str, one: Mention, two: Mention, today: date) -> Day | None:
    first, second = one.meaning, two.meaning
    if not (isinstance(first, Day) and isinstance(second, Day)) or is_ruled_out(text, one):
        return None
    gap = text[one.end : two.start].strip()
    if not first.also and set(gap.split()) <= _FILLERS and (merged := _same(first, second, today)):
        return merged
    if gap.startswith("and") and before(text, one).rstrip().endswith(("between", "between the")):
        return _span(first, second)
    if _TO.fullmatch(gap):
        return second if is_change(text, one) else _span(first, second)
    listed_days = not gap and first.kind in ("weekday", "exact") and second.kind == "weekday"
    return _either(first, second) if listed_days or _OR.fullmatch(gap) else None


def _in_its_week(text: str, one: Mention, two: Mention, today: date) -> Day | None:
    """ "Next week if possible, Thursday at 10", "Friday at 10 in two weeks": a weekday and its week, further apart."""
    first, second = one.meaning, two.meaning
    if not (isinstance(first, Day) and isinstance(second, Day)) or is_ruled_out(text, one) or is_ruled_out(text, two):
        return None
    by_kind = {first.kind: first, second.kind: second}
    if _PARTS_THEM.search(text[one.end : two.start]) or "weekday" not in by_kind or first.also or second.also:
        return None
    week = by_kind.get("range")
    if week and week.ahead and not week.bound:
        return _within(week, by_kind["weekday"])
    exact = by_kind.get("exact")
    return _checked(exact, by_kind["weekday"], today) if exact and exact.roughly else None


def _same(one: Day, two: Day, today: date) -> Day | None:
    """Two descriptions of one day as one, or None if they describe different days."""
    by_kind = {one.kind: one, two.kind: two}
    kinds = set(by_kind)
    if kinds == {"weekday", "number"}:
        return _numbered_weekday(by_kind["weekday"], by_kind["number"], today)
    if kinds == {"range"}:
        return _weekends_within(one, two) or _weekends_within(two, one)
    if "range" in kinds and kinds & {"weekday", "number"}:
        vague = one if two.kind == "range" else two
        return _within(by_kind["range"], vague)
    if kinds == {"exact", "weekday"}:
        return _checked(by_kind["exact"], by_kind["weekday"], today)
    same_day = one.first == two.first or (one.first and two.first and one.first.day == two.first.day)
    if kinds == {"exact", "number"} and same_day:
        return by_kind["exact"]
    if kinds == {"exact"} and one.first == two.first:
        return replace(one, part=one.part or two.part, flags=tuple(set(one.flags) & set(two.flags)))
    return None


def _checked(day: Day, weekday: Day, today: date) -> Day:
    """A day whose weekday was said too. It decides whether 3/4 is in March or in April; else it may contradict."""
    if day.first is None or weekday.first is None:
        return day
    wanted = weekday.first.weekday()
    if day.roughly:
        return replace(day, first=almanac.week(day.first)[0] + timedelta(wanted), roughly=False, ahead=True)
    if day.first.weekday() == wanted:
        return replace(day, flags=tuple(flag for flag in day.flags if flag != "day_month_order"))
    if "day_month_order" in day.flags:
        turned = almanac.calendar_day(today, day.first.day, day.first.month)
        if turned and turned.weekday() == wanted:
            return replace(day, first=turned, flags=())
    return replace(day, flags=(*day.flags, "weekday_mismatch"))


def _numbered_weekday(weekday: Day, number: Day, today: date) -> Day:
    if weekday.first is None or number.first is None:
        return number
    if weekday.first.weekday() == number.first.weekday():
        return replace(number, kind="exact")
    day = almanac.day_of_month(today, number.first.day, weekday.first.weekday())
    return Day("exact", day or number.first, flags=("weekday_mismatch",))


def _within(days: Day, vague: Day) -> Day | None:
    """A weekday or a number inside a range: "next week, maybe Tuesday", "in April on the 5th"."""
    if days.first is None or days.last is None or vague.first is None:
        return None
    if vague.kind == "weekday":
        day = almanac.on_or_after(days.first, vague.first.weekday())
    else:
        day = almanac.day_of_month(days.first, vague.first.day)
    fits = day is not None and day <= days.last
    return Day("exact", day, problem=days.problem, ahead=True) if fits else None


def _weekends_within(days: Day, weekend: Day) -> Day | None:
    """ "Early June, weekends best": the Saturdays and Sundays inside a longer range, or the one that was named."""
    if not (days.first and days.last and weekend.first and weekend.last):
        return None
    two_days = weekend.first.weekday() == _SATURDAY and weekend.last - weekend.first == timedelta(1)
    if not two_days or days.last - days.first <= timedelta(1):
        return None
    if days.first <= weekend.first and weekend.last <= days.last:
        return weekend
    every = (days.first + timedelta(number) for number in range((days.last - days.first).days + 1))
    found = [day for day in every if day.weekday() >= _SATURDAY]
    return Day("exact", found[0], also=tuple(found[1:]), problem=days.problem) if found else None


def _span(one: Day, two: Day) -> Day | None:
    """From one day to the other."""
    first, last = one.first, two.last or two.first
    if first is None or last is None:
        return None
    if one.kind == "weekday" and two.ahead:
        first = almanac.week(last)[0] + timedelta(first.weekday())
    if one.kind == "number" and two.kind == "exact" and first.day < last.day:
        first = last.replace(day=first.day)
    if two.kind == "weekday":
        last = almanac.on_or_after(first, last.weekday())
    elif two.kind == "number":
        last = almanac.day_of_month(first, last.day) or last
    flags = tuple(flag for flag in one.flags if flag != "today_or_next_week")
    return Day("range", first, last, flags=flags) if first <= last else None


def _either(one: Day, two: Day) -> Day | None:
    """One day or the other; None unless both are single days."""
    first, second = one.first, two.first
    if first is None or second is None or one.last or two.last:
        return None
    if one.kind == "weekday" and two.ahead:
        first = almanac.week(second)[0] + timedelta(first.weekday())
    elif one.ahead and two.kind == "weekday":
        second = almanac.on_or_after(first, second.weekday())
    also = (*one.also, second, *two.also)
    return replace(one, kind="exact", first=first, also=also, ahead=one.ahead or two.ahead)
