"""Traces, if somebody wants them: spans of OpenTelemetry with ids and names in them, never what anybody wrote.

Nothing is loaded, and nothing done, until `set_up`. The tracer is ours alone: libraries that would trace by themselves
find none.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from handled.kit.errors import HandledError

if TYPE_CHECKING:
    from opentelemetry.trace import Span, Tracer

Value = str | int | float | bool
_EXPORT_SECONDS = 5

_tracer: Tracer | None = None


class Note:
    """What a span is told while it runs; nothing where nobody traces."""

    def __init__(self, span: Span | None) -> None:
        self._span = span

    def add(self, **facts: Value) -> None:
        if self._span is not None:
            self._span.set_attributes({f"handled.{name}": value for name, value in facts.items()})


_NOBODY = Note(None)


@contextmanager
def span(named: str, /, **facts: Value) -> Generator[Note]:
    """A span as long as the block runs; those that begin within it belong to it. What the block raises is known by
    its class alone."""
    if _tracer is None:
        yield _NOBODY
        return
    from opentelemetry.context import attach, detach
    from opentelemetry.trace import Status, StatusCode, set_span_in_context

    started = _tracer.start_span(named, attributes={f"handled.{key}": value for key, value in facts.items()})
    token = attach(set_span_in_context(started))
    try:
        yield Note(started)
    except BaseException as error:
        started.set_attribute("error.type", type(error).__name__)
        started.set_status(Status(StatusCode.ERROR))
        raise
    finally:
        detach(token)
        started.end()


def set_up(endpoint: str, service_version: str) -> Callable[[], None]:
    """Send spans to the collector at `endpoint` from now on, by OTLP over HTTP. Returns what ends that.

    Raises HandledError `no_tracing` when the libraries for it are not installed.
    """
    global _tracer  # noqa: PLW0603  a process traces or it does not
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        message = "HANDLED_OTLP_ENDPOINT needs the libraries of handled[tracing], which are not installed."
        raise HandledError("no_tracing", message) from None
    url = f"{endpoint.rstrip('/')}/v1/traces"
    provider = TracerProvider(
        resource=Resource({"service.name": "handled", "service.version": service_version}), shutdown_on_exit=False
    )
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=url, timeout=_EXPORT_SECONDS)))
    _tracer = provider.get_tracer("handled")

    def end() -> None:
        global _tracer  # noqa: PLW0603
        _tracer = None
        provider.shutdown()

    return end


def of(**facts: Any) -> dict[str, Value]:
    """Ids as a span takes them."""
    return {name: str(value) for name, value in facts.items()}
