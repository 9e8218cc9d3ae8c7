"""Signed events: who is believed, what they say, and how the local Stripe delivers them."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from handled.kit import clock
from handled.payments.gateways import Gateway, GatewayUnavailable, SignatureInvalid, signatures
from handled.payments.gateways.stripe import StripeGateway
from tests.adapters.stripe_orders import ORDER, give_back
from tests.twins.stripe import StripeTwin
from tests.twins.stripe_webhooks import body_of
from tests.twins.wire import Request, Wire, serving

SECRET = "whsec_ours"
NOW = datetime(2026, 3, 2, 10, 15, tzinfo=UTC)
BODY = (
    b'{"id": "evt_1", "object": "event", "type": "checkout.session.completed", "livemode": false, '
    b'"created": 1772446500, "data": {"object": {"object": "checkout.session", "note": "caf\xc3\xa9"}}}'
)


def gateway_with(*secrets: str) -> Gateway:
    return StripeGateway("sk_test_1", secrets)


def why_refused(body: bytes, header: str | None, *, secrets: tuple[str, ...] = (SECRET,), now: datetime = NOW) -> str:
    with pytest.raises(SignatureInvalid) as refused:
        gateway_with(*secrets).parse_event(body, header, now)
    assert refused.value.status == 400
    return refused.value.reason


def test_what_stripe_signed_is_believed() -> None:
    event = gateway_with(SECRET).parse_event(BODY, signatures.sign(BODY, SECRET, NOW), NOW)
    assert (event.id, event.type, event.account, event.livemode) == (
        "evt_1",
        "checkout.session.completed",
        None,
        False,
    )
    assert event.object == {"object": "checkout.session", "note": "café"}


def test_we_sign_as_stripes_own_library_does(twin: StripeTwin) -> None:
    assert signatures.sign(BODY, SECRET, NOW) == twin.webhooks.sign(BODY, at=NOW, secret=SECRET)


@pytest.mark.parametrize(
    ("header", "why"),
    [
        (None, "missing"),
        ("", "missing"),
        ("t=,v1=", "malformed"),
        ("nonsense", "malformed"),
        ("v1=abc", "malformed"),
        ("t=1772446500", "malformed"),
        ("t=1772446500,v0=abc", "malformed"),
        ("t=-1,v1=abc", "malformed"),
        ("t=1e9,v1=abc", "malformed"),
        ("t= 1772446500,v1=abc", "malformed"),
        ("t=\u0661\u0662,v1=abc", "malformed"),
        ("t=1772446500,t=1772446501,v1=abc", "malformed"),
        ("t=1772446500," + "v1=abc," * 1000, "malformed"),
        ("t=1772446500,v1=", "mismatch"),
        ("t=1772446500,v1=abc", "mismatch"),
        ("t=1772446500,v1=\xff\u20ac\udcff", "mismatch"),
        ("t=99999999999,v1=abc", "mismatch"),
    ],
)
def test_a_header_that_proves_nothing_is_refused(header: str | None, why: str) -> None:
    assert why_refused(BODY, header) == why


def test_another_secret_another_body_or_another_time_is_refused() -> None:
    header = signatures.sign(BODY, SECRET, NOW)
    assert why_refused(BODY, signatures.sign(BODY, "whsec_theirs", NOW)) == "mismatch"
    assert why_refused(BODY, signatures.sign(BODY, "", NOW)) == "mismatch"
    assert why_refused(BODY, signatures.sign(BODY, "", NOW), secrets=("",)) == "mismatch"
    assert why_refused(BODY, header, secrets=()) == "mismatch"
    assert why_refused(BODY[:-1], header) == "mismatch"
    assert why_refused(BODY + b" ", header) == "mismatch"
    assert why_refused(BODY.replace(b"evt_1", b"evt_2"), header) == "mismatch"
    assert why_refused(BODY, header.replace("t=17", "t=18")) == "mismatch"
    assert why_refused(BODY, header[:-1]) == "mismatch"
    assert why_refused(BODY, header + "0") == "mismatch"
    assert why_refused(BODY, header.replace("v1=", "v0=")) == "malformed"


@pytest.mark.parametrize(
    ("age", "why"),
    [
        (timedelta(minutes=5, seconds=1), "stale"),
        (timedelta(days=3), "stale"),
        (timedelta(minutes=-5, seconds=-1), "future"),
        (timedelta(days=-3650), "future"),
    ],
)
def test_a_signature_from_another_time_is_refused(age: timedelta, why: str) -> None:
    assert why_refused(BODY, signatures.sign(BODY, SECRET, NOW - age)) == why


@pytest.mark.parametrize("age", [timedelta(minutes=5), timedelta(0), timedelta(minutes=-5)])
def test_a_clock_that_is_a_little_off_does_not_matter(age: timedelta) -> None:
    assert gateway_with(SECRET).parse_event(BODY, signatures.sign(BODY, SECRET, NOW - age), NOW).id == "evt_1"


def test_while_a_secret_is_rolled_both_are_believed() -> None:
    old, new = signatures.sign(BODY, "whsec_old", NOW), signatures.sign(BODY, SECRET, NOW)
    stamp, first = old.split(",")
    second = new.split(",")[1]
    both = f"{stamp},{first},{second},v0={'0' * 64}"
    assert gateway_with(SECRET).parse_event(BODY, both, NOW).id == "evt_1"
    assert gateway_with("whsec_old", SECRET).parse_event(BODY, new, NOW).id == "evt_1"
    assert why_refused(BODY, f"{stamp},{first},v1={'0' * 64}") == "mismatch"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"\xff\xfe",
        b"[]",
        b"null",
        b"{}",
        BODY.replace(b'"event"', b'"v2.core.event"'),
        BODY.replace(b'"evt_1"', b"1"),
        BODY.replace(b"false", b'"false"'),
        BODY.replace(b"1772446500", b'"now"'),
        BODY.replace(b"1772446500", b"1e300"),
        BODY.replace(b'{"object": "checkout.session", "note": "caf\xc3\xa9"}', b"[]"),
    ],
)
def test_what_is_signed_and_still_no_event_is_refused(body: bytes) -> None:
    assert why_refused(body, signatures.sign(body, SECRET, NOW)) == "payload"


def test_none_of_two_thousand_forgeries_is_believed() -> None:
    chance = random.Random(20260302)
    header = signatures.sign(BODY, SECRET, NOW)
    for _ in range(1000):
        at = chance.randrange(len(BODY))
        body = BODY[:at] + bytes([BODY[at] ^ chance.randrange(1, 256)]) + BODY[at + 1 :]
        assert why_refused(body, header) == "mismatch"
        place = chance.randrange(header.index("v1=") + 3, len(header))
        digit = chance.choice([each for each in "0123456789abcdefABCDEF" if each != header[place]])
        assert why_refused(BODY, header[:place] + digit + header[place + 1 :]) == "mismatch"


async def test_events_tell_of_checkouts_and_refunds(twin: StripeTwin, gateway: Gateway) -> None:
    checkout = await gateway.create_checkout(ORDER, idempotency_key="k")
    twin.customer.pay(checkout.id)
    payment_intent = twin.books.find(checkout.id)["payment_intent"]
    refund = await give_back(gateway, payment_intent, 1000)
    events = [
        gateway.parse_event(body, twin.webhooks.sign(body), clock.now())
        for body in (body_of(event) for event in twin.webhooks.events)
    ]
    assert [event.type for event in events] == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
        "refund.created",
        "charge.refunded",
    ]
    assert {event.account for event in events} == {"acct_studio"}
    assert not any(event.livemode for event in events)
    assert events[0].created_at <= clock.now()
    told = [gateway.checkout_in(event) for event in events]
    assert told[3] == await gateway.get_checkout(checkout.id, account="acct_studio")
    assert [each for each in told if each is not None] == [told[3]]
    assert [each for each in map(gateway.refund_in, events) if each is not None] == [refund]


async def test_an_event_that_makes_no_sense_is_garbled(twin: StripeTwin, gateway: Gateway) -> None:
    checkout = await gateway.create_checkout(ORDER, idempotency_key="k")
    twin.customer.pay(checkout.id)
    body = body_of(twin.webhooks.events[-1]).replace(b'"amount_total": 4500', b'"amount_total": "a lot"')
    event = gateway.parse_event(body, twin.webhooks.sign(body), clock.now())
    with pytest.raises(GatewayUnavailable):
        gateway.checkout_in(event)


class Endpoint:
    """What an application would be: it believes what is signed, and answers what it is told to."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway
        self.statuses: list[int] = []
        self.got: list[str] = []

    async def answer(self, request: Request, wire: Wire) -> None:
        event = self.gateway.parse_event(request.raw, request.headers.get("stripe-signature"), clock.now())
        self.got.append(event.type)
        await wire.answer(self.statuses.pop(0) if self.statuses else 200, {})


