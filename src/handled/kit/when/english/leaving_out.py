"""How English names days by those that are left out: "any day but Monday", "next week, not on Monday"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from handled.kit.when import almanac
from handled.kit.when.english.days import Match, Rule
from handled.kit.when.english.spelling import WEEKDAYS
from handled.kit.when.mentions import Day, Mention, Scene

_NAME = rf"(?:(?:{'|'.join(WEEKDAYS)})|weekends?|today|tomorrow)"
_BUT = (
    r"(?:except|but not|but|besides|other than|apart from|aside from|excluding|barring|bar|minus|save(?: for)?"
    r"|just not|only not|not)"
)
_WEEK_DAYS = 7
_WEEKEND = {5, 6}
_LONGEST = 31  # days: of a longer stretch nothing is left out, one day after the other


def _all_but(match: Match, scene: Scene) -> Day | None:
    refused = frozenset(day for name in match["refused"].split() for day in _meant(name, scene))
    first, last = scene.today, scene.today + timedelta(_WEEK_DAYS - 1)
    if match["which"]:
        first, last = almanac.week(scene.today, 1 if match["which"] == "next" else 0)
    days = (first + timedelta(number) for number in range((last - first).days + 1))
    left = [day for day in days if day >= scene.today and day.weekday() not in refused]
    return Day("exact", left[0], also=tuple(left[1:]), but=refused) if left else None


def _weekdays(match: Match, scene: Scene) -> Day:
    first, last = scene.today, scene.today + timedelta(_WEEK_DAYS - 1)
    if match["which"]:
        first, last = almanac.week(scene.today, 1 if match["which"] == "next" else 0)
    days = (first + timedelta(number) for number in range((last - first).days + 1))
    left = [day for day in days if day >= scene.today and day.weekday() not in _WEEKEND] or [first]
    return Day("exact", left[0], also=tuple(left[1:]), but=frozenset(_WEEKEND))


def _meant(name: str, scene: Scene) -> tuple[int, ...]:
    """The weekdays, as `date.weekday()` counts them."""
    if name.startswith("weekend"):
        return 5, 6
    if name in ("today", "tomorrow"):
        return ((scene.today + timedelta(name == "tomorrow")).weekday(),)
    return (WEEKDAYS.index(name),) if name in WEEKDAYS else ()


def choose_from(named: list[Mention]) -> list[Mention]:
    """Without "any day but Monday", where the week or month that it speaks of is named beside it."""
    stretches = [each for each in named if not _but(each) and isinstance(each.meaning, Day) and each.meaning.last]
    return [each for each in named if not _but(each)] if stretches else named


def _but(mention: Mention) -> frozenset[int]:
    return mention.meaning.but if isinstance(mention.meaning, Day) else frozenset()


def without(day: Day, refused: Iterable[Day]) -> Day:
    """What is left of several days; the same if there is only one, and if nothing is left."""
    if day.first is None or not (day.last or day.also):
        return day
    days = sorted(_dates(day))
    if len(days) > _LONGEST:
        return day
    weekdays, dates = set[int](), set[date]()
    for each in refused:
        named = _dates(each)
        if each.but or each.kind == "weekday" or {one.weekday() for one in named} == _WEEKEND:
            weekdays |= each.but or {one.weekday() for one in named}
        else:
            dates |= named
    left = tuple(one for one in days if one.weekday() not in weekdays and one not in dates)
    return replace(day, kind="exact", first=left[0], last=None, also=left[1:]) if 0 < len(left) < len(days) else day


def _dates(day: Day) -> set[date]:
    if day.first is None:
        return set()
    return {day.first, *day.also} | {
        day.first + timedelta(number) for number in range(((day.last or day.first) - day.first).days + 1)
    }


RULES: tuple[Rule, ...] = (
    (r"(?:(?:any|a|on|during) )?(?:the )?weekdays?(?: (?P<which>this|next) week)?", _weekdays),
    (
        rf"(?:any|every|all|whichever|whatever) ?(?:other )?(?:days?|time|thing)(?: of the week)?"
        rf"(?: (?P<which>this|next) week)?(?: ,)? {_BUT}(?: for)?(?: (?:on|the|a|this|next|coming))*"
        rf" (?P<refused>{_NAME}(?:(?: ,)?(?: (?:or|and|nor))?(?: (?:on|the|a|this|next))* {_NAME})*)",
        _all_but,
    ),
)
