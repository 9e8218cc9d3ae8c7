"""Opening hours: the week of the business and of each resource, and the days that differ."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from handled.bookings import ahead
from handled.catalog.hours_text import hours_lines, intervals_text
from handled.conversations.messages import not_found
from handled.kit import clock
from handled.kit.when.spoken import spoken_date
from handled.tenants.document import TenantDocument
from handled.tenants.hours import DAYS, write_dates, write_intervals
from handled.tenants.yaml_source import Path
from handled.web.dashboard.catalog import HOME, staying
from handled.web.dashboard.catalog_editing import (
    Data,
    Refusal,
    change,
    form_of,
    open_document,
    position_of,
    sheet_of,
    text_of,
    version_of,
)
from handled.web.dashboard.deps import Member, MemberDep, OwnerDep
from handled.web.dashboard.hours_calendar import month_of, noted_days, usual_of
from handled.web.dashboard.rendering import show
from handled.web.dashboard.route import DashboardRoute

router = APIRouter(include_in_schema=False, prefix=f"{HOME}/hours", route_class=DashboardRoute)

PAGE = f"{HOME}/hours"
_DONE = {"saved": "Saved.", "added": "Noted in the calendar.", "removed": "That day is as usual again."}
_YEARS = range(2000, 2101)


@router.get("")
async def hours_page(
    member: MemberDep, request: Request, resource: str = "", month: str = "", done: str = "", stays: int = 0
) -> HTMLResponse:
    said = _DONE.get(done)
    if said and 0 < stays < 10_000:
        said += f" {staying(stays)}"
    return await _page(member, request, resource or None, month, done=said)


@router.post("")
async def save_week(member: OwnerDep, request: Request) -> Response:
    """The week of the business, or of one resource: its own, or that of the business."""
    form = await form_of(request)
    resource = text_of(form, "resource") or None
    typed = {**{day: text_of(form, day) for day in DAYS}, "own": text_of(form, "own")}
    week = {day: typed[day] or "closed" for day in DAYS}

    def edit(data: Data) -> Path:
        if resource is None:
            data["hours"] = week
            return ("hours",)
        position = position_of(data, "resources", resource)
        data["resources"][position].pop("hours", None)
        if typed["own"] == "yes":
            data["resources"][position]["hours"] = week
        return "resources", position, "hours"

    refusal = await change(member, version_of(form), edit, "hours.change", resource or "business")
    if refusal is not None:
        return await _page(member, request, resource, "", typed, refusal)
    return RedirectResponse(_address(resource, None, "saved"), 303)


@router.get("/days/{day}")
async def day_page(day: date, member: MemberDep, request: Request, resource: str = "") -> HTMLResponse:
    return await _day(member, request, day, resource or None)


@router.post("/days/{day}")
async def add_days(day: date, member: OwnerDep, request: Request) -> Response:
    """Make days different from usual, from this one to the last: what was said of whole days before is replaced."""
    form = await form_of(request)
    typed = {name: text_of(form, name) for name in ("kind", "times", "label", "last", "resource")}
    entry: Data = {"dates": _dates(day, typed["last"])}
    if typed["kind"] in ("open", "blocked"):
        entry["hours" if typed["kind"] == "open" else "blocked"] = typed["times"]
    else:
        entry["closed"] = True
    entry |= {name: typed[name] for name in ("label", "resource") if typed[name]}

    def edit(data: Data) -> Path:
        entries: list[Data] = data.setdefault("exceptions", [])
        last = _date(typed["last"]) or day
        if typed["kind"] != "blocked":
            entries[:] = [part for each in entries for part in _without(each, day, last, typed["resource"])]
        entries.append(entry)
        return "exceptions", len(entries) - 1

    if (_date(typed["last"]) or day).year not in _YEARS:
        refusal = Refusal(422, {"dates": f"This is too far away: until {_YEARS[-1]} at most."})
    else:
        refusal = await change(member, version_of(form), edit, "hours.except", day.isoformat())
    if refusal is not None:
        return await _day(member, request, day, typed["resource"] or None, typed, refusal)
    async with member.session() as session:
        last = _date(typed["last"]) or day
        stays = await ahead.on_days(session, member.business, day, last, typed["resource"] or None)
    return RedirectResponse(_address(typed["resource"], day, "added", stays), 303)


@router.post("/days/{day}/remove")
async def remove_days(day: date, member: OwnerDep, request: Request) -> Response:
    """As usual again: this day, or all days of that entry."""
    form = await form_of(request)
    position, whole = text_of(form, "position"), text_of(form, "all") == "yes"
    resource = text_of(form, "resource") or None

    def edit(data: Data) -> Path:
        entries: list[Data] = data.get("exceptions", [])
        if not position.isascii() or not position.isdigit() or int(position) >= len(entries):
            raise not_found()
        entry = entries[int(position)]
        rest = [] if whole else _cut(entry, day, day)
        entries[int(position) : int(position) + 1] = rest
        return ("exceptions",)

    refusal = await change(member, version_of(form), edit, "hours.restore", day.isoformat())
    if refusal is not None:
        return await _day(member, request, day, resource, None, refusal)
    return RedirectResponse(_address(resource, day, "removed"), 303)


def _without(entry: Data, first: date, last: date, resource: str) -> list[Data]:
    """What is left of an entry of whole days for the same resource once these days are taken out of it."""
    is_same = entry.get("resource", "") == resource and "blocked" not in entry
    return _cut(entry, first, last) if is_same else [entry]


def _cut(entry: Data, first: date, last: date) -> list[Data]:
    begin, _, end = entry["dates"].partition("..")
    since, until = date.fromisoformat(begin), date.fromisoformat(end or begin)
    if last < since or until < first:
        return [entry]
    spans = ((since, first - timedelta(days=1)), (last + timedelta(days=1), until))
    return [{**entry, "dates": write_dates(*span)} for span in spans if span[0] <= span[1]]


def _address(resource: str | None, day: date | None, done: str, stays: int = 0) -> str:
    parts = [f"resource={resource}"] if resource else []
    parts += [f"month={day:%Y-%m}"] if day else []
    parts += [f"done={done}"] + ([f"stays={stays}"] if stays else [])
    return f"{PAGE}?{'&'.join(parts)}" + ("#calendar" if day else "")


def _dates(day: date, last: str) -> str:
    return f"{day.isoformat()}..{last}" if last else day.isoformat()


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _checked(document: TenantDocument, resource: str | None) -> None:
    if resource is not None and all(each.key != resource for each in document.resources):
        raise not_found()


async def _page(
    member: Member,
    request: Request,
    resource: str | None,
    month: str,
    typed: Mapping[str, Any] | None = None,
    refusal: Refusal | None = None,
    done: str | None = None,
) -> HTMLResponse:
    business = member.business
    async with member.session() as session:
        opened = await open_document(session, member)
    document = opened.document
    _checked(document, resource)
    today = clock.now().astimezone(business.zone).date()
    first = _date(f"{month}-01") or today.replace(day=1)
    if first.year not in _YEARS:
        first = today.replace(day=1)
    noted = noted_days(document, resource, business.locale)
    sheet = sheet_of(opened.version, _week(document, resource), typed, refusal)
    return show(
        request,
        "hours.html",
        status=sheet.status,
        here="catalog",
        tab="hours",
        sheet=sheet,
        resource=resource,
        resources=[each for each in document.resources if each.active],
        days=DAYS,
        lines=hours_lines(business, business.locale),
        month=month_of(document, noted, resource, first, business.locale),
        today=today,
        noted=[each for each in noted if each.last >= today],
        done=done,
    )


def _week(document: TenantDocument, resource: str | None) -> dict[str, Any]:
    own = next((each.hours for each in document.resources if each.key == resource), None)
    openings = document.hours if own is None else own
    times = {
        day: write_intervals([(each.opens, each.closes) for each in openings if each.weekday == i])
        for i, day in enumerate(DAYS)
    }
    return {**times, "own": "no" if own is None else "yes"}


async def _day(
    member: Member,
    request: Request,
    day: date,
    resource: str | None,
    typed: Mapping[str, Any] | None = None,
    refusal: Refusal | None = None,
) -> HTMLResponse:
    business = member.business
    if day.year not in _YEARS:
        raise not_found()
    async with member.session() as session:
        opened = await open_document(session, member)
        stays = await ahead.on_days(session, business, day, day, resource)
    _checked(opened.document, resource)
    noted = [each for each in noted_days(opened.document, resource, business.locale) if each.first <= day <= each.last]
    usual = usual_of(opened.document, resource)[day.weekday()]
    saved = {"kind": "closed", "times": "", "label": "", "last": "", "resource": resource or ""}
    today = clock.now().astimezone(business.zone).date()
    return show(
        request,
        "hours_day.html",
        status=refusal.status if refusal else 200,
        here="catalog",
        tab="hours",
        sheet=sheet_of(opened.version, saved, typed, refusal),
        on=day,
        title=spoken_date(day, today, business.locale),
        usual=intervals_text(usual, business.locale) if usual else "closed",
        noted=noted,
        resource=resource,
        resources=[each for each in opened.document.resources if each.active],
        ahead=stays,
        staying=staying,
    )
