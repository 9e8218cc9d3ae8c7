"""Redis may be away, silent, slow or mad at any moment: everything goes on, and nothing is counted wrongly for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import cast

import pytest
from pydantic import SecretStr
from redis.asyncio import Redis
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.catalog import load
from handled.db.session import tenant_session
from handled.kit import clock
from handled.kit.shared import PATIENCE, PREFIX, Patience, Shared
from handled.settings import Settings
from tests.conftest import Running, TenantHandle, at, running
from tests.customers import Customer
from tests.faults import ledger
from tests.faults.faulty_proxy import FAULTS, Fault, FaultyProxy, proxy_to
from tests.faults.journeys import Journeys
from tests.faults.scale import times
from tests.redis_server import RedisServer, needs_redis, redis_running
from tests.waiting import until

pytestmark = needs_redis

# A request may take what it takes without Redis, and a quarter of a second for each of the few that find out.
DEADLINE = 45.0
HEALED_WITHIN = 20.0
TIMES = ("10am", "11am", "noon", "1pm", "2pm", "3pm", "4pm", "5pm")


@pytest.fixture(scope="module")
def redis_server() -> Iterator[RedisServer]:
    with redis_running() as server:
        yield server


@pytest.fixture
async def proxy(redis_server: RedisServer) -> AsyncIterator[FaultyProxy]:
    async with proxy_to("127.0.0.1", redis_server.port) as proxy:
        yield proxy


@pytest.fixture
def limits() -> dict[str, str]:
    return {}


@pytest.fixture
async def desk(
    settings: Settings, studio: TenantHandle, redis_server: RedisServer, proxy: FaultyProxy, limits: dict[str, str]
) -> AsyncIterator[Running]:
    """The application with a Redis that it uses and that can be taken away, on a Monday morning in New York."""
    clock.start_at(at("2026-03-02T09:00:00-05:00"))
    changes = {"redis_url": SecretStr(f"redis://{proxy.address}/0"), "trusted_proxies": 1, **limits}
    async with running(settings.model_copy(update=changes)) as server:
        await assert_used(redis_server, server, studio.key)
        await empty(redis_server)
        yield server


async def counts(redis_server: RedisServer) -> int:
    """How many limits are being counted in Redis."""
    async with Redis.from_url(redis_server.url) as redis:
        return len(await redis.keys(f"{PREFIX}count:*"))


async def empty(redis_server: RedisServer) -> None:
    async with Redis.from_url(redis_server.url) as redis:
        await redis.flushall()


async def assert_used(redis_server: RedisServer, desk: Running, key: str) -> None:
    await empty(redis_server)

    async def counted() -> bool:
        async with Customer.of(desk.url, key) as somebody:
            await somebody.start()
        return await counts(redis_server) > 0

    await until(counted, within=HEALED_WITHIN, what="Redis is used")


@pytest.mark.parametrize("fault", FAULTS)
async def test_customers_book_and_cancel_all_the_same(
    desk: Running, studio: TenantHandle, proxy: FaultyProxy, redis_server: RedisServer, owner_url: str, fault: Fault
) -> None:
    journeys = Journeys(desk.url, studio.key)
    before = await journeys.book("Tuesday at 9am", DEADLINE)
    assert await counts(redis_server) > 0
    await proxy.suffer(fault)
    for number in range(times(1)):
        day, hour = divmod(number, len(TIMES))
        code = await journeys.book(f"2026-03-{10 + day:02} at {TIMES[hour]}", DEADLINE)
        await journeys.cancel(before, DEADLINE)
        before = code
    assert (await journeys.stream("when are you open?", DEADLINE))["message"]
    await proxy.heal()
    await assert_used(redis_server, desk, studio.key)
    await journeys.cancel(before, DEADLINE)
    assert ledger.confirmed_bookings(owner_url) == []
    found = {each["code"]: each["status"] for each in ledger.rows(owner_url, "select code, status from bookings")}
    assert found == dict.fromkeys(journeys.booked, "cancelled")


async def test_redis_may_come_back_empty_at_any_moment(
    settings: Settings, studio: TenantHandle, redis_server: RedisServer, owner_url: str
) -> None:
    clock.start_at(at("2026-03-02T09:00:00-05:00"))
    async with running(settings.model_copy(update={"redis_url": SecretStr(redis_server.url)})) as server:
        journeys = Journeys(server.url, studio.key)
        code = await journeys.book("Tuesday at 9am", DEADLINE)
        for _ in range(times(2)):
            await redis_server.restart_empty()
            await journeys.cancel(code, DEADLINE)
            code = await journeys.book("Tuesday at 9am", DEADLINE)
        await assert_used(redis_server, server, studio.key)
    assert [each["code"] for each in ledger.confirmed_bookings(owner_url)] == [code]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("limits", [{"limit_chat": "4/minute"}])
async def test_limits_hold_whatever_becomes_of_redis(
    desk: Running, studio: TenantHandle, proxy: FaultyProxy, redis_server: RedisServer, fault: Fault
) -> None:
    async with Customer.of(desk.url, studio.key) as customer:
        customer.http.headers["X-Forwarded-For"] = "203.0.113.1"
        await customer.start()
        statuses = [(await customer.try_say("hello")).status_code for _ in range(2)]
        await proxy.suffer(fault)
        statuses += [(await customer.try_say("hello")).status_code for _ in range(4)]
        await proxy.heal()
        await empty(redis_server)
        refused = await customer.try_say("hello")
        assert [*statuses, refused.status_code] == [200, 200, 200, 200, 429, 429, 429]
        assert 1 <= refused.json()["retryAfter"] <= 60


async def test_guesses_holds_and_mail_are_counted_without_redis(
    desk: Running, studio: TenantHandle, proxy: FaultyProxy, redis_server: RedisServer, owner_url: str
) -> None:
    code = await Journeys(desk.url, studio.key).book("Tuesday at 9am")
    async with Customer.of(desk.url, studio.key) as stranger:
        await stranger.start()
        for number in range(4):
            if number == 2:
                await proxy.suffer("hang")
                await empty(redis_server)
            await stranger.say(f"find my booking {code}, my email is guess{number}@example.com")
    guesses = "select max(n) from (select sum(count) as n from attempt_counts group by subject) of_each"
    assert ledger.value(owner_url, guesses) == 4

    held: list[bool] = []
    for hour in ("10am", "11am", "noon"):
        async with Customer.of(desk.url, studio.key) as somebody:
            await somebody.start()
            done = await somebody.say(f"haircut on Wednesday at {hour}, I am Kim Lee, kim@example.com")
            held.append(done["proposal"] is not None)
    assert held == [True, True, False]

    for hour in ("9am", "10am", "11am"):
        async with Customer.of(desk.url, studio.key) as somebody:
            await somebody.start()
            done = await somebody.say(f"haircut on Friday at {hour}, I am Lou May, lou@example.com")
            await somebody.confirm(done["proposal"])
            done = await somebody.say("please cancel that booking")
            await somebody.confirm(done["proposal"])
    written = "select count(*) from notifications where recipient = 'lou@example.com' and status = 'sent'"
    await until(lambda: ledger.value(owner_url, "select count(*) from notifications where status = 'queued'") == 0)
    assert ledger.value(owner_url, written) == 3


# --- what is kept there


@pytest.fixture
async def shared(redis_server: RedisServer) -> AsyncIterator[Shared]:
    """Redis as the catalog of this process uses it."""
    await empty(redis_server)
    shared = Shared(redis_server.url)
    load.share_through(shared)
    yield shared
    load.share_through(None)
    load._kept.clear()


async def business(engine: AsyncEngine, studio: TenantHandle) -> load.Business:

    load._kept.clear()  # as a process that has just been started
    async with tenant_session(engine, studio.id) as session:
        return await load.business_of(session, studio.id)


async def test_a_second_process_gets_the_same_business_without_loading_it(
    engine: AsyncEngine, studio: TenantHandle, shared: Shared, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = await business(engine, studio)
    monkeypatch.setattr(load, "_LOAD", text("select 1/0"))
    assert await business(engine, studio) == loaded


async def test_neither_the_key_that_signs_links_nor_an_address_is_in_redis(
    engine: AsyncEngine, studio: TenantHandle, shared: Shared, redis_server: RedisServer
) -> None:
    found = await business(engine, studio)
    await shared.count("x", 1, 60)
    async with Redis.from_url(redis_server.url) as redis:
        entries = [cast("bytes", await redis.get(key)) for key in await redis.keys(f"{PREFIX}business:*")]
    assert len(entries) == 1
    assert all(each not in entries[0] for each in (found.link_key, found.link_key.hex().encode()))


async def test_a_changed_price_is_never_read_from_an_old_entry(
    engine: AsyncEngine, studio: TenantHandle, shared: Shared, owner_url: str
) -> None:
    before = await business(engine, studio)
    ledger.change(owner_url, "update services set price_minor = 1 where key = 'haircut'")
    ledger.change(owner_url, "update tenants set version = version + 1, updated_at = now()")
    after = await business(engine, studio)
    assert load.service_by_key(before, "haircut") != load.service_by_key(after, "haircut")
    assert [each.price_minor for each in after.services if each.key == "haircut"] == [1]


@pytest.mark.parametrize("written", [b"", b"x", b"{}", b"\x00" * 400])
async def test_what_somebody_else_wrote_there_is_not_believed(
    engine: AsyncEngine, studio: TenantHandle, shared: Shared, redis_server: RedisServer, written: bytes
) -> None:
    loaded = await business(engine, studio)
    async with Redis.from_url(redis_server.url) as redis:
        [key] = await redis.keys(f"{PREFIX}business:*")
        genuine = cast("bytes", await redis.get(key))
        for entry in (written, genuine.replace(b"4500", b"0001"), genuine[:-1], genuine[32:]):
            await redis.set(key, entry)
            assert (await business(engine, studio)).services == loaded.services
            assert await redis.get(key) not in (entry, None), "it is written anew"


async def test_many_who_miss_at_once_load_it_once(
    engine: AsyncEngine, studio: TenantHandle, shared: Shared, monkeypatch: pytest.MonkeyPatch
) -> None:

    loads = 0
    loading = load.load_business

    async def counted(*arguments: object) -> load.Business:
        nonlocal loads
        loads += 1
        return await loading(*arguments)  # type: ignore[arg-type]

    async def one() -> load.Business:
        async with tenant_session(engine, studio.id) as session:
            return await load.business_of(session, studio.id)

    monkeypatch.setattr(load, "load_business", counted)
    load._kept.clear()
    found = await asyncio.gather(*(one() for _ in range(8)))
    assert loads == 1
    assert all(each is found[0] for each in found)


async def test_without_the_time_limit_customers_would_wait_with_redis(
    settings: Settings, studio: TenantHandle, proxy: FaultyProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the same silence, with the limit off."""
    monkeypatch.setattr(Shared.__init__, "__defaults__", (Patience(call=60, look=PATIENCE.look),))
    await proxy.suffer("hang")
    async with running(settings.model_copy(update={"redis_url": SecretStr(f"redis://{proxy.address}/0")})) as server:
        with pytest.raises(TimeoutError):
            await Journeys(server.url, studio.key).book(deadline=2.0)
        await proxy.suffer("refuse")
