"""The form of a resource: who or what a booking occupies. Its hours are on the page of hours."""

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
    entry_at,
    form_of,
    key_for,
    open_document,
    position_of,
    sheet_of,
    text_of,
    texts_of,
    version_of,
)
from handled.web.dashboard.catalog_routes import add_routes
from handled.web.dashboard.deps import Member
from handled.web.dashboard.rendering import show
from handled.web.dashboard.route import DashboardRoute

router = APIRouter(include_in_schema=False, prefix=HOME, route_class=DashboardRoute)


async def _save(member: Member, request: Request, key: str | None) -> Response:
    form = await form_of(request)
    typed: dict[str, Any] = {"name": text_of(form, "name"), "performs": texts_of(form, "performs")}
    made = ""

    def edit(data: Data) -> Path:
        nonlocal made
        entries: list[Data] = data["resources"]
        before = [each["key"] for each in entries if each.get("active", True)]
        if key is None:
            made = key_for(typed["name"], {each["key"] for each in entries})
            entries.append({"key": made, "name": typed["name"]})
            position = len(entries) - 1
        else:
            position, made = position_of(data, "resources", key), key
            entries[position] = {**entries[position], "name": typed["name"]}
        _perform(data, made, typed["performs"], before)
        return "resources", position

    action = "resource.add" if key is None else "resource.change"
    refusal = await change(member, version_of(form), edit, action, key or typed["name"][:100])
    if refusal is not None:
        return await _page(member, request, key, typed, refusal)
    return RedirectResponse(f"{HOME}?done=saved&about=resources-{made}#resources-{made}", 303)


def _perform(data: Data, key: str, performs: list[str], before: list[str]) -> None:
    """Put the resource among those who perform these services, and take it from all others. A service that names nobody
    was performed by everybody there was `before`."""
    everybody = [each["key"] for each in data["resources"] if each.get("active", True)]
    for service in data.get("services", []):
        who: list[str] = list(service.get("resources", before))
        if service["key"] in performs and key not in who:
            who.append(key)
        if service["key"] not in performs and key in who:
            who.remove(key)
        service.pop("resources", None)
        if who != everybody:
            service["resources"] = who


async def _page(
    member: Member,
    request: Request,
    key: str | None,
    typed: Mapping[str, Any] | None = None,
    refusal: Refusal | None = None,
) -> HTMLResponse:
    async with member.session() as session:
        opened = await open_document(session, member)
    services = [each for each in opened.document.services if each.active or key in (each.resources or ())]
    saved: dict[str, Any] = {"name": "", "performs": [each.key for each in services]}
    if key is not None:
        entry = entry_at(opened.data, "resources", key)
        saved = {"name": entry["name"], "performs": [each.key for each in services if key in (each.resources or ())]}
    sheet = sheet_of(opened.version, saved, typed, refusal)
    return show(
        request,
        "catalog_resource.html",
        status=sheet.status,
        here="catalog",
        tab="services",
        key=key,
        title=saved["name"] or "New resource",
        sheet=sheet,
        services=[(each.key, each.name) for each in services],
    )


add_routes(router, "resource", _page, _save)
