"""Money, lengths of time and hours as people write them."""

from __future__ import annotations

from datetime import date

import pytest

from handled.kit import money
from handled.tenants.durations import parse_days, parse_minutes, write_days, write_minutes
from handled.tenants.hours import (
    Opening,
    parse_dates,
    parse_intervals,
    parse_week,
    parse_weekdays,
    write_week,
)


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("45", "USD", 4500),
        ("45.5", "USD", 4550),
        ("45.05", "USD", 4505),
        ("0", "EUR", 0),
        ("0.99", "GBP", 99),
        ("1500", "JPY", 1500),
        ("1.234", "KWD", 1234),
        ("999999999999.99", "USD", 99999999999999),
    ],
)
def test_an_amount_becomes_minor_units_and_back(text: str, currency: str, minor: int):
    assert money.parse(text, currency) == minor
    assert money.parse(money.plain(minor, currency), currency) == minor


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("45,00", "EUR"),
        ("$45", "USD"),
        ("-1", "USD"),
        ("1e3", "USD"),
        ("", "USD"),
        (".5", "USD"),
        ("1.5", "JPY"),
        ("1.005", "USD"),
        ("٤٥", "USD"),
        ("NaN", "USD"),
        ("1 000", "EUR"),
        ("9" * 13, "USD"),
    ],
)
def test_what_is_no_plain_amount_is_refused(text: str, currency: str):
    with pytest.raises(ValueError, match="write it as"):
        money.parse(text, currency)


@pytest.mark.parametrize(
    ("minor", "currency", "locale", "written"),
    [
        (4500, "USD", "en_US", "$45.00"),
        (4500, "EUR", "en-GB", "€45.00"),
        (4500, "JPY", "en_US", "¥4,500"),
        (1234567, "EUR", "de_DE", "12.345,67\xa0€"),
        (1500, "KWD", "en_US", "KWD\xa01.500"),
    ],
)
def test_an_amount_is_written_for_its_reader(minor: int, currency: str, locale: str, written: str):
    assert money.format(minor, currency, locale) == written


@pytest.mark.parametrize(
    ("written", "minutes"),
    [
        ("45 min", 45),
        ("45min", 45),
        ("1 h", 60),
        ("1h30m", 90),
        ("1 hour and 30 minutes", 90),
        ("24 h", 1440),
        ("2 days", 2880),
        ("1 week", 10080),
        (45, 45),
        (0, 0),
        ("1 H 30 Min.", 90),
    ],
)
def test_a_length_of_time_is_minutes(written: str | int, minutes: int):
    assert parse_minutes(written) == minutes
    assert parse_minutes(write_minutes(minutes)) == minutes


@pytest.mark.parametrize(
    "written", ["", "soon", "45", "min", "1.5 h", "-5 min", "1 month", -1, None, True, 1.5, ["1 h"]]
)
def test_what_is_no_length_of_time_is_refused(written: object):
    with pytest.raises(ValueError, match="is not a length of time"):
        parse_minutes(written)


def test_a_horizon_is_whole_days():
    assert [parse_days(each) for each in ("60 days", "8 weeks", "1 year", "48 h", 30)] == [60, 56, 365, 2, 30]
    assert [write_days(each) for each in (1, 60)] == ["1 day", "60 days"]
    with pytest.raises(ValueError, match="is not a number of days"):
        parse_days("36 h")


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("monday", [0]),
        ("Tue-Fri", [1, 2, 3, 4]),
        ("sat, sun", [5, 6]),
        ("sunday-monday", [6, 0]),
        ("weekdays", [0, 1, 2, 3, 4]),
        ("weekend", [5, 6]),
        ("monday to wednesday, friday", [0, 1, 2, 4]),
    ],
)
def test_days_of_the_week_are_named_in_many_ways(written: str, days: list[int]):
    assert parse_weekdays(written) == days


@pytest.mark.parametrize("written", ["", "someday", "m", "t-f", "monday-", "mon-tue-wed", "monday, mon"])
def test_other_words_are_no_days(written: str):
    with pytest.raises(ValueError, match=r"day"):
        parse_weekdays(written)


@pytest.mark.parametrize(
    ("written", "intervals"),
    [
        ("09:00-18:00", ((540, 1080),)),
        ("9-17", ((540, 1020),)),
        ("13:00-18:00, 9:00 – 12:00", ((540, 720), (780, 1080))),
        ("9am to 5:30 pm", ((540, 1050),)),
        ("12am-12pm", ((0, 720),)),
        ("00:00-24:00", ((0, 1440),)),
        (["9-12", "13-17"], ((540, 720), (780, 1020))),
        ("closed", ()),
        (None, ()),
    ],
)
def test_times_of_day_are_minutes_from_midnight(written: object, intervals: tuple[tuple[int, int], ...]):
    assert parse_intervals(written) == intervals


@pytest.mark.parametrize(
    "written", ["9", "9-9", "18-9", "24:01-24:02", "9:60-10", "13pm-14pm", "9-12-15", 9, True, [9], ""]
)
def test_other_times_are_refused(written: object):
    with pytest.raises(ValueError, match=r"write it as 09:00-18:00|ends before it begins"):
        parse_intervals(written)


def test_a_week_is_written_with_equal_neighbours_together():
    week = parse_week({"tuesday-friday": "9-18", "saturday": "9-13, 14-16"})
    assert Opening(5, 840, 960) in week
    assert write_week(week) == {
        "monday": "closed",
        "tuesday-friday": "09:00-18:00",
        "saturday": "09:00-13:00, 14:00-16:00",
        "sunday": "closed",
    }


def test_dates_are_one_or_a_span():
    assert parse_dates("2026-12-24..2026-12-26") == (date(2026, 12, 24), date(2026, 12, 26))
    assert parse_dates("2026-12-24") == (date(2026, 12, 24), date(2026, 12, 24))
    for wrong in ("2026-02-30", "tomorrow", "..", None, "2026-12-26..2026-12-24"):
        with pytest.raises(ValueError, match=r"is not a date|ends before it begins"):
            parse_dates(wrong)
