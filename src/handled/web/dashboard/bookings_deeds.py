"""What is done with one booking, but for moving it: cancel, give money back, say how it ended, mail again, correct."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from handled.bookings import edits, lifecycle, notify
from handled.bookings.edits import Corrections
from handled.catalog.business import Business
from handled.kit import clock, money
from handled.kit.errors import HandledError
from handled.payments import ledger, refunds
from handled.proposals.actions import by_staff
from handled.proposals.actions.cancel import CANCELLABLE, GivesBack
from handled.tables import Booking
from handled.web.dashboard.bookings_forms import HOME, Sent, by, locked, once
from handled.web.dashboard.bookings_one import by_policy, page
from handled.web.dashboard.deps import Member, MemberDep, OwnerDep
from handled.web.dashboard.route import DashboardRoute
from handled.web.tenant import asked as meant

router = APIRouter(include_in_schema=False, prefix=HOME, route_class=DashboardRoute)

_MAX_REASON = 300

Do = Callable[[AsyncSession, Booking], Awaitable[str]]


async def _change(
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
    return await _change(request, member, booking_id, Sent(token, seen), "cancel", typed, do)


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
            minor = by_policy(member.business, booking, balance)
        else:
            minor = _other_amount(member, booking, amount, reason)
        if minor <= 0:
            raise _wrong("amount", "Say how much goes back: more than nothing.")
        if minor > balance:
            raise _wrong("amount", f"No more than {_said(member.business, balance, booking)} is left of what was paid.")
        await refunds.queue(session, booking.tenant_id, booking.id, minor, "business")
        why = by(member, _reason(reason))
        await lifecycle.record_by(session, booking, why, "refunded", amount_minor=minor)
        await notify.notify_refund(session, member.business, booking, refund_minor=minor)
        member.record(session, "booking.refund", str(booking.id), {"code": booking.code, "amount_minor": minor})
        return "refunded"

    typed = {"refund": refund, "amount": amount, "reason": reason}
    return await _change(request, member, booking_id, Sent(token, seen), "refund", typed, do)


@router.post("/{booking_id}/no-show")
async def no_show(
    booking_id: str, member: MemberDep, request: Request, token: str = Form(""), seen: str = Form("")
) -> Response:
    do = _finishing(member, "no_show")
    return await _change(request, member, booking_id, Sent(token, seen), "no_show", {}, do)


@router.post("/{booking_id}/complete")
async def complete(
    booking_id: str, member: MemberDep, request: Request, token: str = Form(""), seen: str = Form("")
) -> Response:
    do = _finishing(member, "completed")
    return await _change(request, member, booking_id, Sent(token, seen), "completed", {}, do)


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
        await lifecycle.record_by(session, booking, by(member), "confirmation_sent")
        member.record(session, "booking.resend", str(booking.id), {"code": booking.code})
        return "sent"

    return await _change(request, member, booking_id, Sent(token, seen), "resend", {}, do)


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
    return await _change(request, member, booking_id, Sent(token, seen), "correct", typed, do)


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


def _other_amount(member: Member, booking: Booking, amount: str, reason: str) -> int:
    if not member.who.is_owner:
        raise HandledError("owners_only", "Only an owner can give back something else than the policy says.", 403)
    if not reason.strip():
        raise _wrong("reason", "Say why: it is written into the trail.")
    try:
        minor = money.parse(amount, booking.currency)
    except ValueError as problem:
        raise _wrong("amount", f"The amount {problem}.") from None
    if minor != money.payable(minor, booking.currency):
        raise _wrong("amount", f"Of {booking.currency} only amounts that end in 0 can be given back.")
    return minor


def _reason(written: str) -> str | None:
    if len(written) > _MAX_REASON:
        raise _wrong("reason", f"A reason is {_MAX_REASON} characters at most.")
    return written.replace("\0", "").strip() or None


def _wrong(field: str, message: str) -> HandledError:
    return HandledError("invalid", message, 422, fields={field: message})


def _said(business: Business, minor: int, booking: Booking) -> str:
    return money.format(minor, booking.currency, business.locale)
