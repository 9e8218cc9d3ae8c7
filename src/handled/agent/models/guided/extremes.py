"""The cheapest, the dearest, the shortest or the longest of the services that are being talked about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from .history import Service
from .services import Heard
from .state import State
from .understand import Reading
from .wording import name_of

_Measure = Callable[[Service], int]


def _price(service: Service) -> int:
    return service.price or 0


def _minutes(service: Service) -> int:
    return service.duration_minutes or 0


# Each with the side question that it answers, what is measured, and whether the most of it is meant.
_MEASURES: dict[str, tuple[str, _Measure, bool]] = {
    "cheapest": ("price", _price, False),
    "dearest": ("price", _price, True),
    "shortest": ("duration", _minutes, False),
    "longest": ("duration", _minutes, True),
}
EXTREMES = tuple(_MEASURES)


def with_extreme(state: State, reading: Reading) -> Reading:
    """ "The cheapest one, then" as if its name had been said. What is free, and what is made up of others, is not
    meant; where times are on the table, it is said of those. "The free one" is the only one that costs nothing."""
    free = [each.key for each in _talked_about(state, reading) if each.price == 0] if reading.has("free_one") else []
    if len(free) == 1 and not reading.heard.service and not state.offered:
        return replace(reading, heard=Heard(free[0]), wants=reading.wants - {"price"})
    said = next((each for each in EXTREMES if reading.has(each)), None)
    if not said or reading.heard.service or state.offered or state.op not in (None, "book"):
        return reading
    topic, measure, most = _MEASURES[said]
    fits = [each for each in _talked_about(state, reading) if measure(each) and not each.includes]
    if len(fits) < 2:
        return reading
    meant = (max if most else min)(fits, key=measure)
    rest = state.lang.intents[said].sub(" ", reading.plain).split()
    asks = reading.has("which_one") and reading.when.empty and not reading.has("book")
    topics = reading.topics | {topic} if asks else reading.topics - {"price", "duration"}
    return replace(
        reading,
        heard=Heard(meant.key),
        wants=reading.wants if asks else reading.wants - {"price", "duration", "question"},
        topics=topics,
        questions=tuple(q for q in reading.questions if not state.lang.has(said, state.lang.normalise(q))),
        leftover=tuple(word for word in reading.leftover if word in rest),
    )


def with_duration(state: State, reading: Reading) -> Reading:
    """ "The 50 minutes one", where only one of them takes so long."""
    match = state.lang.intents["lasting"].search(reading.plain)
    wanted = reading.has("book") or "service" in state.expects or not (reading.when.empty or reading.has("question"))
    if not match or not wanted or reading.heard.service or state.op not in (None, "book"):
        return reading
    minutes = int(match["minutes"] or 0) or (30 if match["half"] else 60)
    fits = [each for each in _talked_about(state, reading) if each.duration_minutes == minutes]
    return replace(reading, heard=Heard(fits[0].key)) if len(fits) == 1 else reading


def _talked_about(state: State, reading: Reading) -> list[Service]:
    """Those that the words fit, or that were just listed; all where none were."""
    services = state.business.services
    keys = reading.heard.candidates or state.draft.candidates
    if keys:
        return [each for each in services if each.key in keys]
    last = state.last_text.casefold()
    listed = [each for each in services if name_of(state, each).casefold() in last]
    return listed if len(listed) > 1 else list(services)
