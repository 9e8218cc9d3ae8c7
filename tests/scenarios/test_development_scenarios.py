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
from tests.scenarios.play import How, Played, empty_database, open_settings, play

pytestmark = pytest.mark.skipif(not collected.AVAILABLE, reason=collected.WHY_NOT)

BOOKED = 0.95
EVERY = 12

Play = Callable[[Sequence[Scenario], How], list[Played]]


@pytest.fixture(scope="module")
def at_our_desk(cluster: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Generator[Play]:
    """Plays scenarios against a server on one database."""
    folder: Path = tmp_path_factory.mktemp("scenarios")
    with empty_database(cluster) as url:
        settings = open_settings(url, folder)
        yield lambda scenarios, how: play(settings, scenarios, how)


@pytest.fixture(scope="module")
def typed(at_our_desk: Play) -> list[Played]:
    """Every scenario, by customers who confirm in writing."""
    return at_our_desk(collected.load_scenarios(), How())


def of(operation: str, played: Iterable[Played]) -> list[Played]:
    return [each for each in played if each.scenario["op"] == operation]


def shown(played: Iterable[Played]) -> str:
    return "\n\n".join(str(each) for each in played)


def test_95_of_100_customers_get_the_booking_they_came_for(typed: list[Played]) -> None:
    bookings = of("book", typed)
    failed = [each for each in bookings if not each.result["success"]]
    print(f"{len(bookings) - len(failed)} of {len(bookings)} booking scenarios")
    assert len(failed) <= (1 - BOOKED) * len(bookings), shown(failed)


def test_everybody_who_knows_code_and_email_finds_their_booking(typed: list[Played]) -> None:
    failed = [each for each in of("find", typed) if not each.result["success"]]
    assert not failed, shown(failed)


def test_nothing_wrong_is_ever_written_said_or_told(typed: list[Played]) -> None:
    assert not [each for each in typed if each.harmed or each.errors], shown(
        each for each in typed if each.harmed or each.errors
    )


def test_the_button_books_what_a_typed_yes_does(at_our_desk: Play, typed: list[Played]) -> None:
    sample = [each.scenario for each in of("book", typed)][::EVERY]
    failed = [each for each in at_our_desk(sample, How(button=True)) if each.failed]
    assert not failed, shown(failed)


def test_the_same_words_get_the_same_answers_every_time(at_our_desk: Play, typed: list[Played]) -> None:
    sample = typed[::EVERY]
    again = at_our_desk([each.scenario for each in sample], How())
    different = [pair for pair in zip(sample, again, strict=True) if pair[0].words() != pair[1].words()]
    assert not different, shown(each for pair in different for each in pair)
