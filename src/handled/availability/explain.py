"""Why a wish cannot be met, in words that reveal nothing about other customers, and what comes nearest to it.

The sentences are English, in the locale's own dates and times where it is an English one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

from handled.availability.hours import DAY, day_start, epoch_minutes, moment_of, wall_windows
from handled.availability.offer import Calendar, Offer, Slot
from handled.availability.packages import performers_at
from handled.availability.slots import free_slots, slots_at
from handled.availability.starts import bookable_dates, earliest_start, fits, working_windows
from handled.availability.suggest import distinct_starts
from handled.kit.when.spoken import spoken_date, spoken_time, weekday_name

Reason = Literal["taken", "closed", "notice", "past", "horizon"]


@dataclass(frozen=True, slots=True)
class _Voice:
    """How we say dates and times today, to this customer."""

    today: date
    locale: str

    def day(self, day: date) -> str:
        return spoken_date(day, self.today, self.locale)

    def clock(self, minute: int) -> str:
        if minute % DAY == 0:
            return "midnight"
        return spoken_time(time(minute // 60, minute % 60), self.locale)

    def on(self, calendar: Calendar, day: date) -> str:
        """ "on Mondays" where the weekly hours decide, the date itself where an exception does."""
        return f"on {self.day(day)}" if _is_exception(calendar, day) else f"on {weekday_name(day, self.locale)}s"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not, as a name and as a sentence for the customer."""

    reason: Reason
    words: str


def why_not(
    offer: Offer, calendars: Sequence[Calendar], starts_at: datetime, now: datetime, locale: str
) -> Refusal | None:
    """Why nothing can start at exactly `starts_at` (aware) on any of `calendars`; None when something can.

    For a whole-day offer `starts_at` is the local midnight at which the day begins.
    """
    if slots_at(offer, calendars, starts_at, now):
        return None
    local = starts_at.astimezone(offer.zone)
    today, horizon = bookable_dates(offer, now)
    voice = _voice(today, locale)
    whole_day = offer.duration_minutes is None
    if local.date() < today:
        return Refusal("past", "That day has already passed.")
    if starts_at < now:
        return Refusal("past", f"That {'day has already begun' if whole_day else 'time has already passed'}.")
    if local.date() > horizon:
        return Refusal("horizon", f"We take bookings up to {voice.day(horizon)}.")
    if not _opens_for(offer, calendars, starts_at):
        return Refusal("closed", _closed_at(offer, calendars, local, voice))
    if epoch_minutes(starts_at) < earliest_start(offer, now):
        return _short_notice(offer)
    return Refusal("taken", f"That {'day' if whole_day else 'time'} is already taken.")


def why_none(
    offer: Offer,
    calendars: Sequence[Calendar],
    first: date,
    last: date,
    now: datetime,
    locale: str,
    wanted: Callable[[Slot], bool] | None = None,
) -> Refusal:
    """Why no slot on the local dates `first` to `last` is both free and `wanted`. Ask only if so."""
    today, horizon = bookable_dates(offer, now)
    voice = _voice(today, locale)
    one_day = first == last
    if last < today:
        return Refusal("past", f"{'That day has' if one_day else 'Those days have'} already passed.")
    if first > horizon:
        return Refusal("horizon", f"We take bookings up to {voice.day(horizon)}.")
    first, last = max(first, today), min(last, horizon)
    at_ease = replace(offer, notice_minutes=0, horizon_days=(last - first).days)
    empty = [replace(calendar, busy=()) for calendar in calendars]
    ideal = [
        slot
        for slot in free_slots(at_ease, empty, first, last, moment_of(day_start(first, offer.zone)))
        if wanted is None or wanted(slot)
    ]
    if not ideal:
        return Refusal(
            "closed",
            _closed_on(offer, calendars, first, voice) if one_day else _closed_between(offer, calendars, first, last),
        )
    if ideal[-1].starts_at < now:
        return Refusal("past", "It is too late for that today.")
    if epoch_minutes(ideal[-1].starts_at) < earliest_start(offer, now):
        return _short_notice(offer)
    on = f" on {voice.day(first)}" if one_day else ""
    return Refusal("taken", f"Everything{on} is already taken.")


def nearest(slots: Iterable[Slot], wanted: datetime | date, zone: ZoneInfo, count: int = 3) -> list[Slot]:
    """The `count` different starts nearest to `wanted`, in order of time; of one start the first slot.

    To a moment: by date, the later of two equally far ones first, and on a date by the time of day: who cannot
    come on Monday at three is asked about Tuesday at three. To a date: those on it, then those that follow it,
    then those before it.
    """

    def distance(slot: Slot) -> tuple[int, bool, timedelta]:
        local = slot.starts_at.astimezone(zone)
        if not isinstance(wanted, datetime):
            return (
                (0 if local.date() == wanted else 1 if local.date() > wanted else 2),
                False,
                abs(local.date() - wanted),
            )
        aim = wanted.astimezone(zone)
        days = (local.date() - aim.date()).days
        return abs(days), days < 0, abs(local.replace(tzinfo=None) - aim.replace(tzinfo=None) - timedelta(days=days))

    return sorted(sorted(distinct_starts(slots), key=distance)[:count])


