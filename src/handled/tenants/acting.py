"""In whose name somebody at the business acts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handled.kit.errors import HandledError
from handled.tables import StaffMember


@dataclass(frozen=True, slots=True)
class Acting:
    """Who speaks to a customer: a staff member, or without an id the business itself, through its own system."""

    id: UUID | None
    name: str


async def list_active(session: AsyncSession, tenant_id: UUID) -> Sequence[StaffMember]:
    """Those who work there now, by name."""
    statement = select(StaffMember).where(StaffMember.tenant_id == tenant_id, StaffMember.active)
    return (await session.scalars(statement.order_by(StaffMember.name, StaffMember.email))).all()


async def acting_as(
    session: AsyncSession, tenant_id: UUID, business_name: str, email: str | None, *, field: str = "staff"
) -> Acting:
    """Who acts under this address; the business itself without one. Raises HandledError `invalid`, naming the `field`,
    for an address that is nobody's there."""
    if not email:
        return Acting(None, business_name)
    statement = select(StaffMember).where(
        StaffMember.tenant_id == tenant_id, StaffMember.email == email.strip().lower(), StaffMember.active
    )
    member = (await session.scalars(statement)).one_or_none()
    if member is None:
        message = "There is no staff member with that email address."
        raise HandledError("invalid", message, 422, fields={field: "is not the email address of a staff member"})
    return Acting(member.id, member.name)
