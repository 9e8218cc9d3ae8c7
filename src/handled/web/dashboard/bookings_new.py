"""Booking in the name of a customer: a service, somebody, a day, a time, and who comes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from handled.availability import search
from handled.bookings import policy
from handled.bookings.facts import price_text
from handled.catalog.business import Business, OfferedResource, OfferedService, service_by_key
from handled.kit import text
from handled.kit.errors import HandledError
from handled.payments import offered
from handled.proposals.actions import book, by_staff, outcome
from handled.proposals.actions.book import BookingRequest
from handled.tables import Booking
from handled.web.dashboard import bookings_times as times
from handled.web.dashboard.bookings_deeds import notes_of
from handled.web.dashboard.bookings_forms import HOME, Sent, by, find, new_token, once, read_date
from handled.web.dashboard.deps import MemberDep
from handled.web.dashboard.rendering import show
from handled.web.dashboard.route import DashboardRoute
from handled.web.tenant import asked as meant

router = APIRouter(include_in_schema=False, prefix=HOME, route_class=DashboardRoute)

SOURCE = "DASHBOARD"
_LOOK_AGAIN = "Please look at the fields again."


class Typed(BaseModel):
    """The form as it was sent. `instead` is another start, taken from those that were offered."""

    token: str = ""
    service: str = ""
    resource: str = ""
    start: str = ""
    instead: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""
    notes: str = ""
    payment: str = ""


@router.get("/new")
async def new_page(
    member: MemberDep,
    request: Request,
    service: str = "",
    resource: str = "",
    start: str = "",
    day: str = "",
    since: str = "",
    date: str = "",
    time: str = "",
    like: str = "",
) -> HTMLResponse:
    """One step after the other, as far as the address has got. `like` names a booking whose customer comes again."""
    business = by_staff.unhurried(member.business)
    offer = service_by_key(business, service)
    if offer is None and len(business.services) == 1:
        offer = business.services[0]
    if offer is None:
        return show(request, "bookings_new.html", here="bookings", like=like, prices=_prices(business))
    who = next((each for each in offer.resources if each.key == resource), None)
    if date:
        start = date if offer.whole_day else f"{date}T{time}"
    async with member.session() as session:
        typed = Typed(token=new_token(), service=offer.key, resource=who.key if who else "", start=start)
        if like:
            typed = _like(typed, await find(session, member, like))
        if start:
            problem = await _refusal(session, business, offer, who, start)
            if problem is None:
                return _who(request, business, offer, who, typed)
            day = since = start[:10]
        else:
            problem = None
        return await _when(request, session, business, offer, who, (day, since, like), problem)


@router.post("/new")
async def book_it(member: MemberDep, request: Request, typed: Annotated[Typed, Form()]) -> Response:
    """Book it at once: both sides are told. What is wrong is said beside its field, and what was typed stays."""
    business = by_staff.unhurried(member.business)
    offer = service_by_key(business, typed.service)
    if offer is None:
        return show(request, "bookings_new.html", status=422, here="bookings", like="", prices=_prices(business))
    typed = typed.model_copy(update={"start": typed.instead or typed.start, "instead": ""})
    who = next((each for each in offer.resources if each.key == typed.resource), None)

    async def act(session: AsyncSession) -> str:
        wanted = _request_of(business, offer, who, typed)
        takes_payment = typed.payment == "ask" and _asks_first(offer, member.business.currency)
        booking = await by_staff.book_now(
            session, business, wanted, source=SOURCE, takes_payment=takes_payment, by=by(member)
        )
        member.record(session, "booking.create", str(booking.id), {"code": booking.code})
        return f"{HOME}/{booking.id}?done=booked"

    try:
        return await once(member, Sent(typed.token), ["book", typed.model_dump(mode="json")], act)
    except HandledError as problem:
        if problem.status not in (409, 422):
            raise
        # What was sent before under this token was something else.
        fresh = typed.model_copy(update={"token": new_token()})
        return _who(request, business, offer, who, fresh, problem)


def _request_of(business: Business, offer: OfferedService, who: OfferedResource | None, typed: Typed) -> BookingRequest:
    """What is to be booked; every problem is named at once, by its field."""
    problems: dict[str, str] = {}
    starts_at = _start(problems, business, offer, typed.start)
    name, phone = _named(problems, typed.name), _phone(problems, business, typed.phone)
    email = text.email_address(typed.email)
    if email.address is None:
        problems["email"] = email.problem or "That is not an email address."
    notes = notes_of(problems, typed.notes)
    if problems or starts_at is None or name is None or email.address is None:
        raise HandledError("invalid", _LOOK_AGAIN, 422, fields=problems)
    return BookingRequest(offer, starts_at, who.id if who else None, name, email.address, phone, notes)


def _start(problems: dict[str, str], business: Business, offer: OfferedService, written: str) -> datetime | None:
    try:
        return meant.start_of(business, offer, written)
    except ValueError as problem:
        problems["start"] = f"The time {problem}."
        return None


def _named(problems: dict[str, str], written: str) -> str | None:
    try:
        return meant.name_of(written)
    except ValueError as problem:
        problems["name"] = str(problem)
        return None


def _phone(problems: dict[str, str], business: Business, written: str) -> str | None:
    try:
        return meant.phone_of(business, written)
    except ValueError as problem:
        problems["phone"] = str(problem)
        return None


async def _refusal(
    session: AsyncSession, business: Business, offer: OfferedService, who: OfferedResource | None, start: str
) -> HandledError | None:
    """Why it cannot be booked then; None when it can."""
    problems: dict[str, str] = {}
    starts_at = _start(problems, business, offer, start)
    if starts_at is None:
        return HandledError("invalid", problems["start"], 422)
    found = await search.places_at(session, business, offer, starts_at, resource_id=who.id if who else None)
    return HandledError(found.reason, found.words, 422) if isinstance(found, search.Refusal) else None


async def _when(
    request: Request,
    session: AsyncSession,
    business: Business,
    offer: OfferedService,
    who: OfferedResource | None,
    around: tuple[str, str, str],
    problem: HandledError | None,
) -> HTMLResponse:
    """Whose free days and times."""
    day, since, like = around
    fixed = {"service": offer.key, "resource": who.key if who else "", "like": like}

    def path(more: dict[str, str]) -> str:
        return f"{HOME}/new?{urlencode({name: value for name, value in {**fixed, **more}.items() if value})}"

    wanted = times.Wanted(offer, who.id if who else None, read_date(day), read_date(since))
    picked = await times.pick(session, business, wanted, path, path)
    several = not offer.includes and len(offer.resources) > 1
    return show(
        request,
        "bookings_new_when.html",
        status=problem.status if problem else 200,
        here="bookings",
        **picked,
        service=offer,
        resource=who,
        like=like,
        problem=problem,
        resource_paths=[
            (None, path({"resource": ""})),
            *((each, path({"resource": each.key})) for each in offer.resources),
        ]
        if several
        else [],
        here_path=f"{HOME}/new",
        price=price_text(offer.price_minor, business.currency, business.locale),
    )


def _who(
    request: Request,
    business: Business,
    offer: OfferedService,
    who: OfferedResource | None,
    typed: Typed,
    problem: HandledError | None = None,
) -> HTMLResponse:
    """Who comes, and how it is paid."""
    problems: dict[str, str] = {}
    starts_at = _start(problems, business, offer, typed.start)
    change = {"service": offer.key, "resource": typed.resource, "day": typed.start[:10]}
    return show(
        request,
        "bookings_new_who.html",
        status=problem.status if problem else 200,
        here="bookings",
        service=offer,
        resource=who,
        typed=typed,
        when=outcome.moment_at(business, starts_at, whole_day=offer.whole_day) if starts_at else "No time chosen",
        price=price_text(offer.price_minor, business.currency, business.locale),
        due=book.due_of(offer, business.currency) if _asks_first(offer, business.currency) else 0,
        rule=policy.describe(offer.cancellation, business.currency, business.locale),
        problem=problem,
        problems=problem.fields if problem else {},
        alternatives=times.alternatives(business, problem.extra.get("alternatives", ())) if problem else [],
        change_path=f"{HOME}/new?{urlencode({key: value for key, value in change.items() if value})}",
    )


def _asks_first(offer: OfferedService, currency: str) -> bool:
    return book.due_of(offer, currency) > 0 and offered.is_offered()


def _like(typed: Typed, booking: Booking) -> Typed:
    """The same customer as of that booking."""
    known: dict[str, Any] = {
        "name": booking.customer_name,
        "email": booking.customer_email,
        "phone": booking.customer_phone or "",
        "notes": booking.notes or "",
    }
    return typed.model_copy(update=known)


def _prices(business: Business) -> dict[UUID, str]:
    return {each.id: price_text(each.price_minor, business.currency, business.locale) for each in business.services}
