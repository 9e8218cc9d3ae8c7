"""What is said in one line, in passing, beside a booking, or by somebody who is not sure."""

from __future__ import annotations

import pytest

from tests.agent.guided.demo_desk import demo
from tests.agent.guided.test_demo_talk import PERSON, talk

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


async def test_a_holiday_of_somebody_else_hides_no_wish() -> None:
    said = "hi there, my usual stylist is on holiday, who else could do a full colour next week"
    _, answer = await talk(demo("hair"), said)
    assert answer.args("find_slots")["when"] == "2026-05-18 to 2026-05-24"


@pytest.mark.parametrize("said", ["friday's good", "fridays best", "how soon can you see me?"])
async def test_a_day_may_be_all_that_is_said(said: str) -> None:
    _, answer = await talk(demo("therapy"), said)
    assert answer.expects == ["service"]
    assert not answer.fallback


async def test_a_time_with_a_full_stop_is_one() -> None:
    _, answer = await talk(demo("hair"), "fringe trim tomorrow at 11", "hmm can u do 12.30 instead")
    assert answer.args("find_slots")["when"] == "2026-05-12 12:30"


async def test_the_later_one_of_two_is_picked_and_of_more_looked_for() -> None:
    _, answer = await talk(demo("hair"), "fringe trim on june 2 at 10 or 11", "the later one")
    assert answer.expects == ["name", "email"]
    assert "11:00 am" in answer.text
    _, answer = await talk(demo("hair"), "fringe trim on june 2 in the morning", "the later one")
    assert answer.expects != ["name", "email"]


async def test_a_number_behind_other_words_stays_in_its_month() -> None:
    _, answer = await talk(demo("hair"), "fringe trim on december 22", "no ok 28th morning")
    assert answer.args("find_slots")["when"].startswith("2026-12-28")


async def test_a_verb_of_the_trade_is_no_service() -> None:
    _, answer = await talk(demo("photo"), "can you photograph our dog?")
    assert "workshop, " not in answer.text


async def test_who_never_booked_leaves_it_in_any_spelling() -> None:
    _, answer = await talk(demo("hair"), "pls cancel", "i havent booked anything actually lol")
    assert answer.expects == ["anything_else"]


@pytest.mark.parametrize("said", ["alright", "righto", "aye", "lovely", "cheers", "agreed", "thx", "anonymous"])
async def test_a_word_of_assent_is_nobodys_name(said: str) -> None:
    _, answer = await talk(demo("hair"), "fringe trim tomorrow at 10", said)
    assert "name" in answer.expects
    assert said.title() not in answer.text


async def test_it_may_be_a_family_name() -> None:
    _, answer = await talk(demo("hair"), "fringe trim tomorrow at 10", "Rose Lovely rose@lovely.example")
    assert answer.args("propose_booking")["name"] == "Rose Lovely"


async def test_what_it_costs_and_how_long_it_takes_are_both_told() -> None:
    _, answer = await talk(demo("therapy"), "how much is it and how long")
    assert "€75.00" in answer.text
    assert "50 minutes" in answer.text


async def test_how_busy_it_is_asks_for_times() -> None:
    _, answer = await talk(demo("hair"), "how busy are you tomorrow", "fringe trim at noon")
    assert answer.args("find_slots")["when"] == "2026-05-12 12:00"


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


@pytest.mark.parametrize("said", ["what are your weekend hours", "weekday hours?", "hours on weekdays"])
async def test_hours_of_several_days_are_all_told(said: str) -> None:
    _, answer = await talk(demo("hair"), said)
    assert answer.args("business_info") == {"about": "hours", "date": None}


async def test_a_person_may_be_asked_for_by_name() -> None:
    _, answer = await talk(demo("hair"), "i need to speak to Robin urgently")
    assert "escalate_to_human" in answer.tools


@pytest.mark.parametrize(
    "said", ["i need to talk to my husband first", "hold on need to ask my boss", "wait let me check my calendar"]
)
async def test_who_has_to_ask_somebody_first_is_given_the_time_and_loses_nothing(said: str) -> None:
    chat, answer = await talk(demo("hair"), "haircut friday at 3", said)
    assert "write when you know" in answer.text
    assert answer.tools == []
    answer = await chat.say("ok hes fine with it. Lou Reed, lou@mail.example")
    assert answer.args("propose_booking")["start"] == "2026-05-15T15:00"


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


@pytest.mark.parametrize("said", ["dave, its dave jones at gmail dot com", "im sam, sam.lee at hotmail"])
async def test_an_address_in_doubt_is_asked_for_once_more(said: str) -> None:
    _, answer = await talk(demo("hair"), "haircut friday at 2", said)
    assert answer.expects == ["email"]


async def test_a_name_may_follow_the_word_for_it() -> None:
    _, answer = await talk(demo("hair"), "haircut friday at 2", "phone 212 555 0188, name rita")
    assert answer.expects == ["email"]
    assert "Rita" in answer.text


CARD = ["fringe trim thu 21 may 11am", "Ann Lee ann@mail.example"]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("is it mia or jonah doing it", "fringe trim on Thursday"),
        ("who is doing it?", "fringe trim on Thursday"),
        ("is that am or pm", "11:00 am"),
        ("booked?", "yes"),
        ("ok so its 65 dollars?", "$15.00. "),
        ("is it refundable?", "Free cancellation"),
        ("yes and can u add a beard trim", "one at a time"),
    ],
)
async def test_a_question_at_the_card_is_answered_and_it_stays(said: str, told: str) -> None:
    _, answer = await talk(demo("hair"), *CARD, said)
    assert told in answer.text
    assert answer.expects == ["confirm"]
    assert not answer.fallback
    assert "can't help" not in answer.text


@pytest.mark.parametrize(
    ("said", "when"),
    [
        ("i have a wedding on the 16th of may so need a blow dry the day before", "2026-05-15"),
        ("im at a party on saturday 16 may, can i get a blow dry the day before at 4pm", "2026-05-15 16:00"),
        ("blow dry the day before the 16th of may", "2026-05-15"),
    ],
)
async def test_the_day_before_a_feast_is_not_the_feast(said: str, when: str) -> None:
    _, answer = await talk(demo("hair"), said)
    assert answer.args("find_slots")["when"] == when


async def test_to_be_reminded_the_day_before_moves_nothing() -> None:
    _, answer = await talk(demo("hair"), "blow dry for a wedding on saturday 16 may at 2, remind me the day before")
    assert answer.args("find_slots")["when"] == "2026-05-16 14:00"


@pytest.mark.parametrize("said", ["what about sunday", "and sunday?", "sunday?"])
async def test_after_a_question_about_hours_another_day_is_another_one(said: str) -> None:
    _, answer = await talk(demo("hair"), "are you open on thursday", said)
    assert answer.args("business_info")["date"] == "2026-05-17"
    assert "closed" in answer.text


@pytest.mark.parametrize(
    "said", ["you guys cut my fringe way too short last time im fuming", "im so furious about my fringe"]
)
async def test_a_complaint_begins_no_booking(said: str) -> None:
    _, answer = await talk(demo("hair"), said)
    assert PERSON in answer.choices
    assert answer.expects == []


async def test_chatter_at_the_card_neither_drops_it_nor_renames_anybody() -> None:
    _, answer = await talk(demo("hair"), *CARD, "I do not want the driver named Connor. He talks too much.")
    assert answer.tools == ["answer_faq"]
    assert "for Ann Lee" in answer.text
    assert answer.expects == ["confirm"]
