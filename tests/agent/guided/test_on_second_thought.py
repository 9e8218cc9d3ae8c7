"""What is corrected, refused or checked once more: people who are not wanted, names, times, the card itself."""

from __future__ import annotations

import pytest

from tests.agent.guided.demo_desk import demo
from tests.agent.guided.front_desk import FrontDesk
from tests.agent.guided.test_demo_talk import talk

CARD = ["classic cut friday 3pm", "Al Dee al@dee.example"]
HEADSHOTS = ["headshots fri 15 may 11am", "Marcus Bell marcus@mail.example"]


@pytest.mark.parametrize(
    ("said", "with_whom"),
    [
        ("classic cut friday 3pm anyone but nell", "Omar"),
        ("classic cut friday 3pm with anyone except omar", "Nell"),
        ("classic cut friday 3pm please no omar", "Nell"),
        ("classic cut friday, not with nell", "Omar"),
        ("classic cut friday 10am but i don't want Omar", "Nell"),
    ],
)
async def test_whoever_is_refused_is_not_booked(said: str, with_whom: str) -> None:
    _, answer = await talk(FrontDesk(), said)
    assert answer.args("find_slots")["resource"] == with_whom


async def test_nor_if_they_are_refused_at_the_card() -> None:
    _, answer = await talk(FrontDesk(), *CARD, "id rather not have nell")
    assert answer.args("propose_booking")["resource"] == "Omar"


async def test_a_person_who_is_refused_is_no_part_of_the_name() -> None:
    _, answer = await talk(FrontDesk(), "classic cut friday 10am not with Omar Zed Kay zed@mail.example")
    assert answer.args("propose_booking")["name"] == "Zed Kay"


async def test_where_nobody_else_does_it_that_is_said() -> None:
    _, answer = await talk(FrontDesk(), "hot towel shave friday 10am, not with omar")
    assert "nly Omar does" in answer.text


@pytest.mark.parametrize(
    ("said", "start"),
    [
        ("could we switch the time to 4", "2026-05-15T16:00"),
        ("can you change the time to 4:30", "2026-05-15T16:30"),
        ("can you swap that to 4.30", "2026-05-15T16:30"),
    ],
)
async def test_the_time_is_changed_to_the_one_that_is_named(said: str, start: str) -> None:
    _, answer = await talk(FrontDesk(), *CARD, said)
    assert answer.args("propose_booking")["start"] == start


@pytest.mark.parametrize("beside", ["with nell or omar if she is busy", "if you are not too busy"])
async def test_busy_in_a_condition_takes_nothing_back(beside: str) -> None:
    _, answer = await talk(FrontDesk(), f"classic cut friday 2pm {beside}, Raj Singh raj@mail.example")
    assert answer.args("propose_booking")["start"] == "2026-05-15T14:00"


@pytest.mark.parametrize(
    "said",
    [
        "is that a friday",
        "is the 15th a saturday?",
        "thats the afternoon right?",
        "wait thats not a sunday is it",
        "wait thats not thanksgiving is it",
        "is it tomorrow or friday",
    ],
)
async def test_a_look_at_the_day_of_the_card_is_no_wish_for_another(said: str) -> None:
    _, answer = await talk(FrontDesk(), *CARD, said)
    assert answer.tools == []
    assert "Friday, May 15 at 3:00 pm" in answer.text
    assert answer.expects == ["confirm"]


@pytest.mark.parametrize("said", ["what about saturday", "is there one on saturday?"])
async def test_a_wish_for_another_still_is_one(said: str) -> None:
    _, answer = await talk(FrontDesk(), *CARD, said)
    assert answer.args("propose_booking")["start"] == "2026-05-16T15:00"


async def test_to_pay_later_is_not_to_come_later() -> None:
    _, answer = await talk(FrontDesk(), *CARD, "can i pay later")
    assert "find_slots" not in answer.tools
    assert "3:00 pm" in answer.text


