"""Tasks that run beside something, and end with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager
from typing import Any


@asynccontextmanager
async def beside(coroutine: Coroutine[Any, Any, None]) -> AsyncGenerator[None]:
    """Run it as a task of its own while the block runs."""
    task = asyncio.create_task(coroutine)
    try:
        yield
    finally:
        await stop(task)


async def stop(task: asyncio.Task[Any]) -> None:
    """Cancel the task, and wait until it has ended."""
    while not task.done():
        # One cancellation may get lost: `asyncio.wait_for`, which libraries use, swallows it before Python 3.12 when
        # it comes at the moment of the result.
        task.cancel()
        await asyncio.wait([task], timeout=0.5)
