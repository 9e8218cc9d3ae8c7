"""A tenant's rows, and the document that they are."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handled.tables import (
    Booking,
    FaqEntry,
    HoursException,
    Occupancy,
    OpeningHours,
    Resource,
    Service,
    ServiceResource,
    StaffMember,
    Tenant,
)
from handled.tenants.budgets import Budgets
from handled.tenants.document import (
    Branding,
    ExceptionEntry,
    FaqItem,
    Proofs,
    Ratings,
    ResourceEntry,
    StaffEntry,
    TenantDocument,
    joined,
)
from handled.tenants.hours import Opening
from handled.tenants.offers import Cancellation, PackageEntry, ServiceEntry
from handled.tenants.wording import Texts

_TENANT_FIELDS = (
    *("slug", "name", "tagline", "contact_email", "timezone", "locale", "currency"),
    *("address", "phone", "website", "pack", "typed_yes", "stripe_account"),
)

Row = TypeVar("Row", Resource, Service, OpeningHours, HoursException, FaqEntry, ServiceResource, StaffMember)


@dataclass
class Rows:
    """Every row of one tenant's configuration, in the order of the document. `staff` is also who has left."""

    tenant: Tenant
    resources: list[Resource]
    hours: list[OpeningHours]
    exceptions: list[HoursException]
    services: list[Service]
    performers: list[ServiceResource]
    faq: list[FaqEntry]
    staff: list[StaffMember]


async def read_rows(session: AsyncSession, tenant_id: UUID, *, to_change: bool) -> Rows | None:
    """The rows of the tenant, None when there is none. Nobody else changes them until the transaction ends."""
    query = select(Tenant).where(Tenant.id == tenant_id)
    # The weakest locks that do: bookings and messages refer to this row and must not wait for us.
    tenant = await session.scalar(query.with_for_update(read=not to_change, key_share=to_change))
    if tenant is None:
        return None

    async def every(table: type[Row], *order: Any) -> list[Row]:
        return list(await session.scalars(select(table).where(table.tenant_id == tenant_id).order_by(*order)))

    return Rows(
        tenant=tenant,
        resources=await every(Resource, Resource.position, Resource.key),
        hours=await every(OpeningHours, OpeningHours.weekday, OpeningHours.opens),
        exceptions=await every(HoursException, HoursException.first_date, HoursException.opens),
        services=await every(Service, Service.position, Service.key),
        performers=await every(ServiceResource, ServiceResource.position),
        faq=await every(FaqEntry, FaqEntry.position),
        staff=await every(StaffMember, StaffMember.email),
    )


def document_of(rows: Rows) -> TenantDocument:
    """The completed document that these rows are."""
    tenant = rows.tenant
    keys = {each.id: each.key for each in rows.resources}
    hours: defaultdict[UUID | None, list[Opening]] = defaultdict(list)
    for each in rows.hours:
        hours[each.resource_id].append(Opening(each.weekday, each.opens, each.closes))
    performers: defaultdict[UUID, list[str]] = defaultdict(list)
    for each in rows.performers:
        performers[each.service_id].append(keys[each.resource_id])
    return TenantDocument.model_construct(
        **{name: getattr(tenant, name) for name in _TENANT_FIELDS},
        branding=Branding.model_construct(**tenant.branding),
        texts=Texts.model_construct(**tenant.texts),
        policies=tuple(tenant.policies),
        proofs=Proofs.model_construct(**tenant.proofs),
        reminders=tuple(tenant.reminders),
        ratings=Ratings.model_construct(mail=tenant.rating_mail),
        budgets=Budgets.model_construct(**tenant.budgets),
        retention=tenant.retention_days,
        allowed_origins=tuple(tenant.allowed_origins),
        staff=tuple(
            StaffEntry.model_construct(email=each.email, name=each.name, role=each.role)
            for each in rows.staff
            if each.active
        ),
        resources=tuple(
            ResourceEntry.model_construct(
                key=each.key, name=each.name, active=each.active, hours=tuple(sorted(hours[each.id])) or None
            )
            for each in rows.resources
        ),
        hours=tuple(sorted(hours[None])),
        exceptions=joined(tuple(_exception_of(each, keys) for each in rows.exceptions)),
        services=tuple(
            ServiceEntry.model_construct(**_values_of(each), **_own_values(each), resources=tuple(performers[each.id]))
            for each in rows.services
            if not each.includes
        ),
        packages=tuple(
            PackageEntry.model_construct(**_values_of(each), includes=tuple(each.includes))
            for each in rows.services
            if each.includes
        ),
        faq=tuple(FaqItem.model_construct(q=each.question, a=each.answer) for each in rows.faq),
    )


