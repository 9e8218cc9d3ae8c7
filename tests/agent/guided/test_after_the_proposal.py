"""What happens to a proposal after it was made: refused, expired, lost, executed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.agent.guided.front_desk import Chat, FrontDesk

FIND, PROPOSE = "find_slots", "propose_booking"


async def test_a_rejected_proposal_is_not_made_again_until_something_changes() -> None:
    chat = Chat()
    await chat.say("classic cut tomorrow at 10, Ruth Adler, ruth@adler.example")
    answer = await chat.say("no", {"event": "proposal_rejected", "proposal_id": "p1", "action": "book"})
    assert answer.tools == []
    assert answer.expects == ["anything_else"]
    answer = await chat.say("another time")
    assert (answer.tools, answer.expects) == ([FIND], ["time"])
    answer = await chat.say("11 am")
    assert (answer.tools, answer.expects) == ([FIND, PROPOSE], ["confirm"])


@pytest.mark.parametrize("event", ["proposal_expired", "proposal_failed"])
async def test_a_proposal_that_is_gone_is_made_anew(event: str) -> None:
    chat = Chat()
    await chat.say("classic cut tomorrow at 10, Ruth Adler, ruth@adler.example")
    answer = await chat.say("yes", {"event": event, "proposal_id": "p1", "action": "book", "reason": ""})
    assert (answer.tools, answer.expects) == ([FIND, PROPOSE], ["confirm"])


async def test_a_time_lost_to_somebody_else_is_replaced_by_others() -> None:
    chat = Chat()
    await chat.say("classic cut tomorrow at 10, Ruth Adler, ruth@adler.example")
    chat.desk.taken.add("2026-05-12 10:00")
    lost = {"event": "proposal_failed", "proposal_id": "p1", "action": "book", "reason": "slot_taken"}
    answer = await chat.say("yes", lost)
    assert (answer.tools, answer.expects) == ([FIND], ["time"])
    assert "somebody" in answer.text


async def test_a_proposal_that_nobody_answered_in_time_is_made_anew() -> None:
    chat = Chat()
    await chat.say("classic cut tomorrow at 10, Ruth Adler, ruth@adler.example")
    chat.at += timedelta(minutes=12)
    answer = await chat.say("yes")
    assert (answer.tools, answer.expects) == ([FIND, PROPOSE], ["confirm"])


async def test_a_slot_taken_between_search_and_proposal_leads_to_alternatives() -> None:
    chat = Chat()
    await chat.say("classic cut tomorrow at 10")
    chat.desk.taken.add("2026-05-12 10:00")
    answer = await chat.say("Ruth Adler, ruth@adler.example")
    assert answer.tools[0] == PROPOSE
    assert answer.expects == ["time"]
    assert "taken" in answer.text


async def test_after_a_receipt_the_person_is_known_and_nothing_else_is_kept() -> None:
    chat = Chat()
    await chat.say("classic cut tomorrow at 10, Ruth Adler, ruth@adler.example")
    chat.confirm()
    answer = await chat.say("great, see you tomorrow!")
    assert (answer.tools, answer.resolved) == ([], True)
    answer = await chat.say("could I also book a beard trim the day after, same time?")
    assert answer.tools == [FIND, PROPOSE]
    assert answer.args(PROPOSE)["start"] == "2026-05-13T10:00"
    assert answer.args(PROPOSE)["email"] == "ruth@adler.example"


async def test_a_question_after_the_receipt_starts_no_second_booking() -> None:
    chat = Chat()
    await chat.say("classic cut tomorrow at 10, Ruth Adler, ruth@adler.example")
    chat.confirm()
    answer = await chat.say("do you also do beard trims?")
    assert FIND not in answer.tools
    assert answer.expects == ["anything_else"]


async def test_a_broken_tool_is_apologised_for_and_not_called_again() -> None:
    chat = Chat(FrontDesk(broken=frozenset({FIND})))
    answer = await chat.say("classic cut tomorrow at 10")
    assert answer.tools == [FIND]
    assert "orry" in answer.text


async def test_a_refused_time_is_not_proposed_again_while_others_are_asked_for() -> None:
    chat = Chat()
    await chat.say("classic cut tomorrow at 10, Ruth Adler, ruth@adler.example")
    await chat.say("no", {"event": "proposal_rejected", "proposal_id": "p1", "action": "book"})
    answer = await chat.say("what else is free that day?")
    assert (answer.tools, answer.expects) == ([FIND], ["time"])


async def test_an_odd_phone_number_does_not_stand_in_the_way() -> None:
    class Fussy(FrontDesk):
        def propose_booking(self, service: str, start: str, name: str, email: str, **more: object) -> dict[str, object]:
            if more.get("phone"):
                return {"error": "That does not look like a phone number."}
            return super().propose_booking(service, start, name, email, **more)

    answer = await Chat(Fussy()).say("classic cut tomorrow at 10, Ruth Adler, ruth@adler.example, 000 000 0000")
    assert answer.tools == [FIND, PROPOSE, PROPOSE]
    assert answer.expects == ["confirm"]


async def test_a_question_after_a_refused_proposal_is_answered_first() -> None:
    chat = Chat()
    await chat.say("classic cut tomorrow at 10, Ruth Adler, ruth@adler.example")
    refused = {"event": "proposal_rejected", "proposal_id": "p1", "action": "book"}
    answer = await chat.say("what's your address?", refused)
    assert "8 Mill Street" in answer.text
    assert PROPOSE not in answer.tools
