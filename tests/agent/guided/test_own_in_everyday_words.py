"""Bookings that exist, in the words that people use on a phone.

Ivy's shave is on Tuesday, May 19 at 3:30 pm, her cut on Thursday, May 21 at 10:00 am; today is Monday, May 11.
"""

from __future__ import annotations

import pytest

from tests.agent.guided.demo_desk import demo
from tests.agent.guided.front_desk import Chat
from tests.agent.guided.test_demo_talk import talk
from tests.agent.guided.test_own_bookings import CANCEL, CODE, EMAIL, FIND, MOVE, OTHER, desk, told

PROOF = f"{CODE} {EMAIL}"


@pytest.mark.parametrize(
    ("said", "start"),
    [
        ([f"cancel my shave and book me friday may 22 at 2 instead. {PROOF}"], "2026-05-22T14:00"),
        ([PROOF, "cancel it and book me friday instead"], "2026-05-22T15:30"),
        ([PROOF, "cancel it and rebook me for the 21st"], "2026-05-21T15:30"),
        (["something came up, is thurs 21 may any good?", PROOF], "2026-05-21T15:30"),
        (["can u push me back an hour", PROOF], "2026-05-19T16:30"),
        (["can you bring my appt forward half an hr", PROOF], "2026-05-19T15:00"),
        ([f"{PROOF} any chance of saturday instead?"], "2026-05-16T15:30"),
        ([f"{PROOF} i want to come thurs may 21 at 3 instead"], "2026-05-21T15:00"),
        ([PROOF, "move it to the 21st at 3", "hm 4 is better actually"], "2026-05-21T16:00"),
        ([PROOF, "move it to the 21st at 3", "1030"], "2026-05-21T10:30"),
    ],
)
async def test_another_time_is_found(said: list[str], start: str) -> None:
    answer = await told(*said)
    assert answer.args(MOVE)["start"] == start
    assert CANCEL not in answer.tools


async def test_another_service_beside_it_does_not_move_what_is_cancelled() -> None:
    answer = await told(PROOF, "cancel it and book me a classic cut on friday instead")
    assert MOVE not in answer.tools
    assert CANCEL in answer.tools


@pytest.mark.parametrize("said", ["gotta bin it sorry", "not gonna make it", "im not gonna be able to make it"])
async def test_whoever_cannot_come_is_asked_for_which_one(said: str) -> None:
    answer = await told(said, PROOF)
    assert answer.tools == [CANCEL]


@pytest.mark.parametrize(
    "said",
    [
        "hi i booked a haircut last week and cant remember when it is",
        "my wife anna has a booking with you, when is it?",
        "what appointments do i have",
        "what time am i booked for",
        "am i booked in for the 6th?",
        "when do i come in?",
        "resend the email",
        "i didnt get a confirmation email",
    ],
)
async def test_looking_for_ones_own_begins_no_new_booking(said: str) -> None:
    chat, asked = await talk(demo("hair"), said)
    assert asked.expects == ["code", "email"]
    assert (await chat.say(PROOF)).args(FIND) == {"code": CODE, "email": EMAIL}


@pytest.mark.parametrize("said", ["where do i need to go", "where do i go for my haircut", "where do i come to"])
async def test_whoever_asks_where_to_go_is_not_leaving(said: str) -> None:
    _, answer = await talk(demo("hair"), said)
    assert "8 Mill Street" in answer.text
    assert not answer.resolved


async def test_the_other_booking_is_still_within_reach_once_one_was_cancelled() -> None:
    chat = Chat(desk())
    for said in ("cancel my shave", "no code", EMAIL):
        await chat.say(said)
    chat.desk.proven = EMAIL
    assert CANCEL in (await chat.say(chat.desk.digits)).tools
    chat.confirm("cancel", CODE)
    del chat.desk.bookings[CODE, EMAIL]
    answer = await chat.say("ok and cancel the classic cut too")
    assert CANCEL in answer.tools
    assert answer.expects == ["confirm"]
    assert OTHER in {booking["code"] for booking in chat.desk.bookings.values()}


@pytest.mark.parametrize("said", ["the 2nd", "the 3rd", "at 5pm"])
async def test_a_day_is_no_code(said: str) -> None:
    answer = await told("find my booking", "no code", EMAIL, said)
    assert FIND not in answer.tools
    assert answer.expects == ["otp"]


