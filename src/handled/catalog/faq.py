"""Which of the answers a tenant has written fits a question; none rather than a wrong one.

No model: words are folded, stemmed and brought together by a short table of synonyms; rare words weigh more
than common ones; a slip of the keyboard still counts. The same question always gets the same answer.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

GOOD_ENOUGH = 0.45
"""Below this score nobody has written the answer."""

MOST_ANSWERS = 3
NEAR_THE_BEST = 0.8
LONGEST_QUESTION = 500

COVERED = 0.7
"""Share of the score for how much of what was asked the entry speaks of; the rest is for the reverse."""

IN_THE_ANSWER = 0.5
"""What a word counts that only the entry's answer has."""

UNKNOWN_WORD = 1.0
"""What a word weighs that no entry has, against one that a single entry has."""


@dataclass(frozen=True)
class FaqEntry:
    """A question and its answer, as the tenant wrote them."""

    question: str
    answer: str


@dataclass(frozen=True)
class FaqAnswer:
    """An entry that answers what was asked; `score` from 0 to 1 says how surely."""

    entry: FaqEntry
    score: float


def match(question: str, entries: Sequence[FaqEntry]) -> list[FaqAnswer]:
    """At most three entries that answer `question`, the best first; empty when nobody wrote an answer."""
    documents = [(_telling(entry.question) or _pale(entry.question), _telling(entry.answer)) for entry in entries]
    subjects = {idea for title, _ in documents for idea in title.values()}
    asked = {**_telling(question[:LONGEST_QUESTION]), **_pale(question[:LONGEST_QUESTION], subjects)}
    if not asked:
        return []
    weights = _weights([{*title.values(), *answer.values()} for title, answer in documents])
    scored = [
        FaqAnswer(entry, round(_score(asked, title, answer, weights), 3))
        for entry, (title, answer) in zip(entries, documents, strict=True)
    ]
    best = sorted((each for each in scored if each.score >= GOOD_ENOUGH), key=lambda each: -each.score)
    return [each for each in best if each.score >= NEAR_THE_BEST * best[0].score][:MOST_ANSWERS]


_Words = Mapping[str, str]
"""Stems, each with the idea it stands for: the first word of its group of synonyms, or itself."""


def _score(asked: _Words, title: _Words, answer: _Words, weights: Mapping[str, float]) -> float:
    """How much of the question the entry covers, and how much of the entry's question was asked."""
    wanted = heard = 0.0
    for stem, idea in asked.items():
        weight = weights.get(idea, UNKNOWN_WORD * weights[""])
        wanted += weight
        heard += weight * max(_likeness(stem, idea, title), IN_THE_ANSWER * _likeness(stem, idea, answer))
    said = sum(weights[idea] for idea in title.values())
    met = sum(weights[idea] * _likeness(stem, idea, asked) for stem, idea in title.items())
    return COVERED * heard / wanted + (1 - COVERED) * met / said if said else 0.0


def _likeness(stem: str, idea: str, words: _Words) -> float:
    """How surely one of `words` is the same: word for word, by its idea, or but for a slip of the keyboard."""
    if stem in words:
        return 1.0
    if idea in words.values():
        return 0.9
    slips = (other for other in words if abs(len(other) - len(stem)) < 2 and OSA.distance(stem, other) == 1)
    return 0.8 if len(stem) > 4 and any(slips) else 0.0


def _weights(documents: Sequence[set[str]]) -> dict[str, float]:
    """Inverse document frequency of each idea; under the empty word that of one which only one entry has."""
    seen = Counter(idea for document in documents for idea in document)
    count = len(documents)
    return {"": math.log(1 + count)} | {idea: math.log(1 + count / times) for idea, times in seen.items()}


# --- words

_STOP_WORDS = """
    a an the this that these those there here it its is are was were be been am do does did done
    have has had having can could will would shall should may might must i me my mine we us our you
    your yours they them their he she his her and or but if so than then of for to in on at by with
    from about as into out up off over what which who whom whose when how why where any some all
    each both either every no not nor only just also too very really quite more most much many lot
    lots please thanks thank hi hello hey ok okay yes yeah big bigger large larger huge wide small
    little variety various multiple selection array range choice choices choose different several
    plenty plentiful reasonable reasonably decent stable reliable reliably strong stronger fast
    faster slow drinkable nicer friendly proper area areas space spaces list menu highly rated
    rating ratings review reviews known positive neither come order sell try access connection
    connectivity service services well tell know wonder wondering confirm sure want wants need needs
    like likes love prefer look looking find get gets got give gives take takes make makes go going
    offer offers offered offering provide provides provided serve serves feature features allow
    allowed available availability possible able option options place places business company shop
    location establishment site thing things something anything one ones let use using used people
    person guest guests customer customers client clients myself yourself good nice great best
    better quality high currently actually ever still again dont doesnt im id ive whats hows theres
    ask question wish say said mean part kind kinds type types sort sorts way remember bring carry
"""
_STOP = frozenset(_STOP_WORDS.split())

