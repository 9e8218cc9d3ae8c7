"""A collector of traces that speaks OTLP over HTTP, and keeps what it is sent."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

TYPE = "application/x-protobuf"


@dataclass(frozen=True)
class Span:
    """`parent` and `id` as the collector got them; what was said of it as text."""

    name: str
    id: bytes
    parent: bytes
    facts: dict[str, str]
    is_error: bool
    said: str


@dataclass
class Collector:
    url: str = ""
    spans: list[Span] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)

    def named(self, name: str) -> list[Span]:
        return [each for each in self.spans if each.name == name]

    def above(self, span: Span) -> list[str]:
        """The names of the spans that it belongs to, the nearest first."""
        by_id = {each.id: each for each in self.spans}
        names: list[str] = []
        while span.parent in by_id:
            span = by_id[span.parent]
            names.append(span.name)
        return names

    def take(self, body: bytes) -> None:
        self.raw.append(body)
        request = ExportTraceServiceRequest.FromString(body)
        for group in (scope for each in request.resource_spans for scope in each.scope_spans):
            for each in group.spans:
                facts = {one.key: str(_value(one.value)) for one in each.attributes}
                said = " ".join([*(event.name for event in each.events), each.status.message])
                is_error = each.status.code == 2
                self.spans.append(Span(each.name, each.span_id, each.parent_span_id, facts, is_error, said.strip()))


def _value(value: object) -> object:
    return getattr(value, value.WhichOneof("value"))  # type: ignore[attr-defined]


@contextmanager
def collecting() -> Generator[Collector]:
    collector = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            assert (self.path, self.headers["content-type"]) == ("/v1/traces", TYPE)
            collector.take(gzip.decompress(body) if self.headers.get("content-encoding") == "gzip" else body)
            self.send_response(200)
            self.send_header("content-type", TYPE)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    collector.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield collector
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
