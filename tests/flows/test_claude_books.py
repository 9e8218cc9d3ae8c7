"""A customer books with Claude at the front desk: words as they come, tools, the card, the receipt."""

from __future__ import annotations

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.conftest import TenantHandle
from tests.customers import Customer, Json, events_of
from tests.flows.conftest import bookings_of
from tests.flows.told import told
from tests.twins.claude import ClaudeTwin
from tests.twins.scripts import Trouble, calls, says

ASKED = calls("find_slots", {"service": "haircut", "when": "tomorrow at 3pm"})
PROPOSED = calls(
    "propose_booking",
    {"service": "haircut", "start": "2026-03-03T15:00", "name": "Anna Berg", "email": "anna@example.com"},
)
FOUND = (
    says("Let me look.", ASKED),
    says("Tuesday at 3:00 pm is free. Your name and email, please?"),
)
OFFERED = (says(PROPOSED), says("Here it is. Shall I book it? Please confirm."))


async def _to_the_card(anna: Customer, claude: ClaudeTwin) -> Json:
    claude.will(*FOUND, *OFFERED)
    await anna.say("A haircut tomorrow at 3pm?")
    return await anna.say("Anna Berg, anna@example.com")


async def test_the_streamed_words_are_the_whole_answer(anna: Customer, claude: ClaudeTwin) -> None:
    claude.will(*FOUND)
    turn = told(await anna.stream("A haircut tomorrow at 3pm?"))
    assert turn.text == turn.done["message"]
    assert turn.text == "Let me look.\n\nTuesday at 3:00 pm is free. Your name and email, please?"
    assert turn.tools == [("find_slots", "started"), ("find_slots", "finished")]
    assert turn.done["degraded"] is False
    assert turn.done["availability"]["available"] is True


async def test_the_first_words_arrive_while_the_model_is_still_speaking(anna: Customer, claude: ClaudeTwin) -> None:
    waiting = Trouble("wait", after=5)
    claude.will(says("Hello there, how can I help you today?").but(trouble=waiting))
    seen: list[str] = []
    async with anna.streaming("Hello") as answer:
        async for _, event in events_of(answer):
            if event["type"] == "chunk":
                seen.append(event["content"])
                waiting.go_on.set()
            if event["type"] == "done":
                assert "".join(seen) == event["message"] == "Hello there, how can I help you today?"
    assert seen[0] != "Hello there, how can I help you today?"


async def test_a_booking_is_shown_as_a_card_and_made_by_the_button(
    anna: Customer, claude: ClaudeTwin, engine: AsyncEngine, studio: TenantHandle
) -> None:
    claude.will(*FOUND, *OFFERED)
    await anna.say("A haircut tomorrow at 3pm?")
    turn = told(await anna.stream("Anna Berg, anna@example.com"))
    card = turn.done["proposal"]
    assert [event["proposal"]["proposalId"] for event in turn.of_type("proposal")] == [card["proposalId"]]
    assert (card["preview"]["date"], card["preview"]["time"]) == ("2026-03-03", "15:00")
    assert turn.done["expects"] == ["confirm"]
    assert [booking.status for booking in await bookings_of(engine, studio)] == ["held"]
    receipt = await anna.confirm(card)
    assert receipt["booking"]["status"] == "confirmed"
    assert [booking.status for booking in await bookings_of(engine, studio)] == ["confirmed"]


async def test_after_the_receipt_the_model_knows_and_may_say_that_it_is_booked(
    anna: Customer, claude: ClaudeTwin
) -> None:
    done = await _to_the_card(anna, claude)
    receipt = await anna.confirm(done["proposal"])
    claude.will(says("Yes, you're booked for Tuesday at 3:00 pm!"))
    answer = await anna.say("So is it done?")
    assert answer["message"] == "Yes, you're booked for Tuesday at 3:00 pm!"
    sent = str(claude.last["messages"])
    assert '"event": "proposal_executed"' in sent
    assert receipt["booking"]["code"] in sent


async def test_a_typed_yes_is_read_by_code_and_never_by_the_model(
    anna: Customer, claude: ClaudeTwin, engine: AsyncEngine, studio: TenantHandle
) -> None:
    await _to_the_card(anna, claude)
    asked = len(claude.requests)
    turn = told(await anna.stream("Yes please, book it"))
    assert len(claude.requests) == asked
    assert turn.done["receipt"]["kind"] == "booked"
    assert turn.text == turn.done["message"]
    assert turn.done["usage"] == {"inputTokens": 0, "outputTokens": 0, "costMicros": 0}
    assert [booking.status for booking in await bookings_of(engine, studio)] == ["confirmed"]


async def test_a_yes_with_something_beside_it_goes_to_the_model(
    anna: Customer, claude: ClaudeTwin, engine: AsyncEngine, studio: TenantHandle
) -> None:
    await _to_the_card(anna, claude)
    claude.will(says("Of course: which time would suit you better?"))
    done = await anna.say("Yes, but could it be a bit later?")
    assert done["message"] == "Of course: which time would suit you better?"
    assert [booking.status for booking in await bookings_of(engine, studio)] == ["held"]


async def test_several_tools_asked_for_at_once_are_all_answered(anna: Customer, claude: ClaudeTwin) -> None:
    claude.will(
        says("One moment.", ASKED, calls("answer_faq", {"question": "parking?"}), calls("business_info", {})),
        says("It is free, and so is the parking."),
    )
    turn = told(await anna.stream("Is tomorrow at 3pm free, and is there parking?"))
    assert [name for name, state in turn.tools if state == "finished"] == ["find_slots", "answer_faq", "business_info"]
    results = claude.last["messages"][-1]["content"]
    assert [block["type"] for block in results] == ["tool_result"] * 3
    assert "free parking behind the studio" in str(results[1])


@pytest.mark.parametrize("size", [1, 3, 64])
async def test_it_does_not_matter_where_the_network_cuts_the_stream(
    anna: Customer, claude: ClaudeTwin, size: int
) -> None:
    claude.will(
        says("Grüße – un moment… 👩🏽‍🎨", calls("answer_faq", {"question": "Où garer la voiture? 🚗"}), chop=size),
        says("Il y a un parking gratuit derrière le salon. 👍", chop=size),
    )
    turn = told(await anna.stream("Où se garer?"))
    assert turn.text == "Grüße – un moment… 👩🏽‍🎨\n\nIl y a un parking gratuit derrière le salon. 👍"
    assert claude.last["messages"][-2]["content"][1]["input"] == {"question": "Où garer la voiture? 🚗"}
    assert turn.done["degraded"] is False
