"""People in a hurry: fragments, slips, complaints, answers that fit the question only just."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.agent.guided.front_desk import Answer, Chat, FrontDesk
from tests.agent.guided.test_own_bookings import CODE, EMAIL, OTHER, desk

FIND, LOOK, PROPOSE, CANCEL, MOVE = (
    "find_slots", "find_booking", "propose_booking", "propose_cancel", "propose_reschedule",
)  # fmt: skip


async def told(*said: str, at: FrontDesk | None = None) -> Answer:
    """The answer to the last of what is said."""
    chat = Chat(at or FrontDesk())
    return [await chat.say(each) for each in said][-1]


# Days and times


@pytest.mark.parametrize(
    ("said", "when"),
    [
        (["classic cut", "next week", "wed or thu"], "2026-05-20 or 2026-05-21"),
        (["classic cut", "next week", "saturday"], "2026-05-23"),
        (["ok sat 9 beard trim for me then"], "2026-05-16 09:00"),
        (["is 10 tomorrow still free", "cut"], "2026-05-12 10:00"),
        (["how long does a cut take", "k thu 10"], "2026-05-14 10:00"),
        (["cut saturday", "as late as possible"], "2026-05-16 after 14:35"),
        (["cut tomorrow", "at 25:00", "15h"], "2026-05-12 15:00"),
        (["trim today", "now?"], "2026-05-11"),
        (["cut", "idk when"], ""),
        (["do you have something free right now", "trim"], ""),
        (["is omar in on thursday", "shave"], "2026-05-14"),
        (["cut tomorrow", "2nd", "hm 3rd"], "2026-05-12 11:00"),
    ],
)
async def test_what_is_said_in_passing_is_looked_for(said: list[str], when: str) -> None:
    assert (await told(*said)).args(FIND)["when"] == when


async def test_an_hour_that_does_not_exist_is_asked_for_and_its_day_kept() -> None:
    answer = await told("classic cut tomorrow", "at 25:00")
    assert "date" not in answer.text
    assert answer.expects == ["time"]


async def test_what_is_the_first_of_the_day_is_taken_by_a_kind_word() -> None:
    answer = await told("classic cut thursday", "earlier", "perfect")
    assert answer.args(FIND)["when"] == "2026-05-14 09:00"
    assert answer.expects == ["name", "email"]


async def test_a_service_can_be_chosen_by_its_place_and_is_named() -> None:
    answer = await told("book", "the 2nd")
    assert "lassic cut" in answer.text
    assert answer.expects == ["date"]
    assert FIND not in answer.tools


async def test_of_three_services_at_once_one_is_begun_with() -> None:
    answer = await told("a cut, a trim and a shave, tomorrow morning")
    for service in ("classic cut", "beard trim", "hot towel shave"):
        assert service in answer.text
    assert "don't" not in answer.text


async def test_who_works_on_a_day_is_no_service_that_is_missing() -> None:
    answer = await told("is omar in on thursday")
    assert "with Omar" in answer.text
    assert "offer" not in answer.text


# Bookings that exist


@pytest.mark.parametrize("said", ["dont have it", "no idea", "lost it, sorry", "i don't have one"])
async def test_who_lacks_the_code_is_asked_for_the_address(said: str) -> None:
    answer = await told("i wanna cancel", said, EMAIL, at=desk())
    assert answer.calls == [(LOOK, {"code": None, "email": EMAIL})]
    assert answer.expects == ["otp"]


async def test_where_only_the_address_was_wrong_the_code_is_kept() -> None:
    answer = await told("can i move my thing", "BK QRS567", "ivy@nroth.example", f"sorry {EMAIL}", at=desk())
    assert answer.args(LOOK) == {"code": CODE, "email": EMAIL}
    assert answer.expects == ["new_date", "new_time"]


async def test_a_third_address_for_one_code_is_a_person_s_turn() -> None:
    chat = Chat(desk())
    for each in ("cancel my booking", CODE, "one@north.example"):
        await chat.say(each)
    answer = await chat.say("two@north.example")
    assert answer.expects == ["anything_else"]
    assert "312-555-0188" in answer.text


async def test_who_wants_to_cancel_all_takes_them_one_by_one() -> None:
    chat = Chat(replace(desk(), proven=EMAIL))
    for each in ("when is my appointment", EMAIL, "482913"):
        await chat.say(each)
    answer = await chat.say("cancel both")
    assert answer.expects == ["booking"]
    assert "one" in answer.text.split(".")[0]
    assert not (await chat.say("both")).fallback
    assert (await chat.say("the 2nd")).args(CANCEL)["code"] == OTHER


async def test_later_than_the_times_offered_is_said_of_them_and_not_of_the_booking() -> None:
    answer = await told(f"move {CODE} {EMAIL}", "next week", "sat", "morning", "a bit later", at=desk())
    assert answer.args(FIND)["when"] == "2026-05-23 after 11:35"


async def test_another_of_the_times_on_the_table_can_still_be_had_while_moving() -> None:
    answer = await told(f"move {CODE} {EMAIL}", "monday or tuesday morning", "the second", "hm the 1st", at=desk())
    assert answer.args(MOVE)["start"] == "2026-05-18T09:00"


async def test_of_two_bookings_the_other_one_can_be_meant_after_all() -> None:
    chat = Chat(replace(desk(), proven=EMAIL))
    for each in ("cancel my booking", "don't have the code", EMAIL, "482913", "the 1st"):
        await chat.say(each)
    assert (await chat.say("no the other one")).args(CANCEL)["code"] == OTHER


@pytest.mark.parametrize(("said", "start"), [("2nd", "2026-05-21T09:30"), ("thursday at 10", "2026-05-21T10:00")])
async def test_of_several_bookings_the_one_chosen_stays_while_its_time_is_talked_of(said: str, start: str) -> None:
    chat = Chat(replace(desk(), proven=EMAIL))
    for each in ("move my booking", "don't have the code", EMAIL, "482913", "the shave", "thurs or fri"):
        await chat.say(each)
    move = (await chat.say(said)).args(MOVE)
    assert (move["code"], move["start"]) == (CODE, start)


async def test_a_wrong_hour_for_a_booking_keeps_the_day() -> None:
    answer = await told(f"move {CODE} {EMAIL} to wednesday 25:00", "4", at=desk())
    assert answer.args(MOVE)["start"] == "2026-05-20T16:00"


async def test_a_question_whether_it_can_be_moved_is_no_question_for_others() -> None:
    answer = await told(f"{CODE} {EMAIL}", "is it still possible to move it", at=desk())
    assert answer.calls == []
    assert answer.expects == ["new_date", "new_time"]


async def test_a_booking_is_moved_by_the_name_of_its_service() -> None:
    chat = Chat(desk())
    assert (await chat.say("move my shave")).expects == ["code", "email"]
    assert (await chat.say(f"{CODE} {EMAIL}")).expects == ["new_date", "new_time"]


async def test_who_has_no_booking_after_all_leaves_it() -> None:
    answer = await told("i want to cancel", "i dont have any booking lol")
    assert answer.expects == ["anything_else"]


async def test_who_asks_for_the_code_is_not_asked_for_it() -> None:
    answer = await told("whats my code")
    assert answer.expects == ["email"]


# Everything else


@pytest.mark.parametrize("said", ["u open sunday?", "you guys open on sunday?", "yo u still open sunday"])
async def test_hours_are_told_however_short_the_question(said: str) -> None:
    answer = await told(said)
    assert "Sunday, May 17" in answer.text
    assert "closed" in answer.text


@pytest.mark.parametrize(
    "said",
    [
        "you guys suck, my last cut was awful",
        "i want my money back",
        "hi i had a booking at 3 today but nobody was there!!",
    ],
)
async def test_a_complaint_is_no_booking(said: str) -> None:
    answer = await told(said)
    assert "orry" in answer.text
    assert not {FIND, PROPOSE} & set(answer.tools)
    assert answer.expects == []


@pytest.mark.parametrize("said", ["running late tomorrow", "im running 10 min late for my 3pm", "stuck in traffic"])
async def test_who_is_late_learns_whom_to_tell(said: str) -> None:
    answer = await told(said)
    assert "312-555-0188" in answer.text
    assert not answer.fallback


@pytest.mark.parametrize("said", ["anyone there", "hello? is anybody there?", "im waiting", "leave me alone"])
async def test_a_call_into_the_dark_is_answered(said: str) -> None:
    assert not (await told(said)).fallback


async def test_who_wants_to_be_called_is_heard() -> None:
    assert "escalate_to_human" in (await told("i cant do this online, can u call me")).tools
