"""What holds for every text, every day and every time."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from handled.kit.when import parse
from handled.kit.when.spoken import spoken_date, spoken_moment, spoken_time

ZONE = ZoneInfo("America/New_York")
WORDS = """
the in on at 1 2 5 30 12 , . - / monday sat sun march may next this last week of to and or between from 12:30 half past
quarter am pm p.m. morning night a an couple few days hours ago not early mid end 1st 31st 29th 2026 until before after
weekend minutes $5 @ people tomorrow february no wait second one fortnight 25:61 12/31 0 99th christmas now
"""

patiently = settings(deadline=None, max_examples=300)
moments = st.integers(1_577_900_000, 3_786_900_000).map(lambda second: datetime.fromtimestamp(second, ZONE))
locales = st.sampled_from(["en", "en_US", "en_GB", "en_AU"])
minutes = st.builds(time, st.integers(0, 23), st.integers(0, 59))


@patiently
@given(st.text(max_size=2200), moments)
def test_no_text_makes_it_fail(text: str, now: datetime) -> None:
    when = parse(text, now)
    assert when is None or all(0 <= start < end <= len(text) for start, end in when.spans)


@patiently
@given(st.text(alphabet=st.characters(codec=None, categories=["Cs", "Nd", "Lo", "So", "Cf", "Zs"])), moments)
def test_no_strange_character_makes_it_fail(text: str, now: datetime) -> None:
    when = parse(text, now)
    assert when is None or when.spans


@patiently
@given(st.lists(st.sampled_from(WORDS.split()), max_size=14), moments, locales)
def test_no_order_of_its_own_words_makes_it_fail(words: list[str], now: datetime, locale: str) -> None:
    when = parse(" ".join(words), now, locale)
    if when is None:
        return
    assert when.date is None or when.dates is None
    assert when.time is None or when.window is None
    assert when.dates is None or when.dates[0] <= when.dates[1]
    assert when.window is None or when.window[0] < when.window[1]


@patiently
@given(moments, st.integers(0, 400), locales)
def test_a_day_we_say_is_the_day_we_read(now: datetime, ahead: int, locale: str) -> None:
    day = now.date() + timedelta(ahead)
    for near in (False, True):
        said = spoken_date(day, now.date(), locale, near=near)
        when = parse(said, now, locale)
        assert when is not None, said
        assert (when.date, when.problem, when.ambiguities) == (day, None, ()), said


@patiently
@given(moments, st.dates(date(2000, 1, 1), date(2099, 12, 31)), minutes, locales)
def test_a_moment_we_say_is_the_moment_we_read(now: datetime, day: date, at: time, locale: str) -> None:
    said = spoken_moment(day, at, now.date(), locale)
    when = parse(said, now, locale)
    assert when is not None, said
    assert (when.date, when.time) == (day, at), said


@patiently
@given(moments, minutes, locales)
def test_a_time_we_say_is_the_time_we_read(now: datetime, at: time, locale: str) -> None:
    when = parse(spoken_time(at, locale), now, locale)
    assert when is not None
    assert when.time == at


@patiently
@given(moments, st.dates(date(1900, 1, 1), date(2199, 12, 31)), minutes)
def test_the_forms_of_programs_come_back_as_they_went(now: datetime, day: date, at: time) -> None:
    for text in (f"{day} {at:%H:%M}", f"{day}T{at:%H:%M}"):
        when = parse(text, now)
        assert when is not None
        assert (when.date, when.time, when.ambiguities) == (day, at, ())


@patiently
@given(moments, st.integers(0, 6), st.sampled_from(["{}", "on {}", "{} please", "this {}", "next {}", "{} at noon"]))
def test_a_weekday_is_never_in_the_past(now: datetime, weekday: int, frame: str) -> None:
    name = f"{date(2024, 1, 1) + timedelta(weekday):%A}"
    when = parse(frame.format(name), now)
    assert when is not None
    assert when.date is not None
    assert when.date.weekday() == weekday
    assert now.date() <= when.date < now.date() + timedelta(14)


@patiently
@given(moments, st.integers(1, 31))
def test_a_day_of_the_month_is_the_next_one_of_that_number(now: datetime, number: int) -> None:
    when = parse(f"the {number}th", now)
    assert when is not None
    assert when.date is not None
    assert when.date.day == number
    assert now.date() <= when.date <= now.date() + timedelta(62)
