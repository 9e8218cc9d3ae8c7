"""Money is an integer number of minor units (cents, pence; whole yen) and an ISO 4217 currency."""

from __future__ import annotations

import re
from decimal import Decimal

from babel import Locale
from babel.numbers import format_currency, get_currency_precision, list_currencies

# Where CLDR puts a space between a currency's letters and the number; Babel does not.
_LETTER_THEN_DIGIT = re.compile(r"(?<=[^\W\d_])(?=[0-9])")
_AMOUNT = re.compile(r"([0-9]{1,12})(?:\.([0-9]+))?")
_DOLLARS = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6})?")


def is_currency(code: str) -> bool:
    """Whether `code` is an ISO 4217 code in capitals."""
    return code in list_currencies()


def decimals(currency: str) -> int:
    """How many decimals amounts of `currency` have: 2 for USD, 0 for JPY, 3 for KWD."""
    return get_currency_precision(currency)


def parse(text: str, currency: str) -> int:
    """The minor units of an amount written plainly: "45", "45.5" and "45.00" in USD are 4500, 4550, 4500.

    Raises ValueError with a sentence for the person who wrote it.
    """
    places = decimals(currency)
    example = plain(45 * 10**places, currency)
    match = _AMOUNT.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"is not an amount of money; write it as {example}, without sign, currency or commas")
    whole, fraction = match[1], match[2] or ""
    if len(fraction) > places:
        kind = f"{places} decimals" if places else "no decimals"
        raise ValueError(f"has too many decimals: {currency} has {kind}; write it as {example}")
    return int(whole) * 10**places + int(fraction.ljust(places, "0") or 0)


def plain(amount: int, currency: str) -> str:
    """`amount` as `parse` reads it: 4500 in USD is "45.00", in JPY "4500"."""
    places = decimals(currency)
    return str(Decimal(amount).scaleb(-places).quantize(Decimal(1).scaleb(-places)))


def payable(amount: int, currency: str) -> int:
    """The largest amount up to `amount` that a card can be charged, or be given back: where there are three decimals,
    the last is 0. 4505 in KWD is 4500."""
    return amount - amount % 10 if decimals(currency) > 2 else amount


def format(amount: int, currency: str, locale: str) -> str:
    """`amount` for a reader of `locale` ("en_US" or "en-US"): 4500 in USD is "$45.00", 4505 in KWD "KWD 4.505" with a
    space that does not break."""
    value = Decimal(amount).scaleb(-decimals(currency))
    said = format_currency(value, currency, locale=Locale.parse(locale.replace("-", "_")))
    return _LETTER_THEN_DIGIT.sub("\N{NO-BREAK SPACE}", said)


def parse_micros(text: str) -> int:
    """Millionths of a US dollar, in which the use of models is counted: "5", "5.00" and "0.5" are 5,000,000 twice and
    500,000. Raises ValueError with a sentence for the person who wrote it."""
    if not _DOLLARS.fullmatch(text.strip()):
        raise ValueError("is not an amount in US dollars; write it as 5.00, without sign, currency or commas")
    return int(Decimal(text.strip()) * 1_000_000)


def plain_micros(micros: int) -> str:
    """`micros` as `parse_micros` reads them, cents at least: 500,000 is "0.50", 2,500 is "0.0025"."""
    dollars = Decimal(micros).scaleb(-6)
    cents = dollars.quantize(Decimal("0.01"))
    return str(cents if cents == dollars else dollars.normalize())
