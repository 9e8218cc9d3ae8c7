"""Which of the tenant's services an utterance names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import fuzz

from handled.tenants.industry import pack_of

from .history import Business, Service
from .language import Language, language

TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_ALIKE = 86  # rapidfuzz ratio from which two longer words count as the same, misspelt
_ENOUGH = 0.3  # share of a name's weight that must be heard
_TELLING = 4  # letters of a word that is known by its beginning
_AHEAD = 0.15  # how far the best must be ahead of the next to be taken


@dataclass(frozen=True)
class Heard:
    """`service` if one is meant; `candidates` if the words fit several, best first, `apart` if each was named by words
    of its own.

    `described` are the words that only the description of the service has, where its name was not heard.
    """

    service: str | None = None
    candidates: tuple[str, ...] = ()
    apart: bool = False
    described: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Catalogue:
    """The words by which the services of a tenant are known, taken apart once and not for every utterance."""

    names: Mapping[str, tuple[str, ...]]
    descriptions: Mapping[str, tuple[str, ...]]
    aliases: Mapping[str, tuple[str, ...]]
    plain_words: frozenset[str]
    qualifiers: frozenset[str]
    trade: str = ""


@lru_cache(maxsize=512)
def _catalogue(services: tuple[Service, ...], locale: str, pack: str) -> _Catalogue:
    lang = language(locale)
    plain = [lang.normalise(text) for s in services for text in (s.label, s.key.replace("-", " "))]
    names = {s.key: tuple(_name_words(s, lang)) for s in services}
    return _Catalogue(
        names=names,
        descriptions={s.key: tuple(_described(s, lang)) for s in services},
        aliases={word: parts for words in names.values() for word in words if (parts := _alias(word, lang))},
        plain_words=frozenset(word for name in plain for word in TOKEN.findall(name) if len(word) > 2),
        qualifiers=lang.qualifiers,
        trade=pack_of(pack).appointment.partition(" ")[2],
    )


def _alias(word: str, lang: Language) -> tuple[str, ...]:
    """What else a word of a name is called, unless that says nothing by itself."""
    parts = lang.synonyms.get(word, "").split()
    return () if lang.filler.issuperset(parts) else tuple(parts)


def _tokens(text: str) -> list[str]:
    return [token.removesuffix("'s").removesuffix("'") for token in TOKEN.findall(text)]


def hear_service(text: str, business: Business, lang: Language) -> Heard:
    """Match `text` (any case) against the names of the services, forgiving spelling and word order."""
    text = lang.kin_aside.sub(" , ", lang.normalise(text))
    heard, plain = _hear(text, business, lang), lang.normalise(text)
    if lang.has("both", plain) and (several := _each_part(text, heard, business, lang)):
        return several
    if not heard.candidates or lang.has("for_child", plain) or not lang.has("for_adult", plain):
        return heard
    labels = {each.key: lang.normalise(each.label) for each in business.services}
    grown = [key for key in heard.candidates if not lang.has("for_child", labels[key])]
    return Heard(grown[0]) if len(grown) == 1 else heard


def _each_part(text: str, heard: Heard, business: Business, lang: Language) -> Heard | None:
    """ "A cut for me and a kids' cut for my lad": where each part names something else, all of it is meant."""
    parts = [each for each in lang.list_joint.split(text) if each.strip()]
    label = next((each.label for each in business.services if each.key == heard.service), "")
    if len(parts) < 2 or heard.apart or lang.list_joint.search(label):
        return None
    found = [hear_service(each, business, lang) for each in parts]
    named = [(each.service,) if each.service else each.candidates for each in found if not each.described]
    named = [each for each in named if each]
    together = tuple(dict.fromkeys(key for each in named for key in each))
    if len(named) < 2 or len(together) < sum(len(each) for each in named):
        return None
    return Heard(candidates=together, apart=True)


def _hear(text: str, business: Business, lang: Language) -> Heard:
    catalogue = _catalogue(business.services, business.locale, business.pack)
    spoken = _spoken(lang.normalise(text), lang, catalogue)
    if not spoken or not business.services:
        return Heard()
    spoken = _beside_the_trade(spoken, catalogue)
    scores = _scores(spoken, catalogue.names, catalogue.aliases)
    ranked = sorted((key for key in scores if scores[key] > 0), key=lambda key: -scores[key])
    if not ranked:
        return _hear_description(spoken, business, catalogue)
    best = scores[ranked[0]]
    close = [key for key in ranked if scores[key] > best - _AHEAD]
    unsaid = [] if lang.has("several", lang.normalise(text)) else _said_otherwise(ranked[0], spoken, catalogue)
    rivals = [key for key in ranked[1:] if scores[key] >= _ENOUGH and _adds(key, ranked[0], unsaid, spoken, catalogue)]
    if rivals:
        meant = [each for key in (ranked[0], *rivals) for each in _meant_as_well(key, spoken, catalogue, lang)]
        return Heard(candidates=tuple(dict.fromkeys([*meant, ranked[0], *rivals])), apart=True)
    if len(close) == 1 and best >= _ENOUGH:
        meant = _meant_as_well(close[0], spoken, catalogue, lang)
        return Heard(candidates=_some([*meant, close[0]], business)) if meant else Heard(close[0])
    return Heard(candidates=_some(close if best >= _ENOUGH else _surely_heard(ranked, spoken, catalogue), business))


def _beside_the_trade(spoken: list[str], catalogue: _Catalogue) -> list[str]:
    """The words without what the trade calls all that it does: whoever asks a photographer for a shoot does not mean
    the engagement shoot. Where all services are called that, it says which of the words were names."""
    rest = [word for word in spoken if word.removesuffix("s") != catalogue.trade]
    called = sum(catalogue.trade in words for words in catalogue.names.values())
    return spoken if called == len(catalogue.names) else rest


def _surely_heard(ranked: list[str], spoken: list[str], catalogue: _Catalogue) -> list[str]:
    """Those of which a word was said; those of which one was only begun where there are no others."""
    sure = [key for key in ranked if any(_heard(word, spoken, {}) >= 0.9 for word in catalogue.names[key])]
    return sure or ranked


def _meant_as_well(key: str, spoken: list[str], catalogue: _Catalogue, lang: Language) -> list[str]:
    """The services that everyday words mean, where `key` was only heard in part: a cut may be the haircut."""
    name = catalogue.names[key]
    if all(_heard(word, spoken, catalogue.aliases) >= 0.9 for word in name):
        return []
    meant = {lang.synonyms[word] for word in spoken if word in name and word in lang.synonyms}
    return [other for other, words in catalogue.names.items() if other != key and " ".join(words) in meant]


def _said_otherwise(key: str, spoken: list[str], catalogue: _Catalogue) -> list[str]:
    """What stood for a word of the name that was not itself said: in "kids haircut" the haircut is the kids' cut."""
    unsaid = (catalogue.aliases.get(word, ()) for word in catalogue.names[key] if word not in spoken)
    return [part for parts in unsaid for part in parts]


