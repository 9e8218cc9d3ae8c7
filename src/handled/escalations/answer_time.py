"""When somebody will answer, said honestly: by the business's hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from handled.availability.diary import hours_of
from handled.availability.hours import Window, epoch_minutes, moment_of, windows
from handled.catalog.business import Business
from handled.kit import clock
from handled.kit.when.spoken import spoken_date, spoken_time, zone_name

# So long an answer may take while somebody is there; then the business is reminded.
PATIENCE_MINUTES = 30
_DAYS_AHEAD = 15


def sentence(business: Business) -> str:
    """When the customer may expect an answer."""
    now = clock.now()
    ahead = _ahead(business, now)
    minute = epoch_minutes(now)
    if not ahead:
        return "We are closed for now, so it may take a while until somebody answers."
    first = ahead[0]
    if first.opens > minute:
        return f"We are closed right now. Somebody should answer {_moment(business, first.opens, now)}."
    if first.until - minute >= PATIENCE_MINUTES:
        return "We are open now: somebody should answer within half an hour."
    closes = _clock_time(business, first.until)
    later = next((each for each in ahead if each.opens > first.until), None)
    if later is None:
        return f"We close at {closes}. If nobody answers before then, it may take a while."
    return (
        f"We close at {closes}. If nobody answers before then, somebody should {_moment(business, later.opens, now)}."
    )


def remind_at(business: Business) -> datetime | None:
    """When the business has been open for half an hour from now on; None where it is never open."""
    now = clock.now()
    minute, wanted = epoch_minutes(now), PATIENCE_MINUTES
    for each in _ahead(business, now):
        begins = max(each.opens, minute)
        if each.until - begins >= wanted:
            return moment_of(begins + wanted)
        wanted -= max(0, each.closes - begins)
    return None


def _ahead(business: Business, now: datetime) -> Sequence[Window]:
    """When the business is open from now on."""
    today = now.astimezone(business.zone).date()
    days = [today + timedelta(days=ahead) for ahead in range(_DAYS_AHEAD)]
    minute = epoch_minutes(now)
    return [each for each in windows([hours_of(business)], days, business.zone) if each.closes > minute]


def _moment(business: Business, minute: int, now: datetime) -> str:
    local = moment_of(minute).astimezone(business.zone)
    today = now.astimezone(business.zone).date()
    day = spoken_date(local.date(), today, business.locale)
    on = {0: "today", 1: "tomorrow"}.get((local.date() - today).days, f"on {day}")
    zone = zone_name(business.zone, local, business.locale)
    return f"{on} from {spoken_time(local.time(), business.locale)} ({zone})"


def _clock_time(business: Business, minute: int) -> str:
    return spoken_time(moment_of(minute).astimezone(business.zone).time(), business.locale)
