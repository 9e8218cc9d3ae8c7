"""The breaker: turns are kept away from a provider that is down, and let back one at a time."""

from __future__ import annotations

import pytest

from handled.agent.models.breaker import Breaker
from handled.kit import clock


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Breaker:
    """A breaker that has just opened, at second 100."""
    monkeypatch.setattr(clock, "monotonic", lambda: 100.0)
    breaker = Breaker(failures_to_open=3, cooldown_seconds=30.0)
    for _ in range(3):
        assert breaker.allows()
        breaker.failed()
    return breaker


def test_failures_with_a_success_between_them_do_not_open_it() -> None:
    breaker = Breaker(failures_to_open=2)
    for _ in range(5):
        breaker.failed()
        breaker.succeeded()
    assert breaker.allows()


def test_it_stays_open_until_the_cool_down_is_over(broken: Breaker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "monotonic", lambda: 129.9)
    assert not broken.allows()


def test_of_all_that_wait_one_may_try(broken: Breaker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "monotonic", lambda: 130.0)
    assert [broken.allows() for _ in range(4)] == [True, False, False, False]
    broken.succeeded()
    assert [broken.allows() for _ in range(2)] == [True, True]


def test_when_that_one_fails_everybody_waits_again(broken: Breaker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "monotonic", lambda: 130.0)
    assert broken.allows()
    broken.failed()
    monkeypatch.setattr(clock, "monotonic", lambda: 159.9)
    assert not broken.allows()


def test_when_that_one_is_never_heard_of_again_another_may_try(
    broken: Breaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "monotonic", lambda: 130.0)
    assert broken.allows()
    monkeypatch.setattr(clock, "monotonic", lambda: 160.0)
    assert broken.allows()


def test_a_provider_that_is_well_again_is_used_again_within_five_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "monotonic", lambda: 100.0)
    breaker = Breaker()
    for _ in range(3):
        breaker.failed()
    assert not breaker.allows()
    monkeypatch.setattr(clock, "monotonic", lambda: 105.0)
    assert breaker.allows()
