"""All bookings: a week as a calendar, a list that can be searched, and the list as a file."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response, StreamingResponse

from handled.bookings import listing
from handled.bookings.listing import Marks
from handled.bookings.view import booking_view
from handled.catalog.business import Business, resource_by_key, service_by_key
from handled.catalog.hours_text import time_text
from handled.kit import clock
from handled.kit.errors import HandledError
from handled.tenants import blocks
from handled.web.dashboard import bookings_calendar as calendar
from handled.web.dashboard.bookings_file import HEADINGS, line, row_of
from handled.web.dashboard.bookings_forms import HOME, read_date
from handled.web.dashboard.bookings_words import STATES, TONES
from handled.web.dashboard.deps import Member, MemberDep
from handled.web.dashboard.rendering import show
from handled.web.dashboard.route import DashboardRoute

router = APIRouter(include_in_schema=False, prefix=HOME, route_class=DashboardRoute)

_PAGE = 50
_FILE_PAGE = 500
_WEEK = timedelta(days=7)


@router.get("")
async def calendar_page(member: MemberDep, request: Request, week: str = "", resource: str = "") -> HTMLResponse:
    """The week of the date `week`, the present one without it."""
    business = member.business
    today = clock.now().astimezone(business.zone).date()
    wanted = read_date(week) or today
    first = wanted - timedelta(days=wanted.weekday())
    last = first + timedelta(days=6)
    who = resource_by_key(business, resource)
    since, until = midnight(business.zone, first), midnight(business.zone, last + timedelta(days=1))
    async with member.session() as session:
        found = await listing.list_during(session, business.id, since, until, who.id if who else None)
        exceptions = await blocks.list_exceptions(session, business.id, first, last)
        closed = await blocks.find(session, business.id, first, last)
    if who:
        closed = [each for each in closed if each.resource_id in (None, who.id)]
    shown = calendar.week_of(business, first, today, calendar.Seen(found, closed, exceptions))

    def path(**changes: str) -> str:
        values = {"week": first.isoformat(), "resource": who.key if who else "", **changes}
        return f"{HOME}?{urlencode({name: value for name, value in values.items() if value})}"

    return show(
        request,
        "bookings.html",
        here="bookings",
        view="calendar",
        week=shown,
        last=last,
        resource=who,
        paths={
            "earlier": path(week=(first - _WEEK).isoformat()),
            "later": path(week=(first + _WEEK).isoformat()),
            "today": path(week=""),
        },
        resource_paths=[(None, path(resource=""))] + [(each, path(resource=each.key)) for each in business.resources],
        hours=[time_text(each, business.locale) for each in shown.hours],
        is_present=first <= today <= last,
        states=STATES,
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of the list as the address has them; what cannot be understood is no condition."""

    since: date | None
    until: date | None
    status: str
    resource: str
    service: str
    text: str

    def marks(self, business: Business) -> Marks:
        resource, service = resource_by_key(business, self.resource), service_by_key(business, self.service)
        until = self.until + timedelta(days=1) if self.until else None
        return Marks(
            since=midnight(business.zone, self.since) if self.since else None,
            until=midnight(business.zone, until) if until else None,
            statuses=(self.status,) if self.status else (),
            resource_id=resource.id if resource else None,
            service_id=service.id if service else None,
            text=self.text or None,
        )

    def query(self, **more: str) -> str:
        values = {
            "from": self.since.isoformat() if self.since else "",
            "to": self.until.isoformat() if self.until else "",
            "status": self.status,
            "resource": self.resource,
            "service": self.service,
            "q": self.text,
            **more,
        }
        return urlencode({name: value for name, value in values.items() if value})


def _asked(values: Mapping[str, str]) -> Asked:
    status = values.get("status", "")
    return Asked(
        since=read_date(values.get("from", "")),
        until=read_date(values.get("to", "")),
        status=status if status in STATES else "",
        resource=values.get("resource", "")[:200],
        service=values.get("service", "")[:200],
        text=values.get("q", "").replace("\0", "").strip()[:200],
    )


@router.get("/list")
async def list_page(member: MemberDep, request: Request) -> HTMLResponse:
    """Bookings by their start; from today on, unless dates or words are looked for."""
    business, asked = member.business, _asked(request.query_params)
    today = clock.now().astimezone(business.zone).date()
    if not request.query_params:
        asked = Asked(today, None, "", "", "", "")
    async with member.session() as session:
        cursor = request.query_params.get("cursor") or None
        try:
            found, following = await listing.find_page(session, business.id, asked.marks(business), cursor, _PAGE)
        except HandledError:
            found, following = await listing.find_page(session, business.id, asked.marks(business), None, _PAGE)
    return show(
        request,
        "bookings_list.html",
        here="bookings",
        view="list",
        bookings=[(each, booking_view(business, each)) for each in found],
        asked=asked,
        next_path=f"{HOME}/list?{asked.query(cursor=following)}" if following else None,
        first_path=f"{HOME}/list?{asked.query() or 'all=1'}" if cursor else None,
        file_path=f"{HOME}/export.csv?{asked.query() or 'all=1'}",
        states=STATES,
        tones=TONES,
        is_filtered=bool(asked.query()),
    )


@router.get("/export.csv")
async def file_of_bookings(member: MemberDep, request: Request) -> Response:
    """What the list shows, all of it, with every column."""
    asked = _asked(request.query_params)
    name = f"bookings-{clock.now().astimezone(member.business.zone):%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingResponse(_lines(member, asked.marks(member.business)), 200, headers, "text/csv; charset=utf-8")


async def _lines(member: Member, marks: Marks) -> AsyncGenerator[str]:
    # Spreadsheets take it for another alphabet without this mark.
    yield "\N{BYTE ORDER MARK}" + line(HEADINGS)
    cursor: str | None = None
    while True:
        async with member.session() as session:
            found, cursor = await listing.find_page(session, member.tenant_id, marks, cursor, _FILE_PAGE)
            yield "".join(line(row_of(member.business, each)) for each in found)
        if cursor is None:
            return


def midnight(zone: ZoneInfo, day: date) -> datetime:
    return datetime.combine(day, time(), zone)
