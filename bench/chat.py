"""A booking chat of three turns over the API, beside the floor: the provider's SDK on raw ASGI.

Both talk to the same fast local provider and the same PostgreSQL, in turns in one run.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx2
import uvloop
from conversation import Heard, Target, burst, ours, plain
from meter import quantile, resident_mib, table
from stage import database, execute, handled, open_studio, server, uvicorn

from handled.db.embedded import EmbeddedPostgres

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
ONE, CROWD, PACED = (1, 10), (20, 60), (50, 50)  # at once, conversations a round
FAST, SLOW = {"deltas": 40, "delay": 0}, {"deltas": 40, "delay": 15}

Results = dict[str, list[Heard]]


# Conversations of each before anything is measured, so that PostgreSQL knows its tables as it does after a day.
EARLIER = 100


@contextmanager
def stage() -> Iterator[tuple[EmbeddedPostgres, str, list[Target]]]:
    """The database, the provider's address, and everybody who is measured."""
    with ExitStack() as stack:
        cluster = stack.enter_context(database(durable=False))
        provider = stack.enter_context(server([sys.executable, "fake_provider.py", "{port}"], "/health"))
        address = f"http://127.0.0.1:{provider.port}"
        common = {"DATABASE_URL": cluster.dsn(), "PROVIDER": address}
        floor = stack.enter_context(server(uvicorn("floor:app"), "/health", **common))
        settings = {
            "HANDLED_MODEL": "anthropic:fake",
            "HANDLED_MODEL_BASE_URL": address,
            "ANTHROPIC_API_KEY": "none",
        }
        studio = open_studio(cluster)
        us = stack.enter_context(handled(cluster, **settings))
        targets = [plain("floor", floor), ours(us, studio.key)]
        for name, python in _others():
            other = server(uvicorn(f"others.{name}_app:app", python), "/health", **common)
            targets.append(plain(name.replace("_", "-"), stack.enter_context(other)))
        yield cluster, address, targets


def _others() -> Iterator[tuple[str, str]]:
    """Frameworks to compare with, if BENCH_OTHERS is a Python that has them."""
    python = os.environ.get("BENCH_OTHERS")
    if python and Path(python).exists():
        yield from ((name, python) for name in ("langgraph", "openai_agents"))


async def run(cluster: EmbeddedPostgres, address: str, targets: list[Target]) -> tuple[Results, Results, Results]:
    async with httpx2.AsyncClient(base_url=address) as provider:
        for target in targets:
            await burst(target, 10, EARLIER)
        await asyncio.to_thread(execute, cluster, "analyze")
        one = await _rounds(targets, *ONE)
        crowd = await _rounds(targets, *CROWD)
        await provider.post("/pace", json=SLOW)
        paced = await _rounds(targets, *PACED, spread_seconds=1.5)
    return one, crowd, paced


async def _rounds(targets: list[Target], at_once: int, conversations: int, *, spread_seconds: float = 0) -> Results:
    results: Results = {target.name: [] for target in targets}
    for _ in range(ROUNDS):
        for target in targets:
            heard = await burst(target, at_once, conversations, spread_seconds=spread_seconds)
            results[target.name].append(heard)
            print(
                f"  {target.name}, {at_once} at once: {heard.turns_per_second:.0f} turns/s,"
                f" {heard.cpu_per_turn * 1e3:.1f} ms CPU a turn",
                file=sys.stderr,
            )
    return results


def _first(heard: Iterable[Heard], turns: tuple[int, ...]) -> list[float]:
    return [each * 1e3 for one in heard for turn in turns for each in one.first[turn]]


def main() -> str:
    """Markdown: one table of milliseconds and turns, one of ratios to the floor."""
    with stage() as (cluster, address, targets):
        one, crowd, paced = uvloop.run(run(cluster, address, targets))
        memory = {target.name: resident_mib(target.server.pid) for target in targets}
    measured = {
        "first text, 1 at once, ms (median)": _each(one, lambda all: statistics.median(_first(all, (0,)))),
        "first text after a tool, 1 at once, ms": _each(one, lambda all: statistics.median(_first(all, (1, 2)))),
        "CPU a turn, 20 at once, ms": _each(crowd, lambda all: statistics.median(h.cpu_per_turn for h in all) * 1e3),
        "turns a second, 20 at once": _each(crowd, lambda all: statistics.median(h.turns_per_second for h in all)),
        "first text, 50 paced streams, ms (median)": _each(paced, lambda all: statistics.median(_first(all, (0,)))),
        "first text, 50 paced streams, ms (95 %)": _each(paced, lambda all: quantile(_first(all, (0,)), 0.95)),
        "CPU a turn, 50 paced streams, ms": _each(
            paced, lambda all: statistics.median(h.cpu_per_turn for h in all) * 1e3
        ),
        "resident memory afterwards, MiB": memory,
    }
    names = [target.name for target in targets]
    rows = [[what, *(_cell(values[name], values["floor"]) for name in names)] for what, values in measured.items()]
    left_out = "" if len(names) > 2 else _LEFT_OUT
    return f"{_SETTING}\n\n{table(['', *names], rows)}\n\nIn brackets: the ratio to the floor.{left_out}"


_SETTING = (
    f"Three messages a conversation: a question, a search for free times (one tool), a booking put to the customer"
    f" (one tool); the provider answers at once in {FAST['deltas']} words, for paced streams with {SLOW['delay']} ms"
    f" between them. {ROUNDS} rounds, taking turns, after {EARLIER} conversations each. PostgreSQL without fsync. The"
    f" floor keeps history and streamed text in PostgreSQL, its tools have fixed answers; ours search, hold and"
    f" propose. One process each."
)
_LEFT_OUT = " Other frameworks were not here: BENCH_OTHERS names a Python that has them (see docs/performance.md)."


def _each(results: Results, figure: object) -> dict[str, float]:
    assert callable(figure)
    return {name: figure(heard) for name, heard in results.items()}


def _cell(value: float, floor: float) -> str:
    return f"{value:.1f} ({value / floor:.2f})"


if __name__ == "__main__":
    print(main())
