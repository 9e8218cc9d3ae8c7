"""Privacy: what is known of a customer, given to them or erased. Addresses are sent in forms, never in an address."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handled.customers import privacy
from handled.customers.subject import erased_hash
from handled.kit.errors import HandledError
from handled.tables import Erasure
from handled.tenants import accounts, industry
from handled.web.dashboard.deps import Member, OwnerDep
from handled.web.dashboard.rendering import show
from handled.web.dashboard.route import DashboardRoute

router = APIRouter(include_in_schema=False, prefix="/dashboard/privacy", route_class=DashboardRoute)

HOME = "/dashboard/privacy"
_LEDGER = 50
_LONGEST_EMAIL = 500
_NOTHING = HandledError("not_found", "Nothing is known here of that address.", 404)
_WORDS = {
    "customers": "the customer's entry",
    "bookings": "bookings",
    "conversations": "conversations",
    "messages": "messages",
    "escalations": "escalations",
    "notifications": "mails",
    "ratings": "ratings",
    "thumbs": "thumbs",
    "audit_entries": "entries in the trails of bookings",
    "proposals": "proposals",
    "turns": "turns of the assistant",
    "turn_events": "pieces of turns",
    "conversation_events": "events of conversations",
    "one_time_codes": "one-time codes",
    "customer_preferences": "preferences",
    "mail_refusals": "mails that were declined",
    "sandbox_checkouts": "checkouts of the sandbox",
    "payments": "payments",
    "refunds": "refunds",
    "idempotent_requests": "notes that keep a form from being done twice",
}


@router.get("")
async def privacy_page(member: OwnerDep, request: Request, done: str = "") -> HTMLResponse:
    said = "Erased. What stays says nothing of whom it was for." if done == "erased" else None
    return await _page(member, request, done=said)


@router.post("/find")
async def find(member: OwnerDep, request: Request, email: str = Form("")) -> HTMLResponse:
    """A form that changes nothing: so no address of a customer stands in an address of ours."""
    return await _page(member, request, email=email)


@router.post("/export")
async def export(member: OwnerDep, email: str = Form("")) -> Response:
    async with member.session() as session:
        known = await _known(session, member, email)
        member.record(session, "customer.export", _customer_id(known))
    headers = {
        "Content-Disposition": 'attachment; filename="customer.json"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    content = orjson.dumps(known, default=_plain, option=orjson.OPT_INDENT_2)
    return Response(content, media_type="application/json", headers=headers)


@router.post("/erase")
async def erase(
    member: OwnerDep, request: Request, email: str = Form(""), again: str = Form(""), force: bool = Form(False)
) -> Response:
    """Only with the address typed once more."""
    if again.strip().lower() != email.strip().lower():
        problem = HandledError("not_the_same", "That is not the same address. Type it once more to erase.", 422)
        return await _page(member, request, email=email, error=problem)
    try:
        async with member.session() as session:
            known = await _known(session, member, email)
            subject = _customer_id(known)
            erased = await privacy.erase(session, member.tenant_id, email, by=member.who.name, force=force)
            member.record(session, "customer.erase", subject, {"rows": sum(erased["counts"].values())})
    except HandledError as error:
        return await _page(member, request, email=email, error=error)
    return RedirectResponse(f"{HOME}?done=erased", 303)


async def _known(session: AsyncSession, member: Member, email: str) -> dict[str, Any]:
    if not email.strip() or len(email) > _LONGEST_EMAIL or "\0" in email:
        raise _NOTHING
    return await privacy.export(session, member.tenant_id, email.strip().lower())


def _customer_id(known: dict[str, Any]) -> str | None:
    """The trail cannot be changed any more: of a customer it names the id alone."""
    rows = known["tables"].get("customers")
    return str(rows[0]["id"]) if rows else None


def _plain(value: Any) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)


async def _page(
    member: Member, request: Request, *, email: str = "", done: str | None = None, error: HandledError | None = None
) -> HTMLResponse:
    known: dict[str, Any] | None = None
    erased_at: datetime | None = None
    async with member.session() as session:
        if email.strip() and (error is None or error.status != 404):
            try:
                known = await _known(session, member, email)
            except HandledError as unknown:
                error = unknown
                erased_at = await _erased(session, member, email)
        ledger = await _ledger(session, member)
        own = (await accounts.get_tenant(session, member.tenant_id)).retention_days
    counts = (
        [(_WORDS.get(name, name.replace("_", " ")), len(rows)) for name, rows in known["tables"].items()]
        if known
        else []
    )
    return show(
        request,
        "privacy.html",
        status=error.status if error else 200,
        here="privacy",
        email=email,
        known=known,
        counts=counts,
        erased_at=erased_at,
        error=error,
        ledger=ledger,
        days=industry.retention_days(member.business.pack, own),
        done=done,
    )


async def _erased(session: AsyncSession, member: Member, email: str) -> datetime | None:
    """When this address was erased, if it was."""
    mark = erased_hash(member.business.link_key, email)
    found = select(Erasure.created_at).where(Erasure.tenant_id == member.tenant_id, Erasure.subject_hash == mark)
    return await session.scalar(found.order_by(Erasure.created_at.desc()).limit(1))


async def _ledger(session: AsyncSession, member: Member) -> Sequence[Erasure]:
    query = select(Erasure).where(Erasure.tenant_id == member.tenant_id)
    return (await session.scalars(query.order_by(Erasure.created_at.desc(), Erasure.id.desc()).limit(_LEDGER))).all()
