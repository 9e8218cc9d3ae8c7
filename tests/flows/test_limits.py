"""Each limit is counted by whom it is for, can be configured, and says truly how long to wait."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx2
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.kit import clock
from handled.settings import Settings
from tests.conftest import STUDIO, Running, TenantHandle, at, import_tenant, running
from tests.customers import Customer, refusal
from tests.faults import ledger

REQUEST = "haircut on Tuesday at 3pm, I am Kim Lee, kim@example.com"


@pytest.fixture
def limits() -> dict[str, Any]:
    """What a test limits; everything else is as good as free."""
    return {}


@pytest.fixture
async def limited(settings: Settings, limits: dict[str, Any]) -> AsyncIterator[Running]:
    clock.start_at(at("2026-03-02T09:00:00-05:00"))
    async with running(settings.model_copy(update={"trusted_proxies": 1, **limits})) as server:
        yield server


@pytest.fixture
def time_passes(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Let so many seconds pass on the clock that measures durations; meanwhile it stands still."""
    now = time.monotonic()
    monkeypatch.setattr(clock, "monotonic", lambda: now)

    def later(seconds: float) -> None:
        nonlocal now
        now += seconds

    return later


def seconds_to_wait(refused: httpx2.Response) -> int:
    assert refused.status_code == 429, refused.text
    body = refused.json()
    assert body["error"] == "too_many_requests"
    assert refused.headers["retry-after"] == str(body["retryAfter"])
    assert str(body["retryAfter"]) in body["message"]
    return body["retryAfter"]


def from_address(customer: Customer, address: str) -> Customer:
    customer.http.headers["X-Forwarded-For"] = address
    return customer


@pytest.mark.parametrize("limits", [{"limit_chat": "3/minute"}])
async def test_whoever_waits_as_long_as_told_is_heard_again(
    limited: Running, studio: TenantHandle, time_passes: Callable[[float], None]
) -> None:
    async with Customer.of(limited.url, studio.key) as customer:
        await customer.start()
        for seconds in (0, 0.6, 20.3):
            time_passes(seconds)
            assert (await customer.try_say("hello")).status_code == 200
        wait = seconds_to_wait(await customer.try_say("hello"))
        assert wait == 40  # the first of the three is a minute old in 39.1 seconds
        time_passes(wait - 1)
        assert seconds_to_wait(await customer.try_say("hello")) == 1
        time_passes(1)
        assert (await customer.try_say("hello")).status_code == 200


@pytest.mark.parametrize("limits", [{"limit_chat": "3/minute"}])
async def test_each_client_has_a_limit_of_its_own(limited: Running, studio: TenantHandle) -> None:
    async with Customer.of(limited.url, studio.key) as hasty, Customer.of(limited.url, studio.key) as patient:
        await from_address(hasty, "203.0.113.1").start()
        await from_address(patient, "203.0.113.2").start()
        statuses = [(await hasty.try_say("hello")).status_code for _ in range(5)]
        assert statuses == [200, 200, 200, 429, 429]
        assert (await patient.try_say("hello")).status_code == 200


@pytest.mark.parametrize("limits", [{"limit_chat": "3/minute"}])
async def test_new_conversations_of_one_client_are_counted(
    limited: Running, studio: TenantHandle, owner_url: str
) -> None:
    async with Customer.of(limited.url, studio.key) as customer:
        answers = [await customer.post("/chat/session", {}) for _ in range(5)]
        assert [each.status_code for each in answers] == [201, 201, 201, 429, 429]
        seconds_to_wait(answers[-1])
        assert (await from_address(customer, "203.0.113.2").post("/chat/session", {})).status_code == 201
    assert ledger.value(owner_url, "select count(*) from conversations") == 4


@pytest.mark.parametrize("limits", [{"limit_session": "3/minute"}])
async def test_messages_and_confirmations_of_one_conversation_are_counted_together(
    limited: Running, studio: TenantHandle
) -> None:
    async with Customer.of(limited.url, studio.key) as customer, Customer.of(limited.url, studio.key) as other:
        await customer.start()
        await other.start()
        proposal = (await customer.say(REQUEST))["proposal"]
        statuses = [(await customer.try_confirm(proposal, previewHash=None, code="0000")).status_code for _ in range(4)]
        assert statuses == [409, 409, 429, 429]
        seconds_to_wait(await customer.try_confirm(proposal))
        seconds_to_wait(await customer.try_say("hello"))
        assert (await other.try_say("hello")).status_code == 200


@pytest.mark.parametrize("limits", [{"limit_session": "3/minute"}])
async def test_nobody_can_use_up_the_limit_of_a_conversation_that_is_not_theirs(
    limited: Running, studio: TenantHandle
) -> None:
    async with Customer.of(limited.url, studio.key) as customer, Customer.of(limited.url, studio.key) as stranger:
        await customer.start()
        stranger.session_id, stranger.token = customer.session_id, "guessed"
        proposal = (await customer.say(REQUEST))["proposal"]
        for _ in range(5):
            assert (await stranger.try_say("hello")).status_code in (404, 429)
            assert (await stranger.try_confirm(proposal)).status_code in (404, 429)
        assert (await customer.try_confirm(proposal)).status_code == 200
        assert (await customer.try_say("hello")).status_code == 200


