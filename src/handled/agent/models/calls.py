"""One streamed call of a model, measured, with every way in which a provider can fail made one."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Sequence

from pydantic_ai.direct import model_request_stream
from pydantic_ai.exceptions import ModelHTTPError
from pydantic_ai.messages import (
    InstructionPart,
    ModelMessage,
    ModelResponse,
    PartDeltaEvent,
    PartStartEvent,
    TextPart,
    TextPartDelta,
)
from pydantic_ai.models import Model, ModelRequestParameters, StreamedResponse

from handled.agent import instructions, tools
from handled.kit import clock, metrics
from handled.usage.record import ModelCall

# What a provider answers when it is this one request that it will not take.
REFUSALS = frozenset({400, 413, 422})
# PostgreSQL has no place for NUL, UTF-8 none for half a surrogate pair.
_UNREADABLE = re.compile("[\x00\ud800-\udfff]")


class ProviderTrouble(Exception):
    """The model did not give a usable answer. `kind` is a short name for logs and usage records; `is_down` says
    that the next conversation would fare no better."""

    def __init__(self, kind: str, *, is_down: bool = False) -> None:
        super().__init__(kind)
        self.kind = kind
        self.is_down = is_down


async def stream_response(
    calls: list[ModelCall], model: Model, asked: Sequence[ModelMessage], pack: str, timezone: str
) -> AsyncGenerator[str | ModelResponse]:
    """Text as it comes, then the whole response. The call is added to `calls`, also when it fails.

    Raises ProviderTrouble for whatever the provider or its library raise.
    """
    started, first_text, outcome = clock.monotonic(), None, "interrupted"
    stream: StreamedResponse | None = None
    try:
        async with model_request_stream(model, asked, model_request_parameters=_parameters(pack, timezone)) as stream:
            async for event in stream:
                if text := _UNREADABLE.sub("", _text_of(event)):
                    first_text = first_text or clock.monotonic()
                    yield text
            response = stream.get()
        if response.finish_reason is None:
            raise ProviderTrouble("cut_off", is_down=True)
        outcome = "ok"
        yield response
    except ProviderTrouble as trouble:
        outcome = trouble.kind
        raise
    except Exception as error:
        outcome = type(error).__name__
        refused = isinstance(error, ModelHTTPError) and error.status_code in REFUSALS
        raise ProviderTrouble(outcome, is_down=not refused) from error
    finally:
        measured = _measured(model, stream, outcome, started, first_text)
        calls.append(measured)
        metrics.model_calls.labels(measured.model, outcome).inc()
        metrics.model_seconds.labels(measured.model).observe(measured.duration_ms / 1000)


def _parameters(pack: str, timezone: str) -> ModelRequestParameters:
    now = instructions.dynamic_instructions(clock.now(), timezone)
    return ModelRequestParameters(
        function_tools=tools.DEFINITIONS,
        instruction_parts=[
            InstructionPart(content=instructions.static_instructions(pack)),
            InstructionPart(content=now, dynamic=True),
        ],
    )


def _text_of(event: object) -> str:
    if isinstance(event, PartDeltaEvent) and isinstance(event.delta, TextPartDelta):
        return event.delta.content_delta
    if isinstance(event, PartStartEvent) and isinstance(event.part, TextPart):
        return event.part.content
    return ""


def _measured(
    model: Model, stream: StreamedResponse | None, outcome: str, started: float, first_text: float | None
) -> ModelCall:
    # What a broken answer used up to then is charged too.
    used = stream.usage if stream else None
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
