"""The promises at their full size: the tests of `tests/faults` with a larger scale. Writes docs/reliability.md.

`HANDLED_FAULTS_SCALE` says how much larger than in `./dev test` (10 unless it is set); the seed is kept with it.
"""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from meter import machine, table

ROOT = Path(__file__).parent.parent
DOCUMENT = ROOT / "docs" / "reliability.md"


@dataclass(frozen=True)
class Promise:
    """`quick` is what one run of `./dev test` does, in words with its count first; the scale multiplies it."""

    name: str
    file: str
    quick: tuple[int, str]
    red: str


PROMISES = (
    Promise("No double booking", "test_no_double_booking.py", (240, "wishes in races"), "locks and constraint off"),
    Promise("Packages whole, classes full", "test_packages_and_classes.py", (24, "at once"), "locks off"),
    Promise("Nobody pays for nothing", "test_money_machine.py", (16, "lives of 30 steps"), "three guards off"),
    Promise("Everything happens once", "test_once.py", (1, "journeys, killed at 12 moments each"), "jobs die too"),
    Promise("Webhooks in any order", "test_webhooks_in_any_order.py", (12, "orders with duplicates"), "dedupe off"),
    Promise("Tenants never meet", "test_tenants_never_meet.py", (1, "matrix of all routes"), "a policy dropped"),
    Promise("A cut stream loses nothing", "test_cut_streams.py", (1, "answer cut at every byte"), ""),
    Promise("The agent never acts alone", "test_hostile_model.py", (1, "round of hostile calls"), "consent off"),
    Promise("True words", "test_phantom_claims.py", (1, "round of hostile turns"), "receipts check off"),
)

HEAD = """# Reliability

A promise counts when a test breaks it on purpose, and when that test fails without the guard that keeps it. Quick sizes
run in `./dev test`. This table is written by `./dev bench faults`. Nothing in so many tries only means that it is rarer
than three in that many.

"""


def main() -> str:
    """Run everything at full size; the Markdown table of what came of it."""
    scale = os.environ.get("HANDLED_FAULTS_SCALE", "10")
    seed = os.environ.get("HANDLED_FAULTS_SEED") or str(random.SystemRandom().randrange(2**32))
    rows = [_row(each, scale, seed) for each in PROMISES]
    found = table(("promise", "proof", "size", "result", "red control"), rows)
    said = f"`HANDLED_FAULTS_SCALE={scale} HANDLED_FAULTS_SEED={seed} ./dev bench faults` on {machine()}"
    DOCUMENT.write_text(f"{HEAD}{found}\n\n{said}\n")
    return found


def _row(promise: Promise, scale: str, seed: str) -> tuple[str, ...]:
    begun = time.perf_counter()
    command = [sys.executable, "-m", "pytest", f"tests/faults/{promise.file}", "-q", "-n", "2"]
    environment = os.environ | {"HANDLED_FAULTS_SCALE": scale, "HANDLED_FAULTS_SEED": seed}
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    last = re.findall(r"\d+ (?:passed|failed|skipped|error)\w*", ran.stdout.strip().rpartition("\n")[2])
    print(f"  {promise.file}: {', '.join(last)}", file=sys.stderr, flush=True)
    if ran.returncode:
        print(ran.stdout[-4000:], file=sys.stderr)
    count, unit = promise.quick
    size = f"{round(count * float(scale)):,} {unit}" if count > 1 or "journeys" in unit else f"{scale} × {unit}"
    result = f"{', '.join(last) or 'did not run'} in {time.perf_counter() - begun:.0f} s"
    return promise.name, f"`tests/faults/{promise.file}`", size, result, promise.red


if __name__ == "__main__":
    print(main())
