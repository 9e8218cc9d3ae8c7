"""Which customer somebody is. An email address identifies; it proves nothing."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from handled.kit import clock, ids
from handled.tables import Customer


async def find_or_add(session: AsyncSession, tenant_id: UUID, *, name: str, email: str, phone: str | None) -> UUID:
    """The id of the customer with this address; a new one is added, a known one is left as it is."""
    added = await session.execute(
        insert(Customer)
        .values(
            tenant_id=tenant_id,
            id=ids.new_id(),
            name=name,
            email=email,
            phone=phone,
            created_at=clock.now(),
        )
        .on_conflict_do_nothing(index_elements=["tenant_id", "email"])
        .returning(Customer.id)
    )
    found = added.scalar_one_or_none()
    if found is None:
        statement = select(Customer.id).where(Customer.tenant_id == tenant_id, Customer.email == email)
        found = (await session.execute(statement)).scalar_one()
    return found
