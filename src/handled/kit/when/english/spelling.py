"""How English words for days, months and numbers are spelled: in full, short, in slang, or a letter off."""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz import fuzz, process


def listed(words: str) -> tuple[str, ...]:
    """The words of a space-separated list."""
    return tuple(words.split())


WEEKDAYS = listed("monday tuesday wednesday thursday friday saturday sunday")
MONTHS = listed("january february march april may june july august september october november december")

_SMALL = listed(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen"
)
_ORDINALS = listed(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth"
    " sixteenth seventeenth eighteenth nineteenth twentieth"
)
TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50}
NUMBERS = {word: number for number, word in enumerate(_SMALL)} | TENS
ORDINALS = {
    **{word: number for number, word in enumerate(_ORDINALS, 1)},
    "thirtieth": 30,
    "nineth": 9,
    "twelveth": 12,
}

_VARIANTS = {
    "tomorrow": "tmrw tmr tmw tmmrw tmrrw tomoz 2moro 2morrow 2mrw",
    "tonight": "tonite 2nite 2night",
    "today": "2day tday tdy",
    "yesterday": "yday",
    "morning": "mornings mornin",
    "afternoon": "afternoons arvo",
    "evening": "evenings",
    "weekend": "weekends wkend wknd",
    "noon": "midday noonish noontime",
    "half": "haf hlaf halfe",
    "minutes": "min mins minute",
    "hours": "hr hrs h",
    "week": "wk",
    "weeks": "wks",
    "next": "nxt following",
    "coming": "upcoming",
    "until": "til till untill",
    "through": "thru",
    "before": "b4",
    "around": "round approx approximately circa roughly arround aroud ca",
    "between": "betwen beetween",
    "any time": "anytime",
    "can't": "cannot cant",
    "don't": "dont",
    "won't": "wont",
    "doesn't": "doesnt",
    "isn't": "isnt",
    "earliest": "earlist soonest asap",
    "latest": "lastest latets latst",
    "tuesday": "tues",
    "wednesday": "weds",
    "thursday": "thur thurs",
    "september": "sept",
    "august": "agust augst",
    "april": "apirl arpil",
}
ALIASES = {
    **{variant: word for word, variants in _VARIANTS.items() for variant in variants.split()},
    **{short: day for day in WEEKDAYS for short in (day[:3], f"{day}s")},
    **{month[:3]: month for month in MONTHS},
}

_GUESSED = (
    *WEEKDAYS,
    *(month for month in MONTHS if len(month) > 6),
    *listed("tomorrow yesterday tonight weekend morning afternoon evening midnight quarter"),
)
# Real words a letter away from one of ours.
_NOT_OURS = listed("mourning sundry sundae mandate friary quarters quarterly quartet")
# The 's of these is a verb.
_VERBAL = listed("it he she let that what there here who where how when")
_CLOSE_ENOUGH = 83  # of 100: one letter wrong or two swapped in the shortest weekday


@lru_cache(maxsize=4096)
def correct(word: str) -> str:
    """The word meant, in lower case: an alias resolved, a slip in a long enough word mended, else the word itself."""
    stem = word.removesuffix("'s")
    word = word if stem in _VERBAL else stem
    if word in ALIASES:
        return ALIASES[word]
    if not 6 <= len(word) <= 12 or word in _GUESSED or word in _NOT_OURS:
        return word
    close = process.extractOne(word, _GUESSED, scorer=fuzz.ratio, score_cutoff=_CLOSE_ENOUGH)
    return close[0] if close and close[0][0] == word[0] else word


def is_abbreviation(word: str) -> bool:
    """Whether a full stop right behind the word belongs to it: "Oct.", "Tues."."""
    return len(word) <= 5 and word not in MONTHS and ALIASES.get(word) in (*WEEKDAYS, *MONTHS)
