"""One's own account: name, passkeys, and where one is logged in."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from handled.kit import text
from handled.kit.errors import HandledError
from handled.tables import StaffMember
from handled.tenants import accounts, passkeys, staff_login
from handled.web.dashboard.deps import Member, MemberDep
from handled.web.dashboard.passkeys import site_of
from handled.web.dashboard.rendering import show
from handled.web.dashboard.route import DashboardRoute

router = APIRouter(include_in_schema=False, prefix="/dashboard/account", route_class=DashboardRoute)

HOME = "/dashboard/account"
_DONE = {
    "name": "Your name is saved.",
    "passkey": "This passkey logs you in from now on.",
    "renamed": "The passkey has a new name.",
    "removed": "The passkey logs nobody in any more. Delete it on your device, too.",
    "ended": "That browser is logged out.",
    "others": "All your other browsers are logged out.",
}


@router.get("")
async def account_page(member: MemberDep, request: Request, done: str = "") -> HTMLResponse:
    return await _page(member, request, done=_DONE.get(done))


@router.post("/name")
async def rename(member: MemberDep, request: Request, name: str = Form("")) -> Response:
    try:
        cleaned = text.clean_name(name)
    except HandledError as error:
        return await _page(member, request, typed=name, problem=error.message)
    async with member.session() as session:
        await accounts.get_to_change(session, member.tenant_id)
        me = await session.get_one(StaffMember, (member.tenant_id, member.who.id))
        me.name = cleaned
        member.record(session, "account.rename", None, {"name": cleaned})
    return RedirectResponse(f"{HOME}?done=name", 303)


@router.post("/sessions/end-others")
async def end_others(member: MemberDep) -> Response:
    async with member.session() as session:
        await staff_login.end_others(session, member.who)
        member.record(session, "account.log_out_others")
    return RedirectResponse(f"{HOME}?done=others#sessions", 303)


@router.post("/sessions/{session_id}/end")
async def end_session(session_id: UUID, member: MemberDep) -> Response:
    async with member.session() as session:
        await staff_login.end_session(session, member.who, session_id)
    return RedirectResponse(f"{HOME}?done=ended#sessions", 303)


async def _page(
    member: Member, request: Request, *, done: str | None = None, typed: str | None = None, problem: str | None = None
) -> HTMLResponse:
    async with member.session() as session:
        sessions = await staff_login.list_sessions(session, member.who)
        own = await passkeys.list_passkeys(session, member.who)
    site = site_of(request, member.desk)
    return show(
        request,
        "account.html",
        status=422 if problem else 200,
        here="account",
        sessions=sessions,
        passkeys=own,
        has_room=len(own) < passkeys.MOST_PASSKEYS,
        site=site,
        name=member.who.name if typed is None else typed,
        problem=problem,
        done=done,
    )
