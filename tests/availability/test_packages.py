"""Packages: several services one after the other, against the slow model and by example."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from slow_model import package_starts
from test_free_slots import hours_around, occupied, quick, zones_and_days

from handled.availability.explain import why_none, why_not
from handled.availability.hours import day_start, moment_of
from handled.availability.packages import performers_at
from handled.availability.slots import (
    Calendar,
    Hours,
    Offer,
    OfferPart,
    Opening,
    busy_between,
    free_slots,
    slot_at,
    slots_at,
)

PACKAGE, MIA, TOM, EVA = (UUID(int=i) for i in range(1, 5))
PEOPLE = (MIA, TOM, EVA)
Situation = tuple[Offer, list[Calendar], date, datetime]


@st.composite
def situations(draw: st.DrawFn) -> Situation:
    zone, day = draw(zones_and_days())
    parts = tuple(
        OfferPart(
            duration_minutes=draw(st.integers(1, 36)) * 5,
            resource_ids=tuple(draw(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=3, unique=True))),
            buffer_before_minutes=draw(st.sampled_from((0, 0, 5, 45))),
            buffer_after_minutes=draw(st.sampled_from((0, 0, 15, 60))),
        )
        for _ in range(draw(st.integers(1, 3)))
    )
    offer = Offer(
        PACKAGE,
        zone,
        sum(each.duration_minutes for each in parts),
        step_minutes=draw(st.sampled_from((5, 15, 20, 45))),
        notice_minutes=draw(st.sampled_from((0, 0, 120, 1440))),
        horizon_days=draw(st.sampled_from((0, 1, 30))),
        parts=parts,
    )
    hours = draw(hours_around(day))
    calendars = [
        Calendar(
            who,
            str(who),
            str(who),
            hours,
            draw(st.one_of(st.none(), hours_around(day, may_lack_a_week=True))),
            draw(occupied(offer, day)),
        )
        for who in PEOPLE
    ]
    now = moment_of(day_start(day, offer.zone)) + timedelta(seconds=draw(st.integers(-86_400 * 2, 86_400)))
    return offer, calendars, day, now


@quick
@given(situations())
def test_the_starts_of_a_package_are_those_of_the_slow_model(situation: Situation) -> None:
    offer, calendars, day, now = situation
    found = free_slots(offer, calendars, day, day, now)
    assert [slot.starts_at for slot in found] == package_starts(offer, calendars, day, now)
    for slot in found:
        assert slot.ends_at - slot.starts_at == timedelta(minutes=offer.duration_minutes or 0)
        # Who begins it here may begin off their own grid where a start is asked for.
        assert slot.resource_id in performers_at(offer, calendars, slot.starts_at)[0]


@quick
@given(situations())
def test_a_start_that_is_asked_for_is_free_exactly_when_the_slow_model_says_so(situation: Situation) -> None:
    offer, calendars, day, now = situation
    free = set(package_starts(replace(offer, step_minutes=5), calendars, day, now))
    midnight = day_start(day, offer.zone)
    asked = {moment_of(minute) for minute in range(midnight, day_start(day + timedelta(days=1), offer.zone), 5)}
    assert {each for each in asked if slots_at(offer, calendars, each, now)} == free
    assert all((why_not(offer, calendars, each, now, "en_US") is None) == (each in free) for each in list(asked)[:20])


@quick
@given(situations())
def test_whoever_is_named_for_a_part_is_free_for_it_and_nobody_else_is(situation: Situation) -> None:
    offer, calendars, day, now = situation
    for slot in free_slots(offer, calendars, day, day, now)[:5]:
        starts_at = slot.starts_at
        for part, able in zip(offer.parts, performers_at(offer, calendars, starts_at), strict=True):
            alone = Offer(
                PACKAGE,
                offer.timezone,
                part.duration_minutes,
                offer.step_minutes if starts_at == slot.starts_at else 1,
                part.buffer_before_minutes,
                part.buffer_after_minutes,
                horizon_days=offer.horizon_days + 1,
            )
            free = {each.resource_id for each in calendars if slot_at(alone, each, starts_at, now)}
            assert set(able) == free & set(part.resource_ids)
            starts_at += timedelta(minutes=part.duration_minutes)


ZONE = ZoneInfo("America/New_York")
TUESDAY = date(2026, 3, 3)
NOW = datetime(2026, 3, 2, 12, tzinfo=ZONE)
SHOP = Hours((Opening(1, 540, 1020),))
CUT, COLOR = OfferPart(30, (MIA, TOM), 0, 5), OfferPart(60, (MIA, EVA), 10, 15)
LOOK = Offer(PACKAGE, "America/New_York", 90, 30, parts=(CUT, COLOR))


def at(clock: str) -> datetime:
    return datetime.fromisoformat(f"{TUESDAY}T{clock}").replace(tzinfo=ZONE)


def people(own: dict[UUID, Hours] | None = None, **taken: str) -> list[Calendar]:
    """Everybody's calendar; `mia="10:00-11:00"` is what she has."""
    names = {MIA: "mia", TOM: "tom", EVA: "eva"}
    found: list[Calendar] = []
    for who, name in names.items():
        spans = [span.split("-") for span in taken.get(name, "").split()]
        busy = [busy_between(at(first), at(last)) for first, last in spans]
        found.append(Calendar(who, name, name.title(), SHOP, (own or {}).get(who), busy))
    return found


