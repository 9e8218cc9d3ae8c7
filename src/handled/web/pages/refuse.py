"""The end of rating requests: a page with one button, which mail programs press by themselves (RFC 8058)."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from handled.conversations.messages import not_found
from handled.customers import refusals
from handled.tables import Booking, Conversation
from handled.web.deps import ClientDep, DeskDep
from handled.web.links import following_about
from handled.web.pages.rendering import linked_page

router = APIRouter(include_in_schema=False, prefix="/refuse")


@router.get("/{token}")
async def refuse_page(token: str, desk: DeskDep, client: ClientDep) -> HTMLResponse:
    async with following_about(desk, client, token, "refuse") as (session, business, subject):
        is_refused = await refusals.has_refused(session, business.id, _address(subject))
    accent = business.branding.get("color") or "#2f5d50"
    return linked_page("refuse.html", business=business, accent=accent, is_refused=is_refused, here=f"/refuse/{token}")


@router.post("/{token}")
async def refuse(token: str, desk: DeskDep, client: ClientDep) -> HTMLResponse:
    """No more of these to the address that it came to. From anywhere: it is the mail's provider that calls."""
    async with following_about(desk, client, token, "refuse") as (session, business, subject):
        await refusals.refuse_ratings(session, business.id, _address(subject))
    accent = business.branding.get("color") or "#2f5d50"
    return linked_page("refuse.html", business=business, accent=accent, is_refused=True, here=f"/refuse/{token}")


def _address(subject: Booking | Conversation) -> str:
    address = subject.customer_email if isinstance(subject, Booking) else subject.verified_email
    if address is None:
        raise not_found()
    return address
