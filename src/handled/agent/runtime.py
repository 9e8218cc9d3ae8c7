"""What a turn runs with: put together once by the composition roots."""

from __future__ import annotations

from dataclasses import dataclass, field

from pydantic_ai.models import Model
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.agent.models import llm
from handled.agent.models.breaker import Breaker
from handled.conversations.turn_events import TurnStreams
from handled.usage.budgets import Limits


@dataclass(slots=True)
class AgentRuntime:
    """`primary` is the language model, if one is configured; `guided` answers whenever it does not.
    `runner` is this process's number, by which others know whether it lives. A turn may take `turn_seconds`, of which
    the language model gets `model_seconds`: what is left is for the guided one. `limits` are on what the language
    model may use, for businesses that have set none."""

    engine: AsyncEngine
    streams: TurnStreams
    runner: int
    guided: Model
    primary: Model | None = None
    breaker: Breaker = field(default_factory=Breaker)
    limits: Limits = field(default_factory=Limits)
    turn_seconds: float = 120.0
    model_seconds: float = 90.0

    async def close(self) -> None:
        """Hang up on the model's provider."""
        if self.primary is not None:
            await llm.close(self.primary)