def _voice(today: date, locale: str) -> _Voice:
    return _Voice(today, locale if locale.lower().startswith("en") else "en")


def _is_exception(calendar: Calendar, day: date) -> bool:
    return any(each.first <= day <= each.last for hours in calendar.layers for each in hours.exceptions)


def _opens_for(offer: Offer, calendars: Sequence[Calendar], starts_at: datetime) -> bool:
    """Whether somebody works then, booked or not."""
    if offer.parts:
        return all(performers_at(offer, [replace(each, busy=()) for each in calendars], starts_at))
    day = starts_at.astimezone(offer.zone).date()
    windows = (working_windows(offer, each, day, day) for each in calendars)
    if offer.duration_minutes is None:
        return any(windows)
    return any(fits(offer, within, epoch_minutes(starts_at)) for within in windows)


def _closed_at(offer: Offer, calendars: Sequence[Calendar], local: datetime, voice: _Voice) -> str:
    """Whose hours are in the way at this time, the business's or the people's."""
    open_all_steps = replace(offer, step_minutes=1)
    if _opens_for(open_all_steps, calendars, local):
        return "Appointments start at five-minute steps, such as 10:00 or 10:05."
    walls = wall_windows(calendars[0].hours, local.date()) if calendars else []
    if not walls or offer.duration_minutes is None:
        return _closed_on(offer, calendars, local.date(), voice)
    minute = local.hour * 60 + local.minute
    on = voice.on(calendars[0], local.date())
    if _opens_for(open_all_steps, [replace(each, own_hours=None) for each in calendars], local):
        return f"{_who(calendars)} at that time."
    if minute < walls[0][0]:
        return f"We open at {voice.clock(walls[0][0])} {on}."
    for (_, closes), (opens, _) in pairwise(walls):
        if minute < opens:
            # A lunch break closes the door; a time blocked on one day is nobody else's business.
            what = "take no appointments" if _is_exception(calendars[0], local.date()) else "are closed"
            return f"We {what} from {voice.clock(closes)} to {voice.clock(opens)} {on}."
    opens, closes = walls[-1]
    latest = closes - offer.duration_minutes
    so = f", so the latest start is {voice.clock(latest)}" if opens <= latest < minute < closes else ""
    return f"We close at {voice.clock(closes)} {on}{so}."


def _closed_on(offer: Offer, calendars: Sequence[Calendar], day: date, voice: _Voice) -> str:
    """Why nothing that is wanted starts on this day, whoever else comes."""
    if not calendars:
        return "Nobody is available for that at the moment."
    hours = calendars[0].hours
    on = voice.on(calendars[0], day)
    walls = wall_windows(hours, day)
    if not walls:
        # The label of a holiday is for everybody; that of a blocked period may be the owner's own business.
        labels = [
            each.label
            for each in hours.exceptions
            if each.first <= day <= each.last and each.kind == "closed" and each.whole_day and each.label
        ]
        return f"We are closed {on} ({labels[0]})." if labels else f"We are closed {on}."
    if any(working_windows(offer, calendar, day, day) for calendar in calendars):
        spans = " and ".join(f"from {voice.clock(opens)} to {voice.clock(closes)}" for opens, closes in walls)
        return f"We are open {spans} {on}."
    return f"{_who(calendars)} {on}."


def _closed_between(offer: Offer, calendars: Sequence[Calendar], first: date, last: date) -> str:
    """Why nothing that is wanted starts on any of these days, whoever else comes."""
    if not calendars:
        return "Nobody is available for that at the moment."
    days = (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))
    if not any(wall_windows(calendars[0].hours, day) for day in days):
        return "We are closed on those days."
    if any(working_windows(offer, calendar, first, last) for calendar in calendars):
        return "We are not open then."
    return f"{_who(calendars)} on those days."


def _who(calendars: Sequence[Calendar]) -> str:
    return f"{calendars[0].name} is not available" if len(calendars) == 1 else "Nobody is available for that"


def _short_notice(offer: Offer) -> Refusal:
    minutes = offer.notice_minutes
    amount, unit = (minutes, "minute") if minutes % 60 else (minutes // 60, "hour")
    if unit == "hour" and amount >= 48 and amount % 24 == 0:
        amount, unit = amount // 24, "day"
    need = f"{amount} {unit}{'' if amount == 1 else 's'}"
    return Refusal("notice", f"That is too short notice: we need {need}.")
