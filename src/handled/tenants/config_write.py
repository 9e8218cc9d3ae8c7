"""Writing a tenant's document into its rows."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from handled.kit import ids
from handled.tables import FaqEntry, HoursException, OpeningHours, Resource, Service, ServiceResource, StaffMember
from handled.tenants import staff_login
from handled.tenants.config_rows import Rows, tenant_values
from handled.tenants.document import TenantDocument
from handled.tenants.offers import PackageEntry, ServiceEntry, minutes_of, policy_values


async def write_rows(session: AsyncSession, rows: Rows, document: TenantDocument) -> None:
    """Make the rows say what `document` says. Resources, services and FAQ entries keep their ids."""
    for name, value in tenant_values(document).items():
        setattr(rows.tenant, name, value)
    tenant_id = rows.tenant.id
    for table in (ServiceResource, OpeningHours, HoursException):
        await session.execute(delete(table).where(table.tenant_id == tenant_id))
    resource_ids = await _write_resources(session, rows, document)
    service_ids = await _write_services(session, rows, document)
    await _write_faq(session, rows, document)
    await _write_staff(session, rows, document)
    await session.flush()
    session.add_all(_performers(tenant_id, document, service_ids, resource_ids))
    session.add_all(_hours(tenant_id, document, resource_ids))
    session.add_all(_exceptions(tenant_id, document, resource_ids))
    await session.flush()


async def _write_resources(session: AsyncSession, rows: Rows, document: TenantDocument) -> dict[str, UUID]:
    there = {each.key: each for each in rows.resources}
    found: dict[str, UUID] = {}
    for position, entry in enumerate(document.resources):
        row = there.pop(entry.key, None)
        if row is None:
            row = Resource(tenant_id=rows.tenant.id, id=ids.new_id(), key=entry.key)
            session.add(row)
        row.name, row.position, row.active = entry.name, position, entry.active
        found[entry.key] = row.id
    for row in there.values():
        await session.delete(row)
    return found


async def _write_services(session: AsyncSession, rows: Rows, document: TenantDocument) -> dict[str, UUID]:
    there = {each.key: each for each in rows.services}
    found: dict[str, UUID] = {}
    for position, entry in enumerate((*document.services, *document.packages)):
        row = there.pop(entry.key, None)
        if row is None:
            row = Service(tenant_id=rows.tenant.id, id=ids.new_id(), key=entry.key)
            session.add(row)
        own = _single_values(entry) if isinstance(entry, ServiceEntry) else _package_values(entry, document)
        for name, value in {**_offer_values(entry), **own, "position": position}.items():
            setattr(row, name, value)
        found[entry.key] = row.id
    for row in there.values():
        await session.delete(row)
    return found


def _single_values(entry: ServiceEntry) -> dict[str, Any]:
    return {
        "duration_minutes": entry.duration,
        "buffer_before_minutes": entry.buffer_before,
        "buffer_after_minutes": entry.buffer_after,
        "capacity": entry.capacity,
        "includes": [],
    }


def _package_values(entry: PackageEntry, document: TenantDocument) -> dict[str, Any]:
    return {
        "duration_minutes": minutes_of(entry, document.services),
        "buffer_before_minutes": 0,
        "buffer_after_minutes": 0,
        "capacity": 1,
        "includes": list(entry.includes),
    }


def _offer_values(entry: ServiceEntry | PackageEntry) -> dict[str, Any]:
    return {
        "name": entry.name,
        "description": entry.description,
        "step_minutes": entry.step,
        "price_minor": entry.price,
        "notice_minutes": entry.notice,
        "horizon_days": entry.horizon,
        "payment_rule": entry.payment,
        "deposit_minor": entry.deposit,
        "cancellation": policy_values(entry.cancellation),
        "intake": None if entry.intake is None else list(entry.intake),
        "active": entry.active,
    }


async def _write_faq(session: AsyncSession, rows: Rows, document: TenantDocument) -> None:
    there = {each.question: each for each in rows.faq}
    for position, item in enumerate(document.faq):
        row = there.pop(item.q, None)
        if row is None:
            row = FaqEntry(tenant_id=rows.tenant.id, id=ids.new_id(), question=item.q)
            session.add(row)
        row.answer, row.position = item.a, position
    for row in there.values():
        await session.delete(row)


async def _write_staff(session: AsyncSession, rows: Rows, document: TenantDocument) -> None:
    """Who is left out is kept, inactive: what they said and did still names them."""
    there = {each.email: each for each in rows.staff}
    for entry in document.staff:
        row = there.pop(entry.email, None)
        if row is None:
            row = StaffMember(tenant_id=rows.tenant.id, id=ids.new_id(), email=entry.email)
            session.add(row)
        row.name, row.role, row.active = entry.name, entry.role, True
    for row in there.values():
        if row.active:
            row.active = False
            await staff_login.shut_out(session, rows.tenant.id, row.id)


def _performers(
    tenant_id: UUID, document: TenantDocument, services: dict[str, UUID], resources: dict[str, UUID]
) -> list[ServiceResource]:
    return [
        ServiceResource(
            tenant_id=tenant_id,
            service_id=services[service.key],
            resource_id=resources[key],
            position=position,
        )
        for service in document.services
        for position, key in enumerate(service.resources or ())
    ]


def _hours(tenant_id: UUID, document: TenantDocument, resources: dict[str, UUID]) -> list[OpeningHours]:
    own = [(resources[each.key], opening) for each in document.resources for opening in each.hours or ()]
    return [
        OpeningHours(
            tenant_id=tenant_id,
            resource_id=resource_id,
            weekday=opening.weekday,
            opens=opening.opens,
            closes=opening.closes,
        )
        for resource_id, opening in [*((None, opening) for opening in document.hours), *own]
    ]


def _exceptions(tenant_id: UUID, document: TenantDocument, resources: dict[str, UUID]) -> list[HoursException]:
    return [
        HoursException(
            tenant_id=tenant_id,
            resource_id=resources[each.resource] if each.resource else None,
            first_date=each.dates[0],
            last_date=each.dates[1],
            kind="open" if each.hours else "closed",
            opens=opens,
            closes=closes,
            label=each.label,
        )
        for each in document.exceptions
        for opens, closes in each.hours or each.blocked or ((None, None),)
    ]
