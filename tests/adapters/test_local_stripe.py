"""The local Stripe itself: as strict as the real one, and the same in a process of its own."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
import stripe as sdk
from stripe.checkout import Session

from handled.payments.gateways import Gateway
from handled.payments.gateways.stripe import StripeGateway
from tests.adapters.stripe_orders import IMPATIENT, ORDER, give_back, paid
from tests.http_client import http_client
from tests.twins.stripe import StripeTwin
from tests.twins.stripe_contract import missing_fields
from tests.twins.stripe_control import stripe_process
from tests.twins.stripe_ledger import read_ledger
from tests.twins.wire import Request, Wire, serving


async def test_the_local_stripe_writes_every_field_the_library_knows(twin: StripeTwin, gateway: Gateway) -> None:
    payment_intent = await paid(twin, gateway)
    refund = await give_back(gateway, payment_intent)
    session, payment = twin.books.checkouts()[0], twin.books.find(payment_intent)
    charge = twin.books.find(payment["latest_charge"])
    assert missing_fields(Session, session) == set()
    assert missing_fields(sdk.PaymentIntent, payment) == set()
    assert missing_fields(sdk.Charge, charge) == set()
    assert missing_fields(sdk.Refund, twin.books.find(refund.id)) == set()


@pytest.mark.parametrize(
    "params",
    [
        {"mode": "banana"},
        {"payment_method_types": ["card"]},
        {"ui_mode": "embedded"},
        {"line_items": [{"quantity": "two"}]},
        {"customer_email": ""},
        {"surprise": "1"},
    ],
)
async def test_the_local_stripe_takes_only_what_the_library_knows(twin: StripeTwin, params: dict[str, Any]) -> None:
    client = sdk.StripeClient(
        twin.api_key,
        base_addresses={"api": twin.url},
        max_network_retries=0,
        http_client=sdk.RequestsClient(async_fallback_client=None),
    )
    with pytest.raises(sdk.InvalidRequestError):
        await asyncio.to_thread(client.v1.checkout.sessions.create, params)  # pyright: ignore[reportArgumentType]
    assert twin.ledger.entries == []


async def test_its_page_pays_and_leads_back(twin: StripeTwin, gateway: Gateway) -> None:
    checkout = await gateway.create_checkout(ORDER, idempotency_key="k")
    assert checkout.url is not None
    async with http_client(trust_env=False) as browser:
        assert "4500 usd" in (await browser.get(checkout.url)).text
        assert "Checkout" in (await browser.post(checkout.url, data={"action": "decline"})).text
        left = await browser.post(checkout.url, data={"action": "leave"})
        assert (left.status_code, left.headers["location"]) == (303, ORDER.cancel_url)
        done = await browser.post(checkout.url, data={"action": "pay"})
        assert done.headers["location"] == f"https://desk.example.com/pay/done?checkout={checkout.id}"
        assert "complete" in (await browser.get(checkout.url)).text
    assert (await gateway.get_checkout(checkout.id, account="acct_studio")).paid


async def test_as_a_process_it_does_the_same_and_its_ledger_stays(tmp_path: Path) -> None:
    arrived: asyncio.Queue[bytes] = asyncio.Queue()

    async def application(request: Request, wire: Wire) -> None:
        await arrived.put(request.raw)
        await wire.answer(200, {})

    file = tmp_path / "ledger.jsonl"
    now = ORDER.expires_at.replace(hour=10).isoformat()
    async with serving(application) as url, stripe_process(file, f"--webhook-url={url}/stripe", f"--now={now}") as twin:
        gateway = StripeGateway("sk_test_of_the_local_stripe", [], base_url=twin.url, patience=IMPATIENT)
        checkout = await gateway.create_checkout(ORDER, idempotency_key="k")
        await twin.do("pay", checkout_id=checkout.id)
        async with asyncio.timeout(20):
            bodies = [await arrived.get() for _ in range(4)]
        assert b"checkout.session.completed" in bodies[-1]
        await twin.do("fail", how="unavailable", times=1)
        assert (await gateway.get_checkout(checkout.id, account="acct_studio")).paid
        with pytest.raises(ValueError, match="is complete"):
            await twin.do("pay", checkout_id=checkout.id)
        await gateway.close()
    effects = [entry["effect"] for entry in read_ledger(file)]
    assert [each for each in effects if not each.startswith("event.")] == ["checkout.created", "checkout.paid"]


async def test_time_in_the_process_is_moved_from_outside(tmp_path: Path) -> None:
    now = ORDER.expires_at.replace(hour=10).isoformat()
    async with stripe_process(tmp_path / "ledger.jsonl", f"--now={now}") as twin:
        gateway = StripeGateway("sk_test_of_the_local_stripe", [], base_url=twin.url, patience=IMPATIENT)
        checkout = await gateway.create_checkout(ORDER, idempotency_key="k")
        await twin.do("clock", advance_seconds=3600)
        assert [event["type"] for event in await twin.do("waiting")] == ["checkout.session.expired"]
        assert (await gateway.get_checkout(checkout.id, account="acct_studio")).status == "expired"
        await gateway.close()
