"""Asking for money: one payment, one Checkout, however often somebody clicks and whatever the gateway does."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from handled.db.session import tenant_session
from handled.kit import clock
from handled.payments import checkout
from handled.payments.gateways import sandbox_books as books
from handled.payments.gateways import sandbox_json
from handled.payments.gateways.base import Checkout, CheckoutOrder, GatewayRefused, GatewayUnavailable
from handled.payments.gateways.sandbox import SandboxGateway
from handled.tables import SandboxCheckout
from tests.faults import ledger as told
from tests.payments.flaky import flaky
from tests.payments.till import PRICE, Till, later


def checkouts(till: Till) -> int:
    return told.value(till.owner_url, "select count(*) from sandbox_checkouts")


async def test_asking_twice_is_one_payment(till: Till) -> None:
    async with tenant_session(till.engine, till.tenant_id) as session:
        again = await checkout.ask(session, till.tenant_id, till.booking_id, PRICE, "USD")
    assert again.id == till.payment_id


async def test_asking_for_another_amount_gives_the_first_up_and_closes_its_checkout(till: Till) -> None:
    await till.start()
    async with tenant_session(till.engine, till.tenant_id) as session:
        other = await checkout.ask(session, till.tenant_id, till.booking_id, PRICE + 500, "USD")
    assert other.id != till.payment_id
    assert (await till.payment()).status == "cancelled"
    assert [each["payment_id"] for each in till.jobs(checkout.CLOSE)] == [str(till.payment_id)]


async def test_a_click_leads_to_the_gateways_page_and_holds_the_booking_as_long(till: Till) -> None:
    later(minutes=20)
    url = await till.start()
    payment, booking = await till.payment(), await till.booking()
    assert payment.checkout_id is not None and url.endswith(payment.checkout_id)
    assert booking.hold_expires_at == payment.checkout_expires_at
    assert booking.hold_expires_at is not None
    assert booking.hold_expires_at - clock.now() > timedelta(minutes=30)


async def test_the_hold_is_never_shortened(till: Till) -> None:
    before = (await till.booking()).hold_expires_at
    await till.start()
    assert (await till.booking()).hold_expires_at == before
    # The gateway counts in whole seconds.
    ends = (await till.payment()).checkout_expires_at
    assert before is not None and ends == before.replace(microsecond=0)


async def test_a_second_click_leads_to_the_same_page(till: Till) -> None:
    assert await till.start() == await till.start()
    assert checkouts(till) == 1


async def test_ten_tabs_at_once_are_one_checkout(till: Till) -> None:
    urls = await asyncio.gather(*(till.start() for _ in range(10)))
    assert len(set(urls)) == 1
    assert checkouts(till) == 1


async def test_clicking_for_ever_does_not_hold_a_booking_for_ever(till: Till) -> None:
    began = clock.now()
    for _ in range(20):
        later(minutes=5)
        try:
            await till.start()
        except checkout.CheckoutClosed:
            break
    assert clock.now() - began < timedelta(minutes=70)


async def test_a_click_after_the_hold_is_over_is_told_so(till: Till) -> None:
    later(minutes=36)
    with pytest.raises(checkout.CheckoutClosed) as closed:
        await till.start()
    assert closed.value.reason == "over"
    assert checkouts(till) == 0


async def test_a_click_after_paying_is_told_so_although_nobody_has_told_us(till: Till) -> None:
    await till.start()
    await till.happens(books.pay)
    with pytest.raises(checkout.CheckoutClosed) as closed:
        await till.start()
    assert closed.value.reason == "paid"
    assert (await till.payment()).status == "paid"
    assert await till.balance() == PRICE


async def test_nobody_pays_a_second_time_while_the_money_is_under_way(till: Till) -> None:
    await till.start()
    await till.happens(books.pay_slowly)
    with pytest.raises(checkout.CheckoutClosed) as closed:
        await till.start()
    assert closed.value.reason == "underway"
    assert checkouts(till) == 1


async def test_a_checkout_closed_at_the_gateway_is_followed_by_another_while_the_hold_lasts(till: Till) -> None:
    first = await till.start()
    await till.happens(books.expire)
    await till.hear_all()
    assert (await till.payment()).status == "open"
    assert await till.start() != first
    assert checkouts(till) == 2


@pytest.mark.parametrize("reason", ["timeout", "connection", "rate_limited"])
async def test_without_an_answer_the_hold_stays_as_it_was_and_the_next_click_goes_on(till: Till, reason: str) -> None:
    before = (await till.booking()).hold_expires_at
    flaky(till, done_all_the_same=True, create=GatewayUnavailable(reason))
    with pytest.raises(GatewayUnavailable):
        await till.start()
    assert (await till.booking()).hold_expires_at == before
    await till.start()
    assert checkouts(till) == 1


async def test_after_a_server_error_the_next_click_asks_anew(till: Till) -> None:
    flaky(till, create=GatewayUnavailable("server_error"))
    with pytest.raises(GatewayUnavailable):
        await till.start()
    await till.start()
    assert (await till.payment()).attempt == 2


async def test_a_refused_amount_is_told_to_the_business(till: Till) -> None:
    flaky(till, create=GatewayRefused("amount_too_small"))
    with pytest.raises(GatewayRefused):
        await till.start()
    assert till.problems() == ["checkout_refused"]


async def test_no_transaction_is_open_while_the_gateway_is_asked(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    create = SandboxGateway.create_checkout

    async def look(self: SandboxGateway, order: CheckoutOrder, *, idempotency_key: str) -> Checkout:
        query = (
            "select count(*) from pg_stat_activity where datname = current_database() and state like 'idle in trans%%'"
        )
        seen.append(told.value(till.owner_url, query))
        return await create(self, order, idempotency_key=idempotency_key)

    monkeypatch.setattr(SandboxGateway, "create_checkout", look)
    await till.start()
    assert seen == [0]


async def test_a_checkout_made_for_a_booking_that_was_released_meanwhile_is_closed_again(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = SandboxGateway.create_checkout

    async def too_slow(self: SandboxGateway, order: CheckoutOrder, *, idempotency_key: str) -> Checkout:
        made = await create(self, order, idempotency_key=idempotency_key)
        told.change(till.owner_url, "update bookings set status = 'expired', hold_expires_at = null")
        return made

    monkeypatch.setattr(SandboxGateway, "create_checkout", too_slow)
    with pytest.raises(checkout.CheckoutClosed):
        await till.start()
    assert told.value(till.owner_url, "select status from sandbox_checkouts") == "expired"


async def test_closing_shuts_the_gateways_page(till: Till) -> None:
    await till.start()
    assert await checkout.close(till.engine, till.gateway, till.tenant_id, till.booking_id) == "closed"
    assert told.value(till.owner_url, "select status from sandbox_checkouts") == "expired"
    async with tenant_session(till.engine, till.tenant_id) as session:
        await checkout.give_up(session, till.tenant_id, till.booking_id)
    assert (await till.payment()).status == "cancelled"


async def test_closing_finds_out_that_the_customer_was_faster(till: Till) -> None:
    await till.start()
    await till.happens(books.pay)
    assert await checkout.close(till.engine, till.gateway, till.tenant_id, till.booking_id) == "paid"
    assert await till.balance() == PRICE
    assert [each["payment_id"] for each in till.jobs("bookings.settle")] == [str(till.payment_id)]


async def test_closing_knows_of_money_that_is_in_the_books_but_not_settled(till: Till) -> None:
    await till.pay()
    assert await checkout.close(till.engine, till.gateway, till.tenant_id, till.booking_id) == "paid"


async def test_while_the_gateway_is_silent_nothing_counts_as_closed(till: Till) -> None:
    await till.start()
    flaky(till, expire=GatewayUnavailable("timeout"))
    with pytest.raises(GatewayUnavailable):
        await checkout.close(till.engine, till.gateway, till.tenant_id, till.booking_id)
    assert (await till.payment()).status == "open"


async def test_the_same_key_with_another_order_is_refused_by_the_sandbox(till: Till) -> None:
    await till.start()
    async with tenant_session(till.engine, till.tenant_id) as session:
        row = await session.get_one(
            SandboxCheckout, sandbox_json.row_of("cs", (await till.payment()).checkout_id or "")
        )
    order = CheckoutOrder(
        tenant_id=till.tenant_id,
        booking_id=till.booking_id,
        amount_minor=PRICE + 1,
        currency="USD",
        title="Haircut",
        description="",
        customer_email=None,
        success_url="http://desk.example.com/",
        cancel_url="http://desk.example.com/",
        expires_at=clock.now() + timedelta(minutes=31),
    )
    with pytest.raises(GatewayRefused) as refused:
        await till.sandbox.create_checkout(order, idempotency_key=row.idempotency_key)
    assert refused.value.reason == "idempotency_error"


@pytest.mark.parametrize("minutes", [29, 24 * 60 + 1])
async def test_a_checkout_lives_half_an_hour_to_a_day(till: Till, minutes: int) -> None:
    order = CheckoutOrder(
        till.tenant_id,
        till.booking_id,
        PRICE,
        "USD",
        "Haircut",
        "",
        None,
        "http://desk.example.com/",
        "http://desk.example.com/",
        clock.now() + timedelta(minutes=minutes),
    )
    with pytest.raises(GatewayRefused):
        await till.sandbox.create_checkout(order, idempotency_key="k")
