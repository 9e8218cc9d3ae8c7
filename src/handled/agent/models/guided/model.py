"""The guided model as a model of the library: the same interface as any language model, no network behind it."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from pydantic_ai.messages import (
    ModelMessage,
    ModelResponse,
    ModelResponseStreamEvent,
    TextPart,
    ToolCallPart,
)
from pydantic_ai.models import Model, ModelRequestParameters, StreamedResponse
from pydantic_ai.settings import ModelSettings
from pydantic_ai.tools import RunContext
from pydantic_ai.usage import RequestUsage

from handled.agent.models.streams import OwnStream
from handled.kit import clock

from .decide import Decision, decide

MODEL_NAME = "guided"
_PHRASE = re.compile(r".+?(?:[.,:;!?](?=\s)\s*|\Z)", re.DOTALL)


class GuidedModel(Model[None]):
    """A deterministic dialogue model. Costs nothing, needs no key, and never fails on what it is given.

    It may call the tools it knows among those offered, and speaks once it has their answers. The response that ends a
    turn says in `provider_details` what it expects: {"expects": [...], "choices": [{"label", "send"}], "fallback",
    "resolved"}.
    """

    @property
    def model_name(self) -> str:
        return MODEL_NAME

    @property
    def system(self) -> str:
        return MODEL_NAME

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        decision = _decided(messages, model_request_parameters)
        parts = [ToolCallPart(call.tool, call.args, tool_call_id=call.call_id) for call in decision.calls]
        return ModelResponse(
            parts=parts or [TextPart(decision.text)],
            usage=RequestUsage(),
            model_name=MODEL_NAME,
            provider_name=MODEL_NAME,
            provider_details=details(decision),
            timestamp=clock.now(),
        )

    @asynccontextmanager
    async def request_stream(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
        run_context: RunContext[Any] | None = None,
    ) -> AsyncGenerator[StreamedResponse]:
        yield GuidedStream(
            model_request_parameters=model_request_parameters,
            name=MODEL_NAME,
            decision=_decided(messages, model_request_parameters),
        )


def details(decision: Decision) -> dict[str, Any] | None:
    """What the response says about itself; None while tools are being called."""
    if decision.reply is None:
        return None
    return {
        "expects": list(decision.reply.expects),
        "choices": [{"label": c.label, "send": c.send} for c in decision.reply.choices],
        "fallback": decision.reply.fallback,
        "resolved": decision.reply.resolved,
    }


def _decided(messages: list[ModelMessage], parameters: ModelRequestParameters) -> Decision:
    return decide(messages, frozenset(tool.name for tool in parameters.function_tools))


@dataclass
class GuidedStream(OwnStream):
    """A decision as a stream: tool calls whole, text in phrases."""

    system = MODEL_NAME
    decision: Decision = field(kw_only=True)

    def __post_init__(self) -> None:
        self.provider_details = details(self.decision)
        self.finish_reason = "tool_call" if self.decision.calls else "stop"

    async def _get_event_iterator(self) -> AsyncIterator[ModelResponseStreamEvent]:
        for n, call in enumerate(self.decision.calls):
            yield self._parts_manager.handle_tool_call_part(
                vendor_part_id=n, tool_name=call.tool, args=call.args, tool_call_id=call.call_id
            )
        for phrase in _PHRASE.findall(self.decision.text):
            for event in self._parts_manager.handle_text_delta(vendor_part_id="text", content=phrase):
                yield event

    async def close_stream(self) -> None:
        """Nothing is open."""
