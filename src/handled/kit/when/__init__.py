"""Dates and times in words: the one door to every question about how a language says them.

`parse` reads what a customer wrote; `handled.kit.when.spoken` says dates and times back. Each language is a grammar
behind this door; a locale without one of its own is read as English.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache, lru_cache
from importlib import import_module

from babel import Locale, UnknownLocaleError

from handled.kit.when import iso
from handled.kit.when.meaning import DAY_END, DAY_START, When

__all__ = ["DAY_END", "DAY_START", "When", "parse"]

_Grammar = Callable[[str, datetime, bool], When | None]
# Loaded when first read in: compiling a grammar takes a while, and whoever only says dates needs none.
_GRAMMARS = {"en": "handled.kit.when.english"}
_LONGEST = 2000  # characters; nobody dates an appointment beyond


def parse(text: str, now: datetime, locale: str = "en") -> When | None:
    """What `text` says about dates and times, or None if it says nothing about them.

    `now` is aware and in the zone of the business; all dates and times in the answer are local to it. `locale` ("en",
    "en_GB", "en-GB") decides the grammar and whether 3/4 is in March or in April. Only the first 2000 characters are
    read. Never raises, whatever the text. A bare number is no time here: a caller that has just asked for one should
    try again with "at " before it.
    """
    text = text[:_LONGEST]
    language, day_first = _habits(locale)
    return iso.parse(text, now) or _grammar(language)(text, now, day_first)


@cache
def _grammar(language: str) -> _Grammar:
    return import_module(_GRAMMARS[language]).parse


@lru_cache(maxsize=256)
def _habits(locale: str) -> tuple[str, bool]:
    """The language to read in, and whether the day comes before the month in numbers."""
    try:
        known = Locale.parse(locale.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        known = Locale("en")
    pattern = known.date_formats["short"].pattern
    language = known.language if known.language in _GRAMMARS else "en"
    return language, pattern.lower().index("d") < pattern.index("M")
