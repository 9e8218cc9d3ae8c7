"""For whom it is to be, of how many, and in the words of people in a hurry."""

from __future__ import annotations

import pytest

from tests.agent.guided.demo_desk import DemoDesk, demo
from tests.agent.guided.front_desk import FrontDesk
from tests.agent.guided.test_demo_talk import talk

PERSON = "Talk to a person"
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


WHOLE_LINES = {
    "Book haircut 15/05/2026 14:00 John Smith john.smith@mail.example": "John Smith",
    "haircut fri 2pm john smith john@mail.example": "John Smith",
    "haircut friday at 2 for jake jake@mail.example": "Jake",
    "haircut friday 2 Mary Ann O'Neil mary@mail.example thanks": "Mary Ann O'Neil",
    "haircut friday at 2 ana ana@mail.example": "Ana",
}


@pytest.mark.parametrize(("line", "named"), WHOLE_LINES.items())
async def test_everything_may_be_said_in_one_line(line: str, named: str) -> None:
    _, answer = await talk(demo("hair"), line)
    proposed = answer.args("propose_booking")
    assert (proposed["name"], proposed["start"]) == (named, "2026-05-15T14:00")


@pytest.mark.parametrize(
    "line", ["Beard Trim friday at 2 jake@mail.example", "beard trim friday 2pm beard@mail.example"]
)
async def test_the_words_before_an_address_are_not_always_a_name(line: str) -> None:
    _, answer = await talk(demo("hair"), line)
    assert answer.expects == ["name"]


async def test_a_photographer_is_asked_for_a_wedding_in_another_year() -> None:
    said = (
        "Hi there! My fiancé and I are looking for a photographer for our wedding on 14 August 2027 in Bath."
        " Are you available and what would it cost?"
    )
    chat, answer = await talk(demo("photo"), said)
    assert "£1950.00" in answer.text
    assert answer.choices[:2] == ["Wedding, full day", "Destination wedding"]
    assert "begin with" not in answer.text
    assert (await chat.say("the full day")).args("find_slots")["when"] == "2027-08-14"


@pytest.mark.parametrize(("said", "hour"), [("take 4", "16:00"), ("wait, 1", "13:00"), ("ill take 4", "16:00")])
async def test_an_hour_may_be_taken_while_a_name_is_asked_for(said: str, hour: str) -> None:
    _, answer = await talk(demo("hair"), "haircut friday at 3", said)
    assert answer.args("find_slots")["when"] == f"2026-05-15 {hour}"


async def test_of_two_times_on_two_days_a_day_names_the_time_too() -> None:
    _, answer = await talk(demo("hair"), "haircut tuesday at 2 or wednesday at 3", "wednesday")
    assert answer.args("find_slots")["when"] == "2026-05-13 15:00"


@pytest.mark.parametrize("said", ["ok and whats ur address", "wheres your place", "hows that, where are u"])
async def test_questions_need_no_apostrophe(said: str) -> None:
    _, answer = await talk(demo("hair"), said)
    assert "8 Mill Street" in answer.text


@pytest.mark.parametrize("said", ["thanks, what should i bring", "perfect, do i need to bring anything"])
async def test_a_question_behind_thanks_is_one(said: str) -> None:
    desk = demo("hair")
    desk.faq = {"bring": "Only yourself."}
    _, answer = await talk(desk, "hello", said)
    assert "Only yourself." in answer.text


async def test_a_day_named_with_a_price_is_kept() -> None:
    _, answer = await talk(demo("photo"), "how much for a wedding on 14 August 2027 in Bath", "the full day please")
    assert answer.args("find_slots")["when"] == "2027-08-14"


@pytest.mark.parametrize("said", ["is a deposit due", "will a deposit be needed?", "do you take a deposit"])
async def test_whether_a_deposit_is_due_is_told(said: str) -> None:
    _, answer = await talk(demo("photo"), "portrait session on friday", said)
    assert "in advance" in answer.text


async def test_a_practice_hears_what_is_said_while_a_session_is_arranged() -> None:
    _, answer = await talk(demo("therapy"), "first conversation please", "i've been feeling so low")
    assert "sorry" in answer.text
    assert not answer.fallback
    assert answer.expects == ["date"]


