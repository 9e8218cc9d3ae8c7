"""The words of English dates and times: spelling, abbreviations, numbers in words, and what is none of our business.

`read` turns an utterance into a line of plain lower-case words on which the grammar works: "2nd" and "second" become
`2th` and `2ord`, "five thirty" `5 30`, "p.m." `pm`, weekdays and months their full names, sentence ends `.`, while prices,
phone numbers, email addresses and codes become `#`, which no rule accepts.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50}
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth twentieth"
).split()
NUMBERS = {word: number for number, word in enumerate(_SMALL)} | _TENS
ORDINALS = {word: number for number, word in enumerate(_ORDINALS, 1)} | {
    "thirtieth": 30,
    "nineth": 9,
    "twelveth": 12,
}

_ALIASES = {
    **{short: day for day in WEEKDAYS for short in (day[:3], day + "s", day + "z")},
    **{"tues": "tuesday", "weds": "wednesday", "thur": "thursday", "thurs": "thursday"},
    **{month[:3]: month for month in MONTHS},
    **{"sept": "september", "agust": "august", "augst": "august", "apirl": "april", "arpil": "april"},
    **dict.fromkeys(
        ("tmrw", "tmr", "tmw", "tmmrw", "tmrrw", "2moro", "2morrow", "2mrw", "tomoz"), "tomorrow"
    ),
    **dict.fromkeys(("tonite", "2nite", "2night"), "tonight"),
    **{"2day": "today", "tday": "today", "tdy": "today", "yday": "yesterday"},
    **{"mornings": "morning", "mornin": "morning", "afternoons": "afternoon", "arvo": "afternoon"},
    **{"evenings": "evening", "weekends": "weekend", "wkend": "weekend", "wknd": "weekend"},
    **dict.fromkeys(("midday", "noonish", "noontime", "middday"), "noon"),
    **dict.fromkeys(("min", "mins", "minute", "minutes", "mns"), "minutes"),
    **dict.fromkeys(("hr", "hrs", "hours", "h"), "hours"),
    **{"wk": "week", "wks": "weeks", "nxt": "next", "til": "until", "till": "until", "untill": "until"},
    **{"thru": "through", "b4": "before", "approx": "around", "approximately": "around", "circa": "around"},
    **{"roughly": "around", "arround": "around", "aroud": "around", "ca": "around", "anytime": "any time"},
    **{"upcoming": "coming", "following": "next", "cannot": "can't", "beetween": "between"},
    **{"earlist": "earliest", "soonest": "earliest", "asap": "earliest", "betwen": "between"},
}
_FUZZY = (
    *WEEKDAYS,
    *(month for month in MONTHS if len(month) > 6),
    *(
        "tomorrow",
        "yesterday",
        "tonight",
        "weekend",
        "morning",
        "afternoon",
        "evening",
        "midnight",
        "quarter",
    ),
)
# Real words a letter away from one of ours.
_NOT_OURS = frozenset("mourning sundry sundae mandate friary quarters quarterly quartet bonding".split())

_SHORT_DAYS = frozenset("sat sun wed mon".split())
_BEFORE_VERB = frozenset(
    "i we he she they you who it just dog have had newly get getting be the hot more some".split()
)
_AFTER_VERB = frozenset(
    "down there here through beside by around back still up waiting outside inside cream rise rises set sets burn tan "
    "bed beds damage exposure lotion spot spots screen shines light dress party ring".split()
)

_TOKEN = re.compile(
    r"""
    (?P<email>[a-z0-9._%+'-]{1,64}@[a-z0-9-]{1,63}\.[a-z0-9.-]{1,120}[a-z0-9]|https?://\S{1,500}|www\.\S{1,300})
  | (?P<iso>(?<![\d-])\d{4}-\d\d-\d\d(?![\d-]))
  | (?P<numeric>(?<![\d/.-])(?:\d{1,4}(?P<sep>[/.-])\d{1,2}(?P=sep)(?:\d{4}|\d\d)|\d{1,2}/\d{1,2})(?![\d/]))
  | (?P<price>[$€£¥]\s?\d(?:[\d.,]{0,11}\d)?|\d(?:[\d.,]{0,11}\d)?\s?(?:[$€£¥%]|(?:usd|eur|gbp|dollars?|euros?|pounds?|bucks|quid)\b))
  | (?P<phone>(?<![\d:])(?:\+\d[\d\s().-]{5,18}\d|\(\d{2,5}\)[\s\d.-]{5,14}\d|\d{3,5}[\s.-]\d{3,4}(?:[\s.-]\d{3,4})?
       |\d{5,})(?![\d:]))
  | (?P<clock>(?<![\d:])(?:\d{1,2}:\d\d(?::\d\d)?|(?:[89]|1\d|2[0-3])\s?h\s?(?:\d\d)?(?![a-z]))(?![\d:]))
  | (?P<dotted>(?<![\d.])\d{1,2}\.\d\d(?![\d.]*\d))
  | (?P<decimal>\d+(?:[.,]\d+)+)
  | (?P<ordinal>(?<![\w])\d{1,2}\s?(?:st|nd|rd|th)\b)
  | (?P<meridiem>(?<![a-z])[ap]\s?\.\s?m\b\.?|(?<=\d\s)[ap]\sm\b|(?<=\d)[ap]m?\b\.?(?!['a-z]))
  | (?P<oclock>(?<![a-z])o?\s?["'’`´”“]{0,2}\s?clock\b)
  | (?P<slang>\b(?:2moro|2morrow|2mrw|2nite|2night|2day|b4)\b)
  | (?P<glued>(?<![a-z0-9])\d{1,4}(?=(?:[ap]m?|ish|hrs?|hours?|mins?|minutes?|days?|weeks?|o['’]?clock|h)\b))
  | (?P<spelled>(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?=ish\b))
  | (?P<code>[a-z]{1,4}-(?=[a-z]*\d)[a-z0-9]{5,}|\d+[a-z][a-z0-9]*|[a-z]+\d[a-z0-9]*)
  | (?P<number>\d+)
  | (?P<word>[^\W\d_]+(?:['’][^\W\d_]+)?)
  | (?P<mark>[.,;:!?()\n/&@…\-–—−])
    """,
    re.VERBOSE,
)
_NOISE = frozenset(("email", "price", "phone", "decimal", "code"))
_MARKS = {**dict.fromkeys(".!?\n;…", "."), **dict.fromkeys(",():", ","), **dict.fromkeys("-–—−", "-")}
_MARKS |= {"/": "/", "&": "and", "@": "at"}


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the grammar's line, and the piece of the utterance it stands for."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Line:
    """The words joined by single spaces, and where in that string each begins."""

    text: str
    words: tuple[Word, ...]
    starts: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The utterance's offsets for a stretch of the line."""
        first = max(bisect_right(self.starts, start) - 1, 0)
        last = max(bisect_left(self.starts, end) - 1, first)
        return self.words[first].start, self.words[last].end


def read(text: str) -> Line:
    """The line of words for an utterance."""
    words = _join_numbers(_plain(_tokens(text)))
    starts: list[int] = []
    at = 0
    for word in words:
        starts.append(at)
        at += len(word.text) + 1
    return Line(" ".join(word.text for word in words), tuple(words), tuple(starts))


def _fold(text: str) -> tuple[str, list[int]]:
    """Lower case without width and ligature variants, and the original offset of each character.

    Digits of other scripts are blotted out, so that below a digit is one of 0 to 9.
    """
    if text.isascii():
        return text.lower(), list(range(len(text) + 1))
    folded: list[str] = []
    offsets: list[int] = []
    for offset, character in enumerate(text):
        plain = unicodedata.normalize("NFKC", character).lower()
        plain = "\0" if not plain.isascii() and plain.isdigit() else plain
        folded.append(plain)
        offsets.extend([offset] * len(plain))
    offsets.append(len(text))
    return "".join(folded), offsets


def _tokens(text: str) -> list[Word]:
    folded, offsets = _fold(text)
    words: list[Word] = []
    at = 0
    while at < len(folded):
        token = _TOKEN.match(folded, at)
        if token is None:
            at += 1
            continue
        kind = token.lastgroup or "word"
        end = offsets[token.end() - 1] + 1
        words.append(Word(_token_text(kind, token.group()), offsets[at], end))
        at = token.end()
    return words


def _token_text(kind: str, written: str) -> str:
    if kind in _NOISE:
        return "#"
    if kind == "mark":
        return _MARKS[written]
    if kind == "ordinal":
        return f"{int(re.sub('[a-z ]', '', written))}th"
    if kind == "meridiem":
        return written[0] + "m"
    if kind == "oclock":
        return "oclock"
    if kind == "clock":
        hour, _, rest = re.sub(r"\s?h\s?", ":", written).partition(":")
        return f"{hour}:{(rest or '00')[:2]}"
    return written.replace("’", "'")


def _plain(words: list[Word]) -> list[Word]:
    plain: list[Word] = []
    for index, word in enumerate(words):
        text = word.text
        if text == "." and plain and word.start == plain[-1].end and _abbreviation(words[index - 1].text):
            continue
        if text in _SHORT_DAYS and _is_no_day(words, index):
            plain.append(word)
            continue
        plain.append(Word(_spelling(text), word.start, word.end))
    return plain


def _abbreviation(text: str) -> bool:
    return len(text) <= 5 and _ALIASES.get(text, "") in (*WEEKDAYS, *MONTHS) and text not in MONTHS


def _is_no_day(words: list[Word], index: int) -> bool:
    """Whether "sat", "sun", "wed" or "mon" is the verb or noun rather than the weekday."""
    before = words[index - 1].text if index else ""
    after = words[index + 1].text if index + 1 < len(words) else ""
    return before in _BEFORE_VERB or after in _AFTER_VERB


@lru_cache(maxsize=4096)
def _spelling(text: str) -> str:
    text = text.removesuffix("'s") if len(text) > 4 else text
    if text in _ALIASES:
        return _ALIASES[text]
    if not 6 <= len(text) <= 12 or text in _FUZZY or text in _NOT_OURS or not text.isalpha():
        return text
    close = process.extractOne(text, _FUZZY, scorer=fuzz.ratio, score_cutoff=83)
    return close[0] if close and close[0][0] == text[0] else text


def _join_numbers(words: list[Word]) -> list[Word]:
    """Numbers in words to digits, "twenty first" to `21th`, "oh five" to `05`."""
    joined: list[Word] = []
    index = 0
    while index < len(words):
        word = words[index]
        tens = _TENS.get(word.text)
        following = index + 1
        if following + 1 < len(words) and words[following].text == "-":
            following += 1
        unit = words[following] if tens and following < len(words) else None
        if unit and 0 < NUMBERS.get(unit.text, 0) < 10:
            joined.append(Word(str((tens or 0) + NUMBERS[unit.text]), word.start, unit.end))
            index = following + 1
        elif unit and ORDINALS.get(unit.text, 99) < 10:
            joined.append(Word(f"{(tens or 0) + ORDINALS[unit.text]}th", word.start, unit.end))
            index = following + 1
        else:
            joined.append(_number_word(word, joined))
            index += 1
    return joined


def _number_word(word: Word, before: list[Word]) -> Word:
    if word.text in NUMBERS:
        number = NUMBERS[word.text]
        oh = bool(before) and before[-1].text in ("oh", "o") and 0 < number < 10
        start = before.pop().start if oh else word.start
        return Word(f"0{number}" if oh else str(number), start, word.end)
    if word.text in ORDINALS and not (
        before and before[-1].text in ("a", "1", "this", "each", "every", "per", "split")
    ):
        number = ORDINALS[word.text]
        return Word(f"{number}{'ord' if number < 13 else 'th'}", word.start, word.end)
    return word
