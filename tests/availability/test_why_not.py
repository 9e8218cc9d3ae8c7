"""Why a wish cannot be met, in words, and what comes nearest."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handled.availability.explain import nearest, why_none, why_not
from handled.availability.hours import ExceptionPeriod, Hours, Opening
from handled.availability.slots import Calendar, Offer, busy_between, free_slots, is_free
from handled.availability.suggest import suggestions

ZONE = ZoneInfo("America/New_York")
SERVICE, MIA, TOM = (UUID(int=i) for i in (1, 2, 3))
MONDAY, TUESDAY, SUNDAY = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 8)
HOURS = Hours(
    (
        Opening(0, 540, 780),
        Opening(0, 840, 1020),
        *(Opening(weekday, 540, 1020) for weekday in (1, 2, 3, 4)),
        Opening(5, 600, 1440),
    ),
    (
        ExceptionPeriod(date(2026, 3, 17), date(2026, 3, 17), "closed", label="St. Patrick's Day"),
        ExceptionPeriod(date(2026, 3, 18), date(2026, 3, 18), "closed", 540, 720, "Dentist"),
        ExceptionPeriod(date(2026, 3, 19), date(2026, 3, 19), "open", 600, 720),
        ExceptionPeriod(date(2026, 3, 20), date(2026, 3, 20), "closed", 0, 1440, "Dentist again"),
    ),
)
NOW = datetime(2026, 3, 1, 12, tzinfo=ZONE)
HAIRCUT = Offer(SERVICE, "America/New_York", 45, notice_minutes=24 * 60, horizon_days=60)
WEDDING = replace(HAIRCUT, duration_minutes=None, notice_minutes=0)


def at(day: date, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZONE)


def mia(*taken: str, day: date = TUESDAY, own: Hours | None = None) -> Calendar:
    busy = [busy_between(at(day, clock), at(day, clock) + timedelta(minutes=45)) for clock in taken]
    return Calendar(MIA, "mia", "Mia", HOURS, own, busy)


def words(offer: Offer, calendars: list[Calendar], starts_at: datetime, locale: str = "en_US") -> tuple[str, str]:
    refusal = why_not(offer, calendars, starts_at, NOW, locale)
    assert refusal
    return refusal.reason, refusal.words


@pytest.mark.parametrize(
    ("day", "clock", "reason", "said"),
    [
        (MONDAY, "08:00", "closed", "We open at 9:00 am on Mondays."),
        (MONDAY, "13:15", "closed", "We are closed from 1:00 pm to 2:00 pm on Mondays."),
        (MONDAY, "12:30", "closed", "We are closed from 1:00 pm to 2:00 pm on Mondays."),
        (MONDAY, "17:00", "closed", "We close at 5:00 pm on Mondays."),
        (MONDAY, "16:30", "closed", "We close at 5:00 pm on Mondays, so the latest start is 4:15 pm."),
        (MONDAY, "21:00", "closed", "We close at 5:00 pm on Mondays."),
        (
            date(2026, 3, 7),
            "23:30",
            "closed",
            "We close at midnight on Saturdays, so the latest start is 11:15 pm.",
        ),
        (SUNDAY, "11:00", "closed", "We are closed on Sundays."),
        (date(2026, 3, 17), "11:00", "closed", "We are closed on Tuesday, March 17 (St. Patrick's Day)."),
        (date(2026, 3, 18), "11:00", "closed", "We open at 12:00 pm on Wednesday, March 18."),
        (date(2026, 3, 19), "14:00", "closed", "We close at 12:00 pm on Thursday, March 19."),
        (TUESDAY, "10:02", "closed", "Appointments start at five-minute steps, such as 10:00 or 10:05."),
        (MONDAY, "09:00", "notice", "That is too short notice: we need 24 hours."),
        (date(2026, 3, 1), "11:00", "past", "That time has already passed."),
        (date(2026, 2, 27), "11:00", "past", "That day has already passed."),
        (date(2026, 5, 1), "11:00", "horizon", "We take bookings up to Thursday, April 30."),
        (TUESDAY, "11:00", "taken", "That time is already taken."),
    ],
)
def test_the_reason_is_named_and_said(day: date, clock: str, reason: str, said: str) -> None:
    assert words(HAIRCUT, [mia("11:00")], at(day, clock)) == (reason, said)


def test_a_free_time_needs_no_reason() -> None:
    assert why_not(HAIRCUT, [mia()], at(TUESDAY, "11:00"), NOW, "en_US") is None


def test_a_time_is_free_while_anybody_is() -> None:
    calendars = [mia("11:00"), Calendar(TOM, "tom", "Tom", HOURS)]
    assert why_not(HAIRCUT, calendars, at(TUESDAY, "11:00"), NOW, "en_US") is None


def test_somebodys_own_hours_are_told_from_the_businesss() -> None:
    mornings = Hours((Opening(1, 540, 720),))
    at_three = at(TUESDAY, "15:00")
    assert words(HAIRCUT, [mia(own=mornings)], at_three)[1] == "Mia is not available at that time."
    both = [mia(own=mornings), Calendar(TOM, "tom", "Tom", HOURS, mornings)]
    assert words(HAIRCUT, both, at_three)[1] == "Nobody is available for that at that time."
    wednesday = at(date(2026, 3, 4), "00:00")
    assert words(WEDDING, [mia(own=mornings)], wednesday)[1] == "Mia is not available on Wednesdays."


def test_nobody_at_all_is_said_without_guessing() -> None:
    assert words(HAIRCUT, [], at(TUESDAY, "11:00")) == (
        "closed",
        "Nobody is available for that at the moment.",
    )


def test_whole_days_have_words_of_their_own() -> None:
    wedding = Calendar(MIA, "mia", "Mia", HOURS, None, [busy_between(at(TUESDAY, "00:00"), at(TUESDAY, "23:59"))])
    assert words(WEDDING, [wedding], at(TUESDAY, "00:00")) == ("taken", "That day is already taken.")
    assert words(WEDDING, [wedding], at(date(2026, 3, 1), "00:00"))[1] == "That day has already begun."
    assert words(WEDDING, [wedding], at(SUNDAY, "00:00"))[1] == "We are closed on Sundays."


def test_other_locales_keep_their_clocks_and_dates() -> None:
    assert words(HAIRCUT, [mia()], at(MONDAY, "17:00"), "en_GB")[1] == "We close at 17:00 on Mondays."
    assert words(HAIRCUT, [mia()], at(MONDAY, "17:00"), "de_DE")[1] == "We close at 5:00 pm on Mondays."


def test_notice_is_said_in_the_unit_that_fits() -> None:
    soon = NOW + timedelta(hours=21)
    needs = {90: "90 minutes", 60: "1 hour", 2880: "2 days", 180: "3 hours"}
    for minutes, said in needs.items():
        offer = replace(HAIRCUT, notice_minutes=minutes)
        refusal = why_not(offer, [mia()], soon, soon - timedelta(minutes=5), "en_US")
        assert refusal
        assert refusal.words == f"That is too short notice: we need {said}."


def test_a_time_blocked_on_one_day_is_not_called_closed() -> None:
    blocked = replace(HOURS, exceptions=(ExceptionPeriod(TUESDAY, TUESDAY, "closed", 660, 720, "Dentist"),))
    calendar = replace(mia(), hours=blocked)
    said = "We take no appointments from 11:00 am to 12:00 pm on Tuesday, March 3."
    assert words(HAIRCUT, [calendar], at(TUESDAY, "11:15")) == ("closed", said)


def test_a_label_of_a_blocked_period_or_of_somebodys_day_off_is_not_told() -> None:
    own = Hours(None, (ExceptionPeriod(TUESDAY, TUESDAY, "closed", label="Court hearing"),))
    for calendar, day in ((mia(own=own), TUESDAY), (mia(), date(2026, 3, 18)), (mia(), date(2026, 3, 20))):
        said = words(HAIRCUT, [calendar], at(day, "10:00"))[1]
        assert "Court" not in said
        assert "Dentist" not in said


@pytest.mark.parametrize(
    ("first", "last", "reason", "said"),
    [
        (date(2026, 2, 20), date(2026, 2, 21), "past", "Those days have already passed."),
        (date(2026, 6, 1), date(2026, 6, 30), "horizon", "We take bookings up to Thursday, April 30."),
        (SUNDAY, SUNDAY, "closed", "We are closed on Sundays."),
        (MONDAY, MONDAY, "notice", "That is too short notice: we need 24 hours."),
        (TUESDAY, TUESDAY, "taken", "Everything on Tuesday, March 3 is already taken."),
    ],
)
def test_why_none_on_whole_dates(first: date, last: date, reason: str, said: str) -> None:
    full = Calendar(MIA, "mia", "Mia", HOURS, None, [busy_between(at(TUESDAY, "00:00"), at(TUESDAY, "23:00"))])
    now = at(MONDAY, "00:00") - timedelta(hours=6)
    offer = replace(HAIRCUT, notice_minutes=24 * 60, horizon_days=60)
    refusal = why_none(offer, [full], first, last, now, "en_US")
    assert (refusal.reason, refusal.words) == (reason, said)


def test_why_none_in_hours_that_are_not_ours_tells_ours() -> None:
    evening = why_none(
        HAIRCUT, [mia()], TUESDAY, TUESDAY, NOW, "en_US", lambda slot: slot.starts_at >= at(TUESDAY, "18:00")
    )
    assert evening.words == "We are open from 9:00 am to 5:00 pm on Tuesdays."


def test_why_none_on_several_days_is_a_sentence_of_its_own() -> None:
    tired = why_none(HAIRCUT, [mia()], MONDAY, TUESDAY, NOW, "en_US", lambda slot: False)
    assert tired.words == "We are not open then."
    shut = replace(HOURS, exceptions=(ExceptionPeriod(MONDAY, TUESDAY, "closed"),))
    closed = why_none(HAIRCUT, [Calendar(MIA, "mia", "Mia", shut)], MONDAY, TUESDAY, NOW, "en_US")
    assert closed.words == "We are closed on those days."


def test_the_nearest_are_of_the_same_day_first_and_in_order() -> None:
    slots = free_slots(HAIRCUT, [mia("15:00"), mia("15:00")], MONDAY, date(2026, 3, 6), NOW)
    found = nearest(slots, at(TUESDAY, "15:00"), ZONE)
    assert [slot.starts_at for slot in found] == [at(TUESDAY, clock) for clock in ("14:00", "14:15", "15:45")]


def test_the_nearest_to_a_closed_date_follow_it() -> None:
    slots = free_slots(HAIRCUT, [mia()], TUESDAY, date(2026, 3, 12), NOW)
    found = nearest(slots, SUNDAY, ZONE)
    assert [slot.starts_at for slot in found] == [at(date(2026, 3, 9), clock) for clock in ("09:00", "09:15", "09:30")]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from([f"{hour:02}:{minute:02}" for hour in range(9, 17) for minute in (0, 15, 30)])),
    st.integers(0, 24 * 12 * 20),
)
def test_a_refused_time_is_not_free_and_its_alternatives_are(taken: list[str], fives: int) -> None:
    calendar, wanted = mia(*taken), at(date(2026, 2, 28), "00:00") + timedelta(minutes=5 * fives)
    refusal = why_not(HAIRCUT, [calendar], wanted, NOW, "en_US")
    assert (refusal is None) == is_free(HAIRCUT, calendar, wanted, NOW)
    slots = free_slots(HAIRCUT, [calendar], date(2026, 3, 1), date(2026, 3, 31), NOW)
    alternatives = nearest(slots, wanted, ZONE)
    assert len({slot.starts_at for slot in alternatives}) == 3
    assert all(is_free(HAIRCUT, calendar, slot.starts_at, NOW) for slot in alternatives)


def test_suggestions_are_spread_and_begin_with_the_earliest() -> None:
    slots = free_slots(HAIRCUT, [mia("09:00")], TUESDAY, TUESDAY, NOW)
    assert suggestions(slots, 99, ZONE) == slots
    said = [f"{slot.starts_at.astimezone(ZONE):%H:%M}" for slot in suggestions(slots, 12, ZONE)]
    assert said == ["09:45", "10:00", "11:00", "12:00", "13:00", "14:00", "15:00", "16:00"]
    week = free_slots(HAIRCUT, [mia()], TUESDAY, date(2026, 3, 9), NOW)
    days = [slot.starts_at.astimezone(ZONE).date() for slot in suggestions(week, 12, ZONE)]
    assert {day: days.count(day) for day in days} == dict.fromkeys((date(2026, 3, day) for day in (3, 4, 5, 6)), 3)


def test_suggestions_name_more_days_when_each_has_little() -> None:
    slots = free_slots(HAIRCUT, [mia()], TUESDAY, date(2026, 4, 20), NOW)
    at_three = [slot for slot in slots if slot.starts_at.astimezone(ZONE).hour == 15][::4]
    assert suggestions(at_three, 12, ZONE) == at_three[:12]
