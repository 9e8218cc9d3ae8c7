"""Asked to stop in the middle of things: nobody is left hanging, and nothing is lost."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import httpx2
import pytest
from pydantic import SecretStr

from handled import app
from handled.kit import clock
from handled.settings import Settings
from tests.conftest import TenantHandle, at, running
from tests.customers import Customer, Json, events_of
from tests.faults import ledger
from tests.faults.installation import Process, serving
from tests.http_client import http_client
from tests.twins.claude import ClaudeTwin
from tests.twins.scripts import Trouble, says
from tests.waiting import until

NOW = "2026-03-02T09:00:00-05:00"
OPEN = "We are open from nine to six, every day but Sunday."


def told(claude: ClaudeTwin, **settings: str) -> dict[str, str]:
    model = {"HANDLED_MODEL": "anthropic:claude-haiku-4-5", "HANDLED_MODEL_BASE_URL": claude.url}
    return {"HANDLED_NOW": NOW, **model, "ANTHROPIC_API_KEY": "sk-ant-of-a-test", **settings}


async def is_refused(server: Process) -> bool:
    """Whether nobody is let in any more: a connection is refused, or answered with 503 and when to come back."""
    try:
        async with http_client(base_url=server.url, timeout=2) as http:
            answer = await http.get("/v1/public/services")
    except (httpx2.ConnectError, httpx2.ReadError, httpx2.RemoteProtocolError):
        return True
    except httpx2.ReadTimeout:
        return False
    return answer.status_code == 503 and "retry-after" in answer.headers


async def resumed(url: str, customer: Customer, turn_id: str) -> list[tuple[int, Json]]:
    async with Customer.of(url, customer.key) as page:
        page.session_id, page.token = customer.session_id, customer.token
        return await page.resume(turn_id, 0)


@pytest.mark.parametrize("processes", ["1", "2"])
async def test_asked_to_stop_a_server_lets_nobody_in_sends_readers_away_and_finishes_what_it_says(
    owner_url: str, studio: TenantHandle, tmp_path: Path, processes: str
) -> None:
    async with ClaudeTwin.running() as claude:
        pause = Trouble("wait", 6)
        claude.will(says(OPEN).but(trouble=pause))
        several = {"HANDLED_PROCESSES": processes, "HANDLED_DATABASE_POOL": "3"}
        async with (
            serving(owner_url, tmp_path, **told(claude, **several)) as server,
            Customer.of(server.url, studio.key) as customer,
            Customer.of(server.url, studio.key) as reader,
        ):
            await customer.start()
            feed = f"/v1/public/chat/session/{customer.session_id}/events"
            async with (
                reader.http.stream("GET", feed, headers=customer.headers) as page,
                customer.streaming("when are you open?") as answer,
            ):
                events = events_of(answer)
                turn_id = (await anext(events))[1]["turnId"]
                server.process.send_signal(signal.SIGTERM)
                async with asyncio.timeout(15):
                    _ = [line async for line in page.aiter_lines()]
                await until(lambda: is_refused(server), what="nobody is let in")
                assert server.process.returncode is None
                pause.go_on.set()
                rest = [event async for _, event in events]
            async with asyncio.timeout(60):
                await server.process.wait()
        assert (rest[-1]["type"], rest[-1]["message"]) == ("done", OPEN)
        assert "Traceback" not in server.log.read_text()
        async with serving(owner_url, tmp_path, **told(claude)) as again:
            seen = await resumed(again.url, customer, turn_id)
            assert seen[-1][1] == rest[-1]


async def test_asked_twice_a_server_stops_at_once_and_without_complaints(
    owner_url: str, studio: TenantHandle, tmp_path: Path
) -> None:
    async with ClaudeTwin.running() as claude:
        claude.will(says(OPEN).but(trouble=Trouble("wait", 6)))
        async with (
            serving(owner_url, tmp_path, **told(claude)) as server,
            Customer.of(server.url, studio.key) as customer,
        ):
            await customer.start()
            async with customer.streaming("when are you open?") as answer:
                turn_id = (await anext(events_of(answer)))[1]["turnId"]
                server.process.send_signal(signal.SIGINT)
                await until(lambda: is_refused(server), what="nobody is let in")
                server.process.send_signal(signal.SIGINT)
                async with asyncio.timeout(15):
                    await server.process.wait()
        log = server.log.read_text()
        assert not [line for line in log.splitlines() if "ERROR" in line or "WARNING" in line or "Trace" in line], log
        async with serving(owner_url, tmp_path, **told(claude)) as again:
            seen = await resumed(again.url, customer, turn_id)
            assert seen[-1][1]["type"] == "error"


async def test_a_turn_that_cannot_end_in_time_says_so_and_the_conversation_goes_on(
    settings: Settings, studio: TenantHandle, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.start_at(at(NOW))
    monkeypatch.setattr(app, "DRAIN_SECONDS", 0.1)
    async with ClaudeTwin.running() as claude:
        claude.will(says(OPEN).but(trouble=Trouble("wait", 6)))
        model = {"model": "anthropic:claude-haiku-4-5", "model_base_url": claude.url}
        asked = settings.model_copy(update={**model, "anthropic_api_key": SecretStr("sk-ant-of-a-test")})
        async with Customer.of("http://127.0.0.1:9", studio.key) as customer:
            async with running(asked) as server:
                customer.http = http_client(base_url=server.url, timeout=30)
                await customer.start()
                async with customer.streaming("when are you open?") as answer:
                    turn_id = (await anext(events_of(answer)))[1]["turnId"]
            await customer.http.aclose()
            async with running(settings) as again:
                ended = await resumed(again.url, customer, turn_id)
                assert ended[-1][1]["type"] == "error"
                assert "again" in ended[-1][1]["message"]
                customer.http = http_client(base_url=again.url, timeout=30)
                assert (await customer.snapshot())["turn"] is None
                assert "9:00 am" in (await customer.say("when are you open?"))["message"]
                await customer.http.aclose()


async def test_a_job_under_way_is_finished_before_the_process_ends(
    owner_url: str, studio: TenantHandle, tmp_path: Path
) -> None:
    request = "haircut on Tuesday at 3pm, I am Kim Lee, kim@example.com"
    async with serving(owner_url, tmp_path, HANDLED_NOW=NOW) as server, Customer.of(server.url, studio.key) as customer:
        await customer.start()
        await customer.confirm((await customer.say(request))["proposal"])
        await customer.http.aclose()
        async with asyncio.timeout(60):
            await server.stop()
    states = ledger.rows(owner_url, "select distinct status from notifications")
    assert all(each["status"] in ("queued", "sent") for each in states)
    assert ledger.value(owner_url, "select count(*) from procrastinate_jobs where status = 'doing'") == 0
