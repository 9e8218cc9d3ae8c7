"""One utterance: what it tells and what it wants, seen from what was just asked."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from functools import lru_cache

from .dates import When, read_when
from .foreign import detect
from .history import Business
from .language import Language
from .people import Person, in_full, read_person
from .picks import is_day, place_in
from .resources import hear_resource, refused_resources, resource_words
from .services import Heard, hear_service, service_words

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_BARE_HOUR = re.compile(r"\d{1,2}(?:[:.]\d\d)?")
_LONG = 1200  # characters an utterance is read for; nobody says more in one breath


@dataclass(frozen=True)
class Slot:
    """A free time the customer was offered. `time` is None for a whole day."""

    date: date
    time: time | None = None
    resource: str | None = None


@dataclass(frozen=True)
class Scene:
    """What has been said before an utterance, as far as it changes what the utterance means.

    `now` is local to the business. `expects` is what was just asked, `offered` the times on the table;
    `nameless` says that a booking is under way and still wants a name, `name` is the one that was told.
    """

    business: Business
    lang: Language
    now: datetime
    expects: frozenset[str] = frozenset()
    offered: tuple[Slot, ...] = ()
    nameless: bool = False
    name: str = ""


@dataclass(frozen=True)
class Reading:
    text: str = ""
    plain: str = ""
    when: When = field(default_factory=When)
    heard: Heard = field(default_factory=Heard)
    person: Person = field(default_factory=Person)
    resource: str | None = None
    not_with: frozenset[str] = frozenset()
    pick: int | None = None
    wants: frozenset[str] = frozenset()
    questions: tuple[str, ...] = ()
    topics: frozenset[str] = frozenset()
    leftover: tuple[str, ...] = ()
    foreign: str | None = None

    def has(self, *intents: str) -> bool:
        return not self.wants.isdisjoint(intents)

    @property
    def tells(self) -> bool:
        """Whether it holds a fact for a booking."""
        person = self.person
        return bool(
            self.heard.service
            or self.resource
            or self.not_with
            or self.pick is not None
            or not self.when.empty
            or person.name
            or person.email
            or person.email_like
            or person.phone
        )


@lru_cache(maxsize=2048)
def understand(text: str, scene: Scene) -> Reading:
    """Read `text`. It never raises, and what it does not recognise it leaves alone.

    Every call of the model folds the whole conversation again: what was read once is kept.
    """
    lang = scene.lang
    text = text.strip()[:_LONG]
    # Whoever has told their first name may send the whole of it.
    nameless = scene.nameless or (scene.name != "" and text.casefold().startswith(f"{scene.name.casefold()} "))
    person = read_person(text, lang, scene.expects, _not_names(scene), scene.business.topics, nameless)
    person = in_full(person, scene.name, text, lang)
    plain = lang.normalise(text)
    wants = frozenset(intent for intent in lang.intents if lang.has(intent, plain))
    rest = person.rest
    clocks = [slot.time for slot in scene.offered if slot.time]
    when = _read_when(_without_count(rest, lang), scene, clocks)
    reading = Reading(
        text=text,
        plain=plain,
        when=when,
        heard=hear_service(rest, scene.business, lang),
        person=person,
        resource=hear_resource(rest, scene.business, lang),
        not_with=refused_resources(text, scene.business, lang),
        wants=wants,
        leftover=_leftover(rest, lang),
        foreign=None if person.email else detect(person.rest),
    )
    reading = replace(reading, pick=_pick(lang.normalise(rest), reading, scene))
    if reading.pick is not None:
        # "The first" of the times on the table is not the first consultation.
        heard = hear_service(lang.pick_word.sub(" ", lang.normalise(rest)), scene.business, lang)
        reading = replace(reading, when=When(), heard=heard)
    reading = replace(reading, heard=_trusted(reading, lang))
    return replace(reading, questions=_questions(reading, scene), topics=_topics(reading, scene))


def _read_when(text: str, scene: Scene, clocks: list[time]) -> When:
    """What `text` says about time. In "Saturday 9 beard trim" nine is no number of trims."""
    lang, sold = scene.lang, service_words(scene.business)
    words = lang.normalise(text).split()
    for n in range(1, len(words) - 1) if not lang.has("several", " ".join(words)) else ():
        if words[n - 1] in lang.when_words and _BARE_HOUR.fullmatch(words[n]) and words[n + 1] in sold:
            text = " ".join((*words[: n + 1], ",", *words[n + 1 :]))
            break
    return read_when(text, scene.now, lang, scene.business.locale, clocks)


def _without_count(rest: str, lang: Language) -> str:
    """ "The 3rd one" counts what was listed; it is no day of the month."""
    plain = lang.normalise(rest)
    return lang.counted.sub(" ", plain) if lang.counted.search(plain) else rest


def _trusted(reading: Reading, lang: Language) -> Heard:
    """What a description mentions is only a hint: a studio with pictures may not do passports."""
    heard = reading.heard
    if heard.described and heard.described <= lang.topic_words:
        return Heard()
    beside = [word for word in reading.leftover if word not in heard.described]
    doubtful = reading.has("question", "no", "yes", "rude", "give_up", "let_down") or len(beside) > _BESIDE
    return Heard() if heard.described and ((beside and doubtful) or reading.has("price", "duration")) else heard


def _not_names(scene: Scene) -> frozenset[str]:
    """Words that are no name of a customer; a customer may be called like a stylist, and says so when asked."""
    words = service_words(scene.business)
    return words if "name" in scene.expects else words | resource_words(scene.business, scene.lang)


def _leftover(rest: str, lang: Language) -> tuple[str, ...]:
    """The words that say something beside dates, times and small words."""
    words = _WORD.findall(lang.normalise(rest))
    small = lang.filler | lang.when_words
    return tuple(w for w in words if small.isdisjoint((w, w.removesuffix("'s"))) and not re.fullmatch(r"\d+\w{0,3}", w))


def _pick(plain: str, reading: Reading, scene: Scene) -> int | None:
    """Which of the offered slots is chosen, counted from 0; None if none is."""
    offered = scene.offered
    if not offered:
        return None
    if match := scene.lang.pick_word.search(plain):
        place = place_in(match, scene.lang)
        if match[1] in _OF_TWO and len(offered) != 2:
            place = -2  # of more than two it is a wish for other times
        if match[1] == "latest" and len({slot.date for slot in offered}) == 1:
            place = -2  # only some of the day's times are on the table
        counts = scene.expects & _LISTS and not {"date", "new_date"} & scene.expects
        dated = is_day(match, reading.when, scene.lang, [slot.date for slot in offered] if counts else None)
        if -1 <= place < len(offered) and not reading.when.said_time and not dated and len(reading.leftover) <= 3:
            return place % len(offered)
    when = reading.when
    if scene.lang.take_any.search(plain) and when.empty and len(reading.leftover) <= 2 and not reading.has(*_ASKING):
        return 0
    if when.said_time or when.said_day or not (scene.expects & {"slot", "time", "date"}):
        return None
    agrees = reading.has("yes") and not reading.has("no", "earlier", "later", "other_time", "other_day")
    return 0 if agrees and len(offered) == 1 and not reading.has("availability") else None


def _questions(reading: Reading, scene: Scene) -> tuple[str, ...]:
    """The sentences that ask something only the business's own answers can settle."""
    lang = scene.lang
    if not reading.has("question"):
        return ()
    found: list[str] = []
    named = service_words(scene.business).union(*(lang.normalise(r).split() for r in scene.business.resources))
    for sentence in lang.sentence_end.split(reading.person.rest):
        for part in lang.question_joint.split(sentence):
            plain = lang.normalise(part).strip(" ,.")
            if plain and (lang.has("question", plain) or part is not sentence) and _is_open(plain, lang, named):
                found.append(part.strip(" ,"))
    return tuple(found[:3])


