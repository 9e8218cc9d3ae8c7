"""Days named by those that are left out, years by their place, times of something else.

Now is Wednesday, March 4, 2026, 10:00 in Madrid.
"""

from __future__ import annotations

import pytest

from handled.kit.when import parse
from tests.kit.in_brief import NOW, brief

LEFT_OUT = {
    "any day but Monday": "03-04 |03-05 |03-06 |03-07 |03-08 |03-10",
    "any day except mondays": "03-04 |03-05 |03-06 |03-07 |03-08 |03-10",
    "anytime other than tuesday or the weekend": "03-04 |03-05 |03-06 |03-09",
    "any day next week except Thursday and Friday": "03-09 |03-10 |03-11 |03-14 |03-15",
    "every day, but not today": "03-05 |03-06 |03-07 |03-08 |03-09 |03-10",
    "next week, not on Tuesday or Wednesday": "03-09 |03-12 |03-13 |03-14 |03-15",
    "the week after next but not a Wednesday": "03-16 |03-17 |03-19 |03-20 |03-21 |03-22",
    "next week except Tues and Thurs": "03-09 |03-11 |03-13 |03-14 |03-15",
    "any day except Tues and Thurs next week": "03-09 |03-11 |03-13 |03-14 |03-15",
    "next week, any day but the weekend": "03-09 |03-10 |03-11 |03-12 |03-13",
    "next week but not the 11th": "03-09 |03-10 |03-12 |03-13 |03-14 |03-15",
    "next week, i can't do Monday": "03-10 |03-11 |03-12 |03-13 |03-14 |03-15",
    "this weekend but not Sunday": "03-07",
    "not Thursday, Friday or Saturday but Monday": "03-09",
    "not Thursday, Friday": "03-06",
    "I can't do Thursday and Friday is best": "03-06",
    "Thursday or Friday evening next week": "03-12 |03-13 17:00~",
    "the day before March 12": "03-11",
    "I can come only by Tuesday next week": "03-10",
    "the evening before the 12th": "03-11 17:00~",
    "Thursday, Friday or Saturday": "03-05 |03-06 |03-07",
    "Thursday, Friday, Saturday": "03-05 |03-06 |03-07",
}

OF_SOMETHING_ELSE = {
    "before my flight on Thursday at 2pm": "03-05 ~14:00",
    "before my meeting at 15:00": "~15:00",
    "after my shift ends at 5 pm tomorrow": "03-05 17:00~",
    "after work at 5 pm": "17:00",
    "at 2 pm before my flight": "14:00",
}

YEARS = {
    "June 20 next year": "2027-06-20",
    "the 20th of June of next year": "2027-06-20",
    "December 24 this year": "2026-12-24",
    "Easter next year": "2027-03-28",
}


@pytest.mark.parametrize(("said", "meant"), YEARS.items())
def test_a_year_may_be_named_by_its_place(said: str, meant: str) -> None:
    found = parse(said, NOW)
    assert found is not None
    assert str(found.date) == meant


@pytest.mark.parametrize(("said", "meant"), [*LEFT_OUT.items(), *OF_SOMETHING_ELSE.items()])
def test_what_is_left_out_is_left_out(said: str, meant: str) -> None:
    assert brief(parse(said, NOW)) == meant
