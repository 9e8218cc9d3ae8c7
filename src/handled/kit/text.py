"""Text from outside: made clean, checked, and quoted so that it stays data."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from rapidfuzz.distance import OSA

from handled.kit.errors import HandledError

MAX_MESSAGE_CHARS = 2000
MAX_NAME_CHARS = 120
MAX_COMMENT_CHARS = 500

_LINE_ENDS = re.compile("\r\n|\r|\x85|\u2028|\u2029")
# C0 and C1 but newline and tab, then the characters that reorder what a reader sees. The plain direction
# marks (U+200E, U+200F, U+061C) and the joiners stay: Arabic, Hebrew, Persian and emoji need them.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_BLANK_LETTERS = "\u115f\u1160\u2800\u3164\uffa0"


def clean_message(text: str) -> str:
    """A customer's message, trimmed, with LF line ends and without control or bidi override characters.

    Raises `invalid_message` (422) when nothing readable is left, for more than 2,000 characters after
    trimming, and for NUL or half a surrogate pair, which no keyboard sends.
    """
    if "\x00" in text or _SURROGATE.search(text):
        raise HandledError("invalid_message", "The message contains characters that cannot be read.", 422)
    text = _UNWANTED.sub("", _LINE_ENDS.sub("\n", text)).strip()
    if not _is_readable(text):
        raise HandledError("invalid_message", "The message is empty.", 422)
    if len(text) > MAX_MESSAGE_CHARS:
        raise HandledError("invalid_message", f"The message is longer than {MAX_MESSAGE_CHARS:,} characters.", 422)
    return text


def clean_comment(text: str) -> str:
    """What somebody adds to a rating, trimmed and cleaned like a message; empty when nothing readable is left.

    Raises `invalid_comment` (422) for more than 500 characters after trimming, NUL, or half a surrogate pair.
    """
    if "\x00" in text or _SURROGATE.search(text):
        problem = "contains characters that cannot be read"
        raise HandledError("invalid_comment", f"The comment {problem}.", 422, fields={"comment": problem})
    text = _UNWANTED.sub("", _LINE_ENDS.sub("\n", text)).strip()
    if len(text) > MAX_COMMENT_CHARS:
        problem = f"is longer than {MAX_COMMENT_CHARS} characters"
        raise HandledError("invalid_comment", f"The comment {problem}.", 422, fields={"comment": problem})
    return text if _is_readable(text) else ""


def clean_name(text: str, max: int = MAX_NAME_CHARS) -> str:
    """A person's or thing's name on one line, runs of spaces as one, at most `max` characters.

    Raises `invalid_name` (422) when it is empty, too long or unreadable.
    """
    if "\x00" in text or _SURROGATE.search(text):
        raise HandledError("invalid_name", "The name contains characters that cannot be read.", 422)
    name = " ".join(_UNWANTED.sub("", _LINE_ENDS.sub(" ", text)).split())
    if not _is_readable(name):
        raise HandledError("invalid_name", "The name is empty.", 422)
    if len(name) > max:
        raise HandledError("invalid_name", f"The name is longer than {max} characters.", 422)
    return name


def _is_readable(text: str) -> bool:
    return any(unicodedata.category(character)[0] not in "CZ" and character not in _BLANK_LETTERS for character in text)


@dataclass(frozen=True)
class EmailCheck:
    """Either `address`, normalised and in lower case, or the `problem` as a sentence.

    `did_you_mean` is the address that was probably intended; a valid address may have one too.
    """

    address: str | None
    problem: str | None = None
    did_you_mean: str | None = None


_MAIL_NAMES = ("gmail", "googlemail", "yahoo", "hotmail", "outlook", "icloud", "protonmail")
# Real domains that look like a slip of one of the names above.
_OTHER_DOMAINS = frozenset({"mail.com", "ymail.com", "email.com", "zmail.com", "hmail.com", "cloud.com"})
_SLIPS_OF_COM = frozenset(
    {
        "con",
        "cmo",
        "co",
        "om",
        "cm",
        "comm",
        "ocm",
        "xom",
        "vom",
        "cim",
        "cpm",
        "coom",
        "c0m",
        "col",
        "cob",
        "como",
    }
)


def email_address(text: str) -> EmailCheck:
    """Whether `text` is an email address somebody could write to; nothing is looked up on the network."""
    typed = text.strip().removeprefix("mailto:").strip("<>.,; \t\n")
    address = _valid_address(typed)
    if address:
        return EmailCheck(address, did_you_mean=_meant(address))
    closed_up = re.sub(r"\s+", "", typed)
    return EmailCheck(None, _email_problem(typed), _meant(closed_up) or _valid_address(closed_up))


def _valid_address(typed: str) -> str | None:
    try:
        # The test environment is what lets the reserved .test domain through.
        checked = validate_email(typed, check_deliverability=False, allow_smtputf8=False, test_environment=True)
    except EmailNotValidError:
        return None
    return f"{checked.local_part}@{checked.ascii_domain}".lower()


def _email_problem(typed: str) -> str:
    if not typed:
        return "The email address is missing."
    if typed.count("@") != 1:
        return "An email address has one @ in it, like name@example.com."
    if re.search(r"\s", typed):
        return "The email address has a space in it."
    if not re.search(r"@[^@]+\.[^@.]+$", typed):
        return "The part after the @ is not complete, it should look like example.com."
    return "That does not look like an email address we can write to."


def _meant(address: str) -> str | None:
    """The same person at the big provider whose name or ending was probably mistyped."""
    local, _, domain = address.lower().rpartition("@")
    name, dot, ending = domain.partition(".")
    if domain in _OTHER_DOMAINS or (dot and ending != "com" and ending not in _SLIPS_OF_COM):
        return None
    name = name if dot else re.sub("co[mn]$", "", name)
    near = {known: distance for known in _MAIL_NAMES if (distance := OSA.distance(name, known)) <= 2}
    best = min(near, key=near.__getitem__, default="")
    # Two slips are believed in a long name that begins right.
    if not best or (near[best] == 2 and (len(best) < 7 or best[0] != name[:1])) or domain == f"{best}.com":
        return None
    return _valid_address(f"{local}@{best}.com")


@dataclass(frozen=True)
class PhoneCheck:
    """Either `number` in E.164 (`+14155550124`) or the `problem` as a sentence."""

    number: str | None
    problem: str | None = None


def phone_number(text: str, region: str | None) -> PhoneCheck:
    """A phone number as typed; `region` (ISO 3166 alpha-2) is assumed when there is no country code."""
    try:
        parsed = phonenumbers.parse(text.strip(), region.upper() if region else None)
    except phonenumbers.NumberParseException as error:
        if error.error_type == phonenumbers.NumberParseException.INVALID_COUNTRY_CODE:
            return PhoneCheck(None, "Please give the phone number with its country code, like +1 or +44.")
        return PhoneCheck(None, "That does not look like a phone number.")
    reason = phonenumbers.is_possible_number_with_reason(parsed)
    if reason == phonenumbers.ValidationResult.TOO_LONG:
        return PhoneCheck(None, "The phone number has too many digits.")
    if reason != phonenumbers.ValidationResult.IS_POSSIBLE:
        return PhoneCheck(None, "The phone number is too short; please give it with its area code.")
    return PhoneCheck(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


_DATA_NAME = re.compile(r"[a-z][a-z0-9_]*")
_ESCAPES = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def quote_data(name: str, value: object) -> str:
    """`value` as JSON inside a `<data>` tag that nothing in it can close.

    What JSON does not know (dates, ids) is written as its string. Raises `ValueError` unless `name` is a
    plain lower-case word, because it comes from our code and never from a person.
    """
    if not _DATA_NAME.fullmatch(name):
        raise ValueError(f"not a name for quoted data: {name!r}")
    document = json.dumps(value, ensure_ascii=False, default=str).translate(_ESCAPES)
    # Half a surrogate pair cannot be encoded; as an escape it stays valid JSON.
    document = document.encode("utf-8", "backslashreplace").decode("utf-8")
    return f'<data name="{name}">\n{document}\n</data>'
