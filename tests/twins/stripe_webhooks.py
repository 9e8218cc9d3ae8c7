"""The local Stripe's events on their way to the application: in any order, twice, late or never."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import httpx2
import stripe as sdk

from tests.http_client import http_client
from tests.twins.stripe_ledger import Clock, Ledger

Json = dict[str, Any]


class Webhooks:
    """Events wait until a test delivers them, or go out at once and again until taken when `automatic`.

    `url` is the application's endpoint, `secret` what it is signed with.
    """

    def __init__(self, clock: Clock, ledger: Ledger) -> None:
        self.url: str | None = None
        self.secret = "whsec_of_the_local_stripe"
        self.automatic = False
        self.retry_after = 0.2
        self.events: list[Json] = []
        self.waiting: list[Json] = []
        self._clock = clock
        self._ledger = ledger
        self._news = asyncio.Event()
        self._http = http_client(timeout=10, trust_env=False)

    def announce(self, event: Json) -> None:
        self.events.append(event)
        self.waiting.append(event)
        self._ledger.write("event.created", id=event["id"], type=event["type"])
        self._news.set()

    def of(self, *types: str) -> list[Json]:
        """All events of these types, delivered or not."""
        return [event for event in self.events if event["type"] in types]

    def drop(self, events: Iterable[Json] | None = None) -> None:
        """Never deliver these, or any that wait, by itself."""
        gone = {event["id"] for event in (self.waiting if events is None else events)}
        self.waiting = [event for event in self.waiting if event["id"] not in gone]

    async def deliver(self, *events: Json) -> list[int]:
        """Deliver these, one after the other, as often as they are named; without any, all that wait. Answers the
        application's statuses, 0 where there was none."""
        return [await self._deliver_one(event) for event in (events or tuple(self.waiting))]

    def sign(self, body: bytes, *, at: datetime | None = None, secret: str | None = None) -> str:
        """The header as Stripe's own library writes it."""
        seconds = int((at or self._clock.now()).timestamp())
        return sdk.WebhookSignature.generate_signature_header(body.decode(), secret or self.secret, seconds)

    async def send(self, body: bytes, signature: str | None) -> int:
        """Post these very bytes; the application's status, 0 where there was none."""
        if self.url is None:
            raise ValueError("there is no webhook endpoint")
        headers = {"content-type": "application/json; charset=utf-8", "user-agent": "Stripe/1.0"}
        if signature is not None:
            headers["stripe-signature"] = signature
        try:
            return (await self._http.post(self.url, content=body, headers=headers)).status_code
        except httpx2.HTTPError:
            return 0

    async def _deliver_one(self, event: Json) -> int:
        body = body_of(event)
        status = await self.send(body, self.sign(body))
        self._ledger.write("event.delivered", id=event["id"], type=event["type"], status=status)
        if 200 <= status < 300:
            self.drop([event])
        return status

    async def run(self) -> None:
        """While `automatic`: what waits goes out, again and again until it is taken."""
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), self.retry_after)
            self._news.clear()
            if self.automatic and self.url is not None:
                await self.deliver()

    async def close(self) -> None:
        await self._http.aclose()


def body_of(event: Json) -> bytes:
    """An event as it is written on the wire."""
    return json.dumps(event, indent=2).encode()
