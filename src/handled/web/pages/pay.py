"""The pay link: what is to be paid and until when, and the way to the page where it is paid.

Opening it creates nothing: programs that preview links open it too. Coming back from the gateway's page proves
nothing: what is shown is what we know.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from handled.catalog.business import Business, service_by_id
from handled.conversations.messages import not_found
from handled.db.session import tenant_session
from handled.kit import clock, money, site
from handled.kit.errors import HandledError
from handled.kit.when.spoken import spoken_moment, spoken_time, zone_name
from handled.notifications import jobs
from handled.payments import checkout, ledger, reconcile
from handled.payments.gateways import Gateway, GatewayRefused, GatewayUnavailable
from handled.tables import Booking, Payment
from handled.tenants.links import Link
from handled.web.deps import ClientDep, Desk, DeskDep
from handled.web.links import linked, read_link
from handled.web.pages.rendering import PAGE_POLICY, linked_page

router = APIRouter(include_in_schema=False, prefix="/pay")

# Who has just come back asks every few seconds; the gateway is not asked as often.
_LOOK_AGAIN_AFTER = timedelta(seconds=5)

State = Literal["open", "waiting", "paid", "refunded", "expired", "cancelled"]


@dataclass(frozen=True, slots=True)
class Due:
    """A booking that the link is about, and its payment."""

    business: Business
    booking: Booking
    payment: Payment
    state: State
    is_mailed: bool


@router.get("/{token}")
async def pay_page(token: str, request: Request, desk: DeskDep, client: ClientDep, back: str = "") -> HTMLResponse:
    await desk.limiter.hit("lookup", client)
    due = await _due(desk, token, came_back=back == "done")
    return _show(due, token, back=back)


@router.get("/{token}/state")
async def pay_state(token: str, desk: DeskDep, client: ClientDep, back: str = "") -> JSONResponse:
    """The state alone, for a page that waits for it to change."""
    await desk.limiter.hit("lookup", client)
    due = await _due(desk, token, came_back=back == "done")
    return JSONResponse({"state": due.state}, headers={"Cache-Control": "no-store"})


@router.post("/{token}")
async def pay(token: str, desk: DeskDep, client: ClientDep) -> Response:
    """To the page where it is paid; back to ours when there is nothing to be paid, or no way to it right now."""
    await desk.limiter.hit("lookup", client)
    due = await _due(desk, token)
    if desk.gateway is None or due.state != "open":
        return RedirectResponse(f"/pay/{token}", 303)
    try:
        url = await checkout.start(desk.engine, desk.gateway, due.business, due.payment.id)
    except checkout.CheckoutClosed as closed:
        return RedirectResponse(f"/pay/{token}{'' if closed.reason == 'over' else '?back=done'}", 303)
    except (GatewayUnavailable, GatewayRefused) as problem:
        answer = _show(due, token, problem=problem)
        answer.status_code = problem.status
        if problem.status == 503:
            answer.headers["Retry-After"] = "15"
        return answer
    return RedirectResponse(url, 303, {"Cache-Control": "no-store"})


async def _due(desk: Desk, token: str, *, came_back: bool = False) -> Due:
    """What the link is about. Raises the one `not_found` for every link that is not genuine."""
    link = read_link(token, "pay")
    async with tenant_session(desk.engine, link.tenant_id) as session:
        due = await _read(session, link)
    if came_back and due.state == "open" and desk.gateway is not None and await _look(desk, desk.gateway, due):
        async with tenant_session(desk.engine, link.tenant_id) as session:
            due = await _read(session, link)
    if came_back and due.state == "open":
        return replace(due, state="waiting")
    return due


async def _read(session: AsyncSession, link: Link) -> Due:
    business, booking = await linked(session, link)
    payment = await checkout.newest(session, link.tenant_id, link.subject_id)
    if payment is None:
        raise not_found()
    held = await ledger.balance(session, link.tenant_id, booking.id)
    is_mailed = await jobs.is_mailed(session, link.tenant_id, booking.id, ("booking_confirmed", "payment_received"))
    return Due(business, booking, payment, _state(booking, payment, held), is_mailed)


async def _look(desk: Desk, gateway: Gateway, due: Due) -> bool:
    """Ask the gateway how it is, unless we have just done so; False when there is no news."""
    checked = due.payment.checked_at
    if checked is not None and checked > clock.now() - _LOOK_AGAIN_AFTER:
        return False
    try:
        await reconcile.look(desk.engine, gateway, due.business.id, due.payment.id)
    except GatewayUnavailable:
        return False
    return True


def _state(booking: Booking, payment: Payment, held_minor: int) -> State:
    if payment.status == "paid":
        return "paid" if held_minor > 0 else "refunded"
    if payment.is_underway:
        return "waiting"
    if booking.status == "cancelled":
        return "cancelled"
    if payment.status == "open" and payment.purpose == "difference" and booking.status == "confirmed":
        return "open"
    is_held = booking.hold_expires_at is not None and booking.hold_expires_at > clock.now()
    return "open" if payment.status == "open" and booking.status == "pending_payment" and is_held else "expired"


def _show(due: Due, token: str, *, back: str = "", problem: HandledError | None = None) -> HTMLResponse:
    business, booking = due.business, due.booking
    service = service_by_id(business, booking.service_id)
    starts = booking.starts_at.astimezone(business.zone)
    return linked_page(
        "pay.html",
        policy=_policy(),
        business=business,
        accent=business.branding.get("color") or "#2f5d50",
        state=due.state,
        is_mailed=due.is_mailed,
        service=service.name if service else None,
        moment=_moment(business, starts, whole_day=booking.whole_day),
        zone=None if booking.whole_day else zone_name(business.zone, starts, business.locale),
        code=booking.code,
        amount=money.format(due.payment.amount_minor, due.payment.currency, business.locale),
        held_until=booking.hold_expires_at,
        held_until_said=_held_until(business, booking),
        action=f"/pay/{token}",
        has_left=back == "left",
        problem=problem,
    )


def _moment(business: Business, starts: datetime, *, whole_day: bool) -> str:
    today = clock.now().astimezone(business.zone).date()
    return spoken_moment(starts.date(), None if whole_day else starts.time(), today, business.locale)


def _held_until(business: Business, booking: Booking) -> str | None:
    if booking.hold_expires_at is None:
        return None
    return spoken_time(booking.hold_expires_at.astimezone(business.zone).time(), business.locale)


def _policy() -> str:
    # Browsers hold the answer to a form to this too, and the gateway's page has an address of its own.
    return PAGE_POLICY.replace("form-action 'self'", f"form-action 'self' https: {site.url('')}")
