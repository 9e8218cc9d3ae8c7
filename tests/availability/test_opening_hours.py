"""Hours, exceptions and what they make of single days."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from handled.availability.hours import ExceptionPeriod, Hours, Opening, wall_windows
from handled.availability.slots import Busy, Calendar, Offer, busy_between, free_slots, is_free

MADRID = ZoneInfo("Europe/Madrid")
SERVICE, MIA, TOM = (UUID(int=i) for i in (1, 2, 3))
MONDAY = date(2026, 3, 2)
NINE_TO_FIVE = Hours(tuple(Opening(weekday, 540, 1020) for weekday in range(5)))
EARLIER = datetime(2026, 2, 1, tzinfo=UTC)


def offer(minutes: int | None = 60, **rules: int) -> Offer:
    return replace(Offer(SERVICE, "Europe/Madrid", minutes), **rules)


def mia(hours: Hours = NINE_TO_FIVE, own: Hours | None = None, busy: tuple[Busy, ...] = ()) -> Calendar:
    return Calendar(MIA, "mia", "Mia", hours, own, busy)


def at(day: date, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=MADRID)


def clocks(offered: Offer, calendar: Calendar, day: date = MONDAY, now: datetime = EARLIER) -> list[str]:
    found = free_slots(offered, [calendar], day, day, now)
    return [f"{slot.starts_at.astimezone(MADRID):%H:%M}" for slot in found]


def test_the_last_start_ends_at_closing_time() -> None:
    assert clocks(offer(step_minutes=60), mia())[-1] == "16:00"


def test_the_grid_begins_anew_at_each_opening() -> None:
    hours = Hours((Opening(0, 540, 620), Opening(0, 850, 925)))
    assert clocks(offer(30, step_minutes=20), mia(hours)) == [
        "09:00",
        "09:20",
        "09:40",
        "14:10",
        "14:30",
        "14:50",
    ]


def test_openings_that_touch_are_one() -> None:
    hours = Hours((Opening(0, 540, 610), Opening(0, 610, 700)))
    assert clocks(offer(60, step_minutes=30), mia(hours)) == ["09:00", "09:30", "10:00", "10:30"]


def test_hours_go_on_past_midnight() -> None:
    hours = Hours((Opening(0, 1380, 1440), Opening(1, 0, 60)))
    assert clocks(offer(60, step_minutes=30), mia(hours)) == ["23:00", "23:30"]
    assert clocks(offer(60, step_minutes=30), mia(hours), MONDAY + timedelta(days=1)) == ["00:00"]


def test_buffers_of_both_appointments_add_up() -> None:
    booked = busy_between(at(MONDAY, "12:00") - timedelta(minutes=10), at(MONDAY, "13:00") + timedelta(minutes=5))
    rules = offer(60, buffer_before_minutes=10, buffer_after_minutes=20)
    assert is_free(rules, mia(busy=(booked,)), at(MONDAY, "10:30"), EARLIER)
    assert not is_free(rules, mia(busy=(booked,)), at(MONDAY, "10:35"), EARLIER)
    assert is_free(rules, mia(busy=(booked,)), at(MONDAY, "13:15"), EARLIER)
    assert not is_free(rules, mia(busy=(booked,)), at(MONDAY, "13:10"), EARLIER)


def test_a_gap_of_exactly_the_right_length_is_found() -> None:
    booked = (
        busy_between(at(MONDAY, "09:00"), at(MONDAY, "11:00")),
        busy_between(at(MONDAY, "12:00"), at(MONDAY, "17:00")),
    )
    assert clocks(offer(60), mia(busy=booked)) == ["11:00"]


def test_buffers_may_lie_outside_opening_hours() -> None:
    rules = offer(60, buffer_before_minutes=60, buffer_after_minutes=60, step_minutes=60)
    assert clocks(rules, mia())[::7] == ["09:00", "16:00"]


def test_notice_counts_to_the_second() -> None:
    rules = offer(60, notice_minutes=120)
    assert clocks(rules, mia(), now=at(MONDAY, "09:00"))[0] == "11:00"
    assert clocks(rules, mia(), now=at(MONDAY, "09:00:01"))[0] == "11:15"


def test_the_horizon_is_the_last_local_date() -> None:
    rules = offer(60, horizon_days=3)
    late_on_friday = at(date(2026, 2, 27), "23:30")
    assert clocks(rules, mia(), MONDAY, late_on_friday)
    assert not clocks(rules, mia(), MONDAY + timedelta(days=1), late_on_friday)


@pytest.mark.parametrize(
    ("exceptions", "expected"),
    [
        ((ExceptionPeriod(MONDAY, MONDAY, "closed"),), []),
        ((ExceptionPeriod(MONDAY, MONDAY, "closed", 0, 960),), [(960, 1020)]),
        ((ExceptionPeriod(MONDAY, MONDAY, "closed", 600, 660),), [(540, 600), (660, 1020)]),
        ((ExceptionPeriod(MONDAY, MONDAY, "open", 1080, 1200),), [(1080, 1200)]),
        ((ExceptionPeriod(MONDAY, MONDAY, "open"),), [(0, 1440)]),
        (
            (
                ExceptionPeriod(MONDAY, MONDAY, "open", 480, 600),
                ExceptionPeriod(MONDAY, MONDAY, "open", 660, 720),
                ExceptionPeriod(MONDAY, MONDAY, "closed", 540, 690),
            ),
            [(480, 540), (690, 720)],
        ),
        (
            (
                ExceptionPeriod(MONDAY - timedelta(days=3), MONDAY + timedelta(days=3), "closed"),
                ExceptionPeriod(MONDAY, MONDAY, "open", 600, 720),
            ),
            [(600, 720)],
        ),
        (
            (
                ExceptionPeriod(MONDAY, MONDAY, "closed"),
                ExceptionPeriod(MONDAY, MONDAY, "open", 600, 720),
            ),
            [],
        ),
        ((ExceptionPeriod(MONDAY - timedelta(days=2), MONDAY - timedelta(days=1), "closed"),), [(540, 1020)]),
    ],
)
def test_exceptions_change_a_day(exceptions: tuple[ExceptionPeriod, ...], expected: list[tuple[int, int]]) -> None:
    assert wall_windows(Hours(NINE_TO_FIVE.openings, exceptions), MONDAY) == expected


def test_a_resource_works_where_its_own_hours_and_the_businesss_agree() -> None:
    own = Hours((Opening(0, 480, 600), Opening(0, 960, 1200)))
    assert clocks(offer(60, step_minutes=60), mia(own=own)) == ["09:00", "16:00"]


def test_a_resource_without_weekly_hours_may_still_have_a_day_off() -> None:
    own = Hours(None, (ExceptionPeriod(MONDAY, MONDAY, "closed"),))
    assert not clocks(offer(), mia(own=own))
    assert clocks(offer(), mia(own=own), MONDAY + timedelta(days=1))[0] == "09:00"


def test_an_hour_is_sixty_minutes_when_the_clocks_go_forward() -> None:
    sunday = date(2026, 3, 29)
    hours = Hours((Opening(6, 60, 240),))
    assert clocks(offer(60, step_minutes=30), mia(hours), sunday) == ["01:00", "01:30", "03:00"]


def test_an_opening_in_the_skipped_hour_opens_at_the_skip() -> None:
    sunday = date(2026, 3, 29)
    assert clocks(offer(30, step_minutes=30), mia(Hours((Opening(6, 150, 210),))), sunday) == ["03:00"]
    assert not clocks(offer(30), mia(Hours((Opening(6, 120, 180),))), sunday)


def test_the_repeated_hour_is_sold_twice() -> None:
    sunday = date(2026, 10, 25)
    hours = Hours((Opening(6, 120, 240),))
    now = datetime(2026, 10, 20, tzinfo=UTC)
    found = free_slots(offer(60, step_minutes=60), [mia(hours)], sunday, sunday, now)
    assert [f"{slot.starts_at:%H:%M}" for slot in found] == ["00:00", "01:00", "02:00"]
    assert clocks(offer(60, step_minutes=60), mia(hours), sunday, now) == ["02:00", "02:00", "03:00"]


def test_a_whole_day_lasts_to_the_next_midnight_whatever_its_length() -> None:
    hours = Hours(tuple(Opening(weekday, 600, 660) for weekday in range(7)))
    lengths = [
        slot.ends_at - slot.starts_at
        for slot in free_slots(offer(None), [mia(hours)], date(2026, 3, 28), date(2026, 3, 30), EARLIER)
    ]
    assert lengths == [timedelta(hours=24), timedelta(hours=23), timedelta(hours=24)]


def test_a_whole_day_is_one_per_date_and_resource_and_only_when_open() -> None:
    wedding = busy_between(at(MONDAY, "00:00"), at(date(2026, 3, 3), "00:00"))
    calendars = [mia(busy=(wedding,)), Calendar(TOM, "tom", "Tom", NINE_TO_FIVE)]
    found = free_slots(offer(None), calendars, date(2026, 2, 28), date(2026, 3, 3), EARLIER)
    assert [(slot.starts_at.astimezone(MADRID).day, slot.resource_id) for slot in found] == [
        (2, TOM),
        (3, MIA),
        (3, TOM),
    ]


def test_today_is_too_late_for_a_whole_day() -> None:
    assert not free_slots(offer(None), [mia()], MONDAY, MONDAY, at(MONDAY, "06:00"))


def test_a_customer_may_name_five_minutes_that_the_grid_does_not_offer() -> None:
    assert "10:10" not in clocks(offer(60), mia())
    assert is_free(offer(60), mia(), at(MONDAY, "10:10"), EARLIER)
    assert not is_free(offer(60), mia(), at(MONDAY, "10:11"), EARLIER)


def test_a_class_that_has_begun_to_fill_is_offered_off_the_grid_and_blocks_what_overlaps() -> None:
    start = at(MONDAY, "10:10")
    session = (SERVICE, int(start.timestamp()) // 60)
    taken = busy_between(start, start + timedelta(minutes=60), session)
    found = free_slots(offer(60, capacity=3), [mia(busy=(taken, taken))], MONDAY, MONDAY, EARLIER)
    seats = {f"{slot.starts_at.astimezone(MADRID):%H:%M}": slot.seats_left for slot in found}
    assert seats["10:10"] == 1
    assert "10:00" not in seats
    assert seats["11:15"] == 3


def test_rules_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        offer(0)
