"""Which messages close the talk, and after which words of the agent's."""

from __future__ import annotations

import pytest

from handled.agent import closing
from handled.conversations.messages import compose
from handled.kit import ids
from handled.tables import Message


def agent(content: str, *expects: str) -> Message:
    return compose(
        ids.new_id(), ids.new_id(), "agent", content, ids.new_id(), None, [], {"expects": list(expects), "cards": []}
    )


RECEIPT = agent("You're booked. Is there anything else I can do?", "anything_else")
CLAUDE = agent("Parking is behind the building. Anything else I can help with?")
TOLD = agent("Parking is behind the building.")
ASKED = agent("The deluxe cut on Monday, right?")
ASKED_NAME = agent("What name shall I put it under?", "name")

GOODBYES = [
    "bye",
    "Thanks, bye!",
    "Ok great, thank you so much. Good night",
    "have a nice day",
    "Goodbye 👋",
    "bye bye",
]
ALL_OF_IT = ["that's all", "That’s it, thanks!", "nothing else, thank you", "that is all for now", "that'll be all"]
NOES = ["no", "No thanks!", "nope", "no, thank you very much", "I'm good, thanks", "No, that's all. Bye", "not today"]


@pytest.mark.parametrize("asked", [RECEIPT, CLAUDE])
@pytest.mark.parametrize("text", [*GOODBYES, *ALL_OF_IT, *NOES])
def test_no_to_anything_else_closes_the_talk(text: str, asked: Message) -> None:
    assert closing.closes(text, asked)


@pytest.mark.parametrize("asked", [ASKED, ASKED_NAME, TOLD])
@pytest.mark.parametrize("text", NOES[:5])
def test_no_to_anything_but_that_does_not(text: str, asked: Message) -> None:
    assert not closing.closes(text, asked)


@pytest.mark.parametrize("text", ALL_OF_IT)
def test_that_is_it_closes_the_talk_where_it_answers_no_question(text: str) -> None:
    assert closing.closes(text, TOLD)
    assert not closing.closes(text, ASKED)
    assert not closing.closes(text, ASKED_NAME)


@pytest.mark.parametrize("asked", [RECEIPT, TOLD, ASKED, ASKED_NAME])
@pytest.mark.parametrize("text", GOODBYES)
def test_a_goodbye_always_closes_the_talk(text: str, asked: Message) -> None:
    assert closing.closes(text, asked)


@pytest.mark.parametrize(
    "text",
    [
        "thanks",
        "ok great",
        "yes",
        "no, one more thing",
        "no thanks, but can I move it to Friday?",
        "that's all wrong",
        "bye the way, do you have parking?",
        "no bob",
        "is that all?  I also wanted a colour",
        "nothing else matters",
        "good",
        "",
        "…",
        "no " * 60,
    ],
)
def test_whatever_says_more_goes_on(text: str) -> None:
    assert not closing.closes(text, RECEIPT)