@pytest.fixture
async def endpoint(twin: StripeTwin, gateway: Gateway) -> AsyncIterator[Endpoint]:
    application = Endpoint(gateway)
    async with serving(application.answer) as url:
        twin.webhooks.url = f"{url}/webhooks/stripe"
        yield application


async def test_events_come_when_they_are_told_to_in_any_order_and_twice(
    twin: StripeTwin, gateway: Gateway, endpoint: Endpoint
) -> None:
    checkout = await gateway.create_checkout(ORDER, idempotency_key="k")
    twin.customer.pay(checkout.id)
    assert endpoint.got == []
    [completed] = twin.webhooks.of("checkout.session.completed")
    [succeeded] = twin.webhooks.of("payment_intent.succeeded")
    assert await twin.webhooks.deliver(completed, succeeded, completed) == [200, 200, 200]
    assert endpoint.got == ["checkout.session.completed", "payment_intent.succeeded", "checkout.session.completed"]
    twin.webhooks.drop(twin.webhooks.of("payment_intent.created"))
    assert await twin.webhooks.deliver() == [200]
    assert endpoint.got[-1] == "charge.succeeded"
    assert len(twin.ledger.of("event.delivered")) == 4


async def test_an_event_that_is_not_taken_waits(twin: StripeTwin, gateway: Gateway, endpoint: Endpoint) -> None:
    checkout = await gateway.create_checkout(ORDER, idempotency_key="k")
    await gateway.expire_checkout(checkout.id, account="acct_studio")
    endpoint.statuses = [500]
    assert await twin.webhooks.deliver() == [500]
    assert await twin.webhooks.deliver() == [200]
    assert await twin.webhooks.deliver() == []
    assert endpoint.got == ["checkout.session.expired"] * 2


async def test_an_event_that_comes_days_later_is_signed_anew(
    twin: StripeTwin, gateway: Gateway, endpoint: Endpoint
) -> None:
    checkout = await gateway.create_checkout(ORDER, idempotency_key="k")
    await gateway.expire_checkout(checkout.id, account="acct_studio")
    clock.start_at(clock.now() + timedelta(hours=72))
    assert await twin.webhooks.deliver() == [200]
    assert endpoint.got == ["checkout.session.expired"]
