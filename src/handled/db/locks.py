"""Advisory locks. Those of one transaction are always taken in sorted order, so that none can deadlock."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

# Classes keep our locks apart from each other and from anybody else's in the same database.
RUNNER_LOCK_CLASS = 7_101

_LOCK = text("select lock_resources(cast(:ids as uuid[]))")


async def lock_resources(session: AsyncSession, resource_ids: Iterable[UUID]) -> None:
    """Wait until this transaction alone may change what these resources are occupied with."""
    await session.execute(_LOCK, {"ids": [str(each) for each in resource_ids]})
