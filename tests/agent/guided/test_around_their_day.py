"""New bookings of people who tell what else they do that day, change their minds and correct themselves.

Today is Monday, May 11, 2026.
"""

from __future__ import annotations

import pytest

from tests.agent.guided.demo_desk import demo
from tests.agent.guided.front_desk import FrontDesk
from tests.agent.guided.test_demo_talk import talk

CARD = "haircut friday 15 may 11am, lia ng, lia@ng.example"


@pytest.mark.parametrize(
    ("said", "when"),
    [
        ("haircut for me while the kids are at school, say wed 10", "2026-05-13 10:00"),
        ("haircut thursday at 10 i have to pick up my son at 12", "2026-05-14 10:00"),
        ("need a haircut after i drop the kids at 9 tmrw", "2026-05-12 after 09:00"),
        ("haircut wed at 2 before my dentist at 4", "2026-05-13 14:00"),
    ],
)
async def test_children_and_appointments_in_passing_are_not_what_is_booked(said: str, when: str) -> None:
    _, answer = await talk(demo("hair"), said)
    assert answer.args("find_slots") == {"service": "haircut", "when": when, "resource": None}


@pytest.mark.parametrize(
    ("said", "when"),
    [
        ("I have a flight at 3pm on thursday, can I get a beard trim before that", "2026-05-14 before 15:00"),
        ("i cant do mornings. beard trim on friday?", "2026-05-15 after 12:00"),
        ("beard trim asap but not today", "2026-05-12 to 2026-05-25"),
        ("beard trim next week if possible, thursday at 10", "2026-05-21 10:00"),
        ("beard trim on memorial day", "2026-05-25"),
        ("beard trim every tuesday at 10", "2026-05-12 10:00"),
    ],
)
async def test_the_time_that_is_left_is_looked_up(said: str, when: str) -> None:
    _, answer = await talk(FrontDesk(), said)
    assert answer.args("find_slots")["when"] == when


async def test_a_series_is_booked_one_by_one_and_that_is_said() -> None:
    _, answer = await talk(FrontDesk(), "beard trim every tuesday at 10")
    assert "one" in answer.text.partition(".")[0]
    assert "Tuesday, May 12 at 10:00 am" in answer.text


@pytest.mark.parametrize(
    ("said", "start"),
    [
        ("make that two weeks later", "2026-05-29T11:00"),
        ("same time a week later pls", "2026-05-22T11:00"),
        ("one week earlier... no sorry one week later", "2026-05-22T11:00"),
        ("actually push it back a day", "2026-05-16T11:00"),
        ("1 hr later", "2026-05-15T12:00"),
        ("can u do the week after instead", "2026-05-22T11:00"),
        ("next week instead", "2026-05-22T11:00"),
        ("no it was 12 i think", "2026-05-15T12:00"),
        ("sorry I meant 2", "2026-05-15T14:00"),
        ("not 11, 12", "2026-05-15T12:00"),
    ],
)
async def test_a_card_is_moved_by_what_is_said_of_it(said: str, start: str) -> None:
    _, answer = await talk(demo("hair"), CARD, said)
    assert answer.args("propose_booking")["start"] == start


async def test_and_back_again() -> None:
    _, answer = await talk(demo("hair"), CARD, "can you make it 11:30", "no 11 was fine leave it")
    assert answer.args("propose_booking")["start"] == "2026-05-15T11:00"


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("its nguyen not ng", "Lia Nguyen"),
        ("no 11 is fine but lia is spelled leah", "Leah Ng"),
        ("book it under my sister Nico Reed instead", "Nico Reed"),
    ],
)
async def test_a_name_is_corrected_at_the_card(said: str, name: str) -> None:
    _, answer = await talk(demo("hair"), CARD, said)
    assert answer.args("propose_booking")["name"] == name
    assert answer.args("propose_booking")["service"] == "haircut"


