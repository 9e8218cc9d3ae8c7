"""Plays scenarios against the whole application over HTTP, and tells how it went.

python -m tests.scenarios.play [--noise] [--button] [--unstructured] [--op book,cancel] [--only ID] [-v]
"""

from __future__ import annotations

import argparse
import asyncio
import re
import shutil
import tempfile
from collections.abc import Generator, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from itertools import groupby
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import uuid4

import httpx2
import psycopg
from psycopg.sql import SQL, Identifier

from handled.db.embedded import EmbeddedPostgres, scratch_root
from handled.db.migrate import migrate
from handled.kit import clock
from handled.settings import Settings
from tests.conftest import Running, running
from tests.customers import Customer
from tests.http_client import http_client
from tests.scenarios.bot import Bot
from tests.scenarios.collected import Scenario, load_scenarios, load_simulator
from tests.scenarios.stage import set_up

# What can be done without a person.
HERE = "book,cancel,reschedule,find"
# Customers who talk at the same time.
CUSTOMERS = 6

_DRAWN = re.compile(r"BK-[0-9A-Z]{6}|(?<=the code )\d{4}")


@dataclass(frozen=True)
class How:
    """How the customers behave: `button` confirms by the card's button, `noise` says things that belong nowhere,
    `structured=False` reads our words alone, `attentive=False` says yes to every card unread."""

    structured: bool = True
    noise: bool = False
    button: bool = False
    attentive: bool = True

    def __str__(self) -> str:
        words = [
            ("noise", self.noise),
            ("unstructured", not self.structured),
            ("button", self.button),
            ("inattentive", not self.attentive),
        ]
        return ", ".join(name for name, on in words if on) or "typed"


@dataclass(frozen=True)
class Played:
    """`result` is the scorer's, `log` holds what was said, `bookings` what is stored after it, `errors` the answers of
    the server that were none."""

    scenario: Scenario
    result: dict[str, Any]
    log: list[dict[str, Any]]
    bookings: list[dict[str, Any]]
    errors: list[str]

    @property
    def harmed(self) -> bool:
        """Something was written that was not wanted or not confirmed, claimed that is not so, or told to strangers."""
        result, stats = self.result, self.result["stats"]
        untrue = result["wrong_write"] or result["false_confirm"] or stats.get("unconfirmed_write")
        return bool(untrue or self.misnamed or result.get("leak") or stats.get("owner_leak"))

    @property
    def misnamed(self) -> list[str]:
        """What new bookings say of their customer that the customer did not. The first name alone will do."""
        customer, known = self.scenario["customer"], {each["code"] for each in self.scenario["existing_bookings"]}
        names = (customer["name"], customer["name"].split()[0])
        new = [each for each in self.bookings if each["code"] not in known]
        return [
            f"{each['name']}, {each['email']}"
            for each in new
            if each["name"] not in names or each["email"] != customer["email"]
        ]

    @property
    def failed(self) -> bool:
        return bool(self.errors or self.harmed or not self.result["success"])

    def words(self) -> list[tuple[str, str]]:
        """Who said what; codes, which are drawn by lot, are left out."""
        return [(_DRAWN.sub("…", each["user"]), _DRAWN.sub("…", each["bot"]["text"])) for each in self.log]

    def __str__(self) -> str:
        wants = [
            (each["trigger"], each.get("attempt"), {key: slot["value"] for key, slot in each.get("want", {}).items()})
            for each in self.scenario["script"].get("stages", [])
        ]
        lines = [
            f"=== {self.result} {self.errors or ''} {self.misnamed or ''}",
            f"    goal {self.scenario['goal']} {wants} blocked {self.scenario['blocked']}",
        ]
        for each in self.log:
            bot = each["bot"]
            marks = ["UNAVAILABLE"] * bool(bot["unavailable"]) + ["FALLBACK"] * bool(bot["fallback"])
            if card := bot["proposal"]:
                marks.append(f"[{card['operation']} {card['service']} {card['date']} {card['time']}]")
            lines += [f"    C: {each['user']}", f"    A: {bot['text']}", f"       {bot['expects']} {' '.join(marks)}"]
        return "\n".join(lines)


def play(settings: Settings, scenarios: Sequence[Scenario], how: How) -> list[Played]:
    """Play the scenarios on one server and answer them in their order. Those with the same clock play at once."""
    try:
        return asyncio.run(_play(settings, scenarios, how))
    finally:
        clock.run_free()


