"""What packages, classes and moves occupy, and what is still free beside them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.availability import search
from handled.bookings import holds, lifecycle, moves, places
from handled.bookings.lifecycle import By
from handled.bookings.view import booking_view
from handled.customers import identity
from handled.db.session import tenant_session
from handled.kit import clock, ids
from handled.tables import Booking, Occupancy
from tests.timetable import TEN, ZONE, Timetable, wanted

ATELIER = """
slug: thread-and-button
name: Thread & Button (made up)
contact_email: thread@example.com
timezone: America/New_York
locale: en_US
currency: USD
hours:
  monday-saturday: 09:00-18:00
resources:
  - {key: ada, name: Ada}
  - {key: ben, name: Ben}
  - {key: cy, name: Cy, hours: {monday-saturday: "09:00-11:00"}}
services:
  - {key: fitting, name: Fitting, duration: 30 min, price: "20.00", buffer_after: 5 min, resources: [ada, ben]}
  - key: sewing
    name: Sewing
    duration: 60 min
    price: "40.00"
    buffer_before: 10 min
    buffer_after: 15 min
    resources: [ada, cy]
  - {key: class, name: Class, duration: 60 min, price: "20.00", buffer_before: 10 min, capacity: 3, resources: [ben]}
packages:
  - {key: suit, name: Suit, includes: [fitting, sewing, fitting], price: "70.00"}
