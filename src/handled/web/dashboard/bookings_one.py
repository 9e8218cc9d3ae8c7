"""One booking: what it is, what was paid, what happened to it, and what can be done with it now."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncSession

from handled.bookings import listing, policy
from handled.bookings.view import booking_view
from handled.catalog.business import Business, service_by_id
from handled.kit import clock, money
from handled.kit.errors import HandledError
from handled.payments import ledger
from handled.proposals.actions import cancel
from handled.proposals.actions.cancel import CANCELLABLE
from handled.tables import Booking
from handled.web.dashboard.bookings_forms import HOME, find, new_token, newest_entry, stamp
from handled.web.dashboard.bookings_words import SOURCES, STATES, TONES, deed
from handled.web.dashboard.deps import Member, MemberDep
from handled.web.dashboard.rendering import show
from handled.web.dashboard.route import DashboardRoute

router = APIRouter(include_in_schema=False, prefix=HOME, route_class=DashboardRoute)

_DONE = {
    "booked": "Booked. The customer has been written to.",
    "held": "Held until it is paid. The customer has the link by mail.",
    "moved": "Moved. The customer has been written to.",
    "cancelled": "Cancelled. The customer has been written to.",
    "no_show": "Noted: the customer did not come.",
    "completed": "Noted: it took place.",
    "corrected": "Saved.",
    "refunded": "The money is on its way back.",
    "sent": "Sent again.",
    "withheld": "Not sent: this address has had as many mails today as it may get.",
}
_OVER = ("confirmed", "completed", "no_show")


@router.get("/{booking_id}")
async def booking_page(booking_id: str, member: MemberDep, request: Request, done: str = "") -> HTMLResponse:
    return await page(request, member, booking_id, done=_DONE.get(done))


async def page(
    request: Request,
    member: Member,
    booking_id: str,
    *,
    problem: HandledError | None = None,
    at: str | None = None,
    typed: dict[str, str] | None = None,
    done: str | None = None,
) -> HTMLResponse:
    """The booking as it is. After a `problem` the form `at` which it arose is open, with what was `typed`."""
    business = member.business
    async with member.session() as session:
        booking = await find(session, member, booking_id)
        history = await listing.history_view(session, booking)
        latest = await newest_entry(session, booking)
        balance = await ledger.balance(session, booking.tenant_id, booking.id)
        paid = await ledger.paid(session, booking.tenant_id, booking.id)
        costs = await _cancelling(session, business, booking)
    if done == _DONE["booked"] and booking.status == "pending_payment":
        done = _DONE["held"]
    now = clock.now()
    return show(
        request,
        "bookings_one.html",
        status=problem.status if problem else 200,
        here="bookings",
        booking=booking,
        view=booking_view(business, booking),
        state=STATES.get(booking.status, booking.status),
        tone=TONES.get(booking.status, ""),
        source=SOURCES.get(booking.source, booking.source),
        rule=policy.describe(booking.policy, booking.currency, business.locale),
        history=history,
        trail=[{**each, "said": deed(each["actor"], each["action"], each["details"])} for each in history["audit"]],
        balance=balance,
        paid=paid,
        by_policy=by_policy(business, booking, balance),
        costs=costs,
        can_move=booking.status in CANCELLABLE
        and booking.starts_at > now
        and service_by_id(business, booking.service_id) is not None,
        can_finish=booking.status in _OVER and booking.starts_at <= now,
        can_send=booking.status in CANCELLABLE and booking.ends_at > now,
        again_path=_again_path(business, booking),
        seen=stamp(latest),
        token=new_token(),
        plain=money.plain,
        problem=problem,
        at=at,
        typed=typed or {},
        done=done,
    )


async def _cancelling(session: AsyncSession, business: Business, booking: Booking) -> dict[str, Any] | None:
    """What cancelling costs by the policy now, in words; None when it cannot be cancelled."""
    try:
        cancel.check(booking)
    except HandledError:
        return None
    quote = await cancel.quote(session, business, booking)
    return {"quote": quote, "lines": cancel.cost_lines(business, booking, quote), "rule": quote.rule}


def _again_path(business: Business, booking: Booking) -> str | None:
    """Where the same is booked once more; its time is suggested while it is still ahead."""
    service = service_by_id(business, booking.service_id)
    if service is None or booking.status not in ("cancelled", "expired", "no_show", "completed"):
        return None
    values = {"service": service.key, "like": str(booking.id)}
    if booking.starts_at > clock.now():
        local = booking.starts_at.astimezone(business.zone)
        values["start"] = local.date().isoformat() if booking.whole_day else local.isoformat(timespec="minutes")
        performer = next((each for each in service.resources if each.id == booking.resource_id), None)
        values |= {"resource": performer.key} if performer and not service.includes else {}
    return f"{HOME}/new?{urlencode(values)}"


def by_policy(business: Business, booking: Booking, balance: int) -> int:
    """What would go back if it were cancelled now; of what is over or cancelled the policy has had its say."""
    if booking.status != "confirmed":
        return 0
    return policy.quote_cancel(booking, balance, business.timezone, business.locale).refund_minor
