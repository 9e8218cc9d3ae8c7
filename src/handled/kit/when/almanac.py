"""Arithmetic with days, as people count them: weeks run from Monday to Sunday."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

Range = tuple[date, date]


def shift(day: date, days: int) -> date | None:
    """`day` plus `days`, or None beyond the calendar's end."""
    try:
        return day + timedelta(days)
    except OverflowError:
        return None


def shift_months(day: date, months: int) -> date | None:
    """The same day `months` later, or the month's last day where it is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if not 1 <= year <= 9999:
        return None
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def week(day: date, weeks: int = 0) -> Range:
    """Monday and Sunday of the week that lies `weeks` after `day`'s."""
    monday = day - timedelta(day.weekday()) + timedelta(7 * weeks)
    return monday, monday + timedelta(6)


def weekend(day: date, weeks: int = 0) -> Range:
    """Saturday and Sunday of the week that lies `weeks` after `day`'s."""
    sunday = week(day, weeks)[1]
    return sunday - timedelta(1), sunday


def month(year: int, number: int) -> Range:
    """First and last day of a month."""
    return date(year, number, 1), date(year, number, monthrange(year, number)[1])


def month_ahead(today: date, months: int) -> Range:
    """First and last day of the month that lies `months` after today's."""
    moved = shift_months(today.replace(day=1), months) or today
    return month(moved.year, moved.month)


def month_named(today: date, number: int, year: int | None = None) -> Range:
    """The coming month of that number (the running one counts), or that of a given year."""
    return month(year or today.year + (number < today.month), number)


def on_or_after(day: date, weekday: int) -> date:
    """The first `weekday` (Monday is 0) from `day` on, `day` included."""
    return day + timedelta((weekday - day.weekday()) % 7)


def before(day: date, weekday: int) -> date:
    """The last `weekday` that came before `day`."""
    return day - timedelta((day.weekday() - weekday - 1) % 7 + 1)


def nth_weekday(within: Range, weekday: int, nth: int) -> date | None:
    """The `nth` such weekday of a month (-1: the last), or None if it has no such."""
    first, last = within
    if nth == -1:
        return before(last + timedelta(1), weekday)
    day = on_or_after(first, weekday) + timedelta(7 * (nth - 1))
    return day if day <= last else None


def day_of_month(today: date, number: int, weekday: int | None = None) -> date | None:
    """The next day with that number (today counts), with that weekday if one is given; None if no month has it."""
    for ahead in range(84):
        first, last = month_ahead(today, ahead)
        if number > last.day or number < 1:
            continue
        day = first.replace(day=number)
        if day >= today and weekday in (None, day.weekday()):
            return day
    return None


def last_day_of_month(today: date, number: int) -> date | None:
    """The latest day before today with that number."""
    for back in range(3):
        first, last = month_ahead(today, -back)
        if 1 <= number <= last.day and first.replace(day=number) < today:
            return first.replace(day=number)
    return None


def calendar_day(today: date, number: int, day: int, year: int | None = None) -> date | None:
    """A day named by month and number, or None if there is none.

    Without a year the coming one is meant; a day already gone by in the running month stays in this year, because who
    says "March 3" on March 5 has slipped, and should hear so, rather than plan a year ahead.
    """
    try:
        return date(year or today.year + (number < today.month), number, day)
    except ValueError:
        return None


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm, as Meeus gives it)."""
    golden, century, of_century = year % 19, year // 100, year % 100
    shifted = century - (century + 8) // 25
    epact = (19 * golden + century - century // 4 - (shifted + 1) // 3 + 15) % 30
    leap = (32 + 2 * (century % 4) + 2 * (of_century // 4) - epact - of_century % 4) % 7
    late = (golden + 11 * epact + 22 * leap) // 451
    month, day = divmod(epact + leap - 7 * late + 114, 31)
    return date(year, month, day + 1)
