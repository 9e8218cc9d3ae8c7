"""A till for each test."""

from __future__ import annotations

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.conftest import TenantHandle
from tests.payments.till import Till


@pytest.fixture
async def till(engine: AsyncEngine, owner_url: str, studio: TenantHandle) -> Till:
    """A booking of the studio that waits for $45.00."""
    return await Till.opened(engine, owner_url, studio.id)
