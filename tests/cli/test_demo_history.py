"""The demo's past: plainly made up, all of it over, and nothing that it does to anybody."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.analytics import queries, report, rollups
from handled.analytics.queries import Span
from handled.availability import search
from handled.catalog.load import business_of
from handled.cli import demo_history
from handled.conversations import retention
from handled.db.session import tenant_session
from handled.kit import clock
from handled.tables import Base, Booking, Conversation, Customer, Escalation, Message, Notification, Occupancy
from handled.tenants import config
from tests.conftest import TenantHandle, at

NOW = at("2026-03-04T15:00:00-05:00")
SLUGS = [document.slug for document in config.demo_documents()]


@pytest.fixture(params=config.demo_documents(), ids=SLUGS)
async def tenant(engine: AsyncEngine, request: pytest.FixtureRequest) -> TenantHandle:
    """One of the demo's businesses, without a past."""
    clock.start_at(NOW)
    result = await config.import_document(engine, request.param)
    return TenantHandle(result.tenant_id, request.param.slug, "")


async def count(engine: AsyncEngine, tenant: TenantHandle, table: type[Base], *where: Any) -> int:
    async with tenant_session(engine, tenant.id) as session:
        return await session.scalar(select(func.count()).select_from(table).where(*where)) or 0


async def free_slots(engine: AsyncEngine, tenant: TenantHandle) -> list[tuple[Any, ...]]:
    """Every one of the next weeks, of every service."""
    today = clock.now().date()
    async with tenant_session(engine, tenant.id) as session:
        business = await business_of(session, tenant.id)
        return [
            (service.key, slot.starts_at, slot.resource_id)
            for service in business.services
            for slot in await search.list_free(session, business, service, today, today + timedelta(days=30))
        ]


async def test_every_slot_ahead_stays_free_no_mail_is_queued_and_no_job(
    engine: AsyncEngine, tenant: TenantHandle
) -> None:
    jobs = text("select count(*) from procrastinate_jobs")
    async with engine.connect() as connection:
        before = await connection.scalar(jobs)
    free = await free_slots(engine, tenant)
    assert await demo_history.fill_one(engine, tenant.id, NOW)
    assert await free_slots(engine, tenant) == free and len(free) > 100
    now = clock.now()
    assert await count(engine, tenant, Booking) > 40
    assert await count(engine, tenant, Booking, Booking.starts_at > now) == 0
    assert await count(engine, tenant, Booking, Booking.status.not_in(["completed", "cancelled", "no_show"])) == 0
    assert await count(engine, tenant, Occupancy, func.upper(Occupancy.during) > now) == 0
    assert await count(engine, tenant, Notification) == 0
    async with engine.connect() as connection:
        assert await connection.scalar(jobs) == before


async def test_everybody_in_it_is_made_up_and_nothing_is_later_than_now(
    engine: AsyncEngine, tenant: TenantHandle
) -> None:
    await demo_history.fill_one(engine, tenant.id, NOW)
    fictional = Customer.name.like("Demo %") & Customer.email.like("%.demo@example.com")
    assert await count(engine, tenant, Customer, ~fictional) == 0
    columns: dict[type[Base], tuple[Any, ...]] = {
        Conversation: (Conversation.created_at, Conversation.last_activity_at, Conversation.ended_at),
        Message: (Message.created_at,),
        Booking: (Booking.created_at, Booking.cancelled_at, Booking.changed_at),
        Escalation: (Escalation.created_at, Escalation.resolved_at),
    }
    for table, moments in columns.items():
        for each in moments:
            assert await count(engine, tenant, table, each > clock.now()) == 0, each


async def test_it_is_written_once_and_never_beside_what_was_there(engine: AsyncEngine, tenant: TenantHandle) -> None:
    assert await demo_history.fill_one(engine, tenant.id, NOW)
    made = await count(engine, tenant, Conversation)
    assert not await demo_history.fill_one(engine, tenant.id, clock.now())
    assert await count(engine, tenant, Conversation) == made


async def test_the_same_moment_has_the_same_past(engine: AsyncEngine, tenant: TenantHandle) -> None:
    async with tenant_session(engine, tenant.id) as session:
        business = await business_of(session, tenant.id)
    told = [
        [(row["content"], row["created_at"]) for row in demo_history.make_up(business, NOW, "Owner").rows[Message]]
        for _ in range(2)
    ]
    assert told[0] == told[1] and len(told[0]) > 300


async def test_one_customer_waits_for_a_person_and_all_else_is_settled(
    engine: AsyncEngine, tenant: TenantHandle
) -> None:
    await demo_history.fill_one(engine, tenant.id, NOW)
    assert await count(engine, tenant, Escalation, Escalation.status != "RESOLVED") == 1
    assert await count(engine, tenant, Escalation, Escalation.status == "RESOLVED") > 1
    assert await count(engine, tenant, Escalation, Escalation.remind_at.is_not(None)) == 0
    assert await count(engine, tenant, Conversation, Conversation.ended_at.is_(None)) == 1


async def test_its_figures_are_those_of_its_rows_and_of_every_outcome(
    engine: AsyncEngine, tenant: TenantHandle
) -> None:
    await demo_history.fill_one(engine, tenant.id, NOW)
    today = clock.now().astimezone(UTC).date()
    async with tenant_session(engine, tenant.id) as session:
        business = await business_of(session, tenant.id)
        kept = await report.by_day(session, business, today - timedelta(days=90), today)
        span = Span(business.timezone, rollups.NEVER.date(), rollups.NEVER, clock.now() + timedelta(days=2))
        assert kept == await queries.count(session, tenant.id, span)
        total = (await report.report(session, business, today - timedelta(days=90), today, "month")).total
    assert {"booked", "answered", "silent", "unresolved", "cancelled"} <= total.keys("outcome").keys()
    assert 0.5 < (report.resolution_rate(total) or 0) < 0.95
    assert report.cost_micros(total)


async def test_purging_gets_through_it_and_leaves_its_figures(engine: AsyncEngine, tenant: TenantHandle) -> None:
    await demo_history.fill_one(engine, tenant.id, NOW)
    async with tenant_session(engine, tenant.id) as session:
        business = await business_of(session, tenant.id)
        today = clock.now().date()
        before = await report.by_day(session, business, today - timedelta(days=90), today - timedelta(days=8))
        await session.execute(text("update tenants set retention_days = 7"))
    clock.start_at(NOW + timedelta(hours=1))
    done = await retention.purge(engine, rollups.frozen_until)
    assert done["purged"] > 100
    async with tenant_session(engine, tenant.id) as session:
        assert await report.by_day(session, business, today - timedelta(days=90), today - timedelta(days=8)) == before
