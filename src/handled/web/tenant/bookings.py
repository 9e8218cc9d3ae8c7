"""The business's bookings: seen, made, corrected, moved, cancelled, and said to be over."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from sqlalchemy.ext.asyncio import AsyncSession

from handled.bookings import edits, lifecycle, listing
from handled.bookings.view import linked_view, price_view
from handled.catalog.business import Business, resource_by_id, service_by_id
from handled.kit.errors import HandledError
from handled.proposals.actions import by_staff
from handled.tables import Booking
from handled.web.tenant import asked as meant
from handled.web.tenant import schemas
from handled.web.tenant.deps import Act, StaffDep, WritingDep, refusals

router = APIRouter(tags=["business"])

Change = Callable[[AsyncSession, Business, Booking], Awaitable[Booking]]


@router.get("/bookings", response_model=schemas.BookingPage, responses=refusals())
async def list_bookings(
    staff: StaffDep,
    from_: Annotated[date | None, Query(alias="from")] = None,
    to: date | None = None,
    status: Annotated[list[schemas.Status] | None, Query()] = None,
    resource: Annotated[str | None, Query(max_length=200)] = None,
    email: Annotated[str | None, Query(max_length=500)] = None,
    code: Annotated[str | None, Query(max_length=40)] = None,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> schemas.BookingPage:
    """Bookings by their start. `from` and `to` are local dates, both included; `status` may be given several times,
    without it mere holds and what ran out are left out."""
    async with staff.session() as (session, business):
        try:
            resource_id = meant.resource_of(business, None, resource)
        except ValueError as problem:
            raise meant.refused({"resource": str(problem)}) from None
        marks = listing.Marks(
            since=_midnight(business, from_) if from_ else None,
            until=_midnight(business, to + timedelta(days=1)) if to and to < date.max else None,
            statuses=status or (),
            resource_id=resource_id,
            email=None if email is None else email.replace("\0", ""),
            code=code,
        )
        found, following = await listing.find_page(session, business.id, marks, cursor, limit)
    seen = [schemas.BookingSeen.model_validate(_seen(business, each)) for each in found]
    return schemas.BookingPage(bookings=seen, next_cursor=following)


def _midnight(business: Business, day: date) -> datetime:
    return datetime.combine(day, time(), business.zone)


@router.post("/bookings", status_code=201, response_model=schemas.BookingFile, responses=refusals(409))
async def make_booking(asked: schemas.NewBooking, writing: WritingDep) -> JSONResponse:
    """Book at once, in the name of a customer: both sides are told. 409 `slot_taken` and 422 `not_bookable` come with
    `alternatives`."""

    async def act(session: AsyncSession, business: Business) -> dict[str, Any]:
        wanted = meant.request_of(business, asked)
        takes_payment = asked.payment == "by_rule"
        booking = await by_staff.book_now(session, business, wanted, source="API", takes_payment=takes_payment)
        return await _file(session, business, booking)

    return await writing.once(["book", asked.model_dump(mode="json")], act, 201)


@router.get("/bookings/{booking_id}", response_model=schemas.BookingFile, responses=refusals())
async def get_booking(booking_id: UUID, staff: StaffDep) -> JSONResponse:
    """One booking, with its audit trail, payments and refunds."""
    async with staff.session() as (session, business):
        booking = await _find(session, business, booking_id)
        return JSONResponse(await _file(session, business, booking))


@router.patch("/bookings/{booking_id}", response_model=schemas.BookingFile, responses=refusals(409))
async def correct_booking(booking_id: UUID, asked: schemas.Corrections, writing: WritingDep) -> JSONResponse:
    """Correct the notes, and the customer's name and phone."""

    async def change(session: AsyncSession, business: Business, booking: Booking) -> Booking:
        booking = await lifecycle.get(session, business.id, booking.id)
        await edits.correct(session, booking, meant.corrections_of(business, asked), actor=by_staff.STAFF)
        return booking

    request = ["correct", str(booking_id), asked.model_dump(mode="json", exclude_unset=True)]
    return await writing.once(request, _changing(booking_id, change))


