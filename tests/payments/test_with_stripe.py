"""The same stories with Stripe's own library, talking to the local Stripe."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.db.session import tenant_session
from handled.payments import checkout
from handled.payments.gateways.base import GatewayUnavailable, Patience
from handled.payments.gateways.stripe import StripeGateway
from handled.settings import Settings
from handled.tenants import links
from tests.conftest import TenantHandle, running
from tests.faults import ledger as told
from tests.http_client import http_client
from tests.payments.till import PRICE, SECRET, Till, later
from tests.twins.stripe import StripeTwin, running_stripe
from tests.twins.stripe_failures import How
from tests.twins.stripe_webhooks import body_of


@pytest.fixture
async def stripe() -> AsyncIterator[StripeTwin]:
    async with running_stripe() as twin:
        yield twin


@pytest.fixture
async def counter(till: Till, stripe: StripeTwin) -> AsyncIterator[Till]:
    """The till, with Stripe behind it instead of the sandbox."""
    gateway = StripeGateway(
        stripe.api_key, (SECRET,), base_url=stripe.url, patience=Patience(whole=1.0, connect=1.0, pause=0.05)
    )
    await gateway.warm_up()
    till.gateway = gateway
    yield till
    await gateway.close()


async def hear_all(till: Till, stripe: StripeTwin) -> None:
    await till.hear(*[body_of(event) for event in stripe.webhooks.events])


async def paid(till: Till, stripe: StripeTwin) -> str:
    await till.start()
    checkout_id = (await till.payment()).checkout_id
    assert checkout_id is not None
    stripe.customer.pay(checkout_id)
    await hear_all(till, stripe)
    return checkout_id


def checkouts(stripe: StripeTwin) -> int:
    return len(stripe.books.checkouts())


async def test_a_payment_a_partial_refund_and_the_rest(counter: Till, stripe: StripeTwin) -> None:
    await paid(counter, stripe)
    assert await counter.entries() == [("charge", PRICE)]
    await counter.give_back(2000)
    await counter.give_back(PRICE - 2000)
    await hear_all(counter, stripe)
    assert await counter.entries() == [("charge", PRICE), ("refund", -2000), ("refund", -(PRICE - 2000))]
    assert (await counter.balance(), len(await counter.refunds()), counter.problems()) == (0, 2, [])


async def test_declined_expired_and_paid_late(counter: Till, stripe: StripeTwin) -> None:
    await counter.start()
    checkout_id = (await counter.payment()).checkout_id or ""
    stripe.customer.decline(checkout_id)
    assert await checkout.close(counter.engine, counter.gateway, counter.tenant_id, counter.booking_id) == "closed"
    async with tenant_session(counter.engine, counter.tenant_id) as session:
        await checkout.give_up(session, counter.tenant_id, counter.booking_id)
    stripe.customer.pay_late(checkout_id)
    await hear_all(counter, stripe)
    assert ((await counter.payment()).status, await counter.balance()) == ("paid", PRICE)


async def test_money_under_way_arrives(counter: Till, stripe: StripeTwin) -> None:
    await counter.start()
    checkout_id = (await counter.payment()).checkout_id or ""
    stripe.customer.pay_slowly(checkout_id)
    await hear_all(counter, stripe)
    assert (await counter.payment()).is_underway
    stripe.customer.settle(checkout_id)
    later(minutes=11)
    await counter.reconcile()
    assert ((await counter.payment()).status, await counter.balance()) == ("paid", PRICE)


async def test_another_amount_than_was_asked_for_goes_back(counter: Till, stripe: StripeTwin) -> None:
    await counter.start()
    stripe.customer.pay((await counter.payment()).checkout_id or "", amount=PRICE + 1)
    await hear_all(counter, stripe)
    assert (counter.problems(), await counter.balance()) == (["amount_differs"], 0)
    assert await counter.entries() == [("charge", PRICE + 1)]


FAILURES: list[How] = ["hang_after", "cut_after", "half_after", "garbage_after", "error_after", "unavailable"]


@pytest.mark.parametrize("failure", FAILURES)
async def test_whatever_happens_to_the_first_click_the_next_one_leads_to_one_page(
    counter: Till, stripe: StripeTwin, failure: How
) -> None:
    stripe.fail(failure, "POST /v1/checkout/sessions", times=2)
    before = (await counter.booking()).hold_expires_at
    with pytest.raises(GatewayUnavailable):
        await counter.start()
    assert (await counter.booking()).hold_expires_at == before
    stripe.heal()
    first = await counter.start()
    assert await counter.start() == first
    # Stripe keeps a server error under its key, so that one page more may be there, whose address nobody has.
    assert checkouts(stripe) == (2 if failure == "error_after" else 1)


@pytest.mark.parametrize("failure", FAILURES)
async def test_whatever_happens_to_a_refund_it_happens_once(counter: Till, stripe: StripeTwin, failure: How) -> None:
    await paid(counter, stripe)
    stripe.fail(failure, "POST /v1/refunds", times=2)
    await counter.give_back(2000)
    stripe.heal()
    later(minutes=2)
    await counter.reconcile()
    await hear_all(counter, stripe)
    assert await counter.entries() == [("charge", PRICE), ("refund", -2000)]
    assert [event["data"]["object"]["amount"] for event in stripe.webhooks.of("refund.created")] == [2000]


async def test_through_http_with_webhooks_of_its_own(
    settings: Settings, stripe: StripeTwin, studio: TenantHandle, engine: AsyncEngine, owner_url: str
) -> None:
    configured = settings.model_copy(
        update={
            "stripe_api_key": SecretStr(stripe.api_key),
            "stripe_webhook_secret": SecretStr(f"whsec_old, {stripe.webhooks.secret}"),
            "stripe_base_url": stripe.url,
        }
    )
    async with running(configured) as server, http_client(base_url=server.url, timeout=30) as http:
        till = await Till.opened(engine, owner_url, studio.id)
        stripe.webhooks.url = f"{server.url}/v1/webhooks/stripe"
        link = f"/pay/{links.sign(till.business.link_key, studio.id, till.booking_id, 'pay')}"
        answer = await http.post(link)
        assert (answer.status_code, (await http.get("/sandbox/cs_test_0")).status_code) == (303, 404)
        checkout_id = (await till.payment()).checkout_id or ""
        assert checkout_id in answer.headers["location"]
        stripe.customer.pay(checkout_id)
        assert set(await stripe.webhooks.deliver()) == {200}
        assert (await http.get(f"{link}/state?back=done")).json()["state"] in ("paid", "waiting")
        await stripe.webhooks.deliver(*stripe.webhooks.events)
    await hear_all_left(till, owner_url)
    assert await till.entries() == [("charge", PRICE)]


async def hear_all_left(till: Till, owner_url: str) -> None:
    """What the worker had not come to when the server was stopped."""
    gateway = StripeGateway("sk_test_x", (SECRET,))
    till.gateway = gateway
    for each in told.rows(owner_url, "select event_id from webhook_events where status = 'received'"):
        await till.work(each["event_id"])
