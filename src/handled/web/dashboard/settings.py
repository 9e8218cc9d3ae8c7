"""Settings: what a business says of itself, and how its desk works. Every page is a part of the tenant's document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from handled.conversations.messages import not_found
from handled.tenants.document import TenantDocument
from handled.tenants.industry import pack_of
from handled.tenants.yaml_source import Path
from handled.web.dashboard import settings_fields as fields
from handled.web.dashboard.catalog_editing import (
    Data,
    Refusal,
    change,
    form_of,
    open_document,
    sheet_of,
    version_of,
)
from handled.web.dashboard.deps import Member, OwnerDep
from handled.web.dashboard.rendering import show
from handled.web.dashboard.route import DashboardRoute
from handled.web.dashboard.settings_fields import Group

router = APIRouter(include_in_schema=False, prefix="/dashboard/settings", route_class=DashboardRoute)

Part = Literal["business", "brand", "booking", "agent", "retention", "website"]

HOME = "/dashboard/settings"
TABS = (
    ("business", "Business", HOME),
    ("brand", "Brand", f"{HOME}/brand"),
    ("website", "Website & keys", f"{HOME}/website"),
    ("booking", "Booking", f"{HOME}/booking"),
    ("agent", "Assistant", f"{HOME}/agent"),
    ("retention", "Retention", f"{HOME}/retention"),
    ("file", "File", f"{HOME}/file"),
    ("trail", "Trail", f"{HOME}/trail"),
)
_PATHS = {name: path for name, _, path in TABS}


@router.get("")
async def business_page(member: OwnerDep, request: Request, done: str = "") -> HTMLResponse:
    return await part_page(member, request, "business", done=done)


@router.post("")
async def save_business(member: OwnerDep, request: Request) -> Response:
    return await save_part(member, request, "business")


@router.get("/{part}")
async def settings_page(part: Part, member: OwnerDep, request: Request, done: str = "") -> HTMLResponse:
    if part in ("business", "website"):
        raise not_found()
    return await part_page(member, request, part, done=done)


@router.post("/{part}")
async def save(part: Part, member: OwnerDep, request: Request) -> Response:
    if part in ("business", "website"):
        raise not_found()
    return await save_part(member, request, part)


def groups_of(part: Part, document: TenantDocument, member: Member) -> tuple[Group, ...]:
    if part == "agent":
        return fields.agent(pack_of(document.pack), member.desk.budgets)
    if part == "retention":
        return fields.retention(pack_of(document.pack))
    known = {"business": fields.BUSINESS, "brand": fields.BRAND, "booking": fields.BOOKING, "website": fields.WEBSITE}
    return known[part]


async def save_part(member: Member, request: Request, part: Part, **more: Any) -> Response:
    form = await form_of(request)
    async with member.session() as session:
        opened = await open_document(session, member)
    asked = [field for group in groups_of(part, opened.document, member) for field in group.fields]
    typed = {field.name: field.typed(form) for field in asked}

    def edit(data: Data) -> Path:
        for field in asked:
            field.write(data, typed[field.name])
        return ()

    refusal = await change(member, version_of(form), edit, "settings.change", part)
    if refusal is not None:
        return await part_page(member, request, part, typed=typed, refusal=_of(refusal, typed), **more)
    return RedirectResponse(f"{_PATHS[part]}?done=saved", 303)


def _of(refusal: Refusal, typed: Mapping[str, str]) -> Refusal:
    """With what is wrong in no field of this page said at its top."""
    here = {name: text for name, text in refusal.problems.items() if name in typed}
    elsewhere = tuple(f"{name}: {text}" for name, text in refusal.problems.items() if name not in typed)
    return replace(refusal, problems=here, others=(*refusal.others, *elsewhere))


async def part_page(
    member: Member,
    request: Request,
    part: Part,
    *,
    done: str = "",
    typed: Mapping[str, str] | None = None,
    refusal: Refusal | None = None,
    **more: Any,
) -> HTMLResponse:
    async with member.session() as session:
        opened = await open_document(session, member)
    groups = groups_of(part, opened.document, member)
    saved = {field.name: field.shown(opened.data) for group in groups for field in group.fields}
    sheet = sheet_of(opened.version, saved, typed, refusal)
    return show(
        request,
        f"settings_{part}.html" if part in ("brand", "website", "agent", "booking") else "settings_part.html",
        status=sheet.status,
        here="settings",
        tabs=TABS,
        tab=part,
        title=next(label for name, label, _ in TABS if name == part),
        action=_PATHS[part],
        groups=groups,
        sheet=sheet,
        model=member.desk.model,
        done="Saved." if done == "saved" else None,
        **more,
    )