def test_the_same_person_throughout_comes_first() -> None:
    assert performers_at(LOOK, people(), at("10:00")) == [[MIA, TOM], [MIA, EVA]]


def test_where_nobody_can_stay_the_parts_are_shared() -> None:
    busy = people(mia="10:00-10:30")
    assert performers_at(LOOK, busy, at("10:00")) == [[TOM], [EVA]]
    assert slots_at(LOOK, busy, at("10:00"), NOW)[0].resource_id == TOM
    busy = people(mia="11:30-12:00")
    assert performers_at(LOOK, busy, at("10:00")) == [[MIA, TOM], [EVA]]


def test_one_part_that_nobody_can_perform_is_enough_to_refuse() -> None:
    busy = people(mia="10:30-11:00", eva="10:30-11:00")
    assert slots_at(LOOK, busy, at("10:00"), NOW) == []
    refusal = why_not(LOOK, busy, at("10:00"), NOW, "en_US")
    assert refusal
    assert (refusal.reason, refusal.words) == ("taken", "That time is already taken.")


def test_buffers_face_others_and_not_the_packages_own_parts() -> None:
    # The color needs ten minutes before it: its own cut may lie there, somebody else's appointment may not.
    assert performers_at(LOOK, people(), at("09:00"))[1] == [MIA, EVA]
    assert performers_at(LOOK, people(mia="10:00-10:25"), at("10:00")) == [[TOM], [EVA]]
    assert performers_at(LOOK, people(eva="10:00-10:21"), at("10:00"))[1] == [MIA]
    assert performers_at(LOOK, people(eva="10:00-10:20"), at("10:00"))[1] == [MIA, EVA]
    # And a quarter of an hour behind it.
    assert performers_at(LOOK, people(mia="11:44-12:00"), at("10:00"))[1] == [EVA]
    assert performers_at(LOOK, people(mia="11:45-12:00"), at("10:00"))[1] == [MIA, EVA]


def test_a_package_that_does_not_fit_the_day_is_told_with_its_whole_length() -> None:
    refusal = why_not(LOOK, people(), at("16:00"), NOW, "en_US")
    assert refusal
    assert refusal.words == "We close at 5:00 pm on Tuesdays, so the latest start is 3:30 pm."


def test_a_part_whose_people_are_not_in_is_told_without_naming_anybody() -> None:
    mornings = Hours((Opening(1, 540, 720),))
    refusal = why_not(LOOK, people({MIA: mornings, EVA: mornings}), at("14:00"), NOW, "en_US")
    assert refusal
    assert (refusal.reason, refusal.words) == ("closed", "Nobody is available for that at that time.")


def test_a_day_without_room_for_the_whole_of_it_is_taken() -> None:
    busy = people(mia="09:00-17:00", eva="09:00-12:00 12:30-17:00")
    assert free_slots(LOOK, busy, TUESDAY, TUESDAY, NOW) == []
    assert why_none(LOOK, busy, TUESDAY, TUESDAY, NOW, "en_US").reason == "taken"


def test_the_grid_is_that_of_whoever_begins() -> None:
    later = Hours((Opening(1, 555, 1020),))
    calendars = people({TOM: later}, mia="09:00-17:00")
    starts = [slot.starts_at for slot in free_slots(LOOK, calendars, TUESDAY, TUESDAY, NOW)]
    assert starts[:2] == [at("09:15"), at("09:45")]
