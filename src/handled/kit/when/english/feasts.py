"""How English names days by feasts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from handled.kit.when import almanac
from handled.kit.when.english.calendar import YEAR, year_of
from handled.kit.when.english.days import Match, Rule, exact
from handled.kit.when.mentions import Day, Scene

_FEASTS = (
    ("new years? day", 1, 1),
    ("new years? eve", 12, 31),
    ("valentines?(?: day)?", 2, 14),
    ("independence day", 7, 4),
    ("halloween", 10, 31),
    ("(?:christmas|xmas) eve", 12, 24),
    ("(?:christmas|xmas)(?: day)?", 12, 25),
    ("boxing day", 12, 26),
)
_FEAST = "|".join(f"(?P<f{index}>{name})" for index, (name, _, _) in enumerate(_FEASTS))


def _feast(match: Match, scene: Scene) -> Day:
    _, month, day = next(feast for index, feast in enumerate(_FEASTS) if match[f"f{index}"])
    return _next_feast(match, scene, lambda year: date(year, month, day))


# The weekday as `date.weekday()` counts them, and which of the month; -1 is the last.
_MOVABLE = {
    "thanksgiving": (11, 3, 4),
    "memorial": (5, 0, -1),
    "labor": (9, 0, 1),
    "labour": (9, 0, 1),
}


def _movable(match: Match, scene: Scene) -> Day:
    month, weekday, nth = _MOVABLE[match["name"]]
    return _next_feast(match, scene, lambda year: almanac.nth_weekday(almanac.month(year, month), weekday, nth))


def _easter(match: Match, scene: Scene) -> Day:
    offset = {"good friday": -2, "easter monday": 1}.get(match["name"], 0)
    return _next_feast(match, scene, lambda year: almanac.easter(year) + timedelta(offset))


def _next_feast(match: Match, scene: Scene, falls: Callable[[int], date | None]) -> Day:
    year = year_of(match, scene.today)
    if year:
        return exact(falls(year))
    this = falls(scene.today.year)
    return exact(this if this and this >= scene.today else falls(scene.today.year + 1))


RULES: tuple[Rule, ...] = (
    (rf"(?:{_FEAST}){YEAR}", _feast),
    (rf"(?P<name>good friday|easter(?: (?:sunday|monday))?){YEAR}", _easter),
    (rf"(?P<name>thanksgiving)(?: day)?{YEAR}", _movable),
    (rf"(?P<name>memorial|labou?r) day{YEAR}", _movable),
)
