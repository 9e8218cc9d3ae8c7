"""How we say dates and times to people, in their locale."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, get_timezone_location, get_timezone_name

from handled.kit.when import almanac

_YEAR_AFTER_MONTHS = 10  # from here on "March 2" alone could be taken for the nearer one
_ENGLISH_NEAR = {0: "today", 1: "tomorrow"}
# Where English-speaking customers know their zone by its own name rather than by a city.
_NAMED_ZONES = ("America/", "US/", "Canada/", "Pacific/Honolulu")


def spoken_date(day: date, today: date, locale: str = "en", *, near: bool = False) -> str:
    """ "Tuesday, March 2" ("Tuesday 2 March" in Britain), with the year if it is gone by or 10 months or more away.

    With `near`, today and tomorrow are said first: "tomorrow (Tuesday, March 2)"; English only.
    """
    known = _locale(locale)
    words = _day_words(day, known, with_year=not _is_near(day, today))
    said = _ENGLISH_NEAR.get((day - today).days) if near and known.language == "en" else None
    return f"{said} ({words})" if said else words


def spoken_time(at: time, locale: str = "en") -> str:
    """ "3:00 pm", or "15:00" where the locale counts to 24."""
    words = format_time(at, "short", locale=_locale(locale))
    return words.replace("\u202f", " ").replace("\xa0", " ").replace("AM", "am").replace("PM", "pm")


def spoken_moment(day: date, at: time | None, today: date, locale: str = "en", *, near: bool = False) -> str:
    """ "Tuesday, March 2 at 3:00 pm"; the day alone without a time."""
    words = spoken_date(day, today, locale, near=near)
    if at is None:
        return words
    known = _locale(locale)
    joint = " at " if known.language == "en" else ", "
    return f"{words}{joint}{spoken_time(at, locale)}"


def weekday_name(day: date, locale: str = "en") -> str:
    """ "Monday"."""
    return format_date(day, "EEEE", locale=_locale(locale))


def zone_name(zone: ZoneInfo | str, at: datetime, locale: str = "en") -> str:
    """The zone as customers call it: "Pacific Time" in America, else "Madrid time"; "UTC" for UTC.

    `at` (aware) is there for languages whose name of a zone changes with the season.
    """
    known = _locale(locale)
    zone = ZoneInfo(zone) if isinstance(zone, str) else zone
    if zone.key in ("UTC", "Etc/UTC", "GMT", "Etc/GMT", "Zulu"):
        return "UTC"
    if known.language != "en":
        return get_timezone_name(at.astimezone(zone), width="long", locale=known)
    if zone.key.startswith(_NAMED_ZONES):
        name = get_timezone_name(zone, width="long", zone_variant="generic", locale=known)
        if "(" not in name and not name.startswith("GMT"):
            return name
    city = get_timezone_location(zone, locale=known, return_city=True)
    return f"{city.rsplit('/', 1)[-1]} time"


def _is_near(day: date, today: date) -> bool:
    """Whether a day is told well enough without its year."""
    limit = almanac.shift_months(today, _YEAR_AFTER_MONTHS)
    return today <= day and (limit is None or day < limit)


def _day_words(day: date, locale: Locale, *, with_year: bool) -> str:
    if locale.language == "en":
        american = locale.territory in (None, "US")
        words = format_date(day, "EEEE, MMMM d" if american else "EEEE d MMMM", locale=locale)
        return f"{words}{',' if american else ''} {day.year}" if with_year else words
    pattern = locale.date_formats["full"].pattern
    return format_date(day, pattern if with_year else _without_year(pattern), locale=locale)


def _without_year(pattern: str) -> str:
    """A locale's full date without its year and what joins it: "EEEE, d 'de' MMMM 'de' y" to "EEEE, d 'de' MMMM"."""
    return re.sub(r"(?:\s*'[^']*'|[\s,.])*\s*y+(?:\s*'[^']*'|[^\sA-Za-z'.,])?", "", pattern).strip(" ,")


@lru_cache(maxsize=256)
def _locale(name: str) -> Locale:
    try:
        return Locale.parse(name.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return Locale("en", "US")
