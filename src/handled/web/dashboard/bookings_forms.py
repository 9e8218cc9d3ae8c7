"""What the forms of the bookings have in common: sent once, about the state that they showed, in somebody's name."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from fastapi.responses import RedirectResponse
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handled.bookings import lifecycle
from handled.bookings.lifecycle import By
from handled.conversations.messages import not_found
from handled.kit import clock, ids
from handled.kit.errors import HandledError
from handled.kit.when.spoken import spoken_moment
from handled.proposals.actions.by_staff import STAFF
from handled.tables import AuditEntry, Booking
from handled.tenants import idempotency
from handled.tenants.idempotency import Answer
from handled.web.dashboard.bookings_words import deed
from handled.web.dashboard.deps import Member

HOME = "/dashboard/bookings"
_SENT_BEFORE = "That form was sent before, with something else in it. Look at what became of it, or send this one."


@dataclass(frozen=True, slots=True)
class Sent:
    """What every form sends beside its fields: `token` makes it happen once, `seen` is the state it was about."""

    token: str
    seen: str = ""


def new_token() -> str:
    return str(ids.new_id())


def by(member: Member, reason: str | None = None) -> By:
    return By(STAFF, source="DASHBOARD", name=member.who.name, reason=reason)


async def once(
    member: Member, sent: Sent, request: list[Any], act: Callable[[AsyncSession], Awaitable[str]]
) -> RedirectResponse:
    """Carry `act` out in one transaction and go where it says; the same form sent again goes there too, without a
    second effect. Raises what `act` raises, and then nothing is done."""
    async with member.session() as session:
        path = await _first_path(session, member, sent, request)
        if path is None:
            path = await act(session)
            if sent.token:
                await idempotency.remember(session, member.tenant_id, _key(member, sent), Answer(303, {"path": path}))
    return RedirectResponse(path, 303, {"Cache-Control": "no-store"})


async def _first_path(session: AsyncSession, member: Member, sent: Sent, request: list[Any]) -> str | None:
    if not sent.token:
        return None
    try:
        first = await idempotency.claim(session, member.tenant_id, _key(member, sent), *request)
    except HandledError as error:
        raise HandledError(error.name, _SENT_BEFORE, error.status) from None
    return first.body["path"] if first else None


def _key(member: Member, sent: Sent) -> str:
    return f"dashboard:{member.who.id}:{sent.token[:80]}".replace("\0", "")


async def find(session: AsyncSession, member: Member, booking_id: str) -> Booking:
    """The business's booking of this id. Raises `not_found`, for what is no id too."""
    try:
        known = UUID(booking_id)
    except ValueError:
        raise not_found() from None
    booking = await session.get(Booking, (member.tenant_id, known))
    if booking is None or booking.status == "held":
        raise not_found()
    return booking


async def locked(
    session: AsyncSession, member: Member, booking_id: str, seen: str, also: Iterable[UUID] = ()
) -> Booking:
    """The booking as it is now, nobody else's to change before the transaction ends. Raises `changed_meanwhile`, with
    who did it and when, if it is not as the form showed it."""
    booking = await find(session, member, booking_id)
    booking = await lifecycle.get(session, member.tenant_id, booking.id, also)
    latest = await newest_entry(session, booking)
    if seen != stamp(latest):
        raise HandledError("changed_meanwhile", _changed_words(member, latest), 409)
    return booking


async def newest_entry(session: AsyncSession, booking: Booking) -> AuditEntry | None:
    """What last happened to it."""
    statement = (
        select(AuditEntry)
        .where(AuditEntry.tenant_id == booking.tenant_id, AuditEntry.booking_id == booking.id)
        .order_by(AuditEntry.created_at.desc(), AuditEntry.id.desc())
        .limit(1)
    )
    return (await session.scalars(statement)).one_or_none()


def stamp(latest: AuditEntry | None) -> str:
    """Names a state of the booking: it is another one once anything has happened."""
    return str(latest.id) if latest else "new"


def _changed_words(member: Member, latest: AuditEntry | None) -> str:
    if latest is None:
        return "This booking was changed meanwhile. Here it is as it now stands."
    business = member.business
    at, today = latest.created_at.astimezone(business.zone), clock.now().astimezone(business.zone).date()
    when = spoken_moment(at.date(), at.time(), today, business.locale)
    return (
        f"Changed meanwhile: {deed(latest.actor, latest.action, latest.details)} ({when}). Here it is as it now stands."
    )


def read_date(written: str) -> date | None:
    """A date from an address or a form; None for what is none."""
    try:
        found = date.fromisoformat(written.strip())
    except ValueError:
        return None
    return found if 1970 <= found.year < 2200 else None


@asynccontextmanager
async def reading(member: Member, booking_id: str) -> AsyncGenerator[tuple[AsyncSession, Booking]]:
    """A transaction that looks at one booking."""
    async with member.session() as session:
        yield session, await find(session, member, booking_id)
