"""What processes share in Redis, and may lose at any moment: a cache, counts, wake-ups. Nothing that matters is there.

Nobody waits for Redis longer than a quarter of a second, and nobody at all once it has failed three times in a row.
From then on every call answers None at once, until the listening connection has heard from it again.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast
from uuid import uuid4

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from handled.kit.tasks import beside, stop
from handled.kit.wakeups import Wakeups

logger = logging.getLogger(__name__)

PREFIX = "handled:"
_CHANNEL = f"{PREFIX}wake"
# Calls are over in a moment: a burst that waits for its turn on these is faster than one that opens more.
_CONNECTIONS = 8
# What a Redis that is not there, does not answer, or is none may raise.
_TROUBLE = (RedisError, OSError, TimeoutError, ValueError, EOFError)

# Redis's own clock and one atomic step: all processes count alike. Answers the milliseconds to wait; 0 was counted.
_COUNT = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local amount, window = tonumber(ARGV[1]), tonumber(ARGV[2])
local oldest = redis.call('LINDEX', KEYS[1], 0)
while oldest and tonumber(oldest) <= now - window do
  redis.call('LPOP', KEYS[1])
  oldest = redis.call('LINDEX', KEYS[1], 0)
end
if redis.call('LLEN', KEYS[1]) >= amount then
  return math.max(1, tonumber(oldest) + window - now)
end
redis.call('RPUSH', KEYS[1], now)
redis.call('PEXPIRE', KEYS[1], window)
return 0
"""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: for one call, between two looks at whether Redis is there; and how many failures in a row are enough."""

    call: float = 0.25
    look: float = 1.0
    failures: int = 3


PATIENCE = Patience()


class Shared:
    """One Redis, as one process uses it. `running` keeps it, and passes on what other processes announce."""

    def __init__(self, url: str, patience: Patience = PATIENCE) -> None:
        self.is_up = True
        self._patience = patience
        self._redis = Redis.from_pool(
            BlockingConnectionPool.from_url(
                url,
                max_connections=_CONNECTIONS,
                protocol=2,  # with driver_info: a new connection is of use after one round trip less, or three
                driver_info=None,
                timeout=patience.call,
                socket_timeout=patience.call,
                socket_connect_timeout=patience.call,
                retry=Retry(NoBackoff(), 0),
            )
        )
        self._failures = 0
        self._me = uuid4().hex
        self._announced: set[str] = set()
        self._announcing: asyncio.Task[None] | None = None

    async def get(self, key: str) -> bytes | None:
        """What was kept under this key, if it still is."""
        found = await self._try(self._redis.get, PREFIX + key)
        return found if isinstance(found, bytes) else None

    async def put(self, key: str, value: bytes, seconds: int) -> None:
        """Keep it so long, unless Redis needs the room."""
        await self._try(self._redis.set, PREFIX + key, value, ex=seconds)

    async def count(self, key: str, amount: int, seconds: float) -> float | None:
        """Count one, unless `amount` have been counted within that time: then how many seconds to wait, else 0. None
        when Redis did not count."""
        waiting = await self._try(self._redis.eval, _COUNT, 1, PREFIX + key, str(amount), str(round(seconds * 1000)))
        return waiting / 1000 if isinstance(waiting, int) else None

    def announce(self, topic: str) -> None:
        """Wake whoever waits for it in other processes, soon; nobody waits for that here."""
        if not self.is_up:
            return
        self._announced.add(topic)
        if self._announcing is None or self._announcing.done():
            self._announcing = asyncio.create_task(self._announce())

    @asynccontextmanager
    async def running(self, wakeups: Wakeups) -> AsyncGenerator[None]:
        """Hear what other processes announce while the block runs, and whether Redis is there."""
        wakeups.announce_through(self.announce)
        try:
            async with beside(self._listen(wakeups)):
                yield
        finally:
            wakeups.announce_through(None)
            if self._announcing is not None:
                await stop(self._announcing)
            with contextlib.suppress(*_TROUBLE):
                async with asyncio.timeout(self._patience.call):
                    await self._redis.aclose()

    async def _try(self, ask: Callable[..., Awaitable[Any]], *values: Any, **options: Any) -> Any | None:
        if not self.is_up:
            return None
        try:
            async with asyncio.timeout(self._patience.call):
                answer = await ask(*values, **options)
        except _TROUBLE as error:
            self._failed(error)
            return None
        self._failures = 0
        return answer

    def _failed(self, error: Exception) -> None:
        self._failures += 1
        if self.is_up and self._failures >= self._patience.failures:
            self.is_up = False
            logger.warning("Redis failed (%s), going on without it", type(error).__name__)

    def _heard(self) -> None:
        if not self.is_up:
            logger.warning("Redis answers again")
        self.is_up, self._failures = True, 0

    async def _announce(self) -> None:
        while self._announced and self.is_up:
            topics, self._announced = self._announced, set()
            pipeline = self._redis.pipeline(transaction=False)
            for topic in topics:
                pipeline.publish(_CHANNEL, f"{self._me} {topic}")
            await self._try(pipeline.execute)
        self._announced.clear()

    async def _listen(self, wakeups: Wakeups) -> None:
        """For ever. What was announced meanwhile is looked for when the connection is back."""
        while True:
            try:
                async with self._redis.pubsub() as channel:
                    async with asyncio.timeout(self._patience.look):
                        await channel.subscribe(_CHANNEL)
                    wakeups.wake_all()
                    await self._hear(channel, wakeups)
            except _TROUBLE as error:
                self._failures = max(self._failures, self._patience.failures - 1)
                self._failed(error)
            await asyncio.sleep(self._patience.look)

    async def _hear(self, channel: PubSub, wakeups: Wakeups) -> None:
        """Raises when Redis has been asked whether it is there, and has said nothing since."""
        asked = False
        while True:
            message = cast("dict[str, Any] | None", await channel.get_message(timeout=self._patience.look))
            if message is None:
                if asked:
                    raise TimeoutError
                asked = True
                async with asyncio.timeout(self._patience.call):
                    await channel.ping()
                continue
            asked = False
            self._heard()
            if message["type"] == "message":
                sender, _, topic = message["data"].decode().partition(" ")
                if sender != self._me:
                    wakeups.wake(topic)
