"""What is counted, who may see it, and that several processes count as one."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import httpx2
import pytest
from pydantic import SecretStr

from handled.agent.tools import registry
from handled.db.engine import create_engine
from handled.kit import clock, metrics
from handled.settings import Settings
from tests.conftest import Running, TenantHandle, at, running
from tests.customers import Customer
from tests.faults.installation import serving, working
from tests.http_client import http_client
from tests.operations.figures import Figures, look
from tests.waiting import until

NOW = "2026-03-02T09:00:00-05:00"
REQUEST = "haircut on Tuesday at 3pm, I am Kim Lee, kim@example.com"
TOKEN = "a-token-of-a-test-that-is-long"


@pytest.fixture(autouse=True)
def monday_morning() -> None:
    clock.start_at(at(NOW))


async def book(customer: Customer) -> None:
    await customer.confirm((await customer.say(REQUEST))["proposal"])


async def test_a_booking_in_the_chat_is_counted_wherever_it_passes(server: Running, customer: Customer) -> None:
    before = await look(server.url)
    await book(customer)

    async def mailed() -> Figures | None:
        now = await look(server.url)
        return now if now.since(before, "handled_mails_total", outcome="sent") == 2 else None

    after = await until(mailed, what="both mails have left")
    assert after.since(before, "handled_turns_total", model="guided", outcome="done", degraded="false") == 1
    assert after.since(before, "handled_turn_first_text_seconds_count", model="guided") == 1
    assert after.since(before, "handled_model_calls_total", outcome="ok") >= 1
    assert after.since(before, "handled_model_call_seconds_count") >= 1
    assert after.since(before, "handled_tool_calls_total", tool="propose_booking", outcome="ok") == 1
    assert after.since(before, "handled_bookings_total", transition="held") == 1
    assert after.since(before, "handled_bookings_total", transition="confirmed") == 1
    assert after.since(before, "handled_jobs_total", job="notifications.send", outcome="ok") == 2
    message, confirm = "/v1/public/chat/message", "/v1/public/chat/proposals/{proposal_id}/confirm"
    assert after.since(before, "handled_http_requests_total", method="POST", route=message, status="200") == 1
    assert after.since(before, "handled_http_requests_total", method="POST", route=confirm, status="200") == 1
    assert after.since(before, "handled_http_request_seconds_count", route=confirm) == 1
    assert after.of("handled_database_up") == 1
    assert after.of("handled_workers") == 1


async def test_figures_name_no_business_and_no_person(
    server: Running, customer: Customer, studio: TenantHandle
) -> None:
    await book(customer)
    await customer.say("my card is 4242424242424242 and I live at Nowhere 7")
    text = (await look(server.url)).text
    secrets = (
        "kim",
        "studio",
        str(studio.id),
        studio.key,
        customer.session_id,
        customer.token,
        "4242424242424242",
        "Nowhere",
    )
    assert [each for each in secrets if each.lower() in text.lower()] == []


async def test_addresses_that_lead_nowhere_are_one_line_whatever_they_are(server: Running) -> None:
    async with http_client(base_url=server.url) as http:
        for path in ("/nowhere/one", "/nowhere/two?email=kim@example.com", "/v1/public/three"):
            await http.get(path)
        await http.request("BREW", "/health")
    figures = await look(server.url)
    assert "nowhere" not in figures.text
    assert "BREW" not in figures.text
    assert figures.of("handled_http_requests_total", route="none", status="404") >= 3


async def test_a_hold_is_open_until_its_end(server: Running, customer: Customer) -> None:
    assert (await look(server.url)).of("handled_open", what="holds") == 0
    said = await customer.say(REQUEST)
    assert (await look(server.url)).of("handled_open", what="holds") == 1
    await customer.reject(said["proposal"])
    assert (await look(server.url)).of("handled_open", what="holds") == 0


async def test_whom_a_limit_turns_away_is_counted_by_its_name(settings: Settings, studio: TenantHandle) -> None:
    async with running(settings.model_copy(update={"limit_chat": "2/minute"})) as server:
        before = await look(server.url)
        async with Customer.of(server.url, studio.key) as customer:
            statuses = [(await customer.post("/chat/session", {})).status_code for _ in range(4)]
        assert statuses == [201, 201, 429, 429]
        assert (await look(server.url)).since(before, "handled_limit_refusals_total", limit="chat") == 2


async def test_an_open_stream_is_counted_while_it_is_read(server: Running, customer: Customer) -> None:
    feed = f"/v1/public/chat/session/{customer.session_id}/events"
    before = (await look(server.url)).of("handled_open_streams")
    async with customer.http.stream("GET", feed, headers=customer.headers) as answer:
        assert answer.status_code == 200
        assert (await look(server.url)).of("handled_open_streams") == before + 1

    async def closed() -> bool:
        return (await look(server.url)).of("handled_open_streams") == before

    await until(closed, what="it is closed")


async def test_a_tool_that_a_model_made_up_has_no_line_of_its_own() -> None:
    _, result = await registry.call(None, "kim@example.com", {})  # type: ignore[arg-type]
    assert "There is no tool of that name" in result["error"]
    text = metrics.render([]).decode()
    assert "kim@example.com" not in text
    assert 'handled_tool_calls_total{outcome="error",tool="unknown"}' in text
    assert "unknown" not in registry.TOOLS


async def test_without_a_token_only_this_machine_sees_the_figures(server: Running) -> None:
    async with http_client(base_url=server.url) as http:
        assert (await http.get("/metrics")).status_code == 200
        for header in ("X-Forwarded-For", "Forwarded", "X-Real-IP"):
            through_a_proxy = await http.get("/metrics", headers={header: "127.0.0.1"})
            assert (through_a_proxy.status_code, "handled_" in through_a_proxy.text) == (404, False)


async def test_with_a_token_only_who_brings_it_sees_the_figures(settings: Settings) -> None:
    guarded = settings.model_copy(update={"metrics_token": SecretStr(TOKEN)})
    async with running(guarded) as server, http_client(base_url=server.url) as http:
        for given in ({}, {"Authorization": f"Bearer {TOKEN}x"}, {"Authorization": TOKEN}):
            assert (await http.get("/metrics", headers=given)).status_code == 401
        brought = {"Authorization": f"Bearer {TOKEN}", "X-Forwarded-For": "203.0.113.9"}
        assert (await http.get("/metrics", headers=brought)).status_code == 200


async def test_without_a_database_the_figures_say_so_and_go_on(server: Running) -> None:
    desk = server.app.state.desk
    nowhere = create_engine("postgresql://nobody@127.0.0.1:9/nothing")
    server.app.state.desk = dataclasses.replace(desk, engine=nowhere)
    try:
        figures = await look(server.url)
    finally:
        server.app.state.desk = desk
        await nowhere.dispose()
    assert figures.of("handled_database_up") == 0
    assert "handled_turns" in figures.text


async def test_several_processes_count_as_one(owner_url: str, studio: TenantHandle, tmp_path: Path) -> None:
    told = {"HANDLED_LIMIT_CHAT": "1000/minute", "HANDLED_DATABASE_POOL": "2"}
    several = {"HANDLED_NOW": NOW, "HANDLED_PROCESSES": "2", **told}
    async with serving(owner_url, tmp_path, **several) as server:
        for _ in range(12):
            async with Customer.of(server.url, studio.key) as customer:
                await customer.start()
        route = "/v1/public/chat/session"
        seen = [(await look(server.url)).of("handled_http_requests_total", route=route) for _ in range(4)]
    assert seen == [12] * 4


async def test_a_worker_alone_shows_its_figures_to_this_machine(
    owner_url: str, studio: TenantHandle, tmp_path: Path, unused_tcp_port: int
) -> None:
    told = {"HANDLED_NOW": NOW, "HANDLED_METRICS_PORT": str(unused_tcp_port)}
    async with working(owner_url, tmp_path, **told):

        async def worked() -> bool:
            try:
                figures = await look(f"http://127.0.0.1:{unused_tcp_port}")
            except httpx2.TransportError:
                return False
            return figures.of("handled_jobs_total", outcome="ok") > 0

        assert await until(worked, within=60, what="a job is counted")


@pytest.mark.parametrize("token", ["short", "with a space in the middle"])
def test_a_token_that_could_be_guessed_is_refused(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDLED_METRICS_TOKEN", token)
    with pytest.raises(ValueError, match="at least 16 characters"):
        Settings()
