"""The guided model behind the interface of the library."""

from __future__ import annotations

from pydantic_ai import Agent
from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    PartDeltaEvent,
    PartStartEvent,
    TextPart,
    TextPartDelta,
    ToolCallPart,
    UserPromptPart,
)

from handled.agent.models.guided import GuidedModel
from tests.agent.guided.front_desk import NOW, PARAMETERS, FrontDesk, quoted


def _history(text: str) -> list[ModelMessage]:
    opening = UserPromptPart(content=quoted("business", FrontDesk().business()), timestamp=NOW)
    return [ModelRequest(parts=[opening, UserPromptPart(content=text, timestamp=NOW)])]


async def _streamed(text: str) -> tuple[list[str], object]:
    pieces: list[str] = []
    async with GuidedModel().request_stream(_history(text), None, PARAMETERS) as stream:
        async for event in stream:
            match event:
                case PartStartEvent(part=TextPart(content=content)):
                    pieces.append(content)
                case PartDeltaEvent(delta=TextPartDelta(content_delta=content)):
                    pieces.append(content)
                case _:
                    pass
        return pieces, stream.get()


async def test_text_comes_in_phrases_that_add_up_to_the_whole() -> None:
    pieces, response = await _streamed("Hi, what can you do?")
    whole = await GuidedModel().request(_history("Hi, what can you do?"), None, PARAMETERS)
    assert "".join(pieces) == whole.text == response.text  # pyright: ignore[reportAttributeAccessIssue]
    assert 1 < len(pieces) < len(str(whole.text).split())


async def test_the_response_that_ends_a_turn_says_what_it_expects() -> None:
    _, response = await _streamed("I want to book")
    details = response.provider_details  # pyright: ignore[reportAttributeAccessIssue]
    assert details["expects"] == ["service"]
    assert details["choices"][0] == {"label": "Beard trim", "send": "Beard trim"}
    assert (details["fallback"], details["resolved"]) == (False, False)


async def test_a_response_with_tool_calls_says_nothing_yet() -> None:
    response = await GuidedModel().request(_history("classic cut tomorrow"), None, PARAMETERS)
    assert [type(part) for part in response.parts] == [ToolCallPart]
    assert response.provider_details is None


async def test_a_cancelled_stream_closes_without_a_word() -> None:
    async with GuidedModel().request_stream(_history("hello"), None, PARAMETERS) as stream:
        await stream.cancel()
        assert stream.cancelled


async def test_it_costs_nothing() -> None:
    response = await GuidedModel().request(_history("hello"), None, PARAMETERS)
    assert response.usage.total_tokens == 0


async def test_it_runs_in_an_agent_of_the_library() -> None:
    result = await Agent(GuidedModel()).run("bye", message_history=_history("hello"))
    assert result.output
