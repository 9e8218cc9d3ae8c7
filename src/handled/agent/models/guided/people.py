"""Who is writing: names, email addresses, phone numbers and confirmation codes in an utterance."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .language import Language

_EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+", re.UNICODE)
_EMAIL_LIKE = re.compile(r"\S+@\S*|\S*@\S+")
_PHONE = re.compile(r"(?<![\w:/.-])\+?\(?\d[\d\s().-]{6,18}\d(?![\w:/-])")
_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")
# Six characters as the codes have them, in the ways people copy them: spaces, dashes, look-alikes.
_CODE_BODY = re.compile(r"[a-z0-9](?:[\s-]?[a-z0-9]){5}(?![a-z0-9])", re.IGNORECASE)
_BARE_CODE = re.compile(r"(?<![\w@.-])(?=[a-z0-9]*\d)(?=[a-z0-9]*[a-z])[a-z0-9]{6}(?![\w@-])", re.IGNORECASE)
_SHORT_CODE = re.compile(r"(?<![\w@.])[a-z0-9]{3}[\s-]?[a-z0-9]{3}(?![\w@])", re.IGNORECASE)
_PIECES = re.compile(r"[,;\n]|(?<=[^\W\d_]{3})\.\s|\bbut\b")
_AND = re.compile(r"\s+(?:&|and)\s+")
_WORD = re.compile(r"[^\W\d_][\w'’.-]*")
_LONG_NAME = 4  # words


@dataclass(frozen=True)
class Person:
    """What an utterance tells about the person; `rest` is the utterance without it."""

    name: str | None = None
    email: str | None = None
    email_like: str | None = None
    phone: str | None = None
    code: str | None = None
    rest: str = ""


def read_person(
    text: str, lang: Language, asked: frozenset[str], known: frozenset[str], nameless: bool = False
) -> Person:
    """Find the person in `text`.

    `asked` are the kinds just asked for, `known` words that are no names (lower case). If somebody is `nameless`,
    two or three capitalised words alone are taken for the name even unasked.
    """
    rest = text
    email, rest = _take_email(rest, lang)
    email_like = None
    if not email and (match := _EMAIL_LIKE.search(rest)):
        email_like, rest = match[0].strip(" ,;<>()"), _cut(rest, match)
    code, rest = _take_code(rest, lang, "code" in asked)
    phone, rest = _take_phone(rest)
    hints = _Hints("name" in asked, email is not None, nameless and _is_name_alone(text))
    name, rest = _take_name(rest, lang, hints, known)
    return Person(name, email, email_like, phone, code, rest.strip())


def _cut(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} , {text[match.end() :]}"


def _take_email(text: str, lang: Language) -> tuple[str | None, str]:
    if match := _EMAIL.search(text):
        return match[0].strip(".'"), _cut(text, match)
    if match := lang.spoken_email.search(text):
        return f"{match[1]}@{match[2]}.{match[3]}", _cut(text, match)
    return None, text


def _take_code(text: str, lang: Language, asked: bool) -> tuple[str | None, str]:
    if (lead := lang.code_lead.search(text)) and (body := _CODE_BODY.match(text, lead.end())):
        return _code(body[0]), f"{text[: lead.start()]} , {text[body.end() :]}"
    for pattern in (_BARE_CODE, _SHORT_CODE) if asked else (_BARE_CODE,):
        for match in pattern.finditer(text):
            if asked and (any(c.isdigit() for c in match[0]) or match[0].isupper()):
                return _code(match[0]), _cut(text, match)
    return None, text


def _code(body: str) -> str:
    return "BK-" + re.sub(r"[\s-]", "", body).upper()


def _take_phone(text: str) -> tuple[str | None, str]:
    for match in _PHONE.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if 7 <= len(digits) <= 15 and not _ISO_DATE.search(match[0]):
            return match[0].strip(), _cut(text, match)
    return None, text


@dataclass(frozen=True)
class _Hints:
    """Why a few bare words may be a name: it was asked for, an address stands beside it, nothing else was said."""

    asked: bool
    beside_email: bool
    alone: bool


def _take_name(text: str, lang: Language, hints: _Hints, known: frozenset[str]) -> tuple[str | None, str]:
    for pattern in lang.name_given:
        for match in pattern.finditer(text):
            if name := _as_name(match["name"], lang, known):
                end = match.start("name") + len(name)
                return _titled(name), f"{text[: match.start()]} , {text[end:]}"
    if not (hints.asked or hints.beside_email or hints.alone):
        return None, text
    pieces = _PIECES.split(text)
    lone = hints.beside_email or sum(bool(lang.name_lead.sub("", p.strip()).strip(" .,!?")) for p in pieces) == 1
    for piece in pieces:
        candidate = lang.name_lead.sub("", piece.strip()).strip(" .,!") if hints.asked else piece.strip()
        if not _is_name(candidate, lang, hints, known):
            continue
        if (hints.asked and lone) or all(word[:1].isupper() for word in _AND.sub(" ", candidate).split()):
            return _titled(candidate), text.replace(piece, " , ", 1)
    return None, text


def _is_name(text: str, lang: Language, hints: _Hints, known: frozenset[str]) -> bool:
    names = _AND.split(text)
    if all(_as_name(name, lang, known) == name and len(name.split()) <= 4 for name in names):
        return True
    if hints.beside_email and (_is_full_name(text, lang) or (hints.asked and _is_anybody(text, lang))):
        return True
    return hints.asked and (_is_full_name(text, lang) or (hints.beside_email and _is_month_name(text, lang)))


def _is_anybody(text: str, lang: Language) -> bool:
    """Who was asked for name and address and sends a few words beside the address has sent a name."""
    words = [word.casefold() for word in text.split()]
    said = lang.filler | lang.topic_words | lang.when_words
    return len(words) <= _LONG_NAME and all(_WORD.fullmatch(w) and w not in said for w in words)


def _is_full_name(text: str, lang: Language) -> bool:
    """April Summers and June Friday are people too, when a name was asked for."""
    words = [word.casefold() for word in text.split()]
    return _is_name_alone(text) and any(w not in lang.not_names for w in words) and words[-1] not in lang.when_words


def _is_month_name(text: str, lang: Language) -> bool:
    """Jan, May and June may be names where nothing but a name and an address was sent."""
    word = text.casefold()
    known = word in lang.when_words or word not in lang.filler
    return bool(_WORD.fullmatch(text)) and text[0].isupper() and known


def _is_name_alone(text: str) -> bool:
    words = text.split()
    return 2 <= len(words) <= 3 and all(_WORD.fullmatch(word) and word[0].isupper() for word in words)


def is_lone_name(text: str, lang: Language) -> bool:
    """Whether `text` is one capitalised word that could be somebody's first name."""
    word = text.casefold()
    common = lang.not_names | lang.topic_words | lang.synonyms.keys()
    return bool(_WORD.fullmatch(text)) and text.istitle() and len(text) > 1 and word not in common


def _as_name(text: str, lang: Language, known: frozenset[str]) -> str | None:
    """The leading words of `text` that can be a name."""
    kept: list[str] = []
    for word in text.split():
        bare = word.strip(".,!?;:'\"")
        lower = bare.casefold().removesuffix("'s").removesuffix("’s")
        family = bool(kept) and bare[:1].isupper() and lower in lang.when_words
        if not _WORD.fullmatch(bare) or (lower in lang.not_names and not family) or lower in known:
            break
        kept.append(bare)
        if word[-1] in ".,!?;:" and len(bare) > 2:
            break
    return " ".join(kept) if kept and len("".join(kept)) > 1 else None


def _titled(name: str) -> str:
    return name if name != name.casefold() else " ".join(part[:1].upper() + part[1:] for part in name.split())
