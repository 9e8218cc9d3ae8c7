"""The one door to everything that depends on the customer's language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from zlib import crc32

from handled.tenants.industry import pack_of


@dataclass(frozen=True, eq=False)
class Language:
    """Words, patterns and phrases of one language.

    `intents` name what an utterance may want; each pattern runs on text that `normalise` has been over.
    Patterns abstain: what none of them recognises is nobody's.
    """

    intents: Mapping[str, re.Pattern[str]]
    asked_for: Mapping[str, re.Pattern[str]]
    examples: Mapping[str, tuple[str, ...]]
    phrases: Mapping[str, tuple[str, ...]]
    ordinals: Mapping[str, int]
    numbers: Mapping[str, int]
    synonyms: Mapping[str, str]
    couples: frozenset[str]
    filler: frozenset[str]
    qualifiers: frozenset[str]
    when_words: frozenset[str]
    topic_words: frozenset[str]
    price_words: frozenset[str]
    not_names: frozenset[str]
    everyday: frozenset[str]
    also_names: frozenset[str]
    particles: frozenset[str]
    respelled: tuple[tuple[re.Pattern[str], str], ...]
    sentence_end: re.Pattern[str]
    clause_start: re.Pattern[str]
    question_joint: re.Pattern[str]
    list_joint: re.Pattern[str]
    busy: re.Pattern[str]
    refuses_day: re.Pattern[str]
    beside_event: re.Pattern[str]
    event: re.Pattern[str]
    refuses_part: re.Pattern[str]
    relative_to_event: re.Pattern[str]
    earliest: re.Pattern[str]
    contrast: re.Pattern[str]
    no_wish: re.Pattern[str]
    taken_back: re.Pattern[str]
    shift_after: re.Pattern[str]
    shift_before: re.Pattern[str]
    as_it_is: re.Pattern[str]
    existing: re.Pattern[str]
    to_remember: re.Pattern[str]
    to_forget: re.Pattern[str]
    polar: re.Pattern[str]
    either_of: re.Pattern[str]
    option_joint: re.Pattern[str]
    either_is_fine: re.Pattern[str]
    unwilling: re.Pattern[str]
    same_option: Mapping[str, re.Pattern[str]]
    wishing: re.Pattern[str]
    day_beside: re.Pattern[str]
    day_lead: re.Pattern[str]
    day_number: re.Pattern[str]
    lone_weekday: re.Pattern[str]
    each_weekday: re.Pattern[str]
    weekday: re.Pattern[str]
    weekdays: tuple[str, ...]
    or_joint: re.Pattern[str]
    favourite: re.Pattern[str]
    carry_on: re.Pattern[str]
    take_any: re.Pattern[str]
    wanting: re.Pattern[str]
    rejected: re.Pattern[str]
    greeting: re.Pattern[str]
    family_name: re.Pattern[str]
    kin_aside: re.Pattern[str]
    respelt: tuple[re.Pattern[str], ...]
    name_given: tuple[re.Pattern[str], ...]
    name_lead: re.Pattern[str]
    name_trail: re.Pattern[str]
    title: re.Pattern[str]
    proper_word: re.Pattern[str]
    spoken_email: re.Pattern[str]
    spoken_marks: tuple[tuple[re.Pattern[str], str], ...]
    email_lead: frozenset[str]
    pick_word: re.Pattern[str]
    counted: re.Pattern[str]
    bare_hour: re.Pattern[str]
    code_lead: re.Pattern[str]

    def normalise(self, text: str) -> str:
        """Lower case, straight quotes, single spaces, common spellings made one."""
        return _normalised(self, text)

    def has(self, intent: str, text: str) -> bool:
        """Whether normalised `text` shows `intent`."""
        return bool(self.intents[intent].search(text))

    def say(self, phrase: str, turn: int, /, unlike: str = "", **values: str) -> str:
        """One of the variants of `phrase`, the same one every time for the same turn, if possible not in `unlike`."""
        variants = self.phrases[phrase]
        first = crc32(phrase.encode()) + turn
        told = [variants[(first + n) % len(variants)].format_map(values) for n in range(len(variants))]
        return next((text for text in told if text not in unlike), told[0])


@lru_cache(maxsize=4096)
def _normalised(lang: Language, text: str) -> str:
    text = re.sub(r"[‘’´`]", "'", text).replace("“", '"').replace("”", '"').casefold()
    for pattern, replacement in lang.respelled:
        text = pattern.sub(replacement, text)
    return re.sub(r"\s+", " ", text).strip()


@lru_cache(maxsize=256)
def language(locale: str, pack: str = "", wording: tuple[tuple[str, str], ...] = ()) -> Language:
    """The language spoken with customers of a business with this locale ("en", "en_US", …), worded as its trade words
    things, and as the business does.

    English is the only one so far, and therefore also the answer for every other locale.
    """
    from .english import ENGLISH
    from .english.trades import worded

    _ = locale
    phrases = worded(ENGLISH.phrases, pack_of(pack), wording)
    return ENGLISH if phrases == ENGLISH.phrases else replace(ENGLISH, phrases=phrases)
