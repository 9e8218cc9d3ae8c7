"""The kinds of values a tenant's document is made of. Each check raises ValueError with the end of a sentence
whose beginning is the value: "is not an email address"."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache
from typing import Annotated, Any
from urllib.parse import urlsplit

from babel import Locale, UnknownLocaleError
from babel.numbers import list_currencies
from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, ValidationInfo

from handled.kit import money
from handled.tenants.durations import parse_days, parse_minutes

_COLOR = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029\ud800-\udfff]")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_MOST_MONEY = 2_000_000_000


def did_you_mean(written: str, known: Iterable[str]) -> str:
    """`; did you mean "x"?`, or nothing when nothing known is close."""
    name = written.lower()
    by_lower = {each.lower(): each for each in known}
    close = get_close_matches(name, by_lower, n=1, cutoff=0.6)
    if not close and len(name) > 2:
        close = [each for each in by_lower if each.startswith(name)][:1]
    return f'; did you mean "{by_lower[close[0]]}"?' if close else ""


def _printable(value: str) -> str:
    if _CONTROL.search(value):
        raise ValueError("has a control character in it")
    return value


def _one_line(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value


def _line_breaks(value: Any) -> Any:
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def _timezone(value: str) -> str:
    if value not in _zones():
        hint = did_you_mean(value, sorted(_zones())) or "; write it as Europe/Madrid or America/New_York"
        raise ValueError(f"is not a time zone{hint}")
    return value


def _locale(value: str) -> str:
    try:
        return str(Locale.parse(value.replace("-", "_")))
    except (UnknownLocaleError, ValueError, TypeError):
        raise ValueError("is not a locale; write it as en_US, en_GB or es_ES") from None


def _currency(value: str) -> str:
    code = value.upper()
    if not money.is_currency(code):
        hint = did_you_mean(code, sorted(list_currencies())) or "; write its three letters, as in USD, EUR or GBP"
        raise ValueError(f"is not a currency{hint}")
    return code


def _email(value: str) -> str:
    try:
        return validate_email(value, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise ValueError(f"is not an email address: {error}") from None


def _color(value: str) -> str:
    if not _COLOR.fullmatch(value.lower()):
        raise ValueError('is not a colour; write it in quotes as "#7a4a63"')
    return value.lower()


def _url(value: str) -> str:
    try:
        parts = urlsplit(value)
        usable = parts.scheme in ("http", "https") and parts.hostname and not parts.username
    except ValueError:
        usable = False
    if not usable or re.search(r"[\s\"'<>\\]", value):
        raise ValueError("is not a web address; write it as https://www.example.com")
    return value


def _origin(value: str) -> str:
    wrong = ValueError("is not a web origin; write scheme and host only, as in https://www.example.com")
    try:
        parts = urlsplit(value)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError:  # which UnicodeError is, too
        raise wrong from None
    tail = parts.path.strip("/") or parts.query or parts.fragment or parts.username
    if parts.scheme not in _DEFAULT_PORTS or tail or not _HOST.fullmatch(host):
        raise wrong
    return f"{parts.scheme}://{host}" + ("" if port in (None, _DEFAULT_PORTS[parts.scheme]) else f":{port}")


def _amount(value: Any, info: ValidationInfo[dict[str, str] | None]) -> int | None:
    currency = (info.context or {}).get("currency", "USD")
    text = " ".join(str(value).lower().split())
    if value is None or text == "on request":
        return None
    minor = 0 if text == "free" else money.parse(text, currency)
    if minor > _MOST_MONEY:
        raise ValueError("is more money than we can count")
    return minor


def _text(longest: int) -> StringConstraints:
    return StringConstraints(min_length=1, max_length=longest)


Line = Annotated[str, BeforeValidator(_one_line), AfterValidator(_printable), _text(200)]
"""One line of text: breaks and runs of spaces become one space."""

Text = Annotated[str, BeforeValidator(_line_breaks), AfterValidator(_printable), _text(4000)]
"""Text that may have paragraphs."""

Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:[_-][a-z0-9]+)*$", max_length=60)]
"""What other systems call it. Lower-case letters, digits, single hyphens and underscores."""

Timezone = Annotated[str, AfterValidator(_timezone)]
LocaleName = Annotated[str, AfterValidator(_locale)]
Currency = Annotated[str, AfterValidator(_currency)]
Email = Annotated[str, AfterValidator(_email)]
Color = Annotated[str, AfterValidator(_color)]
Url = Annotated[str, AfterValidator(_url), StringConstraints(max_length=500)]
Origin = Annotated[str, AfterValidator(_origin)]
Minutes = Annotated[int, BeforeValidator(parse_minutes)]
Days = Annotated[int, BeforeValidator(parse_days), Field(ge=1, le=5 * 365)]
Money = Annotated[int | None, BeforeValidator(_amount)]
"""Minor units of the tenant's currency (`context={"currency": …}`); None is "on request"."""
