"""Every call to the provider is written down with what it used and cost, also those that failed."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.agent import answering
from handled.settings import Settings
from tests.conftest import TenantHandle, running
from tests.customers import Customer
from tests.flows.conftest import usage_of
from tests.twins.claude import ClaudeTwin
from tests.twins.scripts import Used, calls, refuses, says

LISTED = says("Let me see.", calls("list_services"), used=Used(fresh=1000, read=0, written=4000, out=100))
ANSWERED = says("A haircut is $45.00.", used=Used(fresh=50, read=4000, written=200, out=30))


async def test_each_call_is_recorded_with_its_tokens_and_its_price(
    anna: Customer, claude: ClaudeTwin, engine: AsyncEngine, studio: TenantHandle
) -> None:
    claude.will(LISTED, ANSWERED)
    done = await anna.say("What is a haircut?")
    first, second = await usage_of(engine, studio)
    assert [each.model for each in (first, second)] == ["anthropic:claude-haiku-4-5"] * 2
    assert [each.outcome for each in (first, second)] == ["ok", "ok"]
    assert [str(each.turn_id) for each in (first, second)] == [done["turnId"]] * 2
    tokens = [(each.input_tokens, each.cache_read_tokens, each.cache_write_tokens) for each in (first, second)]
    assert tokens == [(5000, 0, 4000), (4250, 4000, 200)]
    assert [each.output_tokens for each in (first, second)] == [100, 30]
    # A dollar a million tokens in, five out; a tenth for what the cache gives, a quarter more for what it takes.
    assert first.cost_micros == 1000 + 4000 * 1.25 + 100 * 5
    assert second.cost_micros == 50 + 4000 * 0.1 + 200 * 1.25 + 30 * 5
    assert first.first_token_ms is not None
    assert 0 <= first.first_token_ms <= first.duration_ms


async def test_the_answer_carries_the_sum_of_its_calls(anna: Customer, claude: ClaudeTwin) -> None:
    claude.will(LISTED, ANSWERED)
    done = await anna.say("What is a haircut?")
    assert done["usage"] == {"inputTokens": 9250, "outputTokens": 130, "costMicros": 6500 + 850}


async def test_a_broken_answer_is_charged_for_what_it_had_used(
    anna: Customer, claude: ClaudeTwin, engine: AsyncEngine, studio: TenantHandle
) -> None:
    claude.will(says("One moment please.", used=Used(fresh=700, read=300)).then("error_event", 5))
    done = await anna.say("A haircut tomorrow at 3pm?")
    broken, *guided = await usage_of(engine, studio)
    assert (broken.outcome, broken.input_tokens, broken.cache_read_tokens) == ("overloaded_error", 1000, 300)
    assert broken.cost_micros == 700 + 300 * 0.1 + 5
    assert {(each.model, each.outcome, each.cost_micros) for each in guided} == {("guided:guided", "ok", 0)}
    assert done["usage"]["costMicros"] == broken.cost_micros


async def test_a_call_that_never_began_is_recorded_too(
    anna: Customer, claude: ClaudeTwin, engine: AsyncEngine, studio: TenantHandle
) -> None:
    claude.always(refuses(529, "overloaded_error"))
    await anna.say("Hello")
    refused, *_ = await usage_of(engine, studio)
    assert (refused.outcome, refused.input_tokens, refused.first_token_ms) == ("overloaded_error", 0, None)
    claude.always(says("Hello.").then("end", 4))
    await anna.say("Hello?")
    assert "cut_off" in [each.outcome for each in await usage_of(engine, studio)]


async def test_a_turn_that_fails_altogether_is_charged_too(
    anna: Customer, claude: ClaudeTwin, engine: AsyncEngine, studio: TenantHandle, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def break_down(run: object) -> None:
        raise RuntimeError("as scripted")

    monkeypatch.setattr(answering, "finish", break_down)
    claude.will(LISTED, ANSWERED)
    refused = await anna.try_say("What is a haircut?")
    assert (refused.status_code, refused.json()["error"]) == (503, "turn_failed")
    assert [each.cost_micros for each in await usage_of(engine, studio)] == [6500, 850]


@pytest.fixture
async def ben(settings: Settings, claude: ClaudeTwin, studio: TenantHandle) -> AsyncIterator[Customer]:
    """Somebody served by a model that nobody has a price of."""
    update = {"model": "anthropic:nobody-sells-this", "model_base_url": claude.url, "anthropic_api_key": SecretStr("x")}
    async with running(settings.model_copy(update=update)) as started, Customer.of(started.url, studio.key) as somebody:
        await somebody.start()
        yield somebody


async def test_an_unknown_price_is_unknown_and_not_zero(
    ben: Customer, claude: ClaudeTwin, engine: AsyncEngine, studio: TenantHandle
) -> None:
    claude.will(says("Hello."))
    done = await ben.say("Hello")
    [used] = await usage_of(engine, studio)
    assert (used.model, used.input_tokens, used.cost_micros) == ("anthropic:nobody-sells-this", 100, None)
    assert done["usage"] == {"inputTokens": 100, "outputTokens": 20, "costMicros": None}