@pytest.mark.parametrize(
    "said", ["sorry my name is Marcus Bellamy", "my last name is Bellamy", "sorry i meant thursday", "thanks"]
)
async def test_a_correction_is_no_answer_to_what_the_business_asks(said: str) -> None:
    _, answer = await talk(demo("photo"), *HEADSHOTS, said)
    assert answer.expects == ["intake"]
    assert "propose_booking" not in answer.tools


async def test_a_corrected_name_is_kept_until_the_card() -> None:
    _, answer = await talk(demo("photo"), *HEADSHOTS, "sorry my name is Marcus Bellamy", "for work")
    assert answer.args("propose_booking")["name"] == "Marcus Bellamy"
    assert answer.args("propose_booking")["answers"][0]["answer"] == "for work"


async def test_a_first_name_may_become_a_whole_one() -> None:
    _, answer = await talk(FrontDesk(), "classic cut friday 2pm", "Ines", "Ines Vidal", "ines@mail.example")
    assert answer.args("propose_booking")["name"] == "Ines Vidal"


async def test_actually_before_a_name_is_not_part_of_it() -> None:
    _, answer = await talk(FrontDesk(), *CARD, "its actually Rosa Gill")
    assert answer.args("propose_booking")["name"] == "Rosa Gill"


async def test_of_two_that_could_be_meant_the_one_refused_leaves_the_other() -> None:
    _, answer = await talk(demo("photo"), "wedding 12 june 2027", "not destination")
    assert answer.args("find_slots") == {"service": "wedding_full_day", "when": "2027-06-12", "resource": None}


async def test_until_the_first_dance_names_no_day() -> None:
    _, answer = await talk(demo("photo"), "full day wedding 28 august 2027", "do you stay until the first dance")
    assert "find_slots" not in answer.tools


async def test_a_person_may_be_how_and_not_who() -> None:
    said = ["individual session fri 15 may 11am", "Marcus Bell marcus@mail.example", "person"]
    _, answer = await talk(demo("therapy"), *said)
    assert "escalate_to_human" not in answer.tools


async def test_after_cancel_was_said_by_mistake_a_booking_can_begin() -> None:
    _, answer = await talk(FrontDesk(), "cancel", "sorry i mean i want to book")
    assert answer.expects == ["service"]


@pytest.mark.parametrize(
    "said",
    [
        ["first name Jo, last name Burke, jo@burke.example"],
        ["first name: jo\nlast name: burke\nemail: jo@burke.example"],
        ["I'm Jo, my surname is Burke", "jo@burke.example"],
        ["Jo", "surname is Burke", "jo@burke.example"],
        ["Jo", "my last name is Burke. jo@burke.example"],
        ["Jo Burk, jo@burke.example", "my surname is Burke with an e"],
        ["Jo Burk, jo@burke.example", "it's Burke with an e"],
    ],
)
async def test_a_family_name_told_apart_stands_behind_the_first(said: list[str]) -> None:
    _, answer = await talk(FrontDesk(), "beard trim friday 3pm", *said)
    assert answer.args("propose_booking")["name"] == "Jo Burke"


async def test_somebody_else_is_not_given_the_family_name() -> None:
    _, answer = await talk(FrontDesk(), *CARD, "book it for Sam please")
    assert answer.args("propose_booking")["name"] == "Sam"


async def test_the_other_time_that_is_named_behind_it_counts() -> None:
    _, answer = await talk(FrontDesk(), *CARD, "different time please, 4.30")
    assert answer.args("propose_booking")["start"] == "2026-05-15T16:30"


async def test_to_undo_a_change_at_the_card_is_asked_about_and_books_nothing() -> None:
    _, answer = await talk(FrontDesk(), *CARD, "make it 4", "undo that")
    assert answer.tools == []
    assert {"date", "time"} <= set(answer.expects)
    assert not answer.fallback
