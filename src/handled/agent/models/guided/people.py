"""Who is writing: names, email addresses, phone numbers and confirmation codes in an utterance."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from .language import Language
from .names import Hints, looks_alone, take_family_name, take_name, written

_EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+", re.UNICODE)
_EMAIL_LIKE = re.compile(r"\S+@\S*|\S*@\S+")
_PHONE = re.compile(r"(?<![\w:/.-])\+?\(?\d[\d\s().-]{6,18}\d(?![\w:/-])")
_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")
# Six characters as the codes have them, in the ways people copy them: spaces, dashes, look-alikes.
_CODE_BODY = re.compile(r"[a-z0-9авсенкмр](?:[\s-]?[a-z0-9авсенкмр]){5}(?![a-z0-9])", re.IGNORECASE)
_BARE_CODE = re.compile(r"(?<![\w@.-])(?=[a-z0-9]*\d)(?=[a-z0-9]*[a-z])[a-z0-9]{6}(?![\w@-])", re.IGNORECASE)
_NAMED_CODE = re.compile(r"\b(?:code|booking|reference|ref|number|confirmation)\b[\s:#]*(?:is |was )?", re.IGNORECASE)
_DAY_OR_TIME = re.compile(r"\d(?:st|nd|rd|th|am|pm)$", re.IGNORECASE)
_SHORT_CODE = re.compile(r"(?<![\w@.])[a-z0-9]{3}[\s-]?[a-z0-9]{3}(?![\w@])", re.IGNORECASE)

_ALIKE = 75  # rapidfuzz ratio from which a family name is another spelling of the one known


@dataclass(frozen=True)
class Person:
    """What an utterance tells about the person; `rest` is the utterance without it. `family_name` is one told apart."""

    name: str | None = None
    family_name: str | None = None
    email: str | None = None
    email_like: str | None = None
    phone: str | None = None
    code: str | None = None
    rest: str = ""


def read_person(
    text: str,
    lang: Language,
    asked: frozenset[str],
    known: frozenset[str] = frozenset(),
    topics: frozenset[str] = frozenset(),
    nameless: bool = False,
) -> Person:
    """Find the person in `text`.

    `asked` are the kinds just asked for, `known` and `topics` words that are no names (lower case; see `Hints`). If
    somebody is `nameless`, two or three capitalised words alone are taken for the name even unasked.
    """
    rest = text
    email, email_like, rest = _take_email(rest, lang)
    if not (email or email_like) and (match := _EMAIL_LIKE.search(rest)):
        email_like, rest = match[0].strip(" ,;<>()"), _cut(rest, match)
    code, rest = _take_code(rest, lang, asked=bool(asked & {"code", "otp"}), beside_email=bool(email))
    phone, rest = _take_phone(rest)
    hints = Hints(
        asked="name" in asked,
        asked_only="name" in asked and not asked & {"date", "time", "slot"},
        beside_email=email.partition("@")[0] if email else "",
        alone=nameless and looks_alone(text),
        known=known,
        topics=topics,
    )
    family_name, rest = take_family_name(rest, lang, hints)
    name, rest = take_name(rest, lang, hints)
    return Person(name, family_name, email, email_like, phone, code, rest.strip())


def in_full(person: Person, known: str, text: str, lang: Language) -> Person:
    """The person with their whole name: a family name told apart stands behind the first, which may be `known` from
    before; "it's Burke", of a Jo Burk, corrects only that."""
    first, _, last = known.rpartition(" ")
    words = [word.casefold() for word in known.split()]
    for match in (match for pattern in lang.respelt for match in pattern.finditer(text)):
        if (old := match["old"].casefold()) in words:
            name = " ".join(written(match["new"], lang) if each.casefold() == old else each for each in known.split())
            return replace(person, name=name, rest=person.rest.replace(match[0], ","))
    if person.family_name:
        return replace(person, name=f"{person.name or first or last} {person.family_name}".strip())
    if first and person.name and fuzz.ratio(person.name.casefold(), last.casefold()) >= _ALIKE:
        return replace(person, name=f"{first} {person.name}")
    return person


def _cut(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} , {text[match.end() :]}"


def _take_email(text: str, lang: Language) -> tuple[str | None, str | None, str]:
    """The address, or what is one but for a doubt, and the rest."""
    if match := _EMAIL.search(text):
        return match[0].strip(".'"), None, _cut(text, match)
    match = lang.spoken_email.search(text)
    if not match or match["local"].lower() in lang.email_lead | lang.filler:
        return None, None, text  # "it is @example.com"
    local, domain = match["local"], match["domain"]
    for pattern, mark in lang.spoken_marks:
        local, domain = pattern.sub(mark, local), pattern.sub(mark, domain)
    domain = f"{domain}.com" if match["sure"] else domain
    # "Dave Jones at gmail": nobody knows whether there is a dot between them, and the mail would go to a stranger.
    if "." not in domain or (match["before"] and match["before"].lower() not in lang.email_lead):
        return None, match[0], _cut(text, match)
    kept = text[: match.start("local")]
    return f"{local}@{domain}".lower(), None, f"{kept} , {text[match.end() :]}"


def _take_code(text: str, lang: Language, *, asked: bool, beside_email: bool) -> tuple[str | None, str]:
    if (lead := lang.code_lead.search(text)) and (body := _CODE_BODY.match(text, lead.end())):
        return _code(body[0]), f"{text[: lead.start()]} , {text[body.end() :]}"
    for pattern in (_BARE_CODE, _SHORT_CODE):
        for match in pattern.finditer(text):
            named = any(lead.end() == match.start() for lead in _NAMED_CODE.finditer(text))
            if pattern is _BARE_CODE:
                named = named or (beside_email and match[0].isupper())
            else:
                named = named and match[0].isupper() and not text.isupper()  # "BOOKING FOR 2PM" has none
            if _DAY_OR_TIME.search(match[0]) and not named:
                continue
            if (asked or named) and (any(c.isdigit() for c in match[0]) or match[0].isupper()):
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
