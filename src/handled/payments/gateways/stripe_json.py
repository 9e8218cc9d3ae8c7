"""Stripe's JSON in our words: Checkout Sessions, refunds, and its amounts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, get_args

from handled.kit import money
from handled.payments.gateways.base import Checkout, CheckoutStatus, GatewayRefused, Refund, RefundStatus

# docs.stripe.com/currencies, "Zero-decimal", "Three-decimal" and "Special cases". Everything else has two decimals
# there, also where the world counts in whole units (RSD, HUF). UGX stands in the first list as well; the special
# case is what the interface does.
_NO_DECIMALS = frozenset(
    ("BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF")
)
_THREE_DECIMALS = frozenset(("BHD", "JOD", "KWD", "OMR", "TND"))
_SENT_AS_HUNDREDTHS = frozenset(("ISK", "UGX"))

_REFUND_STATUS: Mapping[str, RefundStatus] = {
    "pending": "pending",
    "requires_action": "pending",
    "succeeded": "succeeded",
    "failed": "failed",
    "canceled": "failed",
}


def chargeable(amount_minor: int, currency: str) -> int:
    """The largest amount up to `amount_minor` that Stripe takes: 5124 in KWD is 5120."""
    return amount_minor - amount_minor % _unit(currency)


def to_stripe(amount_minor: int, currency: str) -> int:
    """Our minor units as Stripe counts them: 5 in ISK is 500, 500 in JPY is 500.

    Raises GatewayRefused `amount_not_chargeable` for what has no exact counterpart there.
    """
    if amount_minor <= 0 or chargeable(amount_minor, currency) != amount_minor:
        raise GatewayRefused("amount_not_chargeable")
    return amount_minor * 10 ** _decimals(currency) // 10 ** money.decimals(currency)


def from_stripe(amount: int, currency: str) -> int:
    """Stripe's amount in our minor units; `currency` in either case. Raises ValueError for a part of one."""
    code = currency.upper()
    amount_minor, rest = divmod(amount * 10 ** money.decimals(code), 10 ** _decimals(code))
    if rest:
        raise ValueError(f"{amount} in {code} is no whole number of our minor units")
    return amount_minor


def _decimals(currency: str) -> int:
    if currency in _NO_DECIMALS:
        return 0
    return 3 if currency in _THREE_DECIMALS else 2


def _unit(currency: str) -> int:
    """What amounts in our minor units must be multiples of."""
    step = 10 if currency in _THREE_DECIMALS else 100 if currency in _SENT_AS_HUNDREDTHS else 1
    return max(1, step * 10 ** money.decimals(currency) // 10 ** _decimals(currency))


def checkout_from(session: Mapping[str, Any], account: str | None) -> Checkout:
    """A Checkout Session. Raises KeyError, TypeError or ValueError for what is none."""
    status: CheckoutStatus = session["status"]
    if session["object"] != "checkout.session" or status not in get_args(CheckoutStatus):
        raise ValueError("not a Checkout Session")
    currency = session["currency"].upper()
    return Checkout(
        id=session["id"],
        url=session["url"],
        status=status,
        paid=session["payment_status"] == "paid",
        payment_intent=_id(session["payment_intent"]),
        amount_minor=from_stripe(session["amount_total"], currency),
        currency=currency,
        account=account,
        livemode=session["livemode"],
        expires_at=datetime.fromtimestamp(session["expires_at"], UTC),
        metadata=dict(session["metadata"] or {}),
    )


def refund_from(refund: Mapping[str, Any]) -> Refund:
    """A refund. Raises KeyError, TypeError or ValueError for what is none."""
    if refund["object"] != "refund":
        raise ValueError("not a refund")
    currency = refund["currency"].upper()
    return Refund(
        id=refund["id"],
        status=_REFUND_STATUS[refund["status"]],
        amount_minor=from_stripe(refund["amount"], currency),
        currency=currency,
        payment_intent=_id(refund["payment_intent"]),
        created_at=datetime.fromtimestamp(refund["created"], UTC),
        metadata=dict(refund["metadata"] or {}),
    )


def _id(value: str | Mapping[str, Any] | None) -> str | None:
    """The id of what is named by it or, if so asked for, written out in its place."""
    return value["id"] if isinstance(value, Mapping) else value
