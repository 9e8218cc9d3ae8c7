"""Analytics: what the conversations of some days came to, against the days before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from babel import Locale
from babel.dates import get_day_names
from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from handled.analytics import report as reports
from handled.catalog.business import Business
from handled.catalog.hours_text import time_text
from handled.kit import clock
from handled.kit.errors import HandledError
from handled.tenants import industry
from handled.web.dashboard import analytics_figures as figures
from handled.web.dashboard import analytics_trends
from handled.web.dashboard.charts import bucket_of, days_text
from handled.web.dashboard.deps import Member, MemberDep
from handled.web.dashboard.ranges import CUSTOM, NAMED, Days, days_of
from handled.web.dashboard.rendering import show
from handled.web.dashboard.route import DashboardRoute
from handled.web.tenant import analytics_views as views
from handled.web.tenant import sheets

router = APIRouter(include_in_schema=False, prefix="/dashboard/analytics", route_class=DashboardRoute)

HOME = "/dashboard/analytics"
_SHOWN = 10
_EXPORTS: tuple[tuple[views.Table, str], ...] = (
    ("periods", "Every day"),
    ("services", "Services"),
    ("hours", "Hours"),
    ("outcomes", "Outcomes"),
    ("models", "Models"),
    ("packs", "Packs"),
    ("channels", "Channels"),
    ("questions", "Questions"),
    ("times", "Times"),
)
_REASONS = {
    "taken": "taken",
    "closed": "closed",
    "notice": "too short notice",
    "past": "over already",
    "horizon": "too far ahead",
}


@dataclass(frozen=True, slots=True)
class Split:
    """Conversations by something: its `rows` are a label and their counts; `most` is the largest."""

    key: str
    title: str
    heading: str
    rows: list[tuple[str, dict[str, Any]]]

    @property
    def most(self) -> int:
        return max((row["conversations"] for _, row in self.rows), default=0) or 1


@router.get("")
async def analytics_page(
    member: MemberDep,
    request: Request,
    range_: Annotated[str, Query(alias="range")] = "",
    from_: Annotated[str, Query(alias="from")] = "",
    to: str = "",
) -> HTMLResponse:
    days, business = _asked(member, range_, from_, to), member.business
    async with member.session() as session:
        found = await reports.report(session, business, days.first, days.last, bucket_of(days.first, days.last))
        before = await reports.report(session, business, days.before_first, days.before_last, "month")
    tables = views.breakdowns(business, found)
    return show(
        request,
        "analytics.html",
        status=422 if days.problems else 200,
        here="analytics",
        path=HOME,
        days=days,
        ranges=NAMED,
        custom=CUSTOM,
        said=days_text(days.first, days.last, business.locale),
        said_before=days_text(days.before_first, days.before_last, business.locale),
        total=found.total,
        tiles=figures.tiles(business, found.total, before.total),
        charts=analytics_trends.trends(business, found.periods),
        funnel=figures.funnel(found.total),
        services=[each for each in tables["services"] if each["asked"]],
        hours=tables["hours"],
        busiest=max(each["conversations"] for each in tables["hours"]) or 1,
        hour_names=[time_text(hour * 60, business.locale) for hour in range(24)],
        splits=_splits(tables),
        questions=tables["questions"][:_SHOWN],
        times=_times(business, tables["times"][:_SHOWN]),
        exports=_EXPORTS,
    )


@router.get("/export")
async def export(
    member: MemberDep,
    table: views.Table = "periods",
    range_: Annotated[str, Query(alias="range")] = "",
    from_: Annotated[str, Query(alias="from")] = "",
    to: str = "",
) -> Response:
    """One table of the report as CSV."""
    days, business = _asked(member, range_, from_, to), member.business
    if days.problems:
        raise HandledError("invalid", "These days cannot be meant like that. Please choose them again.", 422)
    async with member.session() as session:
        found = await reports.report(session, business, days.first, days.last, "day")
    name = f"chat-{table}-{days.first}-{days.last}.csv"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(sheets.csv_of(views.table_of(business, found, table)), media_type="text/csv", headers=headers)


def _asked(member: Member, range_: str, from_: str, to: str) -> Days:
    return days_of(range_, from_, to, clock.now().astimezone(member.business.zone).date())


def _splits(tables: dict[str, list[dict[str, Any]]]) -> list[Split]:
    outcomes = {row["outcome"]: row for row in tables["outcomes"]}
    ordered = [(label, outcomes[key]) for key, label in figures.OUTCOMES.items() if key in outcomes]
    found = [
        Split("outcomes", "How they ended", "Outcome", ordered),
        Split("models", "Models", "Answered last by", [(_model(row["model"]), row) for row in tables["models"]]),
        Split("packs", "Industry packs", "Pack", [(_pack(row["pack"]), row) for row in tables["packs"]]),
        Split("channels", "Channels", "Channel", [(_words(row["channel"]), row) for row in tables["channels"]]),
    ]
    return [each for each in found if each.rows]


def _times(business: Business, times: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    names = get_day_names("wide", locale=Locale.parse(business.locale.replace("-", "_")))
    return [
        {
            "day": names[each["weekday"] - 1],
            "time": "any time" if each["hour"] is None else time_text(each["hour"] * 60, business.locale),
            "label": each["label"] or each["service"] or "–",
            "reason": _REASONS.get(each["reason"] or "", "nothing free"),
            "count": each["count"],
        }
        for each in times
    ]


def _model(name: str) -> str:
    return {"none": "no model (fixed sentences)", "guided:guided": "Guided (ours)"}.get(name, name)


def _pack(name: str) -> str:
    return industry.pack_of(name).label if name in industry.NAMES else _words(name)


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()
