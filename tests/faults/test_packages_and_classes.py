"""What several share, what takes a whole day, and what is had in full or not at all: under a race."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

import httpx2
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.catalog.business import Business
from handled.kit import clock
from handled.settings import Settings
from tests.conftest import TenantHandle, at, import_tenant, running
from tests.customers import Customer, Json
from tests.faults import ledger
from tests.faults.racing import LOCKS_OFF, Wish, breaches, business, crowd, race, service
from tests.faults.scale import seeded, times, tried
from tests.http_client import http_client

MONDAY = at("2026-03-02T09:00:00-05:00")
TUESDAY = at("2026-03-03T00:00:00-05:00")

SALON = """
slug: quick-hands
name: Quick Hands
contact_email: owner@hands.example
timezone: America/New_York
locale: en_US
currency: USD
hours: {daily: 09:00-18:00}
resources:
  - {key: ada, name: Ada}
  - {key: bo, name: Bo}
  - {key: cy, name: Cy}
services:
  - key: trim
    name: Trim
    duration: 30 min
    price: "10.00"
    horizon: 365 days
    buffer_after: 5 min
    resources: [ada, bo]
  - key: tint
    name: Tint
    duration: 60 min
    price: "10.00"
    horizon: 365 days
    buffer_before: 10 min
    buffer_after: 15 min
    resources: [ada, cy]
  - {key: polish, name: Polish, duration: 30 min, price: "10.00", horizon: 365 days}
  - {key: yoga, name: Yoga, duration: 60 min, price: "10.00", horizon: 365 days, capacity: 5, resources: [bo]}
  - {key: wedding, name: Wedding, kind: whole_day, price: "10.00", horizon: 365 days, resources: [ada, bo]}
packages:
  - {key: makeover, name: Makeover, includes: [trim, tint, polish], price: "25.00", horizon: 365 days}
"""


PART_BY_PART = """
do $$ begin
  execute replace(pg_get_functiondef('take_places'::regproc), 'return null;', 'continue;');
