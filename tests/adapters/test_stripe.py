"""The real Stripe library against a local Stripe: what we ask for, and what we make of the answers."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from handled.kit import clock
from handled.payments.gateways import Gateway, GatewayRefused
from handled.payments.gateways.stripe import StripeGateway
from tests.adapters.stripe_orders import ORDER, give_back, paid, talking_to
from tests.twins.stripe import StripeTwin


def is_a_gateway(gateway: StripeGateway) -> Gateway:
    return gateway


async def test_the_real_one_is_a_gateway_of_test_money(gateway: StripeGateway) -> None:
    assert is_a_gateway(gateway).name == "stripe"
    assert not gateway.livemode
    assert StripeGateway("sk_live_1", []).livemode
    assert StripeGateway("rk_live_1", []).livemode


async def test_a_checkout_is_one_line_in_the_account_of_the_business(twin: StripeTwin, gateway: Gateway) -> None:
    checkout = await gateway.create_checkout(ORDER, idempotency_key="k")
    assert checkout.status == "open"
    assert not checkout.paid
    assert checkout.url == f"{twin.url}/c/pay/{checkout.id}"
    assert (checkout.amount_minor, checkout.currency) == (4500, "USD")
    assert (checkout.account, checkout.livemode, checkout.payment_intent) == ("acct_studio", False, None)
    assert checkout.expires_at == ORDER.expires_at
    ids = {"payment_id": "p=1&2", "booking_id": str(UUID(int=2)), "tenant_id": str(UUID(int=1))}
    assert checkout.metadata == ids

    session = twin.books.find(checkout.id)
    assert session["client_reference_id"] == str(UUID(int=2))
    assert session["customer_email"] == "anna+test@example.com"
    assert session["success_url"] == ORDER.success_url
    twin.customer.pay(checkout.id)
    payment = twin.books.find(session["payment_intent"])
    assert payment["metadata"] == ids
    assert payment["description"] == ORDER.title


async def test_a_checkout_needs_neither_email_nor_description_nor_account(twin: StripeTwin, gateway: Gateway) -> None:
    order = replace(ORDER, customer_email=None, description="", account=None, metadata={})
    checkout = await gateway.create_checkout(order, idempotency_key="k")
    assert checkout.account is None
    assert "stripe-account" not in twin.requests[-1].headers


async def test_a_paid_checkout_is_complete_and_has_no_page(twin: StripeTwin, gateway: Gateway) -> None:
    checkout = await gateway.create_checkout(ORDER, idempotency_key="k")
    twin.customer.decline(checkout.id)
    assert (await gateway.get_checkout(checkout.id, account="acct_studio")).status == "open"
    twin.customer.pay(checkout.id)
    now = await gateway.get_checkout(checkout.id, account="acct_studio")
    assert (now.status, now.paid, now.url) == ("complete", True, None)
    assert now.payment_intent is not None


async def test_money_that_is_under_way_is_not_paid_yet(twin: StripeTwin, gateway: Gateway) -> None:
    checkout = await gateway.create_checkout(ORDER, idempotency_key="k")
    twin.customer.pay_slowly(checkout.id)
    now = await gateway.get_checkout(checkout.id, account="acct_studio")
    assert (now.status, now.paid) == ("complete", False)
    twin.customer.settle(checkout.id)
    assert (await gateway.get_checkout(checkout.id, account="acct_studio")).paid


async def test_an_open_checkout_can_be_closed_and_then_not_be_paid(twin: StripeTwin, gateway: Gateway) -> None:
    checkout = await gateway.create_checkout(ORDER, idempotency_key="k")
    assert (await gateway.expire_checkout(checkout.id, account="acct_studio")).status == "expired"
    assert (await gateway.expire_checkout(checkout.id, account="acct_studio")).status == "expired"
    with pytest.raises(ValueError, match="expired"):
        twin.customer.pay(checkout.id)
    assert len(twin.ledger.of("checkout.expired")) == 1


async def test_closing_a_checkout_that_was_just_paid_says_so(twin: StripeTwin, gateway: Gateway) -> None:
    checkout = await gateway.create_checkout(ORDER, idempotency_key="k")
    twin.customer.pay(checkout.id)
    now = await gateway.expire_checkout(checkout.id, account="acct_studio")
    assert (now.status, now.paid) == ("complete", True)


async def test_a_checkout_closes_by_itself_when_its_time_is_over(twin: StripeTwin, gateway: Gateway) -> None:
    checkout = await gateway.create_checkout(ORDER, idempotency_key="k")
    twin.customer.abandon(checkout.id)
    twin.clock.advance(timedelta(minutes=45))
    assert (await gateway.get_checkout(checkout.id, account="acct_studio")).status == "expired"
    twin.customer.pay_late(checkout.id)
    assert (await gateway.get_checkout(checkout.id, account="acct_studio")).paid


@pytest.mark.parametrize("minutes", [29, 24 * 60 + 1])
async def test_a_checkout_that_lives_too_short_or_too_long_is_refused(gateway: Gateway, minutes: int) -> None:
    with pytest.raises(GatewayRefused):
        await gateway.create_checkout(
            replace(ORDER, expires_at=clock.now() + timedelta(minutes=minutes)), idempotency_key="k"
        )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"customer_email": "nobody"}, "email_invalid"),
        ({"success_url": "javascript:alert(1)"}, "url_invalid"),
        ({"amount_minor": 49}, "amount_too_small"),
        ({"amount_minor": 100_000_000}, "amount_too_large"),
        ({"amount_minor": 0}, "amount_not_chargeable"),
        ({"amount_minor": -4500}, "amount_not_chargeable"),
        ({"account": "acct_of_a_stranger"}, "account_invalid"),
        ({"metadata": {"note": "x" * 501}}, "invalid_request_error"),
    ],
)
async def test_what_stripe_refuses_has_a_plain_name(gateway: Gateway, changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(GatewayRefused) as refused:
        await gateway.create_checkout(replace(ORDER, **changes), idempotency_key="k")
    assert refused.value.reason == reason
    assert refused.value.body() == {
        "error": "payment_refused",
        "message": "The payment could not be set up. Please contact us.",
    }


async def test_a_wrong_key_is_refused_and_shown_to_nobody(twin: StripeTwin, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with talking_to(twin, api_key="sk_test_secret") as gateway:
        with pytest.raises(GatewayRefused) as refused:
            await gateway.get_checkout("cs_1", account=None)
    assert refused.value.reason == "invalid_request_error"
    assert "sk_test" not in caplog.text


async def test_what_a_customer_typed_is_not_in_the_log(gateway: Gateway, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    with pytest.raises(GatewayRefused):
        await gateway.create_checkout(replace(ORDER, customer_email="anna@nowhere"), idempotency_key="k")
    assert "email_invalid" in caplog.text
    assert "anna" not in caplog.text


async def test_another_accounts_checkouts_and_payments_do_not_exist(twin: StripeTwin, gateway: Gateway) -> None:
    checkout = await gateway.create_checkout(ORDER, idempotency_key="k")
    payment_intent = await paid(twin, gateway)
    for account in ("acct_other", None):
        with pytest.raises(GatewayRefused) as refused:
            await gateway.get_checkout(checkout.id, account=account)
        assert refused.value.reason == "resource_missing"
        with pytest.raises(GatewayRefused):
            await gateway.expire_checkout(checkout.id, account=account)
        with pytest.raises(GatewayRefused):
            await give_back(gateway, payment_intent, account=account)
        assert await gateway.list_refunds(payment_intent, account=account) == []
    assert twin.ledger.of("refund.created", "checkout.expired") == []


async def test_an_id_cannot_lead_elsewhere(twin: StripeTwin, gateway: Gateway) -> None:
    with pytest.raises(GatewayRefused):
        await gateway.get_checkout("../refunds?limit=1", account="acct_studio")
    assert twin.requests[-1].path == "/v1/checkout/sessions/..%2Frefunds%3Flimit%3D1"


async def test_money_goes_back_in_parts_and_never_more_than_was_paid(twin: StripeTwin, gateway: Gateway) -> None:
    payment_intent = await paid(twin, gateway)
    refund = await give_back(gateway, payment_intent, 1500)
    assert (refund.status, refund.amount_minor, refund.currency) == ("succeeded", 1500, "USD")
    assert (refund.payment_intent, refund.metadata) == (payment_intent, {"refund_id": "r1"})
    with pytest.raises(GatewayRefused) as refused:
        await give_back(gateway, payment_intent, 3001, key="refund-2")
    assert refused.value.reason == "invalid_request_error"
    await give_back(gateway, payment_intent, 3000, key="refund-3")
    with pytest.raises(GatewayRefused) as refused:
        await give_back(gateway, payment_intent, 1, key="refund-4")
    assert refused.value.reason == "charge_already_refunded"
    amounts = [each.amount_minor for each in await gateway.list_refunds(payment_intent, account="acct_studio")]
    assert amounts == [3000, 1500]
    assert sum(entry["amount"] for entry in twin.ledger.of("refund.created")) == 4500


async def test_a_refund_can_take_its_time_and_come_back(twin: StripeTwin, gateway: Gateway) -> None:
    payment_intent = await paid(twin, gateway)
    twin.books.refund_status = "pending"
    refund = await give_back(gateway, payment_intent)
    assert refund.status == "pending"
    twin.customer.settle_refund(refund.id, arrives=False)
    assert [each.status for each in await gateway.list_refunds(payment_intent, account="acct_studio")] == ["failed"]
    twin.books.refund_status = "requires_action"
    assert (await give_back(gateway, payment_intent, key="refund-2")).status == "pending"


async def test_an_unpaid_checkout_has_nothing_to_give_back(twin: StripeTwin, gateway: Gateway) -> None:
    checkout = await gateway.create_checkout(ORDER, idempotency_key="k")
    twin.customer.decline(checkout.id)
    payment_intent = twin.books.find(checkout.id)["payment_intent"]
    with pytest.raises(GatewayRefused):
        await give_back(gateway, payment_intent)
    assert twin.ledger.of("refund.created") == []


async def test_every_refund_is_listed_however_many_there_are(twin: StripeTwin, gateway: Gateway) -> None:
    payment_intent = await paid(twin, gateway)
    for number in range(103):
        twin.books.create_refund({"payment_intent": payment_intent, "amount": 1}, "acct_studio", f"{number}")
    refunds = await gateway.list_refunds(payment_intent, account="acct_studio")
    assert len({refund.id for refund in refunds}) == 103


@pytest.mark.parametrize(
    ("currency", "ours", "theirs"),
    [
        ("USD", 4500, 4500),
        ("JPY", 4500, 4500),
        ("HUF", 450000, 450000),
        ("ISK", 4500, 450000),
        ("UGX", 4500, 450000),
        ("RSD", 4500, 450000),
        ("KWD", 4510, 4510),
    ],
)
async def test_an_amount_is_the_same_there_and_back(
    twin: StripeTwin, gateway: Gateway, currency: str, ours: int, theirs: int
) -> None:
    order = replace(ORDER, currency=currency, amount_minor=ours)
    payment_intent = await paid(twin, gateway, order)
    assert twin.ledger.of("checkout.paid")[0]["amount"] == theirs
    [paid_one] = twin.books.checkouts()
    checkout = await gateway.get_checkout(paid_one["id"], account="acct_studio")
    assert (checkout.amount_minor, checkout.currency) == (ours, currency)
    refund = await give_back(gateway, payment_intent, ours, currency=currency)
    assert (refund.amount_minor, refund.currency) == (ours, currency)
    assert twin.books.find(twin.books.find(payment_intent)["latest_charge"])["refunded"]


@pytest.mark.parametrize(
    ("currency", "amount", "chargeable"),
    [("KWD", 5124, 5120), ("KWD", 5120, 5120), ("USD", 4501, 4501), ("ISK", 5, 5), ("JPY", 7, 7)],
)
async def test_three_decimals_end_in_a_zero(gateway: Gateway, currency: str, amount: int, chargeable: int) -> None:
    assert gateway.chargeable(amount, currency) == chargeable


async def test_an_amount_that_does_not_end_in_a_zero_is_refused_before_it_leaves(
    twin: StripeTwin, gateway: Gateway
) -> None:
    with pytest.raises(GatewayRefused) as refused:
        await gateway.create_checkout(replace(ORDER, currency="KWD", amount_minor=5124), idempotency_key="k")
    assert refused.value.reason == "amount_not_chargeable"
    assert twin.requests == []
