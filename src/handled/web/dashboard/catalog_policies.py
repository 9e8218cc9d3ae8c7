"""Policies: what customers are told of the rules of the house."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from handled.tenants.yaml_source import Path
from handled.web.dashboard.catalog import HOME
from handled.web.dashboard.catalog_editing import (
    Data,
    Refusal,
    change,
    form_of,
    open_document,
    sheet_of,
    texts_of,
    version_of,
)
from handled.web.dashboard.deps import Member, MemberDep, OwnerDep
from handled.web.dashboard.rendering import show
from handled.web.dashboard.route import DashboardRoute

router = APIRouter(include_in_schema=False, prefix=f"{HOME}/policies", route_class=DashboardRoute)


@router.get("")
async def policies_page(member: MemberDep, request: Request, done: str = "") -> HTMLResponse:
    return await _page(member, request, done="Saved." if done == "saved" else None)


@router.post("")
async def save(member: OwnerDep, request: Request) -> Response:
    """Those that are left empty are gone."""
    form = await form_of(request)
    typed = [each.replace("\r\n", "\n") for each in texts_of(form, "policies") if each]

    def edit(data: Data) -> Path:
        data["policies"] = typed
        return ("policies",)

    refusal = await change(member, version_of(form), edit, "policies.change", "policies")
    if refusal is not None:
        return await _page(member, request, {"policies": typed}, refusal)
    return RedirectResponse(f"{HOME}/policies?done=saved", 303)


async def _page(
    member: Member,
    request: Request,
    typed: Mapping[str, Any] | None = None,
    refusal: Refusal | None = None,
    done: str | None = None,
) -> HTMLResponse:
    async with member.session() as session:
        opened = await open_document(session, member)
    sheet = sheet_of(opened.version, {"policies": list(opened.document.policies)}, typed, refusal)
    return show(
        request,
        "catalog_policies.html",
        status=sheet.status,
        here="catalog",
        tab="policies",
        sheet=sheet,
        done=done,
    )
