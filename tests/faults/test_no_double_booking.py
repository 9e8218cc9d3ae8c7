"""Nobody is ever booked into somebody else's time, however many want it at once."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import httpx2
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.availability import search
from handled.bookings import lifecycle
from handled.catalog.business import Business
from handled.conversations import messages
from handled.db.session import tenant_session
from handled.kit import clock
from handled.proposals import jobs as proposal_jobs
from handled.proposals import lifecycle as proposals
from handled.proposals import proposing
from handled.proposals.actions.book import BookingRequest
from handled.proposals.actions.outcome import NotFree
from handled.settings import Settings
from handled.tables import Booking, Proposal
from tests.conftest import TenantHandle, at, import_tenant, running
from tests.customers import Customer, Json
from tests.faults import ledger
from tests.faults.racing import LOCKS_OFF, Wish, breaches, business, crowd, race, service
from tests.faults.scale import SCALE, seeded, times, tried
from tests.http_client import http_client

MONDAY = at("2026-03-02T09:00:00-05:00")
TUESDAY = at("2026-03-03T00:00:00-05:00")
FURTHER_ON = at("2026-03-10T09:00:00-04:00")

SHOP = """
slug: race-track
name: Race Track
contact_email: owner@race.example
timezone: America/New_York
locale: en_US
currency: USD
hours: {monday-saturday: 09:00-18:00, sunday: 00:00-06:00}
resources:
  - {key: ada, name: Ada}
  - {key: bo, name: Bo}
  - {key: cy, name: Cy}
services:
  - {key: hour, name: An hour, duration: 60 min, price: "10.00", step: 30 min, horizon: 365 days}
  - key: quick
    name: Quick
    duration: 30 min
    price: "10.00"
    step: 15 min
    horizon: 365 days
    resources: [ada]
    buffer_before: 5 min
    buffer_after: 15 min
  - key: yoga
    name: Yoga
    duration: 60 min
    price: "10.00"
    step: 30 min
    horizon: 365 days
    capacity: 5
    resources: [bo]
  - {key: solo, name: Solo, duration: 60 min, price: "10.00", step: 60 min, horizon: 365 days, resources: [cy]}
