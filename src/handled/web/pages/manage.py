"""The manage link: a booking as its customer sees it, and cancelling it in two steps. Moving it: `web.pages.move`.

Opening a page changes nothing: mail scanners open links too.
"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from handled.bookings import facts, listing
from handled.bookings.view import booking_view, pay_path
from handled.catalog.business import Business
from handled.kit import clock
from handled.kit.errors import HandledError
from handled.kit.when.spoken import spoken_date, spoken_time, zone_name
from handled.proposals.actions import by_link
from handled.tables import Booking
from handled.web.deps import ClientDep, DeskDep, check_same_site
from handled.web.links import following
from handled.web.pages.rendering import linked_page
from handled.web.public.bookings import calendar_path, in_a_calendar

router = APIRouter(include_in_schema=False, prefix="/b")

_DONE = ("cancelled", "moved", "moved-unmailed")


@router.get("/{token}")
async def booking_page(token: str, desk: DeskDep, client: ClientDep, done: str = "") -> HTMLResponse:
    async with following(desk, client, token, "manage") as (session, business, booking):
        return await show(session, business, booking, token, done=done)


@router.get("/{token}/cancel")
async def cancel_page(token: str, desk: DeskDep, client: ClientDep) -> Response:
    """What it would cost, to be confirmed."""
    async with following(desk, client, token, "manage") as (session, business, booking):
        return await _ask(session, business, booking, token)


@router.post("/{token}/cancel")
async def cancel(
    token: str, request: Request, desk: DeskDep, client: ClientDep, quote: str = Form("", max_length=200)
) -> Response:
    """Cancel it on the terms that the page has shown; when they have changed, they are shown again."""
    await check_same_site(request, desk)
    try:
        async with following(desk, client, token, "manage") as (session, business, booking):
            await by_link.cancel_now(session, business, booking, quote)
    except HandledError as problem:
        if problem.name not in ("quote_changed", "not_cancellable"):
            raise
        async with following(desk, client, token, "manage") as (session, business, booking):
            return await _ask(session, business, booking, token, problem=problem)
    return RedirectResponse(f"/b/{token}?done=cancelled", 303, {"Cache-Control": "no-store"})


async def _ask(
    session: AsyncSession, business: Business, booking: Booking, token: str, *, problem: HandledError | None = None
) -> HTMLResponse:
    terms = await by_link.cancel_terms(session, business, booking)
    if terms.refusal is not None:
        # Cancelled twice, in two tabs say: the page itself tells how it stands.
        return await show(session, business, booking, token, problem=problem and terms.refusal)
    return linked_page(
        "manage_cancel.html",
        status=problem.status if problem else 200,
        **frame(business, booking, token),
        terms=terms,
        problem=problem,
    )


async def show(
    session: AsyncSession,
    business: Business,
    booking: Booking,
    token: str,
    *,
    done: str = "",
    problem: HandledError | None = None,
) -> HTMLResponse:
    """The booking's own page, with the `problem` that led back to it."""
    money = await listing.history_view(session, booking)
    unpaid = await by_link.find_unpaid(session, booking)
    return linked_page(
        "manage.html",
        status=problem.status if problem else 200,
        **frame(business, booking, token),
        state=_state(booking),
        done=done if done in _DONE else "",
        problem=problem,
        price=facts.price_text(booking.price_minor, booking.currency, business.locale),
        fee=_amount(business, booking, booking.fee_minor),
        paid=_amount(business, booking, money["balance"]["amount"]),
        refunds=[
            {"amount": _amount(business, booking, each["amount"]["amount"]), "status": each["status"]}
            for each in money["refunds"]
        ],
        due=_amount(business, booking, unpaid.amount_minor) if unpaid else None,
        pay_path=pay_path(business, booking),
        held_until=_held_until(business, booking),
        cancelling=await by_link.cancel_terms(session, business, booking),
        moving=await by_link.move_terms(session, business, booking),
        calendar_path=calendar_path(token) if in_a_calendar(booking) and booking.status == "confirmed" else None,
    )


def frame(business: Business, booking: Booking, token: str) -> dict[str, Any]:
    """What every page about the booking needs."""
    view, starts = booking_view(business, booking), booking.starts_at.astimezone(business.zone)
    today = clock.now().astimezone(business.zone).date()
    return {
        "business": business,
        "accent": business.branding.get("color") or "#2f5d50",
        "booking": view,
        "label": view["label"] or "Appointment",
        "day": spoken_date(starts.date(), today, business.locale),
        "hours": _hours(business, booking),
        "zone": None if booking.whole_day else zone_name(business.zone, starts, business.locale),
        "here": f"/b/{token}",
    }


def _hours(business: Business, booking: Booking) -> str:
    if booking.whole_day:
        return "All day"
    first, last = (
        spoken_time(each.astimezone(business.zone).time(), business.locale)
        for each in (booking.starts_at, booking.ends_at)
    )
    return f"{first} – {last}"


def _state(booking: Booking) -> str:
    """`upcoming`, `unpaid`, `over`, `cancelled` or `expired`."""
    if booking.status in ("cancelled", "expired"):
        return booking.status
    if booking.status in ("completed", "no_show") or booking.starts_at <= clock.now():
        return "over"
    return "unpaid" if booking.status == "pending_payment" else "upcoming"


def _held_until(business: Business, booking: Booking) -> str | None:
    if booking.hold_expires_at is None:
        return None
    return spoken_time(booking.hold_expires_at.astimezone(business.zone).time(), business.locale)


def _amount(business: Business, booking: Booking, amount_minor: int | None) -> str | None:
    return facts.amount_text(business, booking, amount_minor or 0)
