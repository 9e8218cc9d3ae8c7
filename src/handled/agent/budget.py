"""Whether the language model may be asked once more, in this turn, conversation and day."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import orjson
from pydantic_ai.messages import ModelMessage
from pydantic_ai.models import Model

from handled.agent import instructions, tools
from handled.kit import clock, metrics
from handled.usage import budgets
from handled.usage.prices import most_micros

if TYPE_CHECKING:
    from handled.agent.turn import Run

logger = logging.getLogger(__name__)

# Of bytes: what we send is mostly English and JSON, with three to four of them in a token.
_BYTES_PER_TOKEN = 3
# What frames a part of a message, at most.
_PART_TOKENS = 12
# Estimates are rounded up, so that looking their price up is mostly remembering it.
_ROUND = 500
# Beyond the time that a turn may take, until what it had reserved is anybody's again.
_GRACE_SECONDS = 30.0


class BudgetSpentError(Exception):
    """The language model may not be asked any more. `limit` is `turn`, `conversation` or `day`."""

    def __init__(self, limit: str) -> None:
        super().__init__(limit)
        self.limit = limit


async def reserve(run: Run, model: Model, asked: Sequence[ModelMessage]) -> None:
    """Reserve the next call of `model`, before it is made. Raises BudgetSpentError."""
    limits = budgets.limits_of(run.business.budgets, run.agent.limits)
    given = _tokens_in(asked, run.business.pack, run.business.timezone)
    answered = int((model.settings or {}).get("max_tokens", 1024))
    cost = most_micros(f"{model.system}:{model.model_name}", given, answered)
    wanted = budgets.Wanted(
        tenant_id=run.business.id,
        conversation_id=run.turn.conversation_id,
        turn_id=run.turn.id,
        tokens=sum(each.input_tokens + each.output_tokens for each in run.calls) + given + answered,
        micros=None if cost is None else cost + sum(each.cost_micros or 0 for each in run.calls),
        calls=len(run.calls),
        seconds=run.agent.turn_seconds + _GRACE_SECONDS,
        finishing=run.finishing or run.shown.proposal is not None,
    )
    answer = await budgets.reserve(run.agent.engine, limits, wanted)
    if answer != "granted":
        logger.info("the budget of the %s is spent, the guided model goes on", answer)
        metrics.refusals.labels(f"budget_{answer}").inc()
        raise BudgetSpentError(answer)


def _tokens_in(asked: Sequence[ModelMessage], pack: str, timezone: str) -> int:
    """About how many tokens the request has, rather too many than too few."""
    parts = [part for message in asked for part in message.parts]
    now = instructions.dynamic_instructions(clock.now(), timezone)
    size = _size_of_what_stays(pack) + len(now.encode()) + sum(_size(part) for part in parts)
    tokens = size / _BYTES_PER_TOKEN + _PART_TOKENS * len(parts)
    return -(-int(tokens) // _ROUND) * _ROUND


def _size(part: Any) -> int:
    content = getattr(part, "content", None) or getattr(part, "args", None) or ""
    return len(content.encode() if isinstance(content, str) else orjson.dumps(content, default=str))


@cache
def _size_of_what_stays(pack: str) -> int:
    described = [
        [each.name, each.description, orjson.dumps(each.parameters_json_schema).decode()] for each in tools.DEFINITIONS
    ]
    return len(orjson.dumps(described)) + len(instructions.static_instructions(pack).encode())
