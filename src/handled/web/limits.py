"""Rate limits at the door: per client, per session, per tenant, each configurable.

A queue of moments per caller, in this process. Where processes share a Redis it counts for all of them, and while it
does not, each process allows its share. These limits keep callers from wearing us out; what protects money, mail and
codes is counted in PostgreSQL.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, fields
from hashlib import blake2b
from math import ceil
from typing import Protocol

from handled.kit import clock, metrics
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


class SharedCounts(Protocol):
    async def count(self, key: str, amount: int, seconds: float) -> float | None:
        """As `kit.shared.Shared.count`."""
        ...


class Limiter:
    """`hit` raises the 429 of the first limit that is used up. `processes` is among how many the limits are divided
    while nobody counts for all of them."""

    def __init__(self, rates: Rates, shared: SharedCounts | None = None, *, processes: int = 1) -> None:
        self._rates = {each.name: _rate(getattr(rates, each.name)) for each in fields(rates)}
        self._hits: dict[tuple[str, ...], deque[float]] = {}
        self._swept_at = clock.monotonic()
        self._shared = shared
        self._processes = processes

    async def hit(self, limit: str, *who: str) -> None:
        amount, window = self._rates[limit]
        allowed = ceil(amount / self._processes)
        if self._shared is not None:
            # Whoever used up all of it here alone needs no second opinion, and an emptied Redis frees nobody.
            self._refuse_if(limit, self._seconds_left(limit, who, amount))
            waiting = await self._shared.count(_key(limit, who), amount, window)
            if waiting is not None:
                self._refuse_if(limit, waiting)
                allowed = amount
        self._refuse_if(limit, self._seconds_left(limit, who, allowed))
        self._hits.setdefault((limit, *who), deque()).append(clock.monotonic())

    def _seconds_left(self, limit: str, who: tuple[str, ...], amount: int) -> float:
        """Until this process has seen fewer than `amount` within the limit's time; 0 when that is so now."""
        now, window = clock.monotonic(), self._rates[limit][1]
        self._sweep(now)
        hits = self._hits.get((limit, *who), deque())
        while hits and hits[0] <= now - window:
            hits.popleft()
        return hits[len(hits) - amount] + window - now if len(hits) >= amount else 0

    @staticmethod
    def _refuse_if(limit: str, seconds: float) -> None:
        if seconds > 0:
            metrics.refusals.labels(limit).inc()
            rounded = ceil(seconds)
            message = f"That was a little fast. Please try again in {rounded} seconds."
            raise HandledError("too_many_requests", message, 429, retryAfter=rounded)

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


def _key(limit: str, who: tuple[str, ...]) -> str:
    """Neither addresses nor tokens are for others to read."""
    return f"count:{limit}:{blake2b(chr(0).join(who).encode(), digest_size=16).hexdigest()}"
