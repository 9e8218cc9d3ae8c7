"""Waking readers. A wake-up says only "look again": what there is to see is in the database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from contextlib import contextmanager


class Wakeups:
    """Who in this process waits for which topic. `closing`: the process is about to stop, so whoever would wait
    for ever must not."""

    def __init__(self) -> None:
        self.closing = False
        self._waiting: dict[str, set[asyncio.Event]] = {}
        self._announce: Callable[[str], None] | None = None

    @contextmanager
    def listening(self, topic: str) -> Generator[asyncio.Event]:
        """An event that is set whenever `topic` is woken while the block runs."""
        event = asyncio.Event()
        self._waiting.setdefault(topic, set()).add(event)
        try:
            yield event
        finally:
            waiting = self._waiting[topic]
            waiting.discard(event)
            if not waiting:
                del self._waiting[topic]

    def wake(self, topic: str) -> None:
        for event in self._waiting.get(topic, ()):
            event.set()

    def announce(self, topic: str) -> None:
        """Wake whoever waits for it here, and in other processes where something carries that to them. Those look by
        themselves now and then, so that nothing is lost where nothing does."""
        self.wake(topic)
        if self._announce is not None:
            self._announce(topic)

    def announce_through(self, announce: Callable[[str], None] | None) -> None:
        """What carries wake-ups to other processes from now on."""
        self._announce = announce

    def close(self) -> None:
        """Let everybody who waits look once more, and leave."""
        self.closing = True
        self.wake_all()

    def wake_all(self) -> None:
        """For when wake-ups may have been missed."""
        for topic in list(self._waiting):
            self.wake(topic)


async def wait(event: asyncio.Event, seconds: float) -> bool:
    """Wait for the event at most so long; True when it came. The event is cleared."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    event.clear()
    return True
