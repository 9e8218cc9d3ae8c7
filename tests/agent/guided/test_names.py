"""Who somebody is, and what is no name although one was asked for."""

from __future__ import annotations

import pytest

from handled.agent.models.guided.language import language
from handled.agent.models.guided.people import read_person
from tests.agent.guided.front_desk import Chat, FrontDesk

EN = language("en")
ASKED = frozenset({"name", "email"})


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("It’s Gráinne", "Gráinne"),
        ("name's J. O'Dell", "J. O'Dell"),
        ("josé maría de la peña-ruiz", "José María de la Peña-Ruiz"),
        ("tran", "Tran"),
        ("wilhelm von der heide", "Wilhelm von der Heide"),
        ("王芳", "王芳"),
        ("Mrs Black", "Black"),
        ("grace hill", "Grace Hill"),
        ("will", "Will"),
        ("June", "June"),
        ("kit 🙂", "Kit"),
        ("petra here", "Petra"),
        ("petra, thanks", "Petra"),
        ("my nam is Petra Holm", "Petra Holm"),
        ("me llamo Inés", "Inés"),
        ("Long Tran", "Long Tran"),
        ("J. K. Holm", "J. K. Holm"),
        ("petra and jon", "Petra and Jon"),
    ],
)
def test_unusual_names_are_names(text: str, name: str) -> None:
    assert read_person(text, EN, ASKED).name == name


@pytest.mark.parametrize(
    "text",
    [
        "Shucks", "hmmm", "okayyy", "great stuff", "Fantastic", "Toilets", "bad back and headache", "hold on a moment",
        "which day was it again", "why", "not telling", "It's Perfect", "call me tomorrow", "my name is misspelled",
        "hiii", "no", "somebody else", "the usual",
    ],
)  # fmt: skip
def test_chatter_is_no_name(text: str) -> None:
    assert read_person(text, EN, ASKED).name is None


def test_a_word_the_business_has_answers_about_is_no_name() -> None:
    assert read_person("Valet", EN, ASKED, topics=frozenset({"valet"})).name is None
    assert read_person("my name is Valet", EN, ASKED, topics=frozenset({"valet"})).name == "Valet"


async def test_what_was_said_instead_of_a_name_is_answered_and_the_name_asked_again() -> None:
    chat = Chat(FrontDesk(faq={"valet": "Leave your car with us."}))
    await chat.say("a shave tomorrow at 10")
    for said, words in [("drat", ""), ("valet", "Leave your car"), ("when was it again?", "May 12 at 10:00 am")]:
        answer = await chat.say(said)
        assert words in answer.text
        assert sorted(answer.expects) == ["email", "name"], said
    assert (await chat.say("why do you want my name")).expects == ["name", "email"]
    assert "Oda" in (await chat.say("oda")).text
