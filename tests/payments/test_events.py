"""What the gateway tells us: in any order, again and again, late, wrong, or not at all; one outcome."""

from __future__ import annotations

import json
from typing import Any

import pytest

from handled.db.session import tenant_session
from handled.kit import ids
from handled.payments import checkout, inbox
from handled.payments.gateways import sandbox_books as books
from handled.payments.gateways import sandbox_json
from handled.payments.gateways.base import GatewayUnavailable
from tests.conftest import STUDIO, import_tenant
from tests.faults import ledger as told
from tests.payments.flaky import flaky
from tests.payments.till import PRICE, Till, changed, later

Json = dict[str, Any]


async def completed(till: Till) -> bytes:
    """The event that says that the payment was paid, which nobody has heard yet."""
    await till.start()
    await till.happens(books.pay)
    return (await till.bodies())[-1]


def named(body: bytes) -> str:
    return json.loads(body)["id"]


async def nothing_changed(till: Till) -> bool:
    return (await till.payment()).status == "open" and await till.entries() == [] and till.jobs("bookings.settle") == []


async def test_money_that_came_is_in_the_ledger_and_settled_in_one_transaction(till: Till) -> None:
    await till.pay()
    payment = await till.payment()
    assert (payment.status, payment.paid_at is not None) == ("paid", True)
    assert await till.entries() == [("charge", PRICE)]
    assert till.jobs("bookings.settle") == [{"tenant_id": str(till.tenant_id), "payment_id": str(till.payment_id)}]


async def test_an_event_that_comes_ten_times_counts_once(till: Till) -> None:
    body = await completed(till)
    await till.hear(*[body] * 10)
    assert await till.entries() == [("charge", PRICE)]
    assert len(till.jobs("bookings.settle")) == 1
    assert len(till.jobs(inbox.WORK)) == 1


async def test_two_events_about_the_same_money_count_once(till: Till) -> None:
    body = await completed(till)
    await till.hear(body, changed(body), changed(body, type="checkout.session.async_payment_succeeded"))
    assert await till.entries() == [("charge", PRICE)]
    assert len(till.jobs("bookings.settle")) == 1
    assert (list(await till.refunds()), len(await till.payments()), till.problems()) == ([], 1, [])


async def test_nothing_that_comes_after_the_money_takes_it_away(till: Till) -> None:
    body = await completed(till)
    unpaid = {"status": "expired", "payment_status": "unpaid", "payment_intent": None}
    await till.hear(body, changed(body, type="checkout.session.expired", about=unpaid))
    assert (await till.payment()).status == "paid"


async def test_money_that_comes_after_the_end_is_late_and_not_lost(till: Till) -> None:
    await till.start()
    later(minutes=36)
    await till.happens(books.expire)
    await till.hear_all()
    assert (await till.payment()).status == "expired"
    await till.happens(books.pay, late=True)
    await till.hear_all()
    assert (await till.payment()).status == "paid"
    assert await till.balance() == PRICE
    assert len(till.jobs("bookings.settle")) == 1


async def test_a_way_to_pay_that_takes_days_is_watched_and_counts_when_the_money_is_there(till: Till) -> None:
    await till.start()
    await till.happens(books.pay_slowly)
    await till.hear_all()
    payment = await till.payment()
    assert (payment.status, payment.is_underway, await till.balance()) == ("open", True, 0)
    later(days=2)
    await till.happens(books.arrive, succeeds=True)
    await till.hear_all()
    assert ((await till.payment()).status, await till.balance()) == ("paid", PRICE)


@pytest.mark.parametrize("backwards", [False, True])
async def test_money_that_never_arrives_is_not_waited_for(till: Till, backwards: bool) -> None:
    await till.start()
    await till.happens(books.pay_slowly)
    await till.happens(books.arrive, succeeds=False)
    bodies = await till.bodies()
    await till.hear(*(reversed(bodies) if backwards else bodies))
    payment = await till.payment()
    assert (payment.status, payment.is_underway, await till.entries()) == ("expired", False, [])


async def test_a_declined_card_changes_nothing(till: Till) -> None:
    await till.start()
    await till.happens(books.decline)
    (body,) = await till.bodies()
    await till.hear(body)
    assert await till.verdict(named(body)) == ("done", "a try failed: card_declined")
    assert await nothing_changed(till)


