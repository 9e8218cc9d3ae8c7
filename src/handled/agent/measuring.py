"""What a turn tells whoever watches the installation: counts and times, by model and outcome."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from handled.conversations.turn_events import TurnStream
from handled.kit import clock, metrics, tracing

if TYPE_CHECKING:
    from handled.agent.turn import Run

_ENDS = ("done", "error")
_GUIDED = "guided"


@contextmanager
def turn(stream: TurnStream) -> Generator[list[Run]]:
    """Around one turn; whoever runs it puts the `Run` into the list once there is one."""
    began = clock.now()
    runs: list[Run] = []
    with tracing.span("turn", **tracing.of(tenant=stream.tenant_id, turn=stream.turn_id)) as note:
        try:
            yield runs
        finally:
            model, outcome = _model_of(runs), _outcome_of(stream)
            is_degraded = any(run.degraded for run in runs)
            note.add(model=model, outcome=outcome, degraded=is_degraded)
            _count(stream, began, model, outcome, is_degraded)


def _count(stream: TurnStream, began: datetime, model: str, outcome: str, is_degraded: bool) -> None:
    metrics.turns.labels(model, outcome, str(is_degraded).lower()).inc()
    metrics.turn_seconds.labels(model).observe((clock.now() - began).total_seconds())
    if stream.first_text_at is not None:
        metrics.first_text.labels(model).observe(max(0.0, (stream.first_text_at - began).total_seconds()))


def _model_of(runs: list[Run]) -> str:
    """The model that was meant to answer; whether it did is `degraded`."""
    primary = next((run.agent.primary for run in runs), None)
    return f"{primary.system}:{primary.model_name}" if primary else _GUIDED


def _outcome_of(stream: TurnStream) -> str:
    """`done` or `error`, as the turn's last event says; `taken_over` when somebody else has ended it."""
    last = stream.events[-1] if stream.events else ""
    return next((end for end in _ENDS if last.startswith(f'{{"type":"{end}"')), "taken_over")
