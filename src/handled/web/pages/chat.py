"""The hosted chat page of each tenant, and the widget that every page uses."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from handled.catalog.hours_text import hours_lines
from handled.catalog.load import business_of
from handled.conversations.messages import not_found
from handled.db.session import tenant_session
from handled.tenants import accounts
from handled.web.deps import DeskDep
from handled.web.pages.rendering import page, static_file

router = APIRouter(include_in_schema=False)


@router.get("/c/{slug}")
async def chat_page(slug: str, request: Request, desk: DeskDep) -> HTMLResponse:
    tenant_id = await accounts.find_by_slug(desk.engine, slug)
    if tenant_id is None:
        raise not_found()
    async with tenant_session(desk.engine, tenant_id) as session:
        business = await business_of(session, tenant_id)
    return page(
        "chat.html",
        business=business,
        accent=business.branding.get("color") or "#2f5d50",
        public_key=business.public_key,
        api_base=desk.public_url or str(request.base_url).rstrip("/"),
        script_url="/widget/v1.js",
        css_url="/static/page.css",
        hours=hours_lines(business, business.locale),
    )


@router.get("/widget/v1.js")
async def widget_script(request: Request) -> Response:
    return static_file(request, "widget-v1.js")


@router.get("/widget/v1/{language}.json")
async def widget_texts(language: str, request: Request) -> Response:
    """The widget's words in another language. The widget asks for them by their edition, so they keep for good."""
    return static_file(request, f"widget-v1.{language}.json", seconds=31_536_000)


@router.get("/favicon.ico")
async def icon(request: Request) -> Response:
    return static_file(request, "icon.svg", seconds=86_400)


@router.get("/static/{name}")
async def static(name: str, request: Request) -> Response:
    return static_file(request, name)
