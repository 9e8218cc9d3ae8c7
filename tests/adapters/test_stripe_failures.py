"""The real Stripe library against a local Stripe that is not well: nothing is lost, nothing happens twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from handled.payments.gateways import Gateway, GatewayRefused, GatewayUnavailable
from handled.payments.gateways.stripe import StripeGateway
from tests.adapters.stripe_orders import IMPATIENT, ORDER, VERY_IMPATIENT, give_back, paid, talking_to
from tests.twins.stripe import StripeTwin


async def test_the_same_key_makes_one_checkout(twin: StripeTwin, gateway: Gateway) -> None:
    first = await gateway.create_checkout(ORDER, idempotency_key="k")
    assert await gateway.create_checkout(ORDER, idempotency_key="k") == first
    other_account = replace(ORDER, account="acct_other")
    assert (await gateway.create_checkout(other_account, idempotency_key="k")).id != first.id
    assert len(twin.ledger.of("checkout.created")) == 2


async def test_the_same_key_with_another_amount_is_refused(twin: StripeTwin, gateway: Gateway) -> None:
    await gateway.create_checkout(ORDER, idempotency_key="k")
    with pytest.raises(GatewayRefused) as refused:
        await gateway.create_checkout(replace(ORDER, amount_minor=4501), idempotency_key="k")
    assert refused.value.reason == "idempotency_error"
    assert len(twin.ledger.of("checkout.created")) == 1


@pytest.mark.parametrize("how", ["cut_after", "hang_after", "half_after", "garbage_after", "error_after"])
async def test_a_refund_whose_answer_is_lost_is_made_once(twin: StripeTwin, how: Any) -> None:
    async with talking_to(twin) as gateway:
        payment_intent = await paid(twin, gateway)
    async with talking_to(twin, patience=VERY_IMPATIENT if how == "hang_after" else IMPATIENT) as gateway:
        twin.fail(how, on="POST /v1/refunds", times=2)
        with pytest.raises(GatewayUnavailable):
            await give_back(gateway, payment_intent, 1000)
    twin.heal()
    async with talking_to(twin) as gateway:
        if how == "error_after":
            with pytest.raises(GatewayUnavailable):
                await give_back(gateway, payment_intent, 1000)
        else:
            assert (await give_back(gateway, payment_intent, 1000)).amount_minor == 1000
        assert [each.amount_minor for each in await gateway.list_refunds(payment_intent, account="acct_studio")] == [
            1000
        ]
    assert len(twin.ledger.of("refund.created")) == 1


async def test_a_connection_cut_once_is_not_even_noticed(twin: StripeTwin, gateway: Gateway) -> None:
    for how in ("cut", "cut_after", "half_after"):
        twin.fail(how)
        checkout = await gateway.create_checkout(ORDER, idempotency_key=how)
        assert checkout.status == "open"
    assert len(twin.ledger.of("checkout.created")) == 3


async def test_a_key_is_forgotten_after_a_day(twin: StripeTwin, gateway: Gateway) -> None:
    payment_intent = await paid(twin, gateway)
    first = await give_back(gateway, payment_intent, 1000)
    twin.clock.advance(timedelta(hours=25))
    assert (await give_back(gateway, payment_intent, 1000)).id != first.id


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("cut", "connection"),
        ("cut_after", "connection"),
        ("half_after", "connection"),
        ("garbage_after", "garbled"),
        ("conflict", "conflict"),
        ("rate_limit", "rate_limited"),
        ("error", "server_error"),
        ("error_after", "server_error"),
        ("unavailable", "server_error"),
    ],
)
async def test_no_usable_answer_means_unavailable(twin: StripeTwin, gateway: Gateway, how: Any, reason: str) -> None:
    twin.fail(how, times=2)
    with pytest.raises(GatewayUnavailable) as unavailable:
        await gateway.create_checkout(ORDER, idempotency_key="k")
    assert unavailable.value.reason == reason
    assert unavailable.value.status == 503
    twin.heal()
    # Only an answer that was kept under the key stands in the way of the next attempt.
    if reason != "server_error" or how == "unavailable":
        assert (await gateway.create_checkout(ORDER, idempotency_key="k")).status == "open"
    else:
        with pytest.raises(GatewayUnavailable):
            await gateway.create_checkout(ORDER, idempotency_key="k")
        assert (await gateway.create_checkout(ORDER, idempotency_key="k2")).status == "open"


@pytest.mark.parametrize("how", ["hang", "hang_after"])
async def test_silence_ends_at_the_limit(twin: StripeTwin, how: Any) -> None:
    async with talking_to(twin, patience=VERY_IMPATIENT) as gateway:
        twin.fail(how, times=2)
        with pytest.raises(GatewayUnavailable) as unavailable:
            await gateway.create_checkout(ORDER, idempotency_key="k")
    assert unavailable.value.reason == "timeout"


async def test_nobody_there_means_unavailable() -> None:
    gateway = StripeGateway("sk_test_1", [], base_url="http://127.0.0.1:9", patience=IMPATIENT)
    with pytest.raises(GatewayUnavailable) as unavailable:
        await gateway.get_checkout("cs_1", account=None)
    assert unavailable.value.reason == "connection"
    await gateway.close()


async def test_a_402_is_refused_by_its_code(twin: StripeTwin, gateway: Gateway) -> None:
    twin.fail("card_error")
    with pytest.raises(GatewayRefused) as refused:
        await gateway.create_checkout(ORDER, idempotency_key="k")
    assert refused.value.reason == "card_declined"


async def test_closing_is_unavailable_when_stripe_is(twin: StripeTwin, gateway: Gateway) -> None:
    checkout = await gateway.create_checkout(ORDER, idempotency_key="k")
    twin.fail("unavailable", on="POST", times=2)
    with pytest.raises(GatewayUnavailable):
        await gateway.expire_checkout(checkout.id, account="acct_studio")
    assert (await gateway.get_checkout(checkout.id, account="acct_studio")).status == "open"
