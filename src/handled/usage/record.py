"""One usage record per model call."""

from __future__ import annotations

from dataclasses import dataclass
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


def add(session: AsyncSession, tenant_id: UUID, conversation_id: UUID, turn_id: UUID, calls: list[ModelCall]) -> None:
    """Write the calls of a turn down, in the transaction that ends it."""
    session.add_all(
        UsageRecord(
            tenant_id=tenant_id,
            id=ids.new_id(),
            conversation_id=conversation_id,
            turn_id=turn_id,
            model=call.model,
            outcome=call.outcome,
            input_tokens=call.input_tokens,
            output_tokens=call.output_tokens,
            cache_read_tokens=call.cache_read_tokens,
            cache_write_tokens=call.cache_write_tokens,
            cost_micros=call.cost_micros,
            duration_ms=call.duration_ms,
            first_token_ms=call.first_token_ms,
            created_at=clock.now(),
        )
        for call in calls
    )
