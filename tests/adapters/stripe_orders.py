"""What the tests of the Stripe adapter order, pay and give back."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from handled.payments.gateways import CheckoutOrder, Gateway, Patience, Refund
from handled.payments.gateways.stripe import StripeGateway
from tests.twins.stripe import StripeTwin

IMPATIENT = Patience(whole=5.0, connect=1.0, pause=0.0)
VERY_IMPATIENT = Patience(whole=0.2, connect=0.2, pause=0.0)

ORDER = CheckoutOrder(
    tenant_id=UUID(int=1),
    booking_id=UUID(int=2),
    amount_minor=4500,
    currency="USD",
    title="Haircut & wash – “Mia”",
    description="Monday, March 2 at 11:00 am",
    customer_email="anna+test@example.com",
    success_url="https://desk.example.com/pay/done?checkout={CHECKOUT_SESSION_ID}",
    cancel_url="https://desk.example.com/pay/back",
    expires_at=datetime(2026, 3, 2, 11, 0, tzinfo=UTC),
    account="acct_studio",
    metadata={"payment_id": "p=1&2"},
)


@asynccontextmanager
async def talking_to(
    twin: StripeTwin, *, api_key: str | None = None, patience: Patience = IMPATIENT
) -> AsyncGenerator[StripeGateway]:
    key = api_key or twin.api_key
    gateway = StripeGateway(key, [twin.webhooks.secret], base_url=twin.url, patience=patience)
    await gateway.warm_up()
    try:
        yield gateway
    finally:
        await gateway.close()


async def paid(twin: StripeTwin, gateway: Gateway, order: CheckoutOrder = ORDER) -> str:
    """A checkout is made and paid; answers the payment."""
    checkout = await gateway.create_checkout(order, idempotency_key="paid")
    twin.customer.pay(checkout.id)
    payment_intent = (await gateway.get_checkout(checkout.id, account=order.account)).payment_intent
    assert payment_intent is not None
    return payment_intent


async def give_back(
    gateway: Gateway, payment_intent: str, amount: int = 4500, *, key: str = "refund-1", **other: Any
) -> Refund:
    asked: dict[str, Any] = {"currency": "USD", "account": "acct_studio", "metadata": {"refund_id": "r1"}} | other
    return await gateway.refund(payment_intent, amount, idempotency_key=key, **asked)
