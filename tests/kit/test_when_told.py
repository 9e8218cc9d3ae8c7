"""What else is told of a phrase than its meaning, and what its meaning depends on. Now is Wednesday, March 4, 2026."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from handled.kit.when import parse
from tests.kit.in_brief import NOW, brief

AMBIGUOUS = {
    "at 3": ("am_pm_assumed",),
    "at 3pm": (),
    "evening 5": (),
    "15:00": (),
    "12/3": ("day_month_order",),
    "22/4": (),
    "next Friday": ("next_weekday",),
    "next Monday": (),
    "this Monday": ("this_weekday",),
    "Wednesday": ("today_or_next_week",),
    "Friday, March 12": ("weekday_mismatch",),
    "Friday the 12th": ("weekday_mismatch",),
    "Thursday, March 12": (),
    "10 to 4": ("minutes_or_range", "am_pm_assumed"),
    "I can't do Thursday": ("ruled_out_date",),
    "not at 3pm": ("ruled_out_time",),
    "Friday at noon, Saturday at noon": ("several_dates",),
    "3 or 4 pm": ("several_times",),
}


@pytest.mark.parametrize(("phrase", "names"), AMBIGUOUS.items(), ids=AMBIGUOUS)
def test_what_was_decided_for_the_customer_is_named(phrase: str, names: tuple[str, ...]) -> None:
    when = parse(phrase, NOW)
    assert when is not None
    assert when.ambiguities == names


def test_the_locale_decides_which_number_is_the_month() -> None:
    assert brief(parse("12/4", NOW)) == "12-04"
    assert brief(parse("12/4", NOW, "en_US")) == "12-04"
    assert brief(parse("12/4", NOW, "en-GB")) == "04-12"
    assert brief(parse("12/4", NOW, "de")) == "04-12"


@pytest.mark.parametrize("locale", ["xx", "", "klingon", "en_ZZ", "../..", "es"])
def test_an_unknown_locale_is_read_as_english(locale: str) -> None:
    assert brief(parse("tomorrow at 3pm", NOW, locale)) == "03-05 15:00"


def test_the_words_consumed_can_be_cut_out_of_the_message() -> None:
    text = "Hi, not Monday, Tuesday at 3pm for Ana Mar please"
    when = parse(text, NOW)
    assert when is not None
    assert when.date_text is not None
    assert when.time_text is not None
    assert text[slice(*when.date_text)] == "Tuesday"
    assert text[slice(*when.time_text)] == "at 3pm"
    assert [text[start:end] for start, end in when.spans] == ["Monday", "Tuesday", "at 3pm"]


def test_offsets_survive_characters_that_change_their_length() -> None:
    text = "İstanbul ﬁne: tomorrow at ３pm 🙂"
    when = parse(text, NOW)
    assert when is not None
    assert [text[start:end] for start, end in when.spans] == ["tomorrow", "at ３pm"]


def test_digits_of_other_scripts_are_no_digits() -> None:
    assert parse("at ٣", NOW) is None


@pytest.mark.parametrize(
    ("phrase", "day", "at"),
    [("by Friday", date(2026, 3, 6), None), ("after Friday", date(2026, 3, 6), None), ("before 4", None, time(16))],
)
def test_a_bound_still_tells_what_was_named(phrase: str, day: date | None, at: time | None) -> None:
    when = parse(phrase, NOW)
    assert when is not None
    assert (when.named_date, when.named_time) == (day, at)


def test_the_days_at_the_end_of_the_year_are_next_year_s() -> None:
    new_years_eve = datetime(2026, 12, 31, 9, 0, tzinfo=ZoneInfo("Europe/Madrid"))
    assert brief(parse("tomorrow", new_years_eve)) == "2027-01-01"
    assert brief(parse("the 1st", new_years_eve)) == "2027-01-01"
    assert brief(parse("January 2", new_years_eve)) == "2027-01-02"
    assert brief(parse("Friday", new_years_eve)) == "2027-01-01"
    assert brief(parse("the 31st", new_years_eve)) == "12-31"


@pytest.mark.parametrize(
    ("phrase", "meaning"),
    [("at the weekend", "03-14..03-15"), ("this weekend", "03-08..03-08"), ("next weekend", "03-14..03-15")],
)
def test_on_a_sunday_the_weekend_is_the_coming_one(phrase: str, meaning: str) -> None:
    sunday = NOW.replace(day=8)
    said = parse(phrase, sunday)
    assert brief(said) == meaning
    assert said is not None
    assert ("today_or_next_week" in said.ambiguities) == phrase.startswith("this")


def test_a_month_is_as_long_as_it_is() -> None:
    last_of_january = datetime(2028, 1, 31, 9, 0, tzinfo=ZoneInfo("Europe/Madrid"))
    assert brief(parse("in a month", last_of_january)) == "2028-02-29"
    assert brief(parse("Feb 29", last_of_january)) == "2028-02-29"
    assert brief(parse("the 30th", last_of_january)) == "2028-03-30"
    assert brief(parse("next month", last_of_january)) == "2028-02-01..2028-02-29"


@pytest.mark.parametrize(
    ("phrase", "meant"),
    [
        ("the one from october", "10-01..10-31"),
        ("the october one", "10-01..10-31"),
        ("my friday one", "03-06"),
        ("the one on friday", "03-06"),
        ("friday one", "03-06 13:00"),
        ("the friday one pm slot", "03-06 13:00"),
        ("any weekend in june", "06-06..06-07"),
        ("book it sat or sun", "03-07 |03-08"),
    ],
)
def test_small_words_beside_a_day_are_no_days_and_hide_none(phrase: str, meant: str) -> None:
    assert brief(parse(phrase, NOW)) == meant
