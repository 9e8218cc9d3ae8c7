"""The language model's provider may be down, silent, slow or mad: customers book and cancel all the same, in time."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from handled.agent.models import llm
from handled.kit import clock
from handled.settings import Settings
from tests.conftest import Running, TenantHandle, at, running
from tests.customers import Customer
from tests.faults import ledger
from tests.faults.faulty_proxy import FAULTS, FaultyProxy, proxy_to
from tests.faults.journeys import DEADLINE_SECONDS, Journeys
from tests.faults.scale import times
from tests.twins.claude import ClaudeTwin
from tests.twins.scripts import Reply, refuses, says
from tests.waiting import until

WELL = "We are open from nine to six."
REFUSALS: dict[str, Reply] = {
    "500": refuses(500, "api_error"),
    "529": refuses(529, "overloaded_error"),
    "429": Reply(status=429, error="rate_limit_error", headers={"retry-after": "2"}),
    "half an answer": says("We are open from").then("cut", 4),
}
# A connection takes up to `connect`, a first event as long as here; the real ones only make the tests longer.
SHORT = llm.Patience(connect=1.0, first_event=1.0, silence=1.0, retry=0.2)
HEALED_WITHIN = 20.0  # of a busy machine; what the program allows itself is in tests/agent/test_breaker.py


@pytest.fixture
async def claude() -> AsyncIterator[ClaudeTwin]:
    async with ClaudeTwin.running() as twin:
        twin.always(says(WELL))
        yield twin


@pytest.fixture
async def proxy(claude: ClaudeTwin) -> AsyncIterator[FaultyProxy]:
    host, _, port = claude.url.removeprefix("http://").partition(":")
    async with proxy_to(host, int(port)) as proxy:
        proxy.delay = 3.0  # later than an answer may begin
        yield proxy


@pytest.fixture
def patience() -> llm.Patience:
    return SHORT


@pytest.fixture
async def desk(
    settings: Settings, proxy: FaultyProxy, patience: llm.Patience, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Running]:
    """The application with a language model whose provider can be made to fail, on a Monday in New York."""
    monkeypatch.setattr(llm, "PATIENCE", patience)
    clock.start_at(at("2026-03-02T09:00:00-05:00"))
    model = {"model": "anthropic:claude-haiku-4-5", "model_base_url": f"http://{proxy.address}"}
    changes = {**model, "anthropic_api_key": SecretStr("sk-ant-of-a-test")}
    async with running(settings.model_copy(update=changes)) as server:
        yield server


async def assert_everything_goes_on(desk: Running, studio: TenantHandle, owner_url: str) -> Journeys:
    journeys = Journeys(desk.url, studio.key)
    for _ in range(times(1)):
        code = await journeys.book("Tuesday at 9am")
        assert [each["code"] for each in ledger.confirmed_bookings(owner_url)] == [code]
        await journeys.cancel(code)
        assert ledger.confirmed_bookings(owner_url) == []
        assert (await journeys.stream("when are you open?"))["degraded"] is True
    return journeys


async def assert_used_again(desk: Running, studio: TenantHandle) -> None:
    async def answers() -> bool:
        async with Customer.of(desk.url, studio.key) as somebody:
            await somebody.start()
            return (await somebody.say("when are you open?"))["message"] == WELL

    await until(answers, within=HEALED_WITHIN, what="the provider is used again")


@pytest.mark.parametrize("fault", FAULTS)
async def test_whatever_happens_to_the_connection(
    desk: Running, studio: TenantHandle, proxy: FaultyProxy, owner_url: str, fault: str
) -> None:
    await proxy.suffer(fault)  # type: ignore[arg-type]
    await assert_everything_goes_on(desk, studio, owner_url)
    await proxy.heal()
    await assert_used_again(desk, studio)


@pytest.mark.parametrize("reply", REFUSALS.values(), ids=REFUSALS.keys())
async def test_whatever_the_provider_answers(
    desk: Running, studio: TenantHandle, claude: ClaudeTwin, owner_url: str, reply: Reply
) -> None:
    claude.always(reply)
    await assert_everything_goes_on(desk, studio, owner_url)
    claude.always(says(WELL))
    await assert_used_again(desk, studio)


@pytest.mark.parametrize("patience", [llm.Patience(connect=600, first_event=600, silence=600, whole=600)])
async def test_without_the_time_limits_customers_would_wait_with_the_provider(
    desk: Running, studio: TenantHandle, proxy: FaultyProxy
) -> None:
    """The control: the same silence, with the limits off."""
    await proxy.suffer("hang")
    with pytest.raises(TimeoutError):
        await Journeys(desk.url, studio.key).book(deadline=min(5.0, DEADLINE_SECONDS))
    await proxy.suffer("refuse")
