"""Webhook events per second: taken in (verified, written down with a job) and worked on (compared, locked, decided),
beside the bare insert of such rows."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from meter import table
from stage import database

sys.path.insert(0, str(Path(__file__).parent.parent))

from sqlalchemy import text

from handled.db.session import tenant_session
from handled.kit import clock
from handled.payments import events, inbox
from handled.payments.gateways.base import GatewayEvent
from tests.faults.trade import PAID_STUDIO, Trade, trading
from tests.payments.till import changed
from tests.twins.stripe_webhooks import body_of

EVENTS, AT_ONCE = 2000, 16
_BARE = text(
    "insert into webhook_events (tenant_id, source, event_id, type, livemode, payload, status, created_at, received_at)"
    " values (:tenant, 'bare', :event, 'x', false, '{}', 'received', now(), now())"
)


async def rate(do: Callable[[Any], Awaitable[Any]], of: Sequence[Any]) -> float:
    """How many a second, so many at once."""
    rest = iter(of)

    async def client() -> None:
        for each in rest:
            await do(each)

    begun = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(AT_ONCE)))
    return len(of) / (time.perf_counter() - begun)


async def measured(url: str) -> list[tuple[str, float]]:
    async with trading(url, PAID_STUDIO) as trade:
        starts_at = clock.now().replace(hour=15, minute=0, second=0, microsecond=0)
        paid = await _paid_event(trade, starts_at)
        bodies = [changed(paid) for _ in range(EVENTS)]
        signed = [(body, trade.stripe.webhooks.sign(body)) for body in bodies]
        taken: list[GatewayEvent] = []

        async def bare(number: int) -> None:
            async with tenant_session(trade.engine, trade.business.id) as session:
                await session.execute(_BARE, {"tenant": trade.business.id, "event": f"bare-{number}"})

        async def take_in(each: tuple[bytes, str]) -> None:
            event = trade.gateway.parse_event(*each, clock.now())
            await inbox.receive(trade.engine, trade.gateway.name, event)
            taken.append(event)

        async def work(event: GatewayEvent) -> None:
            await events.work(trade.engine, trade.gateway, trade.business.id, trade.gateway.name, event.id)

        return [
            ("one bare insert and commit", await rate(bare, range(EVENTS))),
            ("verified and written down with its job", await rate(take_in, signed)),
            ("the same ones again", await rate(take_in, signed)),
            ("worked on: compared, locked, decided", await rate(work, taken[:EVENTS])),
        ]


async def _paid_event(trade: Trade, starts_at: Any) -> bytes:
    day = starts_at + timedelta(days=9)
    booking = await trade.book("haircut", day + timedelta(days=day.weekday() == 6))
    trade.stripe.customer.pay(await trade.click(booking))
    return body_of(trade.stripe.webhooks.of("checkout.session.completed")[0])


def main() -> str:
    """Markdown: events per second of one process, and their ratio to the bare insert."""
    with database(durable=True) as cluster:
        found = asyncio.run(measured(cluster.dsn()))
    floor = found[0][1]
    rows = [(name, f"{per_second:,.0f}", f"{per_second / floor:.2f}") for name, per_second in found]
    head = ("of one Stripe account, 16 at once, one process", "events/s", "share of the bare insert")
    return table(head, rows)


if __name__ == "__main__":
    print(main())
