"""Amounts to the last minor unit, in currencies with two decimals, three, and none."""

from __future__ import annotations

import pytest

from handled.kit import money
from handled.payments.gateways import stripe_json
from handled.payments.gateways.base import GatewayRefused


@pytest.mark.parametrize(
    ("amount", "currency", "locale", "said"),
    [
        (4500, "USD", "en-US", "$45.00"),
        (1, "USD", "en-US", "$0.01"),
        (123456789, "USD", "en-US", "$1,234,567.89"),
        (4505, "EUR", "en-US", "€45.05"),
        (4505, "EUR", "de-DE", "45,05\N{NO-BREAK SPACE}€"),
        (4500, "JPY", "en-US", "¥4,500"),
        (1, "JPY", "ja-JP", "\N{FULLWIDTH YEN SIGN}1"),
        (4500, "ISK", "en-US", "ISK\N{NO-BREAK SPACE}4,500"),
        (4505, "KWD", "en-US", "KWD\N{NO-BREAK SPACE}4.505"),
        (1, "KWD", "en-US", "KWD\N{NO-BREAK SPACE}0.001"),
        (9999999999999999, "USD", "en-US", "$99,999,999,999,999.99"),
    ],
)
def test_an_amount_is_said_to_its_last_minor_unit(amount: int, currency: str, locale: str, said: str) -> None:
    assert money.format(amount, currency, locale) == said


@pytest.mark.parametrize(("currency", "places"), [("USD", 2), ("EUR", 2), ("JPY", 0), ("ISK", 0), ("KWD", 3)])
@pytest.mark.parametrize("amount", [1, 9, 10, 99, 100, 999, 1000, 4505, 123456789])
def test_what_is_written_is_read_as_the_same_amount(currency: str, places: int, amount: int) -> None:
    assert money.decimals(currency) == places
    assert money.parse(money.plain(amount, currency), currency) == amount


@pytest.mark.parametrize(("text", "currency"), [("45.5", "JPY"), ("45.5", "ISK"), ("4.5055", "KWD"), ("4.505", "USD")])
def test_a_part_of_a_minor_unit_is_not_rounded_but_refused(text: str, currency: str) -> None:
    with pytest.raises(ValueError, match="decimals"):
        money.parse(text, currency)


@pytest.mark.parametrize(
    ("amount", "currency", "there"),
    [
        (4500, "USD", 4500),
        (4500, "JPY", 4500),  # no decimals there either
        (5, "ISK", 500),  # no decimals in the world, two there
        (5, "UGX", 500),
        (5120, "KWD", 5120),  # three, of which the last is 0
    ],
)
def test_what_stripe_is_told_comes_back_as_the_same_amount(amount: int, currency: str, there: int) -> None:
    assert stripe_json.to_stripe(amount, currency) == there
    assert stripe_json.from_stripe(there, currency.lower()) == amount


_NO_DECIMALS = "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF"


@pytest.mark.parametrize("currency", _NO_DECIMALS.split())
def test_of_currencies_that_stripe_counts_in_wholes_every_amount_comes_back(currency: str) -> None:
    whole = 500 * 10 ** money.decimals(currency)
    assert stripe_json.to_stripe(whole, currency) == 500
    assert stripe_json.from_stripe(500, currency) == whole


@pytest.mark.parametrize(
    ("amount", "currency", "payable"),
    [(4505, "KWD", 4500), (4510, "BHD", 4510), (9, "TND", 0), (4505, "USD", 4505), (4505, "JPY", 4505)],
)
def test_what_can_be_paid_by_card_ends_in_a_zero_where_there_are_three_decimals(
    amount: int, currency: str, payable: int
) -> None:
    assert money.payable(amount, currency) == payable
    assert stripe_json.chargeable(amount, currency) == payable


@pytest.mark.parametrize("currency", ["BHD", "JOD", "KWD", "OMR", "TND"])
def test_the_last_of_three_decimals_is_not_charged(currency: str) -> None:
    assert stripe_json.chargeable(5129, currency) == 5120
    with pytest.raises(GatewayRefused, match=r".*"):
        stripe_json.to_stripe(5129, currency)
