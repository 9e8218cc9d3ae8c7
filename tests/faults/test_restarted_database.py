"""PostgreSQL may be restarted at any moment: what was under way is told as it is, and all goes on by itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import uuid4

import httpx2
import pytest
from pydantic import SecretStr

from handled.db.embedded import EmbeddedPostgres
from handled.db.engine import create_engine
from handled.kit import clock
from handled.settings import Settings
from tests.conftest import STUDIO, TenantHandle, at, import_tenant, running
from tests.customers import Customer, Json, events_of
from tests.faults import ledger
from tests.faults.supervised import pull_the_plug
from tests.twins.claude import ClaudeTwin
from tests.twins.mail_server import ScriptedHandler, receiving
from tests.twins.scripts import Trouble, says
from tests.waiting import until

REQUEST = "haircut on Tuesday at 3pm, I am Kim Lee, kim@example.com"


@pytest.fixture
def owner_url(database: EmbeddedPostgres) -> str:
    return database.dsn()


@pytest.fixture
async def salon(owner_url: str) -> TenantHandle:
    clock.start_at(at("2026-03-02T09:00:00-05:00"))
    engine = create_engine(owner_url)
    tenant = await import_tenant(engine, STUDIO)
    await engine.dispose()
    return tenant


Trial = Callable[[EmbeddedPostgres], Awaitable[None]]


async def restart(database: EmbeddedPostgres) -> None:
    await asyncio.to_thread(database.stop)
    await asyncio.to_thread(database.start)


async def crash(database: EmbeddedPostgres) -> None:
    """It dies, and recovers when it comes back."""
    pull_the_plug(database)
    await asyncio.to_thread(database.start)


async def served(customer: Customer, message: str) -> Json:
    """The answer to a message, sent until there is one. Meanwhile nothing but an honest refusal may come."""

    async def answered() -> Json | None:
        answer = await customer.try_say(message, clientMessageId=str(uuid4()))
        if answer.status_code == 200:
            return answer.json()
        assert answer.status_code == 503, answer.text
        assert int(answer.headers["retry-after"]) <= 5
        assert answer.json()["error"] in ("unavailable", "interrupted", "turn_failed")
        return None

    return await until(answered, what="an answer")


@pytest.mark.parametrize("how", [restart, crash])
async def test_after_a_restart_between_two_messages_the_conversation_goes_on(
    settings: Settings, database: EmbeddedPostgres, owner_url: str, salon: TenantHandle, how: Trial
) -> None:
    post = ScriptedHandler()
    async with (
        receiving(post) as url,
        running(settings.model_copy(update={"smtp_url": SecretStr(url)})) as server,
        Customer.of(server.url, salon.key) as customer,
    ):
        await customer.start()
        proposal = (await customer.say(REQUEST))["proposal"]
        await how(database)
        assert (await served(customer, "when are you open?"))["message"]
        confirmed = await customer.confirm(proposal)
        assert confirmed["booking"]["status"] == "confirmed"
        # The worker has come back too.
        await until(lambda: len(post.accepted) >= 2, within=30, what="two mails")
    assert [each["code"] for each in ledger.confirmed_bookings(owner_url)] == [confirmed["booking"]["code"]]


@pytest.fixture
async def claude() -> AsyncIterator[ClaudeTwin]:
    async with ClaudeTwin.running() as twin:
        yield twin


def with_claude(settings: Settings, claude: ClaudeTwin) -> Settings:
    model = {"model": "anthropic:claude-haiku-4-5", "model_base_url": claude.url}
    return settings.model_copy(update={**model, "anthropic_api_key": SecretStr("sk-ant-of-a-test")})


@pytest.mark.parametrize("how", [restart, crash])
async def test_a_turn_in_whose_middle_the_database_was_restarted_ends_honestly(
    settings: Settings,
    database: EmbeddedPostgres,
    owner_url: str,
    salon: TenantHandle,
    claude: ClaudeTwin,
    how: Trial,
) -> None:
    pause = Trouble("wait", 6)
    claude.will(says("Let me have a look at the calendar. We are open until six.").but(trouble=pause))
    claude.always(says("We are open until six."))
    seen: list[tuple[int, Json]] = []
    async with running(with_claude(settings, claude)) as server, Customer.of(server.url, salon.key) as customer:
        await customer.start()
        async with asyncio.timeout(30):
            async with customer.streaming("when are you open?") as answer:
                async for event in events_of(answer):
                    seen.append(event)
                    if event[1]["type"] == "chunk" and not pause.go_on.is_set():
                        await how(database)
                        pause.go_on.set()
            turn_id = seen[0][1]["turnId"]
            if seen[-1][1]["type"] not in ("done", "error"):  # the stream was cut: the page resumes it
                seen += await resumed(customer, turn_id, seen[-1][0])
        assert [number for number, _ in seen] == list(range(1, len(seen) + 1))
        assert seen[-1][1]["type"] in ("done", "error")
        assert await resumed(customer, turn_id, 0) == seen, "what was said is what is kept"
        assert (await customer.snapshot())["turn"] is None
        assert (await served(customer, "and tomorrow?"))["message"]
    assert {each["status"] for each in ledger.rows(owner_url, "select status from turns")} <= {"done", "failed"}


async def resumed(customer: Customer, turn_id: str, after: int) -> list[tuple[int, Json]]:
    async def resume() -> list[tuple[int, Json]] | None:
        try:
            return await customer.resume(turn_id, after)
        except (AssertionError, httpx2.TransportError):
            return None

    return await until(resume, what="the turn can be resumed")


async def test_while_the_database_is_down_everybody_is_told_so_and_nobody_waits(
    settings: Settings, database: EmbeddedPostgres, salon: TenantHandle
) -> None:
    async with running(settings) as server, Customer.of(server.url, salon.key) as customer:
        await customer.start()
        await customer.say("when are you open?")
        await asyncio.to_thread(database.stop)
        async with asyncio.timeout(10):
            for _ in range(3):
                for asked in (
                    customer.try_say("is there parking?"),
                    customer.get(f"/chat/session/{customer.session_id}"),
                    customer.post("/chat/session", {}),
                    customer.get("/services"),
                    customer.get("/availability?service=haircut&from=2026-03-03&to=2026-03-03"),
                ):
                    answer = await asked
                    assert (answer.status_code, answer.json()["error"]) == (503, "unavailable"), answer.text
                    assert int(answer.headers["retry-after"]) > 0
            assert (await customer.http.get("/health")).status_code == 200
            assert (await customer.http.get("/ready")).status_code == 503
        await asyncio.to_thread(database.start)
        assert (await served(customer, "is there parking?"))["message"]
        assert (await customer.http.get("/ready")).status_code == 200


async def test_a_mail_that_was_being_sent_when_the_database_went_is_sent_once(
    settings: Settings, database: EmbeddedPostgres, owner_url: str, salon: TenantHandle
) -> None:
    post = ScriptedHandler()
    hold_up, arrived = asyncio.Event(), asyncio.Event()
    taken = post.handle_DATA

    async def slowly(server: object, session: object, envelope: object) -> str:
        arrived.set()
        await hold_up.wait()
        return await taken(server, session, envelope)  # type: ignore[arg-type]

    post.handle_DATA = slowly  # type: ignore[method-assign]
    async with (
        receiving(post) as url,
        running(settings.model_copy(update={"smtp_url": SecretStr(url)})) as server,
        Customer.of(server.url, salon.key) as customer,
    ):
        await customer.start()
        await customer.confirm((await customer.say(REQUEST))["proposal"])
        async with asyncio.timeout(30):
            await arrived.wait()
        await restart(database)
        hold_up.set()
        query = "select status from notifications"
        await until(
            lambda: {each["status"] for each in ledger.rows(owner_url, query)} == {"sent"},
            within=130,
            what="both are sent",
        )
    assert len({str(each["To"]) for each in post.mails}) == len(post.mails) == 2, "nobody gets it twice"
