"""Channels: where customers reach the desk, and what leaves it."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from handled.web.dashboard.deps import MemberDep
from handled.web.dashboard.passkeys import site_of
from handled.web.dashboard.rendering import show
from handled.web.dashboard.route import DashboardRoute
from handled.web.dashboard.settings_keys import snippet_of

router = APIRouter(include_in_schema=False, prefix="/dashboard/channels", route_class=DashboardRoute)


@router.get("")
async def channels_page(member: MemberDep, request: Request) -> HTMLResponse:
    business, desk = member.business, member.desk
    origin = site_of(request, desk).origin
    return show(
        request,
        "channels.html",
        here="channels",
        chat_page=f"{origin}/c/{business.slug}",
        snippet=snippet_of(origin, business.public_key or ""),
        mail_by=desk.mail_by,
        mail_from=desk.mail_from,
        gateway=desk.gateway.name if desk.gateway else None,
        paid_services=sum(each.payment_rule != "none" for each in business.services),
    )
