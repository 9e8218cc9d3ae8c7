"""What the models used and cost, for the business to see."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from handled.kit import clock
from handled.usage import report
from handled.usage.budgets import limits_of
from handled.usage.report import Used
from handled.web.public.schemas import Wire
from handled.web.tenant.days import Day, range_of
from handled.web.tenant.deps import StaffDep, refusals

router = APIRouter(tags=["business"])


class UsedOut(Wire):
    """`inputTokens` are all that went in, cached ones included. `costMicros` is null when the price of any of the
    calls is not known; `pricedMicros` is what those with a known price cost."""

    calls: int
    failed_calls: int
    input_tokens: int
    output_tokens: int
    cache_read_tokens: int
    cache_write_tokens: int
    cost_micros: int | None
    priced_micros: int
    unpriced_calls: int


class DayOut(UsedOut):
    date: date
    model: str


class BudgetOut(Wire):
    """The budget of the present day and its limits; null is no limit. `reservedMicros` is for turns under way.
    `reachedPercent` is 0, 80 or 100. Tokens count for calls whose price is not known."""

    date: date
    spent_today_micros: int
    reserved_micros: int
    unpriced_tokens_today: int
    reached_percent: int
    per_day_micros: int | None
    per_conversation_micros: int | None
    per_day_tokens: int | None
    per_conversation_tokens: int | None
    per_turn_tokens: int | None
    per_turn_calls: int | None


class UsageOut(Wire):
    """Both dates are included; days and models without calls are left out. Money is in millionths of a US dollar."""

    from_: date = Field(alias="from")
    to: date
    timezone: str
    days: list[DayOut]
    totals: UsedOut
    budget: BudgetOut


@router.get("/usage", response_model=UsageOut, responses=refusals())
async def get_usage(
    staff: StaffDep,
    from_: Annotated[Day | None, Query(alias="from")] = None,
    to: Day | None = None,
) -> dict[str, Any]:
    """Calls, tokens and cost of the models by local day and model. Without `to` until today, without `from` the 30
    days up to `to`; at most 366 days."""
    async with staff.session() as (session, business):
        first, last = range_of(from_, to, clock.now().astimezone(business.zone).date())
        found = await report.by_day(session, business, first, last)
        day = await report.today(session, business)
    limits = limits_of(business.budgets, staff.desk.budgets)
    return {
        "from": first,
        "to": last,
        "timezone": business.timezone,
        "days": [{"date": each.date, "model": each.model, **_used(each.used)} for each in found],
        "totals": _used(report.total(each.used for each in found)),
        "budget": {
            "date": day.date,
            "spent_today_micros": day.spent_micros,
            "reserved_micros": day.reserved_micros,
            "unpriced_tokens_today": day.unpriced_tokens,
            "reached_percent": day.reached,
            "per_day_micros": limits.per_day,
            "per_conversation_micros": limits.per_conversation,
            "per_day_tokens": limits.per_day_tokens,
            "per_conversation_tokens": limits.per_conversation_tokens,
            "per_turn_tokens": limits.per_turn_tokens,
            "per_turn_calls": limits.per_turn_calls,
        },
    }


def _used(used: Used) -> dict[str, Any]:
    return {**asdict(used), "cost_micros": used.cost_micros}
