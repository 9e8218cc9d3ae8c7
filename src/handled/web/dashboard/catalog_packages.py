"""The form of a package: services in their order, and what they come to together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from handled.tenants.durations import write_minutes
from handled.tenants.industry import GENERAL
from handled.tenants.offers import MOST_INCLUDED, ServiceEntry
from handled.web.dashboard import catalog_offers
from handled.web.dashboard.catalog import HOME
from handled.web.dashboard.catalog_editing import (
    Data,
    Opened,
    Refusal,
    entry_at,
    form_of,
    open_document,
    sheet_of,
    texts_of,
)
from handled.web.dashboard.catalog_routes import add_routes
from handled.web.dashboard.deps import Member, MemberDep
from handled.web.dashboard.rendering import show
from handled.web.dashboard.route import DashboardRoute

router = APIRouter(include_in_schema=False, prefix=HOME, route_class=DashboardRoute)


@dataclass(frozen=True, slots=True)
class Total:
    """What the parts come to: `price_minor` is None when one of them has no price."""

    lasts: str
    parts: int
    price_minor: int | None


@router.post("/total")
async def total(member: MemberDep, request: Request) -> HTMLResponse:
    """What the services that are being picked come to."""
    includes = _includes(await form_of(request))
    async with member.session() as session:
        opened = await open_document(session, member)
    return show(request, "catalog_total.html", total=_total(includes, opened.document.services))


async def _save(member: Member, request: Request, key: str | None) -> Response:
    form = await form_of(request)
    typed: dict[str, Any] = {**catalog_offers.typed_in(form), "includes": _includes(form)}
    if "preview" in form:
        return await _page(member, request, key, typed)
    made = await catalog_offers.put(member, form, "packages", key, partial(_entry_of, typed))
    if isinstance(made, Refusal):
        return await _page(member, request, key, typed, made)
    return RedirectResponse(f"{HOME}?done=saved&about=packages-{made}#packages-{made}", 303)


async def _page(
    member: Member,
    request: Request,
    key: str | None,
    typed: Mapping[str, Any] | None = None,
    refusal: Refusal | None = None,
) -> HTMLResponse:
    async with member.session() as session:
        opened = await open_document(session, member)
    saved = _values_of(opened, key)
    sheet = sheet_of(opened.version, saved, typed, refusal)
    includes: list[str] = sheet.values["includes"]
    return show(
        request,
        "catalog_package.html",
        status=sheet.status,
        here="catalog",
        tab="services",
        key=key,
        title=saved["name"] or "New package",
        sheet=sheet,
        places=[*includes, *[""] * max(1, 4 - len(includes))][:MOST_INCLUDED],
        services=[each for each in opened.document.services if _fits(each) or each.key in includes],
        total=_total(includes, opened.document.services),
        terms=catalog_offers.terms_in_words(member.business, sheet.values),
    )


def _fits(service: ServiceEntry) -> bool:
    return service.active and service.kind == "timed" and service.capacity == 1


def _includes(form: FormData) -> list[str]:
    return [each for each in texts_of(form, "includes") if each]


def _total(includes: Sequence[str], services: Sequence[ServiceEntry]) -> Total:
    by_key = {each.key: each for each in services}
    parts = [by_key[key] for key in includes if key in by_key]
    prices = [each.price for each in parts]
    known = [each for each in prices if each is not None]
    lasts = write_minutes(sum(each.duration or 0 for each in parts))
    return Total(lasts, len(parts), sum(known) if len(known) == len(prices) else None)


def _values_of(opened: Opened, key: str | None) -> dict[str, Any]:
    if key is None:
        return {**catalog_offers.new(opened.document.pack), "includes": []}
    entry = entry_at(opened.data, "packages", key)
    return {**catalog_offers.values_of(entry, opened.document.pack), "includes": list(entry["includes"])}


def _entry_of(typed: Mapping[str, Any], old: Data, data: Data) -> Data:
    offer = catalog_offers.entry_of(typed, old, data.get("pack", GENERAL))
    entry: Data = {"key": old["key"], **offer, "includes": list(typed["includes"])}
    return entry if old.get("active", True) else {**entry, "active": False}


add_routes(router, "package", _page, _save)
