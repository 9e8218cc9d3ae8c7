"""Bookings with their manage links, made without a chat: what the link opens is what a test is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx2
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.bookings import lifecycle
from handled.catalog.business import Business, service_by_key
from handled.catalog.load import business_of
from handled.db.session import tenant_session
from handled.kit import clock, ids
from handled.proposals.actions import by_staff
from handled.proposals.actions.book import BookingRequest
from handled.tables import Booking, LedgerEntry, Payment
from handled.tenants import links
from tests.conftest import TenantHandle, at
from tests.customers import Json

FRIDAY_NOON = "2026-03-06T12:00"


@dataclass
class Managed:
    """A booking and whoever has the link to it. `token` is the link's."""

    http: httpx2.AsyncClient
    engine: AsyncEngine
    business: Business
    booking: Booking
    token: str

    @property
    def path(self) -> str:
        return f"/v1/public/bookings/{self.token}"

    async def get(self, path: str = "", **query: str) -> httpx2.Response:
        return await self.http.get(self.path + path, params=query)

    async def post(self, path: str, **body: Any) -> httpx2.Response:
        return await self.http.post(self.path + path, json=body)

    async def seen(self) -> Json:
        answer = await self.get()
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def cancel(self) -> httpx2.Response:
        """As a page does: on the terms that it has just shown."""
        return await self.post("/cancel", quoteHash=(await self.seen())["cancel"]["quoteHash"])

    async def move(self, start: str, **more: str) -> httpx2.Response:
        return await self.post("/reschedule", start=start, **more)

    async def pay(self, amount_minor: int) -> None:
        """So much of its money is in the books."""
        whose = {"tenant_id": self.business.id, "booking_id": self.booking.id, "currency": self.booking.currency}
        async with tenant_session(self.engine, self.business.id) as session:
            payment = Payment(
                **whose,
                id=ids.new_id(),
                purpose="booking",
                status="paid",
                amount_minor=amount_minor,
                gateway="sandbox",
                payment_intent=f"pi_{ids.new_token(8)}",
                paid_at=clock.now(),
            )
            session.add(payment)
            await session.flush()
            session.add(
                LedgerEntry(
                    **whose,
                    id=ids.new_id(),
                    payment_id=payment.id,
                    kind="charge",
                    amount_minor=amount_minor,
                    reference=ids.new_token(8),
                )
            )


async def booked(
    http: httpx2.AsyncClient,
    engine: AsyncEngine,
    tenant: TenantHandle,
    start: str = "2026-03-04T15:00-05:00",
    *,
    service: str = "haircut",
    email: str = "kim@example.com",
) -> Managed:
    """Somebody has booked, and has the link to it from a mail."""
    async with tenant_session(engine, tenant.id) as session:
        business = await business_of(session, tenant.id)
        offered = service_by_key(business, service)
        assert offered is not None
        wanted = BookingRequest(offered, at(start), None, "Kim Lee", email, None, None)
        booking = await by_staff.book_now(session, business, wanted, source="API", takes_payment=False)
    token = links.sign(business.link_key, tenant.id, booking.id, "manage")
    return Managed(http, engine, business, booking, token)


async def changed(managed: Managed, **values: Any) -> None:
    """The booking is otherwise than it was made."""
    async with tenant_session(managed.engine, managed.business.id) as session:
        booking = await lifecycle.get(session, managed.business.id, managed.booking.id)
        for name, value in values.items():
            setattr(booking, name, value)


def later(**delta: float) -> None:
    clock.start_at(clock.now() + timedelta(**delta))
