"""A booking that waits for its money, the sandbox that takes it, and the two of them talking: no server, no worker."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from handled.catalog.load import Business, business_of
from handled.db.session import tenant_session
from handled.kit import clock, ids
from handled.payments import checkout, events, inbox, ledger, reconcile, refunds
from handled.payments.gateways import sandbox_books as books
from handled.payments.gateways import sandbox_json, signatures
from handled.payments.gateways.base import Gateway
from handled.payments.gateways.sandbox import SandboxGateway
from handled.tables import Booking, LedgerEntry, Payment, Refund, SandboxCheckout, WebhookEvent
from tests.faults import ledger as told

SECRET = "whsec_of_a_test"
PRICE = 4500

Json = dict[str, Any]


async def add_booking(session: AsyncSession, tenant_id: UUID, *, price_minor: int = PRICE, **changes: Any) -> Booking:
    """A booking that waits for `price_minor`, held for as long as a new one is."""
    business = await business_of(session, tenant_id)
    starts_at = clock.now() + timedelta(days=3)
    values: Json = {
        "code": f"BK-{ids.new_token(6)}",
        "status": "pending_payment",
        "source": "CHATBOT",
        "service_id": business.services[0].id,
        "resource_id": business.services[0].resources[0].id,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=45),
        "whole_day": False,
        "customer_name": "Kim Lee",
        "customer_email": "kim@example.com",
        "price_minor": price_minor,
        "due_minor": price_minor,
        "currency": business.currency,
        "payment_rule": "full",
        "policy": {},
        "hold_expires_at": clock.now() + timedelta(minutes=35),
    }
    booking = Booking(tenant_id=tenant_id, id=ids.new_id(), **(values | changes))
    session.add(booking)
    await session.flush()
    return booking


@dataclass
class Till:
    """One booking and its payment. `gateway` is who we ask; `sandbox` is where things happen."""

    engine: AsyncEngine
    owner_url: str
    business: Business
    booking_id: UUID
    payment_id: UUID
    sandbox: SandboxGateway
    gateway: Gateway

    @classmethod
    async def opened(cls, engine: AsyncEngine, owner_url: str, tenant_id: UUID, **changes: Any) -> Till:
        sandbox = SandboxGateway(engine, SECRET)
        async with tenant_session(engine, tenant_id) as session:
            business = await business_of(session, tenant_id)
            booking = await add_booking(session, tenant_id, **changes)
            payment = await checkout.ask(session, tenant_id, booking.id, booking.due_minor, booking.currency)
        return cls(engine, owner_url, business, booking.id, payment.id, sandbox, sandbox)

    @property
    def tenant_id(self) -> UUID:
        return self.business.id

    async def start(self) -> str:
        return await checkout.start(self.engine, self.gateway, self.business, self.payment_id)

    async def payment(self) -> Payment:
        async with tenant_session(self.engine, self.tenant_id) as session:
            return await session.get_one(Payment, (self.tenant_id, self.payment_id))

    async def payments(self) -> Sequence[Payment]:
        async with tenant_session(self.engine, self.tenant_id) as session:
            return (await session.scalars(select(Payment).order_by(Payment.id))).all()

    async def booking(self) -> Booking:
        async with tenant_session(self.engine, self.tenant_id) as session:
            return await session.get_one(Booking, (self.tenant_id, self.booking_id))

    async def happens(self, what: Any, checkout_id: str | None = None, **details: Any) -> Any:
        """Something of `sandbox_books` on the page of the payment, or on another one."""
        tenant_id, row_id = sandbox_json.row_of("cs", checkout_id or (await self.payment()).checkout_id or "")
        async with tenant_session(self.engine, tenant_id) as session:
            row = await books.get(session, tenant_id, row_id, any_account=True)
            return await what(session, row, **details)

    async def bodies(self) -> list[bytes]:
        """What the sandbox has to tell, oldest first."""
        async with tenant_session(self.engine, self.tenant_id) as session:
            rows = (await session.scalars(select(SandboxCheckout))).all()
            return [each.payload.encode() for row in rows for each in reversed(await books.list_events(session, row))]

    async def hear(self, *bodies: bytes, work: bool = True) -> None:
        """Take webhooks in as the route does, and work on them as the job does."""
        for body in bodies:
            header = signatures.sign(body, SECRET, clock.now())
            event = self.gateway.parse_event(body, header, clock.now())
            await inbox.receive(self.engine, self.gateway.name, event)
            if work:
                await self.work(event.id)

    async def work(self, event_id: str) -> None:
        await events.work(self.engine, self.gateway, self.tenant_id, self.gateway.name, event_id)

    async def hear_all(self) -> None:
        await self.hear(*await self.bodies())

    async def verdict(self, event_id: str) -> tuple[str, str | None]:
        async with tenant_session(self.engine, self.tenant_id) as session:
            row = await session.get_one(WebhookEvent, (self.tenant_id, self.gateway.name, event_id))
            return row.status, row.outcome

    async def balance(self) -> int:
        async with tenant_session(self.engine, self.tenant_id) as session:
            return await ledger.balance(session, self.tenant_id, self.booking_id)

    async def entries(self) -> list[tuple[str, int]]:
        """The ledger, as kind and amount."""
        async with tenant_session(self.engine, self.tenant_id) as session:
            found = (await session.scalars(select(LedgerEntry).order_by(LedgerEntry.created_at))).all()
        return [(each.kind, each.amount_minor) for each in found]

    async def refunds(self) -> Sequence[Refund]:
        async with tenant_session(self.engine, self.tenant_id) as session:
            return (await session.scalars(select(Refund).order_by(Refund.id))).all()

    async def give_back(self, amount_minor: int, *, send: bool = True) -> list[Refund]:
        async with tenant_session(self.engine, self.tenant_id) as session:
            queued = await refunds.queue(session, self.tenant_id, self.booking_id, amount_minor, "cancelled")
        for each in queued if send else ():
            await refunds.send(self.engine, self.gateway, self.tenant_id, each.id)
        return queued

    async def pay(self) -> None:
        """The whole way: click, pay, and what is told of it."""
        await self.start()
        await self.happens(books.pay)
        await self.hear_all()

    async def reconcile(self) -> int:
        return await reconcile.reconcile(self.engine, self.gateway)

    def jobs(self, name: str) -> list[Json]:
        """The arguments of the jobs of that name."""
        query = "select args from procrastinate_jobs where task_name = %(name)s order by id"
        return [each["args"] for each in told.rows(self.owner_url, query, name=name)]

    def problems(self) -> list[str]:
        return [each["problem"] for each in self.jobs("bookings.payment_problem")]


def changed(body: bytes, *, id: str | None = None, about: Json | None = None, **top: Any) -> bytes:
    """The event with other words in it: `about` of its object, the rest of itself."""
    event: Json = json.loads(body)
    event["id"] = id or f"evt_{ids.new_token(8)}"
    event["data"]["object"] |= about or {}
    return json.dumps(event | top).encode()


def later(**delta: float) -> None:
    """So much time passes."""
    clock.start_at(clock.now() + timedelta(**delta))
