"""Rate limits at the door: per client, per session, per tenant, each configurable."""

from __future__ import annotations

import time
from dataclasses import dataclass

from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from handled.kit.errors import HandledError


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
        self._window = MovingWindowRateLimiter(MemoryStorage())
        self._items = {name: parse(getattr(rates, name)) for name in ("chat", "session", "tenant", "lookup")}

    async def hit(self, limit: str, *who: str) -> None:
        item = self._items[limit]
        if not await self._window.hit(item, limit, *who):
            raise await self._used_up(item, limit, *who)

    async def _used_up(self, item: RateLimitItem, limit: str, *who: str) -> HandledError:
        stats = await self._window.get_window_stats(item, limit, *who)
        seconds = max(1, round(stats.reset_time - time.time()))
        message = f"That was a little fast. Please try again in {seconds} seconds."
        return HandledError("too_many_requests", message, 429, retryAfter=seconds)