async def test_what_sets_two_apart_is_told_of_both() -> None:
    said = "what's the difference between the first conversation and an individual session"
    _, answer = await talk(demo("therapy"), "first conversation please", said)
    assert "30 minutes" in answer.text
    assert "50 minutes" in answer.text
    assert answer.expects == ["date"]


async def test_the_price_of_something_else_is_told_while_one_thing_is_booked() -> None:
    _, answer = await talk(demo("hair"), "haircut friday at 3", "how much is a trim")
    assert "$15.00" in answer.text
    assert "$65.00" not in answer.text


async def test_a_question_of_a_service_may_be_answered_before_it_is_put() -> None:
    chat, answer = await talk(demo("therapy"), "first conversation on friday", "online pls")
    assert not answer.fallback
    await chat.say("10")
    assert (await chat.say("Zoe Lind zoe@lind.example")).expects == ["confirm"]


@pytest.mark.parametrize(
    "said",
    [
        "Hello, I had an appointment last week and I am not happy with the colour",
        "you burnt my hair",
        "im disappointed with the haircut",
    ],
)
async def test_who_complains_is_offered_a_person(said: str) -> None:
    _, answer = await talk(demo("hair"), said)
    assert "orry" in answer.text
    assert PERSON in answer.choices
    assert "Full color" not in answer.choices


async def test_who_is_not_happy_may_book_again_at_once() -> None:
    _, answer = await talk(demo("hair"), "not happy with my fringe, can i book a fringe trim tomorrow at 10?")
    assert answer.expects == ["name", "email"]


async def test_a_person_may_be_asked_for_by_name() -> None:
    _, answer = await talk(demo("hair"), "i need to speak to Robin urgently")
    assert "escalate_to_human" in answer.tools


async def test_who_has_to_ask_somebody_first_is_let_go() -> None:
    _, answer = await talk(demo("hair"), "haircut friday at 3", "i need to talk to my husband first")
    assert answer.expects == ["anything_else"]


async def test_a_reminder_on_the_day_before_moves_nothing() -> None:
    chat, answer = await talk(demo("hair"), "haircut friday at 3, Tom Reed, tom.reed@mail.example")
    assert answer.args("propose_booking")["start"] == "2026-05-15T15:00"
    assert (await chat.say("can you remind me the day before")).tools in ([], ["answer_faq"])
    moved = await chat.say("the day before would be better")
    assert moved.args("propose_booking")["start"] == "2026-05-14T15:00"


async def test_who_only_tries_it_out_books_nothing() -> None:
    _, answer = await talk(demo("hair"), "test")
    assert answer.expects == []


@pytest.mark.parametrize(
    ("said", "service"),
    [
        ("i want to book a 50 minute session on friday", "session"),
        ("book me the half hour one on friday", "first_conversation"),
        ("80 min session on friday please", "couples_session"),
    ],
)
async def test_a_service_may_be_named_by_how_long_it_takes(said: str, service: str) -> None:
    _, answer = await talk(demo("therapy"), said)
    assert answer.args("find_slots")["service"] == service


async def test_half_an_hour_later_names_no_service() -> None:
    _, answer = await talk(demo("therapy"), "individual session friday at 10", "can we make it half an hour later")
    assert answer.args("find_slots")["when"] == "2026-05-15 10:30"


async def test_to_meet_in_person_asks_for_nobody() -> None:
    _, answer = await talk(demo("therapy"), "i want to book something on thursday at 11", "in-person")
    assert "escalate_to_human" not in answer.tools


async def test_as_early_as_you_have_is_the_first() -> None:
    _, answer = await talk(demo("hair"), "fringe trim on friday morning", "as early as you have")
    assert answer.expects == ["name", "email"]
    assert "9:00 am" in answer.text


async def test_the_same_as_last_time_is_answered_once() -> None:
    _, answer = await talk(demo("hair"), "hi its me again can i get the same as last time")
    assert "from here, I'm afraid" not in answer.text
    assert answer.expects == ["service"]


async def test_a_booking_may_be_cancelled_in_rude_words() -> None:
    _, answer = await talk(demo("therapy"), "i want to kill the booking i made")
    assert {"code", "email"} <= set(answer.expects)
