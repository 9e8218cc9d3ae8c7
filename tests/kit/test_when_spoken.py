"""How we say dates and times to people."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from handled.kit.when.spoken import spoken_date, spoken_moment, spoken_time, weekday_name, zone_name

TODAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("day", "locale", "said"),
    [
        (date(2026, 3, 3), "en", "Tuesday, March 3"),
        (date(2026, 3, 3), "en_US", "Tuesday, March 3"),
        (date(2026, 3, 3), "en-GB", "Tuesday 3 March"),
        (date(2026, 3, 3), "de", "Dienstag, 3. März"),
        (date(2026, 3, 3), "es", "martes, 3 de marzo"),
        (date(2026, 3, 3), "ja", "3月3日火曜日"),
        (date(2026, 12, 31), "en", "Thursday, December 31"),
        (date(2027, 1, 1), "en", "Friday, January 1, 2027"),
        (date(2027, 1, 1), "en_GB", "Friday 1 January 2027"),
        (date(2027, 1, 1), "de", "Freitag, 1. Januar 2027"),
        (date(2026, 2, 28), "en", "Saturday, February 28, 2026"),
    ],
)
def test_a_day_is_said_as_the_locale_says_it(day: date, locale: str, said: str) -> None:
    assert spoken_date(day, TODAY, locale) == said


def test_a_near_day_can_be_said_as_such() -> None:
    assert spoken_date(TODAY, TODAY, near=True) == "today (Sunday, March 1)"
    assert spoken_date(date(2026, 3, 2), TODAY, near=True) == "tomorrow (Monday, March 2)"
    assert spoken_date(date(2026, 3, 3), TODAY, near=True) == "Tuesday, March 3"
    assert spoken_date(date(2026, 3, 2), TODAY, "de", near=True) == "Montag, 2. März"


@pytest.mark.parametrize(
    ("at", "locale", "said"),
    [
        (time(15), "en", "3:00 pm"),
        (time(0, 5), "en_US", "12:05 am"),
        (time(12), "en", "12:00 pm"),
        (time(15), "en_GB", "15:00"),
        (time(15), "de_DE", "15:00"),
        (time(9, 30), "en_AU", "9:30 am"),
    ],
)
def test_a_time_is_said_as_the_locale_says_it(at: time, locale: str, said: str) -> None:
    assert spoken_time(at, locale) == said


def test_a_moment_joins_day_and_time() -> None:
    day = date(2026, 3, 3)
    assert spoken_moment(day, time(15), TODAY) == "Tuesday, March 3 at 3:00 pm"
    assert spoken_moment(day, None, TODAY) == "Tuesday, March 3"
    assert spoken_moment(date(2026, 3, 2), time(9), TODAY, near=True) == "tomorrow (Monday, March 2) at 9:00 am"
    assert spoken_moment(day, time(15), TODAY, "de") == "Dienstag, 3. März, 15:00"


def test_a_weekday_has_a_name_in_each_language() -> None:
    assert weekday_name(date(2026, 3, 2)) == "Monday"
    assert weekday_name(date(2026, 3, 2), "es") == "lunes"
    assert weekday_name(date(2026, 3, 2), "no such locale") == "Monday"


@pytest.mark.parametrize(
    ("zone", "locale", "name"),
    [
        ("Europe/Madrid", "en", "Madrid time"),
        ("Europe/London", "en_GB", "London time"),
        ("Asia/Kolkata", "en", "Kolkata time"),
        ("America/New_York", "en_US", "Eastern Time"),
        ("America/Los_Angeles", "en", "Pacific Time"),
        ("America/Argentina/Buenos_Aires", "en", "Buenos Aires time"),
        ("UTC", "en", "UTC"),
        ("Europe/Madrid", "de", "Mitteleuropäische Sommerzeit"),
    ],
)
def test_a_zone_has_a_name_that_customers_know(zone: str, locale: str, name: str) -> None:
    assert zone_name(zone, datetime(2026, 7, 1, tzinfo=UTC), locale) == name
