"""What the gateway tells, in whatever order, again, late, not at all, or all at once: one outcome, to the cent."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from pydantic import SecretStr

from handled.kit import clock
from handled.proposals import lifecycle
from handled.settings import Settings
from tests.conftest import at, running
from tests.faults import ledger
from tests.faults.scale import seeded, times, tried
from tests.faults.trade import PAID_STUDIO, Trade, later, problems_of, trading
from tests.twins.stripe_webhooks import body_of

Json = dict[str, Any]

MONDAY = at("2026-03-02T09:00:00-05:00")
DAY = at("2026-03-11T10:00:00-04:00")
PRICE = 4500
TOLD = ("payment_intent.payment_failed", "checkout.session.completed", "refund.created", "charge.refunded")
ALL = (1 << 6) - 1


@pytest.fixture
async def trade(owner_url: str) -> AsyncIterator[Trade]:
    clock.start_at(MONDAY)
    async with trading(owner_url) as opened:
        yield opened


async def life(trade: Trade, *, cancelled: bool = False) -> list[Json]:
    """Declined, paid, and given back by the owner in two parts; perhaps cancelled before anybody heard of the money.
    What there is to tell of it: six events."""
    clock.start_at(MONDAY)
    await trade.open_business(PAID_STUDIO)
    booking = await trade.book("haircut", DAY)
    page = await trade.click(booking)
    trade.stripe.customer.decline(page)
    paid = trade.stripe.customer.pay(page)
    for part in (PRICE // 2, PRICE // 4):
        trade.stripe.books.create_refund({"payment_intent": paid["payment_intent"], "amount": part}, None, None)
    if cancelled:
        proposal = await trade.propose_cancel(await trade.come_in(), booking)
        assert isinstance(await trade.confirm(proposal), lifecycle.Confirmed)
    events = trade.stripe.webhooks.of(*TOLD)
    assert len(events) == 6
    return events


async def outcome(trade: Trade) -> Any:
    """Everything that must be the same whatever was told how often and in which order."""
    (booking,) = trade.look("select status, fee_minor, hold_expires_at from bookings")
    mails = Counter(each["kind"] for each in trade.look("select kind from notifications"))
    books = sorted((kind, amount) for _, kind, amount in trade.our_books())
    refunds = sorted(each["reason"] for each in trade.look("select reason from refunds where status = 'succeeded'"))
    places = trade.look("select count(*) as taken from occupancies")[0]["taken"]
    return booking["status"], books, refunds, dict(mails), places


BOOKED = {"payment_awaited": 1, "booking_confirmed": 1, "new_booking": 1}
GIVEN_BACK = [("refund", -(PRICE // 2)), ("refund", -(PRICE // 4))]
PAID = ("confirmed", [("charge", PRICE), *GIVEN_BACK], ["outside", "outside"], BOOKED, 1)
REST = PRICE - PRICE // 2 - PRICE // 4
LATE = (
    "cancelled",
    sorted([("charge", PRICE), *GIVEN_BACK, ("refund", -REST)]),
    ["late", "outside", "outside"],
    {"payment_awaited": 1, "booking_cancelled": 1, "late_payment_refunded": 1},
    0,
)


async def tell(trade: Trade, events: Sequence[Json], *, jobs_between: bool) -> None:
    for each in events:
        await trade.hear(each)
        if jobs_between:
            await trade.run_all()
    await trade.run_all()


async def wrong_with(trade: Trade, wanted: Any) -> list[str]:
    # What the gateway has done for us in the meantime is told as well.
    for each in list(trade.stripe.webhooks.of(*TOLD)):
        await trade.hear(each)
    await trade.run_all()
    found = problems_of(trade)
    came = await outcome(trade)
    if came != wanted:
        found.append(f"{came} instead of {wanted}")
    if trade.our_books() != trade.stripes_books():
        found.append(f"our books {trade.our_books()}, Stripe's {trade.stripes_books()}")
    return found


async def in_any_order(trade: Trade, count: int, *, stop: bool = False) -> list[str]:
    """So many of all 720 orders, each with one of the 64 masks of duplicates; beyond 720 with several. What went
    wrong in each."""
    random = seeded("webhooks in any order")
    found: list[str] = []
    for order, mask in drawn(count, random):
        cancelled = random.random() < 0.2
        events = await life(trade, cancelled=cancelled)
        told = [events[each] for each in order]
        told += [events[each] for each in order if mask >> each & 1]
        await tell(trade, told, jobs_between=bool(random.getrandbits(1)))
        case = f"order {''.join(map(str, order))}, again {mask:06b}, cancelled {cancelled}"
        found += [f"{case}: {each}" for each in await wrong_with(trade, LATE if cancelled else PAID)]
        if stop and found:
            break
    return found


def drawn(count: int, random: Random) -> Iterator[tuple[tuple[int, ...], int]]:
    """Orders with masks, in turns: none of either comes again before all have come, no pair before all 46,080 have."""
    orders, masks = list(itertools.permutations(range(6))), list(range(64))
    random.shuffle(orders)
    random.shuffle(masks)
    for number in range(min(count, 720 * 64)):
        turn, place = divmod(number, 720)
        yield orders[place], masks[(place + turn) % 64]


def test_at_full_size_every_order_comes_with_every_mask() -> None:
    random = Random(1)
    assert len(set(drawn(720 * 64, random))) == 720 * 64
    first = list(drawn(720, random))
    assert (len({order for order, _ in first}), len({mask for _, mask in first})) == (720, 64)


async def test_whatever_order_and_however_often_there_is_one_outcome(trade: Trade) -> None:
    assert await in_any_order(trade, times(12)) == []
    tried(times(12), "orders of six events with duplicates")


async def test_without_knowing_what_was_heard_before_the_outcome_differs(
    trade: Trade, owner_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unknown(*_: Any) -> bool:
        return False

    monkeypatch.setattr("handled.payments.ledger.has_charge", unknown)
    monkeypatch.setattr("handled.payments.refunds.is_the_same", lambda *_: False)
    ledger.change(owner_url, "drop index uq_ledger_entries_reference, uq_refunds_gateway_refund")
    ledger.change(owner_url, "create index on refunds (tenant_id, gateway_refund_id)")
    assert await in_any_order(trade, 20, stop=True) != []


async def test_whichever_events_never_come_there_is_one_outcome(trade: Trade) -> None:
    random = seeded("webhooks that never come")
    chosen = random.sample(range(1, 1 << 6), min(63, times(5)))
    for missing in chosen:
        events = await life(trade)
        await tell(trade, [each for n, each in enumerate(events) if not missing >> n & 1], jobs_between=False)
        for _ in range(2):
            later(minutes=11)
            await trade.by_the_clock()
            await trade.run_all()
        assert (await outcome(trade), trade.our_books()) == (PAID, trade.stripes_books()), f"missing {missing:06b}"
    tried(len(chosen), "subsets of them that never came")


@pytest.mark.parametrize("hours", [1, 72])
async def test_events_that_come_days_later_change_nothing_more(trade: Trade, hours: int) -> None:
    random = seeded("webhooks that come late")
    for _ in range(times(2)):
        events = await life(trade)
        random.shuffle(events)
        for each in events:
            later(hours=hours / 6)
            await trade.by_the_clock()
            await trade.run_all()
            await trade.hear(each)
        assert await wrong_with(trade, PAID) == []


async def test_thirty_two_at_once_count_as_six(trade: Trade, owner_url: str) -> None:
    random = seeded("webhooks at once")
    for _ in range(times(2)):
        events = await life(trade)
        told = [events[n % 6] for n in range(32)]
        random.shuffle(told)
        await asyncio.gather(*map(trade.hear, told))
        while waiting := trade.queued():
            await asyncio.gather(*(trade.run(job) for job in waiting * 4))
        assert await wrong_with(trade, PAID) == []
    assert ledger.deadlocks(owner_url) == 0


async def test_what_stripe_has_not_signed_is_never_accepted(trade: Trade, settings: Settings) -> None:
    assert await accepted_of(trade, settings, times(500)) == []
    assert trade.look("select event_id from webhook_events") == []
    tried(times(500), "forged webhooks")


async def test_without_checking_signatures_forged_ones_would_be_taken(
    trade: Trade, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handled.payments.gateways.signatures.verify", lambda *_: None)
    assert await accepted_of(trade, settings, 30) != []


async def accepted_of(trade: Trade, settings: Settings, count: int) -> list[str]:
    """So many forged ones posted to the route; those that got another answer than 400."""
    random = seeded("forged webhooks")
    events = await life(trade)
    stripe = trade.stripe
    known = {
        "stripe_api_key": SecretStr(stripe.api_key),
        "stripe_webhook_secret": SecretStr(stripe.webhooks.secret),
        "stripe_base_url": stripe.url,
    }
    accepted: list[str] = []
    async with running(settings.model_copy(update=known)) as server:
        stripe.webhooks.url = f"{server.url}/v1/webhooks/stripe"
        for _ in range(count):
            body, header = forged(trade, random.choice(events), random)
            status = await stripe.webhooks.send(body, header)
            if status != 400:
                accepted.append(f"{status} for {header}: {body[:80]!r}")
        stripe.webhooks.url = None
    return accepted


def forged(trade: Trade, event: Json, random: Any) -> tuple[bytes, str | None]:
    """One that was not signed by Stripe just now: changed, old, of the future, with somebody else's secret, cut."""
    body, webhooks = body_of(event), trade.stripe.webhooks
    right = webhooks.sign(body)
    match random.randrange(10):
        case 0:
            return body, None
        case 1:
            return body, webhooks.sign(body, secret=f"whsec_{random.randrange(10**9)}")
        case 2:
            about = json.loads(body)
            about["data"]["object"]["amount_total"] = random.randrange(10**6)
            return json.dumps(about).encode(), right
        case 3:
            where = random.randrange(len(body))
            return body[:where] + bytes([body[where] ^ 1]) + body[where + 1 :], right
        case 4:
            return body[: random.randrange(len(body))], right
        case 5:
            return body, webhooks.sign(body, at=clock.now() - timedelta(seconds=random.randint(301, 10**6)))
        case 6:
            return body, webhooks.sign(body, at=clock.now() + timedelta(seconds=random.randint(3600, 10**6)))
        case 7:
            return body, right[: random.randrange(len(right))]
        case 8:
            return body, right.replace("v1=", "v0=")
        case _:
            stamp = int(clock.now().timestamp())
            return body, f"t={stamp},v1={random.getrandbits(256):064x}"
