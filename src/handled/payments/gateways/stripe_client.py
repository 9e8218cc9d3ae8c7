"""The vendor's library: how it reaches the network, how long it may take, and what its errors mean to us.

Importing this costs a third of a second, so only `StripeGateway` does, when first needed.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import httpx2
import stripe

from handled.kit import metrics, tracing
from handled.payments.gateways.base import GatewayRefused, GatewayUnavailable, Patience

log = logging.getLogger(__name__)
T = TypeVar("T")

# On its own it would write an id into the home folder of whoever runs us, and send it along with every call.
stripe.enable_telemetry = False
# It logs Stripe's sentences, and those quote what a customer typed.
logging.getLogger("stripe").setLevel(logging.WARNING)


@dataclass(frozen=True)
class Connection:
    """The library's client, and what it sends through."""

    client: stripe.StripeClient
    transport: stripe.HTTPClient
    patience: Patience

    async def ask(self, call: Callable[[stripe.StripeClient], Awaitable[T]]) -> T:
        """What the call answers, in time. Raises GatewayUnavailable and GatewayRefused."""
        outcome = "ok"
        try:
            with tracing.span("gateway.call", gateway="stripe"):
                return await self._ask(call)
        except GatewayUnavailable as error:
            outcome = error.reason
            raise
        except GatewayRefused:
            outcome = "refused"
            raise
        finally:
            metrics.gateway_calls.labels(outcome).inc()

    async def _ask(self, call: Callable[[stripe.StripeClient], Awaitable[T]]) -> T:
        try:
            async with asyncio.timeout(self.patience.whole):
                return await call(self.client)
        except TimeoutError:
            log.warning("stripe: no answer in %s s", self.patience.whole)
            raise GatewayUnavailable("timeout") from None
        except stripe.StripeError as error:
            ours = _in_our_words(error)
            log.warning("stripe: %s (status %s, request %s)", ours.reason, error.http_status, error.request_id)
            raise ours from None

    async def close(self) -> None:
        """Let go of what is open."""
        await self.transport.close_async()


def connect(api_key: str, *, base_url: str | None, patience: Patience) -> Connection:
    """To Stripe, or to whatever speaks its API at `base_url`."""
    transport = _Transport(patience)
    client = stripe.StripeClient(
        api_key,
        http_client=transport,
        # It makes an idempotency key where we give none, so this is safe.
        max_network_retries=1,
        base_addresses={"api": base_url} if base_url else None,
    )
    return Connection(client, transport, patience)


def _in_our_words(error: stripe.StripeError) -> GatewayUnavailable | GatewayRefused:
    status = error.http_status
    if isinstance(error, stripe.APIConnectionError):
        return GatewayUnavailable("connection")
    if isinstance(error, stripe.RateLimitError):
        return GatewayUnavailable("rate_limited")
    if status == 409:
        return GatewayUnavailable("conflict")
    if status is None or status >= 500:
        return GatewayUnavailable("server_error")
    details = _details(error)
    if status < 400 or not details:
        return GatewayUnavailable("garbled")
    name = str(details.get("code") or details.get("type") or "")
    return GatewayRefused(name if re.fullmatch(r"[a-z0-9_]{1,60}", name) else "invalid_request_error")


def _details(error: stripe.StripeError) -> Mapping[str, Any]:
    try:
        details = cast("dict[str, Any]", error.json_body)["error"]
    except (KeyError, TypeError):
        return {}
    return cast("dict[str, Any]", details) if isinstance(details, dict) else {}


class _Transport(stripe.HTTPClient):
    """The library's requests through the HTTP client that the rest of us uses."""

    name = "httpx2"

    def __init__(self, patience: Patience) -> None:
        super().__init__()
        self._pause = patience.pause
        self._http = httpx2.AsyncClient(timeout=httpx2.Timeout(patience.whole, connect=patience.connect))

    async def request_async(
        self, method: str, url: str, headers: Mapping[str, str], post_data: Any = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        try:
            response = await self._http.request(method.upper(), url, headers=dict(headers), content=post_data)
        except httpx2.HTTPError as error:
            raise stripe.APIConnectionError(type(error).__name__, should_retry=True) from error
        return response.content, response.status_code, response.headers

    async def sleep_async(self, secs: float) -> None:
        await asyncio.sleep(min(secs, self._pause))

    async def close_async(self) -> None:
        await self._http.aclose()
