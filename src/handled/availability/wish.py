"""What a wish for a date and a time allows."""

from __future__ import annotations

from datetime import date, time

from handled.availability.offer import Offer, Slot
from handled.kit.when import DAY_END, DAY_START, When


def suits(slot: Slot, wanted: When, offer: Offer) -> bool:
    """Whether the slot lies on a date and at an hour that were named; a range of dates is not looked at."""
    local = slot.starts_at.astimezone(offer.zone)
    if wanted.date and local.date() not in (wanted.date, *wanted.also):
        return False
    if wanted.time:
        return local.time() == wanted.time
    low, high = wanted.window or (DAY_START, DAY_END)
    return low <= local.time() < high


def wanted_dates(wanted: When, today: date, horizon: date) -> tuple[date, date]:
    """The first and the last date named; all that are bookable when none is."""
    if wanted.date:
        named = (wanted.date, *wanted.also)
        return min(named), max(named)
    return wanted.dates or (today, horizon)


def wanted_hour(wanted: When) -> time | None:
    """The hour that the wish is nearest to: the time itself, the middle of the window, or its only edge."""
    if wanted.time or not wanted.window:
        return wanted.time
    low, high = wanted.window
    if DAY_START in (low, high) or DAY_END in (low, high):
        return high if low == DAY_START else low
    middle = (low.hour * 60 + low.minute + high.hour * 60 + high.minute) // 2
    return time(middle // 60, middle % 60)
