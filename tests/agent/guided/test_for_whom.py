"""For whom it is to be, and of how many; which service is meant, and who writes."""

from __future__ import annotations

import pytest

from tests.agent.guided.demo_desk import DemoDesk, demo
from tests.agent.guided.front_desk import FrontDesk
from tests.agent.guided.test_demo_talk import talk

BY_TURNS = ("one at a time", "one after the other")
CUTS = ["Haircut", "Kids' cut", "Something else"]


def told_by_turns(text: str) -> bool:
    return any(phrase in text for phrase in BY_TURNS)


@pytest.mark.parametrize(
    "said",
    [
        "haircut for my 6 year old son tomorrow at 10",
        "kids haircut tomorrow at 10",
        "tomorrow at 10 please, it's for my daughter",
        "can you cut my toddlers hair tomorrow at 10",
    ],
)
async def test_what_a_child_needs_is_the_service_for_children(said: str) -> None:
    _, answer = await talk(demo("hair"), said)
    assert answer.args("find_slots")["service"] == "kids_cut"
    assert answer.expects == ["name", "email"]


@pytest.mark.parametrize("said", ["a mens cut", "a cut for me", "a cut for my husband", "a cut, women's"])
async def test_who_is_grown_up_gets_no_service_for_children(said: str) -> None:
    _, answer = await talk(demo("hair"), f"{said} tomorrow at 10")
    assert answer.args("find_slots")["service"] == "haircut"


@pytest.mark.parametrize("said", ["do you do mens cuts", "do you do women's cuts?"])
async def test_who_is_grown_up_is_told_so_of_cuts_in_general_too(said: str) -> None:
    _, answer = await talk(demo("hair"), said, "how much")
    assert "$65.00" in answer.text
    assert "$35.00" not in answer.text


async def test_the_price_of_cuts_is_that_of_each() -> None:
    _, answer = await talk(demo("hair"), "how much are cuts")
    assert "$65.00" in answer.text
    assert "$35.00" in answer.text


@pytest.mark.parametrize("said", ["what time do you start on saturdays", "when does she start"])
async def test_to_start_is_not_to_want_a_fresh_start(said: str) -> None:
    _, answer = await talk(demo("hair"), said, "11am")
    assert answer.expects == ["service"]


@pytest.mark.parametrize(
    ("said", "choices"),
    [
        ("I'd like a cut for me and a kids cut for my lad on saturday around 11", CUTS),
        ("cut and color on friday", ["Haircut", "Kids' cut", "Full color", "Color consultation", "Something else"]),
        ("haircut and a blow dry on friday", ["Haircut", "Wash and blow-dry", "Something else"]),
    ],
)
async def test_of_two_wishes_in_a_line_neither_is_forgotten(said: str, choices: list[str]) -> None:
    _, answer = await talk(demo("hair"), said)
    assert answer.choices == choices


async def test_a_name_with_and_in_it_is_one() -> None:
    _, answer = await talk(demo("hair"), "wash and blow-dry friday at 2")
    assert answer.args("find_slots")["service"] == "blow_dry"


@pytest.mark.parametrize("said", ["how much is a cut and color together", "price for a cut and a color?"])
async def test_the_price_of_two_is_that_of_both(said: str) -> None:
    _, answer = await talk(demo("hair"), said)
    assert "$65.00" in answer.text
    assert "$140.00" in answer.text


async def test_two_places_in_a_class_are_taken_by_turns() -> None:
    _, answer = await talk(demo("photo"), "2 places on the phone workshop on saturday pls")
    assert told_by_turns(answer.text)


async def test_a_word_that_only_says_how_much_makes_no_other_service() -> None:
    card = ["fringe trim thu 21 may 11am", "Ann Lee ann@mail.example"]
    _, answer = await talk(demo("hair"), *card, "actually can i have a full haircut instead")
    assert answer.args("propose_booking")["service"] == "haircut"


async def test_where_nothing_is_for_children_they_are_no_service() -> None:
    _, answer = await talk(FrontDesk(), "a classic cut for my son tomorrow at 10")
    assert answer.args("find_slots")["service"] == "cut"


@pytest.mark.parametrize(
    "said",
    [
        "a fringe trim for both of us on friday",
        "fringe trim friday for 3 people",
        "fringe trim on friday, me plus one",
        "fringe trim on friday, my sister wants one too",
    ],
)
async def test_several_people_are_told_that_they_are_booked_by_turns(said: str) -> None:
    _, answer = await talk(demo("hair"), said)
    assert told_by_turns(answer.text)
    assert answer.args("find_slots")["service"] == "fringe_trim"


@pytest.mark.parametrize(
    ("desk", "said"),
    [("photo", "a family session for 5 people on friday"), ("therapy", "couples session for the two of us on friday")],
)
async def test_what_is_for_several_is_booked_once(desk: str, said: str) -> None:
    _, answer = await talk(demo(desk), said)
    assert not told_by_turns(answer.text)
    assert answer.args("find_slots")["when"] == "2026-05-15"


@pytest.mark.parametrize(
    "said", ["session w/ my partner on friday", "friday, for me and my wife", "a session for the two of us on friday"]
)
async def test_two_who_come_together_get_the_service_for_two(said: str) -> None:
    _, answer = await talk(demo("therapy"), said)
    assert answer.args("find_slots")["service"] == "couples_session"


async def test_who_tells_of_somebody_comes_alone() -> None:
    _, answer = await talk(demo("therapy"), "i argue with my husband all the time")
    assert "first conversation" in answer.text.casefold()


