"""A model that gets its tools wrong: it is told so in a sentence, and the customer is served all the same."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.conftest import TenantHandle
from tests.customers import Customer
from tests.flows.conftest import bookings_of
from tests.flows.told import told
from tests.twins.claude import ClaudeTwin
from tests.twins.scripts import Call, Text, calls, says


def _result(claude: ClaudeTwin) -> str:
    """What the last request says that the tool answered."""
    [block] = claude.last["messages"][-1]["content"]
    return block["content"][0]["text"]


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (calls("book_now", {"service": "haircut"}), "There is no tool of that name. There are: list_services"),
        (calls("find slots!", {}), "There is no tool of that name."),
        (calls("find_slots", '{"service": "haircut", "when": '), "The arguments were not a JSON object."),
        (calls("find_slots", '["haircut"]'), "The arguments were not a JSON object."),
        (calls("find_slots", {"service": 7}), "Wrong arguments: service: Input should be a valid string."),
        (calls("find_slots", {}), "Wrong arguments: service: Field required."),
        (calls("find_slots", {"service": "haircut", "tenant_id": "x"}), "tenant_id: Extra inputs are not permitted"),
        (calls("find_slots", {"service": "massage"}), "There is no such service. There are: haircut, colour."),
        (calls("answer_faq", {"question": "?" * 2001}), "question: String should have at most 2000 characters"),
        (
            calls("propose_booking", {"service": "haircut", "start": "soon", "name": "A", "email": "a@example.com"}),
            "`start` must be ISO",
        ),
    ],
    ids=lambda value: value.name if isinstance(value, Call) else None,
)
async def test_a_wrong_call_is_answered_with_a_sentence_that_helps(
    anna: Customer, claude: ClaudeTwin, call: Call, sentence: str
) -> None:
    claude.will(says(call), says("Sorry, let me ask differently: which service?"), says("Hello again."))
    turn = told(await anna.stream("A haircut please"))
    assert sentence in _result(claude)
    assert turn.text == "Sorry, let me ask differently: which service?"
    assert turn.done["degraded"] is False
    await anna.say("Still there?")
    assert len(claude.requests) == 3


async def test_characters_that_cannot_be_stored_do_no_harm(anna: Customer, claude: ClaudeTwin) -> None:
    claude.will(
        says("One\0 moment.", calls("answer_faq", '{"question": "park\\u0000ing?"}')),
        says("Parking\0 is free."),
        says("Hello again."),
    )
    turn = told(await anna.stream("Where can I park?"))
    assert turn.text == turn.done["message"] == "One moment.\n\nParking is free."
    assert "free parking behind the studio" in _result(claude)
    await anna.say("Still there?")
    assert "\\u0000" not in claude.requests[-1].raw.decode()


async def test_a_model_that_runs_in_circles_is_stopped_and_the_guided_one_answers(
    anna: Customer, claude: ClaudeTwin
) -> None:
    claude.always(says("Let me look.", calls("find_slots", {"service": "haircut", "when": "tomorrow at 3pm"})))
    turn = told(await anna.stream("A haircut tomorrow at 3pm?"))
    assert len(claude.requests) == 8
    assert "Let me look." in turn.taken_back
    assert "Let me look." not in turn.text
    assert turn.text == turn.done["message"]
    assert "3:00 pm" in turn.text
    assert (turn.done["degraded"], turn.done["expects"]) == (True, ["name", "email"])


async def test_running_in_circles_is_no_reason_to_keep_others_away_from_the_provider(
    anna: Customer, claude: ClaudeTwin
) -> None:
    for _ in range(3):
        claude.will(*[says(calls("list_services"))] * 8)
        await anna.say("What do you offer?")
    claude.will(says("Two services."))
    assert (await anna.say("What do you offer?"))["message"] == "Two services."


@pytest.mark.parametrize("nothing", [says(), says(" \n "), says(Text(""))], ids=["no block", "white space", "empty"])
async def test_a_model_that_says_nothing_is_replaced(anna: Customer, claude: ClaudeTwin, nothing: Any) -> None:
    claude.will(says("One moment.", calls("find_slots", {"service": "haircut", "when": "tomorrow at 3pm"})), nothing)
    turn = told(await anna.stream("A haircut tomorrow at 3pm?"))
    assert (turn.taken_back.strip(), turn.done["degraded"]) == ("One moment.", True)
    assert "3:00 pm" in turn.text
    claude.will(says("Hello again."))
    assert (await anna.say("Still there?"))["message"] == "Hello again."


async def test_white_space_around_a_tool_call_is_not_kept(anna: Customer, claude: ClaudeTwin) -> None:
    claude.will(says(" \n\n", calls("list_services")), says("\n\nTwo services.\n"), says("Hello again."))
    turn = told(await anna.stream("What do you offer?"))
    await anna.say("Still there?")
    assert turn.text.startswith("Two services.")
    assert claude.last["messages"][-2]["content"] == [{"type": "text", "text": "Two services."}]


async def test_a_call_cut_off_by_the_token_limit_is_not_run(
    anna: Customer, claude: ClaudeTwin, engine: AsyncEngine, studio: TenantHandle
) -> None:
    cut = calls("propose_booking", '{"service": "haircut", "start": "2026-03-03T15:00", "name": "An')
    claude.will(says(cut, finish="max_tokens"), says("What is your name?"))
    done = await anna.say("A haircut tomorrow at 3pm")
    assert done["message"] == "What is your name?"
    assert await bookings_of(engine, studio) == []


async def test_a_provider_that_uses_its_ids_twice_does_not_spoil_the_history(
    anna: Customer, claude: ClaudeTwin
) -> None:
    same = replace(calls("list_services"), id="toolu_same")
    claude.will(says(same, same), says("Two services."), says(same), says("Still two."))
    assert (await anna.say("What do you offer?"))["message"] == "Two services."
    assert (await anna.say("And now?"))["message"] == "Still two."