# Praise in most questions, and the whole subject of some entries: "What is your rating?"
_PALE_WORDS = """
rating ratings rated review reviews
menu
location
quality
"""
_PALE = {word: line.split()[0] for line in _PALE_WORDS.strip().splitlines() for word in line.split()}

# Words that ask for the same thing; the first names the group. Written for small businesses at large.
_SYNONYMS = """
wifi internet wireless hotspot
alcohol alcoholic beer beers wine wines cocktail cocktails liquor booze drink drinks beverage beverages
alcohol merlot pinot noir chardonnay sauvignon champagne prosecco spirits
outdoor outdoors outside patio terrace garden
parking park parked car cars carpark garage lot
price prices priced cost costs fee fees charge charges charged expensive cheap affordable rate rates value money
pay paid payment payments cash credit debit visa mastercard paypal
cancel cancelled cancellation cancelling cancels
refund refunds refunded reimburse reimbursed
reschedule rescheduling postpone change move
late delay delayed running
child children kid kids baby babies toddler toddlers son daughter teen teenager
pet pets dog dogs cat cats animal animals puppy
wheelchair accessible accessibility disabled disability disabilities mobility step-free ramp lift elevator
gift gifts voucher vouchers certificate certificates
unisex men women man woman male female gents ladies gender
tip tips gratuity
language languages speak spoken
insurance insured insurer reimbursement
remote virtual video zoom telehealth
open opening opened close closed closing closes hours hour opens
address located directions area neighborhood
walkin walkins drop-in drop-ins
deposit deposits prepay prepayment upfront advance
breakfast brunch
food meal meals eat eating snack snacks
vegetarian vegan meatless plant-based
gluten celiac coeliac
takeout takeaway take-out to-go
delivery deliver delivered deliveries deliverable
seat seats seating sit sitting table tables dining dine
music band dj
allergy allergies allergic patch
pregnant pregnancy expecting breastfeeding
photo photos picture pictures image images shots gallery
confidential confidentiality private privacy secret
discount discounts student students senior seniors coupon promo
towel towels linen
gym fitness exercise workout
pool swimming swim
smoke smoking smoker cigarette
prepare preparation preparing
duration long last lasts length
travel travelling travels
"""


_ENDINGS = (
    ("ies", "y"), ("sses", "ss"), ("ing", ""), ("edly", ""), ("ed", ""), ("ly", ""), ("es", ""), ("s", ""),
)  # fmt: skip


def _stem(word: str) -> str:
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            word = word.removesuffix(ending) + instead
            if ending in {"ing", "ed"} and word[-1] == word[-2] and word[-1] not in "aeiouls":
                word = word[:-1]
            break
    return word.removesuffix("e") if len(word) > 4 else word


# "Good value" praises what is asked about; it does not ask for a price.
_GOOD_VALUE = re.compile(
    r"\b(?:reasonabl[ey]|well|good|fairly)[- ]priced\b|\bvalue(?: for (?:the )?(?:money|price))?\b"
)
_PARTED = re.compile(r"\b(wi|walk|take|drop|step|out)[- ](fi|ins?|out|away|free|doors?)\b")


def _groups() -> dict[str, str]:
    """The idea of each stem that has synonyms."""
    lines = [[_stem(word.replace("-", "")) for word in line.split()] for line in _SYNONYMS.strip().splitlines()]
    return {stem: line[0] for line in lines for stem in line}


_GROUP_OF = _groups()


@lru_cache(maxsize=4096)
def _telling(text: str) -> _Words:
    """The words of `text` that tell what it is about."""
    plain = _plain(text)
    plain = _PARTED.sub(r"\1\2", re.sub(r"(?<=\w)['’](?=\w)", "", plain))
    plain = _GOOD_VALUE.sub(" ", plain)
    stems = [_stem(word) for word in re.findall(r"\w+", plain) if word not in _STOP and len(word) > 1]
    return {stem: _GROUP_OF.get(stem, stem) for stem in stems}


def _pale(text: str, subjects: Collection[str] | None = None) -> _Words:
    """The words of `text` that tell something only where an entry is about nothing else: about one of `subjects`."""
    ideas = {_PALE[word] for word in re.findall(r"\w+", _plain(text)) if word in _PALE}
    return {idea: idea for idea in ideas if subjects is None or idea in subjects}


def _plain(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.lower())
    return "".join(character for character in parts if not unicodedata.combining(character))
