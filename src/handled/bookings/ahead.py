"""How many appointments are still to come: what somebody wants to know before they change what is offered."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from handled.catalog.business import Business
from handled.kit import clock
from handled.tables import Booking, Resource, Service

_STANDING = ("pending_payment", "confirmed")


async def by_service(session: AsyncSession, tenant_id: UUID) -> dict[str, int]:
    """By the key of the service or package; those without any are left out."""
    statement = (
        select(Service.key, func.count())
        .select_from(Booking)
        .join(Service, (Service.tenant_id == Booking.tenant_id) & (Service.id == Booking.service_id))
        .where(Booking.tenant_id == tenant_id, Booking.status.in_(_STANDING), Booking.starts_at > clock.now())
        .group_by(Service.key)
    )
    return {row[0]: row[1] for row in await session.execute(statement)}


async def by_resource(session: AsyncSession, tenant_id: UUID) -> dict[str, int]:
    """By the key of the resource, also where it performs only a part of a package."""
    performs = or_(Booking.resource_id == Resource.id, Booking.part_resource_ids.any_() == Resource.id)
    statement = (
        select(Resource.key, func.count())
        .select_from(Booking)
        .join(Resource, (Resource.tenant_id == Booking.tenant_id) & performs)
        .where(Booking.tenant_id == tenant_id, Booking.status.in_(_STANDING), Booking.starts_at > clock.now())
        .group_by(Resource.key)
    )
    return {row[0]: row[1] for row in await session.execute(statement)}


async def on_days(session: AsyncSession, business: Business, first: date, last: date, resource_key: str | None) -> int:
    """Those on local days, both included; of one resource, or of all."""
    since = datetime.combine(first, time(), business.zone)
    until = datetime.combine(last + timedelta(days=1), time(), business.zone)
    conditions = [Booking.starts_at >= max(since, clock.now()), Booking.starts_at < until]
    if resource_key is not None:
        named = select(Resource.id).where(Resource.tenant_id == business.id, Resource.key == resource_key)
        performs = or_(
            Booking.resource_id == named.scalar_subquery(), Booking.part_resource_ids.any_() == named.scalar_subquery()
        )
        conditions.append(performs)
    statement = select(func.count()).select_from(Booking)
    statement = statement.where(Booking.tenant_id == business.id, Booking.status.in_(_STANDING), *conditions)
    return await session.scalar(statement) or 0
