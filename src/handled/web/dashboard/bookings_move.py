"""Moving a booking: a day, a time, then what changes, to be confirmed."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from handled.bookings.view import booking_view
from handled.catalog.business import Business, OfferedService, resource_by_id, resource_by_key, service_by_id
from handled.kit.errors import HandledError
from handled.kit.when.written import read_moment
from handled.proposals.actions import by_staff, outcome, reschedule
from handled.proposals.actions.outcome import NotFree
from handled.tables import Booking
from handled.web.dashboard import bookings_times as times
from handled.web.dashboard.bookings_forms import (
    HOME,
    Sent,
    by,
    find,
    locked,
    new_token,
    newest_entry,
    once,
    read_date,
    stamp,
)
from handled.web.dashboard.bookings_one import page
from handled.web.dashboard.deps import Member, MemberDep
from handled.web.dashboard.rendering import show
from handled.web.dashboard.route import DashboardRoute

router = APIRouter(include_in_schema=False, prefix=HOME, route_class=DashboardRoute)


@router.get("/{booking_id}/move")
async def pick_page(
    booking_id: str,
    member: MemberDep,
    request: Request,
    day: str = "",
    since: str = "",
    resource: str = "",
    date: str = "",
    time: str = "",
) -> HTMLResponse:
    """Free days and times; `date` and `time` name one that is not among them."""
    async with member.session() as session:
        booking = await find(session, member, booking_id)
        if date:
            start = date if booking.whole_day else f"{date}T{time}"
            return await _confirm(request, session, member, booking, start, resource)
        try:
            return await _pick(request, session, member, booking, {"day": day, "since": since, "resource": resource})
        except HandledError as refused:
            problem = refused
    return await page(request, member, booking_id, problem=problem, at="move")


@router.get("/{booking_id}/move/confirm")
async def confirm_page(
    booking_id: str, member: MemberDep, request: Request, start: str = "", resource: str = ""
) -> HTMLResponse:
    """What moving it there changes."""
    async with member.session() as session:
        booking = await find(session, member, booking_id)
        try:
            return await _confirm(request, session, member, booking, start, resource)
        except HandledError as refused:
            problem = refused
    return await page(request, member, booking_id, problem=problem, at="move")


@router.post("/{booking_id}/move")
async def move(
    booking_id: str,
    member: MemberDep,
    request: Request,
    token: str = Form(""),
    seen: str = Form(""),
    start: str = Form("", max_length=40),
    resource: str = Form("", max_length=200),
) -> Response:
    """Move it as it was shown; when that cannot be any more, other times are shown."""
    business = by_staff.unhurried(member.business)

    async def act(session: AsyncSession) -> str:
        service = service_by_id(business, (await find(session, member, booking_id)).service_id)
        performers = [each.id for each in service.resources] if service else []
        booking = await locked(session, member, booking_id, seen, performers)
        starts_at, resource_id = _asked(business, start, resource)
        before = booking.starts_at.isoformat()
        moved = await by_staff.move_now(session, business, booking, starts_at, resource_id, by(member))
        details = {"code": moved.code, "from": before, "to": moved.starts_at.isoformat()}
        member.record(session, "booking.move", str(moved.id), details)
        return f"{HOME}/{moved.id}?done=moved"

    try:
        return await once(member, Sent(token, seen), ["move", booking_id, seen, start, resource], act)
    except HandledError as problem:
        if problem.status not in (409, 422):
            raise
        if problem.name in ("changed_meanwhile", "not_movable"):
            return await page(request, member, booking_id, problem=problem, at="move")
        async with member.session() as session:
            booking = await find(session, member, booking_id)
            values = {"day": start[:10], "since": start[:10], "resource": resource}
            return await _pick(request, session, member, booking, values, problem)


async def _pick(
    request: Request,
    session: AsyncSession,
    member: Member,
    booking: Booking,
    values: dict[str, str],
    problem: HandledError | None = None,
) -> HTMLResponse:
    business = by_staff.unhurried(member.business)
    service, _ = reschedule.check(business, booking, by=by_staff.STAFF)
    who = resource_by_key(business, values["resource"])
    base = f"{HOME}/{booking.id}/move"
    with_whom = {"resource": who.key} if who else {}
    wanted = times.Wanted(
        service, who.id if who else None, read_date(values["day"]), read_date(values["since"]), booking
    )
    picked = await times.pick(
        session,
        business,
        wanted,
        lambda more: f"{base}?{urlencode({**with_whom, **more})}",
        lambda more: f"{base}/confirm?{urlencode({**with_whom, **more})}",
    )
    return show(
        request,
        "bookings_move.html",
        status=problem.status if problem else 200,
        here="bookings",
        **_frame(business, booking),
        **picked,
        problem=problem,
        service=service,
        resource=who,
        resource_paths=_resource_paths(service, base),
        here_path=base,
    )


def _resource_paths(service: OfferedService, base: str) -> list[tuple[Any, str]]:
    if service.includes or len(service.resources) < 2:
        return []
    return [(None, base), *((each, f"{base}?{urlencode({'resource': each.key})}") for each in service.resources)]


async def _confirm(
    request: Request, session: AsyncSession, member: Member, booking: Booking, start: str, resource: str
) -> HTMLResponse:
    business = by_staff.unhurried(member.business)
    service, _ = reschedule.check(business, booking, by=by_staff.STAFF)
    try:
        starts_at, resource_id = _asked(business, start, resource)
        target = await reschedule.look(session, business, booking, starts_at, resource_id, by=by_staff.STAFF)
        if isinstance(target, NotFree):
            raise target.as_error()
    except HandledError as problem:
        values = {"day": start[:10], "since": start[:10], "resource": resource}
        return await _pick(request, session, member, booking, values, problem)
    change = await reschedule.quote(session, booking, service)
    who = resource_by_id(business, target.resource_ids[0])
    return show(
        request,
        "bookings_move_confirm.html",
        here="bookings",
        **_frame(business, booking),
        lines=[
            f"From {outcome.moment(business, booking)}",
            f"To {outcome.moment_at(business, target.starts_at, whole_day=booking.whole_day)}",
            *([f"With {who.name}"] if who and len(business.resources) > 1 and not service.includes else []),
            *reschedule.price_lines(business, booking, change),
        ],
        start=times.start_of(business, service, target.starts_at),
        resource=who.key if who and len(target.resource_ids) == 1 else "",
        seen=stamp(await newest_entry(session, booking)),
        token=new_token(),
    )


def _frame(business: Business, booking: Booking) -> dict[str, Any]:
    return {"booking": booking, "view": booking_view(business, booking)}


def _asked(business: Business, start: str, resource: str) -> tuple[datetime, UUID | None]:
    """The moment and the resource that a form names. Raises HandledError `not_understood`."""
    try:
        moment = read_moment(start, business.zone)
    except ValueError as problem:
        raise HandledError("not_understood", f"That {problem}.", 422) from None
    who = resource_by_key(business, resource) if resource else None
    return moment.at, who.id if who else None
