"""The first or the last free time of a day. The last half hour of the desk begins at 4:30 pm."""

from __future__ import annotations

import pytest

from tests.agent.guided.front_desk import Chat, FrontDesk
from tests.agent.guided.test_demo_talk import talk
from tests.agent.guided.test_own_bookings import CODE, EMAIL, MOVE, told

WHO = "Jo Burke, jo@burke.example"


@pytest.mark.parametrize(
    ("said", "start"),
    [
        (["beard trim thursday as late as possible", WHO], "2026-05-14T16:30"),
        (["beard trim, the last appointment on thursday", WHO], "2026-05-14T16:30"),
        (["beard trim thursday, earliest you have", WHO], "2026-05-14T09:00"),
        (["beard trim thursday morning, the latest you have", WHO], "2026-05-14T11:30"),
        (["beard trim on thursday", "the latest please", WHO], "2026-05-14T16:30"),
        (["the latest slot for a beard trim", "thursday", WHO], "2026-05-14T16:30"),
        (["what's your latest on thursday for a beard trim?", "yes", WHO], "2026-05-14T16:30"),
        (["beard trim thursday as late as possible", "3pm then", WHO], "2026-05-14T15:00"),
    ],
)
async def test_it_is_looked_up_and_not_taken_from_the_few_times_that_were_named(said: list[str], start: str) -> None:
    _, answer = await talk(FrontDesk(), *said)
    assert answer.args("propose_booking")["start"] == start


@pytest.mark.parametrize(
    ("asked", "told_of_it"),
    [
        ("what's the latest you have for a beard trim on thursday?", "4:30 pm is the last I have on Thursday"),
        ("what's the earliest you have for a beard trim on thursday?", "9:00 am is the first I have on Thursday"),
    ],
)
async def test_who_asks_is_told_and_decides(asked: str, told_of_it: str) -> None:
    chat, answer = await talk(FrontDesk(), asked)
    assert told_of_it in answer.text
    other = await chat.say("friday instead, at 10")
    assert other.args("find_slots")["when"] == "2026-05-15 10:00"


async def test_what_is_later_than_the_first_is_more_than_the_last() -> None:
    chat, _ = await talk(FrontDesk(), "what's the earliest you have for a beard trim on thursday?")
    answer = await chat.say("hm anything later?")
    assert "4:30 pm" not in answer.text or "9:30 am" in answer.text
    assert answer.args("find_slots")["when"] == "2026-05-14 after 09:05"


async def test_a_booking_is_moved_to_the_last_of_a_day() -> None:
    answer = await told(f"{CODE} {EMAIL}", "what's the latest you have on thursday?", "yes")
    assert answer.args(MOVE)["start"] == "2026-05-21T16:30"


async def test_as_soon_as_possible_is_left_to_the_customer() -> None:
    _, answer = await talk(FrontDesk(), "beard trim thursday", "as soon as possible. It's Friday at 5 pm right now")
    assert answer.expects == ["time"]


async def test_asking_how_long_we_are_open_looks_for_no_time() -> None:
    answer = await Chat(FrontDesk()).say("what's the latest you're open on thursday?")
    assert answer.tools == ["business_info"]
