"""What is counted and timed, for Prometheus. No label names a business or a person.

Where several processes serve together, whoever starts them names a folder (`shared_in`) in which they count together.
That is decided by the environment before this module is loaded.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    multiprocess,
    start_http_server,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily

from handled.kit.errors import HandledError

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
_FOLDER = "PROMETHEUS_MULTIPROC_DIR"

disable_created_metrics()
_registry = CollectorRegistry()
if _FOLDER not in os.environ:
    ProcessCollector(registry=_registry)

_QUICK = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_SLOW = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 8.0, 13.0, 20.0, 30.0, 60.0, 120.0)

requests = Counter("handled_http_requests", "Requests answered", ["method", "route", "status"], registry=_registry)
request_seconds = Histogram(
    "handled_http_request_seconds",
    "Until the answer began",
    ["method", "route"],
    buckets=_QUICK,
    registry=_registry,
)
open_streams = Gauge(
    "handled_open_streams", "Event streams that are being read", registry=_registry, multiprocess_mode="livesum"
)
turns = Counter("handled_turns", "Turns ended", ["model", "outcome", "degraded"], registry=_registry)
first_text = Histogram(
    "handled_turn_first_text_seconds",
    "From the beginning of a turn to its first words",
    ["model"],
    buckets=_SLOW,
    registry=_registry,
)
turn_seconds = Histogram(
    "handled_turn_seconds", "From the beginning of a turn to its end", ["model"], buckets=_SLOW, registry=_registry
)
model_calls = Counter("handled_model_calls", "Calls of a model", ["model", "outcome"], registry=_registry)
model_seconds = Histogram(
    "handled_model_call_seconds", "How long calls of a model took", ["model"], buckets=_SLOW, registry=_registry
)
tool_calls = Counter("handled_tool_calls", "Tools that the agent used", ["tool", "outcome"], registry=_registry)
jobs = Counter("handled_jobs", "Jobs run", ["job", "outcome"], registry=_registry)
job_seconds = Histogram("handled_job_seconds", "How long jobs took", ["job"], buckets=_SLOW, registry=_registry)
bookings = Counter("handled_bookings", "What happened to bookings", ["transition"], registry=_registry)
webhooks = Counter("handled_webhooks", "What gateways told us", ["source", "outcome"], registry=_registry)
mails = Counter("handled_mails", "Mails, each time one was tried", ["kind", "outcome"], registry=_registry)
refusals = Counter("handled_limit_refusals", "Whom a limit turned away", ["limit"], registry=_registry)
gateway_calls = Counter("handled_gateway_calls", "Calls of a payment gateway", ["outcome"], registry=_registry)


def gauge(name: str, explained: str, label: str | None, values: dict[str, float]) -> GaugeMetricFamily:
    """A figure that was just looked up, one value for each value of `label`; without a label there is one, under ''."""
    family = GaugeMetricFamily(name, explained, labels=[label] if label else [])
    for each, value in values.items():
        family.add_metric([each] if label else [], value)
    return family


class _LookedUp:
    def __init__(self, families: list[GaugeMetricFamily]) -> None:
        self._families = families

    def collect(self) -> list[GaugeMetricFamily]:
        return self._families


def render(looked_up: list[GaugeMetricFamily]) -> bytes:
    """Everything, as Prometheus reads it."""
    registry = _registry
    if _FOLDER in os.environ:
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)
    other = CollectorRegistry()
    other.register(_LookedUp(looked_up))
    return generate_latest(registry) + generate_latest(other)


def serve_here(port: int) -> Callable[[], None]:
    """Answer `/metrics` on that port, to this machine alone: for a process that answers nothing else. Returns what
    ends that. Raises HandledError `port_taken`."""
    try:
        server, thread = start_http_server(port, "127.0.0.1", _registry)
    except OSError as problem:
        raise HandledError("port_taken", f"Port {port} of HANDLED_METRICS_PORT is in use.") from problem

    def end() -> None:
        server.shutdown()
        server.server_close()
        thread.join()

    return end


def shared_in(folder: Path) -> dict[str, str]:
    """The environment that tells processes to count in that folder together."""
    return {_FOLDER: str(folder)}


def process_ended(folder: Path, pid: int) -> None:
    """What a process had open counts no longer; what it has counted stays."""
    for left in folder.glob(f"gauge_live*_{pid}.db"):
        left.unlink(missing_ok=True)