FORGED: dict[str, Json] = {
    "another account": {"account": "acct_other"},
    "real money in a test": {"livemode": True},
    "a real Checkout in a test event": {"about": {"livemode": True}},
    "another payment": {"about": {"metadata": {}}},
}


@pytest.mark.parametrize("words", FORGED.values(), ids=FORGED)
async def test_an_event_that_does_not_fit_changes_nothing(till: Till, words: Json) -> None:
    body = changed(await completed(till), id="evt_forged", **words)
    if "metadata" in words.get("about", {}):
        metadata = {"tenant_id": str(till.tenant_id), "booking_id": str(ids.new_id())}
        body = changed(body, id="evt_forged", about={"metadata": metadata})
    await till.hear(body)
    assert (await till.verdict("evt_forged"))[0] == "failed"
    assert await nothing_changed(till)
    assert till.problems() == ["does_not_fit"]


@pytest.mark.parametrize("amount", [PRICE - 1, PRICE + 1])
async def test_an_event_whose_amount_is_off_by_a_cent_is_not_believed(till: Till, amount: int) -> None:
    await till.start()
    opened = await till.payment()
    about = sandbox_json.session_json(await till.happens(given)) | {"status": "complete", "payment_status": "paid"}
    event: Json = {
        "id": "evt_forged",
        "object": "event",
        "type": "checkout.session.completed",
        "account": None,
        "livemode": False,
        "created": 1_700_000_000,
        "data": {"object": about | {"amount_total": amount}},
    }
    assert about["id"] == opened.checkout_id
    await till.hear(json.dumps(event).encode())
    assert await till.verdict("evt_forged") == ("failed", "the gateway itself says otherwise")
    assert await nothing_changed(till)
    assert till.problems() == ["does_not_fit"]


async def given(_: Any, row: Any) -> Any:
    return row


async def test_an_event_whose_amount_is_in_another_currency_is_not_believed(till: Till) -> None:
    body = changed(await completed(till), id="evt_forged", about={"currency": "jpy"})
    told.change(till.owner_url, "update sandbox_checkouts set status = 'open', payment_status = 'unpaid'")
    await till.hear(body)
    assert (await till.verdict("evt_forged"))[0] == "failed"
    assert await nothing_changed(till)


async def test_money_that_really_came_and_was_not_asked_for_goes_back(till: Till) -> None:
    await till.start()
    told.change(till.owner_url, "update sandbox_checkouts set amount_minor = amount_minor + 1")
    await till.happens(books.pay)
    (body,) = await till.bodies()
    await till.hear(body, changed(body))
    assert (await till.verdict(named(body)))[0] == "failed"
    assert (await till.payment()).status == "open"
    assert await till.entries() == [("charge", PRICE + 1)]
    (refund,) = await till.refunds()
    assert (refund.amount_minor, await till.balance()) == (PRICE + 1, 0)
    assert till.problems() == ["amount_differs"]
    assert till.jobs("bookings.settle") == []


async def test_who_has_paid_twice_gets_the_second_back(till: Till) -> None:
    """The first Checkout is paid when we already have another one."""
    await till.start()
    first = (await till.payment()).checkout_id
    await till.happens(books.expire)
    await till.pay()
    await till.happens(books.pay, first, late=True)
    await till.hear_all()
    assert sorted(await till.entries()) == [("charge", PRICE), ("charge", PRICE)]
    (refund,) = await till.refunds()
    assert (refund.amount_minor, await till.balance()) == (PRICE, PRICE)
    assert till.problems() == ["paid_twice"]
    assert len(till.jobs("bookings.settle")) == 1


async def test_an_event_about_another_tenants_checkout_is_not_believed_whatever_is_written_on_it(till: Till) -> None:
    other = await import_tenant(till.engine, STUDIO.replace("slug: studio", "slug: other"))
    theirs = await Till.opened(till.engine, till.owner_url, other.id)
    body = await completed(theirs)
    await till.start()
    ours = {"tenant_id": till.tenant_id, "booking_id": till.booking_id, "payment_id": till.payment_id}
    metadata = {name: str(value) for name, value in ours.items()}
    await till.hear(changed(body, id="evt_forged", about={"metadata": metadata}))
    assert await till.verdict("evt_forged") == ("failed", "the gateway itself says otherwise")
    assert await nothing_changed(till)
    assert await theirs.entries() == []


