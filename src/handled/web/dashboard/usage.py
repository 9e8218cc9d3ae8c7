"""Usage: what the models used and cost, and what they may."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from handled.catalog.business import Business
from handled.kit import clock
from handled.usage import report
from handled.usage.budgets import limits_of
from handled.usage.report import DayUsed, Used
from handled.web.dashboard.charts import Chart, Line, chart, days_text, dollars
from handled.web.dashboard.deps import MemberDep
from handled.web.dashboard.ranges import CUSTOM, NAMED, Days, days_of
from handled.web.dashboard.rendering import show
from handled.web.dashboard.route import DashboardRoute

router = APIRouter(include_in_schema=False, prefix="/dashboard/usage", route_class=DashboardRoute)

HOME = "/dashboard/usage"


@dataclass(frozen=True, slots=True)
class Gauge:
    """How much of the day's limit is used: `used` and `reserved` in percent of it, up to 100 together."""

    label: str
    spent: str
    limit: str | None
    left: str | None
    used: int
    reserved: int
    tone: str


@router.get("")
async def usage_page(
    member: MemberDep,
    request: Request,
    range_: Annotated[str, Query(alias="range")] = "",
    from_: Annotated[str, Query(alias="from")] = "",
    to: str = "",
) -> HTMLResponse:
    business = member.business
    days = days_of(range_, from_, to, clock.now().astimezone(business.zone).date())
    async with member.session() as session:
        found = await report.by_day(session, business, days.first, days.last)
        today = await report.today(session, business)
        alerts = await report.alerts(session, business.id, days.first, days.last)
    limits = limits_of(business.budgets, member.desk.budgets)
    gauges = [_money_gauge(today, limits.per_day)]
    if today.unpriced_tokens or any(each.used.unpriced_calls for each in found):
        gauges.append(_token_gauge(today, limits.per_day_tokens))
    return show(
        request,
        "usage.html",
        status=422 if days.problems else 200,
        here="usage",
        path=HOME,
        days=days,
        ranges=NAMED,
        custom=CUSTOM,
        said=days_text(days.first, days.last, business.locale),
        total=report.total(each.used for each in found),
        models=_by_model(found),
        found=found[::-1],
        charts=_charts(business, days, found) if found else [],
        gauges=gauges,
        limits=limits,
        alerts=alerts,
        dollars=dollars,
    )


def _by_model(found: Sequence[DayUsed]) -> list[tuple[str, Used]]:
    models = sorted({each.model for each in found})
    together = [(model, report.total(each.used for each in found if each.model == model)) for model in models]
    return sorted(together, key=lambda each: -each[1].calls)


def _charts(business: Business, days: Days, found: Sequence[DayUsed]) -> list[Chart]:
    """Of unknown prices no cost is drawn, and none is made up."""
    count = (days.last - days.first).days + 1
    all_days = [days.first + timedelta(days=at) for at in range(count)]
    times = [(each, each) for each in all_days]
    models = [model for model, _ in _by_model(found)]
    used = {(each.date, each.model): each.used for each in found}

    def of(day: date, model: str) -> Used:
        return used.get((day, model), Used())

    tokens = [
        Line(model, [of(d, model).input_tokens + of(d, model).output_tokens for d in all_days]) for model in models
    ]
    costs = [
        Line(model, [None if (micros := of(d, model).cost_micros) is None else micros / 1_000_000 for d in all_days])
        for model in models
        if any(of(d, model).priced_micros for d in all_days)
    ]
    drawn = [chart("cost", "Cost by day", "dollars", times, costs, business.locale)] if costs else []
    return [*drawn, chart("tokens", "Tokens by day", "count", times, tokens, business.locale)]


def _money_gauge(today: report.Today, limit: int | None) -> Gauge:
    spent, reserved = today.spent_micros, today.reserved_micros
    left = None if limit is None else dollars(max(0, limit - spent - reserved))
    used = _percent(spent, limit)
    held = min(100 - used, _percent(reserved, limit))
    return Gauge("Spent today", dollars(spent) or "", dollars(limit), left, used, held, _tone(used))


def _token_gauge(today: report.Today, limit: int | None) -> Gauge:
    used = _percent(today.unpriced_tokens, limit)
    most, left = (None, None) if limit is None else (f"{limit:,}", f"{max(0, limit - today.unpriced_tokens):,}")
    label = "Tokens without a known price, today"
    return Gauge(label, f"{today.unpriced_tokens:,}", most, left, used, 0, _tone(used))


def _percent(part: int, whole: int | None) -> int:
    if whole is None:
        return 0
    return min(100, round(100 * part / whole)) if whole else 100


def _tone(percent: int) -> str:
    return "bad" if percent >= 100 else "warn" if percent >= 80 else ""
