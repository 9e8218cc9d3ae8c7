"""The promises at a larger size than in `./dev test`: the tests of `tests/faults`. Writes docs/reliability.md.

`HANDLED_FAULTS_SCALE` says how much larger (10 unless it is set), `HANDLED_FAULTS_SEED` replays a run,
`HANDLED_FAULTS_ONLY=once,killed_server` runs some and leaves what the page says of the others.
"""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from meter import machine

ROOT = Path(__file__).parent.parent
DOCUMENT = ROOT / "docs" / "reliability.md"


@dataclass(frozen=True)
class Promise:
    """`red` is what was switched off in the build that had to fail."""

    name: str
    file: str
    red: str
    folder: str = "faults"


PROMISES = (
    Promise("No time is sold twice", "no_double_booking", "locks and constraint off"),
    Promise(
        "A package is had whole, a class fills to its last seat",
        "packages_and_classes",
        "locks and constraint off; all-or-nothing off",
    ),
    Promise(
        "Nobody pays for nothing, in whatever order people, money and time come",
        "money_machine",
        "the same money counted again; late money kept; the cancelled revived",
    ),
    Promise(
        "Everything happens once, wherever the program or PostgreSQL dies between the first word and the refund",
        "once",
        "jobs die with their process",
    ),
    Promise(
        "Webhooks in any order, again, late or never, have one outcome; forged ones have none",
        "webhooks_in_any_order",
        "what was heard before is forgotten; signatures not checked",
    ),
    Promise("A server that is killed loses nothing that it acknowledged", "killed_server", ""),
    Promise("A restarted or crashed PostgreSQL is survived without a restart of ours", "restarted_database", ""),
    Promise("Businesses and customers never meet", "tenants_never_meet", "tokens not looked at; a policy dropped"),
    Promise("A cut stream loses nothing", "cut_streams", "event ids ignored"),
    Promise("The agent never acts alone", "hostile_model", "consent not judged"),
    Promise("Nobody talks the agent into another's booking, or guesses its code", "talked_into", "guesses not counted"),
    Promise("Nothing is said to be done that is not", "phantom_claims", "receipts not checked"),
    Promise("One attacker with many names takes and sends no more than anybody", "abuse", "caps off"),
    Promise("Without Redis everything works, only slower", "redis_vanishes", "time limits off"),
    Promise("A language model that fails never ends a conversation", "provider_fails", "time limits off"),
    Promise("A customer's data is all found, and all erased", "privacy", "one table left out of the tags", "flows"),
    Promise("Logs hold no secrets and nothing personal", "silent_logs", "", "flows"),
)

HEAD = """# Reliability

A promise counts when a test breaks it on purpose, and when the same test fails once the guard that keeps the promise
is switched off (the red control, in the same run; not every row has one). Small sizes run in `./dev test`. The table
is written by `./dev bench faults`: `HANDLED_FAULTS_SCALE=2 HANDLED_FAULTS_SEED=2026 ./dev bench faults` tries twice as
much as `./dev test` and repeats a run. Each row says at which scale it was measured. That nothing was found in so many
tries means only that it is rarer than three in that many.
"""

TAIL = """
## What this does not prove

- The payment provider, the mail server and the language model are twins of our own on the same machine. Stripe's own
  library talks to the Stripe twin; Stripe itself was not asked ([payments](payments.md)).
- "Killed" is `SIGKILL` of a process. The disk of a machine that loses power is PostgreSQL's promise, not tested here.
- Plain SMTP may bring a mail twice when we die between the mail server's answer and our commit. Both have the same
  Message-ID, so most mailboxes show one.
- Moments and orders are drawn at random. The seed replays what was drawn, not how two processes raced.
- All 720 orders of the six webhooks come at scale 60, each of them with all 64 masks of duplicates at scale 3,840, and
  10,000 forged ones at scale 20.
"""


_COLUMNS = "| promise | tried | result | red control | test |"


