"""Waiting for what happens in its own time. Nothing else in the tests sleeps."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar, cast, overload

T = TypeVar("T")

PAUSE = 0.03


@overload
async def until(
    condition: Callable[[], Awaitable[T | None]], *, within: float = 20.0, what: str = "what was waited for"
) -> T: ...


@overload
async def until(condition: Callable[[], T | None], *, within: float = 20.0, what: str = "what was waited for") -> T: ...


async def until(condition: Callable[[], object], *, within: float = 20.0, what: str = "what was waited for") -> object:
    """The first truthy value of `condition`, which is asked again and again for `within` seconds of real time.

    A coroutine function is awaited, and cut short when its time is up. Raises `AssertionError` naming `what` and the
    last value.
    """
    __tracebackhide__ = True
    value: object = None
    deadline = asyncio.timeout(within)
    try:
        async with deadline:
            while True:
                value = condition()
                if inspect.isawaitable(value):
                    value, coming = None, cast("Awaitable[object]", value)
                    value = await coming
                if value:
                    return value
                await asyncio.sleep(PAUSE)
    except TimeoutError as error:
        if not deadline.expired():
            raise
        raise AssertionError(_too_late(what, within, value)) from error


def until_sync(condition: Callable[[], T | None], *, within: float = 20.0, what: str = "what was waited for") -> T:
    """`until` for code without an event loop."""
    __tracebackhide__ = True
    deadline = time.monotonic() + within
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(_too_late(what, within, value))
        time.sleep(PAUSE)


def _too_late(what: str, within: float, value: object) -> str:
    return f"not within {within:g} s: {what}; last seen: {value!r}"
