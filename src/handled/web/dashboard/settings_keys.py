"""Website and keys: what shows the chat on a page, and what the business's own systems speak to us with."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from handled.kit.errors import HandledError
from handled.kit.text import clean_name
from handled.tenants import api_keys, secret_keys
from handled.web.dashboard.deps import Member, OwnerDep
from handled.web.dashboard.passkeys import site_of
from handled.web.dashboard.route import DashboardRoute
from handled.web.dashboard.settings import HOME as SETTINGS
from handled.web.dashboard.settings import part_page, save_part

router = APIRouter(include_in_schema=False, prefix=f"{SETTINGS}/website", route_class=DashboardRoute)

HOME = f"{SETTINGS}/website"
_LONGEST_NAME = 60
_DONE = {
    "saved": "Saved.",
    "rotated": "There is a new public key. The one before works for 7 days more: put the new one on your pages soon.",
    "ended": "The old public key works no more.",
    "revoked": "The secret key works no more.",
}


@router.get("")
async def website_page(member: OwnerDep, request: Request, done: str = "") -> HTMLResponse:
    return await _page(member, request, said=_DONE.get(done))


@router.post("")
async def save_origins(member: OwnerDep, request: Request) -> Response:
    return await save_part(member, request, "website", **await _keys(member, request))


@router.post("/public-key")
async def rotate(member: OwnerDep, key: str = Form("")) -> Response:
    """`key` is the one that the owner saw: two clicks make one new key."""
    async with member.session() as session:
        valid = await api_keys.list_public_keys(session)
        if not valid or valid[0].key != key:
            return RedirectResponse(HOME, 303)
        await api_keys.rotate_public_key(session, member.tenant_id)
        member.record(session, "public_key.rotate")
    return RedirectResponse(f"{HOME}?done=rotated#keys", 303)


@router.post("/public-key/end")
async def end_old(member: OwnerDep, key: str = Form("")) -> Response:
    async with member.session() as session:
        await api_keys.end_public_key(session, member.tenant_id, key)
        member.record(session, "public_key.end")
    return RedirectResponse(f"{HOME}?done=ended#keys", 303)


@router.post("/secret-key")
async def add_secret(member: OwnerDep, request: Request, name: str = Form("")) -> Response:
    """The answer shows the key, this once: it is kept nowhere."""
    try:
        named = clean_name(name, _LONGEST_NAME)
        async with member.session() as session:
            key = await secret_keys.add_secret_key(session, member.tenant_id, named)
            member.record(session, "secret_key.add", key[-4:], {"name": named})
    except HandledError as error:
        return await _page(member, request, key_name=name, key_problem=error.message)
    return await _page(member, request, new_key=key, key_name=named)


@router.post("/secret-key/{ending}/revoke")
async def revoke_secret(ending: str, member: OwnerDep, request: Request) -> Response:
    try:
        async with member.session() as session:
            gone = await secret_keys.revoke_secret_key(session, ending)
            member.record(session, "secret_key.revoke", ending, {"name": gone.name})
    except HandledError as error:
        if error.name != "already_revoked":
            raise
    return RedirectResponse(f"{HOME}?done=revoked#secret-keys", 303)


async def _page(
    member: Member,
    request: Request,
    *,
    said: str | None = None,
    new_key: str | None = None,
    key_name: str = "",
    key_problem: str | None = None,
) -> HTMLResponse:
    keys = await _keys(member, request)
    keys |= {"said_first": said, "new_key": new_key, "key_name": key_name, "key_problem": key_problem}
    answer = await part_page(member, request, "website", **keys)
    if key_problem:
        answer.status_code = 422
    return answer


async def _keys(member: Member, request: Request) -> dict[str, Any]:
    async with member.session() as session:
        public = await api_keys.list_public_keys(session)
        secret = [each for each in await secret_keys.list_secret_keys(session) if each.revoked_at is None]
    return {
        "public_keys": public,
        "secret_keys": secret,
        "snippet": snippet_of(site_of(request, member.desk).origin, public[0].key if public else ""),
        "said_first": None,
        "new_key": None,
        "key_name": "",
        "key_problem": None,
    }


def snippet_of(origin: str, public_key: str) -> str:
    """The one line that shows the chat on a page."""
    return f'<script src="{origin}/widget/v1.js" data-tenant="{public_key}" async></script>'
