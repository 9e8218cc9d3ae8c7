"""Wishes, answered from a diary: the database is a list of what is occupied."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from handled.availability import search
from handled.catalog.load import Business, ExceptionDays, OfferedResource, OfferedService, WeeklyOpening
from handled.kit import clock
from handled.kit.when import DAY_END, When

ZONE = ZoneInfo("America/Chicago")
MIA, TOM = OfferedResource(UUID(int=1), "mia", "Mia"), OfferedResource(UUID(int=2), "tom", "Tom")
FRIDAY, MONDAY, TUESDAY = date(2026, 2, 27), date(2026, 3, 2), date(2026, 3, 3)
HAIRCUT = OfferedService(
    id=UUID(int=10),
    key="haircut",
    name="Haircut",
    description="",
    duration_minutes=60,
    step_minutes=30,
    price_minor=4500,
    buffer_before_minutes=0,
    buffer_after_minutes=0,
    capacity=1,
    notice_minutes=0,
    horizon_days=60,
    payment_rule="none",
    deposit_minor=None,
    cancellation={},
    intake=(),
    resources=(MIA, TOM),
)
WEDDING = replace(HAIRCUT, key="wedding", duration_minutes=None, resources=(MIA,))
SALON = Business(
    id=UUID(int=20),
    slug="salon",
    name="Salon",
    tagline=None,
    contact_email="salon@example.com",
    timezone="America/Chicago",
    locale="en_US",
    currency="USD",
    address=None,
    phone=None,
    website=None,
    branding={},
    pack="general",
    policies=(),
    typed_yes=True,
    allowed_origins=(),
    version=1,
    updated_at=datetime(2026, 1, 1, tzinfo=UTC),
    loaded_at=datetime(2026, 1, 1, tzinfo=UTC),
    public_key=None,
    resources=(MIA, TOM),
    services=(HAIRCUT, WEDDING),
    hours=(
        *(WeeklyOpening(None, weekday, 540, 1020) for weekday in range(5)),
        *(WeeklyOpening(TOM.id, weekday, 540, 720) for weekday in range(5)),
    ),
    exceptions=(ExceptionDays(MIA.id, TUESDAY, TUESDAY, "closed", None, None, "Day off"),),
    faq=(),
)


class Occupied:
    """In place of a session: answers the one query there is, and counts how often it was asked."""

    def __init__(self) -> None:
        self.rows: list[tuple[UUID, int, int, bool, UUID, int]] = []
        self.asked: list[dict[str, Any]] = []

    async def execute(self, _: object, asked: dict[str, Any]) -> list[tuple[UUID, int, int, bool, UUID, int]]:
        self.asked.append(asked)
        low, high = (asked[name].timestamp() // 60 for name in ("from", "to"))
        assert low <= high
        return [row for row in self.rows if str(row[0]) in asked["resources"] and row[1] < high and low < row[2]]

    def take(self, who: OfferedResource, starts_at: datetime, minutes: int = 60) -> None:
        start = int(starts_at.timestamp()) // 60
        self.rows.append((who.id, start, start + minutes, False, HAIRCUT.id, start))

    async def find(self, wanted: When | None, service: OfferedService = HAIRCUT, **asked: Any) -> search.Found:
        return await search.find(cast("AsyncSession", self), SALON, service, wanted, **asked)


@pytest.fixture
def diary() -> Iterator[Occupied]:
    clock.start_at(datetime(2026, 2, 27, 8, tzinfo=ZONE))
    yield Occupied()
    clock.run_free()


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)


def said(found: search.Found, service: OfferedService = HAIRCUT) -> list[str]:
    views = [search.slot_view(SALON, service, slot) for slot in found.slots]
    return [f"{view['date'][5:]} {view['time'] or 'all day'} {view['resource'] or ''}".strip() for view in views]


async def test_a_free_time_is_given_to_the_first_who_has_it(diary: Occupied) -> None:
    found = await diary.find(When(date=MONDAY, time=time(10)))
    assert (found.status, said(found)) == ("free", ["03-02 10:00 Mia"])
    diary.take(MIA, at(MONDAY, 10))
    assert said(await diary.find(When(date=MONDAY, time=time(10)))) == ["03-02 10:00 Tom"]


async def test_a_person_asked_for_is_the_only_one_looked_at(diary: Occupied) -> None:
    found = await diary.find(When(date=MONDAY, time=time(15)), resource_id=TOM.id)
    assert (found.status, found.reason) == ("not_free", "closed")
    assert found.why == "Tom is not available at that time."
    assert said(found) == ["03-02 10:00 Tom", "03-02 10:30 Tom", "03-02 11:00 Tom"]


async def test_a_taken_time_is_answered_with_the_three_nearest(diary: Occupied) -> None:
    diary.take(MIA, at(MONDAY, 15))
    found = await diary.find(When(date=MONDAY, time=time(15)))
    assert (found.status, found.reason, found.why) == ("not_free", "taken", "That time is already taken.")
    assert said(found) == ["03-02 13:30 Mia", "03-02 14:00 Mia", "03-02 16:00 Mia"]


async def test_the_search_for_alternatives_widens_until_there_are_three(diary: Occupied) -> None:
    diary.take(MIA, at(FRIDAY, 0), 40 * 1440)
    diary.take(TOM, at(FRIDAY, 0), 40 * 1440)
    found = await diary.find(When(date=MONDAY, time=time(10)))
    assert said(found) == ["04-08 09:30 Mia", "04-08 10:00 Mia", "04-08 10:30 Mia"]


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (date(2026, 2, 20), "past"),
        (date(1, 1, 1), "past"),
        (date(2026, 6, 1), "horizon"),
        (date(9999, 12, 31), "horizon"),
    ],
)
async def test_dates_out_of_reach_are_refused_with_the_nearest_that_are_not(
    diary: Occupied, day: date, reason: str
) -> None:
    for wanted in (When(date=day, time=time(23, 55)), When(date=day), When(dates=(day, day))):
        found = await diary.find(wanted)
        assert found.reason == reason
        assert len(found.slots) == 3
    for moment in (datetime(day.year, day.month, day.day, 23, tzinfo=UTC), at(day, 23)):
        refusal = await search.at(cast("AsyncSession", diary), SALON, HAIRCUT, moment)
        assert isinstance(refusal, search.Refusal)
        assert refusal.reason == reason
        assert len(await search.nearest_to(cast("AsyncSession", diary), SALON, HAIRCUT, moment)) == 3


async def test_a_day_is_answered_with_a_spread_of_its_free_times(diary: Occupied) -> None:
    found = await diary.find(When(date=MONDAY))
    assert (found.status, found.more) == ("options", True)
    assert [each.split()[1] for each in said(found)] == [f"{hour:02}:00" for hour in range(9, 17)]


async def test_a_part_of_the_day_is_kept_to(diary: Occupied) -> None:
    found = await diary.find(When(date=MONDAY, window=(time(15), DAY_END)))
    assert (found.more, said(found)) == (False, ["03-02 15:00 Mia", "03-02 15:30 Mia", "03-02 16:00 Mia"])
    found = await diary.find(When(date=MONDAY, window=(time(15), time(16))))
    assert said(found) == ["03-02 15:00 Mia", "03-02 15:30 Mia"]


async def test_hours_that_are_not_ours_are_answered_with_ours_and_the_latest_start(diary: Occupied) -> None:
    found = await diary.find(When(date=MONDAY, window=(time(18), time(22))))
    assert (found.status, found.why) == ("none", "We are open from 9:00 am to 5:00 pm on Mondays.")
    assert said(found) == ["03-02 15:00 Mia", "03-02 15:30 Mia", "03-02 16:00 Mia"]


async def test_a_closed_day_is_answered_with_what_follows(diary: Occupied) -> None:
    found = await diary.find(When(date=date(2026, 2, 28)))
    assert (found.status, found.reason, found.why) == ("none", "closed", "We are closed on Saturdays.")
    assert said(found) == ["03-02 09:00 Mia", "03-02 09:30 Mia", "03-02 10:00 Mia"]


async def test_nothing_asked_is_answered_with_what_comes_next(diary: Occupied) -> None:
    found = await diary.find(None, limit=4)
    assert (found.status, found.more) == ("options", True)
    assert said(found) == ["02-27 09:00 Mia", "02-27 09:30 Mia", "02-27 10:00 Mia", "02-27 10:30 Mia"]
    assert len(diary.asked) == 1


async def test_a_time_alone_is_looked_for_on_the_coming_days_also_off_the_grid(diary: Occupied) -> None:
    diary.take(MIA, at(FRIDAY, 9), 480)
    found = await diary.find(When(time=time(15, 10)), limit=3)
    assert said(found) == ["03-02 15:10 Mia", "03-04 15:10 Mia", "03-05 15:10 Mia"]


async def test_a_time_on_one_of_two_days_is_looked_for_on_both(diary: Occupied) -> None:
    found = await diary.find(When(date=TUESDAY, also=(MONDAY,), time=time(15)))
    assert (found.status, said(found)) == ("options", ["03-02 15:00 Mia"])


async def test_the_earliest_is_not_spread(diary: Occupied) -> None:
    found = await diary.find(When(dates=(MONDAY, TUESDAY), earliest=True), limit=3)
    assert said(found) == ["03-02 09:00 Mia", "03-02 09:30 Mia", "03-02 10:00 Mia"]


async def test_the_latest_are_the_last_of_the_day(diary: Occupied) -> None:
    found = await diary.find(When(date=MONDAY, latest=True), limit=12)
    everything = await diary.find(When(date=MONDAY), limit=100)
    assert said(found) == said(everything)[-3:]
    assert (found.status, found.more) == ("options", True)


async def test_the_latest_of_several_days_is_one_of_each(diary: Occupied) -> None:
    found = await diary.find(When(dates=(MONDAY, TUESDAY), latest=True), limit=12)
    last = [said(await diary.find(When(date=day), limit=100))[-1] for day in (MONDAY, TUESDAY)]
    assert said(found) == last


async def test_a_range_without_anything_says_why(diary: Occupied) -> None:
    found = await diary.find(When(dates=(date(2026, 2, 28), date(2026, 3, 1))))
    assert (found.status, found.reason) == ("none", "closed")
    assert said(found)[0] == "03-02 09:00 Mia"


async def test_a_whole_day_is_asked_for_by_date_whatever_the_time(diary: Occupied) -> None:
    found = await diary.find(When(date=MONDAY, time=time(15)), WEDDING)
    assert (found.status, said(found, WEDDING)) == ("free", ["03-02 all day"])
    day_off = await diary.find(When(date=TUESDAY), WEDDING)
    assert (day_off.status, day_off.reason) == ("not_free", "closed")
    assert day_off.why == "Mia is not available on Tuesday, March 3."
    assert said(day_off, WEDDING) == ["03-02 all day", "03-04 all day", "03-05 all day"]
    slots = await search.at(cast("AsyncSession", diary), SALON, WEDDING, at(MONDAY, 15))
    assert isinstance(slots, list)
    assert slots[0].ends_at - slots[0].starts_at == timedelta(days=1)


async def test_what_is_not_in_the_calendar_is_asked_back(diary: Occupied) -> None:
    no_date = await diary.find(When(problem="no_such_date"))
    no_time = await diary.find(When(date=MONDAY, problem="no_such_time"))
    assert (no_date.status, no_time.status) == ("unclear", "unclear")
    assert "day" in (no_date.question or "")
    assert "time" in (no_time.question or "")


async def test_ones_own_hold_and_the_booking_to_be_moved_are_left_out_by_the_query(diary: Occupied) -> None:
    mine, moving = UUID(int=77), UUID(int=78)
    await diary.find(When(date=MONDAY, time=time(10)), conversation_id=mine, moving=moving)
    assert [(asked["conversation"], asked["moving"]) for asked in diary.asked] == [(mine, moving)]
