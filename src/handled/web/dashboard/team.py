"""The team: who works here, who joins, who leaves. Owners decide."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from handled.conversations.messages import not_found
from handled.kit import clock
from handled.kit.errors import HandledError
from handled.kit.text import email_address
from handled.notifications import staff_mail
from handled.tables import StaffLink, StaffMember, StaffSession
from handled.tenants import accounts, staff, staff_login
from handled.tenants.staff import Role
from handled.web.dashboard.deps import Member, OwnerDep
from handled.web.dashboard.rendering import show
from handled.web.dashboard.route import LOGIN, DashboardRoute

router = APIRouter(include_in_schema=False, prefix="/dashboard/team", route_class=DashboardRoute)

HOME = "/dashboard/team"
MOST_MEMBERS = 100
INVITATIONS_A_DAY = 30
_DONE = {
    "invited": "The invitation is on its way. Its link works once, for 7 days.",
    "role": "Their role is changed, from now on.",
    "gone": "They cannot log in any more, and are logged out everywhere.",
    "back": "They are back, and can ask for a link on the login page.",
}
_CHANGED = HandledError("changed_meanwhile", "Somebody changed this meanwhile. Below is how it is now.", 409)


@router.get("")
async def team_page(member: OwnerDep, request: Request, done: str = "") -> HTMLResponse:
    return await _page(member, request, done=_DONE.get(done))


@router.post("/invite")
async def invite(
    member: OwnerDep,
    request: Request,
    name: str = Form(""),
    email: str = Form("", max_length=20_000),
    role: Literal["owner", "staff"] = Form("staff"),
) -> Response:
    typed = {"name": name, "email": email, "role": role}
    try:
        async with member.session() as session:
            tenant = await accounts.get_to_change(session, member.tenant_id)
            everybody = await staff.list_members(session, member.tenant_id)
            address = (email_address(email).address or "").lower()
            if any(each.email == address and each.active for each in everybody):
                problem = "Somebody with this address is in the team already."
                raise HandledError("already_there", problem, 422, fields={"email": problem})
            if len(everybody) >= MOST_MEMBERS:
                raise HandledError("too_many", f"A team has at most {MOST_MEMBERS} people.", 422)
            await _check_invitations(session, member.tenant_id)
            made = await staff.put_member(session, member.tenant_id, email, name, role)
            await staff_login.shut_out(session, member.tenant_id, made.id)
            life = staff_login.INVITATION_LIFE
            token = await staff_login.new_link(session, member.tenant_id, made.id, life=life, is_limited=False)
            await staff_mail.send_link(session, tenant, made, f"{LOGIN}/{token}", life, member.who.name)
            member.record(session, "team.invite", made.email, {"role": role})
    except HandledError as error:
        return await _page(member, request, error=error, typed=typed)
    return RedirectResponse(f"{HOME}?done=invited", 303)


@router.post("/{member_id}/invite")
async def invite_again(member_id: UUID, member: OwnerDep, request: Request) -> Response:
    """The mail got lost, or the link is too old."""
    try:
        async with member.session() as session:
            tenant = await accounts.get_tenant(session, member.tenant_id)
            invited = await _found(session, member, member_id)
            if not invited.active:
                raise _CHANGED
            await _check_invitations(session, member.tenant_id)
            life = staff_login.INVITATION_LIFE
            token = await staff_login.new_link(session, member.tenant_id, member_id, life=life)
            await staff_mail.send_link(session, tenant, invited, f"{LOGIN}/{token}", life, member.who.name)
            member.record(session, "team.invite", invited.email)
    except HandledError as error:
        return await _refused(member, request, error)
    return RedirectResponse(f"{HOME}?done=invited", 303)


@router.post("/{member_id}/role")
async def change_role(
    member_id: UUID,
    member: OwnerDep,
    request: Request,
    role: Literal["owner", "staff"] = Form(),
    was: str = Form(""),
) -> Response:
    try:
        async with member.session() as session:
            changed = await _to_change(session, member, member_id, was)
            await staff.change_role(session, changed, role)
            member.record(session, "team.role", changed.email, {"role": role})
    except HandledError as error:
        return await _refused(member, request, error)
    return RedirectResponse(f"{HOME}?done=role" if member_id != member.who.id else "/dashboard", 303)


@router.post("/{member_id}/deactivate")
async def deactivate(member_id: UUID, member: OwnerDep, request: Request, was: str = Form("")) -> Response:
    try:
        async with member.session() as session:
            leaving = await _to_change(session, member, member_id, was)
            await staff.deactivate(session, leaving)
            member.record(session, "team.deactivate", leaving.email)
    except HandledError as error:
        return await _refused(member, request, error)
    return RedirectResponse(f"{HOME}?done=gone", 303)


@router.post("/{member_id}/reactivate")
async def reactivate(member_id: UUID, member: OwnerDep, request: Request, was: str = Form("")) -> Response:
    try:
        async with member.session() as session:
            back = await _to_change(session, member, member_id, was)
            role: Role = "owner" if back.role == "owner" else "staff"
            await staff.put_member(session, member.tenant_id, back.email, back.name, role)
            member.record(session, "team.reactivate", back.email)
    except HandledError as error:
        return await _refused(member, request, error)
    return RedirectResponse(f"{HOME}?done=back", 303)


def state_of(member: StaffMember) -> str:
    """What a form about them was made from."""
    return f"{member.role} {'active' if member.active else 'gone'}"


async def _found(session: AsyncSession, member: Member, member_id: UUID) -> StaffMember:
    found = await session.get(StaffMember, (member.tenant_id, member_id), populate_existing=True)
    if found is None:
        raise not_found()
    return found


async def _to_change(session: AsyncSession, member: Member, member_id: UUID, was: str) -> StaffMember:
    """Two owners at once: the second sees what the first has done, and whether they are still an owner."""
    await accounts.get_to_change(session, member.tenant_id)
    me = await _found(session, member, member.who.id)
    found = await _found(session, member, member_id)
    if state_of(found) != was or not me.active or me.role != "owner":
        raise _CHANGED
    return found


async def _check_invitations(session: AsyncSession, tenant_id: UUID) -> None:
    """Nobody sends mail to half the world from here."""
    sent = select(func.count()).where(
        StaffLink.tenant_id == tenant_id,
        StaffLink.created_at > clock.now() - timedelta(days=1),
        StaffLink.expires_at - StaffLink.created_at > timedelta(days=1),
    )
    if (await session.execute(sent)).scalar_one() >= INVITATIONS_A_DAY:
        raise HandledError("too_many_links", "That is enough invitations for one day. Please go on tomorrow.", 429)


async def _refused(member: Member, request: Request, error: HandledError) -> HTMLResponse:
    if error.status == 404:
        raise error
    return await _page(member, request, error=error)


async def _page(
    member: Member,
    request: Request,
    *,
    done: str | None = None,
    error: HandledError | None = None,
    typed: Mapping[str, str] | None = None,
) -> HTMLResponse:
    async with member.session() as session:
        everybody = await staff.list_members(session, member.tenant_id)
        seen = await _last_seen(session, member.tenant_id)
    owners = sum(each.role == "owner" and each.active for each in everybody)
    problems: Mapping[str, str] = (error.fields or {}) if error else {}
    if error and error.name == "invalid_name":
        problems = {"name": error.message}
    return show(
        request,
        "team.html",
        status=error.status if error else 200,
        here="team",
        everybody=everybody,
        seen=seen,
        state_of=state_of,
        has_one_owner=owners == 1,
        typed=typed or {"name": "", "email": "", "role": "staff"},
        problems=problems,
        problem=error.message if error and not problems else None,
        done=done,
    )


async def _last_seen(session: AsyncSession, tenant_id: UUID) -> dict[UUID, datetime]:
    found = await session.execute(
        select(StaffSession.staff_member_id, func.max(StaffSession.seen_at))
        .where(StaffSession.tenant_id == tenant_id)
        .group_by(StaffSession.staff_member_id)
    )
    return {each[0]: each[1] for each in found}
