"""Days and times that are refused, put off or only mentioned beside those that are wanted.

Today is Monday, May 11.
"""

from __future__ import annotations

import pytest

from tests.agent.guided.demo_desk import demo
from tests.agent.guided.test_demo_talk import talk

CARD = ["haircut thu 21 may 11am", "Ann Lee ann@mail.example"]


@pytest.mark.parametrize(
    ("said", "when"),
    [
        ("haircut next week, not on wednesday", "2026-05-18 or 2026-05-19 or 2026-05-21 or 2026-05-22 or 2026-05-23"),
        ("haircut week after next but not a wednesday", "2026-05-25 or 2026-05-26 or 2026-05-28"),
        ("haircut next week, i can't do monday", "2026-05-19 or 2026-05-20"),
        ("haircut next week, i can't do monday but tuesday works", "2026-05-19"),
        ("i'm not free on thursday, haircut friday?", "2026-05-15"),
        ("i have a conflict on thursday, haircut friday?", "2026-05-15"),
        ("haircut fri after 2 but before 4", "2026-05-15 between 14:00 and 16:00"),
        ("haircut thursday. i work until 3", "2026-05-14 after 15:00"),
        ("haircut on friday, i cant do before 2pm", "2026-05-15 after 14:00"),
    ],
)
async def test_what_is_left_is_looked_for(said: str, when: str) -> None:
    _, answer = await talk(demo("hair"), said)
    assert answer.args("find_slots")["when"].startswith(when)


@pytest.mark.parametrize("said", ["i'll confirm tomorrow", "ill let you know on friday", "can i tell you on friday?"])
async def test_the_day_on_which_somebody_decides_is_not_the_day_on_which_they_come(said: str) -> None:
    _, answer = await talk(demo("hair"), *CARD, said)
    assert answer.tools == ["withdraw_proposal"]
    assert "arrange" in answer.text


async def test_nor_is_the_day_on_which_they_pay() -> None:
    _, answer = await talk(demo("hair"), *CARD, "yes pls, ill pay on monday ok?")
    assert answer.tools == ["answer_faq"]
    assert "Thursday, May 21" in answer.text


@pytest.mark.parametrize("said", ["ok thanks but no", "yeah nah", "thanks but no thanks", "nah leave it"])
async def test_a_no_at_the_end_is_one(said: str) -> None:
    _, answer = await talk(demo("hair"), *CARD, said)
    assert answer.tools == ["withdraw_proposal"]
    assert answer.expects == ["anything_else"]


async def test_after_a_no_another_day_is_enough() -> None:
    _, answer = await talk(demo("hair"), *CARD, "nope, wrong day", "friday")
    assert answer.args("propose_booking")["start"] == "2026-05-22T11:00"


@pytest.mark.parametrize("said", ["tuesday 19 may at 10 then", "tuesday may 19 at 10"])
async def test_a_day_with_its_month_is_that_day_whatever_was_talked_of(said: str) -> None:
    _, answer = await talk(demo("hair"), "haircut in june", said)
    assert answer.args("find_slots")["when"] == "2026-05-19 10:00"
