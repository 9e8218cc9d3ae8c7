"""Claude through the vendor's SDK.

The library has a class for this too. It knows everything that Claude can do, and asks about each of it before every
call; a conversation at the front desk needs text and tools, at half of the cost.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import orjson
from anthropic import APIStatusError, AsyncAnthropic, AsyncStream
from anthropic.types import (
    MessageParam,
    TextBlockParam,
    ToolParam,
)
from anthropic.types.message_create_params import MessageCreateParamsStreaming
from pydantic_ai.messages import (
    FinishReason,
    ModelMessage,
    ModelResponse,
    ModelResponseStreamEvent,
    TextPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)
from pydantic_ai.models import Model, ModelRequestParameters, StreamedResponse
from pydantic_ai.settings import ModelSettings
from pydantic_ai.tools import RunContext
from pydantic_ai.usage import RequestUsage

from handled.agent.models.calls import REFUSALS, ProviderTrouble
from handled.agent.models.streams import OwnStream

SYSTEM = "anthropic"
Event = dict[str, Any]
# What comes before it is kept by the provider for five minutes: tools and instructions, and the conversation so far.
_KEEP: Any = {"type": "ephemeral", "ttl": "5m"}
_FINISHED: dict[str, FinishReason] = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "tool_use": "tool_call",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "refusal": "content_filter",
}


class ClaudeModel(Model[AsyncAnthropic]):
    """A Claude by its name. It only streams."""

    def __init__(self, name: str, sdk: AsyncAnthropic, settings: ModelSettings) -> None:
        super().__init__(settings=settings)
        self._name = name
        self.client = sdk
        self._max_tokens = settings.get("max_tokens", 1024)

    @property
    def model_name(self) -> str:
        return self._name

    @property
    def system(self) -> str:
        return SYSTEM

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        async with self.request_stream(messages, model_settings, model_request_parameters) as stream:
            async for _ in stream:
                pass
            return stream.get()

    @asynccontextmanager
    async def request_stream(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
        run_context: RunContext[Any] | None = None,
    ) -> AsyncGenerator[StreamedResponse]:
        with _refusals_told():
            # What `messages.create` does, except that it walks through all that is sent twice, and makes an object of
            # each event.
            events = await self.client.post(
                "/v1/messages",
                content=orjson.dumps(self._request(messages, model_request_parameters)),
                cast_to=object,
                options={"headers": {"Content-Type": "application/json"}},
                stream=True,
                stream_cls=AsyncStream[object],
            )
        async with events:
            yield ClaudeStream(model_request_parameters=model_request_parameters, name=self._name, events=events)

    def _request(
        self, messages: list[ModelMessage], parameters: ModelRequestParameters
    ) -> MessageCreateParamsStreaming:
        return {
            "model": self._name,
            "max_tokens": self._max_tokens,
            "system": _instructions(parameters),
            "tools": _tools(parameters),
            "tool_choice": {"type": "auto"},
            "messages": [_message(each) for each in messages],
            "cache_control": _KEEP,
            "stream": True,
        }


@contextmanager
def _refusals_told() -> Generator[None]:
    try:
        yield
    except APIStatusError as error:
        kind = error.type or f"status_{error.status_code}"
        raise ProviderTrouble(kind, is_down=error.status_code not in REFUSALS) from error


def _instructions(parameters: ModelRequestParameters) -> list[TextBlockParam]:
    """What stays the same comes first."""
    parts = parameters.instruction_parts or []
    fixed: list[TextBlockParam] = [{"type": "text", "text": each.content} for each in parts if not each.dynamic]
    if fixed:
        fixed[-1]["cache_control"] = _KEEP
    return [*fixed, *({"type": "text", "text": each.content} for each in parts if each.dynamic)]


def _tools(parameters: ModelRequestParameters) -> list[ToolParam]:
    tools: list[ToolParam] = [
        {"name": each.name, "description": each.description or "", "input_schema": each.parameters_json_schema}
        for each in parameters.function_tools
    ]
    if tools:
        tools[-1]["cache_control"] = _KEEP
    return tools


def _message(message: ModelMessage) -> MessageParam:
    if isinstance(message, ModelResponse):
        return {"role": "assistant", "content": [block for part in message.parts if (block := _said(part))]}
    return {"role": "user", "content": [_told(part) for part in message.parts]}


def _said(part: object) -> Any:
    match part:
        case TextPart(content=text):
            return {"type": "text", "text": text} if text else None
        case ToolCallPart():
            return {"type": "tool_use", "id": part.tool_call_id, "name": part.tool_name, "input": part.args_as_dict()}
        case _:
            return None


def _told(part: object) -> Any:
    match part:
        case UserPromptPart(content=str(text)):
            return {"type": "text", "text": text}
        case ToolReturnPart(content=str(text)):
            content = [{"type": "text", "text": text}]
            return {"type": "tool_result", "tool_use_id": part.tool_call_id, "content": content, "is_error": False}
        case _:
            raise TypeError(f"a conversation has no {type(part).__name__}")


@dataclass
class ClaudeStream(OwnStream):
    """Claude's events as the library's: text as it comes, tool calls whole."""

    system = SYSTEM
    events: AsyncStream[object] = field(kw_only=True)

    async def _get_event_iterator(self) -> AsyncIterator[ModelResponseStreamEvent]:
        with _refusals_told():
            async for event in self._events():
                yield event

    async def _events(self) -> AsyncIterator[ModelResponseStreamEvent]:
        calls: dict[int, tuple[str, str, list[str]]] = {}
        async for each in self.events:
            match cast("Event", each):
                case {"type": "content_block_delta", "index": index, "delta": {"type": "text_delta", "text": text}}:
                    for part in self._parts_manager.handle_text_delta(vendor_part_id=index, content=text):
                        yield part
                case {"type": "content_block_delta", "index": index, "delta": {"partial_json": piece}}:
                    calls[index][2].append(piece)
                case {"type": "content_block_start", "index": index, "content_block": {"type": "tool_use", **block}}:
                    calls[index] = block["id"], block["name"], []
                case {"type": "content_block_stop", "index": index} if index in calls:
                    call_id, name, arguments = calls.pop(index)
                    yield self._parts_manager.handle_tool_call_part(
                        vendor_part_id=index, tool_name=name, args="".join(arguments), tool_call_id=call_id
                    )
                case {"type": "message_start", "message": {"usage": usage}}:
                    self._usage = _used(usage, self._usage)
                case {"type": "message_delta", "usage": usage, "delta": {"stop_reason": reason}}:
                    self._usage = _used(usage, self._usage)
                    self.provider_details = {"finish_reason": reason}
                    self.finish_reason = _FINISHED.get(reason or "")
                case _:
                    pass

    async def close_stream(self) -> None:
        await self.events.close()


def _used(now: Mapping[str, int | None], before: RequestUsage) -> RequestUsage:
    """The counts so far; an event repeats what it knows and leaves out the rest. Cached input is input too."""
    read = _known(now.get("cache_read_input_tokens"), before.cache_read_tokens)
    written = _known(now.get("cache_creation_input_tokens"), before.cache_write_tokens)
    fresh = _known(now.get("input_tokens"), before.input_tokens - before.cache_read_tokens - before.cache_write_tokens)
    return RequestUsage(
        input_tokens=fresh + read + written,
        cache_read_tokens=read,
        cache_write_tokens=written,
        output_tokens=_known(now.get("output_tokens"), before.output_tokens),
    )


def _known(count: int | None, before: int) -> int:
    return before if count is None else count
