"""Today: what comes next, who waits, how the week goes."""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from handled.bookings import listing
from handled.bookings.listing import Marks
from handled.bookings.view import booking_view
from handled.kit import clock
from handled.web.dashboard.deps import MemberDep
from handled.web.dashboard.rendering import show
from handled.web.dashboard.route import DashboardRoute

router = APIRouter(include_in_schema=False, prefix="/dashboard", route_class=DashboardRoute)

_SHOWN = 8


@router.get("")
async def today_page(member: MemberDep, request: Request) -> HTMLResponse:
    business = member.business
    since = clock.now() - timedelta(hours=1)
    async with member.session() as session:
        marks = Marks(since=since, statuses=("confirmed", "pending_payment"))
        found, _ = await listing.find_page(session, business.id, marks, None, _SHOWN)
    bookings = [(each, booking_view(business, each)) for each in found]
    return show(request, "today.html", here="today", bookings=bookings)
