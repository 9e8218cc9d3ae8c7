"""Bookings that exist, and wishes about them that are taken back, only asked about, or half of what was said.

Ivy's shave is on Tuesday, May 19 at 3:30 pm, her cut on Thursday, May 21 at 10:00 am; today is Monday, May 11.
"""

from __future__ import annotations

import pytest

from tests.agent.guided.test_demo_talk import talk
from tests.agent.guided.test_own_bookings import CANCEL, CODE, EMAIL, FIND, MOVE, OTHER, desk

PROOF = f"{CODE} {EMAIL}"
LISTED = ["what do i have booked", EMAIL, "482913"]


@pytest.mark.parametrize(
    "said",
    [
        [PROOF, "dont cancel, just move it a bit later"],
        [PROOF, "i dont want to cancel just wanna know the price"],
        [PROOF, "can i reschedule instead of cancelling"],
        [f"cancel my shave, no wait, move it to wednesday. {PROOF}"],
        [PROOF, "cancel my shave, actually no, keep it"],
        [PROOF, "please dont cancel it, can you make it wednesday"],
        [PROOF, "was my appointment cancelled?"],
        [f"did you cancel my appointment?? {PROOF}"],
        [f"{PROOF} cancel unless you have something on saturday"],
        [PROOF, "ok i can't make that day. whats free the day after?"],
    ],
)
async def test_nobody_is_asked_to_confirm_a_cancellation_that_was_not_wanted(said: list[str]) -> None:
    _, answer = await talk(desk(proven=EMAIL), *said)
    assert CANCEL not in answer.tools


@pytest.mark.parametrize(
    "said",
    [
        [PROOF, "cancel", "no just cancel"],
        [f"{PROOF} cancel", "can i move it to friday instead?", "no, cancel"],
        ["cancel it ffs", PROOF],
        ["hi can you cancel it for me please", PROOF],
        [PROOF, "get rid of it"],
        [f"cancel bkqrs567 {EMAIL}"],
    ],
)
async def test_whoever_wants_to_cancel_gets_the_card(said: list[str]) -> None:
    _, answer = await talk(desk(proven=EMAIL), *said)
    assert answer.expects == ["confirm"]
    assert "ancel" in answer.text


@pytest.mark.parametrize(
    ("said", "start"),
    [
        ("can we do it a week later but at 2", "2026-05-26T14:00"),
        ("a day later but 11am", "2026-05-20T11:00"),
        ("the same time a fortnight later", "2026-06-02T15:30"),
        ("a month later", "2026-06-16T15:30"),
        ("the tuesday after", "2026-05-26T15:30"),
        ("2 weeks from then", "2026-06-02T15:30"),
        ("bump it an hr", "2026-05-19T16:30"),
        ("hi, can i change to fri 22nd 9.30", "2026-05-22T09:30"),
        ("cancel unless you have something on saturday", "2026-05-16T15:30"),
    ],
)
async def test_it_is_moved_as_far_as_was_said(said: str, start: str) -> None:
    _, answer = await talk(desk(proven=EMAIL), PROOF, said)
    assert answer.args(MOVE)["start"] == start


@pytest.mark.parametrize(
    ("said", "tool", "code"),
    [
        ("move the shave to friday", MOVE, CODE),
        ("cancel the one with nell", CANCEL, OTHER),
    ],
)
async def test_of_several_the_one_that_was_named_is_meant(said: str, tool: str, code: str) -> None:
    _, answer = await talk(desk(proven=EMAIL), *LISTED, said)
    assert answer.args(tool)["code"] == code


async def test_not_that_one_is_not_changed() -> None:
    _, answer = await talk(desk(proven=EMAIL), f"{PROOF} cancel", "not that one, the haircut on thursday")
    assert MOVE not in answer.tools
    assert answer.expects == ["code"]


@pytest.mark.parametrize(
    ("said", "when"),
    [
        ("cancel my shave and book a classic cut on friday at 11", "2026-05-15 11:00"),
        ("cancel my shave and book a classic cut for the same time", "2026-05-19 15:30"),
    ],
)
async def test_what_comes_after_a_cancellation_is_kept(said: str, when: str) -> None:
    chat, answer = await talk(desk(proven=EMAIL), PROOF, said)
    assert answer.tools == [CANCEL]
    chat.confirm("cancel", CODE, "cancelled")
    following = await chat.say("yes go on")
    assert following.args("find_slots") == {"service": "cut", "when": when, "resource": None}


@pytest.mark.parametrize("said", ["i lost my code", "where do i find my code?"])
async def test_a_lost_code_is_no_obstacle(said: str) -> None:
    chat, answer = await talk(desk(proven=EMAIL), said)
    assert answer.expects == ["email"]
    answer = await chat.say(EMAIL)
    assert answer.tools == [FIND]
    assert answer.expects == ["otp"]


async def test_the_address_may_come_before_the_code() -> None:
    _, answer = await talk(desk(proven=EMAIL), EMAIL, CODE)
    assert answer.tools == [FIND]
    assert "hot towel shave" in answer.text


@pytest.mark.parametrize("said", ["i never got the 6 digits", "the name on the booking is wrong", "thats not mine"])
async def test_nobody_is_sent_away_for_a_not(said: str) -> None:
    _, answer = await talk(desk(proven=EMAIL), PROOF, said)
    assert not answer.resolved


@pytest.mark.parametrize("said", ["no thats all", "nope im good thanks", "no that's everything for now"])
async def test_who_has_nothing_else_is_said_goodbye_to(said: str) -> None:
    _, answer = await talk(desk(proven=EMAIL), PROOF, said)
    assert answer.resolved


@pytest.mark.parametrize("said", ["who is it with?", "what time was it again", "is that confirmed?"])
async def test_what_is_asked_of_the_booking_just_shown_is_answered_with_it(said: str) -> None:
    _, answer = await talk(desk(proven=EMAIL), PROOF, said)
    assert answer.tools == [FIND]
    assert "Tuesday, May 19 at 3:30 pm (Central Time) with Omar" in answer.text
    assert "Nell" not in answer.text


async def test_digits_that_did_not_come_are_sent_again() -> None:
    _, answer = await talk(desk(proven=EMAIL), f"whats my booking, {EMAIL}", "i didnt get any code")
    assert answer.args(FIND) == {"code": None, "email": EMAIL}
    assert answer.expects == ["otp"]
