"""The people who work for a business: who they are and what they may do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handled.kit.errors import HandledError
from handled.kit.text import clean_name, email_address
from handled.tables import StaffMember, Tenant
from handled.tenants import staff_login

Role = Literal["owner", "staff"]


async def list_members(session: AsyncSession, tenant_id: UUID) -> Sequence[StaffMember]:
    """Everybody, those who have left last."""
    found = await session.scalars(
        select(StaffMember)
        .where(StaffMember.tenant_id == tenant_id)
        .order_by(StaffMember.active.desc(), StaffMember.role, StaffMember.name, StaffMember.id)
    )
    return found.all()


async def first_owner(session: AsyncSession, tenant_id: UUID) -> StaffMember:
    """The owner of longest standing. A business without any gets one: whoever reads its contact address."""
    found = await session.scalars(
        select(StaffMember)
        .where(StaffMember.tenant_id == tenant_id, StaffMember.role == "owner", StaffMember.active)
        .order_by(StaffMember.created_at, StaffMember.id)
        .limit(1)
    )
    owner = found.one_or_none()
    if owner is None:
        tenant = await session.get_one(Tenant, tenant_id)
        owner = await put_member(session, tenant_id, tenant.contact_email, "Owner", "owner")
    return owner


async def put_member(session: AsyncSession, tenant_id: UUID, email: str, name: str, role: Role) -> StaffMember:
    """Add somebody, or change who has this address; whoever had left is back. Raises HandledError `bad_email`,
    `invalid_name`, `last_owner`."""
    checked = email_address(email)
    if checked.address is None:
        problem = checked.problem or "That is not an email address."
        raise HandledError("bad_email", problem, 422, fields={"email": problem})
    address, name = checked.address.lower(), clean_name(name)
    found = await session.scalars(
        select(StaffMember).where(StaffMember.tenant_id == tenant_id, StaffMember.email == address).with_for_update()
    )
    member = found.one_or_none()
    if member is None:
        member = StaffMember(tenant_id=tenant_id, email=address, name=name, role=role, active=True)
        session.add(member)
    else:
        if member.active and member.role == "owner" and role != "owner":
            await _keep_an_owner(session, member)
        member.name, member.role, member.active = name, role, True
    await session.flush()
    return member


async def deactivate(session: AsyncSession, member: StaffMember) -> None:
    """They cannot log in any more; their sessions end at once. Raises HandledError `last_owner`."""
    if member.role == "owner":
        await _keep_an_owner(session, member)
    member.active = False
    await staff_login.shut_out(session, member.tenant_id, member.id)
    await session.flush()


async def change_role(session: AsyncSession, member: StaffMember, role: Role) -> None:
    """Raises HandledError `last_owner`."""
    if member.active and member.role == "owner" and role != "owner":
        await _keep_an_owner(session, member)
    member.role = role
    await session.flush()


async def _keep_an_owner(session: AsyncSession, leaving: StaffMember) -> None:
    others = await session.scalars(
        select(StaffMember.id)
        .where(
            StaffMember.tenant_id == leaving.tenant_id,
            StaffMember.role == "owner",
            StaffMember.active,
            StaffMember.id != leaving.id,
        )
        .with_for_update()
    )
    if others.first() is None:
        raise HandledError("last_owner", "A business needs an owner: name another one first.", 409)
