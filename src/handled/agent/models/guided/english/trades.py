"""English: what a trade calls an appointment, and its own wording of what is said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from handled.tenants.industry import PHRASES, Pack

Phrases = Mapping[str, tuple[str, ...]]

_APPOINTMENT = re.compile(r"\b(?P<article>[Aa]n )?(?P<word>[Aa]ppointment)(?P<many>s?)\b")


def worded(phrases: Phrases, pack: Pack, own: Iterable[tuple[str, str]]) -> Phrases:
    """`phrases` in the words of a trade, and those of one business."""
    mine = {key: (wording,) for key, wording in own if key in PHRASES}
    called = {key: tuple(_called(each, pack.appointment) for each in told) for key, told in phrases.items()}
    return {**called, **pack.phrases, **mine}


def _called(sentence: str, appointment: str) -> str:
    article, _, noun = appointment.partition(" ")

    def say(match: re.Match[str]) -> str:
        first = article.capitalize() if (match["article"] or "a")[0].isupper() else article
        word = noun.capitalize() if match["word"][0].isupper() else noun
        return f"{first} {word}{match['many']}" if match["article"] else f"{word}{match['many']}"

    return _APPOINTMENT.sub(say, sentence)
