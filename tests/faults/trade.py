"""A business that is paid in advance, the local Stripe at its side, and no server: a test runs every job itself, in any
order, twice, or not at all. What the jobs' names mean is the worker's own list."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
from procrastinate import App
from procrastinate.testing import InMemoryConnector
from psycopg.rows import dict_row
from sqlalchemy.ext.asyncio import AsyncEngine

from handled import worker
from handled.bookings import jobs
from handled.catalog.business import Business
from handled.catalog.load import business_of
from handled.conversations import messages
from handled.db.engine import create_engine
from handled.db.session import tenant_session
from handled.kit import clock
from handled.kit.errors import HandledError
from handled.payments import checkout, inbox, reconcile
from handled.payments.gateways.base import GatewayUnavailable, Patience
from handled.payments.gateways.stripe import StripeGateway
from handled.proposals import jobs as proposal_jobs
from handled.proposals import lifecycle, proposing
from handled.proposals.actions.book import BookingRequest
from handled.proposals.actions.outcome import NotFree
from handled.tables import Booking, Proposal
from tests.conftest import STUDIO, import_tenant
from tests.faults.ledger import PATIENCE
from tests.faults.racing import service
from tests.twins.stripe import StripeTwin, running_stripe
from tests.twins.stripe_webhooks import body_of

Json = dict[str, Any]

# Haircuts are paid in full, colours with a deposit; both cost half of the price from a day before.
PAID_STUDIO = STUDIO.replace('price: "45.00"', 'price: "45.00"\n    payment: full').replace(
    'price: "120.00"\n    step: 30 min',
    'price: "120.00"\n    payment: deposit\n    deposit: "30.00"\n    step: 30 min\n'
    "    cancellation: {free_until: 24 h, fee_percent: 50}",
)

# Left to the mailer and to the sandbox, which take no part here.
_NOT_OURS = ("notifications.send",)


@dataclass
class Trade:
    """One business at a time; `stripe` is where things happen, `look` asks the database as its owner."""

    engine: AsyncEngine
    stripe: StripeTwin
    gateway: StripeGateway
    tasks: App
    owner: psycopg.Connection[dict[str, Any]]
    business: Business

    # --- the customer

    async def come_in(self) -> UUID:
        async with tenant_session(self.engine, self.business.id) as session:
            conversation, _ = await messages.start(session, self.business.id, locale="en", timezone=None, page=None)
            return conversation.id

    async def propose(
        self, conversation_id: UUID, key: str, starts_at: datetime, email: str = "kim@example.com"
    ) -> Proposal | NotFree:
        wanted = BookingRequest(service(self.business, key), starts_at, None, "Kim Lee", email, None, None)
        async with tenant_session(self.engine, self.business.id) as session:
            return await proposing.propose_booking(session, self.business, conversation_id, wanted)

    async def propose_cancel(self, conversation_id: UUID, booking_id: UUID) -> Proposal:
        async with tenant_session(self.engine, self.business.id) as session:
            booking = await session.get_one(Booking, (self.business.id, booking_id))
            return await proposing.propose_cancel(session, self.business, conversation_id, booking)

    async def propose_move(self, conversation_id: UUID, booking_id: UUID, starts_at: datetime) -> Proposal | NotFree:
        async with tenant_session(self.engine, self.business.id) as session:
            booking = await session.get_one(Booking, (self.business.id, booking_id))
            return await proposing.propose_reschedule(session, self.business, conversation_id, booking, starts_at, None)

    async def confirm(self, proposal: Proposal) -> lifecycle.Confirmed | lifecycle.Refused:
        async with tenant_session(self.engine, self.business.id) as session:
            return await lifecycle.confirm(
                session,
                self.business,
                proposal.conversation_id,
                proposal.id,
                preview_hash=proposal.preview_hash,
            )

    async def book(self, key: str, starts_at: datetime, email: str = "kim@example.com") -> UUID:
        """From the first word to the confirmed card; the booking, which waits for its money."""
        proposal = await self.propose(await self.come_in(), key, starts_at, email)
        assert isinstance(proposal, Proposal)
        assert isinstance(await self.confirm(proposal), lifecycle.Confirmed)
        assert proposal.booking_id is not None
        return proposal.booking_id

    async def click(self, booking_id: UUID) -> str:
        """The button of the pay link; the Checkout that it leads to. Raises HandledError."""
        async with tenant_session(self.engine, self.business.id) as session:
            payment = await checkout.newest(session, self.business.id, booking_id)
        assert payment is not None
        url = await checkout.start(self.engine, self.gateway, self.business, payment.id)
        return url.rpartition("/")[2]

    # --- what comes by itself

    async def hear(self, event: Json, *, at: datetime | None = None) -> None:
        """A webhook, as the route takes it in. `at` is when it was signed."""
        body = body_of(event)
        signature = self.stripe.webhooks.sign(body, at=at)
        await inbox.receive(self.engine, self.gateway.name, self.gateway.parse_event(body, signature, clock.now()))

    def queued(self) -> list[Json]:
        """The jobs that wait, oldest first."""
        return self.look(
            "select id, task_name, args from procrastinate_jobs"
            " where status = 'todo' and task_name <> all(%(not_ours)s) order by id",
            not_ours=list(_NOT_OURS),
        )

    async def run(self, job: Json, *, dies: bool = False) -> bool:
        """Do a job. One whose worker `dies` before it could say so is done again later, as is one that the gateway
        did not answer (False)."""
        try:
            await self.tasks.tasks[job["task_name"]](**job["args"])
        except GatewayUnavailable:
            return False
        if not dies:
            self.owner.execute("delete from procrastinate_jobs where id = %s", [job["id"]])
        return True

    async def run_all(self) -> None:
        """Every job that waits, and every one that comes of it."""
        while waiting := self.queued():
            for job in waiting:
                await self.run(job)

    async def by_the_clock(self) -> None:
        """What the worker does again and again: proposals and unpaid bookings run out, the gateway is asked."""
        await proposal_jobs.expire(self.engine)
        await jobs.expire_unpaid(self.engine, self.gateway)
        await reconcile.reconcile(self.engine, self.gateway)

    async def settle_down(self) -> None:
        """Everything that is on its way arrives, and time runs until nothing is left to happen.

        Payments that were given up are looked at every six hours: money that came late, and of which the news was
        lost, is found then."""
        self.stripe.heal()
        for minutes in (70, 7 * 60, 70):
            for event in list(self.stripe.webhooks.waiting):
                await self.hear(event)
                self.stripe.webhooks.drop([event])
            await self.run_all()
            later(minutes=minutes)
            self.stripe.books.expire_what_is_due()
            await self.by_the_clock()
            await self.run_all()

    # --- what can be seen

    def look(self, query: str, **values: Any) -> list[Json]:
        return self.owner.execute(query.encode(), values or None).fetchall()

    def booking(self, booking_id: UUID) -> Json:
        return self.look("select * from bookings where id = %(id)s", id=booking_id)[0]

    def our_books(self) -> list[tuple[str, str, int]]:
        """Every movement of money as (payment intent or refund, kind, amount)."""
        entries = self.look("select reference, kind, amount_minor from ledger_entries")
        return sorted((each["reference"], each["kind"], each["amount_minor"]) for each in entries)

    def stripes_books(self) -> list[tuple[str, str, int]]:
        """The same, as the local Stripe knows it."""
        told = self.stripe.ledger.entries
        charges = [(e["payment_intent"], "charge", e["amount"]) for e in told if e["effect"] == "checkout.paid"]
        refunds = [(e["id"], "refund", -e["amount"]) for e in told if e["effect"] == "refund.created"]
        failed = [(e["id"], "refund_failed", e["amount"]) for e in told if e["effect"] == "refund.failed"]
        return sorted([*charges, *refunds, *failed])

    async def open_business(self, text: str = PAID_STUDIO) -> None:
        """A new business, and nothing left of the one before."""
        for table in ("procrastinate_jobs", "proposals", "bookings", "tenants"):
            self.owner.execute(f"delete from {table}".encode())
        handle = await import_tenant(self.engine, text)
        async with tenant_session(self.engine, handle.id) as session:
            self.business = await business_of(session, handle.id)
        self.stripe.heal()
        self.stripe.webhooks.drop()
        self.stripe.webhooks.events.clear()
        self.stripe.ledger.entries.clear()


@asynccontextmanager
async def trading(owner_url: str, text: str = PAID_STUDIO) -> AsyncGenerator[Trade]:
    """The business of `text`, open, with the local Stripe in this process."""
    engine = create_engine(owner_url)
    async with running_stripe() as stripe:
        gateway = StripeGateway(
            stripe.api_key,
            (stripe.webhooks.secret,),
            base_url=stripe.url,
            patience=Patience(whole=2.0, connect=1.0, pause=0.01),
        )
        await gateway.warm_up()
        tasks = App(connector=InMemoryConnector())
        worker.register_bookings(tasks, engine)
        worker.register_payments(tasks, engine, gateway)
        with psycopg.Connection[dict[str, Any]].connect(
            owner_url, autocommit=True, options=PATIENCE, row_factory=dict_row
        ) as owner:
            handle = await import_tenant(engine, text)
            async with tenant_session(engine, handle.id) as session:
                business = await business_of(session, handle.id)
            try:
                yield Trade(engine, stripe, gateway, tasks, owner, business)
            finally:
                await gateway.close()
                await engine.dispose()


def later(**delta: float) -> None:
    """So much time passes."""
    clock.start_at(clock.now() + timedelta(**delta))


def problems_of(trade: Trade) -> list[str]:
    """Every promise about money and places that is broken right now, in the words of whoever would be hurt."""
    found: list[str] = []
    for each in trade.look(_BOOKS, now=clock.now()):
        found += _problems_of_one(each)
    for each in trade.look("select payment_id from ledger_entries group by 1 having sum(amount_minor) < 0"):
        found.append(f"more went back than came: payment {each['payment_id']}")
    twice = "select booking_id, kind from notifications where kind = 'booking_confirmed' group by 1, 2"
    for each in trade.look(f"{twice} having count(*) > 1"):
        found.append(f"told twice that {each['booking_id']} is booked")
    return found


def _problems_of_one(one: Json) -> list[str]:
    """What is wrong with a booking when no settling job waits for it."""
    found: list[str] = []
    if one["kept"] < 0:
        found.append(f"{one['code']}: more goes back than came ({one['kept']})")
    stands = one["status"] in ("confirmed", "completed", "no_show")
    if stands and one["due_minor"] and not one["charged"]:
        found.append(f"{one['code']}: {one['status']} without money")
    if one["settling"]:
        return found
    if one["kept"] > 0 and one["status"] == "pending_payment":
        found.append(f"{one['code']}: paid and not booked")
    if one["status"] in ("expired", "cancelled") and one["kept"] - one["returned"] > (one["fee_minor"] or 0):
        found.append(f"{one['code']}: {one['status']}, {one['kept']} kept, {one['fee_minor']} owed")
    return found


_BOOKS = """
select b.code, b.status, b.due_minor, b.fee_minor,
  coalesce((select sum(amount_minor) from ledger_entries e where e.booking_id = b.id), 0)
    - coalesce((select sum(amount_minor) from refunds r where r.booking_id = b.id
                and r.status in ('queued', 'pending')), 0) as kept,
  coalesce((select sum(amount_minor) from ledger_entries e where e.booking_id = b.id and kind = 'charge'), 0)
    as charged,
  coalesce((select sum(amount_minor) from ledger_entries e where e.booking_id = b.id and kind = 'refund_failed'), 0)
    as returned,
  exists (select from procrastinate_jobs j join payments p on p.id = (j.args ->> 'payment_id')::uuid
          where j.status = 'todo' and j.task_name = 'bookings.settle' and p.booking_id = b.id) as settling
from bookings b where b.created_at <= %(now)s
"""

OPEN_FOR_NOTHING = """
select b.code, b.status, p.purpose from payments p join bookings b on b.tenant_id = p.tenant_id and b.id = p.booking_id
where p.status = 'open' and b.status not in ('pending_payment', 'confirmed')
"""


async def refused(asking: Any) -> str | None:
    """What became of something that may be refused: the name of the error, None where it was done."""
    try:
        await asking
    except HandledError as error:
        return error.name
    return None
