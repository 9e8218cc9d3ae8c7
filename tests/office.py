"""A business's own system, as code: the business API over real HTTP."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.db.session import tenant_session
from handled.tenants import secret_keys
from tests.conftest import TenantHandle
from tests.customers import Json
from tests.faults import ledger
from tests.http_client import http_client


async def new_key(engine: AsyncEngine, tenant: TenantHandle, name: str = "Test") -> str:
    async with tenant_session(engine, tenant.id) as session:
        return await secret_keys.add_secret_key(session, tenant.id, name)


@dataclass
class Office:
    """Speaks with one secret key."""

    http: httpx2.AsyncClient
    key: str

    @classmethod
    @asynccontextmanager
    async def of(cls, url: str, key: str) -> AsyncGenerator[Office]:
        async with http_client(base_url=url, timeout=30) as http:
            yield cls(http, key)

    async def ask(self, method: str, path: str, body: Any = None, *, once: str | None = None) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {self.key}"} | ({"Idempotency-Key": once} if once else {})
        sent = {} if body is None else {"json": body}
        return await self.http.request(method, f"/v1/tenant{path}", headers=headers, **sent)

    async def do(self, method: str, path: str, body: Any = None, *, once: str | None = None) -> Json:
        """As `ask`, for what must succeed: the answer's body."""
        answer = await self.ask(method, path, body, once=once)
        assert answer.status_code < 300, answer.text
        return answer.json()

    async def refused(self, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, Json]:
        """Status and body of what must not succeed."""
        answer = await self.ask(method, path, body, **more)
        assert answer.status_code >= 400, answer.text
        return answer.status_code, answer.json()

    async def book(self, start: str, *, once: str | None = None, **more: Any) -> Json:
        return await self.do("POST", "/bookings", wanted(start, **more), once=once)


def wanted(start: str, **more: Any) -> Json:
    """A booking of the studio's haircut for Kim, as it is asked for."""
    customer = {"name": "Kim Lee", "email": "kim@example.com", "phone": "+1 415 555 0124"}
    return {"service": "haircut", "start": start, "customer": customer, **more}


def mails(owner_url: str) -> list[str]:
    """The kinds of mails that were written and not withdrawn, in the order of the alphabet."""
    found = ledger.rows(owner_url, "select kind from notifications where status <> 'withdrawn' order by kind")
    return [each["kind"] for each in found]
