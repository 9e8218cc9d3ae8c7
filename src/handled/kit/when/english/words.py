"""From an utterance to the plain line of words that the rules are written for.

"2nd" and "second" become `2th` and `2ord`, "five thirty" `5 30`, "p.m." `pm`, weekdays and months their full names, the
ends of sentences `.`; prices, phone numbers, addresses of email and confirmation codes become `#`, which no rule knows.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from handled.kit.when.english.spelling import (
    MONTHS,
    NUMBERS,
    ORDINALS,
    TENS,
    WEEKDAYS,
    correct,
    is_abbreviation,
    listed,
)

_MOST = 500  # words; keeps the worst of texts within a few hundredths of a second

_TOKEN = re.compile(
    r"""
    (?P<email>[a-z0-9._%+'-]{1,64}@[a-z0-9-]{1,63}\.[a-z0-9.-]{1,120}[a-z0-9]|https?://\S{1,500}|www\.\S{1,300})
  | (?P<iso>(?<![\d-])\d{4}-\d\d-\d\d(?![\d-]))
  | (?P<numeric>(?<![\d/.-])(?:\d{1,4}(?P<sep>[/.-])\d{1,2}(?P=sep)(?:\d{4}|\d\d)|\d{1,2}/\d{1,2})(?![\d/]))
  | (?P<price>[$€£¥]\s?\d(?:[\d.,]{0,11}\d)?
       |\d(?:[\d.,]{0,11}\d)?\s?(?:[$€£¥%]|(?:usd|eur|gbp|dollars?|euros?|pounds?|bucks|quid)\b))
  | (?P<phone>(?<![\d:])(?:\+\d[\d\s().-]{5,18}\d|\(\d{2,5}\)[\s\d.-]{5,14}\d
       |\d{3,5}[\s.-]\d{3,4}(?:[\s.-]\d{3,4})?|\d{5,})(?![\d:]))
  | (?P<clock>(?<![\d:])(?:\d{1,2}:\d\d(?::\d\d)?|(?:[89]|1\d|2[0-3])\s?h\s?(?:\d\d)?(?![a-z]))(?![\d:]))
  | (?P<dotted>(?<![\d.])\d{1,2}\.\d\d(?![\d.]*\d))
  | (?P<decimal>\d+(?:[.,]\d+)+)
  | (?P<ordinal>(?<!\w)\d{1,2}\s?(?:st|nd|rd|th)\b)
  | (?P<meridiem>(?<![a-z])[ap]\s?\.\s?m\b\.?|(?<=\d\s)[ap]\sm\b|(?<=\d)[ap]m?\b\.?(?!['a-z]))
  | (?P<oclock>(?<![a-z])o?\s?["'’`´”“]{0,2}\s?clock\b)
  | (?P<slang>\b(?:2moro|2morrow|2mrw|2nite|2night|2day|b4)\b)
  | (?P<glued>(?<![a-z0-9])\d{1,4}(?=(?:[ap]m?|ish|hrs?|hours?|mins?|minutes?|days?|weeks?|o['’]?clock|h)\b)
       |(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?=ish\b))
  | (?P<code>[a-z]{1,4}-(?=[a-z]*\d)[a-z0-9]{5,}|\d+[a-z][a-z0-9]*|[a-z]+\d[a-z0-9]*)
  | (?P<number>\d+)
  | (?P<word>[^\W\d_]+(?:['’][^\W\d_]+)?)
  | (?P<mark>[.,;:!?()\n/&@…\-–—−])
    """,
    re.VERBOSE,
)
_OPAQUE = listed("email price phone decimal code")
_MARKS = {"/": "/", "&": "and", "@": "at"}
_MARKS.update(dict.fromkeys(".!?\n;…", "."))
_MARKS.update(dict.fromkeys(",():", ","))
_MARKS.update(dict.fromkeys("-–—−", "-"))

# "sat", "sun", "wed" and "mon" are often no weekdays.
_SHORT_DAYS = listed("sat sun wed mon")
_NO_DAY_AFTER = listed("i we he she they you who it just dog have had newly get getting be the hot more some")
_NO_DAY_BEFORE = listed(
    "down there here through beside by around back still up waiting outside inside cream rise rises set sets burn tan"
    " bed beds damage exposure lotion spot spots screen shines light dress party ring"
)
_ASKING_FOR_IT = listed("book make do move put schedule change reserve have want need push shift switch")
# "a second", "this second": no ordinal.
_NO_ORDINAL_AFTER = listed("a 1 this each every per split")
# "The one in October", "my Friday one": no number.
_OF_THINGS = re.compile(
    r"(?:^| )(?:the|my|your|our|that|this|which)"
    rf"(?: (?:{'|'.join((*WEEKDAYS, *MONTHS))}|next|last|early|earlier|late|later|other|same"
    r"|am|pm|\d{1,2}(?:th|:\d\d)?|mornings?|afternoons?|evenings?|noon)){0,3}$"
)
_AFTER_NUMBER = listed(
    "oclock am pm - : hour hours minute minutes min mins day days week weeks month months ish person"
)
_HYPHENATED = listed("half quarter mid early late")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the line, and the piece of the utterance it stands for."""

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
    """The line for an utterance, of at most 500 words."""
    words = _with_numbers(_plain(_tokens(text)))[:_MOST]
    starts: list[int] = []
    at = 0
    for word in words:
        starts.append(at)
        at += len(word.text) + 1
    return Line(" ".join(word.text for word in words), tuple(words), tuple(starts))


def _fold(text: str) -> tuple[str, list[int]]:
    """Lower case without variants of width and form, and the original offset of each character.

    Digits of other scripts are blotted out, so that below a digit is one of 0 to 9.
    """
    if text.isascii():
        return text.lower(), list(range(len(text)))
    folded: list[str] = []
    offsets: list[int] = []
    for offset, character in enumerate(text):
        plain = unicodedata.normalize("NFKC", character).lower()
        plain = "".join("\0" if one.isdigit() and not one.isascii() else one for one in plain)
        folded.append(plain)
        offsets.extend([offset] * len(plain))
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
        plain = _token_text(token.lastgroup or "", token.group())
        words.append(Word(plain, offsets[at], offsets[token.end() - 1] + 1))
        at = token.end()
    return words


def _token_text(kind: str, written: str) -> str:
    if kind in _OPAQUE:
        return "#"
    if kind == "mark":
        return _MARKS[written]
    if kind == "ordinal":
        return f"{int(written[:2].rstrip('snrt '))}th"
    if kind == "meridiem":
        return f"{written[0]}m"
    if kind == "oclock":
        return "oclock"
    if kind == "clock":
        hour, _, rest = re.sub(r"\s?h\s?", ":", written).partition(":")
        return f"{hour}:{rest[:2] or '00'}"
    return written.replace("’", "'")


def _plain(tokens: list[Word]) -> list[Word]:
    """The tokens in their usual spelling, without the dots of abbreviations and the hyphens inside "half-past"."""
    plain: list[Word] = []
    for index, token in enumerate(tokens):
        text, previous = token.text, tokens[index - 1] if index else None
        tight = previous is not None and previous.end == token.start
        if previous and tight and text == "." and is_abbreviation(previous.text):
            continue
        if previous and tight and text == "-" and previous.text in _HYPHENATED:
            continue
        if text in _SHORT_DAYS and _is_no_day(tokens, index):
            plain.append(token)
        else:
            plain.append(Word(correct(text), token.start, token.end))
    return plain


def _is_no_day(tokens: list[Word], index: int) -> bool:
    before = tokens[index - 1].text if index else ""
    if before == "it" and index > 1 and tokens[index - 2].text in _ASKING_FOR_IT:
        return False
    after = tokens[index + 1].text if index + 1 < len(tokens) else ""
    return before in _NO_DAY_AFTER or after in _NO_DAY_BEFORE


def _with_numbers(words: list[Word]) -> list[Word]:
    """Numbers in words to digits, "twenty-first" to `21th`, "five-thirty" to `5 30`, "oh five" to `05`."""
    joined: list[Word] = []
    index = 0
    while index < len(words):
        word = words[index]
        hyphen = index + 2 < len(words) and words[index + 1].text == "-" and words[index + 1].start == word.end
        following = words[index + 1 + hyphen] if index + 1 + hyphen < len(words) else None
        together = _together(word, following) if following else None
        if together:
            joined.append(together)
            index += 2 + hyphen
            continue
        joined.append(word if _is_pronoun(word, joined, following) else _in_digits(word, joined))
        minutes = following is not None and following.text in TENS and word.text in NUMBERS
        index += 2 if hyphen and minutes else 1
    return joined


def _is_pronoun(word: Word, before: list[Word], following: Word | None) -> bool:
    if word.text != "one" or not _OF_THINGS.search(" ".join(each.text for each in before[-4:])):
        return False
    text = following.text if following else ""
    return not (text in _AFTER_NUMBER or text in NUMBERS or text in TENS or text[:1].isdigit())


def _together(tens: Word, unit: Word) -> Word | None:
    """ "Twenty" and "five" or "fifth" as one."""
    if tens.text not in TENS:
        return None
    if 0 < NUMBERS.get(unit.text, 0) < 10:
        return Word(str(TENS[tens.text] + NUMBERS[unit.text]), tens.start, unit.end)
    if ORDINALS.get(unit.text, 10) < 10:
        return Word(f"{TENS[tens.text] + ORDINALS[unit.text]}th", tens.start, unit.end)
    return None


def _in_digits(word: Word, before: list[Word]) -> Word:
    previous = before[-1].text if before else ""
    if word.text in NUMBERS:
        number = NUMBERS[word.text]
        if previous in ("oh", "o") and 0 < number < 10:
            return Word(f"0{number}", before.pop().start, word.end)
        return Word(str(number), word.start, word.end)
    if word.text in ORDINALS and previous not in _NO_ORDINAL_AFTER:
        number = ORDINALS[word.text]
        return Word(f"{number}ord" if number <= 12 else f"{number}th", word.start, word.end)
    return word
