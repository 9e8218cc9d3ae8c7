"""From the customer's confirmation to the committed booking, p50 and p99, as a ratio to a bare transaction that writes
and commits one row on the same database, at one client and at 32."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from meter import quantile, table
from stage import STUDIO, database

sys.path.insert(0, str(Path(__file__).parent.parent))

from sqlalchemy import text

from handled.db.session import tenant_session
from handled.kit import clock
from handled.proposals import lifecycle
from handled.tables import Proposal
from tests.faults.trade import Trade, trading

CONFIRMATIONS, CLIENTS = 320, (1, 32)
_BARE = text(
    "insert into customers (tenant_id, id, name, email, created_at) values (:tenant, gen_random_uuid(),"
    " 'Bare', gen_random_uuid() || '@example.com', now())"
)


async def timed(do: Callable[[Any], Awaitable[Any]], of: Sequence[Any], clients: int) -> list[float]:
    """How long each took, in milliseconds."""
    rest, took = iter(of), list[float]()

    async def client() -> None:
        for each in rest:
            begun = time.perf_counter()
            await do(each)
            took.append((time.perf_counter() - begun) * 1000)

    await asyncio.gather(*(client() for _ in range(clients)))
    return took


async def proposals_of(trade: Trade, first: int, count: int) -> list[Proposal]:
    """Each of a customer of its own, for a time of its own."""
    morning = clock.now().astimezone(trade.business.zone).replace(hour=9, minute=0, second=0, microsecond=0)
    made: list[Proposal] = []
    for number in range(first, first + count):
        starts_at = morning + timedelta(days=7 + number // 18, minutes=30 * (number % 18))
        proposal = await trade.propose(await trade.come_in(), "haircut", starts_at, f"ana{number}@example.com")
        assert isinstance(proposal, Proposal), proposal
        made.append(proposal)
    return made


async def measured(url: str) -> list[tuple[int, list[float], list[float]]]:
    async with trading(url, STUDIO) as trade:

        async def bare(_: Any) -> None:
            async with tenant_session(trade.engine, trade.business.id) as session:
                await session.execute(_BARE, {"tenant": trade.business.id})

        async def confirm(proposal: Proposal) -> None:
            assert isinstance(await trade.confirm(proposal), lifecycle.Confirmed)

        found: list[tuple[int, list[float], list[float]]] = []
        for number, clients in enumerate(CLIENTS):
            proposals = await proposals_of(trade, number * CONFIRMATIONS, CONFIRMATIONS)
            floor = await timed(bare, range(CONFIRMATIONS), clients)
            found.append((clients, floor, await timed(confirm, proposals, clients)))
        return found


def main() -> str:
    """Markdown: latencies in one process, and their ratio to the bare transaction."""
    with database(durable=True) as cluster:
        found = asyncio.run(measured(cluster.dsn()))
    rows: list[tuple[str, ...]] = []
    for clients, floor, ours in found:
        for share in (0.5, 0.99):
            bare, took = quantile(floor, share), quantile(ours, share)
            rows.append((f"{clients} · p{share * 100:.0f}", f"{bare:.1f} ms", f"{took:.1f} ms", f"{took / bare:.1f}"))
    return table(("clients", "bare transaction", "confirmed and committed", "ratio"), rows)


if __name__ == "__main__":
    print(main())
