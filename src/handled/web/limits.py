"""Rate limits at the door: per client, per session, per tenant, each configurable.

A queue of moments per caller, in this process.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, fields
from math import ceil

from handled.kit import clock
from handled.kit.errors import HandledError

SWEEP_SECONDS = 60.0
_SECONDS = {"second": 1.0, "minute": 60.0, "hour": 3600.0, "day": 86400.0}


@dataclass(frozen=True, slots=True)
class Rates:
    """How often something may be done, as in `20/minute`."""

    chat: str
    session: str
    tenant: str
    lookup: str


class Limiter:
    """Counts in this process. `hit` raises the 429 of the first limit that is used up."""

    def __init__(self, rates: Rates) -> None:
        self._rates = {each.name: _rate(getattr(rates, each.name)) for each in fields(rates)}
        self._hits: dict[tuple[str, ...], deque[float]] = {}
        self._swept_at = clock.monotonic()

    async def hit(self, limit: str, *who: str) -> None:
        now = clock.monotonic()
        self._sweep(now)
        amount, window = self._rates[limit]
        hits = self._hits.setdefault((limit, *who), deque())
        while hits and hits[0] <= now - window:
            hits.popleft()
        if len(hits) >= amount:
            seconds = max(1, ceil(hits[0] + window - now))
            message = f"That was a little fast. Please try again in {seconds} seconds."
            raise HandledError("too_many_requests", message, 429, retryAfter=seconds)
        hits.append(now)

    def _sweep(self, now: float) -> None:
        """Forget those who have not come for a while, so that strangers do not fill the memory."""
        if now - self._swept_at < SWEEP_SECONDS:
            return
        self._swept_at = now
        self._hits = {key: hits for key, hits in self._hits.items() if hits and hits[-1] > now - self._rates[key[0]][1]}


def _rate(text: str) -> tuple[int, float]:
    """`20/minute` as so many in so many seconds."""
    amount, _, unit = text.partition("/")
    return int(amount), _SECONDS[unit]
