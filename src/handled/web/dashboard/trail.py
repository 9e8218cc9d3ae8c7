"""The audit trail: who did what, and when. It cannot be changed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from handled.kit.cursors import read_cursor, write_cursor
from handled.tables import StaffAction
from handled.tenants import staff
from handled.web.dashboard.deps import Member, OwnerDep
from handled.web.dashboard.rendering import show
from handled.web.dashboard.route import DashboardRoute
from handled.web.dashboard.settings import HOME as SETTINGS
from handled.web.dashboard.settings import TABS
from handled.web.dashboard.trail_words import ABOUT, details_of, said_of, where

router = APIRouter(include_in_schema=False, prefix=f"{SETTINGS}/trail", route_class=DashboardRoute)

PAGE = 50


@router.get("")
async def trail_page(
    member: OwnerDep, request: Request, who: str = "", about: str = "", day: str = "", after: str = ""
) -> HTMLResponse:
    """`after` is where the page before has ended."""
    on = _date(day)
    async with member.session() as session:
        people = await staff.list_members(session, member.tenant_id)
        found = await _actions(session, member, _id(who), about, on, after)
    last = found[PAGE - 1] if len(found) > PAGE else None
    following = write_cursor(last.created_at, last.id) if last else None
    return show(
        request,
        "settings_trail.html",
        here="settings",
        tabs=TABS,
        tab="trail",
        people=people,
        subjects=ABOUT,
        who=who if _id(who) else "",
        about=about if about in ABOUT else "",
        day_asked=day if on else "",
        actions=found[:PAGE],
        following=following,
        is_later=bool(after),
        said_of=said_of,
        details_of=details_of,
        where=where,
    )


async def _actions(
    session: AsyncSession, member: Member, who: UUID | None, about: str, on: date | None, after: str
) -> list[StaffAction]:
    query = select(StaffAction).where(StaffAction.tenant_id == member.tenant_id)
    if who is not None:
        query = query.where(StaffAction.staff_member_id == who)
    if about in ABOUT:
        query = query.where(StaffAction.action.startswith(f"{about}.", autoescape=True))
    if on is not None:
        began = datetime.combine(on, time(), member.business.zone)
        ended = datetime.combine(on + timedelta(days=1), time(), member.business.zone)
        query = query.where(StaffAction.created_at >= began, StaffAction.created_at < ended)
    if after:
        query = query.where(tuple_(StaffAction.created_at, StaffAction.id) < tuple_(*read_cursor(after)))
    ordered = query.order_by(StaffAction.created_at.desc(), StaffAction.id.desc()).limit(PAGE + 1)
    return list(await session.scalars(ordered))


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _date(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2200 else None
