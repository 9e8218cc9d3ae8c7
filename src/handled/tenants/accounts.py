"""Finding tenants: the questions that are asked before one is known, and the tenant's own row."""

from __future__ import annotations

import re
from typing import LiteralString
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from handled.db.calls import call
from handled.db.session import lookup_session
from handled.kit import clock
from handled.kit.errors import HandledError
from handled.tables import Tenant

_PUBLIC_KEY = re.compile(r"pk_[A-Za-z0-9_-]{8,80}")
_BY_KEY = "select tenant_of_public_key(%s, %s)"
# Of key, now and tenant: the tenant if the key is still its own, else null.
SAME_TENANT: LiteralString = "(select t from tenant_of_public_key(%s, %s) t where t = %s)"
_MOST_RECALLED = 10_000
_recalled: dict[str, UUID] = {}
_BY_SLUG = text("select tenant_of_slug(:slug)")
_ALL = text("select id, slug, name from all_tenants()")


async def find_by_public_key(engine: AsyncEngine, key: str) -> UUID | None:
    """The tenant whose valid public key this is."""
    if not _PUBLIC_KEY.fullmatch(key):
        return None
    found = await call(engine, _BY_KEY, key, clock.now())
    return found[0] if found else None


async def recall_by_public_key(engine: AsyncEngine, key: str) -> UUID | None:
    """As `find_by_public_key`, by heart where that is known: for whoever has the key looked at again (`SAME_TENANT`) in
    the statement that does something."""
    known = _recalled.get(key) or await find_by_public_key(engine, key)
    if known is not None:
        if len(_recalled) >= _MOST_RECALLED:
            _recalled.clear()
        _recalled[key] = known
    return known


def forget_public_key(key: str) -> None:
    """It may be another's by now, or nobody's."""
    _recalled.pop(key, None)


async def find_by_slug(engine: AsyncEngine, slug: str) -> UUID | None:
    """The tenant of this slug."""
    if "\0" in slug:  # which PostgreSQL cannot even compare
        return None
    async with lookup_session(engine) as session:
        return await session.scalar(_BY_SLUG, {"slug": slug})


async def list_all(engine: AsyncEngine) -> list[tuple[UUID, str, str]]:
    """Id, slug and name of every tenant, by slug."""
    async with lookup_session(engine) as session:
        return [(each.id, each.slug, each.name) for each in await session.execute(_ALL)]


async def get_tenant(session: AsyncSession, tenant_id: UUID) -> Tenant:
    """The tenant's row. Raises HandledError `not_found`."""
    tenant = await session.get(Tenant, tenant_id)
    if tenant is None:
        raise HandledError("not_found", "There is no such business.", 404)
    return tenant


async def get_to_change(session: AsyncSession, tenant_id: UUID) -> Tenant:
    """The tenant's row, for a change to what its document says: whoever changes it too waits, and whoever read it
    before is told. Raises HandledError `not_found`."""
    # Bookings and messages refer to this row and must not wait for us.
    tenant = await session.scalar(select(Tenant).where(Tenant.id == tenant_id).with_for_update(key_share=True))
    if tenant is None:
        raise HandledError("not_found", "There is no such business.", 404)
    tenant.version += 1
    return tenant