end $$
"""
"""The red control: a part that cannot be had is left out."""


@pytest.fixture
async def salon(engine: AsyncEngine) -> TenantHandle:
    clock.start_at(MONDAY)
    return await import_tenant(engine, SALON)


def whole(salon: Business, hour: float) -> Wish:
    makeover = service(salon, "makeover")
    return Wish(makeover, [each.id for each in makeover.resources], TUESDAY + timedelta(hours=hour))


async def packages_among_their_parts(owner_url: str, salon: TenantHandle) -> list[str]:
    """Half of them want a whole package, the others one of its services, all around the same hours."""
    random = seeded("packages among their parts")
    found: list[str] = []
    kinds: set[str] = set()
    async with crowd(owner_url) as engine:
        shop = await business(engine, salon.id)
        for each in range(times(6)):
            day = TUESDAY + timedelta(days=each)
            wishes: list[Wish] = []
            for _ in range(50):
                offered = service(shop, random.choice(["makeover", "makeover", "makeover", "trim", "tint", "polish"]))
                who = [one.id for one in offered.resources]
                random.shuffle(who)
                wishes.append(Wish(offered, who, day + timedelta(hours=9, minutes=15 * random.randrange(28))))
            raced = await race(engine, shop, wishes)
            found += breaches(owner_url, raced)
            kinds |= {one.service.key for one in raced.won}
    assert kinds == {"makeover", "trim", "tint", "polish"}
    return found


async def test_a_package_is_had_in_full_or_not_at_all_and_never_over_anybody_else(
    owner_url: str, salon: TenantHandle
) -> None:
    assert await packages_among_their_parts(owner_url, salon) == []
    tried(times(6) * 50, "wishes for packages and their parts at once")
    sizes = ledger.rows(
        owner_url,
        "select s.key, count(*) as places from occupancies o join bookings b on b.id = o.booking_id"
        " join services s on s.id = b.service_id group by s.key, b.id",
    )
    assert {each["places"] for each in sizes if each["key"] == "makeover"} == {3}
    assert {each["places"] for each in sizes if each["key"] != "makeover"} == {1}


async def test_without_locks_and_constraint_packages_end_in_double_bookings(
    owner_url: str, salon: TenantHandle
) -> None:
    ledger.change(owner_url, LOCKS_OFF)
    found = await packages_among_their_parts(owner_url, salon)
    print(f"detected {len(found)} breaches with the guard off")
    assert any(each.startswith("double") for each in found)


async def test_without_all_or_nothing_packages_end_half_taken(owner_url: str, salon: TenantHandle) -> None:
    ledger.change(owner_url, PART_BY_PART)
    found = await packages_among_their_parts(owner_url, salon)
    print(f"detected {len(found)} breaches with the guard off")
    assert any(each.startswith("half taken") for each in found)


async def test_a_package_that_loses_one_part_leaves_nothing_behind(owner_url: str, salon: TenantHandle) -> None:
    async with crowd(owner_url) as engine:
        shop = await business(engine, salon.id)
        polish = service(shop, "polish")
        # Everybody who could perform the last part is busy with something else.
        last = TUESDAY + timedelta(hours=11, minutes=30)
        await race(engine, shop, [Wish(polish, [one.id], last) for one in polish.resources])
        before = ledger.rows(owner_url, "select * from occupancies order by booking_id")
        raced = await race(engine, shop, [whole(shop, 10)] * 6)
    assert (len(raced.won), len(raced.lost), raced.trouble) == (0, 6, [])
    assert ledger.rows(owner_url, "select * from occupancies order by booking_id") == before
    assert (
        ledger.value(
            owner_url, "select count(*) from bookings b join services s on s.id = b.service_id where s.key = 'makeover'"
        )
        == 0
    )


async def test_of_many_packages_at_one_hour_as_many_are_had_as_there_is_room_for(
    owner_url: str, salon: TenantHandle
) -> None:
    async with crowd(owner_url) as engine:
        shop = await business(engine, salon.id)
        raced = await race(engine, shop, [whole(shop, 10)] * times(30))
    # Two can trim at ten and two can tint half an hour later.
    assert (len(raced.won), breaches(owner_url, raced)) == (2, [])
    parts = ledger.rows(
        owner_url,
        "select string_agg(r.key, ' ' order by o.part) as who from occupancies o"
        " join resources r on r.id = o.resource_id group by o.booking_id order by 1",
    )
    assert [each["who"] for each in parts] == ["ada ada ada", "bo cy bo"]


# --- through the front door


@pytest.fixture
async def door(settings: Settings, salon: TenantHandle) -> AsyncIterator[tuple[httpx2.AsyncClient, TenantHandle]]:
    async with (
        running(settings.model_copy(update={"worker": False})) as server,
        http_client(base_url=server.url, timeout=60) as http,
    ):
        # The agent's libraries are loaded by the time of its first answer.
        first = Customer(http, salon.key)
        await first.start()
        await first.say("hello")
        yield http, salon


async def all_at_once(door: tuple[httpx2.AsyncClient, TenantHandle], wishes: Sequence[str]) -> list[Json]:
    """Each wish by a customer of its own, all at the same moment; whoever gets a proposal confirms. Their bookings."""
    http, salon = door
    customers = [Customer(http, salon.key) for _ in wishes]
    await asyncio.gather(*(each.start() for each in customers))
    asked = await asyncio.gather(
        *(
            each.say(f"{wish}, I am Kim Lee, kim{n}@example.com")
            for n, (each, wish) in enumerate(zip(customers, wishes, strict=True))
        )
    )
    proposed = [(who, done["proposal"]) for who, done in zip(customers, asked, strict=True) if done["proposal"]]
    for done in asked:
        if not done["proposal"]:
            assert (done["availability"]["available"], done["availability"]["reason"]) == (False, "taken")
            assert done["availability"]["alternatives"]
    answers = await asyncio.gather(*(who.confirm(proposal) for who, proposal in proposed))
    return [each["booking"] for each in answers]


async def test_a_class_fills_to_exactly_its_seats(
    owner_url: str, door: tuple[httpx2.AsyncClient, TenantHandle]
) -> None:
    sold = await all_at_once(door, ["yoga on Tuesday at 10am"] * times(24))
    assert len(sold) == 5
    seats = ledger.rows(
        owner_url, "select seat, count(distinct session_key) from occupancies group by seat order by seat"
    )
    assert [each["seat"] for each in seats] == [1, 2, 3, 4, 5]
    assert ledger.value(owner_url, "select count(distinct session_key) from occupancies") == 1
    assert (ledger.double_bookings(owner_url), ledger.halves(owner_url), ledger.deadlocks(owner_url)) == ([], [], 0)


async def test_each_photographer_has_one_wedding_a_day(
    owner_url: str, door: tuple[httpx2.AsyncClient, TenantHandle]
) -> None:
    days = ["March 14", "March 15", "March 16"]
    sold = await all_at_once(door, [f"wedding on {days[n % 3]}" for n in range(times(24))])
    assert Counter((each["date"], each["resource"]) for each in sold) == Counter(
        (f"2026-03-{day}", who) for day in (14, 15, 16) for who in ("Ada", "Bo")
    )
    assert (ledger.double_bookings(owner_url), ledger.halves(owner_url), ledger.deadlocks(owner_url)) == ([], [], 0)


async def test_packages_and_single_services_are_sold_side_by_side_without_a_clash(
    owner_url: str, door: tuple[httpx2.AsyncClient, TenantHandle]
) -> None:
    wishes = ["makeover on Tuesday at 10am", "tint on Tuesday at 10:30am", "trim on Tuesday at 9:45am"]
    sold = await all_at_once(door, [wishes[n % 3] for n in range(times(24))])
    assert {each["service"] for each in sold} <= {"makeover", "tint", "trim"}
    assert sold
    assert ledger.half_taken(owner_url) == []
    assert (ledger.double_bookings(owner_url), ledger.halves(owner_url), ledger.deadlocks(owner_url)) == ([], [], 0)
