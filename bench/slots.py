"""How long free slots take, beside the shortest loop that gives the same answer.

30 days, 5 resources, 200 bookings, a 60-minute service with buffers 10 before and 15 after on a 15-minute
grid, in Europe/Madrid across the end of summer time. The baseline knows this one case only: fixed hours, no
exceptions, notice, horizon or classes; it answers with plain tuples. Both start from the same bookings and
take turns in one run.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from meter import table

from handled.availability.hours import day_start
from handled.availability.slots import Busy, Calendar, Hours, Offer, Opening, Slot, busy_between, free_slots

FIRST, DAYS, RESOURCES, BOOKINGS = date(2026, 10, 10), 30, 5, 200
DURATION, STEP, BEFORE, AFTER = 60, 15, 10, 15
ZONE = ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 10, 1, tzinfo=UTC)
SPLIT_DAY, LONG_DAY, SATURDAY = ((540, 780), (840, 1140)), ((540, 780), (840, 1200)), ((600, 900),)
WEEK = {1: SPLIT_DAY, 2: SPLIT_DAY, 3: SPLIT_DAY, 4: LONG_DAY, 5: SATURDAY}
ROUNDS, REPEATS = 60, 5


def made_up_bookings() -> list[tuple[int, datetime, datetime]]:
    """(resource, start, end) without overlaps per resource, buffers not included."""
    dice = random.Random(7)
    made: list[tuple[int, datetime, datetime]] = []
    while len(made) < BOOKINGS:
        day, resource = FIRST + timedelta(days=dice.randrange(DAYS)), dice.randrange(RESOURCES)
        clock = datetime(day.year, day.month, day.day, dice.randrange(9, 19), dice.choice((0, 15, 30, 45)), tzinfo=ZONE)
        start = clock.astimezone(UTC)
        end = start + timedelta(minutes=dice.choice((30, 60, 90)))
        if day.weekday() in WEEK and not any(r == resource and a < end and start < b for r, a, b in made):
            made.append((resource, start, end))
    return made


def baseline(bookings: list[tuple[int, datetime, datetime]]) -> list[tuple[int, datetime]]:
    """The interval loop: each window's edges converted once, jumping over bookings, datetimes last."""
    busy: list[list[tuple[int, int]]] = [[] for _ in range(RESOURCES)]
    for resource, start, end in bookings:
        busy[resource].append((int(start.timestamp()) // 60 - BEFORE, int(end.timestamp()) // 60 + AFTER))
    windows: list[tuple[int, int]] = []
    for i in range(DAYS):
        day = FIRST + timedelta(days=i)
        for edges in WEEK.get(day.weekday(), ()):
            low, high = (
                int(datetime(day.year, day.month, day.day, m // 60, m % 60, tzinfo=ZONE).timestamp()) // 60
                for m in edges
            )
            windows.append((low, high))
    found: list[tuple[int, int]] = []
    for resource in range(RESOURCES):
        taken = sorted(busy[resource])
        count, passed = len(taken), 0
        for start, closes in windows:
            while start + DURATION <= closes:
                while passed < count and taken[passed][1] + BEFORE <= start:
                    passed += 1
                if passed < count and taken[passed][0] < start + DURATION + AFTER:
                    start += -(-(taken[passed][1] + BEFORE - start) // STEP) * STEP
                    continue
                found.append((resource, start))
                start += STEP
    return [(resource, datetime.fromtimestamp(start * 60, UTC)) for resource, start in found]


def measured(bookings: list[tuple[int, datetime, datetime]]) -> Callable[[], list[Slot]]:
    """Our answer from the same bookings, calendars made anew each time, no day's start remembered."""
    offer = Offer(UUID(int=99), "Europe/Madrid", DURATION, STEP, BEFORE, AFTER)
    openings = tuple(Opening(day, *edges) for day, spans in WEEK.items() for edges in spans)
    hours = Hours(openings)
    resources = [UUID(int=i + 1) for i in range(RESOURCES)]
    before, after = timedelta(minutes=BEFORE), timedelta(minutes=AFTER)
    last = FIRST + timedelta(days=DAYS - 1)

    def run() -> list[tuple[int, datetime]]:
        day_start.cache_clear()
        busy: list[list[Busy]] = [[] for _ in range(RESOURCES)]
        for resource, start, end in bookings:
            busy[resource].append(busy_between(start - before, end + after))
        calendars = [Calendar(resources[i], str(i), str(i), hours, None, busy[i]) for i in range(RESOURCES)]
        return free_slots(offer, calendars, FIRST, last, NOW)

    return run


def main() -> str:
    """Markdown: a table of milliseconds and ratios. Raises AssertionError if the two answers differ."""
    bookings = made_up_bookings()
    library = measured(bookings)
    loop = partial(baseline, bookings)
    expected = sorted(loop())
    got = sorted((slot.resource_id.int - 1, slot.starts_at) for slot in library())
    assert got == expected, "the answers differ"
    took: dict[str, list[float]] = {"interval loop (baseline)": [], "handled.availability.slots": []}
    for _ in range(ROUNDS):
        for name, run in zip(took, (loop, library), strict=True):
            begun = time.perf_counter()
            for _ in range(REPEATS):
                run()
            took[name].append((time.perf_counter() - begun) / REPEATS * 1e3)
    base = statistics.median(took["interval loop (baseline)"])
    rows = [
        [name, *(f"{each:.2f}" for each in (statistics.median(times), min(times), statistics.median(times) / base))]
        for name, times in took.items()
    ]
    found = f"{len(expected):,} free slots, {DAYS} days, {RESOURCES} resources, {BOOKINGS} bookings"
    return f"{found}\n\n{table(['', 'median ms', 'best ms', 'ratio'], rows)}"


if __name__ == "__main__":
    print(main())
