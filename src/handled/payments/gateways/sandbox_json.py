"""The sandbox's things as Stripe would describe them, and their ids."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID

from handled.kit import site
from handled.payments.gateways import stripe_json
from handled.payments.gateways.base import CheckoutOrder, GatewayRefused
from handled.tables import SandboxCheckout, SandboxRefund

Json = dict[str, Any]
Kind = Literal["cs", "pi", "ch", "re", "evt"]


def name_of(kind: Kind, tenant_id: UUID, row_id: UUID) -> str:
    """The sandbox's id of something; the tenant is in it, so that its row can be found."""
    return f"{kind}_test_{tenant_id.hex}{row_id.hex}"


def row_of(kind: Kind, name: str) -> tuple[UUID, UUID]:
    """The tenant and the row that the id names. Raises GatewayRefused `resource_missing`."""
    digits = name.removeprefix(f"{kind}_test_")
    try:
        if len(digits) != 64:
            raise ValueError(name)
        return UUID(hex=digits[:32]), UUID(hex=digits[32:])
    except ValueError:
        raise GatewayRefused("resource_missing") from None


def url_of(row: SandboxCheckout) -> str:
    return site.url(f"/sandbox/{name_of('cs', row.tenant_id, row.id)}")


def order_json(order: CheckoutOrder) -> Json:
    """What was asked for, to compare it with what is asked for under the same key."""
    return {
        "amount_minor": order.amount_minor,
        "currency": order.currency,
        "account": order.account,
        "title": order.title,
        "description": order.description,
        "customer_email": order.customer_email,
        "success_url": order.success_url,
        "cancel_url": order.cancel_url,
        "expires_at": order.expires_at.isoformat(),
        "metadata": {
            **order.metadata,
            "tenant_id": str(order.tenant_id),
            "booking_id": str(order.booking_id),
        },
    }


def session_json(row: SandboxCheckout) -> Json:
    """The page as Stripe would describe it."""
    return {
        "id": name_of("cs", row.tenant_id, row.id),
        "object": "checkout.session",
        "status": row.status,
        "payment_status": "paid" if row.payment_status == "paid" else "unpaid",
        "url": url_of(row) if row.status == "open" else None,
        "payment_intent": name_of("pi", row.tenant_id, row.id) if row.status == "complete" else None,
        "amount_total": stripe_json.to_stripe(row.amount_minor, row.currency),
        "currency": row.currency.lower(),
        "livemode": False,
        "expires_at": int(row.expires_at.timestamp()),
        "metadata": row.order["metadata"],
    }


def refund_json(row: SandboxCheckout, made: SandboxRefund) -> Json:
    """A refund as Stripe would describe it."""
    return {
        "id": name_of("re", made.tenant_id, made.id),
        "object": "refund",
        "status": made.status,
        "amount": stripe_json.to_stripe(made.amount_minor, row.currency),
        "currency": row.currency.lower(),
        "payment_intent": name_of("pi", row.tenant_id, row.id),
        "created": int(made.created_at.timestamp()),
        "metadata": made.details,
    }


def charge_json(row: SandboxCheckout, refunds: Sequence[SandboxRefund]) -> Json:
    """The charge behind a page that is paid, with what has gone back of it."""
    return {
        "id": name_of("ch", row.tenant_id, row.id),
        "object": "charge",
        "payment_intent": name_of("pi", row.tenant_id, row.id),
        "amount": stripe_json.to_stripe(row.amount_minor, row.currency),
        "amount_refunded": stripe_json.to_stripe(gone(refunds), row.currency),
        "currency": row.currency.lower(),
        "livemode": False,
        "metadata": row.order["metadata"],
    }


def gone(refunds: Sequence[SandboxRefund]) -> int:
    """Minor units that have gone back."""
    return sum(each.amount_minor for each in refunds if each.status != "failed")
