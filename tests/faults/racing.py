"""Many who want the same: holds taken through the one function that takes them, all at the same moment."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from handled.availability.exact import Places
from handled.bookings import holds, places
from handled.catalog.business import Business, OfferedService, service_by_key
from handled.catalog.load import business_of
from handled.db.engine import create_engine
from handled.db.session import tenant_session
from handled.kit import clock
from tests.faults import ledger

LOCKS_OFF = """
alter table occupancies drop constraint no_double_booking;
create or replace function lock_resources(p_resources uuid[]) returns void
language plpgsql as $$ begin perform pg_sleep(0.02); end $$;
"""
"""The red control: without the locks and without the constraint, whoever looks first sees a free slot."""


@dataclass(frozen=True)
class Wish:
    service: OfferedService
    resource_ids: Sequence[UUID]
    starts_at: datetime

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.service.duration_minutes or 1440)


@dataclass(frozen=True)
class Raced:
    """Who got what they wished for, who was turned away, and what else happened."""

    won: list[Wish]
    lost: list[Wish]
    trouble: list[BaseException]


@asynccontextmanager
async def crowd(owner_url: str, connections: int = 24) -> AsyncGenerator[AsyncEngine]:
    """The application's way into the database, for more at once than one process has."""
    engine = create_engine(owner_url, pool_size=connections)
    yield engine
    await engine.dispose()


async def business(engine: AsyncEngine, tenant_id: UUID) -> Business:
    async with tenant_session(engine, tenant_id) as session:
        return await business_of(session, tenant_id)


def service(business: Business, key: str) -> OfferedService:
    found = service_by_key(business, key)
    assert found is not None
    return found


async def race(engine: AsyncEngine, shop: Business, wishes: Sequence[Wish]) -> Raced:
    """All of them at once, each in its own transaction."""
    gate = asyncio.Event()

    async def reach(wish: Wish) -> None:
        await gate.wait()
        async with tenant_session(engine, shop.id) as session:
            await holds.hold(session, shop.id, wanted(shop, wish), clock.now() + timedelta(minutes=10))

    tasks = [asyncio.create_task(reach(each)) for each in wishes]
    gate.set()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    raced = Raced([], [], [])
    for wish, outcome in zip(wishes, outcomes, strict=True):
        if outcome is None:
            raced.won.append(wish)
        elif isinstance(outcome, holds.SlotTaken):
            raced.lost.append(wish)
        else:
            raced.trouble.append(outcome)
    return raced


def wanted(shop: Business, wish: Wish) -> holds.Wanted:
    offered = wish.service
    return holds.Wanted(
        service_id=offered.id,
        resource_ids=wish.resource_ids,
        starts_at=wish.starts_at,
        ends_at=wish.ends_at,
        whole_day=offered.whole_day,
        buffer_before_minutes=offered.buffer_before_minutes,
        buffer_after_minutes=offered.buffer_after_minutes,
        capacity=offered.capacity,
        price_minor=offered.price_minor,
        currency=shop.currency,
        payment_rule="none",
        due_minor=0,
        policy={},
        customer_name="Racer",
        customer_email="racer@example.com",
        customer_phone=None,
        notes=None,
        source="CHATBOT",
        conversation_id=None,
        parts=places.parts_of(offered, places_of(wish)) if offered.includes else (),
    )


def places_of(wish: Wish) -> Places:
    """Where a package would be, as if everybody were free."""
    performers = [[each.id for each in part.resources] for part in wish.service.includes]
    return Places(wish.starts_at, wish.ends_at, performers)


def breaches(owner_url: str, raced: Raced) -> list[str]:
    """Every way in which the race broke the promise."""
    found = [f"double: {each}" for each in ledger.double_bookings(owner_url)]
    found += [f"half taken: {each}" for each in ledger.half_taken(owner_url)]
    found += [f"trouble: {type(each).__name__}: {each}" for each in raced.trouble]
    found += [
        f"turned away from a free slot: {each.starts_at}" for each in raced.lost if not _was_taken(owner_url, each)
    ]
    if broken := ledger.deadlocks(owner_url):
        found.append(f"deadlocks: {broken}")
    return found


def _was_taken(owner_url: str, wish: Wish) -> bool:
    """Whether everybody who could have performed it, or one part of it, is with somebody else then."""
    starts_at = wish.starts_at
    for each in wish.service.includes or (wish.service,):
        ends_at = starts_at + timedelta(minutes=each.duration_minutes or 1440)
        low = starts_at - timedelta(minutes=each.buffer_before_minutes)
        high = ends_at + timedelta(minutes=each.buffer_after_minutes)
        could = [one.id for one in each.resources] if wish.service.includes else wish.resource_ids
        if all(ledger.is_blocked(owner_url, who, low, high) for who in could):
            return True
        starts_at = ends_at
    return False
