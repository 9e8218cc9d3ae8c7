"""Any endpoint that speaks OpenAI's chat completions will do as the front desk's model."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.settings import Settings
from tests.conftest import TenantHandle, at, running
from tests.customers import Customer
from tests.flows.conftest import MONDAY_MORNING, usage_of
from tests.flows.told import told
from tests.twins.chat_completions import ChatCompletionsTwin
from tests.twins.scripts import Reply, Thinking, Used, calls, refuses, says

ASKED = calls("find_slots", {"service": "haircut", "when": "tomorrow at 3pm"})
PROPOSED = calls(
    "propose_booking",
    {"service": "haircut", "start": "2026-03-03T15:00", "name": "Anna Berg", "email": "anna@example.com"},
)


@pytest.fixture
async def model() -> AsyncIterator[ChatCompletionsTwin]:
    """A small model server. A test fails when it had to refuse a request."""
    async with ChatCompletionsTwin.running() as twin:
        yield twin
    assert twin.complaints == []


@pytest.fixture
async def carl(settings: Settings, model: ChatCompletionsTwin, studio: TenantHandle) -> AsyncIterator[Customer]:
    """Somebody who has opened the chat of a studio that runs a model of its own."""
    configured = settings.model_copy(
        update={
            "model": "openai:a-small-model",
            "model_base_url": f"{model.url}/v1",
            "openai_api_key": SecretStr("sk-of-a-test"),
            "now": at(MONDAY_MORNING),
        }
    )
    async with running(configured) as started, Customer.of(started.url, studio.key) as somebody:
        await somebody.start()
        yield somebody


async def test_a_whole_booking(carl: Customer, model: ChatCompletionsTwin) -> None:
    model.will(
        says("Let me look.", ASKED, calls("answer_faq", {"question": "parking?"})),
        says("Tuesday at 3:00 pm is free. Your name and email, please?"),
        says(PROPOSED),
        says("Please confirm it."),
        says("Yes, you're booked."),
    )
    first = told(await carl.stream("A haircut tomorrow at 3pm, and is there parking?"))
    assert first.text == "Let me look.\n\nTuesday at 3:00 pm is free. Your name and email, please?"
    assert [name for name, state in first.tools if state == "finished"] == ["find_slots", "answer_faq"]
    done = await carl.say("Anna Berg, anna@example.com")
    assert done["expects"] == ["confirm"]
    assert (await carl.say("yes"))["receipt"]["kind"] == "booked"
    last = await carl.say("Is it done?")
    assert (last["message"], last["degraded"]) == ("Yes, you're booked.", False)


async def test_the_request_is_one_that_small_servers_understand(carl: Customer, model: ChatCompletionsTwin) -> None:
    model.will(says("Hello."))
    await carl.say("Hello")
    assert model.last["max_tokens"] == 1024
    assert "max_completion_tokens" not in model.last
    assert model.last["stream_options"] == {"include_usage": True}
    assert model.requests[-1].headers["authorization"] == "Bearer sk-of-a-test"
    roles = [message["role"] for message in model.last["messages"]]
    assert roles == ["system", "user", "assistant", "user"]
    assert "Test Studio" not in model.last["messages"][0]["content"]


async def test_what_it_thinks_aloud_is_not_shown(carl: Customer, model: ChatCompletionsTwin) -> None:
    model.will(says(Thinking("secretly"), "Hello."), says("Hello again."))
    turn = told(await carl.stream("Hello"))
    await carl.say("Hello?")
    assert turn.text == "Hello."
    assert "secretly" not in str(turn.events) + str(model.bodies)


async def test_a_tool_of_its_own_making_is_declined_in_a_sentence(carl: Customer, model: ChatCompletionsTwin) -> None:
    model.will(says(calls("book it!", "{{")), says("Which service, please?"), says("Hello again."))
    assert (await carl.say("A haircut"))["message"] == "Which service, please?"
    assert (await carl.say("Hello?"))["message"] == "Hello again."


@pytest.mark.parametrize(
    "reply",
    [
        refuses(503, "unavailable"),
        refuses(429, "rate_limit_exceeded"),
        says("One moment please.").then("cut", 3),
        says("One moment please.").then("end", 3),
        says("One moment please.").then("garbage", 3),
        says("One moment please.").then("error_event", 3),
    ],
    ids=["unavailable", "busy", "cut", "an end too early", "garbage", "error in mid-sentence"],
)
async def test_when_it_fails_the_guided_model_answers(carl: Customer, model: ChatCompletionsTwin, reply: Reply) -> None:
    model.always(reply)
    turn = told(await carl.stream("A haircut tomorrow at 3pm?"))
    assert turn.text == turn.done["message"]
    assert "3:00 pm" in turn.text
    assert turn.done["degraded"] is True


async def test_its_tokens_are_counted_and_its_price_is_unknown(
    carl: Customer, model: ChatCompletionsTwin, engine: AsyncEngine, studio: TenantHandle
) -> None:
    model.will(says("Hello.", used=Used(fresh=100, read=50, out=7)))
    await carl.say("Hello")
    [used] = await usage_of(engine, studio)
    assert (used.model, used.input_tokens, used.cache_read_tokens) == ("openai:a-small-model", 150, 50)
    assert (used.output_tokens, used.cost_micros) == (7, None)
