"""How hard the harnesses try, and the seed that replays what they did.

`HANDLED_FAULTS_SCALE=10` makes every harness ten times as long; `HANDLED_FAULTS_SEED` replays a run.
"""

from __future__ import annotations

import os
import random

SCALE = float(os.environ.get("HANDLED_FAULTS_SCALE", "1"))


def times(quick: int) -> int:
    """How often, given how often the quick run does it."""
    return max(1, round(quick * SCALE))


def seeded(name: str) -> random.Random:
    """The random numbers of one harness; their seed is printed."""
    seed = int(os.environ.get("HANDLED_FAULTS_SEED") or random.SystemRandom().randrange(2**32))
    print(f"{name}: HANDLED_FAULTS_SEED={seed} HANDLED_FAULTS_SCALE={SCALE:g}")
    return random.Random(f"{name} {seed}")
