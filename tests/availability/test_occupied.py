"""What the database knows to be occupied, and what `hold` makes of it: both must agree."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.availability import search
from handled.bookings import holds
from handled.db.session import tenant_session
from handled.kit import clock, ids
from handled.tables import Booking
from tests.timetable import NOW, TEN, Timetable, wanted

POTTERY = """
slug: kiln-and-clay
name: Kiln & Clay (made up)
contact_email: kiln@example.com
timezone: America/New_York
locale: en_US
currency: USD
hours:
  monday-saturday: 09:00-18:00
resources:
  - {key: ada, name: Ada}
  - {key: ben, name: Ben, hours: {monday-saturday: "12:00-18:00"}}
services:
  - {key: lesson, name: Lesson, duration: 60 min, price: "30.00", buffer_after: 15 min}
  - {key: wheel, name: Wheel class, duration: 60 min, price: "20.00", capacity: 3, resources: [ada]}
"""


class Studio(Timetable):
    async def at(self, key: str, starts_at: datetime, **asked: UUID | None) -> list[tuple[str, int]] | str:
        """Who is free with how many seats left, or the reason why nobody is."""
        names = {each.id: each.key for each in self.business.resources}
        found = await self.slots(key, starts_at, **asked)
        if isinstance(found, search.Refusal):
            return found.reason
        return [(names[slot.resource_id], slot.seats_left) for slot in found]

    async def hold(
        self, key: str, starts_at: datetime, conversation_id: UUID | None = None, minutes: int = 10
    ) -> Booking:
        service = self.service(key)
        everybody = [each.id for each in service.resources]
        asked = wanted(
            service, everybody, starts_at, starts_at + timedelta(minutes=60), conversation_id=conversation_id
        )
        async with tenant_session(self.engine, self.business.id) as session:
            return await holds.hold(session, self.business.id, asked, clock.now() + timedelta(minutes=minutes))


@pytest.fixture
async def pottery(engine: AsyncEngine) -> Studio:
    return await Studio.of(engine, POTTERY)


async def test_a_booking_without_a_conversation_is_in_everybodys_way(pottery: Studio) -> None:
    assert await pottery.at("lesson", TEN) == [("ada", 1)]
    await pottery.hold("lesson", TEN)
    assert await pottery.at("lesson", TEN) == "taken"
    assert await pottery.at("lesson", TEN, conversation_id=ids.new_id()) == "taken"
    # The lesson's quarter of an hour behind it counts, before the next customer's own need for time.
    assert await pottery.at("lesson", TEN + timedelta(minutes=70)) == "taken"
    assert await pottery.at("lesson", TEN + timedelta(minutes=75)) == [("ada", 1)]
    assert await pottery.at("wheel", TEN - timedelta(minutes=60)) == [("ada", 3)]


async def test_a_conversations_own_hold_is_not_in_its_way(pottery: Studio) -> None:
    mine = ids.new_id()
    await pottery.hold("lesson", TEN, mine)
    assert await pottery.at("lesson", TEN) == "taken"
    assert await pottery.at("lesson", TEN, conversation_id=mine) == [("ada", 1)]


async def test_a_conversations_own_booking_is_in_its_way_unless_it_is_being_moved(pottery: Studio) -> None:
    mine = ids.new_id()
    booking = await pottery.hold("lesson", TEN, mine)
    async with tenant_session(pottery.engine, pottery.business.id) as session:
        await session.execute(text("update bookings set status = 'confirmed', hold_expires_at = null"))
        await session.execute(text("update occupancies set expires_at = null"))
    later = TEN + timedelta(minutes=30)
    assert await pottery.at("lesson", later, conversation_id=mine) == "taken"
    assert await pottery.at("lesson", later, moving=booking.id) == [("ada", 1)]


async def test_a_hold_that_is_over_occupies_nothing(pottery: Studio) -> None:
    await pottery.hold("lesson", TEN, minutes=5)
    clock.start_at(NOW + timedelta(minutes=6))
    assert await pottery.at("lesson", TEN) == [("ada", 1)]


async def test_a_class_fills_seat_by_seat_until_hold_refuses(pottery: Studio) -> None:
    for left in (3, 2, 1):
        assert await pottery.at("wheel", TEN) == [("ada", left)]
        await pottery.hold("wheel", TEN)
    assert await pottery.at("wheel", TEN) == "taken"
    with pytest.raises(holds.SlotTaken):
        await pottery.hold("wheel", TEN)
    assert await pottery.at("wheel", TEN + timedelta(minutes=30)) == "taken"
    assert await pottery.at("lesson", TEN) == "taken"


async def test_the_next_best_is_somebody_else_and_really_free(pottery: Studio) -> None:
    noon = TEN.replace(hour=13)
    await pottery.hold("lesson", noon)
    assert await pottery.at("lesson", noon) == [("ben", 1)]
    await pottery.hold("lesson", noon)
    async with tenant_session(pottery.engine, pottery.business.id) as session:
        lesson = pottery.service("lesson")
        slots = await search.nearest_to(session, pottery.business, lesson, noon)
    assert len({slot.starts_at for slot in slots}) == 3
    for slot in slots:
        assert await pottery.hold("lesson", slot.starts_at)
