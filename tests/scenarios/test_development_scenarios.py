"""Whole conversations that strangers wrote down, played by a simulated customer over HTTP.

Judged is what is stored afterwards, never the words. Skipped where the collected data is not beside the checkout.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from pathlib import Path

import pytest

from handled.db.embedded import EmbeddedPostgres
from tests.scenarios import collected
from tests.scenarios.collected import Scenario
from tests.scenarios.play import HERE, How, Played, empty_database, open_settings, play

pytestmark = pytest.mark.skipif(not collected.AVAILABLE, reason=collected.WHY_NOT)

DONE = 0.95
# Of how many scenarios a sample takes one.
EVERY = 12

Play = Callable[[Sequence[Scenario], How], list[Played]]


@pytest.fixture
def at_our_desk(cluster: EmbeddedPostgres, tmp_path: Path) -> Generator[Play]:
    """Plays scenarios against a server on a database of its own."""
    with empty_database(cluster) as url:
        settings = open_settings(url, tmp_path)
        yield lambda scenarios, how: play(settings, scenarios, how)


def of(operation: str, scenarios: Iterable[Scenario]) -> list[Scenario]:
    return [each for each in scenarios if each["op"] == operation]


def shown(played: Iterable[Played]) -> str:
    return "\n\n".join(str(each) for each in played)


# In two halves, because a machine has at least two processors.
@pytest.mark.parametrize("half", [0, 1])
def test_95_of_100_customers_get_what_they_came_for_and_nobody_anything_else(at_our_desk: Play, half: int) -> None:
    played = at_our_desk(collected.load_scenarios()[half::2], How())
    harmed = [each for each in played if each.harmed or each.errors]
    assert not harmed, shown(harmed)
    missed = [each for each in played if not each.result["success"] and each.scenario["op"] != "escalate"]
    # A stranger with the code, and a "no" at the card: not one of them may get through.
    trapped = [each for each in missed if each.scenario["goal"].get("trap")]
    assert not trapped, shown(trapped)
    for operation in HERE.split(","):
        wanted = of(operation, (each.scenario for each in played))
        lost = [each for each in missed if each.scenario["op"] == operation]
        print(f"{operation}: {len(wanted) - len(lost)} of {len(wanted)}")
        assert len(lost) <= (1 - DONE) * len(wanted), shown(lost)


def test_the_button_does_what_a_typed_yes_does(at_our_desk: Play) -> None:
    everything = collected.load_scenarios()
    sample = [each for operation in HERE.split(",") for each in of(operation, everything)[::EVERY]]
    failed = [each for each in at_our_desk(sample, How(button=True)) if each.failed]
    assert not failed, shown(failed)


def test_the_same_words_get_the_same_answers_every_time(at_our_desk: Play) -> None:
    sample = collected.load_scenarios()[::EVERY]
    once, again = at_our_desk(sample, How()), at_our_desk(sample, How())
    different = [pair for pair in zip(once, again, strict=True) if pair[0].words() != pair[1].words()]
    assert not different, shown(each for pair in different for each in pair)