async def test_a_service_known_by_its_description_is_named() -> None:
    _, answer = await talk(demo("hair"), "Can I book for Friday the 15th? I finish work at 4 so after that")
    service = answer.args("find_slots")["service"] if answer.tools else ""
    named = next((each["label"] for each in demo("hair").services if each["service"] == service), "")
    assert named.casefold() in answer.text.casefold()


async def test_of_two_times_for_two_the_first_comes_first() -> None:
    said = "two fringe trims tomorrow at 10 and 10:30 for Ana and Lea, ana@mail.example"
    _, answer = await talk(demo("hair"), said)
    assert told_by_turns(answer.text)
    assert answer.args("propose_booking")["start"] == "2026-05-12T10:00"


@pytest.mark.parametrize("said", ["not sure what I want. something for thin hair", "idk which one to take"])
async def test_who_does_not_know_what_to_take_is_shown_some(said: str) -> None:
    _, answer = await talk(demo("hair"), said)
    assert answer.expects == ["service"]
    assert not answer.fallback


async def test_who_comes_alone_after_all_is_asked_on() -> None:
    _, answer = await talk(demo("hair"), "fringe trim for me and my sister on friday", "just me then")
    assert not answer.fallback
    assert answer.expects == ["time"]


@pytest.mark.parametrize(
    ("said", "choices"),
    [
        ("kids cut and a haircut", CUTS),
        ("a haircut and my kid needs one too", CUTS),
        ("beard trim + haircut", ["Haircut", "Beard trim", "Something else"]),
        ("beard trim n haircut", ["Haircut", "Beard trim", "Something else"]),
    ],
)
async def test_two_services_are_taken_one_first(said: str, choices: list[str]) -> None:
    chat, answer = await talk(demo("hair"), said)
    assert answer.choices == choices
    again = await chat.say("both please")
    assert again.choices == choices
    assert not again.fallback


@pytest.mark.parametrize(
    ("said", "has"),
    [
        ("how much is a wedding", ["£1950.00", "on request"]),
        ("what do you charge for a wedding?", ["£1950.00", "on request"]),
        ("how long does a session take", ["1 hour,", "1 hour 15 minutes"]),
    ],
)
async def test_a_price_of_one_of_several_is_told_for_each(said: str, has: list[str]) -> None:
    _, answer = await talk(demo("photo"), said)
    assert [each for each in has if each not in answer.text] == []
    assert "£160.00" not in answer.text
    assert not answer.fallback


async def test_what_was_asked_about_is_remembered_for_the_next_question() -> None:
    _, answer = await talk(demo("photo"), "how much is a wedding", "and what's included?")
    assert "ten hours" in answer.text
    assert "travel days included" in answer.text
    assert "Headshots" not in answer.text


async def test_a_word_of_a_description_chooses_nothing() -> None:
    _, answer = await talk(demo("photo"), "a wedding in may", "whats included")
    assert answer.choices[:2] == ["Wedding, full day", "Destination wedding"]


@pytest.mark.parametrize(
    ("line", "when"),
    [
        ("any chance of a late one on friday", "2026-05-15 after 15:00"),
        ("is there any chance you could fit me in tomorrow", "2026-05-12"),
        ("can i come round 3 tmrw", "2026-05-12 15:00"),
    ],
)
async def test_a_wish_may_be_no_more_than_a_time(line: str, when: str) -> None:
    chat, answer = await talk(demo("hair"), line)
    assert answer.expects == ["service"]
    assert "noted" in answer.text or "got it" in answer.text
    assert (await chat.say("beard trim")).args("find_slots")["when"] == when


async def test_an_hour_is_no_service() -> None:
    _, answer = await talk(demo("hair"), "i want to book", "4ish")
    assert "4:00 pm" in answer.text
    assert not answer.fallback


@pytest.mark.parametrize("said", ["lol ok. cheapest thing u have", "whats the cheapest", "cheapest option please"])
async def test_the_cheapest_may_be_asked_for_in_any_words(said: str) -> None:
    _, answer = await talk(demo("hair"), said)
    assert "fringe trim" in answer.text.casefold()
    assert "$15.00" in answer.text


async def test_of_a_list_of_one_day_the_6th_is_that_day() -> None:
    chat, answer = await talk(demo("photo"), "a family session on june 6")
    assert len(answer.choices) > 6
    answer = await chat.say("the 6th")
    assert answer.expects == ["time"]
    assert (await chat.say("the 6th one")).expects == ["name", "email"]


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("carol k carol@k.example", "Carol K"),
        ("Priya Nair + priya@nair.example", "Priya Nair"),
        ("Bea Lowe - bea@lowe.example", "Bea Lowe"),
        ("it's for my mum, she's called Jean Price. my email is tom.price@mail.example", "Jean Price"),
    ],
)
async def test_names_as_they_are_typed(said: str, named: str) -> None:
    _, answer = await talk(demo("hair"), "fringe trim tomorrow at 10", said)
    assert answer.args("propose_booking")["name"] == named


async def test_who_told_of_us_is_not_who_writes() -> None:
    _, answer = await talk(demo("hair"), "My friend Quilla Quentin (quilla@quentin.example) told me of you")
    assert "Quilla" not in answer.text


@pytest.mark.parametrize(
    "said",
    [
        "I don't know if this is the right place but my husband and I are having problems",
        "i've been having trouble sleeping, can you help?",
        "we're going through a rough patch",
    ],
)
async def test_a_practice_is_told_of_trouble(said: str) -> None:
    _, answer = await talk(demo("therapy"), said)
    assert "first conversation" in answer.text.casefold()
    assert "can't answer" not in answer.text


async def test_a_practice_is_still_asked_questions() -> None:
    desk: DemoDesk = demo("therapy")
    desk.faq = {"panic": "Yes, often."}
    _, answer = await talk(desk, "do you treat panic attacks?")
    assert "Yes, often." in answer.text
