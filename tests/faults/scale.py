"""How hard the harnesses try, and the seed that replays what they did.

`HANDLED_FAULTS_SCALE=10` makes every harness ten times as long; `HANDLED_FAULTS_SEED` replays a run. What they have
tried is added to the file that `HANDLED_FAULTS_TRIED` names.
"""

from __future__ import annotations

import os
import random
from pathlib import Path

SCALE = float(os.environ.get("HANDLED_FAULTS_SCALE", "1"))


def times(quick: int) -> int:
    """How often, given how often the quick run does it."""
    return max(1, round(quick * SCALE))


def tried(count: int, what: str) -> None:
    """So many of something have been tried, and none of them broke the promise."""
    print(f"{count:,} {what}")
    if named := os.environ.get("HANDLED_FAULTS_TRIED"):
        with Path(named).open("a") as report:
            report.write(f"{count} {what}\n")


def seeded(name: str) -> random.Random:
    """The random numbers of one harness; their seed is printed."""
    seed = int(os.environ.get("HANDLED_FAULTS_SEED") or random.SystemRandom().randrange(2**32))
    print(f"{name}: HANDLED_FAULTS_SEED={seed} HANDLED_FAULTS_SCALE={SCALE:g}")
    return random.Random(f"{name} {seed}")
