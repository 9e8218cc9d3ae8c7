"""A person is wanted: the team is told at once, then the customer is asked, once, how to reach them."""

from __future__ import annotations

import pytest

from tests.agent.guided.front_desk import Chat, FrontDesk


@pytest.mark.parametrize(
    "wish",
    ["I want to talk to a human", "let me speak to somebody real please", "can I talk to a human"],
)
async def test_the_team_is_told_and_the_address_asked_for(wish: str) -> None:
    chat = Chat()
    answer = await chat.say(wish)
    assert answer.args("escalate_to_human")["reason"] == wish
    assert "We are open now." in answer.text
    assert answer.expects == ["email"]
    answer = await chat.say("ivy@north.example")
    told = answer.args("escalate_to_human")
    assert (told["reason"], told["email"]) == ("", "ivy@north.example")
    assert "ivy@north.example" in answer.text


async def test_who_would_rather_not_say_is_not_asked_again() -> None:
    chat = Chat()
    await chat.say("I want to talk to a human")
    answer = await chat.say("no thanks")
    assert answer.tools == []
    assert "here in the chat" in answer.text
    answer = await chat.say("what are your prices?")
    assert "escalate_to_human" not in answer.tools


async def test_another_wish_may_come_instead_of_the_address() -> None:
    chat = Chat()
    await chat.say("I want to talk to a human")
    answer = await chat.say("when are you open?")
    assert answer.tools == ["business_info"]


async def test_a_booking_under_way_goes_on() -> None:
    chat = Chat()
    await chat.say("a haircut please")
    answer = await chat.say("hmm, can I talk to a human first?")
    assert "escalate_to_human" in answer.tools
    assert answer.expects != ["email"]


async def test_a_person_is_offered_at_the_second_miss_and_a_yes_takes_the_offer() -> None:
    chat = Chat()
    await chat.say("flurb wibble zonk")
    answer = await chat.say("gronk snarf blip")
    assert answer.fallback
    answer = await chat.say("yes please")
    assert answer.args("escalate_to_human")["why"] == "stuck"


async def test_where_the_team_cannot_be_told_the_customer_hears_how_to_reach_it() -> None:
    desk = FrontDesk()
    desk.escalate_to_human = lambda **_: {"status": "too_often", "why": "Please wait an hour."}  # type: ignore[method-assign]
    answer = await Chat(desk).say("I want to talk to a human")
    assert "312-555-0188" in answer.text
    assert answer.expects == ["anything_else"]


async def test_what_a_colleague_asked_is_answered_to_the_assistant() -> None:
    chat = Chat()
    await chat.say("a classic cut please")
    chat.staff_says("Sure! Which day would suit you?")
    answer = await chat.say("tomorrow at 3pm")
    assert answer.args("find_slots")["service"] == "cut"


REASONS = [
    "my last color went wrong",
    "billing",
    "you idiots ruined my hair and nobody apologised",
    "my haircut last week was terrible",
    "I was there on friday and nobody came",
]


@pytest.mark.parametrize("said", REASONS)
async def test_words_right_after_are_the_reason_and_the_address_is_asked_for_once_more(said: str) -> None:
    chat = Chat()
    await chat.say("i wanna talk to a real person")
    answer = await chat.say(said)
    assert answer.tools == ["escalate_to_human"]
    assert answer.args("escalate_to_human")["reason"] == said
    assert answer.expects == ["email"]
    assert not answer.fallback
    answer = await chat.say("kim@example.com")
    told = answer.args("escalate_to_human")
    assert (told["reason"], told["email"]) == ("", "kim@example.com")
    assert "kim@example.com" in answer.text
    assert answer.expects == ["anything_else"]


async def test_the_address_is_not_asked_for_a_third_time() -> None:
    chat = Chat()
    await chat.say("talk to a human")
    assert (await chat.say("my last color went wrong")).expects == ["email"]
    answer = await chat.say("and the phone was never answered")
    assert answer.args("escalate_to_human")["reason"] == "and the phone was never answered"
    assert answer.expects == ["anything_else"]
    assert "escalate_to_human" in (await chat.say("kim@example.com")).tools


async def test_an_address_that_comes_later_is_still_the_one_that_was_asked_for() -> None:
    chat = Chat()
    await chat.say("talk to a human")
    await chat.say("when are you open?")
    answer = await chat.say("kim@example.com")
    assert answer.args("escalate_to_human")["email"] == "kim@example.com"
    assert answer.expects == ["anything_else"]


async def test_the_reason_may_come_with_the_address() -> None:
    chat = Chat()
    await chat.say("talk to a human")
    answer = await chat.say("kim@example.com, my last color went totally wrong")
    told = answer.args("escalate_to_human")
    assert told["email"] == "kim@example.com"
    assert "color went totally wrong" in told["reason"]


@pytest.mark.parametrize(
    ("said", "tool"),
    [
        ("a classic cut tomorrow at 3pm", "find_slots"),
        ("what are your prices?", None),
        ("classic cut", None),
        ("thanks", None),
    ],
)
async def test_what_the_assistant_can_do_is_no_reason(said: str, tool: str | None) -> None:
    chat = Chat()
    await chat.say("talk to a human")
    answer = await chat.say(said)
    assert "escalate_to_human" not in answer.tools
    assert tool is None or tool in answer.tools


async def test_after_the_button_the_reason_and_the_address_reach_the_team() -> None:
    chat = Chat()
    await chat.say("hello")
    answer = await chat.say("my last color went wrong", {"event": "person_asked", "cause": "button"})
    assert answer.args("escalate_to_human")["reason"] == "my last color went wrong"
    assert (await chat.say("kim@example.com")).args("escalate_to_human")["email"] == "kim@example.com"


async def test_a_reason_said_in_the_middle_of_a_booking_is_passed_on_and_the_booking_goes_on() -> None:
    chat = Chat()
    await chat.say("a classic cut please")
    await chat.say("hmm, can I talk to a human first?")
    answer = await chat.say("my neighbour was badly treated by you")
    assert answer.args("escalate_to_human")["reason"] == "my neighbour was badly treated by you"
    assert "date" in answer.expects
    assert (await chat.say("tomorrow at 3pm")).tools == ["find_slots"]


async def test_a_day_told_to_a_colleague_is_kept() -> None:
    chat = Chat()
    chat.staff_says("Sure! Which day would suit you?")
    await chat.say("friday, i think")
    answer = await chat.say("classic cut")
    assert answer.args("find_slots")["when"] == "2026-05-15"


@pytest.mark.parametrize("said", ["in person", "how much per person", "only one person"])
async def test_a_person_is_not_always_wanted(said: str) -> None:
    chat = Chat()
    await chat.say("a classic cut please")
    assert "escalate_to_human" not in (await chat.say(said)).tools
