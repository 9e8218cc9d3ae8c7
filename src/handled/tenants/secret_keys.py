"""Secret keys (`sk_…`): with one, the business's own systems speak to us in its name. Only their hashes are kept."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from handled.db.calls import call
from handled.kit import clock, ids
from handled.kit.errors import HandledError
from handled.kit.text import clean_name
from handled.tables import SecretKey

_KEY = re.compile(r"sk_[A-Za-z0-9_-]{20,80}")
_TENANT = "select tenant_of_secret_key(%s)"
_ENDING_CHARACTERS = 4
_LONGEST_NAME = 60


async def find_tenant(engine: AsyncEngine, key: str) -> UUID | None:
    """The tenant whose secret key this is, unless it was revoked."""
    if not _KEY.fullmatch(key):
        return None
    found = await call(engine, _TENANT, _hash(key))
    return found[0] if found else None


async def add_secret_key(session: AsyncSession, tenant_id: UUID, name: str) -> str:
    """A new key, valid once the transaction is committed. It cannot be shown again. Raises HandledError
    `invalid_name`."""
    name = clean_name(name, _LONGEST_NAME)
    taken = {each.ending for each in await list_secret_keys(session)}
    key = _new_key()
    # By its ending it is revoked: no two of a tenant have the same, and none looks like an option of a command.
    while (ending := key[-_ENDING_CHARACTERS:]) in taken or not ending.isalnum():
        key = _new_key()
    session.add(SecretKey(tenant_id=tenant_id, id=ids.new_id(), name=name, key_hash=_hash(key), ending=ending))
    await session.flush()
    return key


async def list_secret_keys(session: AsyncSession) -> Sequence[SecretKey]:
    """The tenant's keys, the revoked ones too, oldest first."""
    return (await session.scalars(select(SecretKey).order_by(SecretKey.created_at, SecretKey.id))).all()


async def revoke_secret_key(session: AsyncSession, ending: str) -> SecretKey:
    """Make the key that ends like this invalid at once. Raises HandledError `not_found`, `already_revoked`."""
    ending = ending.strip()[-_ENDING_CHARACTERS:]
    found = [each for each in await list_secret_keys(session) if each.ending == ending]
    if not found:
        raise HandledError("not_found", f"There is no secret key that ends in {ending!r}.", 404)
    if found[0].revoked_at is not None:
        raise HandledError("already_revoked", f"The key that ends in {ending!r} was revoked before.", 409)
    found[0].revoked_at = clock.now()
    await session.flush()
    return found[0]


def _new_key() -> str:
    return f"sk_{ids.new_token(24)}"


def _hash(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
