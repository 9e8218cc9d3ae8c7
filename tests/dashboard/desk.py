"""A browser without a screen: it keeps cookies, sends forms, and reads pages."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx2
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.db.session import tenant_session
from handled.tenants import staff, staff_login
from handled.tenants.staff import Role
from tests.http_client import http_client

SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


@dataclass
class Browser:
    """Follows redirects, as a browser does."""

    http: httpx2.AsyncClient

    @classmethod
    @asynccontextmanager
    async def of(cls, url: str) -> AsyncGenerator[Browser]:
        async with http_client(base_url=url, timeout=30, follow_redirects=True) as http:
            yield cls(http)

    async def get(self, path: str, **headers: str) -> httpx2.Response:
        return await self.http.get(path, headers=headers)

    async def post(self, path: str, fields: dict[str, Any] | None = None, **headers: str) -> httpx2.Response:
        return await self.http.post(path, data=fields or {}, headers=SAME_SITE | headers)

    async def page(self, path: str) -> str:
        """What a page that must be there says."""
        answer = await self.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text

    async def log_in(self, engine: AsyncEngine, tenant_id: UUID, email: str, name: str, role: Role) -> None:
        """With a link, as from the mail."""
        async with tenant_session(engine, tenant_id) as session:
            member = await staff.put_member(session, tenant_id, email, name, role)
            token = await staff_login.new_link(session, tenant_id, member.id, is_limited=False)
        answer = await self.post(f"/dashboard/login/{token}")
        assert answer.status_code == 200 and "Log out" in answer.text, answer.text
