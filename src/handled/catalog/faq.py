"""Which of the answers a tenant has written fits a question; none rather than a wrong one.

No model: words are folded, stemmed and brought together by a short table of synonyms; rare words weigh more
than common ones; a slip of the keyboard still counts. The same question always gets the same answer.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

GOOD_ENOUGH = 0.42
"""Below this score nobody has written the answer."""

MOST_ANSWERS = 3


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
    asked = _terms(question[:500])
    if not asked or not entries:
        return []
    documents = [(_terms(entry.question), _terms(entry.answer)) for entry in entries]
    weights = _weights([{**answer, **title} for title, answer in documents])
    scored = [
        FaqAnswer(entry, round(_score(asked, title, answer, weights), 3))
        for entry, (title, answer) in zip(entries, documents, strict=True)
    ]
    best = sorted((each for each in scored if each.score >= GOOD_ENOUGH), key=lambda each: -each.score)
    return [each for each in best if each.score >= 0.75 * best[0].score][:MOST_ANSWERS]


def _score(
    asked: Mapping[str, float], title: Mapping[str, float], answer: Mapping[str, float], weights: _Weights
) -> float:
    """How much of the question the entry covers, and how much of the entry's question was asked."""
    heard, wanted = 0.0, 0.0
    met: set[str] = set()
    for term, share in asked.items():
        weight = share * weights[term]
        wanted += weight
        near, likeness = _nearest(term, title)
        if likeness:
            met.add(near)
        in_answer = 0.6 * _nearest(term, answer)[1]
        heard += weight * max(likeness, in_answer)
    total = sum(share * weights[term] for term, share in title.items())
    covered = sum(title[term] * weights[term] for term in met)
    if not heard:
        return 0.0
    recall = heard / wanted
    precision = covered / total if total else 0.0
    return 0.6 * recall + 0.4 * precision


class _Weights(dict[str, float]):
    """Inverse document frequency; a word that no entry has weighs as much as the rarest."""

    def __init__(self, weights: Mapping[str, float], unknown: float) -> None:
        super().__init__(weights)
        self._unknown = unknown

    def __missing__(self, term: str) -> float:
        return self._unknown


def _weights(documents: Sequence[Mapping[str, float]]) -> _Weights:
    seen = Counter(term for document in documents for term in document)
    count = len(documents)
    rarest = math.log(1 + count)
    return _Weights({term: math.log(1 + count / times) for term, times in seen.items()}, rarest)


def _nearest(term: str, terms: Mapping[str, float]) -> tuple[str, float]:
    """The same word, or one that differs by a slip; with how alike they are, 0 when no word is."""
    if term in terms:
        return term, 1.0
    if len(term) < 5 or term.startswith("="):
        return "", 0.0
    near = [other for other in terms if abs(len(other) - len(term)) < 2 and OSA.distance(term, other, score_cutoff=1) == 1]
    return (near[0], 0.8) if near else ("", 0.0)


# --- words

_STOP = frozenset(
    """
    a an the this that these those there here it its is are was were be been am do does did done have has had
    having can could will would shall should may might must i me my mine we us our you your yours they them
    their he she his her and or but if so than then of for to in on at by with from about as into out up off
    over what which who whom whose when how why where any some all each both either every no not nor only just
    also too very really quite more most much many lot lots please thanks thank hi hello hey ok okay yes yeah
    well tell know wonder wondering confirm sure want wants need needs like likes love prefer look looking find
    get gets got give gives take takes make makes go going come offer offers offered offering provide provides
    provided serve serves feature features allow allowed available availability possible able option options
    place places business company shop location establishment site thing things something anything one ones
    let us use using used people person guest guests customer customers client clients them myself yourself
    good nice great decent best better quality high currently actually ever still again dont doesnt im id ive
    whats hows theres ask question wish say said mean part kind kinds type types sort sorts way remember
    """.split()
)

# Words that ask for the same thing; the first names the group. Written for small businesses at large.
_SYNONYMS = """
wifi internet wireless wi-fi online-access hotspot
alcohol alcoholic beer beers wine wines cocktail cocktails liquor booze drink drinks beverage beverages merlot
chardonnay sauvignon pinot noir bar champagne prosecco byob
outdoor outdoors outside patio terrace garden
parking park parked car cars carpark garage lot
price prices priced cost costs fee fees charge charges charged expensive cheap affordable rate rates value money
pay paid payment payments card cards cash credit debit visa mastercard paypal
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
walkin walk-in walk-ins walkins drop-in appointment
deposit deposits prepay prepayment upfront advance
breakfast brunch
food meal meals eat eating dining dine menu snack snacks
vegetarian vegan meatless plant-based
gluten celiac coeliac
takeout takeaway take-out to-go
delivery deliver delivered deliveries deliverable
seat seats seating sit sitting
music band dj
allergy allergies allergic patch
pregnant pregnancy expecting breastfeeding
photo photos picture pictures image images shots gallery
confidential confidentiality private privacy secret
discount discounts student students senior seniors coupon promo offer-code
towel towels linen
gym fitness exercise workout
pool swimming swim
smoke smoking smoker cigarette
bring carry
prepare preparation preparing
duration long last lasts takes-long length
travel travelling travels
"""


def _stem(word: str) -> str:
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("ing", ""), ("edly", ""), ("ed", ""), ("ly", ""), ("es", ""), ("s", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            word = word.removesuffix(ending) + instead
            break
    return word.removesuffix("e") if len(word) > 4 else word


def _groups() -> dict[str, str]:
    groups: dict[str, str] = {}
    first = ""
    for line in _SYNONYMS.strip().splitlines():
        words = line.split()
        first = words[0]
        for word in words:
            groups[_stem(word.replace("-", ""))] = f"={first}"
    return groups


_GROUP_OF = _groups()


@lru_cache(maxsize=4096)
def _terms(text: str) -> Mapping[str, float]:
    """The telling words of `text`, each with its share: the group of a word counts beside the word itself."""
    plain = "".join(
        character
        for character in unicodedata.normalize("NFKD", text.lower())
        if not unicodedata.combining(character)
    )
    plain = re.sub(r"(?<=\w)['’](?=\w)", "", plain)
    plain = re.sub(r"\b(wi|walk|take|drop|step|to)[- ](fi|in|ins|out|away|free|go)\b", r"\1\2", plain)
    terms: dict[str, float] = {}
    for word in re.findall(r"\w+", plain):
        if word in _STOP or len(word) < 2:
            continue
        stem = _stem(word)
        group = _GROUP_OF.get(stem)
        if group:
            terms[group] = 1.0
        terms[stem] = max(terms.get(stem, 0.0), 0.35 if group else 1.0)
    return terms
