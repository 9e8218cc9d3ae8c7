"""Public keys (`pk_…`): what a page shows to say which business it belongs to. They are no secret."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from handled.kit import clock, ids
from handled.kit.errors import HandledError
from handled.tables import PublicKey, Tenant

OVERLAP = timedelta(days=7)


@dataclass(frozen=True)
class PublicKeyInfo:
    """`expires_at` is None for the key in force, and the end of the overlap for the one it replaced."""

    key: str
    created_at: datetime
    expires_at: datetime | None


def add_public_key(session: AsyncSession, tenant_id: UUID) -> str:
    """A new key for the tenant, valid once the transaction is committed."""
    key = f"pk_{ids.new_token(18)}"
    session.add(PublicKey(tenant_id=tenant_id, id=ids.new_id(), key=key, expires_at=None))
    return key


async def list_public_keys(session: AsyncSession) -> list[PublicKeyInfo]:
    """The tenant's valid keys, newest first."""
    return [PublicKeyInfo(each.key, each.created_at, each.expires_at) for each in await _valid(session)]


async def rotate_public_key(session: AsyncSession, tenant_id: UUID, overlap: timedelta = OVERLAP) -> str:
    """A new key. The one in force ends after `overlap`, any other at once: never are more than two valid.

    Raises HandledError `not_found`, ValueError for a negative overlap.
    """
    if overlap < timedelta(0):
        raise ValueError("an overlap is not negative")
    # The tenant's row is what two rotations at once wait for.
    tenant = await session.scalar(select(Tenant).where(Tenant.id == tenant_id).with_for_update(key_share=True))
    if tenant is None:
        raise HandledError("not_found", "There is no such business.", 404)
    now = clock.now()
    for position, key in enumerate(await _valid(session)):
        end = now + overlap if position == 0 else now
        key.expires_at = end if key.expires_at is None else min(end, key.expires_at)
    tenant.version += 1
    key = add_public_key(session, tenant_id)
    await session.flush()
    return key


async def end_public_key(session: AsyncSession, tenant_id: UUID, key: str) -> None:
    """Make a key that was replaced invalid at once. Raises HandledError `not_found`, also for the one in force."""
    now = clock.now()
    ended = await session.scalars(
        update(PublicKey)
        .where(PublicKey.tenant_id == tenant_id, PublicKey.key == key.replace("\0", ""), PublicKey.expires_at > now)
        .values(expires_at=now)
        .returning(PublicKey.id)
    )
    if ended.first() is None:
        raise HandledError("not_found", "There is no such key.", 404)


async def _valid(session: AsyncSession) -> list[PublicKey]:
    now = clock.now()
    query = (
        select(PublicKey)
        .where((PublicKey.expires_at.is_(None)) | (PublicKey.expires_at > now))
        .order_by(PublicKey.created_at.desc(), PublicKey.id.desc())
    )
    return list(await session.scalars(query))
