"""What may be somebody's name. A few bare words are one only with evidence: a name was asked for or stands beside an
address, it looks like a name, and it is nothing else that people say."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .language import Language

_PIECES = re.compile(r"[,;\n()]|\s[-–—](?=\s|$)|(?<=[^\W\d_]{3})\.\s|\bbut\b")
_AND = re.compile(r"\s+(?:&|and)\s+")
_WORD = re.compile(r"[^\W\d_][\w'’.-]*")
_INITIAL = re.compile(r"[^\W\d_]\.")
_DIGIT = re.compile(r"\d")
_EDGES = re.compile(r"^[^\w]+|[^\w.?]+$")
_STRETCHED = re.compile(r"(\w)\1\1")
_PART = re.compile(r"[^\W\d_]+")
_INITIALS = 2  # letters that stand large beside each other in "JT"
_LAST_WORDS = 3  # of a line, which are taken for a name because an address follows
_LONG_NAME = 5  # words, without "de la" and the like


@dataclass(frozen=True)
class Hints:
    """Why a few bare words may be a name: it was asked for (and nothing about days and times was), an address stands
    beside it (`beside_email`), or two or three capitalised words are all that was said while a name is wanted.

    `known` are words that are something else with this business, `topics` what people ask it about.
    """

    asked: bool = False
    asked_only: bool = False
    beside_email: str = ""
    alone: bool = False
    known: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()


def take_name(text: str, lang: Language, hints: Hints) -> tuple[str | None, str]:
    """The name in `text`, if there is one, and the text without it."""
    for pattern in lang.name_given:
        for match in pattern.finditer(text):
            if name := _leading(match["name"], lang, hints, told=True):
                end = match.start("name") + len(name)
                return written(name, lang), f"{text[: match.start()]} , {text[end:]}"
    if not (hints.asked or hints.beside_email or hints.alone):
        return None, text
    pieces = _PIECES.split(text)
    lone = bool(hints.beside_email) or sum(_says_something(piece, lang) for piece in pieces) == 1
    for piece in pieces:
        candidate = _bare(piece, lang) if hints.asked else piece.strip()
        titled = bool(hints.asked and lang.title.search(piece))
        if not candidate or not _is_name(candidate, lang, hints, titled):
            continue
        if (hints.asked and lone) or _is_capital_name(candidate, lang, hints):
            return written(candidate, lang), text.replace(piece, " , ", 1)
    return _at_the_end(text, pieces, lang, hints) if hints.beside_email else (None, text)


def take_family_name(text: str, lang: Language, hints: Hints) -> tuple[str | None, str]:
    """What is told apart from the first name, "last name: Burke", and the text without it."""
    match = lang.family_name.search(text)
    name = _leading(match["name"], lang, hints, told=True) if match else None
    if not match or not name:
        return None, text
    return written(name, lang), f"{text[: match.start()]} , {text[match.start('name') + len(name) :]}"


def _at_the_end(text: str, pieces: list[str], lang: Language, hints: Hints) -> tuple[str | None, str]:
    """The words that a piece ends with, which the address followed: "haircut at 2 John Smith john@…"."""
    if lang.has("referred", lang.normalise(text)):
        return None, text  # "my friend Ann Lee (ann@…) told me of you"
    for piece in pieces:
        words = piece.split()
        for count in range(min(_LAST_WORDS, len(words) - 1), 0, -1):
            candidate = " ".join(words[-count:])
            if words[-count].casefold() in hints.known:
                continue  # "not with Omar Zed Kay zed@…" is from Zed Kay
            evident = count > 1 if candidate.istitle() else _is_of_address(candidate, hints)
            if evident and _is_name(candidate, lang, hints, titled=False):
                return written(candidate, lang), text.replace(piece, f"{' '.join(words[:-count])} , ", 1)
    return None, text


def is_lone_name(text: str, lang: Language, known: frozenset[str]) -> bool:
    """Whether `text` is one capitalised word that could be somebody's first name."""
    word = text.casefold()
    common = lang.not_names | lang.everyday | lang.topic_words | lang.synonyms.keys() | known
    return bool(_WORD.fullmatch(text)) and text.istitle() and len(text) > 1 and word not in common


def looks_alone(text: str) -> bool:
    """Whether two or three capitalised words are all there is."""
    words = text.split()
    return 2 <= len(words) <= 3 and all(_WORD.fullmatch(word) and word[0].isupper() for word in words)


def written(name: str, lang: Language) -> str:
    """The name as people write it, where it came without small letters, or without capitals."""
    if name.isupper() and any(len(part) > _INITIALS for part in _PART.findall(name)):
        name = name.casefold()
    if name != name.casefold():
        return name
    small = {"and", *lang.particles}
    words = [word if word in small else _PART.sub(_capitalised, word) for word in name.split()]
    return " ".join([words[0][:1].upper() + words[0][1:], *words[1:]])


def _capitalised(part: re.Match[str]) -> str:
    return part[0][:1].upper() + part[0][1:]


