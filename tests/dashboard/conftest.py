"""Somebody of the studio in front of the dashboard, over real HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.conftest import Running, TenantHandle
from tests.dashboard.desk import Browser


@pytest.fixture
async def visitor(server: Running) -> AsyncIterator[Browser]:
    """A browser that is not logged in."""
    async with Browser.of(server.url) as browser:
        yield browser


@pytest.fixture
async def owner(server: Running, engine: AsyncEngine, studio: TenantHandle) -> AsyncIterator[Browser]:
    """The studio's owner, logged in."""
    async with Browser.of(server.url) as browser:
        await browser.log_in(engine, studio.id, "owner@studio.example", "Olga Owner", "owner")
        yield browser


@pytest.fixture
async def staff_member(server: Running, engine: AsyncEngine, studio: TenantHandle) -> AsyncIterator[Browser]:
    """Somebody who works at the studio, logged in. A `staff_member` may read and serve, not decide."""
    async with Browser.of(server.url) as browser:
        await browser.log_in(engine, studio.id, "sam@studio.example", "Sam Staff", "staff")
        yield browser
