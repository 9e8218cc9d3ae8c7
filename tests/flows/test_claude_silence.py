"""A provider that takes the question and falls silent: the customer does not wait for it to come to."""

from __future__ import annotations

import asyncio

import pytest

from handled.agent.models.llm import Patience
from handled.agent.runtime import AgentRuntime
from tests.conftest import Running
from tests.customers import Customer
from tests.flows.told import Told, told
from tests.twins.claude import ClaudeTwin
from tests.twins.scripts import Text, calls, says, silent
from tests.waiting import until

ASKED = "A haircut tomorrow at 3pm?"


@pytest.fixture
def patience() -> Patience:
    """Short, so that nobody waits for these tests; long enough for a busy machine to send a few frames."""
    return Patience(first_event=3.0, silence=3.0)


async def _asked(anna: Customer) -> Told:
    """The turn, long before the limits that a test leaves alone would end it."""
    async with asyncio.timeout(25):
        return told(await anna.stream(ASKED))


async def _until_they_left(claude: ClaudeTwin) -> None:
    await until(lambda: claude.left, within=10, what="nobody listens to the silent provider any more")


@pytest.mark.parametrize("patience", [Patience(first_event=1.0, silence=60.0)])
async def test_silence_before_the_first_word_ends_in_an_answer(anna: Customer, claude: ClaudeTwin) -> None:
    claude.always(silent())
    turn = await _asked(anna)
    assert (turn.done["degraded"], turn.text) == (True, turn.done["message"])
    assert "3:00 pm" in turn.text
    await _until_they_left(claude)


async def test_silence_in_mid_sentence_ends_in_an_answer(anna: Customer, claude: ClaudeTwin) -> None:
    claude.will(says(Text("Welcome, dear customer, let me see what there is.", piece=12)).then("hang", 7))
    turn = await _asked(anna)
    assert turn.taken_back.startswith("Welcome, ")
    assert (turn.done["degraded"], turn.text) == (True, turn.done["message"])
    assert "3:00 pm" in turn.text
    await _until_they_left(claude)


async def test_silence_after_a_tool_call_begins_runs_no_tool(anna: Customer, claude: ClaudeTwin) -> None:
    claude.will(says(calls("find_slots", {"service": "colour", "when": "next week"})).then("hang", 6))
    turn = await _asked(anna)
    assert turn.done["degraded"] is True
    assert "3:00 pm" in turn.text
    await _until_they_left(claude)


@pytest.mark.parametrize("patience", [Patience(silence=60.0)])
async def test_a_model_that_always_needs_a_little_longer_leaves_time_for_an_answer(
    anna: Customer, claude: ClaudeTwin, claude_server: Running
) -> None:
    runtime: AgentRuntime = await claude_server.app.state.desk.start_turn.__self__.agent()
    runtime.model_seconds = 1.0
    claude.always(says(Text("Welcome, dear customer, let me see what there is.", piece=12)).then("hang", 7))
    turn = await _asked(anna)
    assert (turn.done["degraded"], turn.text) == (True, turn.done["message"])
    assert "3:00 pm" in turn.text
    await _until_they_left(claude)