@dataclass(frozen=True)
class Result:
    """How one file of tests went; `tried` is what its harnesses reported."""

    verdict: str
    seconds: float
    tried: Counter[str]
    passed: bool


def main() -> str:
    """Run them; the Markdown table of what came of it. The document is written after each."""
    scale = os.environ.get("HANDLED_FAULTS_SCALE", "10")
    seed = os.environ.get("HANDLED_FAULTS_SEED") or str(random.SystemRandom().randrange(2**32))
    only = os.environ.get("HANDLED_FAULTS_ONLY", "")
    chosen = only.split(",") if only else [each.file for each in PROMISES]
    if unknown := set(chosen) - {each.file for each in PROMISES}:
        sys.exit(f"HANDLED_FAULTS_ONLY names no promise: {', '.join(unknown)}")
    broken: list[str] = []
    for promise in PROMISES:
        if promise.file in chosen:
            result = _run(promise, scale, seed)
            write(promise, _row(promise, result, scale, seed))
            broken += [] if result.passed else [promise.file]
    if broken:
        sys.exit(f"broken: {', '.join(broken)}")
    return "\n".join(_table(DOCUMENT.read_text()))


def write(promise: Promise, row: str) -> None:
    """Put the row into the document; those of other promises stay as their own run left them."""
    there = DOCUMENT.read_text() if DOCUMENT.exists() else ""
    kept = {each.file: line for each in PROMISES for line in _table(there) if _link(each) in line}
    rows = kept | {promise.file: row}
    table = [_COLUMNS, "| --- | --- | --- | --- | --- |", *(rows[each.file] for each in PROMISES if each.file in rows)]
    missing = [f"- {each.name} ({_link(each)})" for each in PROMISES if each.file not in rows]
    rest = "\n".join(["\nWithout a result here so far:\n", *missing, ""]) if missing else ""
    DOCUMENT.write_text(f"{HEAD}\nOn {machine()}.\n\n" + "\n".join(table) + f"\n{rest}{TAIL}")


def _row(promise: Promise, result: Result, scale: str, seed: str) -> str:
    tried = "<br>".join(f"{count:,} {what}" for what, count in result.tried.items()) or "each case once"
    when = f"{datetime.now(UTC):%Y-%m-%d}, scale {scale}, seed {seed}"
    return f"| {promise.name} | {tried} | {result.verdict}<br>{when} | {promise.red or 'none'} | {_link(promise)} |"


def _link(promise: Promise) -> str:
    return f"[`{promise.file}`](../tests/{promise.folder}/test_{promise.file}.py)"


def _table(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("| ")]


def _run(promise: Promise, scale: str, seed: str) -> Result:
    begun = time.perf_counter()
    tests = f"tests/{promise.folder}/test_{promise.file}.py"
    # At these sizes one test may well take an hour.
    command = [sys.executable, "-m", "pytest", tests, "-q", "-n", "2", "-o", "timeout=0", "--tb=short"]
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "tried"
        report.touch()
        told = {"HANDLED_FAULTS_SCALE": scale, "HANDLED_FAULTS_SEED": seed, "HANDLED_FAULTS_TRIED": str(report)}
        ran = subprocess.run(command, cwd=ROOT, env=os.environ | told, capture_output=True, text=True)
        tried: Counter[str] = Counter()
        for line in report.read_text().splitlines():
            count, _, what = line.partition(" ")
            tried[what] += int(count)
    seconds = time.perf_counter() - begun
    last = re.findall(r"\d+ (?:passed|failed|skipped|error)\w*", ran.stdout.strip().rpartition("\n")[2])
    verdict = f"{', '.join(last) or 'did not run'} in {seconds:.0f} s"
    print(f"  {promise.file}: {verdict}; {dict(tried)}", file=sys.stderr, flush=True)
    if ran.returncode:
        print(ran.stdout[-8000:], file=sys.stderr)
    return Result(verdict, seconds, tried, ran.returncode == 0)


if __name__ == "__main__":
    print(main())
