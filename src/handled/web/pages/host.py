"""Somebody else's page with the chat on it, for trying the widget out. Not in production.

The page allows its chat what a careful site would, and no more: our origin for scripts and calls, and Trusted Types.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from handled.catalog.load import business_of
from handled.conversations.messages import not_found
from handled.db.session import tenant_session
from handled.tenants import accounts
from handled.web.deps import DeskDep
from handled.web.pages.rendering import page

router = APIRouter(include_in_schema=False)


@router.get("/widget/demo/{slug}")
async def host_page(
    slug: str,
    request: Request,
    desk: DeskDep,
    lang: Annotated[str, Query(max_length=20, pattern=r"^[a-zA-Z-]*$")] = "",
    storage: Annotated[str, Query(max_length=20, pattern=r"^[a-z]*$")] = "",
) -> HTMLResponse:
    """A plain site of the business. `lang` and `storage` become the script tag's attributes."""
    tenant_id = await accounts.find_by_slug(desk.engine, slug)
    if tenant_id is None:
        raise not_found()
    async with tenant_session(desk.engine, tenant_id) as session:
        business = await business_of(session, tenant_id)
    origin = desk.public_url or str(request.base_url).rstrip("/")
    return page(
        "host.html",
        policy=_policy(origin),
        business=business,
        accent=business.branding.get("color") or "#2f5d50",
        origin=origin,
        lang=lang,
        storage=storage,
    )


def _policy(origin: str) -> str:
    """What docs/widget.md tells other sites to allow, and this page's own style sheet."""
    return (
        f"default-src 'none'; script-src {origin}; connect-src {origin}; style-src {origin};"
        " require-trusted-types-for 'script'; trusted-types 'none'"
    )
