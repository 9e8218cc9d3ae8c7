"""One booking: what it is, what was paid, what happened to it; and everything but moving that can be done with it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from handled.bookings import edits, lifecycle, listing, notify, policy
from handled.bookings.edits import Corrections
from handled.bookings.view import booking_view
from handled.catalog.business import Business, service_by_id
from handled.kit import clock, money
from handled.kit.errors import HandledError
from handled.payments import ledger, refunds
from handled.proposals.actions import by_staff, cancel
from handled.proposals.actions.cancel import CANCELLABLE, GivesBack
from handled.tables import Booking
from handled.web.dashboard.bookings_forms import HOME, Sent, by, find, locked, new_token, newest_entry, once, stamp
from handled.web.dashboard.bookings_words import SOURCES, STATES, TONES, deed
from handled.web.dashboard.deps import Member, MemberDep, OwnerDep
from handled.web.dashboard.rendering import show
from handled.web.dashboard.route import DashboardRoute
from handled.web.tenant import asked as meant

router = APIRouter(include_in_schema=False, prefix=HOME, route_class=DashboardRoute)

_MAX_REASON = 300
_DONE = {
    "booked": "Booked. The customer has been written to.",
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

Do = Callable[[AsyncSession, Booking], Awaitable[str]]


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
        by_policy=_by_policy(business, booking, balance),
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


async def change(
    request: Request, member: Member, booking_id: str, sent: Sent, form: str, typed: dict[str, str], do: Do
) -> Response:
    """Carry one form out; what it says is wrong is said beside it, with what was typed."""

    async def act(session: AsyncSession) -> str:
        booking = await locked(session, member, booking_id, sent.seen)
        done = await do(session, booking)
        return f"{HOME}/{booking.id}?done={done}"

    try:
        return await once(member, sent, [form, booking_id, sent.seen, typed], act)
    except HandledError as problem:
        if problem.status not in (409, 422):
            raise
        return await page(request, member, booking_id, problem=problem, at=form, typed=typed)


@router.post("/{booking_id}/cancel")
async def cancel_booking(
    booking_id: str,
    member: MemberDep,
    request: Request,
    token: str = Form(""),
    seen: str = Form(""),
    refund: str = Form("policy"),
    amount: str = Form("", max_length=40),
    reason: str = Form("", max_length=4000),
) -> Response:
    """By its policy; an owner may have something else go back, and says why."""

    async def do(session: AsyncSession, booking: Booking) -> str:
        gives_back: GivesBack = "policy"
        if refund == "other":
            gives_back = _other_amount(member, booking, amount, reason)
        why = _reason(reason)
        await by_staff.cancel_now(session, member.business, booking, gives_back, by(member, why))
        member.record(session, "booking.cancel", str(booking.id), {"code": booking.code, "refund": gives_back})
        return "cancelled"

    typed = {"refund": refund, "amount": amount, "reason": reason}
    return await change(request, member, booking_id, Sent(token, seen), "cancel", typed, do)


@router.post("/{booking_id}/refund")
async def refund_booking(
    booking_id: str,
    member: OwnerDep,
    request: Request,
    token: str = Form(""),
    seen: str = Form(""),
    refund: str = Form("other"),
    amount: str = Form("", max_length=40),
    reason: str = Form("", max_length=4000),
) -> Response:
    """Give money back while the booking stays what it is."""

    async def do(session: AsyncSession, booking: Booking) -> str:
        balance = await ledger.balance(session, booking.tenant_id, booking.id)
        if refund == "policy":
            minor = _by_policy(member.business, booking, balance)
        else:
            minor = _other_amount(member, booking, amount, reason)
        if minor <= 0:
            raise _wrong("amount", "Say how much goes back: more than nothing.")
        if minor > balance:
            raise _wrong("amount", f"No more than {_said(member.business, balance, booking)} is left of what was paid.")
        await refunds.queue(session, booking.tenant_id, booking.id, minor, "business")
        why = by(member, _reason(reason))
        lifecycle.record_by(session, booking, why, "refunded", amount_minor=minor)
        member.record(session, "booking.refund", str(booking.id), {"code": booking.code, "amount_minor": minor})
        return "refunded"

    typed = {"refund": refund, "amount": amount, "reason": reason}
    return await change(request, member, booking_id, Sent(token, seen), "refund", typed, do)


@router.post("/{booking_id}/no-show")
async def no_show(
    booking_id: str, member: MemberDep, request: Request, token: str = Form(""), seen: str = Form("")
) -> Response:
    do = _finishing(member, "no_show")
    return await change(request, member, booking_id, Sent(token, seen), "no_show", {}, do)


@router.post("/{booking_id}/complete")
async def complete(
    booking_id: str, member: MemberDep, request: Request, token: str = Form(""), seen: str = Form("")
) -> Response:
    do = _finishing(member, "completed")
    return await change(request, member, booking_id, Sent(token, seen), "completed", {}, do)


def _finishing(member: Member, status: str) -> Do:
    async def do(session: AsyncSession, booking: Booking) -> str:
        await lifecycle.finish(session, booking, status, actor=by(member))
        member.record(session, f"booking.{status}", str(booking.id), {"code": booking.code})
        return status

    return do


@router.post("/{booking_id}/resend")
async def send_again(
    booking_id: str, member: MemberDep, request: Request, token: str = Form(""), seen: str = Form("")
) -> Response:
    async def do(session: AsyncSession, booking: Booking) -> str:
        if booking.status not in CANCELLABLE or booking.ends_at <= clock.now():
            raise HandledError("not_standing", "Only a booking that still stands is confirmed again.", 409)
        fate = await notify.notify_again(session, member.business, booking)
        if fate == "withheld":
            return "withheld"
        lifecycle.record_by(session, booking, by(member), "confirmation_sent")
        member.record(session, "booking.resend", str(booking.id), {"code": booking.code})
        return "sent"

    return await change(request, member, booking_id, Sent(token, seen), "resend", {}, do)


@router.post("/{booking_id}/correct")
async def correct(
    booking_id: str,
    member: MemberDep,
    request: Request,
    token: str = Form(""),
    seen: str = Form(""),
    name: str = Form("", max_length=20_000),
    phone: str = Form("", max_length=400),
    notes: str = Form("", max_length=20_000),
) -> Response:
    """The customer's name and phone, and the notes."""

    async def do(session: AsyncSession, booking: Booking) -> str:
        corrections = corrections_of(member.business, name, phone, notes)
        await edits.correct(session, booking, corrections, actor=by(member))
        member.record(session, "booking.correct", str(booking.id), {"code": booking.code})
        return "corrected"

    typed = {"name": name, "phone": phone, "notes": notes}
    return await change(request, member, booking_id, Sent(token, seen), "correct", typed, do)


