"""Models of our own making in the place of the language model: real classes of the library, told what to say."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from pydantic_ai.messages import ModelMessage, ModelResponse, ModelResponseStreamEvent, ToolReturnPart, UserPromptPart
from pydantic_ai.models import Model, ModelRequestParameters, StreamedResponse
from pydantic_ai.settings import ModelSettings
from pydantic_ai.tools import RunContext
from pydantic_ai.usage import RequestUsage

from handled.agent.models.breaker import Breaker
from handled.kit import clock
from handled.settings import Settings

ToolCall = tuple[str, Any]


@dataclass(frozen=True)
class Say:
    """One response: text in these pieces, then these tool calls."""

    pieces: Sequence[str] = ()
    calls: Sequence[ToolCall] = ()


@dataclass(frozen=True)
class Asked:
    """What a model was given for one response."""

    messages: list[ModelMessage]
    parameters: ModelRequestParameters

    @property
    def instructions(self) -> str:
        return "\n".join(part.content for part in self.parameters.instruction_parts or [])

    @property
    def prompts(self) -> list[str]:
        """Every text that is not ours to vouch for: what customers, tenants and tools said."""
        parts = [part for message in self.messages for part in message.parts]
        return [str(part.content) for part in parts if isinstance(part, UserPromptPart | ToolReturnPart)]

    @property
    def returns(self) -> list[ToolReturnPart]:
        """What the tools answered to the latest response."""
        return [part for part in self.messages[-1].parts if isinstance(part, ToolReturnPart)]

    @property
    def question(self) -> str:
        """The customer's latest words."""
        said = [part for message in self.messages for part in message.parts if isinstance(part, UserPromptPart)]
        return str(said[-1].content)


Script = Callable[[Asked], Say]


class ScriptedModel(Model[None]):
    """Says whatever its script says. The script may be exchanged at any time."""

    def __init__(self, script: Script) -> None:
        super().__init__()
        self.script = script
        self.asked: list[Asked] = []
        self.keep_asked = False

    @property
    def model_name(self) -> str:
        return "scripted"

    @property
    def system(self) -> str:
        return "test"

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        raise NotImplementedError

    @asynccontextmanager
    async def request_stream(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
        run_context: RunContext[Any] | None = None,
    ) -> AsyncGenerator[StreamedResponse]:
        asked = Asked(messages, model_request_parameters)
        if self.keep_asked:
            self.asked.append(asked)
        yield _Stream(model_request_parameters=model_request_parameters, say=self.script(asked))


@dataclass
class _Stream(StreamedResponse):
    say: Say = field(kw_only=True)
    _at: datetime = field(default_factory=clock.now, init=False)

    def __post_init__(self) -> None:
        self.finish_reason = "tool_call" if self.say.calls else "stop"

    async def _get_event_iterator(self) -> AsyncIterator[ModelResponseStreamEvent]:
        for piece in self.say.pieces:
            for event in self._parts_manager.handle_text_delta(vendor_part_id="text", content=piece):
                yield event
        for n, (name, arguments) in enumerate(self.say.calls):
            # As providers send them: as text.
            arguments = json.dumps(arguments) if isinstance(arguments, dict) else arguments
            yield self._parts_manager.handle_tool_call_part(vendor_part_id=n, tool_name=name, args=arguments)
        self._usage = RequestUsage(input_tokens=1, output_tokens=1)

    async def close_stream(self) -> None:
        """Nothing is open."""

    @property
    def model_name(self) -> str:
        return "scripted"

    @property
    def provider_name(self) -> str:
        return "test"

    @property
    def provider_url(self) -> None:
        return None

    @property
    def timestamp(self) -> datetime:
        return self._at


def installed(monkeypatch: pytest.MonkeyPatch, settings: Settings, script: Script) -> tuple[ScriptedModel, Settings]:
    """A scripted model, and settings with which the application takes it for its language model."""
    model = ScriptedModel(script)
    monkeypatch.setattr("handled.agent.models.llm.create_model", lambda *_, **__: model)
    # Turns must reach this model and no other, whatever it did before.
    monkeypatch.setattr(Breaker, "allows", lambda _: True)
    return model, settings.model_copy(update={"model": "openai:scripted"})