"""


class Atelier(Timetable):
    def named(self, resource_ids: list[UUID]) -> list[str]:
        names = {each.id: each.key for each in self.business.resources}
        return [names[each] for each in resource_ids]

    def key(self, name: str) -> UUID:
        return next(each.id for each in self.business.resources if each.key == name)

    async def found(self, key: str, starts_at: datetime, **asked: UUID | None) -> search.Places | search.Refusal:
        async with tenant_session(self.engine, self.business.id) as session:
            return await search.places_at(session, self.business, self.service(key), starts_at, **asked)

    async def who(self, key: str, starts_at: datetime, **asked: UUID | None) -> list[list[str]] | str:
        """Who could perform each part, or why nobody can."""
        found = await self.found(key, starts_at, **asked)
        if isinstance(found, search.Refusal):
            return found.reason
        return [self.named(each) for each in found.resource_ids]

    async def seats(self, key: str, starts_at: datetime, **asked: UUID | None) -> int:
        found = await self.slots(key, starts_at, **asked)
        return 0 if isinstance(found, search.Refusal) else found[0].seats_left

    async def book(self, key: str, starts_at: datetime, **asked: UUID | None) -> Booking:
        """Held and confirmed."""
        found = await self.found(key, starts_at, **asked)
        assert isinstance(found, search.Places)
        service = self.service(key)
        parts = places.parts_of(service, found) if service.includes else ()
        asked_for = wanted(service, found.resource_ids[0], found.starts_at, found.ends_at, parts=parts)
        async with tenant_session(self.engine, self.business.id) as session:
            booking = await holds.hold(session, self.business.id, asked_for, clock.now() + timedelta(minutes=10))
            customer = await identity.find_or_add(
                session, self.business.id, name="Somebody", email="somebody@example.com", phone=None
            )
            return await lifecycle.confirm_hold(session, booking, actor="customer", customer_id=customer)

    async def hold_next(self, booking: Booking, key: str, starts_at: datetime) -> search.Places:
        found = await self.found(key, starts_at, moving=booking.id)
        assert isinstance(found, search.Places)
        parts = places.parts_of(self.service(key), found, prefer=booking.resource_id)
        async with tenant_session(self.engine, self.business.id) as session:
            taken = await moves.hold_next(session, booking, parts, clock.now() + timedelta(minutes=10))
        return search.Places(found.starts_at, found.ends_at, [taken])

    async def occupied(self, *, is_next: bool = False) -> list[tuple[str, str, str]]:
        """Who is taken from when to when, in the order of the parts."""
        async with tenant_session(self.engine, self.business.id) as session:
            rows = await session.scalars(
                select(Occupancy).where(Occupancy.is_next == is_next).order_by(Occupancy.booking_id, Occupancy.part)
            )
            found = [(each.resource_id, each.during) for each in rows]
        return [
            (
                self.named([who])[0],
                *(f"{edge.astimezone(ZONE):%H:%M}" for edge in (during.lower, during.upper) if edge),
            )
            for who, during in found
        ]  # pyright: ignore[reportReturnType]


@pytest.fixture
async def atelier(engine: AsyncEngine) -> Atelier:
    return await Atelier.of(engine, ATELIER)


async def test_a_package_is_one_booking_with_a_place_for_each_part(atelier: Atelier) -> None:
    booking = await atelier.book("suit", TEN)
    assert (booking.ends_at - booking.starts_at, atelier.named(booking.part_resource_ids)) == (
        timedelta(hours=2),
        ["ada", "ada", "ada"],
    )
    assert await atelier.occupied() == [("ada", "10:00", "10:35"), ("ada", "10:20", "11:45"), ("ada", "11:30", "12:05")]
    assert booking_view(atelier.business, booking)["resource"] == "Ada"


async def test_a_package_that_two_share_names_them_both(atelier: Atelier) -> None:
    await atelier.book("fitting", TEN, resource_id=atelier.key("ada"))
    nine = TEN - timedelta(minutes=30)
    assert await atelier.who("suit", nine) == [["ben"], ["cy"], ["ben", "ada"]]
    booking = await atelier.book("suit", nine)
    assert atelier.named(booking.part_resource_ids) == ["ben", "cy", "ben"]
    assert booking_view(atelier.business, booking)["resource"] == "Ben and Cy"


async def test_somebody_asked_for_performs_every_part_that_they_can(atelier: Atelier) -> None:
    assert await atelier.who("suit", TEN, resource_id=atelier.key("ben")) == [["ben"], ["ada"], ["ben"]]
    assert await atelier.who("suit", TEN, resource_id=atelier.key("ada")) == [["ada"], ["ada"], ["ada"]]
    # Cy leaves at eleven, in the middle of the sewing.
    assert await atelier.who("suit", TEN, resource_id=atelier.key("cy")) == "closed"


async def test_a_packages_buffers_keep_others_away_and_only_others(atelier: Atelier) -> None:
    ada = atelier.key("ada")
    await atelier.book("suit", TEN, resource_id=ada)
    assert await atelier.who("fitting", TEN - timedelta(minutes=30), resource_id=ada) == "taken"
    assert await atelier.who("fitting", TEN - timedelta(minutes=35), resource_id=ada) == [["ada"]]
    assert await atelier.who("fitting", TEN + timedelta(minutes=120), resource_id=ada) == "taken"
    assert await atelier.who("fitting", TEN + timedelta(minutes=125), resource_id=ada) == [["ada"]]


async def test_a_part_that_is_lost_meanwhile_loses_the_whole_package(atelier: Atelier) -> None:
    found = await atelier.found("suit", TEN)
    assert isinstance(found, search.Places)
    await atelier.book("sewing", TEN + timedelta(minutes=45))
    booking_id, parts = ids.new_id(), places.parts_of(atelier.service("suit"), found)
    async with tenant_session(atelier.engine, atelier.business.id) as session:
        taken = await places.take(
            session, atelier.business.id, booking_id, parts[1:], is_next=False, expires_at=clock.now()
        )
        await session.rollback()
    assert taken is None
    assert len(await atelier.occupied()) == 1


async def test_nobody_to_perform_a_part_is_a_part_that_cannot_be_had(atelier: Atelier) -> None:
    found = search.Places(TEN, TEN + timedelta(hours=2), [[atelier.key("ada")], [], [atelier.key("ada")]])
    parts = places.parts_of(atelier.service("suit"), found)
    async with tenant_session(atelier.engine, atelier.business.id) as session:
        values: dict[str, Any] = {"is_next": False, "expires_at": None}
        assert await places.take(session, atelier.business.id, ids.new_id(), parts[1:], **values) is None


async def test_a_package_moves_as_a_whole_even_over_its_own_place(atelier: Atelier) -> None:
    booking = await atelier.book("suit", TEN)
    later = TEN + timedelta(minutes=30)
    target = await atelier.hold_next(booking, "suit", later)
    assert len(await atelier.occupied()) == len(await atelier.occupied(is_next=True)) == 3
    assert await atelier.who("fitting", TEN, resource_id=atelier.key("ada")) == "taken"
    async with tenant_session(atelier.engine, atelier.business.id) as session:
        current = await lifecycle.get(session, booking.tenant_id, booking.id)
        moved = await moves.move(
            session,
            current,
            by=By("customer"),
            starts_at=target.starts_at,
            ends_at=target.ends_at,
            resource_ids=target.resource_ids[0],
            price_minor=None,
        )
    assert (moved.starts_at, atelier.named(moved.part_resource_ids)) == (later, ["ada", "ada", "ada"])
    assert await atelier.occupied() == [("ada", "10:30", "11:05"), ("ada", "10:50", "12:15"), ("ada", "12:00", "12:35")]
    assert await atelier.occupied(is_next=True) == []
    assert await atelier.who("fitting", TEN - timedelta(minutes=5), resource_id=atelier.key("ada")) == [["ada"]]


async def test_cancelling_a_package_frees_every_part(atelier: Atelier) -> None:
    booking = await atelier.book("suit", TEN)
    async with tenant_session(atelier.engine, atelier.business.id) as session:
        await lifecycle.cancel(session, booking, by=By("customer"))
    assert await atelier.occupied() == []


async def test_a_seat_that_is_held_for_a_move_is_one_of_the_sessions_seats(atelier: Atelier) -> None:
    booking = await atelier.book("class", TEN)
    two = TEN + timedelta(hours=4)
    await atelier.hold_next(booking, "class", two)
    assert (await atelier.seats("class", TEN), await atelier.seats("class", two)) == (2, 2)
    assert await atelier.seats("class", two, moving=booking.id) == 3
    # And the session is found although it lies off the grid that we suggest.
    off_grid = two + timedelta(hours=2, minutes=5)
    await atelier.hold_next(booking, "class", off_grid)
    async with tenant_session(atelier.engine, atelier.business.id) as session:
        free = await search.list_free(
            session, atelier.business, atelier.service("class"), off_grid.date(), off_grid.date()
        )
    assert {each.starts_at: each.seats_left for each in free}[off_grid] == 2


async def test_a_move_into_a_full_class_is_refused_and_into_the_last_seat_is_not(atelier: Atelier) -> None:
    two = TEN + timedelta(hours=4)
    mover = await atelier.book("class", TEN)
    for _ in range(2):
        await atelier.book("class", two)
    found = await atelier.found("class", two, moving=mover.id)
    assert isinstance(found, search.Places)
    await atelier.book("class", two)
    parts = places.parts_of(atelier.service("class"), found)
    with pytest.raises(holds.SlotTaken):
        async with tenant_session(atelier.engine, atelier.business.id) as session:
            await moves.hold_next(session, mover, parts, None)
    async with tenant_session(atelier.engine, atelier.business.id) as session:
        await session.execute(text("delete from occupancies where seat = 3"))
    assert await atelier.seats("class", two, moving=mover.id) == 1
    assert (await atelier.hold_next(mover, "class", two)).starts_at == two
    assert await atelier.seats("class", two) == 0
