"""Stripe: Checkout Sessions of one line each, refunds, and signed webhooks."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from handled.payments.gateways import signatures, stripe_json
from handled.payments.gateways.base import (
    Checkout,
    CheckoutOrder,
    GatewayEvent,
    GatewayRefused,
    GatewayUnavailable,
    Patience,
    Refund,
)

if TYPE_CHECKING:
    import stripe
    from stripe.params.checkout import SessionCreateParams, SessionCreateParamsLineItemPriceDataProductData

    from handled.payments.gateways.stripe_client import Connection

log = logging.getLogger(__name__)
T = TypeVar("T")

_LONGEST_TITLE = 250
_LONGEST_DESCRIPTION = 500


class StripeGateway:
    """The real one. `base_url` names another server that speaks Stripe's API, None is Stripe itself.

    `webhook_secrets` has one for each endpoint that sends here (our own account's and the connected ones' differ), and
    two while one is being rolled.
    """

    name = "stripe"

    def __init__(
        self,
        api_key: str,
        webhook_secrets: Sequence[str],
        *,
        base_url: str | None = None,
        patience: Patience | None = None,
    ) -> None:
        self._api_key = api_key
        self._webhook_secrets = tuple(webhook_secrets)
        self._base_url = base_url
        self._patience = patience or Patience()
        self._connection: Connection | None = None
        self._loading = threading.Lock()

    @property
    def livemode(self) -> bool:
        """Whether the key moves real money."""
        return "_live_" in self._api_key

    async def warm_up(self) -> None:
        """Load the vendor's library, which takes a third of a second, before somebody waits for it."""
        await asyncio.to_thread(self._connect)

    async def close(self) -> None:
        """Let go of the connections."""
        if self._connection is not None:
            await self._connection.close()

    def chargeable(self, amount_minor: int, currency: str) -> int:
        """See `Gateway.chargeable`."""
        return stripe_json.chargeable(amount_minor, currency)

    async def create_checkout(self, order: CheckoutOrder, *, idempotency_key: str) -> Checkout:
        """See `Gateway.create_checkout`."""
        params = _params_of(order)
        session = await self._ask(
            lambda client: client.v1.checkout.sessions.create_async(
                params, _options(order.account, idempotency_key=idempotency_key)
            )
        )
        return _read(lambda: stripe_json.checkout_from(session.to_dict(), order.account))

    async def get_checkout(self, checkout_id: str, *, account: str | None) -> Checkout:
        """The Checkout as it is now."""
        session = await self._ask(
            lambda client: client.v1.checkout.sessions.retrieve_async(checkout_id, options=_options(account))
        )
        return _read(lambda: stripe_json.checkout_from(session.to_dict(), account))

    async def expire_checkout(self, checkout_id: str, *, account: str | None) -> Checkout:
        """See `Gateway.expire_checkout`."""
        try:
            session = await self._ask(
                lambda client: client.v1.checkout.sessions.expire_async(checkout_id, options=_options(account))
            )
        except GatewayRefused:
            # Nothing names this refusal but a sentence: look whether there is nothing left to close.
            present = await self.get_checkout(checkout_id, account=account)
            if present.status == "open":
                raise
            return present
        return _read(lambda: stripe_json.checkout_from(session.to_dict(), account))

    async def refund(
        self,
        payment_intent: str,
        amount_minor: int,
        currency: str,
        *,
        account: str | None,
        idempotency_key: str,
        metadata: Mapping[str, str],
    ) -> Refund:
        """See `Gateway.refund`."""
        amount = stripe_json.to_stripe(amount_minor, currency)
        refund = await self._ask(
            lambda client: client.v1.refunds.create_async(
                {
                    "payment_intent": payment_intent,
                    "amount": amount,
                    "reason": "requested_by_customer",
                    "metadata": dict(metadata),
                },
                _options(account, idempotency_key=idempotency_key),
            )
        )
        return _read(lambda: stripe_json.refund_from(refund.to_dict()))

    async def list_refunds(self, payment_intent: str, *, account: str | None) -> list[Refund]:
        """All of them, newest first, whoever made them."""

        async def all_pages(client: stripe.StripeClient) -> list[stripe.Refund]:
            first = await client.v1.refunds.list_async(
                {"payment_intent": payment_intent, "limit": 100}, _options(account)
            )
            return [refund async for refund in first.auto_paging_iter()]

        refunds = await self._ask(all_pages)
        return _read(lambda: [stripe_json.refund_from(refund.to_dict()) for refund in refunds])

    def parse_event(self, body: bytes, signature: str | None, now: datetime) -> GatewayEvent:
        """See `Gateway.parse_event`."""
        return signatures.verified_event(body, signature, self._webhook_secrets, now)

    def checkout_in(self, event: GatewayEvent) -> Checkout | None:
        """See `Gateway.checkout_in`."""
        if event.object.get("object") != "checkout.session":
            return None
        return _read(lambda: stripe_json.checkout_from(event.object, event.account))

    def refund_in(self, event: GatewayEvent) -> Refund | None:
        """See `Gateway.refund_in`."""
        if event.object.get("object") != "refund":
            return None
        return _read(lambda: stripe_json.refund_from(event.object))

    async def _ask(self, call: Callable[[stripe.StripeClient], Awaitable[T]]) -> T:
        connection = self._connection or await asyncio.to_thread(self._connect)
        return await connection.ask(call)

    def _connect(self) -> Connection:
        with self._loading:
            if self._connection is None:
                from handled.payments.gateways.stripe_client import connect

                self._connection = connect(self._api_key, base_url=self._base_url, patience=self._patience)
            return self._connection


def _options(account: str | None, *, idempotency_key: str | None = None) -> stripe.RequestOptions:
    options: stripe.RequestOptions = {}
    if account:
        options["stripe_account"] = account
    if idempotency_key:
        options["idempotency_key"] = idempotency_key
    return options


def _params_of(order: CheckoutOrder) -> SessionCreateParams:
    metadata = {**order.metadata, "tenant_id": str(order.tenant_id), "booking_id": str(order.booking_id)}
    params: SessionCreateParams = {
        "mode": "payment",
        "submit_type": "book",
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": order.currency.lower(),
                    "unit_amount": stripe_json.to_stripe(order.amount_minor, order.currency),
                    "product_data": _product_of(order),
                },
            }
        ],
        # What is paid is compared with what is owed, to the cent and in its currency.
        "adaptive_pricing": {"enabled": False},
        "client_reference_id": str(order.booking_id),
        "metadata": metadata,
        "payment_intent_data": {"description": order.title[:_LONGEST_TITLE], "metadata": metadata},
        "success_url": order.success_url,
        "cancel_url": order.cancel_url,
        "expires_at": int(order.expires_at.timestamp()),
    }
    if order.customer_email:
        params["customer_email"] = order.customer_email
    return params


def _product_of(order: CheckoutOrder) -> SessionCreateParamsLineItemPriceDataProductData:
    product: SessionCreateParamsLineItemPriceDataProductData = {"name": order.title[:_LONGEST_TITLE]}
    # Stripe takes no empty strings.
    if order.description:
        product["description"] = order.description[:_LONGEST_DESCRIPTION]
    return product


def _read(what: Callable[[], T]) -> T:
    try:
        return what()
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, OSError) as error:
        # Whatever it says, it does not say what became of the money.
        log.error("stripe: an answer without sense (%s)", type(error).__name__)
        raise GatewayUnavailable("garbled") from None