async def test_an_event_from_another_tenants_account_is_not_believed(till: Till) -> None:
    told.change(till.owner_url, "update tenants set stripe_account = 'acct_studio', version = version + 1")
    till = await Till.opened(till.engine, till.owner_url, till.tenant_id)
    body = await completed(till)
    assert (await till.payment()).account == "acct_studio"
    await till.hear(changed(body, id="evt_forged", account="acct_other"))
    assert await till.verdict("evt_forged") == ("failed", "account is acct_other, not acct_studio")
    assert (await till.payment()).status == "open"
    await till.hear(body)
    assert (await till.payment()).status == "paid"


async def test_an_event_that_names_nobody_we_know_is_not_kept(till: Till) -> None:
    body = await completed(till)
    stranger = {"id": "cs_of_somebody", "payment_intent": "pi_of_somebody"}
    for metadata in ({}, {"tenant_id": "no id"}, {"tenant_id": str(ids.new_id())}, None, "text"):
        await till.hear(changed(body, about=stranger | {"metadata": metadata}), work=False)
    assert told.value(till.owner_url, "select count(*) from webhook_events") == 0
    assert await nothing_changed(till)


async def test_a_type_that_we_do_not_know_is_kept_and_ignored(till: Till) -> None:
    await till.hear(changed(await completed(till), id="evt_new", type="checkout.session.celebrated"))
    assert await till.verdict("evt_new") == ("ignored", "of no kind that matters here")


async def test_an_event_without_sense_is_kept_for_a_person(till: Till) -> None:
    await till.hear(changed(await completed(till), id="evt_odd", about={"amount_total": "a lot"}))
    assert await till.verdict("evt_odd") == ("failed", "cannot be read")
    assert await nothing_changed(till)


async def test_only_what_we_read_of_an_event_is_kept(till: Till) -> None:
    person = {"customer_details": {"name": "Kim Canary"}, "customer_email": "canary@example.com"}
    body = changed(await completed(till), about=person | {"payment_intent": {"id": "pi_x", "receipt_email": "canary"}})
    await till.hear(body, work=False)
    assert "anary" not in told.value(till.owner_url, "select string_agg(payload::text, ' ') from webhook_events")


async def test_a_dispute_is_told_to_the_business(till: Till) -> None:
    await till.pay()
    about: Json = {"id": "dp_1", "object": "dispute", "payment_intent": (await till.payment()).payment_intent}
    event = {"id": "evt_d", "object": "event", "type": "charge.dispute.created", "livemode": False, "created": 1}
    body = json.dumps(event | {"data": {"object": about}}).encode()
    await till.hear(body, body)
    assert till.problems() == ["dispute"]
    assert await till.balance() == PRICE


async def test_what_the_gateway_has_to_be_asked_about_waits_until_it_answers(till: Till) -> None:
    body = changed(await completed(till), id="evt_odd", about={"amount_total": PRICE + 1})
    flaky(till, get=GatewayUnavailable("timeout"))
    with pytest.raises(GatewayUnavailable):
        await till.hear(body)
    assert (await till.verdict("evt_odd"))[0] == "received"
    later(minutes=2)
    await till.reconcile()
    # The truth is that what was asked for was paid.
    assert ((await till.payment()).status, await till.balance()) == ("paid", PRICE)


async def test_a_booking_that_was_given_up_still_gets_its_late_money_into_the_books(till: Till) -> None:
    await till.start()
    await checkout.close(till.engine, till.gateway, till.tenant_id, till.booking_id)
    async with tenant_session(till.engine, till.tenant_id) as session:
        await checkout.give_up(session, till.tenant_id, till.booking_id)
    await till.happens(books.pay, late=True)
    later(hours=7)
    await till.reconcile()
    assert ((await till.payment()).status, await till.balance()) == ("paid", PRICE)
    assert len(till.jobs("bookings.settle")) == 1