async def _play(settings: Settings, scenarios: Sequence[Scenario], how: How) -> list[Played]:
    played: dict[str, Played] = {}
    by_clock = sorted(scenarios, key=_starts_at)
    # Their own threads: the server in this process needs those of the loop while customers wait for it.
    with ThreadPoolExecutor(CUSTOMERS) as threads:
        async with running(settings) as server:
            crowd = Crowd(server, threads, asyncio.Semaphore(CUSTOMERS), load_simulator(), how)
            for starts_at, group in groupby(by_clock, key=_starts_at):
                clock.start_at(starts_at)
                for each in await crowd.play(list(group)):
                    played[each.scenario["id"]] = each
    return [played[each["id"]] for each in scenarios]


@dataclass(frozen=True)
class Crowd:
    """Customers at one server."""

    server: Running
    threads: ThreadPoolExecutor
    gate: asyncio.Semaphore
    simulator: ModuleType
    how: How

    async def play(self, scenarios: Sequence[Scenario]) -> list[Played]:
        async with http_client(base_url=self.server.url, timeout=60) as http, asyncio.TaskGroup() as tasks:
            started = [tasks.create_task(self._play_one(http, each)) for each in scenarios]
        return [each.result() for each in started]

    async def _play_one(self, http: httpx2.AsyncClient, scenario: Scenario) -> Played:
        loop, how = asyncio.get_running_loop(), self.how
        async with self.gate:
            stage = await set_up(self.server.app.state.desk.engine, scenario)
            bot = Bot(loop, stage, Customer(http, stage.key), structured=how.structured)
            run = partial(self.simulator.run, stage.scenario, bot, **asdict(how))
            result, log = await loop.run_in_executor(self.threads, run)
        return Played(stage.scenario, result, log, bot.bookings, bot.errors)


def _starts_at(scenario: Scenario) -> datetime:
    return datetime.fromisoformat(scenario["clock"]["now"])


def report(played: Iterable[Played]) -> None:
    """Print the scorer's figures."""
    everything = list(played)
    load_simulator().report([each.result for each in everything])
    for each in everything:
        if each.misnamed:
            print("   booked for somebody else:", each.scenario["id"], each.misnamed)


def open_settings(database_url: str, folder: Path) -> Settings:
    """Settings of an installation for one play, with the limits out of the way."""
    values: dict[str, Any] = {name: field.get_default() for name, field in Settings.model_fields.items()}
    values |= dict.fromkeys((name for name in values if name.startswith("limit_")), "1000000/minute")
    return Settings.model_construct(
        None, **values | {"database_url": database_url, "data_dir": folder, "worker": False}
    )


@contextmanager
def empty_database(cluster: EmbeddedPostgres) -> Generator[str]:
    """A database with the schema and nothing in it."""
    name = f"play_{uuid4().hex}"
    with psycopg.connect(cluster.dsn("postgres"), autocommit=True) as connection:
        connection.execute(SQL("create database {}").format(Identifier(name)))
        migrate(cluster.dsn(name))
        yield cluster.dsn(name)
        connection.execute(SQL("drop database {} with (force)").format(Identifier(name)))


@contextmanager
def _cluster() -> Generator[EmbeddedPostgres]:
    root = scratch_root(f"scenarios-{uuid4().hex[:8]}")
    cluster = EmbeddedPostgres(root, durable=False)
    cluster.start()
    try:
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(root, ignore_errors=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for flag in ("--noise", "--button", "--unstructured", "--inattentive"):
        parser.add_argument(flag, action="store_true")
    parser.add_argument("--op", default=HERE, help="operations, with commas; all for every one")
    parser.add_argument("--only", action="append", metavar="ID", help="a part of a scenario's id")
    parser.add_argument("-v", dest="failing", action="store_true", help="print transcripts that failed")
    parser.add_argument("-a", dest="every", action="store_true", help="print every transcript")
    asked = parser.parse_args()
    scenarios = [
        each
        for each in load_scenarios()
        if asked.op in ("all", "") or each["op"] in asked.op.split(",") or asked.only
        if not asked.only or any(part in each["id"] for part in asked.only)
    ]
    how = How(
        structured=not asked.unstructured, noise=asked.noise, button=asked.button, attentive=not asked.inattentive
    )
    started = clock.monotonic()
    with _cluster() as cluster, empty_database(cluster) as url, tempfile.TemporaryDirectory() as folder:
        began = clock.monotonic()
        played = play(open_settings(url, Path(folder)), scenarios, how)
        ended = clock.monotonic()
    for each in played:
        if asked.every or (asked.failing and each.failed):
            print(each)
    print(f"{how}: {len(played)} scenarios in {ended - began:.1f} s ({began - started:.1f} s for the database)")
    report(played)


if __name__ == "__main__":
    main()
