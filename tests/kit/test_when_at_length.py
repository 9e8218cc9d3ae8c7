"""Days and times as people say them who tell more than that: weeks and weekdays apart, what else they have to do that
day, first and second choices, what will not do. It is Wednesday, March 4, 2026, ten in the morning."""

from __future__ import annotations

import pytest

from handled.kit.when import parse
from tests.kit.in_brief import NOW, brief

WEEK_AND_WEEKDAY_APART = {
    "next week if possible, thursday at 10": "03-12 10:00",
    "next week works. thursday at 10?": "03-12 10:00",
    "thursday 3pm next week": "03-12 15:00",
    "wednesday 10am, next week that is": "03-11 10:00",
    "tuesday at 4 the week after next": "03-17 16:00",
    "friday at 10 in two weeks": "03-20 10:00",
    "saturday at noon this week": "03-07 12:00",
    "friday or next week": "03-09..03-15",
}
WEEKDAY_AND_NUMBER = {
    "thu 26th 2pm": "03-26 14:00",
    "Fri 13th 4ish": "03-13 16:00",
    "thursday 12 3pm": "03-12 15:00",
    "sat 14th 10": "03-14 10:00",
    "thurs 12th 3.30": "03-12 15:30",
}
WHAT_ELSE_IS_ON = {
    "wed at 2 before my dentist at 4": "03-11 14:00",
    "I have a flight at 3pm on thursday, can I come before that": "03-05 ~15:00",
    "after my 10am appointment on thursday": "03-05 10:00~",
    "thursday at 10, i have to pick up my son at 12": "03-05 10:00",
    "after i drop the kids at 9 tomorrow": "03-05 09:00~",
    "train at 4 friday so needs to be before": "03-06 ~16:00",
    "saturday but my train leaves at 11:20": "03-07 ~11:20",
    "wednesday, dentist till 11 so after that": "03-11 11:00~",
    "friday, on my lunch break": "03-06 11:30~14:00",
    "doctors appointment thursday at 3 please": "03-05 15:00",
    "book my appointment at 3": "15:00",
    "yes back in feb": "nothing",
}
WHAT_WILL_NOT_DO = {
    "no mornings please, next week": "03-09..03-15 12:00~",
    "no afternoons, friday": "03-06 ~12:00",
    "friday but not between 2 and 4": "03-06 ~14:00",
    "friday before 3 but not in the morning": "03-06 12:00~15:00",
    "next week excluding monday and tuesday": "03-11 |03-12 |03-13 |03-14 |03-15",
    "next week minus wednesday": "03-09 |03-10 |03-12 |03-13 |03-14 |03-15",
    "not this friday, the one after": "03-13",
    "not this weekend, the one after": "03-14..03-15",
    "not next week but the week after": "03-16..03-22",
}
FIRST_AND_SECOND_CHOICE = {
    "friday 10, thursday if not": "03-06 10:00",
    "friday preferably but thursday would do": "03-06",
    "ideally friday but thursday works too": "03-06",
    "10 on the 12th or if that's full 10 on the 13th": "03-12 10:00",
    "friday or anytime saturday": "03-06 |03-07",
    "tuesday wednesday or thursday": "03-10 |03-11 |03-05",
    "saturday. or sunday": "03-07 |03-08",
}
BOUNDS = {
    "by friday 3pm": "03-04..03-06",
    "by tomorrow 5pm": "03-04..03-05",
    "on or after the 12th": "03-12..03-25",
    "on or before the 12th": "03-04..03-12",
    "not until after the 15th": "03-16..03-29",
    "not before 5 by friday": "03-04..03-06 17:00~",
}
WEEKS_MONTHS_AND_FEASTS = {
    "today week": "03-11",
    "tomorrow week": "03-12",
    "all day friday": "03-06",
    "all next week": "03-09..03-15",
    "last day of the month": "03-31",
    "last day of june": "06-30",
    "last weekend of the month": "03-28..03-29",
    "last week of the month": "03-25..03-31",
    "first of the month": "04-01",
    "week commencing 16th march": "03-16..03-22",
    "weekdays after 5": "03-04 |03-05 |03-06 |03-09 |03-10 17:00~",
    "next week, weekdays only": "03-09 |03-10 |03-11 |03-12 |03-13",
    "memorial day": "05-25",
    "labor day": "09-07",
    "one morning next week": "03-09..03-15 05:00~12:00",
    "every tuesday evening": "03-10 17:00~",
}
SHORT_TIMES = {
    "friday 10 til 2": "03-06 10:00~14:00",
    "friday, 20 till 3": "03-06 14:40",
    "up to 3pm friday": "03-06 ~15:00",
    "3pm or earlier friday": "03-06 ~15:00",
    "1.30 on friday": "03-06 13:30",
    "10.30 tomorrow": "03-05 10:30",
    "230pm friday": "03-06 14:30",
    "at 930 tomorrow": "03-05 09:30",
    "10 on the 12th": "03-12 10:00",
}
ALL = (
    WEEK_AND_WEEKDAY_APART,
    WEEKDAY_AND_NUMBER,
    WHAT_ELSE_IS_ON,
    WHAT_WILL_NOT_DO,
    FIRST_AND_SECOND_CHOICE,
    BOUNDS,
    WEEKS_MONTHS_AND_FEASTS,
    SHORT_TIMES,
)


@pytest.mark.parametrize(("said", "meant"), [item for each in ALL for item in each.items()])
def test_it_is_understood(said: str, meant: str) -> None:
    assert brief(parse(said, NOW)) == meant
