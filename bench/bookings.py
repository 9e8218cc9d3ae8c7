"""Holding slots through `bookings.holds.hold`, beside the same SQL sent by pgbench, in turns in one run.

Sixteen clients each, on a hundred resources and on one, where they all wait for the same lock. Ours runs in one
process and in two, since pgbench's own work is next to nothing and ours is Python.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import md5
from pathlib import Path
from uuid import UUID

import psycopg
import uvloop
from meter import table
from stage import Studio, database, execute, open_studio

from handled.bookings import holds
from handled.db.binaries import find_binaries
from handled.db.embedded import EmbeddedPostgres
from handled.db.engine import create_engine
from handled.db.session import tenant_session

CLIENTS, SECONDS, ROUNDS = 16, 2.5, 3
RESOURCES = (100, 1)
FIRST = datetime(2030, 1, 1, tzinfo=UTC)
# So many possible starts that hardly two holds ever meet: what is measured is taking free slots.
MINUTES = 1_000_000_000

SCRIPT = r"""
\set resource random(1, {resources})
\set minute random(1, {minutes})
begin;
select set_config('handled.tenant_id', '{tenant}', true);
select {returned}hold_booking('{tenant}', gen_random_uuid(), array['A-' || :minute, 'B-' || :minute, 'C-' || :minute],
  'CHATBOT', '{service}', array[md5('bench-' || :resource)::uuid],
  timestamptz '2030-01-01 00:00:00+00' + :minute * interval '1 minute',
  timestamptz '2030-01-01 00:30:00+00' + :minute * interval '1 minute',
  interval '10 minutes', interval '5 minutes', 1, false, now(), now() + interval '10 minutes', null,
  'Ana Perez', 'ana@example.com', null, null, 3500, 'EUR', 'none', 0, '{{"free_until_minutes": 1440}}');
commit;
"""


def pgbench(cluster: EmbeddedPostgres, script: Path) -> float:
    """Holds per second of pgbench, its statements prepared, as the role that we work as."""
    program = next(each.bindir / "pgbench" for each in find_binaries() if (each.bindir / "pgbench").exists())
    command = [program, "-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "2", "-T", str(round(SECONDS))]
    target = ["-h", cluster.sockets, "-U", "handled_owner", "-f", script, "handled"]
    options = {"PGOPTIONS": "-c role=handled_app -c timezone=UTC"}
    ran = subprocess.run([*command, *target], capture_output=True, text=True, env=os.environ | options, check=True)
    found = re.search(r"tps = ([\d.]+)", ran.stdout)
    assert found, ran.stdout
    return float(found[1])


def ours(cluster: EmbeddedPostgres, studio: Studio, service: UUID, resources: int, processes: int) -> float:
    """Holds per second of so many processes that share the clients."""
    arguments = [cluster.dsn(), studio.id, service, resources, CLIENTS // processes]
    command = [sys.executable, __file__, *map(str, arguments)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(processes)]
    outputs = [each.communicate()[0] for each in running]
    assert all(each.returncode == 0 for each in running)
    return sum(float(output) for output in outputs)


async def hold_as_client(url: str, tenant: UUID, service: UUID, resources: int, clients: int) -> float:
    engine = create_engine(url, pool_size=clients)
    done = 0

    async def client(until: Callable[[], bool]) -> None:
        nonlocal done
        while not until():
            await hold_one(engine, tenant, service, resources)
            done += 1

    await asyncio.gather(*(client(lambda made=iter([False, True]): next(made)) for _ in range(clients)))
    done, begun = 0, time.perf_counter()
    await asyncio.gather(*(client(lambda: time.perf_counter() - begun > SECONDS) for _ in range(clients)))
    rate = done / (time.perf_counter() - begun)
    await engine.dispose()
    return rate


async def hold_one(engine: object, tenant: UUID, service: UUID, resources: int) -> None:
    resource = UUID(md5(f"bench-{random.randint(1, resources)}".encode()).hexdigest())
    starts_at = FIRST + timedelta(minutes=random.randint(1, MINUTES))
    wanted = holds.Wanted(
        service_id=service,
        resource_ids=[resource],
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=30),
        whole_day=False,
        buffer_before_minutes=10,
        buffer_after_minutes=5,
        capacity=1,
        price_minor=3500,
        currency="EUR",
        payment_rule="none",
        due_minor=0,
        policy={"free_until_minutes": 1440},
        customer_name="Ana Perez",
        customer_email="ana@example.com",
        customer_phone=None,
        notes=None,
        source="CHATBOT",
        conversation_id=None,
    )
    expires_at = datetime.now(UTC) + timedelta(minutes=10)
    try:
        async with tenant_session(engine, tenant) as session:
            await holds.hold(session, tenant, wanted, expires_at)
    except holds.SlotTaken:
        pass  # two did meet


def _prepare(cluster: EmbeddedPostgres) -> tuple[Studio, UUID]:
    studio = open_studio(cluster)
    execute(
        cluster,
        "insert into resources (tenant_id, id, key, name, position, active)"
        f" select '{studio.id}', md5('bench-' || n)::uuid, 'r' || n, 'Room ' || n, n, true"
        " from generate_series(1, 100) n",
    )
    with psycopg.connect(cluster.dsn()) as connection:
        found = connection.execute("select id from services where key = 'haircut'").fetchone()
    assert found
    return studio, found[0]


def main() -> str:
    """Markdown: holds per second and their ratio to pgbench."""
    durable = not os.environ.get("BENCH_NOT_DURABLE")
    ways = ("pgbench", "handled, one process", "handled, two processes")
    rates: dict[int, dict[str, list[float]]] = {each: {way: [] for way in ways} for each in RESOURCES}
    with database(durable=durable) as cluster:
        studio, service = _prepare(cluster)
        script = cluster.root / "hold.sql"
        for resources in RESOURCES * ROUNDS:
            script.write_text(
                SCRIPT.format(resources=resources, minutes=MINUTES, tenant=studio.id, service=service, returned="")
            )
            for way in ways:
                execute(cluster, "truncate occupancies, bookings cascade")
                if way == "pgbench":
                    rate = pgbench(cluster, script)
                else:
                    rate = ours(cluster, studio, service, resources, 2 if "two" in way else 1)
                rates[resources][way].append(rate)
                print(f"  {way}, {resources} resources: {rate:.0f}/s", file=sys.stderr)
    rows: list[list[str]] = []
    for resources, of_ways in rates.items():
        base = statistics.median(of_ways["pgbench"])
        cells = [f"{statistics.median(each):,.0f} ({statistics.median(each) / base:.2f})" for each in of_ways.values()]
        rows.append([f"{resources} resource{'s' if resources > 1 else ''}, holds a second", *cells])
    safety = "as an installation has it (fsync)" if durable else "without fsync"
    return (
        f"{CLIENTS} clients; begin, set the tenant, `hold_booking(…)`, commit. PostgreSQL {safety}. {ROUNDS} rounds,"
        f" taking turns.\n\n{table(['', *ways], rows)}\n\nIn brackets: the ratio to pgbench."
    )


if __name__ == "__main__":
    if len(sys.argv) == 1:
        print(main())
    else:
        url, tenant, service, resources, clients = sys.argv[1:]
        print(uvloop.run(hold_as_client(url, UUID(tenant), UUID(service), int(resources), int(clients))))
