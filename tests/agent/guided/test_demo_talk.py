"""Conversations with the three demonstration businesses, as people who try them out have them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.agent.guided.demo_desk import DemoDesk, demo
from tests.agent.guided.front_desk import Answer, Chat, FrontDesk, service

WEDDINGS = ["Wedding, full day", "Destination wedding"]
PERSON = "Talk to a person"


async def talk(desk: FrontDesk, *lines: str) -> tuple[Chat, Answer]:
    chat = Chat(desk)
    answers = [await chat.say(line) for line in lines]
    return chat, answers[-1]


# Which of two it is.


async def which_wedding() -> Chat:
    chat, answer = await talk(demo("photo"), "do you do weddings")
    assert answer.choices[:2] == WEDDINGS
    return chat


async def test_a_question_beside_is_answered_for_each_that_could_be_meant() -> None:
    chat = await which_wedding()
    due = await chat.say("whats the deposit")
    assert "nothing is due in advance" in due.text.casefold()
    assert due.choices[:2] == WEDDINGS
    price = await chat.say("how much")
    assert "£1950.00" in price.text
    assert "on request" in price.text
    assert price.choices[:2] == WEDDINGS
    assert not price.fallback


async def test_a_deposit_is_told_for_the_one_that_has_it() -> None:
    desk = demo("photo")
    desk.services = [each | {"paid_in_advance": "£500.00"} if each["service"] == "wedding_full_day" else each
                     for each in desk.services]  # fmt: skip
    _, answer = await talk(desk, "do you do weddings", "whats the deposit")
    assert "£500.00" in answer.text
    assert "destination wedding nothing is due" in answer.text or "for the destination wedding" in answer.text


@pytest.mark.parametrize("said", ["is there a deposit?", "do i have to pay in advance?"])
async def test_where_nothing_is_due_in_advance_that_is_the_answer_unless_the_business_has_its_own(said: str) -> None:
    _, answer = await talk(demo("hair"), "a fringe trim please", said)
    assert "nothing is due in advance" in answer.text.casefold()
    assert not answer.fallback
    desk = demo("hair")
    desk.faq = {"deposit": "We never ask for one.", "advance": "We never ask for one."}
    _, answer = await talk(desk, "a fringe trim please", said)
    assert "We never ask for one." in answer.text
    assert "nothing is due" not in answer.text.casefold()


@pytest.mark.parametrize("said", ["cancel it, he left me", "never mind", "cancel it", "oh no, cancel everything"])
async def test_who_gives_it_up_there_is_let_go(said: str) -> None:
    chat = await which_wedding()
    answer = await chat.say(said)
    assert answer.tools == []
    assert answer.expects == ["anything_else"]
    assert "arrange" in answer.text
    assert not set(WEDDINGS) & set((await chat.say("yes")).choices)


async def test_what_is_not_understood_there_is_said_to_be_so_and_then_there_is_a_way_out() -> None:
    chat = await which_wedding()
    first = await chat.say("about 50 guests")
    assert first.fallback
    assert first.choices == [*WEDDINGS, "Something else"]
    second = await chat.say("blue cheese")
    assert second.fallback
    assert second.choices == [*WEDDINGS, "Something else", PERSON]
    assert "list" in second.text


async def test_a_yes_to_either_or_does_not_lead_in_circles() -> None:
    chat = await which_wedding()
    for _ in range(2):
        assert PERSON not in (await chat.say("yes")).choices
    assert PERSON in (await chat.say("yes")).choices


async def test_the_plain_word_is_the_one_that_is_called_so() -> None:
    chat = await which_wedding()
    answer = await chat.say("wedding on may 18")
    assert answer.args("find_slots")["service"] == "wedding_full_day"


# The trade's own word.


@pytest.mark.parametrize(
    "said",
    [
        "hi, we're getting married next june, do you shoot weddings?",
        "can you shoot our wedding",
        "we marry on may 18",
    ],
)
async def test_the_word_for_any_booking_weighs_less_than_what_it_is_for(said: str) -> None:
    _, answer = await talk(demo("photo"), said)
    assert answer.choices[:2] == WEDDINGS
    assert "find_slots" not in answer.tools


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("an engagement shoot on friday", "engagement_shoot"),
        ("a family shoot on friday", "family_session"),
    ],
)
async def test_beside_its_own_name_it_still_counts(said: str, meant: str) -> None:
    _, answer = await talk(demo("photo"), said)
    assert answer.args("find_slots")["service"] == meant


@pytest.mark.parametrize("said", ["a shoot on friday", "photo shoot for my newborn", "book me a photoshoot"])
async def test_alone_it_may_be_any_of_them(said: str) -> None:
    _, answer = await talk(demo("photo"), said)
    assert not answer.fallback
    assert "service" in answer.expects
    assert {"Engagement shoot", "Family session", "Portrait session"} <= set(answer.choices)


# The cheapest one.


async def test_the_cheapest_one_is_the_one_with_the_lowest_price() -> None:
    desk = demo("hair")
    _, answer = await talk(desk, "too pricey. anything cheaper?", "ok the cheapest one then, friday after work")
    assert answer.args("find_slots")["service"] == "fringe_trim"
    assert "fringe trim (15 minutes, $15.00)" in answer.text


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("book me the most expensive one", "highlights (2 hours 30 minutes, $185.00)"),
        ("the shortest one please, tomorrow", "fringe trim (15 minutes, $15.00)"),
        ("i want the quickest service on friday", "fringe trim (15 minutes, $15.00)"),
        ("what's the cheapest one?", "ringe trim"),
    ],
)
async def test_so_are_the_dearest_and_the_shortest(said: str, meant: str) -> None:
    _, answer = await talk(demo("hair"), said)
    assert meant in answer.text
    assert not answer.fallback


async def test_the_cheapest_is_one_of_those_just_named_and_no_package() -> None:
    chat = await which_wedding()
    # Of one with a price and one without there is no cheaper one to take.
    assert "find_slots" not in (await chat.say("the cheapest one on may 18")).tools
    packed = service("all", "All of it", price={"amount": 100, "currency": "USD"}, includes=["Cut", "Shave"])
    _, answer = await talk(FrontDesk(services=[*demo("hair").services, packed]), "the cheapest one please")
    assert "fringe trim" in answer.text


# A day of the month beside one that is out of reach.


class UntilMay(DemoDesk):
    def find_slots(
        self, service: str, when: str = "", resource: str | None = None, moving: str | None = None
    ) -> dict[str, Any]:
        if when < "2026-05-23":
            return super().find_slots(service, when, resource)
        near = super().find_slots(service, "2026-05-22", resource)
        why = "We take bookings up to Friday, May 22."
        return near | {"status": "none", "reason": "horizon", "why": why, "slots": near["slots"][:3]}


async def test_a_bare_day_stays_in_the_month_that_was_refused() -> None:
    desk = UntilMay(services=demo("hair").services, pack="hair_beauty")
    _, answer = await talk(desk, "a haircut please. is friday june 12 free?", "and the 9th?")
    assert answer.args("find_slots")["when"] == "2026-06-09"
    assert "May 22" in answer.text
    _, answer = await talk(desk, "a haircut please. is friday june 12 free?", "and the 19th?")
    assert answer.args("find_slots")["when"] == "2026-06-19"
    assert "May 22" in answer.text


# Somebody to talk to.


@pytest.mark.parametrize(
    "said",
    ["i feel really low and need to talk to someone this week", "i need somebody to talk to on friday"],
)
async def test_a_practice_is_asked_for_a_session_with_someone_to_talk_to(said: str) -> None:
    _, answer = await talk(demo("therapy"), said)
    assert "escalate_to_human" not in answer.tools
    assert answer.args("find_slots")["service"] == "first_conversation"


async def test_without_a_burden_the_practice_asks_which_session() -> None:
    _, answer = await talk(demo("therapy"), "i'd like to talk to someone on friday")
    assert answer.tools == []
    assert answer.expects == ["service"]


@pytest.mark.parametrize(
    ("business", "said"),
    [
        ("therapy", "i want to talk to a real person"),
        ("therapy", "can i talk to someone from your team?"),
        ("therapy", "i need a human, let me talk to someone"),
        ("therapy", "i need to talk to someone about my invoice"),
        ("therapy", "can i talk to someone about my last session?"),
        ("hair", "i need to talk to someone this week"),
    ],
)
async def test_one_of_the_team_is_called_where_one_is_meant(business: str, said: str) -> None:
    _, answer = await talk(demo(business), said)
    assert "escalate_to_human" in answer.tools


# A question in place of the address.


async def test_a_question_in_place_of_the_address_is_answered() -> None:
    chat, answer = await talk(demo("hair"), "I want a human", "whatever. how much is a haircut")
    assert "$65.00" in answer.text
    assert answer.expects == ["email"]
    again = await chat.say("and how much is a beard trim")
    assert "$30.00" in again.text
    assert again.expects == ["anything_else"]
    assert (await chat.say("ivy@north.example")).args("escalate_to_human")["email"] == "ivy@north.example"


async def test_so_is_one_about_what_is_not_sold() -> None:
    chat, answer = await talk(demo("hair"), "I want a human", "whatever. how much is balayage")
    assert "escalate_to_human" not in answer.tools
    assert "full color" in answer.text
    assert answer.expects == ["email"]
    assert (await chat.say("no thanks")).expects == ["anything_else"]


async def test_who_says_no_first_is_not_asked_for_the_address_again() -> None:
    _, answer = await talk(demo("hair"), "I want a human", "no. how much is a haircut")
    assert "email" not in answer.expects


# One of the answers that a question names.


async def in_person_or_online(*lines: str) -> tuple[Chat, Answer]:
    return await talk(demo("therapy"), "first conversation tomorrow at 3pm", "Ivy North, ivy@north.example", *lines)


@pytest.mark.parametrize("said", ["!confirm", "purple", "the other thing"])
async def test_what_is_none_of_the_answers_is_not_kept(said: str) -> None:
    chat, first = await in_person_or_online(said)
    assert "propose_booking" not in first.tools
    assert first.expects == ["intake"]
    second = await chat.say("banana")
    assert second.expects == ["intake"]
    assert "In person or Online" in second.text
    assert PERSON in second.choices
    kept = await chat.say("onlien")
    assert [each["answer"] for each in kept.args("propose_booking")["answers"]] == ["Online"]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("by video please", "Online"),
        ("face to face", "In person"),
        ("not online", "In person"),
        ("not by video", "In person"),
        ("either is fine", "either is fine"),
        ("no zoom, i have no camera", "no zoom, i have no camera"),
    ],
)
async def test_an_answer_in_other_words_is_one(said: str, kept: str) -> None:
    _, answer = await in_person_or_online(said)
    assert [each["answer"] for each in answer.args("propose_booking")["answers"]] == [kept]


@pytest.mark.parametrize("said", ["first conversation by video tomorrow at 3pm", "a first conversation online, please"])
async def test_an_answer_given_before_is_not_asked_for_again(said: str) -> None:
    chat, _ = await talk(demo("therapy"), said, "tomorrow at 3pm")
    answer = await chat.say("Ivy North, ivy@north.example")
    assert answer.expects == ["confirm"]
    assert [each["answer"] for each in answer.args("propose_booking")["answers"]] == ["Online"]


async def test_an_answer_given_before_is_no_service_that_is_not_sold() -> None:
    chat, answer = await talk(demo("therapy"), "online session on friday at 3pm")
    assert "first conversation" in answer.text
    assert "isn't" not in answer.text
    assert "don't" not in answer.text
    await chat.say("individual")
    assert (await chat.say("Ivy North, ivy@north.example")).expects == ["confirm"]


async def test_a_question_about_it_is_no_answer() -> None:
    _, answer = await talk(demo("therapy"), "do you also work online?", "first conversation tomorrow at 3pm",
                           "Ivy North, ivy@north.example")  # fmt: skip
    assert answer.expects == ["intake"]


async def test_what_was_given_up_takes_its_answers_along() -> None:
    chat, _ = await talk(demo("therapy"), "first conversation online tomorrow at 3pm", "never mind")
    await chat.say("first conversation on friday at 3pm")
    assert (await chat.say("Ivy North, ivy@north.example")).expects == ["intake"]


async def test_name_and_address_may_be_joined_by_and() -> None:
    _, answer = await talk(demo("hair"), "fringe trim tomorrow at 10", "Priya Shah and priya@example.com")
    assert "Priya Shah (priya@example.com)" in answer.text


async def test_two_may_give_their_names_together() -> None:
    _, answer = await talk(demo("hair"), "fringe trim tomorrow at 10", "ella@example.com", "we're tom & ella")
    assert "Tom & Ella (ella@example.com)" in answer.text


@pytest.mark.parametrize("said", ["how long", "and how long?", "ok how long then?"])
async def test_how_long_alone_is_about_what_is_being_booked(said: str) -> None:
    _, answer = await talk(demo("hair"), "fringe trim", said)
    assert "15 minutes" in answer.text
    assert not answer.fallback


@pytest.mark.parametrize("said", ["wait do u take cards", "btw is there parking", "quick question, can i bring my dog"])
async def test_a_question_is_one_whatever_leads_up_to_it(said: str) -> None:
    _, answer = await talk(demo("hair"), said)
    assert "answer_faq" in answer.tools
    assert "can't" in answer.text
