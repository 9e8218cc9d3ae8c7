"""`handled serve --workers N`: several processes at one port, which customers cannot tell from one."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx2
import psutil
import pytest

from tests.cli.command import handled_process
from tests.conftest import TenantHandle
from tests.customers import Customer, Json, events_of
from tests.faults import ledger
from tests.faults.installation import Process, serving
from tests.http_client import http_client
from tests.redis_server import RedisServer, needs_redis, redis_running
from tests.twins.claude import ClaudeTwin
from tests.twins.scripts import Trouble, says
from tests.waiting import until

NOW = "2026-03-02T09:00:00-05:00"
REQUEST = "haircut on Tuesday at 3pm, I am Kim Lee, kim@example.com"
SEVERAL = {"HANDLED_NOW": NOW, "HANDLED_PROCESSES": "2", "HANDLED_DATABASE_POOL": "4"}


@pytest.fixture(scope="module")
def redis_server() -> Iterator[RedisServer]:
    with redis_running() as server:
        yield server


@pytest.fixture
async def server(owner_url: str, studio: TenantHandle, tmp_path: Path) -> AsyncIterator[Process]:
    async with serving(owner_url, tmp_path, **SEVERAL) as server:
        await until(lambda: len(workers(server)) == 2, within=60, what="both run")
        yield server


def workers(server: Process) -> list[psutil.Process]:
    return psutil.Process(server.process.pid).children()


async def answered_by(url: str, key: str, times: int) -> list[int]:
    """The statuses of so many new conversations, each over a connection of its own."""
    statuses: list[int] = []
    for _ in range(times):
        async with Customer.of(url, key) as customer:
            statuses.append((await customer.post("/chat/session", {})).status_code)
    return statuses


async def moved_about(server: Process, customer: Customer) -> None:
    """The same customer over a new connection, to whichever process takes it."""
    await customer.http.aclose()
    customer.http = http_client(base_url=server.url, timeout=30)


async def test_a_conversation_goes_from_one_process_to_the_next_and_every_page_sees_it(
    server: Process, studio: TenantHandle
) -> None:
    async with Customer.of(server.url, studio.key) as customer:
        await customer.start()
        pages = [asyncio.create_task(page(server, customer, 8)) for _ in range(6)]
        for message in ("hello", "when are you open?"):
            await moved_about(server, customer)
            assert (await customer.say(message))["message"]
        await moved_about(server, customer)
        proposal = (await customer.say(REQUEST))["proposal"]
        await moved_about(server, customer)
        assert (await customer.confirm(proposal))["receipt"]["kind"] == "booked"
        async with asyncio.timeout(30):
            seen = await asyncio.gather(*pages)
        said = [each["content"] for each in (await customer.snapshot())["messages"]]
        assert seen == [said] * 6
        await customer.http.aclose()
    await assert_all_stop(server, signal.SIGTERM)


async def page(server: Process, customer: Customer, messages: int) -> list[str]:
    """An open page of the conversation: so many messages, as they come."""
    seen: list[str] = []
    path = f"/v1/public/chat/session/{customer.session_id}/events"
    async with (
        http_client(base_url=server.url, timeout=30) as http,
        http.stream("GET", path, headers=customer.headers) as answer,
    ):
        async for _, event in events_of(answer):
            if event["type"] == "message":
                seen.append(event["message"]["content"])
            if len(seen) == messages:
                break
    return seen


async def assert_all_stop(server: Process, asked: signal.Signals) -> None:
    them = workers(server)
    server.process.send_signal(asked)
    async with asyncio.timeout(60):
        assert await server.process.wait() == 0
    assert [each for each in them if each.is_running()] == []
    assert "Traceback" not in server.log.read_text()
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(f"{server.url}/health")


async def test_a_stream_is_read_on_by_any_process_and_ended_when_its_own_is_killed(
    owner_url: str, studio: TenantHandle, tmp_path: Path
) -> None:
    async with ClaudeTwin.running() as claude:
        pause, for_ever = Trouble("wait", 6), Trouble("wait", 6)
        claude.will(says("We are open from nine to six, every day but Sunday.").but(trouble=pause))
        claude.always(says("We are open from nine to six.").but(trouble=for_ever))
        model = {"HANDLED_MODEL": "anthropic:claude-haiku-4-5", "HANDLED_MODEL_BASE_URL": claude.url}
        settings = {**SEVERAL, **model, "ANTHROPIC_API_KEY": "sk-ant-of-a-test"}
        async with serving(owner_url, tmp_path, **settings) as server, Customer.of(server.url, studio.key) as customer:
            await until(lambda: len(workers(server)) == 2, within=60, what="both run")
            await customer.start()
            async with customer.streaming("when are you open?") as answer:
                events = events_of(answer)
                first = [await anext(events)]
            turn_id = first[0][1]["turnId"]
            readers = [asyncio.create_task(_read_on(server, customer, turn_id)) for _ in range(6)]
            pause.go_on.set()
            async with asyncio.timeout(120):
                read = await asyncio.gather(*readers)
            assert all(each == read[0] for each in read)
            assert read[0][: len(first)] == first
            assert read[0][-1][1]["type"] == "done", read[0][-1]

            async with customer.streaming("and on Sunday?") as answer:
                turn_id = (await anext(events_of(answer)))[1]["turnId"]
                for each in workers(server):
                    if _serves(each, answer):
                        each.kill()
            async with asyncio.timeout(60):
                ended = await _read_on(server, customer, turn_id)
            assert ended[-1][1]["type"] == "error"
            assert (await customer.snapshot())["turn"] is None


async def _read_on(server: Process, customer: Customer, turn_id: str) -> list[tuple[int, Json]]:
    async with Customer.of(server.url, customer.key) as page:
        page.session_id, page.token = customer.session_id, customer.token
        return await page.resume(turn_id, 0)


async def test_a_process_that_is_killed_is_replaced_and_the_others_go_on(
    server: Process, studio: TenantHandle, owner_url: str
) -> None:
    before = {each.pid for each in workers(server)}
    victim = workers(server)[0]
    victim.kill()
    await until(lambda: victim.pid not in {each.pid for each in workers(server)}, what="it is gone")
    assert set(await answered_by(server.url, studio.key, 5)) == {201}
    await until(lambda: len(workers(server)) == 2, within=60, what="there are two again")
    assert len(before & {each.pid for each in workers(server)}) == 1
    async with Customer.of(server.url, studio.key) as customer:
        await customer.start()
        await customer.confirm((await customer.say(REQUEST))["proposal"])
    assert len(ledger.confirmed_bookings(owner_url)) == 1
    await assert_all_stop(server, signal.SIGINT)


def _serves(process: psutil.Process, answer: httpx2.Response) -> bool:
    """Whether the answer's connection is this process's."""
    _, port = answer.extensions["network_stream"].get_extra_info("client_addr")[:2]
    return any(each.raddr and each.raddr.port == port for each in process.net_connections("tcp"))


async def test_when_whoever_started_them_is_killed_they_stop(server: Process) -> None:
    them = workers(server)
    await server.kill()
    await until(lambda: not any(_lives(each) for each in them), within=60, what="all have stopped")
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(f"{server.url}/health")


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


async def test_a_limit_is_never_exceeded_by_being_several(owner_url: str, studio: TenantHandle, tmp_path: Path) -> None:
    async with serving(owner_url, tmp_path, **SEVERAL, HANDLED_LIMIT_CHAT="6/minute") as server:
        await until(lambda: len(workers(server)) == 2, within=60, what="both run")
        statuses = Counter(await answered_by(server.url, studio.key, 30))
    assert 3 <= statuses[201] <= 6
    assert statuses[201] + statuses[429] == 30


@needs_redis
async def test_with_redis_they_count_as_one(
    owner_url: str, studio: TenantHandle, tmp_path: Path, redis_server: RedisServer
) -> None:
    settings = {**SEVERAL, "HANDLED_LIMIT_CHAT": "6/minute", "REDIS_URL": redis_server.url}
    async with serving(owner_url, tmp_path, **settings) as server:
        await until(lambda: len(workers(server)) == 2, within=60, what="both run")
        statuses = Counter(await answered_by(server.url, studio.key, 30))
    assert statuses == {201: 6, 429: 24}


def test_what_cannot_start_says_why_once(tmp_path: Path) -> None:
    unreachable = "postgresql://nobody@127.0.0.1:9/nothing"
    ran = handled_process(tmp_path, "serve", "--workers", "4", database=unreachable)
    assert ran.status == 1
    assert ran.complaint.count("The database cannot be reached") == 1
