"""A booking's time in words, in the business's own zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from handled.kit.when.spoken import spoken_date, spoken_moment, spoken_time, weekday_name, zone_name
from handled.notifications.facts import BookingFacts


@dataclass(frozen=True)
class Moment:
    """`date` always has its year: mail is kept. `time` is the span ("11:00 am – 11:45 am", "All day"), `zone`
    is empty for a whole day. `short` is day and beginning in one, as said on the day of the booking. The
    `tile_…` fields are for the leaf of a calendar."""

    date: str
    time: str
    zone: str
    short: str
    tile_month: str
    tile_day: str
    tile_weekday: str


def moment_of(booking: BookingFacts) -> Moment:
    """When `booking` takes place, as its business would say it."""
    zone, locale = ZoneInfo(booking.timezone), booking.locale
    start, end = booking.starts_at.astimezone(zone), booking.ends_at.astimezone(zone)
    said_on = booking.changed_at.astimezone(zone).date()
    at = None if booking.whole_day else start.time()
    return Moment(
        date=_with_year(start.date(), locale),
        time=_span(at, end, start.date(), locale),
        zone="" if booking.whole_day else zone_name(zone, start, locale),
        short=spoken_moment(start.date(), at, said_on, locale),
        tile_month=_month(start.date(), locale),
        tile_day=str(start.day),
        tile_weekday=weekday_name(start.date(), locale),
    )


def _span(at: time | None, end: datetime, first_day: date, locale: str) -> str:
    if at is None:
        return "All day"
    until = spoken_time(end.time(), locale)
    if end.date() != first_day:
        until = f"{_with_year(end.date(), locale)}, {until}"
    return f"{spoken_time(at, locale)} – {until}"


def _with_year(day: date, locale: str) -> str:
    # Seen from the end of time every day is gone by, and those are told with their year.
    return spoken_date(day, date.max, locale)


def _month(day: date, locale: str) -> str:
    try:
        known = Locale.parse(locale.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        known = Locale("en")
    return format_date(day, "LLL", locale=known).rstrip(".")