"""


@pytest.fixture
async def shop(engine: AsyncEngine) -> TenantHandle:
    clock.start_at(MONDAY)
    return await import_tenant(engine, SHOP)


async def half_overlapping(owner_url: str, shop: TenantHandle) -> list[str]:
    """The race that everything else here is a case of: starts every half hour for hours on three resources."""
    random = seeded("half-overlapping")
    found: list[str] = []
    async with crowd(owner_url) as engine:
        shop_now = await business(engine, shop.id)
        hour = service(shop_now, "hour")
        everybody = [each.id for each in shop_now.resources]
        for each in range(times(4)):
            day = TUESDAY + timedelta(days=7 * each)
            wishes = [
                Wish(
                    hour,
                    random.sample(everybody, random.randint(1, 3)),
                    day + timedelta(hours=9, minutes=30 * random.randrange(17)),
                )
                for _ in range(60)
            ]
            raced = await race(engine, shop_now, wishes)
            found += breaches(owner_url, raced)
            assert raced.won or found
    return found


async def test_of_those_who_want_half_overlapping_hours_nobody_gets_anothers(
    owner_url: str, shop: TenantHandle
) -> None:
    assert await half_overlapping(owner_url, shop) == []
    tried(times(4) * 60, "wishes for half-overlapping hours at once")


async def test_without_locks_and_constraint_the_race_ends_in_double_bookings(
    owner_url: str, shop: TenantHandle
) -> None:
    ledger.change(owner_url, LOCKS_OFF)
    found = await half_overlapping(owner_url, shop)
    doubles = sum(each.startswith("double") for each in found)
    print(f"detected {doubles} double bookings with the guard off")
    assert doubles >= 50 * min(SCALE, 2)


async def test_a_class_fills_to_its_last_seat_and_no_further(owner_url: str, shop: TenantHandle) -> None:
    async with crowd(owner_url) as engine:
        shop_now = await business(engine, shop.id)
        yoga = service(shop_now, "yoga")
        wish = Wish(yoga, [yoga.resources[0].id], TUESDAY + timedelta(hours=10))
        raced = await race(engine, shop_now, [wish] * 30)
    assert (len(raced.won), len(raced.lost), raced.trouble) == (5, 25, [])
    seats = ledger.rows(owner_url, "select seat from occupancies order by seat")
    assert [each["seat"] for each in seats] == [1, 2, 3, 4, 5]


async def test_a_class_shares_its_resource_with_nothing_else(owner_url: str, shop: TenantHandle) -> None:
    random = seeded("class and others")
    async with crowd(owner_url) as engine:
        shop_now = await business(engine, shop.id)
        yoga, hour = service(shop_now, "yoga"), service(shop_now, "hour")
        bo = [yoga.resources[0].id]
        for each in range(times(3)):
            day = TUESDAY + timedelta(days=7 * each, hours=9)
            starts = [day + timedelta(minutes=30 * n) for n in range(4)]
            wishes = [Wish(random.choice([yoga, hour]), bo, random.choice(starts)) for _ in range(40)]
            raced = await race(engine, shop_now, wishes)
            found = breaches(owner_url, raced)
            # A full class turns its sixth customer away from a session that overlaps only itself.
            assert found == []
    kinds = ledger.rows(
        owner_url,
        "select count(distinct o.session_key) as sessions from occupancies o join occupancies p"
        " on p.resource_id = o.resource_id and p.during && o.during group by o.booking_id",
    )
    assert {each["sessions"] for each in kinds} == {1}


async def test_buffers_keep_their_distance_under_race(owner_url: str, shop: TenantHandle) -> None:
    async with crowd(owner_url) as engine:
        shop_now = await business(engine, shop.id)
        quick = service(shop_now, "quick")
        starts = [TUESDAY + timedelta(hours=10, minutes=5 * n) for n in range(24)]
        raced = await race(engine, shop_now, [Wish(quick, [quick.resources[0].id], each) for each in starts] * 2)
    assert breaches(owner_url, raced) == []
    ends = [(each["starts_at"], each["ends_at"]) for each in ledger.live_bookings(owner_url)]
    assert all(later[0] - earlier[1] >= timedelta(minutes=20) for earlier, later in itertools.pairwise(ends))


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 8), 5), (date(2026, 11, 1), 7)],
    ids=["the day that is an hour short", "the day that is an hour long"],
)
async def test_on_days_of_clock_change_every_real_hour_is_sold_once(
    owner_url: str, shop: TenantHandle, day: date, hours: int
) -> None:
    async with crowd(owner_url) as engine:
        shop_now = await business(engine, shop.id)
        solo = service(shop_now, "solo")
        async with tenant_session(engine, shop.id) as session:
            free = await search.list_free(session, shop_now, solo, day, day)
        wishes = [Wish(solo, [solo.resources[0].id], each.starts_at) for each in free]
        raced = await race(engine, shop_now, wishes * 4)
        async with tenant_session(engine, shop.id) as session:
            left = await search.list_free(session, shop_now, solo, day, day)
    assert breaches(owner_url, raced) == []
    assert (len(free), len(raced.won), left) == (hours, hours, [])


# --- through the front door


async def test_of_many_who_ask_for_one_slot_one_gets_it_and_the_others_true_alternatives(
    owner_url: str, settings: Settings, shop: TenantHandle
) -> None:
    random = seeded("one slot for all")
    statuses: Counter[int] = Counter()

    async def count(answer: httpx2.Response) -> None:
        statuses[answer.status_code] += 1

    async with (
        running(settings.model_copy(update={"worker": False})) as server,
        http_client(base_url=server.url, timeout=60, event_hooks={"response": [count]}) as http,
    ):
        customers = [Customer(http, shop.key) for _ in range(times(40))]
        await customers[0].start()
        await customers[0].say("hello")  # the agent's libraries are loaded by the time of its first answer
        await asyncio.gather(*(each.start() for each in customers))
        asked = await asyncio.gather(
            *(each.say(f"solo on Tuesday at 3pm, I am Kim Lee, kim{n}@example.com") for n, each in enumerate(customers))
        )
        winners = [(who, done) for who, done in zip(customers, asked, strict=True) if done["proposal"]]
        losers = [(who, done) for who, done in zip(customers, asked, strict=True) if not done["proposal"]]
        assert len(winners) == 1
        free = await _free(customers[0])
        for _, done in losers:
            availability = done["availability"]
            assert (availability["available"], availability["reason"]) == (False, "taken")
            assert len(availability["alternatives"]) >= 3
            assert {each["slotId"] for each in availability["alternatives"]} <= free
        # Second round: some want one of what they were offered, and whoever gets it confirms in one of three ways.
        second = random.sample(losers, min(len(losers), times(12)))
        offers = [random.choice(done["availability"]["alternatives"]) for _, done in second]
        again = await asyncio.gather(
            *(_take(who, each) for (who, _), each in zip(second, offers, strict=True)), _agree(*winners[0], way=2)
        )
    sold = [each["startsAt"] for each in again if each]
    assert len(sold) == len(set(sold)) == 1 + len({each["slotId"] for each in offers})
    assert ledger.double_bookings(owner_url) == []
    assert ledger.halves(owner_url) == []
    assert ledger.deadlocks(owner_url) == 0
    assert set(statuses) <= {200, 201}, statuses
    tried(times(40), "customers in the chat who want one slot")


async def _free(who: Customer, service: str = "solo") -> set[str]:
    answer = await who.get(f"/availability?service={service}&from=2026-03-01&to=2026-03-31")
    return {each["slotId"] for each in answer.json()["slots"]}


async def _take(who: Customer, offer: Json) -> Json | None:
    done = await who.say(f"{offer['date']} at {offer['time']}")
    return await _agree(who, done, way=int(offer["time"][:2]) % 3) if done["proposal"] else None


async def _agree(who: Customer, done: Json, *, way: int) -> Json:
    if way == 0:
        return (await who.say("yes please"))["booking"]
    if way == 1:
        return (await who.say(done["proposal"]["code"]))["booking"]
    return (await who.confirm(done["proposal"]))["booking"]


async def test_who_comes_too_late_to_confirm_is_told_and_offered_three_free_times(
    owner_url: str, customer: Customer
) -> None:
    clock.start_at(MONDAY)
    done = await customer.say("haircut on Tuesday at 3pm, I am Kim Lee, kim@example.com")
    # The slot is lost although the proposal still stands: as if somebody had taken it away at the desk.
    ledger.change(owner_url, "update bookings set status = 'expired'")
    ledger.change(owner_url, "delete from occupancies")
    refused = await customer.try_confirm(done["proposal"])
    assert (refused.status_code, refused.json()["error"]) == (409, "slot_taken")
    free = await _free(customer, "haircut")
    alternatives = {each["slotId"] for each in refused.json()["alternatives"]}
    assert len(alternatives) >= 3
    assert alternatives <= free
    assert ledger.confirmed_bookings(owner_url) == []


# --- holds that end


async def conversation_in(engine: AsyncEngine, shop: TenantHandle) -> UUID:
    async with tenant_session(engine, shop.id) as session:
        conversation, _ = await messages.start(session, shop.id, locale="en", timezone=None, page=None)
        return conversation.id


def request(shop: Business, key: str, starts_at: datetime, resource_id: UUID | None = None) -> BookingRequest:
    # Somebody else each time: one person may hold two times only.
    email = f"kim-{uuid4()}@example.com"
    return BookingRequest(service(shop, key), starts_at, resource_id, "Kim", email, None, None)


async def propose(
    engine: AsyncEngine, shop: Business, conversation_id: UUID, wish: BookingRequest
) -> Proposal | NotFree:
    async with tenant_session(engine, shop.id) as session:
        return await proposing.propose_booking(session, shop, conversation_id, wish)


async def confirm(engine: AsyncEngine, shop: Business, made: Proposal) -> proposals.Confirmed | proposals.Refused:
    async with tenant_session(engine, shop.id) as session:
        return await proposals.confirm(session, shop, made.conversation_id, made.id, preview_hash=made.preview_hash)


async def test_a_hold_that_is_over_gives_its_slot_back_before_any_job_has_come_by(
    engine: AsyncEngine, shop: TenantHandle
) -> None:
    shop_now = await business(engine, shop.id)
    solo = service(shop_now, "solo")
    wish = Wish(solo, [solo.resources[0].id], TUESDAY + timedelta(hours=10))
    first = await race(engine, shop_now, [wish])
    again = await race(engine, shop_now, [wish])
    clock.start_at(MONDAY + timedelta(minutes=10, seconds=1))
    late = await race(engine, shop_now, [wish])
    assert [len(each.won) for each in (first, again, late)] == [1, 0, 1]


async def test_when_a_hold_runs_out_while_it_is_confirmed_one_side_wins_and_nothing_is_half_done(
    owner_url: str, shop: TenantHandle
) -> None:
    random = seeded("expiry against confirmation")
    outcomes: Counter[str] = Counter()
    patience = 60.0
    async with crowd(owner_url, 12) as engine:
        shop_now = await business(engine, shop.id)
        rivals = [await conversation_in(engine, shop) for _ in range(2)]
        for each in range(times(25)):
            own = await conversation_in(engine, shop)
            wish = request(shop_now, "solo", FURTHER_ON + timedelta(days=7 * (each // 9), hours=each % 9))
            made = await propose(engine, shop_now, own, wish)
            assert isinstance(made, Proposal)
            ledger.let_run_out(
                owner_url, made.booking_id, clock.now() + timedelta(milliseconds=random.uniform(0, patience))
            )
            tasks = [
                confirm(engine, shop_now, made),
                confirm(engine, shop_now, made),
                proposal_jobs.expire(engine),
                *(propose(engine, shop_now, rival, wish) for rival in rivals),
            ]
            random.shuffle(tasks)
            results = await asyncio.gather(*tasks)
            confirmed = any(isinstance(one, proposals.Confirmed) for one in results)
            held = any(isinstance(one, Proposal) for one in results)
            refused = [one.error.name for one in results if isinstance(one, proposals.Refused)]
            assert set(refused) <= {"proposal_expired", "slot_taken", "proposal_stale"}
            assert not (confirmed and held), "sold to one and held for another"
            assert not (confirmed and refused), "two answers to one confirmation"
            assert ledger.double_bookings(owner_url) == []
            outcomes["confirmed" if confirmed else "ran out"] += 1
            # Closer to the edge, wherever it is on this machine today.
            patience *= 0.7 if confirmed else 1.6
    print(dict(outcomes))
    tried(times(25), "holds that ran out while they were confirmed")
    assert ledger.halves(owner_url) == []
    assert ledger.deadlocks(owner_url) == 0
    assert outcomes["confirmed"]
    assert outcomes["ran out"]


async def test_customers_who_change_their_mind_all_at_once_never_wait_for_each_other_in_a_circle(
    owner_url: str, shop: TenantHandle
) -> None:
    random = seeded("changing minds")
    async with crowd(owner_url, 12) as engine:
        shop_now = await business(engine, shop.id)
        hour = service(shop_now, "hour")

        async def undecided(own: UUID) -> None:
            for _ in range(times(8)):
                starts_at = TUESDAY + timedelta(hours=9, minutes=30 * random.randrange(17))
                resource = random.choice([None, None, *(each.id for each in hour.resources)])
                await propose(engine, shop_now, own, request(shop_now, "hour", starts_at, resource))

        conversations = [await conversation_in(engine, shop) for _ in range(10)]
        troubles = await asyncio.gather(*(undecided(each) for each in conversations), return_exceptions=True)
    assert [each for each in troubles if each] == []
    assert ledger.deadlocks(owner_url) == 0
    assert ledger.double_bookings(owner_url) == []
    held = ledger.rows(owner_url, "select conversation_id from bookings where status = 'held'")
    assert len(held) == len({each["conversation_id"] for each in held}), "one hold for one conversation"


async def test_letting_go_and_confirming_at_once_has_one_outcome(
    engine: AsyncEngine, owner_url: str, shop: TenantHandle
) -> None:
    shop_now = await business(engine, shop.id)

    async def release(made: Proposal) -> bool:
        async with tenant_session(engine, shop.id) as session:
            booking = await session.get_one(Booking, (shop.id, made.booking_id))
            return await lifecycle.release(session, booking, actor="staff", action="released")

    for each in range(times(6)):
        own = await conversation_in(engine, shop)
        made = await propose(
            engine,
            shop_now,
            own,
            request(shop_now, "solo", FURTHER_ON + timedelta(hours=each % 9, days=7 * (each // 9))),
        )
        assert isinstance(made, Proposal)
        outcome, released = await asyncio.gather(confirm(engine, shop_now, made), release(made))
        assert isinstance(outcome, proposals.Confirmed) != released
    assert ledger.double_bookings(owner_url) == []
