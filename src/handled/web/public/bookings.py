"""The manage link as an API: the token alone says whose booking it is, and proves it. No key, no session."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response

from handled.availability import search
from handled.bookings import calendar, listing
from handled.bookings.facts import facts_of
from handled.bookings.view import linked_view, pay_path
from handled.catalog.business import Business, resource_by_key, service_by_id
from handled.kit import site
from handled.kit.errors import HandledError
from handled.kit.when.written import read_moment
from handled.proposals.actions import by_link
from handled.tables import Booking
from handled.web.deps import ClientDep, DeskDep
from handled.web.links import following
from handled.web.public import booking_schemas
from handled.web.public.catalog import check_range
from handled.web.public.described import errors
from handled.web.public.sessions import business_view

router = APIRouter(tags=["manage link"])

_IN_A_CALENDAR = ("confirmed", "completed", "cancelled")


@router.get("/bookings/{manage_token}", response_model=booking_schemas.ManagedBooking, responses=errors())
async def get_booking(manage_token: str, desk: DeskDep, client: ClientDep, response: Response) -> dict[str, Any]:
    """The booking, what cancelling or moving it would cost now, and what has been paid."""
    async with following(desk, client, manage_token, "manage") as (session, business, booking):
        money = await listing.history_view(session, booking)
        unpaid = await by_link.find_unpaid(session, booking)
        cancel = await by_link.cancel_terms(session, business, booking)
        move = await by_link.move_terms(session, business, booking)
    response.headers["Cache-Control"] = "no-store"
    return {
        "business": business_view(business),
        "booking": linked_view(business, booking),
        "cancel": cancel.view(booking.currency),
        "move": move.view(booking.currency),
        "balance": money["balance"],
        "payments": money["payments"],
        "refunds": money["refunds"],
        "payUrl": site.url(pay_path(business, booking)) if unpaid else None,
        "calendarUrl": site.url(calendar_path(manage_token)) if in_a_calendar(booking) else None,
    }


@router.post("/bookings/{manage_token}/cancel", response_model=booking_schemas.Changed, responses=errors(409))
async def cancel_booking(
    manage_token: str, asked: booking_schemas.CancelBooking, desk: DeskDep, client: ClientDep
) -> dict[str, Any]:
    """Cancel it on the terms that were shown: `quoteHash` is that of `cancel`. Without it, or when they have changed:
    409 `quote_changed` with the present `quote`. What has begun or ended: 409 `not_cancellable`."""
    async with following(desk, client, manage_token, "manage") as (session, business, booking):
        receipt = await by_link.cancel_now(session, business, booking, asked.quote_hash)
    return {"receipt": receipt.receipt, "booking": receipt.booking}


@router.post("/bookings/{manage_token}/reschedule", response_model=booking_schemas.Changed, responses=errors(409))
async def move_booking(
    manage_token: str, asked: booking_schemas.MoveBooking, desk: DeskDep, client: ClientDep
) -> dict[str, Any]:
    """Move it to a free time. `start` is local ISO, or has an offset; a date alone for whole-day services. `quoteHash`,
    that of `move`, is needed where the price has changed. 409 `slot_taken` and 422 `not_bookable` come with
    `alternatives`."""
    async with following(desk, client, manage_token, "manage") as (session, business, booking):
        try:
            start = read_moment(asked.start, business.zone)
        except ValueError as problem:
            raise _meant_otherwise("start", str(problem)) from None
        if not start.has_time and not booking.whole_day:
            raise _meant_otherwise("start", "needs a time, such as 2026-03-02T15:00")
        who = resource_by_key(business, asked.resource) if asked.resource else None
        if asked.resource and who is None:
            raise _meant_otherwise("resource", "is not the key of a resource")
        resource_id = who.id if who else None
        receipt = await by_link.move_now(session, business, booking, start.at, resource_id, asked.quote_hash)
    return {"receipt": receipt.receipt, "booking": receipt.booking}


def _meant_otherwise(field: str, problem: str) -> HandledError:
    return HandledError("malformed", "That request could not be understood.", 400, fields={field: problem})


@router.get("/bookings/{manage_token}/availability", response_model=booking_schemas.FreeSlots, responses=errors())
async def list_free_slots(
    manage_token: str, desk: DeskDep, client: ClientDep, from_: Annotated[date, Query(alias="from")], to: date
) -> dict[str, Any]:
    """Where it could be moved to, from one local date to another, both included, at most 62 days."""
    async with following(desk, client, manage_token, "manage") as (session, business, booking):
        check_range(from_, to)
        service = service_by_id(business, booking.service_id)
        slots = await by_link.free_slots(session, business, booking, from_, to)
    return {
        "service": service.key if service else "",
        "timezone": business.timezone,
        "slots": [search.slot_view(business, service, each) for each in slots] if service else [],
    }


@router.get(
    "/bookings/{manage_token}/calendar.ics",
    response_class=Response,
    responses={**errors(409), 200: {"content": {"text/calendar": {}}, "description": "One event"}},
)
async def get_calendar_entry(manage_token: str, desk: DeskDep, client: ClientDep) -> Response:
    """The appointment for a calendar, the same event as in the mails. 409 `not_booked` while it waits for money."""
    async with following(desk, client, manage_token, "manage") as (_, business, booking):
        if not in_a_calendar(booking):
            raise HandledError("not_booked", "There is no appointment for a calendar.", 409)
        entry = calendar_entry(business, booking)
    headers = {
        "Content-Disposition": f'attachment; filename="{booking.code}.ics"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(entry, media_type="text/calendar", headers=headers)


def calendar_entry(business: Business, booking: Booking) -> str:
    method = "CANCEL" if booking.status == "cancelled" else "REQUEST"
    return calendar.invite(facts_of(business, booking), method).content


def calendar_path(manage_token: str) -> str:
    return f"/v1/public/bookings/{manage_token}/calendar.ics"


def in_a_calendar(booking: Booking) -> bool:
    """Whether there is an appointment, or was one."""
    return booking.confirmed_at is not None and booking.status in _IN_A_CALENDAR
