"""What a twin is told to answer, and what goes wrong while it does."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field, replace
from typing import Any, Literal

Json = dict[str, Any]

How = Literal["error_event", "cut", "end", "hang", "garbage", "broken_utf8", "wait"]


@dataclass(frozen=True)
class Trouble:
    """What happens instead of the frame that would follow `after` others. `wait` goes on when `go_on` is set."""

    how: How
    after: int
    go_on: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(frozen=True)
class Used:
    """Tokens as the provider counts them: `fresh` ones are neither read from its cache nor written to it."""

    fresh: int = 100
    read: int = 0
    written: int = 0
    out: int = 20


@dataclass(frozen=True)
class Text:
    text: str
    piece: int = 6


@dataclass(frozen=True)
class Thinking:
    text: str


@dataclass(frozen=True)
class Call:
    """A tool call; `arguments` is sent as it is written, a few characters at a time."""

    name: str
    arguments: str
    id: str = ""
    piece: int = 7


Block = Text | Thinking | Call


@dataclass(frozen=True)
class Reply:
    """One answer. `chop` cuts its bytes into pieces of that size, wherever that falls."""

    blocks: tuple[Block, ...] = ()
    status: int = 200
    error: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    used: Used = Used()
    trouble: Trouble | None = None
    chop: int | None = None
    finish: str | None = None

    def but(self, **changes: Any) -> Reply:
        return replace(self, **changes)

    def then(self, how: How, after: int) -> Reply:
        return replace(self, trouble=Trouble(how, after))


def says(*parts: str | Block, **how: Any) -> Reply:
    """An answer of these blocks."""
    return Reply(tuple(Text(each) if isinstance(each, str) else each for each in parts), **how)


def calls(name: str, arguments: Json | str | None = None) -> Call:
    """A tool call with these arguments; a string is sent as it is, valid or not."""
    return Call(name, arguments if isinstance(arguments, str) else json.dumps(arguments or {}, ensure_ascii=False))


def refuses(status: int, error: str, **headers: str) -> Reply:
    """An error instead of an answer. The library asks once more; it is told not to wait long."""
    return Reply(status=status, error=error, headers={"retry-after-ms": "1"} | headers)


def silent() -> Reply:
    """Takes the request and says nothing."""
    return Reply(trouble=Trouble("hang", 0))