@pytest.mark.parametrize("limits", [{"limit_tenant": "6/minute"}])
async def test_each_business_has_a_limit_over_all_its_customers(
    limited: Running, engine: AsyncEngine, studio: TenantHandle
) -> None:
    other = await import_tenant(engine, STUDIO.replace("slug: studio", "slug: other"))
    async with Customer.of(limited.url, studio.key) as customer, Customer.of(limited.url, other.key) as elsewhere:
        statuses = [(await from_address(customer, f"203.0.113.{n}").get("/services")).status_code for n in range(8)]
        assert statuses == [200] * 6 + [429] * 2
        seconds_to_wait(await customer.post("/chat/session", {}))
        assert (await elsewhere.get("/services")).status_code == 200


@pytest.mark.parametrize("limits", [{"limit_lookup": "3/minute"}])
async def test_lookups_have_a_limit_of_their_own(limited: Running, studio: TenantHandle) -> None:
    async with Customer.of(limited.url, studio.key) as customer:
        await customer.start()
        paths = ["/services", "/availability?service=haircut&from=2026-03-03&to=2026-03-03"] * 2
        answers = [await customer.get(each) for each in paths]
        assert [each.status_code for each in answers] == [200, 200, 200, 429]
        seconds_to_wait(answers[-1])
        assert (await customer.try_say("hello")).status_code == 200


@pytest.mark.parametrize("limits", [{"limit_chat": "2/minute", "limit_session": "2/minute"}])
async def test_a_message_that_is_refused_costs_nothing(limited: Running, studio: TenantHandle) -> None:
    async with Customer.of(limited.url, studio.key) as customer:
        await customer.start()
        for message in ("", " \n ", "x" * 2001, "hello\x00there"):
            assert (await customer.try_say(message)).status_code == 422
        assert (await customer.try_say("hello", clientMessageId="")).status_code == 400
        statuses = [(await customer.try_say("hello")).status_code for _ in range(3)]
        assert statuses == [200, 200, 429]


@pytest.mark.parametrize("limits", [{"limit_chat": "2/minute"}])
async def test_reading_is_not_limited_with_writing(limited: Running, studio: TenantHandle) -> None:
    async with Customer.of(limited.url, studio.key) as customer:
        await customer.start()
        turn_id = (await customer.say("hello"))["turnId"]
        await customer.say("hello")
        seconds_to_wait(await customer.try_say("hello"))
        assert len((await customer.snapshot())["messages"]) == 5
        assert (await customer.resume(turn_id, 0))[-1][1]["type"] == "done"


@pytest.mark.parametrize("limits", [{"limit_chat": "2/minute"}])
async def test_a_wrong_key_is_a_wrong_key_however_often_it_comes(limited: Running, studio: TenantHandle) -> None:
    async with Customer.of(limited.url, "pk_" + "x" * 24) as stranger:
        assert {(await stranger.post("/chat/session", {})).status_code for _ in range(5)} == {401}
    async with Customer.of(limited.url, studio.key) as customer:
        assert (await customer.post("/chat/session", {})).status_code == 201


USUAL = {name: Settings.model_fields[name].get_default() for name in ("limit_chat", "limit_session")}


@pytest.mark.parametrize("limits", [USUAL], ids=["usual"])
@pytest.mark.parametrize("path", ["/chat/message", "/chat/message/stream"])
async def test_twenty_messages_a_minute_are_enough(limited: Running, studio: TenantHandle, path: str) -> None:
    async with Customer.of(limited.url, studio.key) as customer:
        await customer.start()
        body = {"sessionId": customer.session_id, "message": "hello", "clientMessageId": "always the same"}
        answers = [await customer.post(path, body) for _ in range(21)]
        assert [each.status_code for each in answers] == [200] * 20 + [429]
        assert refusal(answers[-1]) == (429, "too_many_requests")
        assert 1 <= int(answers[-1].headers["retry-after"]) <= 60


@pytest.mark.parametrize(
    "limits",
    [{"limit_session": "3/minute"}, {"limit_chat": "3/minute", "trusted_proxies": 0}],
    ids=["the conversation is one", "no proxy is trusted to say"],
)
async def test_who_names_many_addresses_is_counted_as_one(limited: Running, studio: TenantHandle) -> None:
    async with Customer.of(limited.url, studio.key) as customer:
        await customer.start()
        statuses = [(await from_address(customer, f"10.0.0.{n}").try_say("hello")).status_code for n in range(5)]
        assert statuses == [200, 200, 200, 429, 429]
