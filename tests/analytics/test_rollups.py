"""Days that are counted stay as they are, and are what counting everything anew would give."""

from __future__ import annotations

import asyncio
import random
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.analytics import rollups
from handled.db.session import tenant_session
from handled.kit import clock
from handled.tables import Booking, Conversation
from tests.analytics.past import MODEL, Past
from tests.conftest import STUDIO, TenantHandle, at, import_tenant
from tests.faults import ledger

# Clocks change on the third day.
BEGIN = at("2026-03-06T00:00:00-05:00")
FIRST = date(2026, 3, 6)
DAYS = 9
EMAILS = ("anna@example.com", "kim@example.com", None, None)
CLIENTS = (b"home", b"hotel", b"phone", None)
# What says who somebody is may make them one who came back, to a conversation of up to 72 hours earlier.
_NAMING = ("book", "pay", "escalate", "verify")


@pytest.fixture
async def past(engine: AsyncEngine, studio: TenantHandle) -> Past:
    clock.start_at(BEGIN)
    return await Past.of(engine, studio)


class Life:
    """Customers who do this and that. What comes late to a conversation comes while its day is open."""

    def __init__(self, past: Past, seed: int) -> None:
        self.past = past
        self.dice = random.Random(seed)
        self.late: list[tuple[datetime, str, UUID]] = []

    async def day(self, number: int) -> None:
        moments = sorted(BEGIN + timedelta(days=number, seconds=self.dice.randrange(86400)) for _ in range(4))
        for moment in moments:
            await self._catch_up(moment)
            await self._talk(moment)
            if self.dice.random() < 0.5:
                clock.start_at(moment + timedelta(minutes=5))
                await self.past.roll_up()
        await self._catch_up(BEGIN + timedelta(days=number + 1))

    async def end(self) -> None:
        await self._catch_up(BEGIN + timedelta(days=DAYS + 10))

    async def _talk(self, moment: datetime) -> None:
        dice, past = self.dice, self.past
        who = {"verified_email": dice.choice(EMAILS), "client": dice.choice(CLIENTS)}
        said = dice.randrange(4)
        talk = await past.talk(moment, said=said, ended=dice.choice((None, "silence", "left", "resolved")), **who)
        for number in range(said):
            facts = {
                name: dice.random() < 0.4 for name in ("gave_answer", "is_unanswered", "said_goodbye", "saw_times")
            }
            missed: dict[str, Any] = {"missed_date": FIRST, "missed_reason": "taken"} if dice.random() < 0.3 else {}
            service = dice.choice((None, "haircut", "colour"))
            asked = moment + timedelta(minutes=number)
            wait = dice.randrange(20, 9000)
            await past.turn(talk, asked, number=number, first_text_ms=wait, service=service, **facts, **missed)
            await past.spend(talk, asked, dice.choice((None, 0, 700)), dice.choice((MODEL, "guided:guided")))
        for what in (*_NAMING, "cancel", "rate", "thumb", "end", "speak"):
            if said and dice.random() < 0.3:
                hours = dice.uniform(0, 20 if what in _NAMING else 70)
                self.late.append((moment + timedelta(hours=hours), what, talk))

    async def _catch_up(self, now: datetime) -> None:
        due = sorted(each for each in self.late if each[0] <= now)
        self.late = [each for each in self.late if each[0] > now]
        for moment, what, talk in due:
            await self._happen(moment, what, talk)

    async def _happen(self, moment: datetime, what: str, talk: UUID) -> None:
        past, dice = self.past, self.dice
        match what:
            case "book":
                await past.book(talk, moment, confirmed=dice.random() < 0.7)
            case "pay":
                booking = await past.book(talk, moment, confirmed=False, due=4500)
                await past.change(Booking, booking, confirmed_at=moment, paid_at=moment)
                await past.money(booking, moment, 4500)
                await past.money(booking, moment + timedelta(days=1), -1000)
            case "cancel":
                await past.did(talk, moment, dice.choice(("cancel", "reschedule")))
            case "escalate":
                await past.escalate(talk, moment, customer_email=dice.choice(EMAILS))
            case "rate":
                await past.rate(talk, moment, dice.randrange(1, 6))
            case "thumb":
                await past.thumb(talk, moment, up=dice.random() < 0.5)
            case "end":
                await past.change(Conversation, talk, ended_by="silence", ended_at=moment)
            case "speak":
                await past.staff(talk, moment)
            case _:
                await past.change(Conversation, talk, verified_email="kim@example.com")


