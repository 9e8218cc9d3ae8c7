"""One streamed call of a model, measured, with every way in which a provider can fail made one."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence

from pydantic_ai.direct import model_request_stream
from pydantic_ai.messages import (
    InstructionPart,
    ModelMessage,
    ModelResponse,
    PartDeltaEvent,
    PartStartEvent,
    TextPart,
    TextPartDelta,
)
from pydantic_ai.models import Model, ModelRequestParameters

from handled.agent import instructions, tools
from handled.agent.models.llm import SETTINGS
from handled.kit import clock
from handled.usage.record import ModelCall


class ProviderTrouble(Exception):
    """The model did not give a usable answer. `kind` is a short name for logs and usage records."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


async def stream_response(
    calls: list[ModelCall], model: Model, asked: Sequence[ModelMessage], timezone: str
) -> AsyncGenerator[str | ModelResponse]:
    """Text as it comes, then the whole response. The call is added to `calls`, also when it fails.

    Raises ProviderTrouble for whatever the provider or its library raise.
    """
    parameters = ModelRequestParameters(
        function_tools=tools.DEFINITIONS,
        instruction_parts=[
            InstructionPart(content=instructions.static_instructions()),
            InstructionPart(
                content=instructions.dynamic_instructions(clock.now(), timezone), dynamic=True
            ),
        ],
    )
    started, first_text, outcome = clock.monotonic(), None, "ok"
    response: ModelResponse | None = None
    try:
        async with model_request_stream(
            model, asked, model_settings=SETTINGS, model_request_parameters=parameters
        ) as stream:
            async for event in stream:
                text = _text_of(event)
                if text:
                    first_text = first_text or clock.monotonic()
                    yield text
            response = stream.get()
        yield response
    except Exception as error:
        outcome = type(error).__name__
        raise ProviderTrouble(outcome) from error
    finally:
        calls.append(_measured(model, response, outcome, started, first_text))


def _text_of(event: object) -> str:
    if isinstance(event, PartDeltaEvent) and isinstance(event.delta, TextPartDelta):
        return event.delta.content_delta
    if isinstance(event, PartStartEvent) and isinstance(event.part, TextPart):
        return event.part.content
    return ""


def _measured(
    model: Model, response: ModelResponse | None, outcome: str, started: float, first_text: float | None
) -> ModelCall:
    used = response.usage if response else None
    return ModelCall(
        model=f"{model.system}:{model.model_name}",
        outcome=outcome,
        input_tokens=used.input_tokens if used else 0,
        output_tokens=used.output_tokens if used else 0,
        cache_read_tokens=used.cache_read_tokens if used else 0,
        cache_write_tokens=used.cache_write_tokens if used else 0,
        duration_ms=round((clock.monotonic() - started) * 1000),
        first_token_ms=round((first_text - started) * 1000) if first_text else None,
    )