@pytest.mark.parametrize("said", ["its 4 8 2 9 1 3", "48-29-13", "482 913"])
async def test_six_digits_are_read_however_they_are_spaced(said: str) -> None:
    answer = await told("find my booking", "no code", EMAIL, said)
    assert answer.args(FIND) == {"code": "482913", "email": None}


async def test_to_stay_with_the_day_that_it_is_on_changes_nothing() -> None:
    answer = await told(PROOF, "move it to the 21st at 3", "actually no, stay with the 19th")
    assert answer.tools == ["withdraw_proposal"]
    assert "May 19" in answer.text


async def test_a_code_beside_a_question_is_kept_for_what_is_wished_next() -> None:
    answer = await told(f"{PROOF} do i get charged if i cancel the day before", "cancel it then")
    assert answer.args(CANCEL) == {"code": CODE, "email": EMAIL}


@pytest.mark.parametrize(
    ("said", "told_of_it"),
    [
        ("how long will it take", "30 minutes"),
        ("how much do i owe", "$40.00"),
        ("is it still with omar?", "with Omar"),
        ("how many times can i move it", "until the day before"),
    ],
)
async def test_it_is_the_booking_that_was_just_shown(said: str, told_of_it: str) -> None:
    answer = await told(PROOF, said)
    assert told_of_it in answer.text
    assert "classic cut" not in answer.text
    assert answer.expects == ["anything_else"]


@pytest.mark.parametrize(
    ("said", "told_of_it"), [("only if its free", "no charge"), ("yes but can i rebook later", "until the day before")]
)
async def test_a_condition_at_the_card_is_answered_and_cancels_nothing(said: str, told_of_it: str) -> None:
    answer = await told(PROOF, "cancel it", said)
    assert told_of_it in answer.text
    assert answer.expects == ["confirm"]
    assert not answer.fallback


async def test_the_week_after_is_that_of_the_booking() -> None:
    answer = await told(PROOF, "cancel it", "actually can i just move it to the week after")
    assert answer.args(MOVE)["start"] == "2026-05-26T15:30"


async def test_whoever_asks_for_others_is_not_shown_the_same_one() -> None:
    answer = await told(PROOF, "do i have any other bookings?")
    assert answer.expects == ["code"]


@pytest.mark.parametrize(
    "said",
    [
        [PROOF, "cancel it and book me a classic cut on friday at 10 instead"],
        [f"cancel booking {PROOF} and book me a classic cut on friday at 10 instead"],
        ["cancel my booking and book a classic cut on friday at 10 instead", PROOF],
    ],
)
async def test_what_is_wanted_in_place_of_a_cancelled_one_is_not_forgotten(said: list[str]) -> None:
    chat, answer = await talk(desk(), *said)
    assert answer.tools[-1] == CANCEL
    assert answer.expects == ["confirm"]
    chat.confirm("cancel", CODE, "cancelled")
    following = await chat.say("yes please")
    assert following.args("find_slots") == {"service": "cut", "when": "2026-05-15 10:00", "resource": None}


async def test_nor_is_it_booked_where_the_first_is_kept_after_all() -> None:
    chat, _ = await talk(desk(), PROOF, "cancel it, i'll have a beard trim on friday instead", "no keep it")
    answer = await chat.say("yes")
    assert answer.tools == []


@pytest.mark.parametrize(
    ("said", "start"), [("move it to friday at 3.30", "2026-05-22T15:30"), ("actually 11?", "2026-05-21T11:00")]
)
async def test_what_was_just_moved_is_still_the_one_talked_about(said: str, start: str) -> None:
    chat, _ = await talk(desk(), PROOF, "move it to thursday at 10")
    chat.confirm("reschedule", CODE)
    answer = await chat.say(said)
    assert answer.args(MOVE)["start"] == start


@pytest.mark.parametrize(("confirmed", "told_of_it"), [(True, "Thursday, May 21 at 10:00 am"), (False, "May 19")])
async def test_undoing_a_move_is_about_that_booking(confirmed: bool, told_of_it: str) -> None:
    chat, _ = await talk(desk(), PROOF, "move it to thursday at 10")
    if confirmed:
        chat.confirm("reschedule", CODE)
    answer = await chat.say("hmm undo that")
    assert told_of_it in answer.text
    assert not answer.fallback
