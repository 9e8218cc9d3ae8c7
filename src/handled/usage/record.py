"""One usage record per model call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from handled.kit import clock, ids
from handled.tables import UsageRecord
from handled.usage.prices import cost_micros


@dataclass(frozen=True, slots=True)
class ModelCall:
    """What one call used. `model` is `provider:name`; `outcome` is `ok` or a kind of failure."""

    model: str
    outcome: str
    input_tokens: int
    output_tokens: int
    cache_read_tokens: int
    cache_write_tokens: int
    duration_ms: int
    first_token_ms: int | None

    @property
    def cost_micros(self) -> int | None:
        return cost_micros(
            self.model,
            input_tokens=self.input_tokens,
            output_tokens=self.output_tokens,
            cache_read_tokens=self.cache_read_tokens,
            cache_write_tokens=self.cache_write_tokens,
        )


def rows(tenant_id: UUID, conversation_id: UUID, turn_id: UUID, calls: Sequence[ModelCall]) -> list[dict[str, Any]]:
    """The calls of a turn as rows of `usage_records`."""
    return [
        {
            "tenant_id": tenant_id,
            "id": ids.new_id(),
            "conversation_id": conversation_id,
            "turn_id": turn_id,
            **asdict(call),
            "cost_micros": call.cost_micros,
            "created_at": clock.now(),
        }
        for call in calls
    ]


def add(
    session: AsyncSession, tenant_id: UUID, conversation_id: UUID, turn_id: UUID, calls: Sequence[ModelCall]
) -> None:
    """Write the calls of a turn down, in the transaction that ends it."""
    session.add_all(UsageRecord(**row) for row in rows(tenant_id, conversation_id, turn_id, calls))
