"""Free slots against the slow model, in every time zone there is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

import slow_model
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handled.availability.hours import day_start, moment_of, wall_minute
from handled.availability.slots import (
    Busy,
    Calendar,
    ExceptionPeriod,
    Hours,
    Offer,
    Opening,
    busy_between,
    free_slots,
    is_free,
)

ZONES = sorted(available_timezones())
SERVICE, OTHER_SERVICE, MIA, TOM = (UUID(int=i) for i in range(1, 5))
FIRST_DAY, LAST_DAY = date(2026, 1, 1), date(2027, 12, 31)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)

quick = settings(max_examples=120, deadline=None, suppress_health_check=(HealthCheck.too_slow,))


@cache
def days_of_change(zone: str) -> tuple[date, ...]:
    """The dates between whose noons this zone's clocks change."""
    days = [FIRST_DAY + timedelta(days=i) for i in range((LAST_DAY - FIRST_DAY).days)]
    tz = ZoneInfo(zone)
    noons = [datetime(day.year, day.month, day.day, 12, tzinfo=tz).utcoffset() for day in days]
    changed = [i for i, (before, after) in enumerate(pairwise(noons)) if before != after]
    return tuple(days[i + j] for i in changed for j in (0, 1))


@st.composite
def zones_and_days(draw: st.DrawFn) -> tuple[str, date]:
    zone = draw(st.sampled_from(ZONES))
    changes = days_of_change(zone)
    any_day = st.dates(FIRST_DAY, LAST_DAY)
    day = draw(st.one_of(st.sampled_from(changes), any_day) if changes else any_day)
    return zone, day