def corrections_of(business: Business, name: str, phone: str, notes: str) -> Corrections:
    """Raises HandledError `invalid` with what is wrong with which field."""
    problems: dict[str, str] = {}
    found: Corrections = {"notes": notes_of(problems, notes)}
    try:
        found["customer_name"] = meant.name_of(name)
    except ValueError as problem:
        problems["name"] = str(problem)
    try:
        found["customer_phone"] = meant.phone_of(business, phone)
    except ValueError as problem:
        problems["phone"] = str(problem)
    if problems:
        raise HandledError("invalid", "Please look at the fields again.", 422, fields=problems)
    return found


def notes_of(problems: dict[str, str], notes: str) -> str | None:
    if len(notes) > 1000:
        problems["notes"] = "Notes are 1,000 characters at most."
    return meant.notes_of(notes.replace("\0", ""))


def _by_policy(business: Business, booking: Booking, balance: int) -> int:
    """What would go back if it were cancelled now; of what is over or cancelled the policy has had its say."""
    if booking.status != "confirmed":
        return 0
    return policy.quote_cancel(booking, balance, business.timezone, business.locale).refund_minor


def _other_amount(member: Member, booking: Booking, amount: str, reason: str) -> int:
    if not member.who.is_owner:
        raise HandledError("owners_only", "Only an owner can give back something else than the policy says.", 403)
    if not reason.strip():
        raise _wrong("reason", "Say why: it is written into the trail.")
    try:
        return money.parse(amount, booking.currency)
    except ValueError as problem:
        raise _wrong("amount", f"The amount {problem}.") from None


def _reason(written: str) -> str | None:
    if len(written) > _MAX_REASON:
        raise _wrong("reason", f"A reason is {_MAX_REASON} characters at most.")
    return written.replace("\0", "").strip() or None


def _wrong(field: str, message: str) -> HandledError:
    return HandledError("invalid", message, 422, fields={field: message})


def _said(business: Business, minor: int, booking: Booking) -> str:
    return money.format(minor, booking.currency, business.locale)
