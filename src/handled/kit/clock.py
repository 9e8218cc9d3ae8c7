"""The one place that says what time it is.

A fixed clock (`HANDLED_NOW`) starts the whole installation at a given moment and then runs on from there.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

_shift = timedelta(0)


def start_at(moment: datetime) -> None:
    """Make `now()` answer `moment` (aware) from this call on, running forward in real time.

    Raises ValueError for a moment without offset.
    """
    global _shift  # noqa: PLW0603  one process, one clock
    if moment.tzinfo is None:
        raise ValueError("a fixed clock needs an offset, as in 2026-03-01T07:00:00-08:00")
    _shift = moment.astimezone(UTC) - datetime.now(UTC)


def run_free() -> None:
    """Undo `start_at`: follow the machine's clock again."""
    global _shift  # noqa: PLW0603
    _shift = timedelta(0)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC) + _shift


def monotonic() -> float:
    """Seconds on a clock that only measures durations; a fixed clock does not touch it."""
    return time.monotonic()


def machine_now() -> datetime:
    """What the machine's own clock says, for what other software compares with its own (the job queue)."""
    return datetime.now(UTC)