@st.composite
def spans(draw: st.DrawFn) -> tuple[int, int]:
    opens = draw(st.integers(0, 287)) * 5
    return opens, draw(st.one_of(st.just(1440), st.integers(opens // 5 + 1, 288).map(lambda fives: fives * 5)))


@st.composite
def hours_around(draw: st.DrawFn, day: date, *, may_lack_a_week: bool = False) -> Hours:
    openings = tuple(
        Opening(weekday, *draw(spans()))
        for weekday in {(day + timedelta(days=i)).weekday() for i in (0, 1)}
        for _ in range(draw(st.integers(0, 2)))
    )
    exceptions: list[ExceptionPeriod] = []
    for _ in range(draw(st.integers(0, 2))):
        first = day + timedelta(days=draw(st.integers(-2, 1)))
        last = first + timedelta(days=draw(st.integers(0, 3)))
        opens, closes = draw(st.one_of(st.just((None, None)), spans()))
        exceptions.append(ExceptionPeriod(first, last, draw(st.sampled_from(("open", "closed"))), opens, closes))
    if may_lack_a_week and draw(st.booleans()):
        return Hours(None, tuple(exceptions))
    return Hours(openings, tuple(exceptions))


@st.composite
def offers(draw: st.DrawFn, zone: str) -> Offer:
    return Offer(
        service_id=SERVICE,
        timezone=zone,
        duration_minutes=draw(st.one_of(st.none(), st.integers(1, 36).map(lambda fives: fives * 5))),
        step_minutes=draw(st.sampled_from((5, 10, 15, 20, 30, 45, 60))),
        buffer_before_minutes=draw(st.sampled_from((0, 0, 5, 10, 45))),
        buffer_after_minutes=draw(st.sampled_from((0, 0, 5, 15, 60))),
        notice_minutes=draw(st.sampled_from((0, 0, 45, 120, 1440))),
        horizon_days=draw(st.sampled_from((0, 1, 2, 30))),
        capacity=draw(st.sampled_from((1, 1, 2, 5))),
    )


@st.composite
def occupied(draw: st.DrawFn, offer: Offer, day: date) -> list[Busy]:
    midnight = day_start(day, offer.zone)
    length = offer.duration_minutes or day_start(day + timedelta(days=1), offer.zone) - midnight
    found: list[Busy] = []
    for _ in range(draw(st.integers(0, 4))):
        start = midnight + draw(st.one_of(st.just(0), st.integers(-30, 320))) * 5
        if draw(st.booleans()):
            found.append(Busy(start + draw(st.integers(-3, 3)), start + 5 + draw(st.integers(0, 200))))
            continue
        session = (draw(st.sampled_from((SERVICE, SERVICE, OTHER_SERVICE))), start)
        ends = start + length + offer.buffer_after_minutes
        found += [Busy(start - offer.buffer_before_minutes, ends, session)] * draw(st.integers(1, 3))
    return found


@st.composite
def situations(draw: st.DrawFn) -> tuple[Offer, Calendar, date, datetime]:
    zone, day = draw(zones_and_days())
    offer = draw(offers(zone))
    own = draw(st.one_of(st.none(), hours_around(day, may_lack_a_week=True)))
    calendar = Calendar(MIA, "mia", "Mia", draw(hours_around(day)), own, draw(occupied(offer, day)))
    seconds = draw(st.one_of(st.integers(-86_400 * 2, 86_400), st.integers(-86_400, 0).map(lambda s: s // 300 * 300)))
    now = moment_of(day_start(day, offer.zone)) + timedelta(seconds=seconds)
    return offer, calendar, day, now


@quick
@given(situations())
def test_the_slots_are_those_of_the_slow_model(situation: tuple[Offer, Calendar, date, datetime]) -> None:
    offer, calendar, day, now = situation
    found = free_slots(offer, [calendar], day, day, now)
    assert [(slot.starts_at, slot.seats_left) for slot in found] == sorted(
        slow_model.free_starts(offer, calendar, day, now)
    )


@quick
@given(situations())
def test_a_single_start_is_free_exactly_when_the_slow_model_says_so(
    situation: tuple[Offer, Calendar, date, datetime],
) -> None:
    offer, calendar, day, now = situation
    every_five_minutes = replace(offer, step_minutes=5)
    free = {starts for starts, _ in slow_model.free_starts(every_five_minutes, calendar, day, now)}
    midnight = day_start(day, offer.zone)
    asked = {moment_of(minute) for minute in range(midnight, day_start(day + timedelta(days=1), offer.zone), 5)}
    assert {each for each in asked if is_free(offer, calendar, each, now)} == free


@quick
@given(situations(), st.data())
def test_no_slot_is_past_short_of_notice_outside_the_dates_or_in_anybodys_way(
    situation: tuple[Offer, Calendar, date, datetime], data: st.DataObject
) -> None:
    offer, calendar, day, now = situation
    other = Calendar(TOM, "tom", "Tom", calendar.hours, None, data.draw(occupied(offer, day)))
    last = day + timedelta(days=data.draw(st.integers(0, 9)))
    found = free_slots(offer, [calendar, other], day, last, now)
    assert found == sorted(found, key=lambda slot: (slot.starts_at, slot.resource_id == TOM))
    assert len({(slot.starts_at, slot.resource_id) for slot in found}) == len(found)
    for slot in found:
        owner = calendar if slot.resource_id == MIA else other
        assert slot.starts_at >= now + timedelta(minutes=offer.notice_minutes)
        assert day <= slot.starts_at.astimezone(offer.zone).date() <= last
        assert is_free(offer, owner, slot.starts_at, now)
        if offer.duration_minutes is not None:
            assert slot.ends_at - slot.starts_at == timedelta(minutes=offer.duration_minutes)
    joined = [slot for part in (day, last) for slot in free_slots(offer, [calendar, other], part, part, now)]
    assert set(joined) <= set(found)


@quick
@given(situations(), st.data())
def test_what_has_been_booked_is_in_nobodys_way_and_nobody_is_in_its_way(
    situation: tuple[Offer, Calendar, date, datetime], data: st.DataObject
) -> None:
    offer, calendar, day, now = situation
    offer = replace(offer, capacity=1)
    busy = list(calendar.busy)
    before, after = (
        timedelta(minutes=offer.buffer_before_minutes),
        timedelta(minutes=offer.buffer_after_minutes),
    )
    for _ in range(4):
        found = free_slots(offer, [Calendar(MIA, "mia", "Mia", calendar.hours, None, busy)], day, day, now)
        if not found:
            break
        slot = data.draw(st.sampled_from(found))
        taken = busy_between(slot.starts_at - before, slot.ends_at + after)
        assert all(each.ends <= taken.starts or taken.ends <= each.starts for each in busy)
        busy.append(taken)


@quick
@given(zones_and_days(), st.integers(2, 6), st.sampled_from((None, 30, 60)))
def test_a_class_fills_to_exactly_its_capacity(place: tuple[str, date], capacity: int, minutes: int | None) -> None:
    zone, day = place
    offer = Offer(SERVICE, zone, minutes, buffer_before_minutes=10, buffer_after_minutes=5, capacity=capacity)
    hours = Hours(tuple(Opening(weekday, 600, 900) for weekday in range(7)))
    ten = day_start(day, offer.zone) if minutes is None else wall_minute(day, 600, offer.zone)
    now = moment_of(ten) - timedelta(days=1)
    busy: list[Busy] = []
    seen: list[int] = []
    while True:
        found = free_slots(offer, [Calendar(MIA, "mia", "Mia", hours, None, busy)], day, day, now)
        session = [slot for slot in found if slot.starts_at == moment_of(ten)]
        if not session:
            break
        seen.append(session[0].seats_left)
        margin = timedelta(minutes=10), timedelta(minutes=5)
        busy.append(busy_between(session[0].starts_at - margin[0], session[0].ends_at + margin[1], (SERVICE, ten)))
    assert seen == list(range(capacity, 0, -1))


def test_every_zones_days_begin_where_the_slow_model_says_when_the_clocks_change() -> None:
    seen: set[tuple[date, timedelta | None, timedelta | None]] = set()
    for name in ZONES:
        zone = ZoneInfo(name)
        for day in days_of_change(name):
            midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
            rule = (day, midnight.utcoffset(), (midnight + timedelta(hours=23)).utcoffset())
            if rule in seen:
                continue
            seen.add(rule)
            for minute in (0, 30, 125, 150, 180, 1410, 1440):
                expected = slow_model.first_reading(day, minute, name)
                assert moment_of(wall_minute(day, minute, zone)) == expected, (name, day, minute)
    assert len(seen) > 50


def test_no_zone_changes_its_clock_twice_within_one_day() -> None:
    # A day of 1440 minutes is taken to have one offset throughout.
    moments = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=6 * i) for i in range(4 * 730)]
    for name in ZONES:
        zone = ZoneInfo(name)
        offsets = [moment.astimezone(zone).utcoffset() for moment in moments]
        changes = [i for i, (before, after) in enumerate(pairwise(offsets)) if before != after]
        assert all(later - earlier > 4 for earlier, later in pairwise(changes)), name
