"""What processes share in a real Redis, and that losing it costs a moment and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack

import pytest
from redis.asyncio import Redis

from handled.kit.shared import PREFIX, Patience, Shared
from handled.kit.wakeups import Wakeups
from tests.faults.faulty_proxy import FAULTS, Fault, FaultyProxy, proxy_to
from tests.redis_server import RedisServer, needs_redis, redis_running
from tests.waiting import until

pytestmark = needs_redis

# What a healed Redis may take to be used again, and far more than all calls of a test may take together.
SOON = 5


@pytest.fixture(scope="module")
def redis_server() -> Iterator[RedisServer]:
    with redis_running() as server:
        yield server


@pytest.fixture
async def proxy(redis_server: RedisServer) -> AsyncIterator[FaultyProxy]:
    async with proxy_to("127.0.0.1", redis_server.port) as proxy:
        yield proxy


@pytest.fixture
async def two(proxy: FaultyProxy) -> AsyncIterator[tuple[Shared, Shared, Wakeups]]:
    """Two processes as far as Redis can tell, and the wake-ups of the second."""
    async with AsyncExitStack() as stack:
        shared = [Shared(f"redis://{proxy.address}/0") for _ in range(2)]
        wakeups = [Wakeups(), Wakeups()]
        for each, its in zip(shared, wakeups, strict=True):
            await stack.enter_async_context(each.running(its))
        await until(lambda: _listeners(proxy, 2), what="both listen")
        yield shared[0], shared[1], wakeups[1]


async def _listeners(proxy: FaultyProxy, count: int) -> bool:
    redis = Redis(host=proxy.upstream[0], port=proxy.upstream[1])
    try:
        (_, number), *_ = await redis.pubsub_numsub(f"{PREFIX}wake")
        return number == count
    finally:
        await redis.aclose()


async def test_what_one_process_keeps_another_finds(two: tuple[Shared, Shared, Wakeups]) -> None:
    one, other, _ = two
    assert await other.get("a thing") is None
    await one.put("a thing", b"\x00\xff as it was", 60)
    assert await other.get("a thing") == b"\x00\xff as it was"


async def test_processes_count_together_and_say_how_long_to_wait(two: tuple[Shared, Shared, Wakeups]) -> None:
    one, other, _ = two
    assert [await each.count("calls", 3, 60) for each in (one, other, one)] == [0, 0, 0]
    waiting = await other.count("calls", 3, 60)
    assert waiting is not None
    assert 50 < waiting <= 60
    assert await one.count("somebody else's", 3, 60) == 0


async def test_a_hundred_at_once_are_counted_one_by_one(redis_server: RedisServer) -> None:
    two = [Shared(redis_server.url, Patience(call=SOON)) for _ in range(2)]
    async with AsyncExitStack() as stack:
        for each in two:
            await stack.enter_async_context(each.running(Wakeups()))
        found = await asyncio.gather(*(two[number % 2].count("rush", 40, 60) for number in range(100)))
    assert sum(each == 0 for each in found) == 40
    assert None not in found


async def test_what_was_counted_is_forgotten_in_time(two: tuple[Shared, Shared, Wakeups]) -> None:
    one, other, _ = two
    assert await one.count("short", 1, 0.2) == 0
    assert await other.count("short", 1, 0.2) != 0
    await until(lambda: _counted(other), within=SOON, what="the moment is over")


async def _counted(shared: Shared) -> bool:
    return await shared.count("short", 1, 0.2) == 0


async def test_whoever_waits_in_another_process_is_woken(two: tuple[Shared, Shared, Wakeups]) -> None:
    one, other, wakeups = two
    with wakeups.listening("turn:1") as event, wakeups.listening("turn:2") as not_meant:
        one.announce("turn:1")
        async with asyncio.timeout(SOON):
            await event.wait()
        assert not not_meant.is_set()
        # One's own announcement does not come back.
        event.clear()
        other.announce("turn:1")
        one.announce("turn:2")
        async with asyncio.timeout(SOON):
            await not_meant.wait()
        assert not event.is_set()


@pytest.mark.parametrize("fault", [each for each in FAULTS if each != "slow"])
async def test_after_three_failures_nobody_asks_a_redis_that_fails_until_it_is_back(
    two: tuple[Shared, Shared, Wakeups], proxy: FaultyProxy, fault: Fault
) -> None:
    one, other, wakeups = two
    await one.put("kept", b"what was kept", 60)
    await proxy.suffer(fault)
    async with asyncio.timeout(SOON):
        for _ in range(3):
            assert await one.count("fault", 1, 60) is None
    assert not one.is_up
    async with asyncio.timeout(0.25):  # as long as a single one would have waited
        for _ in range(1000):
            assert await one.get("kept") is None
            assert await one.count("fault", 1, 60) is None
            one.announce("turn:1")
    await proxy.heal()
    await until(lambda: one.is_up and other.is_up, within=SOON, what="Redis is used again")
    assert await one.get("kept") == b"what was kept"
    with wakeups.listening("turn:1") as event:
        await until(lambda: _woken(one, event), within=SOON, what="wake-ups arrive again")


async def _woken(shared: Shared, event: asyncio.Event) -> bool:
    shared.announce("turn:1")
    await asyncio.sleep(0)
    return event.is_set()


async def test_a_redis_that_is_slow_but_in_time_is_used(
    two: tuple[Shared, Shared, Wakeups], proxy: FaultyProxy
) -> None:
    await proxy.suffer("slow")
    assert await two[0].count("slow", 1, 60) == 0
    assert two[0].is_up


async def test_who_waits_for_redis_waits_for_the_whole_call_only_so_long(proxy: FaultyProxy) -> None:
    proxy.delay = 0.2  # in time by itself; choosing database 2 and asking is twice that
    await proxy.suffer("slow")
    shared = Shared(f"redis://{proxy.address}/2", Patience(call=0.25))
    async with asyncio.timeout(2):
        assert [await shared.get("x") for _ in range(3)] == [None] * 3
    assert not shared.is_up


async def test_a_redis_that_comes_back_empty_goes_on_counting(redis_server: RedisServer) -> None:
    shared = Shared(redis_server.url)
    async with shared.running(Wakeups()):
        assert await _counts(shared)
        await redis_server.restart_empty()
        await until(lambda: _counts(shared), within=SOON, what="it counts again")


async def _counts(shared: Shared) -> bool:
    return await shared.count("before", 1, 60) == 0


async def test_without_its_time_limit_a_silent_redis_would_hold_everybody_up(proxy: FaultyProxy) -> None:
    """The control: what the limit is for."""
    await proxy.suffer("hang")
    patient = Shared(f"redis://{proxy.address}/0", Patience(call=60))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1.5):
            await patient.get("x")


async def test_it_can_be_left_at_any_moment(redis_server: RedisServer) -> None:
    async with asyncio.timeout(30):
        for _ in range(20):
            shared = Shared(redis_server.url, Patience(look=60))
            async with shared.running(Wakeups()):
                assert await shared.count("a visit", 1_000, 60) == 0