def _topics(reading: Reading, scene: Scene) -> frozenset[str]:
    """The intents that are what some part of the utterance is about, and not just a word in it."""
    lang, sold = scene.lang, service_words(scene.business) if reading.heard.apart else frozenset[str]()
    parts = [
        part
        for sentence in lang.sentence_end.split(reading.person.rest)
        for part in lang.question_joint.split(sentence)
    ]
    pieces = [piece for part in parts if part for piece in lang.list_joint.split(part)]
    return frozenset(
        intent
        for part in dict.fromkeys((*parts, *pieces))
        if part
        for intent in reading.wants
        if _is_about(intent, lang.normalise(part), reading, lang, sold)
    )


def _is_about(intent: str, plain: str, reading: Reading, lang: Language, sold: frozenset[str]) -> bool:
    if not lang.has(intent, plain):
        return False
    named = bool(reading.heard.candidates) and intent in _OF_SERVICES
    foreign = intent in _OF_SERVICES and not named and not lang.price_words.issuperset(_leftover(plain, lang))
    beside = [word for word in _leftover(lang.intents[intent].sub(" ", plain), lang) if word not in sold]
    return bool(reading.heard.service) or (len(beside) <= _BESIDE and not foreign)


_OF_TWO = {"earlier", "later"}
_LISTS = {"time", "slot", "new_time"}  # asked for with the times themselves beside
_ASKING = ("question", "cost_of_change", "cancel", "give_up", "rude")
_BESIDE = 2  # words of its own that a question about prices, hours and the like may hold
_OF_SERVICES = {"price", "duration"}  # asked of what is not sold here, they are questions for somebody else
_SETTLED = (
    "location", "contact", "staff", "price", "duration", "hours", "services", "availability", "book", "find", "cancel",
    "reschedule", "human", "help", "identity", "greet", "recap",
)  # fmt: skip


def _is_open(plain: str, lang: Language, named: frozenset[str]) -> bool:
    """Whether `plain` still asks something after everything the rules know was taken out of it."""
    for intent in _SETTLED:
        plain = lang.intents[intent].sub(" ", plain)
    settled = named | lang.topic_words
    return any(word not in settled for word in _leftover(plain, lang))
