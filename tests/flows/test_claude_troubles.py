"""The provider fails in every way a provider fails: the customer gets one whole answer in the same turn."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.conftest import TenantHandle
from tests.customers import Customer
from tests.flows.conftest import bookings_of
from tests.flows.told import Told, told
from tests.twins.claude import ClaudeTwin
from tests.twins.scripts import Reply, Text, calls, refuses, says

ASKED = "A haircut tomorrow at 3pm?"
SPOKEN = says(Text("Welcome, dear customer, let me see what there is for you tomorrow.", piece=12))
AT_ONCE: dict[str, Reply] = {
    "overloaded": refuses(529, "overloaded_error"),
    "rate limited": refuses(429, "rate_limit_error"),
    "broken": refuses(500, "api_error"),
    "key refused": refuses(401, "authentication_error"),
    "cut before a word": SPOKEN.then("cut", 0),
    "garbage instead of events": SPOKEN.then("garbage", 0),
    "an end without a beginning": SPOKEN.then("end", 0),
}
IN_MID_SENTENCE: dict[str, Reply] = {
    "overloaded": SPOKEN.then("error_event", 6),
    "cut": SPOKEN.then("cut", 6),
    "garbage": SPOKEN.then("garbage", 6),
    "half a character": SPOKEN.then("broken_utf8", 6),
    "an end too early": SPOKEN.then("end", 6),
}


def _assert_served_by_the_guided_model(turn: Told) -> None:
    assert [event["reason"] for event in turn.of_type("reset")] == ["model_failed"]
    assert turn.text == turn.done["message"]
    assert "3:00 pm" in turn.text
    assert (turn.done["degraded"], turn.done["expects"]) == (True, ["name", "email"])


@pytest.mark.parametrize("reply", AT_ONCE.values(), ids=AT_ONCE.keys())
async def test_a_provider_that_does_not_answer_is_replaced(anna: Customer, claude: ClaudeTwin, reply: Reply) -> None:
    claude.always(reply)
    turn = told(await anna.stream(ASKED))
    _assert_served_by_the_guided_model(turn)
    assert turn.taken_back == ""


@pytest.mark.parametrize("reply", IN_MID_SENTENCE.values(), ids=IN_MID_SENTENCE.keys())
async def test_what_was_said_before_it_broke_is_taken_back(anna: Customer, claude: ClaudeTwin, reply: Reply) -> None:
    claude.will(reply)
    turn = told(await anna.stream(ASKED))
    _assert_served_by_the_guided_model(turn)
    assert turn.taken_back.startswith("Welcome, ")
    assert "dear customer" not in str((await anna.snapshot())["messages"][1:])


async def test_a_short_hiccup_is_asked_about_once_more_and_nobody_notices(anna: Customer, claude: ClaudeTwin) -> None:
    claude.will(refuses(529, "overloaded_error"), says("Which service would you like?"))
    turn = told(await anna.stream("Hello"))
    assert turn.text == "Which service would you like?"
    assert (turn.done["degraded"], len(claude.requests)) == (False, 2)


async def test_a_provider_that_asks_for_patience_is_not_waited_for(anna: Customer, claude: ClaudeTwin) -> None:
    claude.will(Reply(status=429, error="rate_limit_error", headers={"retry-after": "2"}), says("Back again."))
    turn = told(await anna.stream(ASKED))
    _assert_served_by_the_guided_model(turn)
    assert len(claude.requests) == 1


async def test_a_tool_that_had_run_is_used_and_not_repeated(
    anna: Customer, claude: ClaudeTwin, engine: AsyncEngine, studio: TenantHandle
) -> None:
    claude.will(
        says("Let me look.", calls("find_slots", {"service": "haircut", "when": "tomorrow at 3pm"})),
        says(
            calls(
                "propose_booking",
                {"service": "haircut", "start": "2026-03-03T15:00", "name": "Anna Berg", "email": "anna@example.com"},
            )
        ),
        says("I have put everything together for you.").then("cut", 7),
    )
    turn = told(await anna.stream("A haircut tomorrow at 3pm for Anna Berg, anna@example.com"))
    assert [name for name, state in turn.tools if state == "started"].count("propose_booking") == 1
    assert [booking.status for booking in await bookings_of(engine, studio)] == ["held"]
    [shown] = turn.of_type("proposal")
    assert turn.done["proposal"]["proposalId"] == shown["proposal"]["proposalId"]
    assert (turn.done["degraded"], turn.done["expects"]) == (True, ["confirm"])
    assert turn.text == turn.done["message"]
    receipt = (await anna.say("Yes please"))["receipt"]
    assert receipt["kind"] == "booked"


async def test_only_the_whole_answer_reaches_the_history_of_the_conversation(
    anna: Customer, claude: ClaudeTwin
) -> None:
    claude.will(
        says("Let me look.", calls("find_slots", {"service": "haircut", "when": "tomorrow at 3pm"})),
        says("It is free for you and I").then("error_event", 6),
        says("Parking is free."),
    )
    first = await anna.say(ASKED)
    done = await anna.say("And where can I park?")
    assert (done["message"], done["degraded"]) == ("Parking is free.", False)
    sent = str(claude.last["messages"])
    assert first["message"] in sent
    assert "Let me look." not in sent
    assert "It is free for you" not in sent
    assert sent.count("tool_use_id") == 1


async def test_after_three_failures_the_provider_is_left_alone_and_then_tried_by_one_turn(
    anna: Customer, claude: ClaudeTwin, time_passes: Callable[[float], None]
) -> None:
    claude.always(refuses(529, "overloaded_error"))
    for _ in range(3):
        await anna.say(ASKED)
    asked = len(claude.requests)
    turn = told(await anna.stream(ASKED))
    assert (turn.done["degraded"], turn.of_type("reset")) == (True, [])
    assert len(claude.requests) == asked
    time_passes(31)
    await anna.say(ASKED)
    probed = len(claude.requests)
    assert probed > asked
    await anna.say(ASKED)
    assert len(claude.requests) == probed


async def test_once_the_provider_is_well_again_it_goes_on_with_what_the_guided_model_did(
    anna: Customer, claude: ClaudeTwin, time_passes: Callable[[float], None]
) -> None:
    claude.always(refuses(529, "overloaded_error"))
    for said in (ASKED, "Are you sure?", "Is there parking?", "What do you offer?"):
        await anna.say(said)
    claude.always(says("Now, where were we?"))
    time_passes(31)
    for _ in range(2):
        done = await anna.say("Hello?")
        assert (done["message"], done["degraded"]) == ("Now, where were we?", False)
    results = str(claude.last["messages"])
    assert "free parking behind the studio" in results
    assert claude.complaints == []


async def test_one_conversation_that_the_provider_refuses_does_not_keep_the_others_away(
    anna: Customer, claude: ClaudeTwin
) -> None:
    claude.will(*[Reply(status=400, error="invalid_request_error")] * 3)
    for _ in range(3):
        assert (await anna.say(ASKED))["degraded"] is True
    claude.will(says("Hello again."))
    assert (await anna.say("Hello?"))["message"] == "Hello again."
