"""A guess at what an utterance is about, only ever used to offer choices: nothing starts on its strength."""

from __future__ import annotations

from rapidfuzz import fuzz

from .language import Language

_ALIKE = 55.0  # of 100: below this the likeness is of letters, not of meaning


def closest(text: str, lang: Language, count: int = 3) -> tuple[str, ...]:
    """The up to `count` intents whose examples are most like normalised `text`, best first; () if none is like it."""
    scores = {
        intent: max((fuzz.token_set_ratio(text, example) + fuzz.WRatio(text, example)) / 2 for example in examples)
        for intent, examples in lang.examples.items()
    }
    ranked = sorted(scores, key=lambda intent: (-scores[intent], intent))[:count]
    return tuple(ranked) if scores[ranked[0]] >= _ALIKE else ()
