"""CSAT and its interval, against values worked out elsewhere."""

from __future__ import annotations

import pytest

from handled.feedback.csat import csat


# By Wilson's formula, to four places, with z = 1.96.
@pytest.mark.parametrize(
    ("counts", "count", "share", "low", "high"),
    [
        ({5: 1}, 1, 1.0, 0.2065, 1.0),
        ({1: 1}, 1, 0.0, 0.0, 0.7935),
        ({4: 4, 5: 4, 1: 1, 3: 1}, 10, 0.8, 0.4902, 0.9433),
        ({4: 45, 5: 45, 2: 10}, 100, 0.9, 0.8256, 0.9448),
        ({5: 500, 3: 500}, 1000, 0.5, 0.4691, 0.5309),
    ],
)
def test_the_share_of_fours_and_fives_has_its_count_and_interval(
    counts: dict[int, int], count: int, share: float, low: float, high: float
) -> None:
    figure = csat(counts)
    assert (figure.count, figure.share) == (count, share)
    assert (round(figure.low, 4), round(figure.high, 4)) == (low, high)


def test_a_three_is_no_satisfied_customer() -> None:
    assert csat({3: 10}).share == 0
    assert csat({4: 10}).share == 1


def test_nobody_has_answered_and_nothing_is_known() -> None:
    assert csat({}) == csat({5: 0})
    assert csat({}).share is None
    assert (csat({}).low, csat({}).high) == (0, 1)


@pytest.mark.parametrize("total", [1, 2, 7, 1000])
def test_the_interval_never_leaves_what_a_share_can_be(total: int) -> None:
    for satisfied in range(min(total, 50) + 1):
        figure = csat({5: satisfied, 1: total - satisfied})
        assert figure.share is not None
        assert 0 <= figure.low <= figure.share <= figure.high <= 1


@pytest.mark.parametrize("counts", [{0: 1}, {6: 1}, {5: -1}])
def test_what_cannot_be_counted_is_refused(counts: dict[int, int]) -> None:
    with pytest.raises(ValueError, match="1 to 5"):
        csat(counts)
