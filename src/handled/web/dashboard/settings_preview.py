"""The chat as it would look: the real widget, in front of a conversation that is nowhere kept.

The widget sends no cookies, so what answers it here knows nobody: it repeats what its own address says.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Header, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from handled.catalog.load import business_of
from handled.conversations import greeting
from handled.conversations.messages import not_found
from handled.db.session import tenant_session
from handled.kit import clock, ids
from handled.tenants import accounts
from handled.tenants.document import Branding
from handled.web import sse
from handled.web.dashboard.deps import OwnerDep
from handled.web.dashboard.rendering import show
from handled.web.dashboard.route import DashboardRoute
from handled.web.deps import ClientDep, DeskDep
from handled.web.public.sessions import business_view

router = APIRouter(include_in_schema=False, prefix="/dashboard/settings/preview", route_class=DashboardRoute)

_LONGEST = 6000
_LONGEST_GREETING = 600
_HEARTBEAT_SECONDS = 20.0
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data: https:;"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'self'; require-trusted-types-for 'script'"
)


@router.get("")
async def preview_page(
    member: OwnerDep, request: Request, color: str = "", logo_url: str = "", greeting: str = ""
) -> HTMLResponse:
    """What is no colour, or too much, is left out as if nothing had been typed."""
    typed = {
        "color": color.strip().lower(),
        "logo_url": logo_url.strip(),
        "greeting": greeting.strip()[:_LONGEST_GREETING],
    }
    given = {name: value for name, value in typed.items() if value and _may_be(name, value)}
    answer = show(
        request,
        "settings_preview.html",
        accent=given.get("color", "#2f5d50"),
        logo=given.get("logo_url"),
        api=f"/dashboard/settings/preview/{_packed(given)}",
        key=member.business.public_key or "",
    )
    answer.headers["Content-Security-Policy"] = _POLICY
    return answer


@router.post("/{packed}/v1/public/chat/session", status_code=201)
async def begin(
    packed: str, desk: DeskDep, client: ClientDep, x_tenant_key: Annotated[str, Header(max_length=200)] = ""
) -> Response:
    """As the public one answers, with what was typed for what is saved."""
    await desk.limiter.hit("lookup", client)
    tenant_id = await accounts.find_by_public_key(desk.engine, x_tenant_key)
    if tenant_id is None:
        raise not_found()
    async with tenant_session(desk.engine, tenant_id) as session:
        saved = await business_of(session, tenant_id)
    business = replace(saved, branding=_unpacked(packed))
    text, choices = greeting.compose(business)
    message = {"messageId": str(ids.new_id()), "role": "agent", "content": text, "at": clock.now().isoformat()}
    shown: dict[str, Any] = {"cards": [], "choices": choices, "expects": []}
    return JSONResponse(
        {
            "sessionId": str(ids.new_id()),
            "sessionToken": "preview",
            "business": business_view(business),
            "message": message | shown,
            "choices": choices,
        },
        201,
    )


@router.get("/{packed}/v1/public/chat/session/{session_id}/events")
async def follow(packed: str, session_id: str, desk: DeskDep, client: ClientDep) -> sse.EventStream:
    await desk.limiter.hit("lookup", client)
    return sse.EventStream(_silence())


@router.post("/{packed}/v1/public/chat/{rest:path}")
async def decline(packed: str, rest: str) -> Response:
    message = "This is a preview: nobody answers here. Your chat page does."
    return JSONResponse({"error": "preview", "message": message}, 409)


async def _silence() -> AsyncGenerator[Sequence[tuple[int, str]]]:
    while True:
        yield ()
        await asyncio.sleep(_HEARTBEAT_SECONDS)


def _may_be(name: str, value: str) -> bool:
    try:
        Branding.model_validate({name: value})
    except ValueError:
        return False
    return True


def _packed(given: dict[str, str]) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(given)).decode().rstrip("=") or "-"


def _unpacked(packed: str) -> dict[str, Any]:
    try:
        data = orjson.loads(base64.urlsafe_b64decode(packed[:_LONGEST] + "=="))
        return Branding.model_validate(data).model_dump()
    except (binascii.Error, ValueError):
        raise not_found() from None