def _bare(piece: str, lang: Language) -> str:
    """A piece of a message without what leads up to a name and what politely follows it."""
    bare = lang.name_trail.sub("", _EDGES.sub("", lang.name_lead.sub("", piece.strip())))
    return bare.strip(" .,!") if bare[-2:-1].strip(".") else bare


def _says_something(piece: str, lang: Language) -> bool:
    words = [word.casefold().strip(".!?") for word in _bare(piece, lang).split()]
    return any(word not in lang.filler or word in lang.also_names for word in words)


def _is_name(text: str, lang: Language, hints: Hints, titled: bool) -> bool:
    names = _AND.split(text)
    if all(_leading(name, lang, hints, told=titled) == name and _fits(name, lang) for name in names):
        return True
    if hints.asked and looks_alone(text):
        return _is_full_name(text, lang, hints)
    if bool(hints.beside_email) and (_is_full_name(text, lang, hints) or (hints.asked and _is_anybody(text, lang))):
        return True
    return _is_also_a_word(text, lang, hints) or _is_month_and_name(text, lang, hints)


def _fits(name: str, lang: Language) -> bool:
    return sum(word.casefold() not in lang.particles for word in name.split()) <= _LONG_NAME


def _is_anybody(text: str, lang: Language) -> bool:
    """Who was asked for name and address and sends a few words beside the address has sent a name."""
    words = [word.casefold() for word in text.split()]
    said = lang.filler | lang.topic_words | lang.when_words
    free = any(word not in lang.everyday and word not in lang.not_names for word in words)
    return free and len(words) <= _LONG_NAME and all(_WORD.fullmatch(w) and w not in said for w in words)


def _is_full_name(text: str, lang: Language, hints: Hints) -> bool:
    """April Summers and Long Nguyen are people too, when a name was asked for."""
    words = [word.casefold() for word in text.split()]
    common = lang.not_names | lang.everyday | hints.known
    return looks_alone(text) and any(w not in common for w in words) and words[-1] not in lang.when_words


def _is_month_and_name(text: str, lang: Language, hints: Hints) -> bool:
    """June Carter in small letters, where nothing but a name was asked for or an address stands beside it."""
    words = text.casefold().split()
    if len(words) != 2 or words[0] not in lang.also_names or not (hints.asked_only or hints.beside_email):
        return False
    common = lang.not_names | lang.everyday | hints.known | (lang.when_words - lang.also_names)
    fits = words[1] in lang.also_names or words[1] not in common
    return fits and all(_WORD.fullmatch(word) for word in words)


def _is_also_a_word(text: str, lang: Language, hints: Hints) -> bool:
    """Will, May and June may be names where nothing else was asked for, or an address stands beside them."""
    word = text.casefold()
    return hints.asked and (hints.asked_only or bool(hints.beside_email)) and word in lang.also_names


def _is_capital_name(text: str, lang: Language, hints: Hints) -> bool:
    """Whether it is written as a name, or the address is made of it."""
    return _is_of_address(text, hints) or all(_is_capital(word, lang) for word in _AND.sub(" ", text).split())


def _is_of_address(text: str, hints: Hints) -> bool:
    words = _AND.sub(" ", text).split()
    return any(len(word) > 1 and word.casefold() in hints.beside_email.casefold() for word in words)


def _is_capital(word: str, lang: Language) -> bool:
    return word[:1].isupper() or word in lang.particles


def _leading(text: str, lang: Language, hints: Hints, told: bool = False) -> str | None:
    """The leading words of `text` that can be a name; `told` says that it was called one, or had a title."""
    kept: list[str] = []
    words = text.split()
    for index, word in enumerate(words):
        bare = word if _INITIAL.fullmatch(word) else word.strip(".,!?;:'\"")
        last = index == len(words) - 1
        if not _WORD.fullmatch(bare) or _DIGIT.search(bare) or not _continues(bare, kept, lang, hints, told, last):
            break
        kept.append(bare)
        if word[-1] in ".,!?;:" and len(bare) > 2:
            break
    while kept and kept[-1] in lang.particles:
        kept.pop()
    return " ".join(kept) if kept and len("".join(kept)) > 1 else None


def _continues(word: str, kept: list[str], lang: Language, hints: Hints, told: bool, last: bool) -> bool:
    """Whether `word` can be the next word of a name that begins with those `kept`."""
    lower = word.casefold().removesuffix("'s").removesuffix("’s")
    capital = word[:1].isupper()
    if lower in lang.particles and not last and (kept or lower not in lang.not_names):
        return True
    if kept and last and len(lower) == 1 and lower != "i":
        return True  # "carol k"
    if lower in lang.when_words or lower in lang.everyday:
        # Park, Price and Friday are family names; a first name only of somebody who says so.
        family = bool(kept) and (capital or (last and lower not in lang.when_words))
        return family or (told and capital and lower not in lang.when_words)
    if lower in lang.not_names or lower in hints.known or _STRETCHED.search(lower):
        return False
    return lower not in hints.topics or bool(kept) or (told and capital)