@pytest.mark.parametrize("name", ["June Carter", "May Chen", "April May"])
async def test_months_are_names_where_a_name_was_asked_for(name: str) -> None:
    _, answer = await talk(demo("hair"), "haircut friday 11", "june@carter.example", name.lower())
    assert answer.args("propose_booking")["name"] == name


async def test_a_month_in_passing_is_no_wish() -> None:
    chat, _ = await talk(demo("hair"), "haircut thursday 4 june at 10", "yes i was there back in feb")
    answer = await chat.say("Jo Burke, jo@burke.example")
    assert answer.args("propose_booking")["start"] == "2026-06-04T10:00"


@pytest.mark.parametrize("said", ["haircut at midday on saturday the 15th", "haircut at noon, sat 15th"])
async def test_a_weekday_that_is_not_that_days_is_pointed_out(said: str) -> None:
    _, answer = await talk(demo("hair"), said)
    assert answer.args("find_slots")["when"] == "2026-05-15 12:00"
    assert answer.text.count("Friday, May 15") == 2


@pytest.mark.parametrize(
    ("said", "service"),
    [("and make it highlights", "highlights"), ("oh and its for my son hes 9", "kids_cut")],
)
async def test_and_at_the_beginning_does_not_always_mean_one_more(said: str, service: str) -> None:
    _, answer = await talk(demo("hair"), "haircut friday 11am", said)
    assert answer.args("find_slots")["service"] == service


@pytest.mark.parametrize(
    ("said", "expected"),
    [("my mum wants one too at 12", {"confirm"}), ("can i also get a beard trim", {"date"})],
)
async def test_one_more_waits_until_the_first_is_settled(said: str, expected: set[str]) -> None:
    chat, answer = await talk(demo("hair"), CARD, said)
    assert answer.tools == []
    assert answer.expects == ["confirm"]
    assert "Friday, May 15 at 11:00 am" in answer.text
    chat.confirm()
    following = await chat.say("yes")
    assert set(following.expects) == expected
    if "confirm" in expected:
        assert following.args("propose_booking")["start"] == "2026-05-15T12:00"


async def test_another_kind_of_thing_is_not_booked_as_the_first() -> None:
    _, answer = await talk(demo("hair"), "i want highlights", "actually color. friday 11")
    assert answer.tools == []
    assert answer.choices[:2] == ["Full color", "Color consultation"]


async def test_the_free_one_is_the_one_without_a_price() -> None:
    _, answer = await talk(demo("therapy"), "im not sure what i need", "the free one", "thursday at 10")
    assert answer.args("find_slots")["service"] == "first_conversation"


async def test_without_an_address_it_is_said_who_else_can_help() -> None:
    _, answer = await talk(FrontDesk(), "beard trim friday 11", "i dont have email")
    assert "Without an email address" in answer.text or "need an email address" in answer.text


@pytest.mark.parametrize(
    ("said", "when"),
    [
        ("full color friday, i need to be out of there by 3", "2026-05-15 before 13:05"),
        ("haircut on saturday must be finished by 1", "2026-05-16 before 12:20"),
        ("haircut on saturday before 1", "2026-05-16 before 13:00"),
    ],
)
async def test_who_has_to_be_done_by_then_begins_early_enough(said: str, when: str) -> None:
    _, answer = await talk(demo("hair"), said)
    assert answer.args("find_slots")["when"] == when


async def test_prices_of_two_are_told_beside_each_other() -> None:
    _, answer = await talk(demo("hair"), "whats cheaper haircut or beard trim")
    assert "haircut $65.00" in answer.text
    assert "beard trim $30.00" in answer.text


async def test_where_to_press_is_told() -> None:
    _, answer = await talk(demo("hair"), CARD, "yes pls", "where do i press")
    assert "press Confirm" in answer.text
    assert not answer.fallback


async def test_whether_a_deposit_comes_back_is_a_question_about_the_rules() -> None:
    _, answer = await talk(demo("hair"), CARD, "hmm is the deposit refundable")
    assert "Free cancellation until the day before." in answer.text
