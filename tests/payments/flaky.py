"""A sandbox with which something goes wrong, before or after it has done what it was asked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from handled.payments.gateways.base import Checkout, CheckoutOrder, Refund
from handled.payments.gateways.sandbox import SandboxGateway
from tests.payments.till import SECRET, Till


@dataclass
class Flaky(SandboxGateway):
    """Each call takes the next of its `trouble`, if there is any; `calls` are the names of all."""

    engine: AsyncEngine
    trouble: dict[str, list[Exception]]
    done_all_the_same: bool = False
    calls: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(self.engine, SECRET)

    async def _call(self, name: str, call: Callable[[], Awaitable[Any]]) -> Any:
        self.calls.append(name)
        failure = self.trouble[name].pop(0) if self.trouble.get(name) else None
        if failure is not None and not self.done_all_the_same:
            raise failure
        result = await call()
        if failure is not None:
            raise failure
        return result

    async def create_checkout(self, order: CheckoutOrder, *, idempotency_key: str) -> Checkout:
        ask = super().create_checkout
        return await self._call("create", lambda: ask(order, idempotency_key=idempotency_key))

    async def get_checkout(self, checkout_id: str, *, account: str | None) -> Checkout:
        ask = super().get_checkout
        return await self._call("get", lambda: ask(checkout_id, account=account))

    async def expire_checkout(self, checkout_id: str, *, account: str | None) -> Checkout:
        ask = super().expire_checkout
        return await self._call("expire", lambda: ask(checkout_id, account=account))

    async def refund(self, payment_intent: str, amount_minor: int, currency: str, **named: Any) -> Refund:
        ask = super().refund
        return await self._call("refund", lambda: ask(payment_intent, amount_minor, currency, **named))

    async def list_refunds(self, payment_intent: str, *, account: str | None) -> list[Refund]:
        ask = super().list_refunds
        return await self._call("list", lambda: ask(payment_intent, account=account))


def flaky(till: Till, *, done_all_the_same: bool = False, **trouble: Exception) -> Flaky:
    """From now on the till asks a gateway whose next call of each name goes wrong."""
    gateway = Flaky(till.engine, {name: [failure] for name, failure in trouble.items()}, done_all_the_same)
    till.gateway = gateway
    return gateway
