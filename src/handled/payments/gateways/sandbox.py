"""The gateway that needs no account: same states, same objects, same signed webhooks as Stripe, and no money."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from handled.db.session import tenant_session
from handled.jobs.queue import enqueue
from handled.kit import clock, ids, site
from handled.payments.gateways import sandbox_books as books
from handled.payments.gateways import sandbox_json, signatures, stripe_json
from handled.payments.gateways.base import Checkout, CheckoutOrder, GatewayEvent, Refund
from handled.tables import SandboxCheckout

logger = logging.getLogger(__name__)

WEBHOOK_PATH = "/v1/webhooks/stripe"
_DELIVERY_SECONDS = 10.0
_DELIVERY_TRIES = 6


class SandboxGateway:
    """See `Gateway`. Its pages are ours: `web/pages/sandbox.py`."""

    name = "sandbox"
    livemode = False

    def __init__(self, engine: AsyncEngine, secret: str) -> None:
        self._engine = engine
        self._secret = secret

    def chargeable(self, amount_minor: int, currency: str) -> int:
        """See `Gateway.chargeable`."""
        return stripe_json.chargeable(amount_minor, currency)

    async def create_checkout(self, order: CheckoutOrder, *, idempotency_key: str) -> Checkout:
        """See `Gateway.create_checkout`."""
        async with tenant_session(self._engine, order.tenant_id) as session:
            return _checkout(await books.create(session, order, idempotency_key))

    async def get_checkout(self, checkout_id: str, *, account: str | None) -> Checkout:
        """The Checkout as it is now."""
        tenant_id, row_id = sandbox_json.row_of("cs", checkout_id)
        async with tenant_session(self._engine, tenant_id) as session:
            return _checkout(await books.get(session, tenant_id, row_id, account=account))

    async def expire_checkout(self, checkout_id: str, *, account: str | None) -> Checkout:
        """See `Gateway.expire_checkout`."""
        tenant_id, row_id = sandbox_json.row_of("cs", checkout_id)
        async with tenant_session(self._engine, tenant_id) as session:
            row = await books.get(session, tenant_id, row_id, account=account)
            await books.expire(session, row)
            return _checkout(row)

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
        """See `Gateway.refund`. `currency` is that of the payment, as with Stripe."""
        tenant_id, row_id = sandbox_json.row_of("pi", payment_intent)
        async with tenant_session(self._engine, tenant_id) as session:
            row = await books.get(session, tenant_id, row_id, account=account)
            made = await books.refund(session, row, amount_minor, idempotency_key, metadata)
            return stripe_json.refund_from(sandbox_json.refund_json(row, made))

    async def list_refunds(self, payment_intent: str, *, account: str | None) -> list[Refund]:
        """All of them, newest first, whoever made them."""
        tenant_id, row_id = sandbox_json.row_of("pi", payment_intent)
        async with tenant_session(self._engine, tenant_id) as session:
            row = await books.get(session, tenant_id, row_id, account=account)
            made = await books.list_refunds(session, row)
            return [stripe_json.refund_from(sandbox_json.refund_json(row, each)) for each in made]

    def parse_event(self, body: bytes, signature: str | None, now: datetime) -> GatewayEvent:
        """See `Gateway.parse_event`."""
        return signatures.verified_event(body, signature, (self._secret,), now)

    def checkout_in(self, event: GatewayEvent) -> Checkout | None:
        """See `Gateway.checkout_in`."""
        if event.object.get("object") != "checkout.session":
            return None
        return stripe_json.checkout_from(event.object, event.account)

    def refund_in(self, event: GatewayEvent) -> Refund | None:
        """See `Gateway.refund_in`."""
        return stripe_json.refund_from(event.object) if event.object.get("object") == "refund" else None

    async def close(self) -> None:
        """There is nothing to let go of."""

    async def expire_due(self, tenant_id: UUID, checkout_id: UUID) -> None:
        """The time of a page is over."""
        async with tenant_session(self._engine, tenant_id) as session:
            await books.get(session, tenant_id, checkout_id, any_account=True)

    async def deliver(self, tenant_id: UUID, event_id: UUID, attempt: int = 1) -> None:
        """Post an event to our own webhook, signed; tried again for a minute when nobody takes it."""
        async with tenant_session(self._engine, tenant_id) as session:
            event = await books.count_delivery(session, tenant_id, event_id)
        if event is None:
            return
        answer = await _post(site.url(WEBHOOK_PATH), event.payload.encode(), self._secret)
        if answer is not None and answer < 300:
            return
        logger.warning("sandbox: nobody took event %s (%s)", event_id, answer or "no answer")
        if attempt < _DELIVERY_TRIES:
            at = clock.machine_now() + timedelta(seconds=2**attempt)
            names = {"tenant_id": str(tenant_id), "event_id": str(event_id)}
            async with tenant_session(self._engine, tenant_id) as session:
                await enqueue(session, books.DELIVER, schedule_at=at, attempt=attempt + 1, **names)


def _checkout(row: SandboxCheckout) -> Checkout:
    return stripe_json.checkout_from(sandbox_json.session_json(row), row.account)


async def _post(url: str, body: bytes, secret: str) -> int | None:
    import httpx2

    headers = {
        "Content-Type": "application/json",
        "Stripe-Signature": signatures.sign(body, secret, clock.now()),
    }
    try:
        async with httpx2.AsyncClient(timeout=_DELIVERY_SECONDS) as http:
            return (await http.post(url, content=body, headers=headers)).status_code
    except httpx2.HTTPError:
        return None


def secret_in(folder: Path) -> str:
    """The secret that the sandbox signs with, made at first use and kept in `folder`: every process of an installation
    needs the same."""
    path = folder / "sandbox-webhook-secret"
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{path.name}-{os.getpid()}-{ids.new_token(4)}"
    if not path.exists():
        draft.touch(mode=0o600)
        draft.write_text(f"whsec_{ids.new_token(32)}")
        try:
            os.link(draft, path)  # whoever comes second finds it there
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
