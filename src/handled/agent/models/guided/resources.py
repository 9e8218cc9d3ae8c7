"""Which of the people of the business an utterance names."""

from __future__ import annotations

from collections import Counter

from .history import Business
from .language import Language
from .services import TOKEN, refused


def hear_resource(text: str, business: Business, lang: Language) -> str | None:
    """The one resource whose name, or unmistakable part of a name, is in `text`."""
    plain = lang.normalise(text)
    spoken = set(TOKEN.findall(plain)) - refused(plain, lang)
    owners = Counter(part for name in business.resources for part in set(TOKEN.findall(lang.normalise(name))))
    named: list[str] = []
    for name in business.resources:
        parts = [p for p in TOKEN.findall(lang.normalise(name)) if p not in lang.filler and len(p) > 1]
        if parts and (any(p in spoken and owners[p] == 1 for p in parts) or all(p in spoken for p in parts)):
            named.append(name)
    return named[0] if len(named) == 1 else None


def refused_resources(text: str, business: Business, lang: Language) -> frozenset[str]:
    """Those whom an utterance will not have: "anyone but Mia"."""
    unwanted = refused(lang.normalise(text), lang)
    if not unwanted:
        return frozenset()
    return frozenset(name for name in business.resources if unwanted.intersection(TOKEN.findall(lang.normalise(name))))


def resource_words(business: Business, lang: Language) -> frozenset[str]:
    """The words that the names of the business and of its people are made of."""
    names = (business.name, *business.resources)
    return frozenset(word for name in names for word in TOKEN.findall(lang.normalise(name)))
