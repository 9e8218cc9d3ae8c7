"""Whoever takes the money: a gateway, as the rest of us see it."""

from handled.payments.gateways.base import (
    Checkout,
    CheckoutOrder,
    Gateway,
    GatewayEvent,
    GatewayRefused,
    GatewayUnavailable,
    Patience,
    Refund,
    SignatureInvalid,
)

__all__ = [
    "Checkout",
    "CheckoutOrder",
    "Gateway",
    "GatewayEvent",
    "GatewayRefused",
    "GatewayUnavailable",
    "Patience",
    "Refund",
    "SignatureInvalid",
]
