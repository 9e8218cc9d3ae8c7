"""Parts of days named as equals, and which of a list is meant: "Thursday afternoon or Friday morning", "the 2nd"."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.agent.guided.front_desk import ALBUM, CUT, HALF_HOURS, Answer, Chat, FrontDesk
from tests.agent.guided.test_own_bookings import CODE, EMAIL, OTHER, booking, desk

FIND, MOVE, CANCEL = "find_slots", "propose_reschedule", "propose_cancel"
EITHER = "classic cut thursday afternoon or friday morning"


def full(*days: str) -> FrontDesk:
    return FrontDesk(taken={f"{day} {clock}" for day in days for clock in HALF_HOURS})


def looked(answer: Answer) -> list[str]:
    return [args["when"] for tool, args in answer.calls if tool == FIND]


# Parts of days named as equals


async def test_of_two_parts_of_days_both_are_looked_at() -> None:
    answer = await Chat().say(EITHER)
    assert looked(answer) == ["2026-05-14 between 12:00 and 18:00", "2026-05-15 between 05:00 and 12:00"]
    assert "Thursday, May 14 at 12:00 pm" in answer.text
    assert "Friday, May 15 at 9:00 am" in answer.text
    assert answer.expects == ["slot"]


@pytest.mark.parametrize(
    ("said", "when"),
    [
        ("tomorrow morning or afternoon", ["2026-05-12 between 05:00 and 18:00"]),
        ("tomorrow morning or evening", ["2026-05-12 between 05:00 and 12:00", "2026-05-12 after 17:00"]),
        ("after 3 on thursday or before 11 on friday", ["2026-05-14 after 15:00", "2026-05-15 before 11:00"]),
        ("thursday at 10 or friday afternoon", ["2026-05-14 10:00", "2026-05-15 between 12:00 and 18:00"]),
        ("thursday afternoon or friday", ["2026-05-14 between 12:00 and 18:00", "2026-05-15"]),
        ("thursday or friday afternoon", ["2026-05-14 or 2026-05-15 between 12:00 and 18:00"]),
        ("thursday after 3 or 4", ["2026-05-14 15:00"]),
        ("after 2 on thursday or friday", ["2026-05-14 or 2026-05-15 after 14:00"]),
        ("before my flight thursday 2pm", ["2026-05-14 before 14:00"]),
        ("any day but monday, tuesday or the weekend", ["2026-05-13 or 2026-05-14 or 2026-05-15"]),
    ],
)
async def test_what_stands_on_either_side_of_or_is_taken_as_it_is_said(said: str, when: list[str]) -> None:
    assert looked(await Chat().say(f"classic cut {said}")) == when


@pytest.mark.parametrize("but", ["except", "but", "other than", "besides"])
async def test_of_any_day_but_one_the_others_are_offered_and_none_is_excused(but: str) -> None:
    answer = await Chat(full("2026-05-17")).say(f"classic cut any day {but} mondays")
    days = [f"2026-05-{day}" for day in range(12, 18)]
    assert looked(answer) == [" or ".join(days)]
    assert "Monday" not in answer.text
    assert "Sunday" not in answer.text
    assert answer.expects == ["slot"]


async def test_the_part_of_a_day_without_room_is_told_and_the_other_offered() -> None:
    answer = await Chat(full("2026-05-14")).say(EITHER)
    assert "Thursday, May 14 in the afternoon isn't available" in answer.text
    assert "Friday, May 15" in answer.text.partition("isn't available")[2]
    assert answer.expects == ["time"]


async def test_where_neither_part_has_room_others_are_offered() -> None:
    answer = await Chat(full("2026-05-14", "2026-05-15")).say(EITHER)
    assert "Thursday, May 14 in the afternoon or Friday, May 15 in the morning isn't available" in answer.text
    assert answer.choices[0] == "Saturday, May 16 at 9:00 am"


@pytest.mark.parametrize(
    ("said", "when"),
    [("11", "2026-05-15 11:00"), ("3:30", "2026-05-14 15:30"), ("friday 11", "2026-05-15 11:00")],
)
async def test_a_time_alone_belongs_to_the_part_of_the_day_it_lies_in(said: str, when: str) -> None:
    chat = Chat()
    await chat.say(EITHER)
    assert looked(await chat.say(said)) == [when]


async def test_the_parts_of_days_named_before_the_day_wait_for_it() -> None:
    chat = Chat()
    await chat.say("classic cut, mornings or evenings")
    assert looked(await chat.say("thursday")) == ["2026-05-14 between 05:00 and 12:00", "2026-05-14 after 17:00"]


async def test_a_booking_is_moved_to_either_of_two_parts_of_its_own_week() -> None:
    chat = Chat(desk())
    answer = await chat.say(f"move {CODE} {EMAIL} to thursday afternoon or friday morning")
    assert looked(answer) == ["2026-05-21 between 12:00 and 18:00", "2026-05-22 between 05:00 and 12:00"]
    assert (await chat.say("the last one")).args(MOVE)["start"] == "2026-05-22T10:00"


# Which of those listed


@pytest.mark.parametrize("said", ["2nd", "the 2nd", "the 2nd?", "#2", "second", "i take the 2nd", "may i have the 2nd"])
async def test_a_number_behind_a_list_of_times_counts_them(said: str) -> None:
    chat = Chat()
    await chat.say("classic cut tomorrow")
    answer = await chat.say(said)
    assert looked(answer) == ["2026-05-12 10:00"]
    assert answer.expects == ["name", "email"]


@pytest.mark.parametrize("said", ["june 2nd", "2nd june", "tuesday the 2nd", "on the 2nd"])
async def test_a_number_with_a_month_or_a_weekday_is_a_day(said: str) -> None:
    chat = Chat()
    await chat.say("classic cut tomorrow")
    assert looked(await chat.say(said)) == ["2026-06-02"]


async def test_where_nothing_was_listed_a_number_is_a_day() -> None:
    chat = Chat()
    await chat.say("classic cut")
    assert looked(await chat.say("the 2nd")) == ["2026-06-02"]


async def test_where_days_were_listed_their_number_is_one_of_them() -> None:
    chat = Chat()
    await chat.say("classic cut on june 1 or june 2")
    assert looked(await chat.say("the 2nd")) == ["2026-06-02"]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("the one from october", CODE),
        ("the october one", CODE),
        ("the one in december", OTHER),
        ("2nd", OTHER),
        ("#2", OTHER),
    ],
)
async def test_one_of_several_bookings_is_chosen_by_its_month_or_place(said: str, code: str) -> None:
    autumn = {(CODE, EMAIL): booking(date="2026-10-06"), (OTHER, EMAIL): booking(OTHER, date="2026-12-01")}
    chat = Chat(replace(FrontDesk(bookings=autumn), proven=EMAIL))
    for each in ("cancel my booking", "i don't have the code", EMAIL, "482913"):
        await chat.say(each)
    assert (await chat.say(said)).args(CANCEL)["code"] == code


# Any time, after a refusal


@pytest.mark.parametrize("said", ["anytime", "any time is fine", "whenever"])
async def test_any_time_after_a_refused_day_is_said_of_the_day_offered_instead(said: str) -> None:
    chat = Chat()
    await chat.say("classic cut on sunday")
    answer = await chat.say(said)
    assert looked(answer) == ["2026-05-18"]
    assert "available" not in answer.text
    assert "Monday, May 18" in answer.text


async def test_any_time_after_a_refused_time_is_said_of_its_own_day() -> None:
    chat = Chat(FrontDesk(taken={"2026-05-12 10:00"}))
    await chat.say("classic cut tomorrow at 10")
    assert looked(await chat.say("any time")) == ["2026-05-12"]


async def test_any_time_after_a_refused_whole_day_is_said_of_those_offered_instead() -> None:
    chat = Chat(FrontDesk(services=[ALBUM, CUT]))
    await chat.say("family day on sunday")
    assert looked(await chat.say("anytime")) == ["2026-05-18 to 2026-05-20"]


async def test_a_booking_can_be_moved_to_any_time_near_a_day_without_room() -> None:
    chat = Chat(desk())
    await chat.say(f"move {CODE} {EMAIL} to sunday")
    answer = await chat.say("anytime")
    assert looked(answer) == ["2026-05-18"]
    assert answer.expects == ["new_time"]
