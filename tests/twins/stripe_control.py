"""The local Stripe as a process of its own, and how a test tells it what to do: `POST /_control/<what>` with JSON.

Whatever the application's process goes through, this one and its ledger stay.
"""

from __future__ import annotations

import asyncio
import sys
from argparse import ArgumentParser
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx2

from handled.kit import clock
from tests.http_client import http_client
from tests.twins.wire import Request, Wire

if TYPE_CHECKING:
    from tests.twins.stripe import StripeTwin

Json = dict[str, Any]

_ROOT = Path(__file__).parents[2]
_OF_CUSTOMERS = ("pay", "pay_late", "pay_slowly", "settle", "decline", "abandon", "settle_refund")


async def answer(twin: StripeTwin, request: Request, wire: Wire) -> None:
    what = request.path.removeprefix("/_control/")
    try:
        result = await _do(twin, what, request.body if request.raw else {})
    except (KeyError, TypeError, ValueError) as error:
        await wire.answer(400, {"error": f"{what}: {error}"})
        return
    await wire.answer(200, {"result": result})


async def _do(twin: StripeTwin, what: str, given: Json) -> Any:
    webhooks = twin.webhooks
    if what in _OF_CUSTOMERS:
        return getattr(twin.customer, what)(**given)
    match what:
        case "fail":
            twin.fail(**given)
        case "heal":
            twin.heal()
        case "clock":
            if "set" in given:
                twin.clock.set(datetime.fromisoformat(given["set"]))
            twin.clock.advance(timedelta(seconds=given.get("advance_seconds", 0)))
            twin.books.expire_what_is_due()
        case "webhooks":
            webhooks.url = given.get("url", webhooks.url)
            webhooks.automatic = given.get("automatic", webhooks.automatic)
        case "deliver":
            by_id = {event["id"]: event for event in webhooks.events}
            return await webhooks.deliver(*(by_id[each] for each in given.get("ids", ())))
        case "drop":
            webhooks.drop(None if "ids" not in given else [e for e in webhooks.events if e["id"] in given["ids"]])
        case "refund_status":
            twin.books.refund_status = given["status"]
        case "events":
            return webhooks.events
        case "waiting":
            return webhooks.waiting
        case "checkouts":
            return twin.books.checkouts()
        case "ledger":
            return twin.ledger.entries
        case _:
            raise ValueError("unknown")
    return None


@dataclass(frozen=True)
class RemoteStripe:
    """A local Stripe in another process. `do("pay", checkout_id="cs_…")` is what `StripeTwin.customer.pay` is here."""

    url: str
    process: asyncio.subprocess.Process
    http: httpx2.AsyncClient

    async def do(self, what: str, **given: Any) -> Any:
        response = await self.http.post(f"{self.url}/_control/{what}", json=given)
        if response.status_code != 200:
            raise ValueError(response.text)
        return response.json()["result"]


@asynccontextmanager
async def stripe_process(ledger: Path, *arguments: str) -> AsyncGenerator[RemoteStripe]:
    """`python -m tests.twins.stripe` on a free port, with these arguments."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.twins.stripe",
        f"--ledger={ledger}",
        *arguments,
        cwd=_ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        url = (await process.stdout.readline()).decode().strip()
        async with http_client(timeout=20, trust_env=False) as http:
            yield RemoteStripe(url, process, http)
    finally:
        process.terminate()
        await process.wait()


def main(running_stripe: Callable[..., AbstractAsyncContextManager[StripeTwin]]) -> None:
    """Serve until terminated; the first line of the output is the address."""
    parser = ArgumentParser(prog="python -m tests.twins.stripe", description="A local twin of Stripe.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--ledger", type=Path, help="where effects are appended, one JSON object a line")
    parser.add_argument("--webhook-url", help="where events go at once, and again until they are taken")
    parser.add_argument("--now", type=datetime.fromisoformat, help="the moment its clock starts at")
    given = parser.parse_args()
    if given.now is not None:
        clock.start_at(given.now)

    async def serve() -> None:
        async with running_stripe(given.ledger, port=given.port) as twin:
            twin.webhooks.url = given.webhook_url
            twin.webhooks.automatic = given.webhook_url is not None
            print(twin.url, flush=True)
            await asyncio.Event().wait()

    asyncio.run(serve())