@pytest.mark.parametrize("seed", range(6))
async def test_what_was_counted_day_by_day_is_what_counting_anew_gives(past: Past, seed: int) -> None:
    life = Life(past, seed)
    for number in range(DAYS):
        await life.day(number)
        clock.start_at(BEGIN + timedelta(days=number + 1, hours=seed))
        await past.roll_up()
    await life.end()
    clock.start_at(BEGIN + timedelta(days=DAYS + 8))
    await past.roll_up()
    last = FIRST + timedelta(days=DAYS + 8)
    kept = await past.days(FIRST, last)
    assert kept == await past.anew(FIRST, last)
    assert sum(figures.get("all", {}).get("all", {}).get("opened", 0) for figures in kept.values()) == 4 * DAYS
    assert await past.purge() == 4 * DAYS
    assert await past.anew(FIRST, last) != kept
    clock.start_at(BEGIN + timedelta(days=DAYS + 40))
    await past.roll_up()
    assert await past.days(FIRST, last) == kept


async def test_a_business_that_was_never_counted_is_counted_when_asked(past: Past) -> None:
    await past.talk(BEGIN)
    assert (await past.days(FIRST, FIRST))[FIRST]["all"]["all"]["conversations"] == 1


async def test_today_is_live_and_yesterday_waits_for_the_job(past: Past) -> None:
    clock.start_at(BEGIN + timedelta(days=1, hours=1))
    await past.talk(BEGIN)
    await past.roll_up()
    for moment in (BEGIN + timedelta(hours=2), BEGIN + timedelta(days=1)):
        await past.talk(moment)
    opened = {day: each["all"]["all"]["opened"] for day, each in (await past.days(FIRST, date(2026, 3, 9))).items()}
    assert opened == {FIRST: 1, FIRST + timedelta(days=1): 1}
    await past.roll_up()
    assert (await past.days(FIRST, FIRST))[FIRST]["all"]["all"]["opened"] == 2


async def test_a_frozen_day_does_not_change_any_more(past: Past) -> None:
    talk = await past.talk(BEGIN + timedelta(hours=23))
    for day, changes in ((4, True), (5, False)):
        # The day is over for four days from the fifth midnight on.
        clock.start_at(BEGIN + timedelta(days=day, hours=3))
        await past.roll_up()
        before = await past.days(FIRST, FIRST)
        await past.book(talk, BEGIN + timedelta(days=day))
        await past.roll_up()
        assert (await past.days(FIRST, FIRST) != before) is changes


async def test_nothing_is_frozen_before_its_day_is_over_for_long_enough(past: Past) -> None:
    clock.start_at(BEGIN + timedelta(days=2, hours=5))
    async with tenant_session(past.engine, past.tenant) as session:
        assert await rollups.frozen_until(session, past.tenant) is None
    await past.roll_up()
    async with tenant_session(past.engine, past.tenant) as session:
        assert await rollups.frozen_until(session, past.tenant) == at("2026-03-04T00:00:00-05:00")
    # Past the change of clocks: midnight is an hour earlier in the world.
    clock.start_at(at("2026-03-13T00:30:00-04:00"))
    await past.roll_up()
    async with tenant_session(past.engine, past.tenant) as session:
        assert await rollups.frozen_until(session, past.tenant) == at("2026-03-09T00:00:00-04:00")


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "Pacific/Honolulu"])
async def test_a_business_that_moves_to_another_zone_counts_everything_once(past: Past, zone: str) -> None:
    for hour in range(0, 24 * 8, 3):
        await past.talk(BEGIN + timedelta(hours=hour))
    clock.start_at(BEGIN + timedelta(days=8))
    await past.roll_up()
    await past.move_zone(zone)
    for _ in range(3):
        days = await past.days(FIRST - timedelta(days=2), FIRST + timedelta(days=12))
        assert sum(each["all"]["all"]["opened"] for each in days.values()) == 64
        clock.start_at(clock.now() + timedelta(days=1))
        await past.roll_up()


async def test_two_workers_at_once_count_once(past: Past, owner_url: str) -> None:
    await past.talk(BEGIN)
    clock.start_at(BEGIN + timedelta(days=2))
    await asyncio.gather(*(past.roll_up() for _ in range(4)))
    assert [row["day"] for row in ledger.rows(owner_url, "select day from analytics_days")] == [FIRST]


async def test_the_job_counts_every_business(past: Past, engine: AsyncEngine, owner_url: str) -> None:
    other = await Past.of(engine, await import_tenant(engine, STUDIO.replace("slug: studio", "slug: other")))
    await past.talk(BEGIN)
    await other.talk(BEGIN)
    clock.start_at(BEGIN + timedelta(days=2))
    await rollups.roll_up_all(engine)
    counted = ledger.rows(
        owner_url, "select tenant_id, figures -> 'all' -> 'all' ->> 'opened' as n from analytics_days"
    )
    assert {(row["tenant_id"], row["n"]) for row in counted} == {(past.tenant, "1"), (other.tenant, "1")}
