"""The form of a service."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from handled.bookings import ahead
from handled.tenants.industry import GENERAL
from handled.web.dashboard import catalog_offers
from handled.web.dashboard.catalog import HOME
from handled.web.dashboard.catalog_editing import (
    Data,
    Opened,
    Refusal,
    entry_at,
    form_of,
    number_or_text,
    open_document,
    sheet_of,
    text_of,
    texts_of,
)
from handled.web.dashboard.catalog_routes import add_routes
from handled.web.dashboard.deps import Member, MemberDep
from handled.web.dashboard.rendering import show
from handled.web.dashboard.route import DashboardRoute

router = APIRouter(include_in_schema=False, prefix=HOME, route_class=DashboardRoute)

_TIMED = ("duration", "buffer_before", "buffer_after")
_NEW: Mapping[str, Any] = {
    **catalog_offers.NEW,
    **dict.fromkeys(_TIMED, ""),
    "kind": "timed",
    "duration": "45 min",
    "capacity": "1",
}


@router.post("/terms")
async def terms(member: MemberDep, request: Request) -> HTMLResponse:
    """What the terms that are being typed will be in words."""
    typed = catalog_offers.typed_in(await form_of(request))
    return show(request, "catalog_terms.html", terms=catalog_offers.terms_in_words(member.business, typed))


async def _save(member: Member, request: Request, key: str | None) -> Response:
    form = await form_of(request)
    typed = _typed_in(form)
    if "preview" in form:
        return await _page(member, request, key, typed)
    made = await catalog_offers.put(member, form, "services", key, partial(_entry_of, typed))
    if isinstance(made, Refusal):
        return await _page(member, request, key, typed, made)
    return RedirectResponse(f"{HOME}?done=saved&about=services-{made}#services-{made}", 303)


async def _page(
    member: Member,
    request: Request,
    key: str | None,
    typed: Mapping[str, Any] | None = None,
    refusal: Refusal | None = None,
) -> HTMLResponse:
    async with member.session() as session:
        opened = await open_document(session, member)
        booked = await ahead.by_service(session, member.tenant_id) if key else {}
    saved = _values_of(opened, key)
    sheet = sheet_of(opened.version, saved, typed, refusal)
    return show(
        request,
        "catalog_service.html",
        status=sheet.status,
        here="catalog",
        tab="services",
        key=key,
        title=saved["name"] or "New service",
        sheet=sheet,
        resources=[(each.key, each.name) for each in opened.document.resources if each.active],
        terms=catalog_offers.terms_in_words(member.business, sheet.values),
        ahead=booked.get(key or "", 0),
    )


def _values_of(opened: Opened, key: str | None) -> dict[str, Any]:
    active = [each.key for each in opened.document.resources if each.active]
    if key is None:
        return {**_NEW, **catalog_offers.new(opened.document.pack), "resources": active}
    entry = entry_at(opened.data, "services", key)
    return {
        **_NEW,
        "duration": "",
        **{name: str(entry[name]) for name in (*_TIMED, "kind", "capacity") if name in entry},
        **catalog_offers.values_of(entry, opened.document.pack),
        "resources": list(entry.get("resources", active)),
    }


def _typed_in(form: FormData) -> dict[str, Any]:
    return {
        **catalog_offers.typed_in(form),
        **{name: text_of(form, name) for name in (*_TIMED, "kind", "capacity")},
        "resources": texts_of(form, "resources"),
    }


def _entry_of(typed: Mapping[str, Any], old: Data, data: Data) -> Data:
    """The service as it stands in the file, after `old`."""
    entry: Data = {"key": old["key"], **catalog_offers.entry_of(typed, old, data.get("pack", GENERAL))}
    if typed["kind"] == "whole_day":
        entry["kind"] = "whole_day"
        entry.pop("step", None)
    else:
        entry |= {name: number_or_text(typed[name]) for name in _TIMED if typed[name]}
    if typed["capacity"]:
        entry["capacity"] = typed["capacity"]
    everybody = [each["key"] for each in data["resources"] if each.get("active", True)]
    before: list[str] = old.get("resources", everybody)
    # Who stays keeps their place: it is the order in which they are offered.
    chosen = [each for each in before if each in typed["resources"]]
    chosen += [each for each in typed["resources"] if each not in chosen]
    if chosen != everybody:
        entry["resources"] = chosen
    if not old.get("active", True):
        entry["active"] = False
    return entry


add_routes(router, "service", _page, _save)
