"""What Stripe refuses although it is well-formed."""

from __future__ import annotations

import re
from typing import Any

Json = dict[str, Any]

_SHORTEST, _LONGEST = 30 * 60, 24 * 60 * 60
_LEAST = {"usd": 50, "eur": 50, "gbp": 30, "jpy": 50}
_STEPS = {"isk": 100, "ugx": 100, "bhd": 10, "jod": 10, "kwd": 10, "omr": 10, "tnd": 10}
_LARGEST = 99_999_999


class Refused(Exception):
    """An error as Stripe answers it."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        code: str | None = None,
        param: str | None = None,
        kind: str = "invalid_request_error",
    ) -> None:
        super().__init__(message)
        self.status = status
        error = {"type": kind, "code": code, "param": param, "message": message}
        self.body = {"error": {name: value for name, value in error.items() if value is not None}}


def price_of(params: Json) -> tuple[int, str]:
    """The whole amount of a Checkout and its currency."""
    lines = params.get("line_items", [])
    for name in ("line_items", "success_url"):
        if not params.get(name):
            raise Refused(f"Missing required param: {name}.", code="parameter_missing", param=name)
    if params.get("mode") != "payment":
        raise Refused("You must provide one of the supported modes", param="mode")
    prices = [line.get("price_data", {}) for line in lines]
    if any("unit_amount" not in price or "name" not in price.get("product_data", {}) for price in prices):
        raise Refused("Missing required param.", code="parameter_missing", param="line_items[0][price_data]")
    currencies = {price["currency"] for price in prices}
    if len(currencies) != 1 or not re.fullmatch(r"[a-z]{3}", prices[0]["currency"]):
        raise Refused("Invalid currency", param="line_items[0][price_data][currency]")
    amount = sum(price["unit_amount"] * line.get("quantity", 1) for line, price in zip(lines, prices, strict=True))
    check_amount(amount, prices[0]["currency"], "line_items")
    return amount, prices[0]["currency"]


def check_amount(amount: int, currency: str, param: str) -> None:
    """Raises Refused for an amount that cannot be charged or given back in that currency."""
    if amount % _STEPS.get(currency, 1):
        raise Refused(
            f"Invalid amount. In {currency} it must be evenly divisible by {_STEPS[currency]}.",
            code="invalid_charge_amount_no_decimal_compatible",
            param=param,
        )
    if param == "line_items" and amount < _LEAST.get(currency, 1):
        raise Refused("The total amount is too small.", code="amount_too_small", param=param)
    if amount > _LARGEST:
        raise Refused("The amount is too large.", code="amount_too_large", param=param)


def expiry_of(params: Json, now: int) -> int:
    """When a Checkout made now closes, in Unix seconds."""
    expires_at = params.get("expires_at", now + _LONGEST)
    if expires_at < now + _SHORTEST:
        raise Refused("`expires_at` must be at least 30 minutes from Checkout Session creation.", param="expires_at")
    if expires_at > now + _LONGEST:
        raise Refused("`expires_at` must be less than 24 hours from Checkout Session creation.", param="expires_at")
    return expires_at


def check_addresses(params: Json) -> None:
    """Raises Refused for a link or an email address that is none, and for metadata that is too long."""
    for name in ("success_url", "cancel_url"):
        if name in params and not re.match(r"https?://[^/\s]+", params[name]):
            raise Refused("Not a valid URL", code="url_invalid", param=name)
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", params.get("customer_email", "somebody@example.com")):
        raise Refused("Invalid email address", code="email_invalid", param="customer_email")
    check_metadata(params.get("metadata", {}))
    check_metadata(params.get("payment_intent_data", {}).get("metadata", {}))


def check_metadata(metadata: Json) -> None:
    """Raises Refused for more than 50 names, names over 40 letters, or values over 500."""
    if len(metadata) > 50 or any(len(name) > 40 or len(value) > 500 for name, value in metadata.items()):
        raise Refused("Metadata is too long", param="metadata")
