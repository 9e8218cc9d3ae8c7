"""`Idempotency-Key`: a write that is sent again gets the answer of the first time, and has no second effect."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from handled.kit import clock
from handled.kit.errors import HandledError
from handled.tables import IdempotentRequest

KEPT = timedelta(hours=24)
_UNDER_WAY = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request was answered: an HTTP status, and the body as JSON."""

    status: int
    body: dict[str, Any]


async def claim(session: AsyncSession, tenant_id: UUID, key: str, *request: Any) -> Answer | None:
    """What the request was answered the first time; None when this is the first time, and then `remember` has to
    follow in the same transaction. `request` is everything, as JSON, that makes it the same one.

    Two at once: the second waits here for the first one's transaction. Raises HandledError
    `idempotency_key_reused` when another request had this key within the last 24 hours.
    """
    request_hash = hashlib.sha256(orjson.dumps(request, option=orjson.OPT_SORT_KEYS)).digest()
    now = clock.now()
    fresh: dict[str, Any] = {"request_hash": request_hash, "status": _UNDER_WAY, "answer": {}, "created_at": now}
    claimed = await session.execute(
        insert(IdempotentRequest)
        .values(tenant_id=tenant_id, key=key, **fresh)
        .on_conflict_do_update(
            index_elements=["tenant_id", "key"], set_=fresh, where=IdempotentRequest.created_at <= now - KEPT
        )
        .returning(IdempotentRequest.key)
    )
    if claimed.scalar_one_or_none() is not None:
        return None
    first = (await session.execute(select(IdempotentRequest).where(*_is(tenant_id, key)))).scalar_one()
    if first.request_hash != request_hash:
        message = "That Idempotency-Key was used for another request. A new request needs a new key."
        raise HandledError("idempotency_key_reused", message, 422)
    return Answer(first.status, first.answer)


async def remember(session: AsyncSession, tenant_id: UUID, key: str, answer: Answer) -> None:
    """Keep what the request that claimed this key was answered."""
    await session.execute(
        update(IdempotentRequest).where(*_is(tenant_id, key)).values(status=answer.status, answer=answer.body)
    )


async def forget_old(session: AsyncSession, tenant_id: UUID) -> int:
    """Remove the tenant's requests of more than 24 hours ago. Returns how many."""
    old = delete(IdempotentRequest).where(
        IdempotentRequest.tenant_id == tenant_id, IdempotentRequest.created_at <= clock.now() - KEPT
    )
    return len((await session.execute(old.returning(IdempotentRequest.key))).all())


def _is(tenant_id: UUID, key: str) -> tuple[Any, ...]:
    return IdempotentRequest.tenant_id == tenant_id, IdempotentRequest.key == key
