"""Changes of a booking as people ask for them: with a reason, with the new time beside the code, after it was shown.

Ivy's shave is on Tuesday, May 19 at 3:30 pm, and today is Monday, May 11.
"""

from __future__ import annotations

import pytest

from tests.agent.guided.front_desk import Answer, Chat
from tests.agent.guided.test_own_bookings import CANCEL, CODE, EMAIL, FIND, MOVE, SLOTS, desk, told

PROOF = f"{CODE} {EMAIL}"
SHOWN = [PROOF]


def new_start(answer: Answer) -> str:
    return str(answer.args(MOVE)["start"])


@pytest.mark.parametrize(
    ("said", "start"),
    [
        (f"any chance of pushing my 3:30 on the 19th to 4? {PROOF}", "2026-05-19T16:00"),
        (f"can i come an hour earlier? {PROOF}", "2026-05-19T14:30"),
        (f"i made a mistake with my booking {PROOF}, it should be the 20th not the 19th", "2026-05-20T15:30"),
        (f"i made a mistake with {PROOF}, should have been the 20th at noon", "2026-05-20T12:00"),
        (f"{PROOF} move it to thurs may 14 at 3", "2026-05-14T15:00"),
        (f"{PROOF} move it from the 19th to the 21st", "2026-05-21T15:30"),
        (f"move {PROOF} to thursday that week", "2026-05-21T15:30"),
        (f"can you bump {PROOF} to the week after next, same day same time", "2026-05-26T15:30"),
    ],
)
async def test_a_time_beside_the_code_is_the_new_time(said: str, start: str) -> None:
    assert new_start(await told(said)) == start


async def test_who_cannot_come_and_asks_for_other_days_is_not_cancelled() -> None:
    said = (
        f"I won't be able to make it to my appointment on Tuesday. {PROOF}. Could I come in later that week instead?"
        " Thursday or Friday after 2 would be good."
    )
    chat = Chat(desk())
    answer = await chat.say(said)
    assert answer.args(SLOTS)["when"] == "2026-05-21 or 2026-05-22 after 14:00"
    assert CANCEL not in answer.tools
    assert new_start(await chat.say("friday 2:30")) == "2026-05-22T14:30"


@pytest.mark.parametrize("said", ["don't think I should come in on the 19th", "i don't think we'll make it on tuesday"])
async def test_who_doubts_to_come_is_asked_whether_to_cancel(said: str) -> None:
    answer = await told(said, PROOF)
    assert CANCEL in answer.tools
    assert answer.expects == ["confirm"]


@pytest.mark.parametrize(
    ("said", "start"),
    [
        ("can u do the day after", "2026-05-20T15:30"),
        ("actually can we make it 4pm", "2026-05-19T16:00"),
        ("what about friday at 2:30", "2026-05-22T14:30"),
        ("an hour later would be better", "2026-05-19T16:30"),
    ],
)
async def test_a_time_named_to_a_booking_just_shown_is_wished_for_it(said: str, start: str) -> None:
    assert new_start(await told(*SHOWN, said)) == start


@pytest.mark.parametrize("said", ["thanks, see you tuesday", "another appointment on friday please", "is it at 3:30?"])
async def test_not_every_time_is_a_wish(said: str) -> None:
    assert MOVE not in (await told(*SHOWN, said)).tools


async def test_a_wish_that_comes_before_the_six_digits_is_kept() -> None:
    chat = Chat(desk())
    await chat.say(f"did my booking go through? {EMAIL}")
    answer = await chat.say("actually can we make it 4pm")
    assert answer.expects == ["otp"]


@pytest.mark.parametrize(
    "said",
    [
        f"did my booking go through?? {EMAIL}",
        f"my wife booked for me, {EMAIL}, can you check when",
        f"was my appointment confirmed? {EMAIL}",
    ],
)
async def test_whether_it_was_booked_is_looked_up(said: str) -> None:
    assert (await told(said)).expects == ["otp"]


@pytest.mark.parametrize("said", [f"is my booking QRS 567 still on? {EMAIL}", f"QRS567, {EMAIL}"])
async def test_a_code_is_one_without_its_beginning(said: str) -> None:
    answer = await told(said)
    assert answer.args(FIND) == {"code": CODE, "email": EMAIL}


@pytest.mark.parametrize("said", [f"a shave for 2pm on friday {EMAIL}", f"BOOKING FOR 2PM {EMAIL.upper()}"])
async def test_a_time_is_no_code(said: str) -> None:
    assert FIND not in (await told(said)).tools


@pytest.mark.parametrize("said", ["how much will it cost me", "do you charge for that"])
async def test_what_cancelling_costs_is_told_again(said: str) -> None:
    answer = await told(f"cancel {PROOF}", said)
    assert "costs nothing" in answer.text or "no charge" in answer.text
    assert "$" not in answer.text
    assert answer.expects == ["confirm"]


async def test_who_moves_may_cancel_instead() -> None:
    answer = await told(f"move {PROOF} to thursday", "no wait, cancel it altogether")
    assert CANCEL in answer.tools
    assert answer.expects == ["confirm"]


@pytest.mark.parametrize("said", ["{} change to classic cut instead", "{} can i add a beard trim to it"])
async def test_another_service_is_no_change_of_a_booking(said: str) -> None:
    answer = await told(said.format(PROOF))
    assert "booked by itself" in answer.text
    assert not {MOVE, CANCEL} & set(answer.tools)


@pytest.mark.parametrize(
    "said", [f"i'd like to change the name on my booking {PROOF}", "my appointment has the wrong email"]
)
async def test_names_and_addresses_are_changed_by_people(said: str) -> None:
    answer = await told(said)
    assert "312-555-0188" in answer.text
    assert answer.tools == []


async def test_what_is_booked_may_be_asked_for_in_passing() -> None:
    assert (await told("hi i'd like to check what i've got booked")).expects == ["code", "email"]


async def test_a_wish_put_as_a_question_is_no_question() -> None:
    answer = await told(f"my booking says 3:30 but i thought 4:30? {PROOF}", "can you change it then")
    assert answer.expects == ["new_date", "new_time"]
    assert "can't" not in answer.text


async def test_all_of_them_without_codes() -> None:
    answer = await told(f"cancel everything i have. {EMAIL}", "i dont know the codes")
    assert answer.expects == ["otp"]
