"""What is known of a customer who has proven who they are: their name, their bookings, what they usually take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handled.bookings.view import booking_view
from handled.catalog.business import Business
from handled.customers import memory, verification
from handled.kit import clock
from handled.tables import Booking

# Of a customer's history: enough to see a habit, and no more than a model should read.
_LOOKED_AT = 30
_KEPT = ("confirmed", "completed", "pending_payment")
_SEEN = ("service", "label", "date", "time", "resource")
T = TypeVar("T")


async def find_known(session: AsyncSession, business: Business, conversation_id: UUID) -> dict[str, Any] | None:
    """`{"name", "email", "last", "next", "usual", "remembers"}`, or None for everybody who has not proven an address in
    this conversation. Bookings are `{"service", "label", "date", "time", "resource"}`; `usual` is `{"service", "label",
    "resource", "weekday", "time"}` with what there is no habit of as None, and itself None without a past."""
    email = await verification.proven_email(session, business.id, conversation_id)
    if email is None:
        return None
    kept = await _bookings_of(session, business.id, email)
    now = clock.now()
    past = [each for each in kept if each.starts_at <= now]
    coming = [each for each in kept if each.starts_at > now]
    return {
        "name": kept[0].customer_name if kept else None,
        "email": email,
        "last": _short(business, past[0]) if past else None,
        "next": _short(business, coming[-1]) if coming else None,
        "usual": usual_of([booking_view(business, each) for each in past]),
        "remembers": await memory.list_remembered(session, business.id, email),
    }


async def _bookings_of(session: AsyncSession, tenant_id: UUID, email: str) -> Sequence[Booking]:
    """Newest first."""
    statement = (
        select(Booking)
        .where(Booking.tenant_id == tenant_id, Booking.customer_email == email, Booking.status.in_(_KEPT))
        .order_by(Booking.starts_at.desc())
        .limit(_LOOKED_AT)
    )
    return (await session.scalars(statement)).all()


def usual_of(past: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """Habits, from views of past bookings, newest first: the service most often taken (of equals the one taken last);
    the person, weekday and hour of more than half of the times it was, if that was at least twice."""
    offered = [each for each in past if each["service"]]
    key = _most([each["service"] for each in offered])
    if key is None:
        return None
    taken = [each for each in offered if each["service"] == key]
    return {
        "service": key,
        "label": taken[0]["label"],
        "resource": taken[0]["resource"] if len(taken) == 1 else _habit(each["resource"] for each in taken),
        "weekday": _habit(_weekday(each["startsAt"]) for each in taken),
        "time": _habit(each["time"] for each in taken),
    }


def _most(values: Sequence[T]) -> T | None:
    return Counter(values).most_common(1)[0][0] if values else None


def _habit(values: Iterable[T]) -> T | None:
    counted = Counter(values)
    if not counted:
        return None
    value, times = counted.most_common(1)[0]
    return value if times >= 2 and times * 2 > counted.total() else None


def _weekday(starts_at: str) -> str:
    return f"{datetime.fromisoformat(starts_at):%A}"


def _short(business: Business, booking: Booking) -> dict[str, Any]:
    view = booking_view(business, booking)
    return {name: view[name] for name in _SEEN}
