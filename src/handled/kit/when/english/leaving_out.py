"""How English names days by those that are left out: "any day but Monday"."""

from __future__ import annotations

from datetime import timedelta

from handled.kit.when import almanac
from handled.kit.when.english.days import Match, Rule
from handled.kit.when.english.spelling import WEEKDAYS
from handled.kit.when.mentions import Day, Scene

_NAME = rf"(?:(?:{'|'.join(WEEKDAYS)})|weekends?|today|tomorrow)"
_BUT = (
    r"(?:except|but not|but|besides|other than|apart from|aside from|excluding|barring|bar|minus|save(?: for)?"
    r"|just not|only not|not)"
)
_WEEK_DAYS = 7


def _all_but(match: Match, scene: Scene) -> Day | None:
    refused = {day for name in match["refused"].split() for day in _meant(name, scene)}
    first, last = scene.today, scene.today + timedelta(_WEEK_DAYS - 1)
    if match["which"]:
        first, last = almanac.week(scene.today, 1 if match["which"] == "next" else 0)
    days = (first + timedelta(number) for number in range((last - first).days + 1))
    left = [day for day in days if day >= scene.today and day.weekday() not in refused]
    return Day("exact", left[0], also=tuple(left[1:])) if left else None


def _meant(name: str, scene: Scene) -> tuple[int, ...]:
    """The weekdays, as `date.weekday()` counts them."""
    if name.startswith("weekend"):
        return 5, 6
    if name in ("today", "tomorrow"):
        return ((scene.today + timedelta(name == "tomorrow")).weekday(),)
    return (WEEKDAYS.index(name),) if name in WEEKDAYS else ()


RULES: tuple[Rule, ...] = (
    (
        rf"(?:any|every|all|whichever|whatever) ?(?:other )?(?:days?|time|thing)(?: of the week)?"
        rf"(?: (?P<which>this|next) week)?(?: ,)? {_BUT}(?: for)?(?: (?:on|the|a|this|next|coming))*"
        rf" (?P<refused>{_NAME}(?:(?: ,)?(?: (?:or|and|nor))?(?: (?:on|the|a|this|next))* {_NAME})*)",
        _all_but,
    ),
)
