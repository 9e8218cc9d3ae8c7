"""What language models may use: reserved before each call, settled when a turn is written down.

The counting is PostgreSQL's (`reserve_budget` and the trigger `settle_budget`), so that no number of processes can
spend more than was left. A reservation expires; one of a process that has died is free again then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from handled.db.calls import call
from handled.kit import clock

NONE = "none"
# In percent of a limit: the last tenth is kept for conversations in which a proposal waits for its yes.
USUAL_SHARE, WHOLE_SHARE = 90, 100

Answer = Literal["granted", "day", "conversation", "turn"]

_RESERVE = "select reserve_budget(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"


@dataclass(frozen=True, slots=True)
class Limits:
    """At most so much of language models in a local day of the business, a conversation, and a turn. Money is in
    micro-dollars; tokens count in its place where a model's price is not known. None is no limit."""

    per_day: int | None = 5_000_000
    per_conversation: int | None = 500_000
    per_day_tokens: int | None = 5_000_000
    per_conversation_tokens: int | None = 500_000
    per_turn_tokens: int | None = 200_000
    per_turn_calls: int | None = 8


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a turn will have used when its next call has ended. `micros` is None when the price is not known.
    `calls` are those that it has made. Whoever is `finishing` may use what is kept for that."""

    tenant_id: UUID
    conversation_id: UUID
    turn_id: UUID
    tokens: int
    micros: int | None
    calls: int
    seconds: float
    finishing: bool


def limits_of(own: Mapping[str, Any], defaults: Limits) -> Limits:
    """The limits of a business: its own where it has set one (`"none"` takes the limit away), else the
    installation's."""
    if not own:
        return defaults
    known = {each.name for each in fields(Limits)}
    return replace(defaults, **{name: None if value == NONE else value for name, value in own.items() if name in known})


async def reserve(engine: AsyncEngine, limits: Limits, wanted: Wanted) -> Answer:
    """Reserve what is wanted, or say which limit stands against it. One statement, and none when nothing has a
    limit."""
    if limits.per_turn_calls is not None and wanted.calls >= limits.per_turn_calls:
        return "turn"
    if limits.per_turn_tokens is not None and wanted.tokens > limits.per_turn_tokens:
        return "turn"
    unpriced = wanted.micros is None
    of_money = (limits.per_day, limits.per_conversation)
    of_tokens = (limits.per_day_tokens, limits.per_conversation_tokens)
    if all(each is None for each in (of_tokens if unpriced else of_money)):
        return "granted"
    now = clock.now()
    row = await call(
        engine,
        _RESERVE,
        wanted.tenant_id,
        wanted.conversation_id,
        wanted.turn_id,
        wanted.micros or 0,
        wanted.tokens if unpriced else 0,
        limits.per_day,
        limits.per_day_tokens,
        limits.per_conversation,
        limits.per_conversation_tokens,
        WHOLE_SHARE if wanted.finishing else USUAL_SHARE,
        now + timedelta(seconds=wanted.seconds),
        now,
    )
    return row[0] if row else "day"
