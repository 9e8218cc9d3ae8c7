"""Which of a list is meant: "the second", "#2", "the last one", and when that is a day of the month instead."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date

from .dates import When
from .language import Language


def place_in(match: re.Match[str], lang: Language) -> int:
    """The place that `lang.pick_word` has found, counted from 0; -1 for the last, less for no place at all."""
    word = match[1] or match[2]
    place = lang.ordinals.get(word)
    if place is not None:
        return place
    number = int(word) if word.isdigit() else lang.numbers.get(word, 0)
    return number - 1 if number else -2


def is_day(match: re.Match[str], said: When, lang: Language, listed: Collection[date] | None) -> bool:
    """Whether "the 2nd" is a day of the month. `listed` are the days on the list that was put before the customer;
    None: there was no list to count."""
    plain, word = match.string, match[1] or ""
    if not said.said_day:
        return False
    if not word[:1].isdigit():
        return bool(lang.day_lead.search(plain[: match.start()]))
    beside = f"{plain[: match.start()]} {plain[match.end() :]}"
    if listed is None or lang.day_beside.search(beside):
        return True
    return any(day.day == int(word[0]) for day in listed)
