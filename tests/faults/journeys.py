"""What customers do, from one answer to the next: no request may take longer than its deadline, none may fail."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import uuid4

from tests.customers import Customer, Json

T = TypeVar("T")

# No answer may take longer, whatever has failed: the turn has two minutes, and the page shows that it is at work.
DEADLINE_SECONDS = 60.0


@dataclass
class Journeys:
    """Customers of one studio. `booked` and `cancelled` are the codes that the receipts have named."""

    url: str
    key: str
    booked: list[str] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)

    async def book(self, slot: str = "Tuesday at 3pm", deadline: float = DEADLINE_SECONDS) -> str:
        """Ask, be shown a preview, confirm. Answers the booking's code."""
        async with Customer.of(self.url, self.key) as customer:
            await self._in_time(customer.start(), deadline)
            message = f"haircut on {slot}, I am Kim Lee, kim@example.com"
            done = await self._in_time(customer.say(message, clientMessageId=str(uuid4())), deadline)
            confirmed = await self._in_time(customer.confirm(done["proposal"]), deadline)
            assert confirmed["receipt"]["kind"] == "booked", confirmed
            code = confirmed["booking"]["code"]
            self.booked.append(code)
            return code

    async def cancel(self, code: str, deadline: float = DEADLINE_SECONDS) -> None:
        """Somebody who comes back another time finds the booking, and cancels it."""
        async with Customer.of(self.url, self.key) as customer:
            await self._in_time(customer.start(), deadline)
            message = f"please cancel my booking {code}, my email is kim@example.com"
            done = await self._in_time(customer.say(message, clientMessageId=str(uuid4())), deadline)
            confirmed = await self._in_time(customer.confirm(done["proposal"]), deadline)
            assert confirmed["receipt"]["kind"] == "cancelled", confirmed
            self.cancelled.append(code)

    async def stream(self, message: str, deadline: float = DEADLINE_SECONDS) -> Json:
        """Ask for an answer as a stream; its `done`."""
        async with Customer.of(self.url, self.key) as customer:
            await self._in_time(customer.start(), deadline)
            events = await self._in_time(customer.stream(message), deadline)
            assert events[-1][1]["type"] == "done", events[-1]
            return events[-1][1]

    @staticmethod
    async def _in_time(answer: Coroutine[Any, Any, T], deadline: float) -> T:
        async with asyncio.timeout(deadline):
            return await answer