def _adds(key: str, best: str, unsaid: list[str], spoken: list[str], catalogue: _Catalogue) -> bool:
    """Whether a word was heard that belongs to the one service and not to the other: "cut and colour" is two."""
    taken = {*catalogue.names[best], *unsaid}
    claimed = taken | _whole_names(spoken, catalogue)
    # "Haircut" is heard in a "kids' cut" as well, but it is one word said, and the first has a better claim to it.
    own = {w for w in set(catalogue.names[key]) - taken if not claimed.intersection(catalogue.aliases.get(w, ()))}
    if best in _whole(spoken, catalogue):
        own -= catalogue.qualifiers  # a "full haircut" is no full color
    return any(_heard(word, spoken, catalogue.aliases) >= 0.9 for word in own)


def _whole(spoken: list[str], catalogue: _Catalogue) -> list[str]:
    """The services whose whole name was said."""
    return [key for key, words in catalogue.names.items() if set(words) <= set(spoken)]


def _whole_names(spoken: list[str], catalogue: _Catalogue) -> set[str]:
    """The words of those names that consist of one, and were said."""
    return {words[0] for words in catalogue.names.values() if len(words) == 1 and words[0] in spoken}


def _hear_description(spoken: list[str], business: Business, catalogue: _Catalogue) -> Heard:
    spread = Counter(word for words in catalogue.descriptions.values() for word in words)
    hits = {
        key: {w for w in words if spread[w] == 1 and _heard(w, spoken, {}) == 1.0}
        for key, words in catalogue.descriptions.items()
    }
    hits = {key: words for key, words in hits.items() if words}
    if len(hits) == 1:
        (key,) = hits
        told = {said for said in spoken if any(_heard(word, [said], {}) == 1.0 for word in hits[key])}
        return Heard(key, described=frozenset(told))
    return Heard(candidates=_some(list(hits), business))


