"""A tenant's offer in the Redis that processes share: read from there, another process need not put it together again.

The version is in the key, so a changed price is never read from an old entry. Each entry is signed with the tenant's
own key, which never leaves PostgreSQL: what Redis answers is used only when it is what we have written for that tenant.
"""

from __future__ import annotations

import hmac
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Protocol
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from handled.catalog.business import Business
from handled.kit import clock

KEPT_SECONDS = 24 * 3600
# Raise it when `Business` changes its meaning but not its fields: versions of the program share a Redis.
_FORMAT = 1
_SIGNATURE_BYTES = 32


class SharedCache(Protocol):
    """As `kit.shared.Shared`: answers None whenever it cannot be asked."""

    async def get(self, key: str) -> bytes | None: ...

    async def put(self, key: str, value: bytes, seconds: int) -> None: ...


async def find(
    shared: SharedCache, tenant_id: UUID, version: int, updated_at: datetime, link_key: bytes
) -> Business | None:
    """The tenant as that change left it, if it is there and as we wrote it."""
    key = _key(tenant_id, version, updated_at)
    entry = await shared.get(key)
    if entry is None or not hmac.compare_digest(
        _signature(key, entry[_SIGNATURE_BYTES:], link_key), entry[:_SIGNATURE_BYTES]
    ):
        return None
    try:
        business = _adapter().validate_json(entry[_SIGNATURE_BYTES:])
    except ValidationError:
        return None  # written by another version of the program
    # A clock set back wants exceptions that were over when they were loaded.
    return replace(business, link_key=link_key) if business.loaded_at <= clock.now() else None


async def keep(shared: SharedCache, business: Business) -> None:
    """For whoever needs this version next."""
    key = _key(business.id, business.version, business.updated_at)
    written = _adapter().dump_json(business, exclude={"link_key"})
    await shared.put(key, _signature(key, written, business.link_key) + written, KEPT_SECONDS)


@cache
def _adapter() -> TypeAdapter[Business]:
    return TypeAdapter(Business)


def _key(tenant_id: UUID, version: int, updated_at: datetime) -> str:
    return f"business:{tenant_id}:{version}:{updated_at.timestamp():.6f}"


def _signature(key: str, written: bytes, link_key: bytes) -> bytes:
    said = b"\n".join((f"shared business {_FORMAT} {','.join(Business.__dataclass_fields__)} {key}".encode(), written))
    return hmac.digest(link_key, said, "sha256")
