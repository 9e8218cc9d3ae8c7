"""Gaps: what customers asked and nobody answered, and the times that they wanted and could not have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from babel import Locale
from babel.dates import get_day_names
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from handled.analytics import gaps, report
from handled.analytics.queries import Figures
from handled.catalog.business import Business
from handled.catalog.hours_text import time_text
from handled.conversations.messages import not_found
from handled.kit import clock
from handled.web.dashboard.catalog import HOME
from handled.web.dashboard.catalog_editing import form_of
from handled.web.dashboard.deps import MemberDep, OwnerDep
from handled.web.dashboard.rendering import show
from handled.web.dashboard.route import DashboardRoute

router = APIRouter(include_in_schema=False, prefix=f"{HOME}/gaps", route_class=DashboardRoute)

PAGE = f"{HOME}/gaps"
_DAYS_BACK = 90
_SHOWN = 50
_SHADES = 5
_DONE = {
    "answered": "Thank you. Customers who ask that get your answer from now on.",
    "dismissed": "Dismissed. It will not be shown again.",
}
_REASONS = {
    "taken": "already taken",
    "closed": "closed",
    "notice": "too short notice",
    "horizon": "too far ahead",
    "none": "nothing free",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """`shade` from 0 (nobody) to 5 (the most)."""

    count: int
    shade: int


@dataclass(frozen=True, slots=True)
class Heat:
    """How often times were wanted in vain, by weekday and hour; the last column is of days without a time of day."""

    columns: list[str]
    rows: list[tuple[str, list[Cell]]]
    reasons: list[tuple[str, int]]
    total: int


@router.get("")
async def gaps_page(member: MemberDep, request: Request, service: str = "", done: str = "") -> HTMLResponse:
    business = member.business
    today = clock.now().astimezone(business.zone).date()
    async with member.session() as session:
        found = await gaps.list_gaps(session, member.tenant_id)
        days = await report.by_day(session, business, today - timedelta(days=_DAYS_BACK - 1), today)
    missed = _missed(days)
    wanted = Counter[str]()
    for (key, *_), count in missed.items():
        wanted[key] += count
    names = {each.key: each.name for each in business.services} | {"-": "No service named"}
    return show(
        request,
        "gaps.html",
        here="catalog",
        tab="gaps",
        gaps=found[:_SHOWN],
        more=max(0, len(found) - _SHOWN),
        heat=_heat(business, {key: count for key, count in missed.items() if service in ("", key[0])}),
        services=[(key, names.get(key, key), count) for key, count in wanted.most_common()],
        service=service if service in wanted else "",
        days=_DAYS_BACK,
        done=_DONE.get(done),
    )


@router.post("/{turn_id}/dismiss")
async def dismiss(turn_id: UUID, member: OwnerDep, request: Request) -> Response:
    """Nobody needs to answer that."""
    await form_of(request)
    async with member.session() as session:
        gap = await gaps.find_gap(session, member.tenant_id, turn_id)
        if gap is None:
            raise not_found()
        await gaps.close(session, member.tenant_id, gap, "dismissed")
        member.record(session, "gap.dismiss", str(turn_id))
    return RedirectResponse(f"{PAGE}?done=dismissed", 303)


Missed = Mapping[tuple[str, int, str, str], int]


def _missed(days: Mapping[date, Figures]) -> Missed:
    """By service, weekday (1 = Monday), hour and reason. What was over already, nobody could have had."""
    missed = Counter[tuple[str, int, str, str]]()
    for figures in days.values():
        for key, counts in figures.get("missed", {}).items():
            service, weekday, hour, reason = key.split("|")
            if reason != "past":
                missed[service, int(weekday), hour, reason] += counts.get("count", 0)
    return missed


def _heat(business: Business, missed: Missed) -> Heat | None:
    """None when nothing was wanted in vain."""
    cells, reasons = Counter[tuple[int, str]](), Counter[str]()
    for (_, weekday, hour, reason), count in missed.items():
        cells[weekday, hour] += count
        reasons[_REASONS.get(reason, reason)] += count
    if not cells:
        return None
    # Whenever it is open, and whenever else somebody would have come.
    known = {int(hour) for _, hour in cells if hour != "-"}
    known |= {hour for each in business.hours for hour in range(each.opens // 60, -(-each.closes // 60))}
    hours = [str(hour) for hour in range(min(known), max(known) + 1)] if known else []
    hours += ["-"] if any(hour == "-" for _, hour in cells) else []
    most = max(cells.values())
    names = get_day_names("abbreviated", locale=Locale.parse(business.locale.replace("-", "_")))
    return Heat(
        columns=["any time" if hour == "-" else time_text(int(hour) * 60, business.locale) for hour in hours],
        rows=[(names[day - 1], [_cell(cells[day, hour], most) for hour in hours]) for day in range(1, 8)],
        reasons=reasons.most_common(),
        total=sum(cells.values()),
    )


def _cell(count: int, most: int) -> Cell:
    return Cell(count, -(-count * _SHADES // most))
