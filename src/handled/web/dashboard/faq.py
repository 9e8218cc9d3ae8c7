"""Questions and answers: what the agent may say in the business's name, tried out before a customer asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from handled.analytics import gaps
from handled.analytics.gaps import Gap
from handled.catalog.faq import FaqEntry, match
from handled.conversations.messages import not_found
from handled.tenants.yaml_source import Path
from handled.web.dashboard.catalog import HOME
from handled.web.dashboard.catalog_editing import (
    Data,
    Refusal,
    change,
    form_of,
    moved,
    open_document,
    sheet_of,
    text_of,
    version_of,
)
from handled.web.dashboard.deps import Member, MemberDep, OwnerDep
from handled.web.dashboard.rendering import show
from handled.web.dashboard.route import DashboardRoute

router = APIRouter(include_in_schema=False, prefix=f"{HOME}/faq", route_class=DashboardRoute)

PAGE = f"{HOME}/faq"
_DONE = {"saved": "Saved. Customers get this answer from now on.", "removed": "Removed."}
_LONGEST_QUESTION = 200


@router.get("")
async def faq_page(member: MemberDep, request: Request, ask: str = "", done: str = "") -> HTMLResponse:
    return await _page(member, request, ask=ask, done=_DONE.get(done))


@router.get("/new")
async def new_page(member: OwnerDep, request: Request, gap: UUID | None = None) -> HTMLResponse:
    """Empty, or with what customers asked and nobody could answer."""
    return await _form(member, request, None, gap)


@router.post("/new")
async def add(member: OwnerDep, request: Request) -> Response:
    return await _save(member, request, None)


@router.get("/{number}")
async def entry_page(number: int, member: MemberDep, request: Request) -> HTMLResponse:
    return await _form(member, request, number)


@router.post("/{number}")
async def save(number: int, member: OwnerDep, request: Request) -> Response:
    return await _save(member, request, number)


@router.post("/{number}/move")
async def reorder(number: int, member: OwnerDep, request: Request) -> Response:
    form = await form_of(request)

    def edit(data: Data) -> Path:
        moved(_entries(data), _position(data, number), text_of(form, "direction"))
        return ("faq",)

    refusal = await change(member, version_of(form), edit, "faq.reorder", str(number))
    if refusal is not None:
        return await _page(member, request, refusal)
    return RedirectResponse(f"{PAGE}#faq-{number + (-1 if text_of(form, 'direction') == 'up' else 1)}", 303)


@router.post("/{number}/remove")
async def remove(number: int, member: OwnerDep, request: Request) -> Response:
    form = await form_of(request)

    def edit(data: Data) -> Path:
        del _entries(data)[_position(data, number)]
        return ("faq",)

    refusal = await change(member, version_of(form), edit, "faq.remove", text_of(form, "q")[:_LONGEST_QUESTION])
    if refusal is not None:
        return await _page(member, request, refusal)
    return RedirectResponse(f"{PAGE}?done=removed", 303)


def _position(data: Data, number: int) -> int:
    """Entries are numbered from 1, in their order. Raises HandledError `not_found`."""
    if not 1 <= number <= len(_entries(data)):
        raise not_found()
    return number - 1


def _entries(data: Data) -> list[Data]:
    return data.setdefault("faq", [])


async def _save(member: Member, request: Request, number: int | None) -> Response:
    form = await form_of(request)
    typed = {"q": text_of(form, "q"), "a": text_of(form, "a")}
    gap_id = _id(text_of(form, "gap"))

    def edit(data: Data) -> Path:
        entries = _entries(data)
        if number is None:
            entries.append(typed)
            return "faq", len(entries) - 1
        entries[_position(data, number)] = typed
        return "faq", number - 1

    action = "faq.add" if number is None else "faq.change"
    refusal = await change(member, version_of(form), edit, action, typed["q"][:_LONGEST_QUESTION])
    if refusal is not None:
        return await _form(member, request, number, gap_id, typed, refusal)
    if gap_id is not None:
        async with member.session() as session:
            if gap := await gaps.find_gap(session, member.tenant_id, gap_id):
                await gaps.close(session, member.tenant_id, gap, "answered")
        return RedirectResponse(f"{HOME}/gaps?done=answered", 303)
    return RedirectResponse(f"{PAGE}?done=saved", 303)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


async def _page(
    member: Member, request: Request, refusal: Refusal | None = None, *, ask: str = "", done: str | None = None
) -> HTMLResponse:
    async with member.session() as session:
        opened = await open_document(session, member)
    entries = opened.document.faq
    return show(
        request,
        "faq.html",
        status=refusal.status if refusal else 200,
        here="catalog",
        tab="faq",
        version=opened.version,
        entries=entries,
        ask=ask,
        answers=match(ask, [FaqEntry(each.q, each.a) for each in entries]) if ask.strip() else [],
        refusal=refusal,
        done=done,
    )


async def _form(
    member: Member,
    request: Request,
    number: int | None,
    gap_id: UUID | None = None,
    typed: Mapping[str, Any] | None = None,
    refusal: Refusal | None = None,
) -> HTMLResponse:
    gap: Gap | None = None
    async with member.session() as session:
        opened = await open_document(session, member)
        if gap_id is not None:
            gap = await gaps.find_gap(session, member.tenant_id, gap_id)
    saved = {"q": " ".join(gap.newest.question.split())[:_LONGEST_QUESTION] if gap else "", "a": ""}
    if number is not None:
        saved = dict(_entries(opened.data)[_position(opened.data, number)])
    sheet = sheet_of(opened.version, saved, typed, refusal)
    return show(
        request,
        "faq_entry.html",
        status=sheet.status,
        here="catalog",
        tab="faq",
        number=number,
        sheet=sheet,
        gap=gap,
    )
