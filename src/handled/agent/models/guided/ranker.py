"""A guess at what an utterance is about, only ever used to offer choices: nothing starts on its strength."""

from __future__ import annotations

from rapidfuzz import fuzz

from .language import Language


def closest(text: str, lang: Language, count: int = 3) -> tuple[str, ...]:
    """The `count` intents whose examples are most like normalised `text`, best first."""
    scores = {
        intent: max(fuzz.token_set_ratio(text, example) + fuzz.WRatio(text, example) for example in examples)
        for intent, examples in lang.examples.items()
    }
    return tuple(sorted(scores, key=lambda intent: (-scores[intent], intent))[:count])
