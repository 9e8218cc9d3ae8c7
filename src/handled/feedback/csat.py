"""CSAT: how many of those who answered were satisfied, and how sure that figure is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

SATISFIED = (4, 5)
# Of a normal distribution 95 % lie within so many standard deviations.
_Z = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Csat:
    """`share` of the `count` answers were 4 or 5; between `low` and `high` the share lies with 95 % confidence.
    Without answers nothing is known: `share` is None, and it may be anything from 0 to 1."""

    count: int
    share: float | None
    low: float
    high: float


def csat(counts: Mapping[int, int]) -> Csat:
    """The figure of so many answers for each rating, with Wilson's interval. Raises ValueError for ratings outside
    1 to 5, and for fewer than no answers."""
    if any(rating not in range(1, 6) or count < 0 for rating, count in counts.items()):
        raise ValueError(f"not counts of ratings from 1 to 5: {dict(counts)}")
    total = sum(counts.values())
    if total == 0:
        return Csat(0, None, 0.0, 1.0)
    share = sum(counts.get(each, 0) for each in SATISFIED) / total
    spread = _Z * _Z / total
    middle = (share + spread / 2) / (1 + spread)
    half = _Z * sqrt(share * (1 - share) / total + spread / (4 * total)) / (1 + spread)
    # The ends are exact where everybody agrees; rounding must not move them past it.
    return Csat(total, share, 0.0 if share == 0 else max(0.0, middle - half), 1.0 if share == 1 else middle + half)
