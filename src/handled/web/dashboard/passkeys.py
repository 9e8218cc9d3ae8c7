"""Passkeys on the wire: what static/passkeys.js asks for and sends. Everything here answers JSON."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pydantic import BaseModel

from handled.db.session import tenant_session
from handled.kit.errors import HandledError
from handled.tenants import passkeys, staff_login
from handled.tenants.passkeys import Site
from handled.web.dashboard.deps import MemberDep, cookie_name
from handled.web.dashboard.login import device_of, keep_session, own_path
from handled.web.dashboard.route import DashboardRoute
from handled.web.deps import ClientDep, Desk, DeskDep

router = APIRouter(include_in_schema=False, prefix="/dashboard/passkeys", route_class=DashboardRoute)

_ACCOUNT = "/dashboard/account"
_NO_NAME = HandledError(
    "no_passkeys_here", "Passkeys need an address with a name, such as https://book.example.com.", 409
)


class Login(BaseModel):
    credential: str
    after: str = ""


class Made(BaseModel):
    credential: str
    name: str = ""


def site_of(request: Request, desk: Desk) -> Site:
    """Where browsers find us: as configured, else as they have asked."""
    return Site((desk.public_url or str(request.base_url)).rstrip("/"))


@router.post("/options")
async def login_options(request: Request, desk: DeskDep, client: ClientDep) -> Response:
    """A challenge for whoever wants to log in."""
    await desk.limiter.hit("lookup", client)
    site = site_of(request, desk)
    if not site.has_passkeys:
        return _problem(_NO_NAME)
    token, challenge = await passkeys.new_challenge(desk.engine, passkeys.TO_LOG_IN)
    return _with_token(request, desk, await passkeys.request_options(site, challenge), token)


@router.post("/login")
async def login(sent: Login, request: Request, desk: DeskDep, client: ClientDep) -> Response:
    """In, with what the browser's passkey has signed."""
    await desk.limiter.hit("lookup", client)
    try:
        challenge = await _used(request, desk, passkeys.TO_LOG_IN)
        tenant_id = await passkeys.tenant_of(desk.engine, sent.credential)
        async with tenant_session(desk.engine, tenant_id) as session:
            site = site_of(request, desk)
            member = await passkeys.log_in(session, tenant_id, site, challenge, sent.credential)
            value = await staff_login.log_in(session, member, device_of(request))
    except HandledError as error:
        return _problem(error)
    answer = _json({"to": own_path(sent.after)})
    keep_session(answer, request, desk, value)
    answer.delete_cookie(_cookie(request, desk), path="/")
    return answer


@router.post("/new")
async def creation_options(member: MemberDep, request: Request) -> Response:
    """A challenge for a new passkey of whoever is logged in."""
    site = site_of(request, member.desk)
    if not site.has_passkeys:
        return _problem(_NO_NAME)
    token, challenge = await passkeys.new_challenge(member.desk.engine, passkeys.to_add(member.who))
    try:
        async with member.session() as session:
            options = await passkeys.creation_options(session, member.who, site, challenge)
    except HandledError as error:
        return _problem(error)
    return _with_token(request, member.desk, options, token)


@router.post("")
async def add(member: MemberDep, sent: Made, request: Request) -> Response:
    try:
        challenge = await _used(request, member.desk, passkeys.to_add(member.who))
        async with member.session() as session:
            name = sent.name.strip() or device_of(request)
            site = site_of(request, member.desk)
            made = await passkeys.add(session, member.who, site, challenge, sent.credential, name)
            member.record(session, "passkey.add", str(made.id), {"name": made.name})
    except HandledError as error:
        return _problem(error)
    answer = _json({"to": f"{_ACCOUNT}?done=passkey"})
    answer.delete_cookie(_cookie(request, member.desk), path="/")
    return answer


@router.post("/{passkey_id}/rename")
async def rename(passkey_id: UUID, member: MemberDep, name: str = Form("")) -> Response:
    async with member.session() as session:
        await passkeys.rename(session, member.who, passkey_id, name)
        member.record(session, "passkey.rename", str(passkey_id))
    return RedirectResponse(f"{_ACCOUNT}?done=renamed#passkeys", 303)


@router.post("/{passkey_id}/remove")
async def remove(passkey_id: UUID, member: MemberDep) -> Response:
    async with member.session() as session:
        gone = await passkeys.remove(session, member.who, passkey_id)
        member.record(session, "passkey.remove", str(passkey_id), {"name": gone.name})
    return RedirectResponse(f"{_ACCOUNT}?done=removed#passkeys", 303)


async def _used(request: Request, desk: Desk, purpose: str) -> bytes:
    return await passkeys.use_challenge(desk.engine, request.cookies.get(_cookie(request, desk), ""), purpose)


def _cookie(request: Request, desk: Desk) -> str:
    return f"{cookie_name(request, desk)}_passkey"


def _with_token(request: Request, desk: Desk, options: dict[str, Any], token: str) -> Response:
    """The options, with the cookie that binds their challenge to this browser."""
    answer, name = _json(options), _cookie(request, desk)
    answer.set_cookie(
        name,
        token,
        max_age=int(passkeys.CHALLENGE_LIFE.total_seconds()),
        path="/",
        secure=name.startswith("__Host-"),
        httponly=True,
        samesite="strict",
    )
    return answer


def _json(content: dict[str, Any], status: int = 200) -> Response:
    return JSONResponse(content, status, {"Cache-Control": "no-store"})


def _problem(error: HandledError) -> Response:
    return _json({"message": error.message}, error.status)
