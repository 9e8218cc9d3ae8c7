"""From the hour somebody says to the hour it is: halves of the day, parts of the day, and what a business assumes."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

from handled.kit.when.meaning import DAY_END, DAY_START
from handled.kit.when.mentions import Clock, Hours, Part

Window = tuple[time, time]
_MORNING_BEGINS_BEFORE = time(11)


def settle(clock: Clock, part: Part | None = None) -> tuple[time | None, bool]:
    """The time meant, None if there is none such, and whether morning or afternoon had to be assumed.

    `part` is the part of the day named elsewhere. With nothing to go by, 1 to 7 are in the afternoon.
    """
    hour = clock.hour
    if hour > 24 or clock.minute > 59 or (hour == 24 and clock.minute):
        return None, False
    assumed = False
    if clock.half:
        hour = hour % 12 + (12 if clock.half == "pm" else 0) if hour <= 12 else hour
    elif not clock.literal and hour <= 12:
        named = clock.part or part
        assumed = named is None and 0 < hour < 12
        hour = _in_part(hour, named) if named else hour + 12 if 1 <= hour <= 7 else hour
    return time(hour % 24, clock.minute), assumed


def first_choice(hours: Hours, part: Part | None = None) -> tuple[time | None, bool]:
    """The first of two alternatives; in "3 or 4 pm" the half of the day is said with the second."""
    start, end = hours.start, hours.end
    half = start.half or (end.half if end else None)
    return settle(replace(start, half=half), part)


def _in_part(hour: int, part: Part) -> int:
    if part == "morning":
        return hour % 12
    if part == "afternoon":
        return hour + 12 if 1 <= hour <= 8 else hour
    if part == "night" and hour <= 5:  # "3 at night" is before dawn, "9 at night" is not
        return hour
    return hour + 12


def window(hours: Hours, part: Part | None = None) -> tuple[Window | None, bool]:
    """The window of hours with a bound or an end, None if one of its times does not exist."""
    start, assumed = settle(hours.start, part)
    if start is None:
        return None, False
    if hours.end is None:
        late = hours.bound in ("after", "from")
        return ((start, DAY_END) if late else (DAY_START, start if start > DAY_START else DAY_END)), assumed
    end, also_assumed = settle(hours.end, part)
    if end is None:
        return None, False
    start, end = _pair(hours, start, end, part)
    return (start, end if end > start else DAY_END), assumed and also_assumed


def _pair(hours: Hours, start: time, end: time, part: Part | None) -> Window:
    """Let the half of the day said with one of two times speak for the other, so that the first comes first."""
    first, last = hours.start, hours.end or hours.start
    open_start = not (first.half or first.literal or first.part or part) and first.hour <= 12
    open_end = not (last.half or last.literal or last.part or part) and last.hour <= 12
    if open_start and last.half:
        same = time(first.hour % 12 + (12 if last.half == "pm" else 0), first.minute)
        start = same if same < end else time(first.hour % 12, first.minute)
    elif open_end and end <= start and end.hour < 12:
        end = end.replace(hour=end.hour + 12)
    elif open_end and first.half == "am" and last.hour % 12 > first.hour % 12:
        end = time(last.hour % 12, last.minute)
    return start, end


def without(refused: Window) -> Window:
    """The rest of the day for who cannot come in the morning, or not in the evening."""
    start, end = refused
    return (end, DAY_END) if start < _MORNING_BEGINS_BEFORE else (DAY_START, start)


def overlap(one: Window, other: Window) -> Window | None:
    """What two windows share, or None."""
    start, end = max(one[0], other[0]), min(one[1], other[1])
    return (start, end) if start < end else None
