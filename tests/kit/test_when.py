"""Dates and times in words, phrase by phrase. Now is Wednesday, March 4, 2026, 10:00 in Madrid."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from handled.kit.when import DAY_END, DAY_START, When, parse

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=ZoneInfo("Europe/Madrid"))


def clock(at: time) -> str:
    return f"{at:%H:%M}" if at not in (DAY_START, DAY_END) else ""


def brief(when: When | None) -> str:
    """The meaning in short: days without the year in 2026, `..` in ranges, `|` before other days, `~` in windows."""
    if when is None:
        return "nothing"

    def day(one: date) -> str:
        return f"{one:%m-%d}" if one.year == 2026 else f"{one}"

    words = [day(when.date)] if when.date else []
    words += [f"{day(when.dates[0])}..{day(when.dates[1])}"] if when.dates else []
    words += [f"|{day(one)}" for one in when.also]
    words += [f"{when.time:%H:%M}"] if when.time else []
    words += [f"{clock(when.window[0])}~{clock(when.window[1])}"] if when.window else []
    words += ["earliest"] if when.earliest else []
    words += [when.problem] if when.problem else []
    return " ".join(words)


RELATIVE = {
    "today": "03-04",
    "later today": "03-04 10:00~",
    "tomorrow please": "03-05",
    "tmrw": "03-05",
    "the day after tomorrow": "03-06",
    "tonight": "03-04 17:00~",
    "tonight at 8": "03-04 20:00",
    "at 5 tonight": "03-04 17:00",
    "this evening at 6": "03-04 18:00",
    "this afternoon": "03-04 12:00~18:00",
    "in three days": "03-07",
    "in a couple of weeks": "03-18",
    "two weeks from now": "03-18",
    "in a fortnight": "03-18",
    "a month from now": "04-04",
    "in 45 minutes": "03-04 10:45",
    "in half an hour": "03-04 10:30",
    "in an hour and a half": "03-04 11:30",
    "in 2 hours": "03-04 12:00",
    "within 10 days": "03-04..03-14",
    "in the next few days": "03-04..03-07",
    "yesterday": "03-03 past",
    "the day before yesterday": "03-02 past",
    "I asked two days ago": "03-02 past",
    "last night": "03-03 18:00~ past",
}

WEEKDAYS = {
    "friday": "03-06",
    "Monday": "03-09",
    "Wednesday": "03-11",
    "are you open on Sundays?": "03-08",
    "this Friday": "03-06",
    "this Monday": "03-09",
    "this Wednesday": "03-04",
    "next Friday": "03-13",
    "next Monday": "03-09",
    "the coming Tuesday": "03-10",
    "this coming Saturday": "03-07",
    "last Friday": "02-27 past",
    "Thursday of next week": "03-12",
    "next week on Thursday": "03-12",
    "next week, maybe Tuesday": "03-10",
    "Saturday this week": "03-07",
    "the Friday after next": "03-20",
    "Friday week": "03-13",
    "a week on Friday": "03-13",
    "a week from tomorrow": "03-12",
    "Tuesday in a week": "03-17",
    "2 weeks from Monday": "03-23",
    "tuseday": "03-10",
    "on wensday at 4pm": "03-11 16:00",
    "satuday": "03-07",
    "thurs 5pm": "03-05 17:00",
    "Fri. 6pm": "03-06 18:00",
    "sat 4pm": "03-07 16:00",
    "can I come sun": "03-08",
    "Friday the 13th": "03-13",
    "Friday 13": "03-13",
    "Monday 9th": "03-09",
    "tomorrow (Thursday)": "03-05",
    "Monday or Tuesday": "03-09 |03-10",
    "next Monday or Tuesday": "03-09 |03-10",
    "Thu/Fri": "03-05 |03-06",
    "Friday, Saturday or Monday": "03-06 |03-07 |03-09",
    "today or tomorrow": "03-04 |03-05",
    "Friday the 6th or Saturday the 7th": "03-06 |03-07",
    "July 9 or 16": "07-09 |07-16",
    "Monday to Wednesday": "03-09..03-11",
    "Monday to Friday next week": "03-09..03-13",
    "mon-fri": "03-09..03-13",
    "from Saturday until Monday": "03-07..03-09",
}

WEEKS_AND_MONTHS = {
    "this week": "03-04..03-08",
    "later this week": "03-05..03-08",
    "next week": "03-09..03-15",
    "early next week": "03-09..03-10",
    "mid next week": "03-10..03-12",
    "the end of next week": "03-12..03-15",
    "the week after next": "03-16..03-22",
    "the week of the 16th": "03-16..03-22",
    "this weekend": "03-07..03-08",
    "at the weekend": "03-07..03-08",
    "next weekend": "03-14..03-15",
    "the weekend of the 28th": "03-28..03-29",
    "the weekend of April 11": "04-11..04-12",
    "next month": "04-01..04-30",
    "the end of the month": "03-21..03-31",
    "sometime in April": "04-01..04-30",
    "early May": "05-01..05-10",
    "mid-March": "03-10..03-21",
    "the first week of April": "04-01..04-07",
    "in February": "2027-02-01..2027-02-28",
    "March 2027": "2027-03-01..2027-03-31",
    "first Saturday of May": "05-02",
    "the last Friday of the month": "03-27",
    "second Tuesday in April": "04-14",
    "by Friday": "03-04..03-06",
    "before Monday": "03-04..03-08",
    "after Friday": "03-07..03-20",
    "from the 20th on": "03-20..04-02",
    "Friday or later": "03-06..03-19",
    "not before Thursday": "03-05..03-18",
    "I'm away until Friday": "03-06..03-19",
    "between the 9th and the 12th": "03-09..03-12",
    "the 9th to the 12th": "03-09..03-12",
    "March 9 to 12": "03-09..03-12",
    "9-12 March": "03-09..03-12",
    "from March 30 to April 2": "03-30..04-02",
    "from the 29th to the 2nd of May": "04-29..05-02",
    "in April on the 7th": "04-07",
}

CALENDAR = {
    "the 8th": "03-08",
    "the 4th": "03-04",
    "the 3rd": "04-03",
    "on the third": "04-03",
    "is the 31st free?": "03-31",
    "on the 15 at 9am": "03-15 09:00",
    "the twenty first": "03-21",
    "the 11th of this month": "03-11",
    "the 5th of next month": "04-05",
    "next month on the 5th": "04-05",
    "the 12th or 13th": "03-12 |03-13",
    "March 12 or 13": "03-12 |03-13",
    "March 9th": "03-09",
    "9 march": "03-09",
    "3rd of April 2027": "2027-04-03",
    "April 3rd, 2027": "2027-04-03",
    "second of May": "05-02",
    "May twenty one": "05-21",
    "the 4th of July": "07-04",
    "Sept. 14": "09-14",
    "Oct-1": "10-01",
    "january 9": "2027-01-09",
    "febuary 12": "2027-02-12",
    "Monday, March 9": "03-09",
    "12/3": "12-03",
    "3/12 at noon": "03-12 12:00",
    "22/04": "04-22",
    "3/12/2026": "03-12",
    "12.03.2026": "03-12",
    "2026/04/01": "04-01",
    "New Year's Eve": "12-31",
    "new year's day": "2027-01-01",
    "Christmas Eve at 10": "12-24 10:00",
    "Easter Monday": "04-06",
    "Good Friday": "04-03",
    "thanksgiving": "11-26",
}

EDGES = {
    "February 29": "no_such_date",
    "February 29, 2028": "2028-02-29",
    "30 February": "no_such_date",
    "April 31st": "no_such_date",
    "the 31st of next month": "no_such_date",
    "32nd of March": "no_such_date",
    "13/13/2026": "no_such_date",
    "tomorrow at 25:00": "03-05 no_such_time",
    "3:75": "no_such_time",
    "24:00": "00:00",
    "March 2": "03-02",
}

CLOCK = {
    "3pm": "15:00",
    "3 p.m.": "15:00",
    "at 3": "15:00",
    "3ish": "15:00",
    "sixish": "18:00",
    "around 4:30": "16:30",
    "at 9": "09:00",
    "at 12": "12:00",
    "12 am": "00:00",
    "12:30 am": "00:30",
    "12 pm": "12:00",
    "noon": "12:00",
    "midday-ish": "12:00",
    "midnight": "00:00",
    "17:45": "17:45",
    "09:30": "09:30",
    "7:00": "19:00",
    "07:00": "07:00",
    "at 1530": "15:30",
    "1730 hrs": "17:30",
    "15h30": "15:30",
    "19h": "19:00",
    "at 14.30": "14:30",
    "8.30am": "08:30",
    '2 o"clock': "14:00",
    "5 o'clock in the evening": "17:00",
    "half eight": "08:30",
    "half past 4 in the evening": "16:30",
    "half-past four": "16:30",
    "quarter to 1": "12:45",
    "a quarter past twelve": "12:15",
    "ten past 3": "15:10",
    "twenty five to seven pm": "18:35",
    "20 to 2 a.m.": "01:40",
    "quarter past noon": "12:15",
    "five thirty pm": "17:30",
    "five-thirty": "17:30",
    "eight forty am": "08:40",
    "eight oh five am": "08:05",
    "11 00 in the morning": "11:00",
    "afternoon 12:15": "12:15",
    "evening 5": "17:00",
    "5 in the evening": "17:00",
    "morning 10:30": "10:30",
    "morning, 11 or so": "11:00",
    "7 in the morning": "07:00",
    "in the afternoon at 7": "19:00",
    "9 at night": "21:00",
    "3 at night": "03:00",
    "the 5pm slot": "17:00",
    "make it 5": "17:00",
    "how about 4?": "16:00",
    "can you do 3?": "15:00",
    "does 11 work?": "11:00",
    "2 is fine": "14:00",
    "3 or 4 on Friday": "03-06 15:00",
}

WINDOWS = {
    "any time after 5": "17:00~",
    "later than 6": "18:00~",
    "before noon": "~12:00",
    "by 3": "~15:00",
    "until 11": "~11:00",
    "no later than 4": "~16:00",
    "not before 10": "10:00~",
    "not after 5": "~17:00",
    "I work until 5": "17:00~",
    "between 2 and 4": "14:00~16:00",
    "say any time between 2 and 4": "14:00~16:00",
    "how about from 2 to 4": "14:00~16:00",
    "between 11 and 1": "11:00~13:00",
    "from 9 to 5": "09:00~17:00",
    "9 to 5": "09:00~17:00",
    "2-4pm": "14:00~16:00",
    "11am-1": "11:00~13:00",
    "10am to noon": "10:00~12:00",
    "between 8 and 9 in the evening": "20:00~21:00",
    "after 2 but before 5": "14:00~17:00",
    "in the morning": "05:00~12:00",
    "afternoons only": "12:00~18:00",
    "late afternoon": "15:00~18:00",
    "first thing tomorrow": "03-05 05:00~10:00",
    "around lunchtime": "11:30~14:00",
    "after lunch on Friday": "03-06 13:00~",
    "after work": "17:00~",
    "Thursday arvo": "03-05 12:00~18:00",
    "Friday afternoon after 3": "03-06 15:00~18:00",
    "tomorrow 2 to 4": "03-05 14:00~16:00",
    "Thursday or Friday after 6": "03-05 |03-06 18:00~",
}

TOGETHER = {
    "haircut for Anna tomorrow 3ish, anna@x.com": "03-05 15:00",
    "tomorrow at 3": "03-05 15:00",
    "tomorrow 5": "03-05 17:00",
    "5 on Friday": "03-06 17:00",
    "10 on Saturday morning": "03-07 10:00",
    "8 tonight": "03-04 20:00",
    "at seven tomorrow morning": "03-05 07:00",
    "tuesday night at 9": "03-10 21:00",
    "a table for 4 on Friday at 8pm": "03-06 20:00",
    "party of 6 at 7": "19:00",
    "a 45 min session on the 12th around 11": "03-12 11:00",
    "Wed 3/11 at 2:30pm": "03-11 14:30",
    "Friday 3/4": "04-03",
    "as soon as possible": "earliest",
    "what's the earliest on Friday?": "03-06 earliest",
    "the next available slot": "earliest",
    "Good morning, is Saturday possible?": "03-07",
    "a cut for June tomorrow": "03-05",
}

CORRECTED = {
    "Tuesday, no wait, Wednesday at 3": "03-11 15:00",
    "not Monday, Tuesday": "03-10",
    "Monday doesn't work, Thursday would": "03-05",
    "no, the 5th": "03-05",
    "at 3, no 4": "16:00",
    "at 3, sorry, I mean 4": "16:00",
    "move it from Tuesday to Thursday": "03-05",
    "can I change from 3 to 4?": "16:00",
    "reschedule my Tuesday 3pm to Thursday 5pm": "03-05 17:00",
    "I have a wedding on Saturday at 4, can we do noon on Sunday": "03-08 12:00",
    "I'm away on Friday, how about Monday?": "03-09",
    "I came last Friday and would like next Friday again": "03-13",
    "not this week, next week": "03-09..03-15",
    "Friday at 2? Otherwise Monday": "03-06 14:00",
}

NOTHING = (
    "I have 2 kids",
    "call 555 0124",
    "my number is +34 600 123 456",
    "mia@march3.example",
    "it was $45",
    "45 euros at 20%",
    "30 minute massage",
    "a 2h massage",
    "for 2 people",
    "for one night",
    "may I come",
    "march in",
    "I'll march there",
    "I may be 5 minutes late",
    "the second one",
    "the 2nd option",
    "on 2nd thought, no",
    "one of those",
    "sat down",
    "the sun is out",
    "I will be there in a second",
    "no one",
    "my code is BK-7F3K2Q",
    "at 12 Main Street",
    "221 Baker Street",
    "5th Avenue",
    "24/7",
    "10/10 service!",
    "1.5 hours",
    "I'm 30 years old",
    "around 20 people",
    "give me option 2",
    "room 12",
    "have a nice weekend!",
    "Good evening",
    "April is my name",
    "a mourning sundae",
    "what does it cost?",
    "every Monday",
    "½ price",
    "",
    "   ",
    "🙂",
)

TABLES = {
    **RELATIVE,
    **WEEKDAYS,
    **WEEKS_AND_MONTHS,
    **CALENDAR,
    **EDGES,
    **CLOCK,
    **WINDOWS,
    **TOGETHER,
    **CORRECTED,
}


@pytest.mark.parametrize(("phrase", "meaning"), TABLES.items(), ids=TABLES)
def test_a_phrase_means_what_people_mean(phrase: str, meaning: str) -> None:
    assert brief(parse(phrase, NOW)) == meaning


@pytest.mark.parametrize("phrase", NOTHING)
def test_what_is_no_date_and_no_time_is_left_alone(phrase: str) -> None:
    assert parse(phrase, NOW) is None


ISO = {
    "2026-03-09": "03-09",
    "2026-03-09 15:00": "03-09 15:00",
    "2026-03-09T15:00": "03-09 15:00",
    "2026-03-09T15:00:00": "03-09 15:00",
    "2026-03-09T15:00Z": "03-09 16:00",
    "2026-03-09T23:30-05:00": "03-10 05:30",
    "2026-03-09 07:00": "03-09 07:00",
    "2026-03-09 after 17:00": "03-09 17:00~",
    "2026-03-09 before 12:00": "03-09 ~12:00",
    "2026-03-09 between 12:00 and 17:00": "03-09 12:00~17:00",
    "2026-03-09 to 2026-03-15": "03-09..03-15",
    "2026-03-09 to 2026-03-15 between 12:00 and 17:00": "03-09..03-15 12:00~17:00",
    "2026-03-09 to 2026-03-15 after 17:00": "03-09..03-15 17:00~",
    "2026-02-30": "no_such_date",
    "2026-03-09T25:00": "03-09 no_such_time",
    "2026-03-09T15:00+99:99": "03-09 no_such_time",
    "9999-12-31T23:00-05:00": "9999-12-31 no_such_time",
    "could I come 2026-03-09 at 3pm": "03-09 15:00",
}


@pytest.mark.parametrize(("phrase", "meaning"), ISO.items(), ids=ISO)
def test_the_forms_of_programs_are_understood(phrase: str, meaning: str) -> None:
    assert brief(parse(phrase, NOW)) == meaning


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
