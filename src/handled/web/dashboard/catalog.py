"""The catalog: what can be booked, and who performs it; switching it on and off, and its order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from handled.bookings import ahead
from handled.tenants.document import TenantDocument
from handled.tenants.durations import write_minutes
from handled.tenants.offers import PackageEntry, ServiceEntry, minutes_of
from handled.tenants.yaml_source import Path
from handled.web.dashboard.catalog_editing import (
    Data,
    Refusal,
    change,
    form_of,
    moved,
    open_document,
    position_of,
    text_of,
    version_of,
)
from handled.web.dashboard.deps import Member, MemberDep, OwnerDep
from handled.web.dashboard.rendering import show
from handled.web.dashboard.route import DashboardRoute

router = APIRouter(include_in_schema=False, prefix="/dashboard/catalog", route_class=DashboardRoute)

Section = Literal["services", "packages", "resources"]
HOME = "/dashboard/catalog"
_ACTIONS = {"services": "service", "packages": "package", "resources": "resource"}
_PAYMENT = {"none": "no payment in advance", "full": "paid when booked"}
_DONE = {
    "saved": "Saved.",
    "on": "It can be booked again.",
    "off": "Nobody can book it any more.",
    "removed": "Removed.",
    "kept": "It has bookings, so it stays here, switched off.",
}


@dataclass(frozen=True, slots=True)
class Row:
    """Something in the catalog: what there is to say of it, and how many of its appointments are to come."""

    key: str
    name: str
    facts: tuple[str, ...]
    price_minor: int | None
    deposit_minor: int | None
    active: bool
    ahead: int


@router.get("")
async def catalog_page(member: MemberDep, request: Request, done: str = "", about: str = "") -> HTMLResponse:
    return await _catalog(member, request, done=done, about=about)


@router.post("/{section}/{key}/active")
async def switch(section: Section, key: str, member: OwnerDep, request: Request) -> Response:
    """On or off. What is booked already stays booked."""
    form = await form_of(request)
    active = text_of(form, "active") == "yes"

    def edit(data: Data) -> Path:
        position = position_of(data, section, key)
        entry: Data = data[section][position]
        entry.pop("active", None)
        if not active:
            entry["active"] = False
        return section, position

    verb = "activate" if active else "deactivate"
    refusal = await change(member, version_of(form), edit, f"{_ACTIONS[section]}.{verb}", key)
    return await _answer(member, request, refusal, "on" if active else "off", f"{section}-{key}")


@router.post("/{section}/{key}/move")
async def reorder(section: Section, key: str, member: OwnerDep, request: Request) -> Response:
    form = await form_of(request)

    def edit(data: Data) -> Path:
        position = position_of(data, section, key)
        moved(data[section], position, text_of(form, "direction"))
        return (section,)

    refusal = await change(member, version_of(form), edit, f"{_ACTIONS[section]}.reorder", key)
    return await _answer(member, request, refusal, "", f"{section}-{key}")


@router.post("/{section}/{key}/remove")
async def remove(section: Section, key: str, member: OwnerDep, request: Request) -> Response:
    """Gone, unless bookings refer to it: then it stays, switched off."""
    form = await form_of(request)

    def edit(data: Data) -> Path:
        position = position_of(data, section, key)
        del data[section][position]
        return (section,)

    refusal = await change(member, version_of(form), edit, f"{_ACTIONS[section]}.remove", key)
    if refusal is None:
        async with member.session() as session:
            opened = await open_document(session, member)
        is_there = any(each["key"] == key for each in opened.data.get(section, []))
        return await _answer(member, request, None, "kept" if is_there else "removed", f"{section}-{key}")
    return await _answer(member, request, refusal, "", "")


async def _answer(member: Member, request: Request, refusal: Refusal | None, done: str, about: str) -> Response:
    if refusal is None:
        return RedirectResponse(f"{HOME}?done={done}&about={about}#{about}", 303)
    return await _catalog(member, request, refusal)


async def _catalog(
    member: Member, request: Request, refusal: Refusal | None = None, *, done: str = "", about: str = ""
) -> HTMLResponse:
    async with member.session() as session:
        opened = await open_document(session, member)
        booked = await ahead.by_service(session, member.tenant_id)
        occupied = await ahead.by_resource(session, member.tenant_id)
    document = opened.document
    sections = {
        "services": [_service_row(document, each, booked) for each in document.services],
        "packages": [_package_row(document, each, booked) for each in document.packages],
        "resources": _resource_rows(document, occupied),
    }
    return show(
        request,
        "catalog.html",
        status=refusal.status if refusal else 200,
        here="catalog",
        tab="services",
        version=opened.version,
        sections=sections,
        refusal=refusal,
        done=_said(sections, done, about),
        staying=staying,
    )


def _said(sections: Mapping[str, list[Row]], done: str, about: str) -> str | None:
    """What was done just now, with what stays booked of it."""
    if done not in _DONE:
        return None
    section, _, key = about.partition("-")
    row = next((each for each in sections.get(section, ()) if each.key == key), None)
    if row is None:
        return _DONE[done]
    stays = f" {staying(row.ahead)}" if row.ahead and done in ("off", "kept") else ""
    return f"{row.name}: {_DONE[done]}{stays}"


def staying(count: int) -> str:
    """What becomes of appointments that were made before a change."""
    if count == 1:
        return "1 appointment that is already booked stays as it is."
    return f"{count} appointments that are already booked stay as they are."


def _service_row(document: TenantDocument, entry: ServiceEntry, booked: Mapping[str, int]) -> Row:
    names = {each.key: each.name for each in document.resources if each.active}
    who = [names[key] for key in entry.resources or () if key in names]
    lasts = "whole day" if entry.duration is None else write_minutes(entry.duration)
    seats = (f"{entry.capacity} places",) if entry.capacity > 1 else ()
    facts = (lasts, *seats, *_payment(entry), "everybody" if len(who) == len(names) > 1 else ", ".join(who))
    return _row(entry, tuple(each for each in facts if each), booked)


def _package_row(document: TenantDocument, entry: PackageEntry, booked: Mapping[str, int]) -> Row:
    names = {each.key: each.name for each in document.services}
    includes = ", then ".join(names.get(key, key) for key in entry.includes)
    facts = (write_minutes(minutes_of(entry, document.services)), *_payment(entry), includes)
    return _row(entry, facts, booked)


def _payment(entry: ServiceEntry | PackageEntry) -> tuple[str, ...]:
    return (_PAYMENT[entry.payment],) if entry.payment in _PAYMENT else ()


def _row(entry: ServiceEntry | PackageEntry, facts: tuple[str, ...], booked: Mapping[str, int]) -> Row:
    count = booked.get(entry.key, 0)
    return Row(entry.key, entry.name, facts, entry.price, entry.deposit, entry.active, count)


def _resource_rows(document: TenantDocument, occupied: Mapping[str, int]) -> list[Row]:
    rows: list[Row] = []
    for each in document.resources:
        performs = [one.name for one in document.services if one.active and each.key in (one.resources or ())]
        does = (
            "everything" if len(performs) == sum(one.active for one in document.services) > 1 else ", ".join(performs)
        )
        facts = ("own hours" if each.hours else "hours of the business", does or "nothing yet")
        rows.append(Row(each.key, each.name, facts, None, None, each.active, occupied.get(each.key, 0)))
    return rows
