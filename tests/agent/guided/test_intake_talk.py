"""What a business wants to know before a booking: what is an answer, what is none, and what may be left out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handled.agent.models.guided import intake
from handled.agent.models.guided.history import Business
from handled.agent.models.guided.language import language
from handled.agent.models.guided.state import State
from tests.agent.guided.front_desk import NOW, Answer, Chat, FrontDesk, service

WHERE = "Would you like to meet in person or online?"
COLORED = "Have you colored your hair in the last six months, at home or in a salon?"
GUESTS = "About how many guests do you expect?"
AIM = "What would you like to work on? (optional)"
BEFORE = "Have you been with us before? (optional)"


async def asked(*questions: str) -> tuple[Chat, Answer]:
    """A booking that has come to its questions."""
    chat = Chat(FrontDesk(services=[service("talk", "Long talk", intake=list(questions))]))
    await chat.say("a long talk tomorrow at 3pm please")
    answer = await chat.say("Ivy North, ivy@north.example")
    assert answer.expects == ["intake"]
    return chat, answer


def told(answer: Answer) -> list[str]:
    return [each["answer"] for each in answer.args("propose_booking").get("answers", [])]


@pytest.mark.parametrize("said", ["yes, book it", "yes", "ok", "go ahead please", "book it now", "confirm", "👍"])
async def test_an_order_to_go_on_is_no_answer_to_a_choice(said: str) -> None:
    chat, first = await asked(WHERE)
    assert first.choices == ["In person", "Online"]
    again = await chat.say(said)
    assert again.tools == []
    assert again.expects == ["intake"]
    assert again.choices == ["In person", "Online"]
    assert WHERE in again.text
    assert told(await chat.say("In person")) == ["In person"]


@pytest.mark.parametrize("said", ["online", "yes, online please", "in person", "rather online"])
async def test_one_of_the_choices_is_an_answer_however_it_is_put(said: str) -> None:
    chat, _ = await asked(WHERE)
    assert told(await chat.say(said)) == [said]


@pytest.mark.parametrize("said", ["no", "nope", "skip"])
async def test_no_leaves_a_needed_answer_open(said: str) -> None:
    chat, _ = await asked(WHERE)
    again = await chat.say(said)
    assert again.tools == []
    assert again.expects == ["intake"]


@pytest.mark.parametrize("said", ["yes", "no", "nope, never", "yes, in march"])
async def test_yes_and_no_answer_what_may_be_answered_so(said: str) -> None:
    chat, first = await asked(COLORED)
    assert first.choices == []
    assert told(await chat.say(said)) == [said]


@pytest.mark.parametrize("said", ["yes, book it", "just book it", "how long does it take?"])
async def test_even_there_an_order_and_a_question_are_none(said: str) -> None:
    chat, _ = await asked(COLORED)
    assert (await chat.say(said)).expects == ["intake"]


@pytest.mark.parametrize(
    "said", ["no", "nothing", "nothing special", "skip", "nah", "no thanks", "none", "not really", "idk", "Nothing."]
)
async def test_what_is_optional_is_left_out_in_one_word_and_never_asked_again(said: str) -> None:
    chat, first = await asked(AIM)
    assert first.choices == ["Skip"]
    answer = await chat.say(said)
    assert told(answer) == []
    assert answer.expects == ["confirm"]
    answer = await chat.say("actually, make it 4pm")
    assert "propose_booking" in answer.tools
    assert answer.expects == ["confirm"]


async def test_no_is_the_answer_to_an_optional_question_of_yes_and_no() -> None:
    chat, _ = await asked(BEFORE)
    assert told(await chat.say("no")) == ["no"]


async def test_an_answer_in_another_script_is_one() -> None:
    chat, _ = await asked(GUESTS)
    assert told(await chat.say("восемь")) == ["восемь"]


@pytest.mark.parametrize(
    ("question", "named"),
    [
        (WHERE, ("in person", "online")),
        ("Do you prefer mornings, evenings, or weekends?", ("mornings", "evenings", "weekends")),
        ("Is it for you or for a child?", ("for you", "for a child")),
        (COLORED, ()),
        ("Do you have allergies or sensitivities?", ()),
        (GUESTS, ()),
        ("Would you like us to come to your place of work or rather meet you at the studio in town?", ()),
    ],
)
def test_the_choices_are_those_that_the_question_names(question: str, named: tuple[str, ...]) -> None:
    assert intake.options(replace(State(Business(), language("en"), NOW)), question) == named
