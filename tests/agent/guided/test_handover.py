"""The guided model goes on where another model stopped: it says nothing about what it expected."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic_ai.messages import ModelRequest, ModelResponse, TextPart, ToolCallPart, ToolReturnPart, UserPromptPart

from tests.agent.guided.front_desk import NOW, Chat, FrontDesk


def _said(chat: Chat, text: str) -> None:
    chat.messages.append(ModelRequest(parts=[UserPromptPart(content=text, timestamp=NOW)]))


def _other_model_says(chat: Chat, text: str) -> None:
    chat.messages.append(ModelResponse(parts=[TextPart(text)], model_name="some-llm"))


def _other_model_calls(chat: Chat, tool: str, args: dict[str, Any], result: dict[str, Any] | None = None) -> None:
    answer = result if result is not None else chat.desk.call(tool, args)
    number = f"toolu_{len(chat.messages)}"
    chat.messages.append(ModelResponse(parts=[TextPart("Let me look."), ToolCallPart(tool, args, number)]))
    chat.messages.append(ModelRequest(parts=[ToolReturnPart(tool, answer, number)]))


def _found(chat: Chat, when: str, **asked: str) -> dict[str, Any]:
    """What `find_slots` answers to words, with the day and time it understood."""
    iso = " ".join(asked[key] for key in ("date", "time") if key in asked)
    result = chat.desk.find_slots("cut", iso)
    return result | {"asked": result["asked"] | asked}


async def test_a_search_of_another_model_is_spoken_about() -> None:
    chat = Chat()
    _said(chat, "do you have anything for a classic cut tomorrow?")
    result = _found(chat, "tomorrow", date="2026-05-12")
    _other_model_calls(chat, "find_slots", {"service": "cut", "when": "tomorrow"}, result)
    answer = await chat.go_on()
    assert answer.tools == []
    assert answer.expects == ["time"]
    assert "Tuesday, May 12" in answer.text


async def test_a_free_time_that_another_model_found_leads_on_to_the_person() -> None:
    chat = Chat()
    _said(chat, "what about the classic one, day after today, elevenish?")
    result = _found(chat, "tomorrow at eleven", date="2026-05-12", time="11:00")
    _other_model_calls(chat, "find_slots", {"service": "cut", "when": "tomorrow at eleven"}, result)
    answer = await chat.go_on()
    assert (answer.tools, answer.expects) == ([], ["name", "email"])
    answer = await chat.say("Ruth Adler, ruth@adler.example")
    assert answer.args("propose_booking")["start"] == "2026-05-12T11:00"


async def test_a_proposal_of_another_model_is_put_before_the_customer() -> None:
    chat = Chat()
    _said(chat, "yes that one, I'm Ruth Adler, ruth@adler.example")
    proposing = {"service": "cut", "start": "2026-05-12T11:00", "name": "Ruth Adler", "email": "ruth@adler.example"}
    _other_model_calls(chat, "propose_booking", proposing)
    answer = await chat.go_on()
    assert answer.tools == []
    assert answer.expects == ["confirm"]
    assert "Tuesday, May 12 at 11:00 am" in answer.text
    assert "ruth@adler.example" in answer.text


@pytest.mark.parametrize(
    ("question", "reply", "expects"),
    [
        ("Lovely! Which service would you like?", "the classic cut", ["date"]),
        ("Could you tell me your name and email address, please?", "Ruth Adler, ruth@adler.example", ["service"]),
    ],
)
async def test_what_another_model_asked_is_read_off_its_words(question: str, reply: str, expects: list[str]) -> None:
    chat = Chat()
    _said(chat, "I'd like to book an appointment")
    _other_model_says(chat, question)
    answer = await chat.say(reply)
    assert answer.expects == expects


async def test_what_the_customer_told_another_model_is_not_asked_again() -> None:
    chat = Chat()
    _said(chat, "classic cut on friday please, my name is Ruth Adler")
    _other_model_says(chat, "Sure! What time on Friday would you like?")
    answer = await chat.say("2pm")
    assert answer.args("find_slots")["when"] == "2026-05-15 14:00"
    assert answer.expects == ["email"]


async def test_the_choice_among_times_that_another_model_offered_is_understood() -> None:
    chat = Chat(FrontDesk(taken={"2026-05-12 09:00"}))
    _said(chat, "classic cut tomorrow at nine")
    result = _found(chat, "tomorrow at nine", date="2026-05-12", time="09:00")
    _other_model_calls(chat, "find_slots", {"service": "cut", "when": "tomorrow at nine"}, result)
    _other_model_says(chat, "Nine is taken, I'm afraid. I have 9:30, 10:00 or 10:30. Which one would you like?")
    answer = await chat.say("the last one")
    assert answer.args("find_slots")["when"] == "2026-05-12 10:30"


async def test_an_error_that_another_model_ran_into_is_not_the_end() -> None:
    chat = Chat()
    _said(chat, "classic cut tomorrow at 10")
    _other_model_calls(chat, "find_slots", {"service": "Classic", "when": "??"}, {"error": "There is no such service."})
    answer = await chat.go_on()
    assert answer.tools == ["find_slots"]
    assert answer.expects == ["name", "email"]