def _exception_of(row: HoursException, keys: dict[UUID, str]) -> ExceptionEntry:
    whole = row.opens is None and row.closes is None
    times = ((row.opens or 0, 1440 if row.closes is None else row.closes),)
    return ExceptionEntry.model_construct(
        dates=(row.first_date, row.last_date),
        closed=row.kind == "closed" and whole,
        hours=times if row.kind == "open" else None,
        blocked=times if row.kind == "closed" and not whole else None,
        label=row.label,
        resource=keys[row.resource_id] if row.resource_id else None,
    )


def _values_of(row: Service) -> dict[str, Any]:
    """What a service and a package have in common."""
    policy = row.cancellation
    return {
        "key": row.key,
        "name": row.name,
        "description": row.description,
        "active": row.active,
        "price": row.price_minor,
        "step": row.step_minutes,
        "notice": row.notice_minutes,
        "horizon": row.horizon_days,
        "payment": row.payment_rule,
        "deposit": row.deposit_minor,
        "cancellation": Cancellation.model_construct(
            free_until=policy.get("free_until_minutes", 0),
            fee_percent=policy.get("fee_percent", 0),
            fee=policy.get("fee_minor"),
            moves=policy.get("moves"),
        ),
        "intake": None if row.intake is None else tuple(row.intake),
    }


def _own_values(row: Service) -> dict[str, Any]:
    return {
        "kind": "whole_day" if row.duration_minutes is None else "timed",
        "duration": row.duration_minutes,
        "buffer_before": row.buffer_before_minutes,
        "buffer_after": row.buffer_after_minutes,
        "capacity": row.capacity,
    }


async def booked(session: AsyncSession, tenant_id: UUID) -> tuple[set[UUID], set[UUID]]:
    """The services and the resources that any booking refers to."""
    services = await session.scalars(select(Booking.service_id).where(Booking.tenant_id == tenant_id).distinct())
    resources = await session.scalars(
        select(Booking.resource_id)
        .where(Booking.tenant_id == tenant_id)
        # The parts of a package occupy others as well.
        .union(select(Occupancy.resource_id).where(Occupancy.tenant_id == tenant_id))
    )
    return set(services), set(resources)


def with_retired(document: TenantDocument, rows: Rows, services: set[UUID], resources: set[UUID]) -> TenantDocument:
    """`document` and, inactive, what it leaves out although bookings refer to it (the ids in `services`, which are
    those of packages too, and in `resources`)."""
    before = document_of(rows)
    kept = {each.key for each in rows.resources if each.id in resources} - {each.key for each in document.resources}
    old_resources = tuple(each.model_copy(update={"active": False}) for each in before.resources if each.key in kept)
    known = {each.key for each in (*document.resources, *old_resources)}
    booked_keys = {each.key for each in rows.services if each.id in services}
    offered = {each.key for each in (*document.services, *document.packages)}
    old_packages = tuple(
        each.model_copy(update={"active": False}) for each in before.packages if each.key in booked_keys - offered
    )
    kept = booked_keys.union(*(each.includes for each in old_packages)) - offered
    old_services = tuple(
        each.model_copy(
            update={"active": False, "resources": tuple(key for key in each.resources or () if key in known)}
        )
        for each in before.services
        if each.key in kept
    )
    return document.model_copy(
        update={
            "resources": document.resources + old_resources,
            "services": document.services + old_services,
            "packages": document.packages + old_packages,
            # A document that names nobody says nothing of them: the dashboard has its own list.
            "staff": document.staff or before.staff,
        }
    )


def tenant_values(document: TenantDocument) -> dict[str, Any]:
    """The columns of the tenant's own row."""
    return {
        **{name: getattr(document, name) for name in _TENANT_FIELDS},
        "branding": document.branding.model_dump(),
        "texts": document.texts.model_dump(exclude_none=True),
        "policies": list(document.policies),
        "proofs": document.proofs.model_dump(exclude_defaults=True),
        "reminders": list(document.reminders),
        "rating_mail": document.ratings.mail,
        "budgets": document.budgets.model_dump(exclude_none=True),
        "retention_days": document.retention,
        "allowed_origins": list(document.allowed_origins),
    }