def service_words(business: Business) -> frozenset[str]:
    """The words that the names of the services are made of."""
    return _catalogue(business.services, business.locale, business.pack).plain_words


def is_of_the_trade(word: str, business: Business, lang: Language) -> bool:
    """Whether `word` says no more than what the business does at all: "hair", where several services are about it."""
    catalogue = _catalogue(business.services, business.locale, business.pack)
    about = (set(catalogue.names[each]) | set(catalogue.descriptions[each]) for each in catalogue.names)
    spread = sum(any(other.startswith(word) for other in words) for words in about)
    return len(word) >= _TELLING and word not in lang.topic_words and spread > 1


def _some(keys: list[str], business: Business) -> tuple[str, ...]:
    return tuple(keys) if 1 < len(keys) < len(business.services) else ()


def _spoken(text: str, lang: Language, catalogue: _Catalogue) -> list[str]:
    """The words said, with their everyday synonyms unless the tenant uses the word itself."""
    unwanted = refused(text, lang)
    own = {word for name in catalogue.names.values() for word in name}
    known = own | set(lang.synonyms)
    said = [_singular(token, known) for token in _tokens(text) if token not in unwanted]
    # "Hair cut" and "cut my hair" are a haircut.
    words = [word for word in said if word in own or word not in lang.filler]
    joined = [a + b for a, b in pairwise(said)] + [b + a for a, b in pairwise(words)]
    meant = [part for word in words if word not in own for part in lang.synonyms.get(word, "").split()]
    together = own.intersection(lang.couples) if lang.has("with_partner", text) else ()
    return [*words, *meant, *together, *(j for j in joined if len(j) >= 6)]


def _singular(word: str, known: Set[str]) -> str:
    """ "Cuts" are each a cut, where that is a word we know and they are not."""
    return word[:-1] if word not in known and word[:-1] in known and word.endswith("s") else word


def refused(text: str, lang: Language) -> set[str]:
    """The words for what is not wanted: "not the long one"."""
    return {word for match in lang.rejected.finditer(text) for part in match.groups() if part for word in part.split()}


def _name_words(service: Service, lang: Language) -> list[str]:
    label = _tokens(lang.normalise(service.label))
    key = _tokens(lang.normalise(service.key.replace("-", " ").replace("_", " ")))
    words = [w for w in dict.fromkeys(label) if w not in lang.filler]
    return words or list(dict.fromkeys(label + key))


def _described(service: Service, lang: Language) -> list[str]:
    words = _tokens(lang.normalise(service.description))
    small = lang.filler | lang.when_words
    return [w for w in dict.fromkeys(words) if small.isdisjoint((w, w.removesuffix("s"))) and len(w) > 3]


_Words = Mapping[str, tuple[str, ...]]


def _scores(spoken: list[str], names: _Words, aliases: _Words) -> dict[str, float]:
    """Share of each name's weight that was heard; words that several services share weigh little."""
    spread = Counter(word for words in names.values() for word in set(words))
    scores: dict[str, float] = {}
    for key, words in names.items():
        weights = {w: 1.0 if spread[w] == 1 else 0.35 / spread[w] ** 0.5 for w in words}
        heard = sum(weight * _heard(word, spoken, aliases) for word, weight in weights.items())
        # Of two names heard whole the longer one is meant: "kids' haircut" is not just a haircut.
        scores[key] = heard / (sum(weights.values()) or 1.0) * (1 + 0.3 * heard)
    return scores


def _twisted(word: str, other: str) -> bool:
    """Whether only letters have changed places, as in a "hiarcut"."""
    return len(word) > 4 and word[-1] == other[-1] and sorted(word) == sorted(other)


def _heard(word: str, spoken: list[str], aliases: _Words) -> float:
    """How surely `word` is among the spoken ones: 1 as it stands, less when misspelt or only begun."""
    if word in spoken or (word in aliases and all(part in spoken for part in aliases[word])):
        return 1.0
    stem = word.removesuffix("s")
    if any(other.removesuffix("s") == stem for other in spoken):
        return 1.0
    rivals = [other for other in spoken if len(other) >= 4 and other[0] == word[0]]
    if len(word) >= 4 and any(fuzz.ratio(word, other) >= _ALIKE or _twisted(word, other) for other in rivals):
        return 0.9
    return 0.2 if any(word.startswith(other) for other in rivals) else 0.0
