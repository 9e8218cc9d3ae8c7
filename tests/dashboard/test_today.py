"""The first page of the dashboard: what comes next, who waits, how the week goes."""

from __future__ import annotations

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.analytics import rollups
from handled.db.session import tenant_session
from handled.feedback import given
from handled.kit import clock
from tests.conftest import TenantHandle, at
from tests.customers import Customer
from tests.dashboard.desk import Browser
from tests.managed import booked, changed, later

WEDNESDAY = at("2026-03-04T09:00:00-05:00")
HERE = "/dashboard"


@pytest.fixture(autouse=True)
def wednesday_morning() -> None:
    clock.start_at(WEDNESDAY)


async def test_an_empty_desk_says_what_to_do_first(owner: Browser) -> None:
    page = await owner.page(HERE)
    assert "Three steps to your first booking" in page
    assert 'href="/c/studio"' in page and "/dashboard/team" in page
    assert "No bookings ahead" in page and "Nobody waits" in page
    assert "nobody has rated this week yet" in page and "Paid this week" not in page


async def test_the_next_bookings_come_in_order_and_what_is_over_does_not(
    owner: Browser, engine: AsyncEngine, studio: TenantHandle
) -> None:
    later_one = await booked(owner.http, engine, studio, "2026-03-05T15:00-05:00")
    await booked(owner.http, engine, studio, "2026-03-04T10:00-05:00", email="ann@example.com")
    gone = await booked(owner.http, engine, studio, "2026-03-06T15:00-05:00")
    await changed(gone, status="cancelled")
    await changed(later_one, status="pending_payment", due_minor=4500, customer_name="Ann Other")
    page = await owner.page(HERE)
    assert "Three steps" not in page
    assert page.index("Today, 10:00 am") < page.index("Tomorrow, 3:00 pm")
    assert str(gone.booking.id) not in page
    assert "waits for payment" in page and "Waiting to be paid" in page and "$45.00" in page
    later(hours=3)
    assert "Today, 10:00 am" not in await owner.page(HERE)


async def test_money_of_this_week_is_counted_and_of_the_last_is_not(
    owner: Browser, engine: AsyncEngine, studio: TenantHandle
) -> None:
    clock.start_at(at("2026-02-25T09:00:00-05:00"))
    before = await booked(owner.http, engine, studio, "2026-03-05T15:00-05:00")
    await before.pay(1100)
    clock.start_at(WEDNESDAY)
    now = await booked(owner.http, engine, studio, "2026-03-06T15:00-05:00")
    await now.pay(4500)
    page = await owner.page(HERE)
    assert "$45.00" in page and "$56.00" not in page and "nothing went back" in page


async def test_who_asks_for_a_person_waits_here(
    owner: Browser, customer: Customer, engine: AsyncEngine, studio: TenantHandle
) -> None:
    await customer.say("I want to talk to a human please")
    page = await owner.page(HERE)
    assert "I want to talk to a human please" in page or "A visitor" in page
    assert "/dashboard/inbox/" in page


async def test_satisfaction_is_this_weeks_with_the_change_since_last(
    owner: Browser, engine: AsyncEngine, studio: TenantHandle
) -> None:
    # Sunday: the last day of last week, and still open to be counted.
    clock.start_at(at("2026-03-01T12:00:00-05:00"))
    bookings = [await booked(owner.http, engine, studio, f"2026-03-0{day}T15:00-05:00") for day in (5, 6, 7)]
    async with tenant_session(engine, studio.id) as session:
        for each, rating in zip(bookings[:2], (5, 1), strict=True):
            await given.put_rating_of_booking(session, each.booking, rating)
    clock.start_at(WEDNESDAY)
    async with tenant_session(engine, studio.id) as session:
        await given.put_rating_of_booking(session, bookings[2].booking, 4)
        # As the job does by the clock, before or after.
        await rollups.roll_up(session, studio.id)
    page = await owner.page(HERE)
    assert "100 %" in page and "of 1 this week, 50 points more than last" in page


async def test_what_is_left_of_the_budget_is_told(owner: Browser) -> None:
    assert "Left for models today" in await owner.page(HERE)
