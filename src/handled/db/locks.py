"""Advisory locks. Those of one transaction are always taken in sorted order, so that none can deadlock."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from handled.db.line import Statement
from handled.db.session import within

# Classes keep our locks apart from each other and from anybody else's in the same database.
RUNNER_LOCK_CLASS = 7_101

_LOCK = "select lock_resources(%s)"


def locking(resource_ids: Iterable[UUID]) -> Statement:
    """What waits until the transaction alone may change what these resources are occupied with."""
    return _LOCK, (list(resource_ids),)


async def lock_resources(session: AsyncSession, resource_ids: Iterable[UUID]) -> None:
    """Wait until this transaction alone may change what these resources are occupied with."""
    await within(session, locking(resource_ids))
