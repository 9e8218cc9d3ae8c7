"""Counting guesses, in PostgreSQL: what could be found out by trying is tried a few times an hour and no more.

Counted where the lookup is made, whoever asks: a route, the agent's tool, or a model that was talked into it.
"""

from __future__ import annotations

import hmac
from datetime import timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from handled.db.calls import call
from handled.kit import clock, metrics
from handled.kit.errors import HandledError
from handled.tables import AttemptCount

Subject = Literal[
    "code", "email", "mailbox", "conversation", "client", "tenant", "person_conversation", "person_client"
]

WINDOW = timedelta(hours=1)
# A code or an address is somebody's: a stranger's guesses must not lock them out at once, but must not go on either.
# `mailbox` counts the one-time codes that were sent there, from however many conversations.
LIMITS: dict[Subject, int] = {
    "code": 10,
    "email": 20,
    "mailbox": 6,
    "conversation": 12,
    "client": 40,
    "tenant": 600,
    # Asking for a person is no guess, but rings somebody's bell all the same.
    "person_conversation": 3,
    "person_client": 3,
}

_COUNT = "select count_attempts(%s, %s::bytea[], %s, %s)"


def client_hash(link_key: bytes, address: str) -> bytes:
    """What is kept of a client's address: enough to know it again, at this business alone."""
    return hmac.digest(link_key, f"client:{address}".encode(), "sha256")


def subject_hash(link_key: bytes, kind: Subject, subject: str) -> bytes:
    """What attempts at a subject are counted under."""
    return hmac.digest(link_key, f"{kind}:{subject.strip().lower()}".encode(), "sha256")


async def count(engine: AsyncEngine, tenant_id: UUID, link_key: bytes, subjects: dict[Subject, str]) -> None:
    """Count one attempt for each subject; what it was and whether it succeeds does not matter. The count is committed
    before this returns. Raises HandledError `too_many_attempts` (429) once any of them has had its share.
    """
    kinds = list(subjects)
    hashed = [subject_hash(link_key, kind, subjects[kind]) for kind in kinds]
    now = clock.now()
    row = await call(engine, _COUNT, tenant_id, hashed, now, now - WINDOW)
    counts: list[int] = row[0] if row else []
    if over := [kind for kind, have in zip(kinds, counts, strict=True) if have > LIMITS[kind]]:
        metrics.refusals.labels(f"attempts_{over[0]}").inc()
        message = "That has been tried too often. Please wait an hour, or contact us directly."
        raise HandledError("too_many_attempts", message, 429, retryAfter=int(WINDOW.total_seconds()))


async def forget_old(session: AsyncSession, tenant_id: UUID) -> None:
    """Remove the tenant's counts that no limit looks at any more."""
    await session.execute(
        delete(AttemptCount).where(
            AttemptCount.tenant_id == tenant_id, AttemptCount.began_at <= clock.now() - 2 * WINDOW
        )
    )
