"""Days and times as hurried people write them. Now is Wednesday, March 4, 2026, 10:00 in Madrid."""

from __future__ import annotations

import pytest

from handled.kit.when import parse
from tests.kit.in_brief import NOW, brief

HALVES_OF_DAYS = {
    "sat am": "03-07 05:00~12:00",
    "thurs eve": "03-05 17:00~",
    "christmas eve": "12-24",
    "tues or thurs pm": "03-10 |03-05 12:00~",
    "tomorrow in the am": "03-05 05:00~12:00",
    "friday am i free": "03-06",
    "am i booked on friday": "03-06",
    "sat 10 am": "03-07 10:00",
}

TIMES = {
    "1530 tomorrow": "03-05 15:30",
    "friday 1900": "03-06 19:00",
    "june 12 2030": "2030-06-12",
    "room 1530": "nothing",
    "round 3 tmrw": "03-05 15:00",
    "after school": "15:00~",
    "tomorrow after work": "03-05 17:00~",
    "a late one on friday": "03-06 15:00~",
    "anything early in the day": "05:00~10:00",
    "the next one": "nothing",
}

WITH_A_PLACE = {
    "our wedding on 14 August 2027 in Bath": "2027-08-14",
    "14 August 2027 in the morning": "2027-08-14 05:00~12:00",
    "2 may in the morning": "05-02 05:00~12:00",
    "we are 2, may i come": "nothing",
    "28th morning": "03-28 05:00~12:00",
    "the latter half of next week": "03-13..03-15",
}

NUMBERS_OF_PEOPLE = {
    "a session for the two of us": "nothing",
    "all 4 of us on the 20th": "03-20",
    "two of them at 4": "16:00",
}

INSIDE = {
    "any day next week bar wednesday": "03-09 |03-10 |03-12 |03-13 |03-14 |03-15",
    "sometime early june, weekends best": "06-06 |06-07",
    "next month, ideally a weekend": "04-04 |04-05 |04-11 |04-12 |04-18 |04-19 |04-25 |04-26",
    "the last weekend of June": "06-27..06-28",
    "second weekend in june": "06-13..06-14",
    "a weekend in june": "06-06..06-07",
    "this month, this weekend": "03-07..03-08",
}


@pytest.mark.parametrize(
    ("said", "meant"),
    [*HALVES_OF_DAYS.items(), *TIMES.items(), *WITH_A_PLACE.items(), *NUMBERS_OF_PEOPLE.items(), *INSIDE.items()],
)
def test_what_is_written_in_a_hurry_is_understood(said: str, meant: str) -> None:
    assert brief(parse(said, NOW)) == meant