@router.post("/bookings/{booking_id}/cancel", response_model=schemas.BookingFile, responses=refusals(409))
async def cancel_booking(
    booking_id: UUID, writing: WritingDep, asked: schemas.Cancellation | None = None
) -> JSONResponse:
    """Cancel it: the slot is free again, both sides are told, and what was paid goes back as you say."""
    wanted = asked or schemas.Cancellation()

    async def change(session: AsyncSession, business: Business, booking: Booking) -> Booking:
        return await by_staff.cancel_now(session, business, booking, wanted.refund)

    return await writing.once(["cancel", str(booking_id), wanted.refund], _changing(booking_id, change))


@router.post("/bookings/{booking_id}/reschedule", response_model=schemas.BookingFile, responses=refusals(409))
async def move_booking(booking_id: UUID, asked: schemas.Move, writing: WritingDep) -> JSONResponse:
    """Move it, bound by what is open and free but not by the customer's terms; code and history stay. 409 `slot_taken`
    and 422 `not_bookable` come with `alternatives`."""

    async def change(session: AsyncSession, business: Business, booking: Booking) -> Booking:
        service = service_by_id(business, booking.service_id)
        if service is None:
            raise HandledError("not_movable", "Its service is no longer offered.", 409)
        try:
            starts_at = meant.start_of(business, service, asked.start)
        except ValueError as problem:
            raise meant.refused({"start": str(problem)}) from None
        try:
            resource_id = meant.resource_of(business, service, asked.resource)
        except ValueError as problem:
            raise meant.refused({"resource": str(problem)}) from None
        return await by_staff.move_now(session, business, booking, starts_at, resource_id)

    request = ["move", str(booking_id), asked.model_dump(mode="json")]
    return await writing.once(request, _changing(booking_id, change))


@router.post("/bookings/{booking_id}/no-show", response_model=schemas.BookingFile, responses=refusals(409))
async def mark_no_show(booking_id: UUID, writing: WritingDep) -> JSONResponse:
    """The customer did not come. Only once the appointment has begun; `complete` takes it back."""
    return await writing.once(["no_show", str(booking_id)], _finishing(booking_id, "no_show"))


@router.post("/bookings/{booking_id}/complete", response_model=schemas.BookingFile, responses=refusals(409))
async def mark_complete(booking_id: UUID, writing: WritingDep) -> JSONResponse:
    """It took place. Appointments that are over are completed by themselves."""
    return await writing.once(["complete", str(booking_id)], _finishing(booking_id, "completed"))


def _finishing(booking_id: UUID, status: str) -> Act:
    async def change(session: AsyncSession, business: Business, booking: Booking) -> Booking:
        booking = await lifecycle.get(session, business.id, booking.id)
        return await lifecycle.finish(session, booking, status, actor=by_staff.STAFF)

    return _changing(booking_id, change)


def _changing(booking_id: UUID, change: Change) -> Act:
    async def act(session: AsyncSession, business: Business) -> dict[str, Any]:
        booking = await change(session, business, await _find(session, business, booking_id))
        return await _file(session, business, booking)

    return act


async def _find(session: AsyncSession, business: Business, booking_id: UUID) -> Booking:
    booking = await session.get(Booking, (business.id, booking_id))
    if booking is None:
        raise HandledError("not_found", "There is nothing here under that id.", 404)
    return booking


def _seen(business: Business, booking: Booking) -> dict[str, Any]:
    performers = (resource_by_id(business, each) for each in booking.part_resource_ids or [booking.resource_id])
    customer = {"name": booking.customer_name, "email": booking.customer_email, "phone": booking.customer_phone}
    return {
        **linked_view(business, booking),
        "customer": customer,
        "notes": booking.notes,
        "intake": booking.intake,
        "source": booking.source,
        "resourceKeys": list(dict.fromkeys(each.key for each in performers if each)),
        "moves": booking.moves,
        "fee": None if booking.fee_minor is None else price_view(booking.fee_minor, booking.currency),
        "createdAt": booking.created_at,
        "confirmedAt": booking.confirmed_at,
        "cancelledAt": booking.cancelled_at,
    }


async def _file(session: AsyncSession, business: Business, booking: Booking) -> dict[str, Any]:
    """As JSON: an answer may be kept, and given again."""
    await session.flush()
    known = {**_seen(business, booking), **await listing.history_view(session, booking)}
    return schemas.BookingFile.model_validate(known).model_dump(mode="json", by_alias=True)
