"""One tenant's whole offer in one query, kept in the process until it changes, and shared where there is a Redis."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID
from weakref import WeakValueDictionary

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from handled.catalog.business import (
    Business,
    ExceptionDays,
    FaqAnswer,
    OfferedResource,
    OfferedService,
    WeeklyOpening,
    resource_by_id,
    service_by_id,
    service_by_key,
)
from handled.catalog.hours_text import hours_lines, intervals_text, time_text
from handled.catalog.shared import SharedCache, find, keep
from handled.kit import clock
from handled.kit.errors import HandledError

__all__ = [
    "Business",
    "ExceptionDays",
    "FaqAnswer",
    "OfferedResource",
    "OfferedService",
    "WeeklyOpening",
    "business_of",
    "hours_lines",
    "intervals_text",
    "kept",
    "load_business",
    "resource_by_id",
    "service_by_id",
    "service_by_key",
    "share_through",
    "time_text",
]


# Yesterday in UTC is never later than today anywhere.
_LOAD = text("""
select t.*,
  (select k.key from public_keys k where k.tenant_id = t.id and (k.expires_at is null or k.expires_at > :now)
    order by k.created_at desc, k.id desc limit 1) as public_key,
  (select jsonb_agg(to_jsonb(r) order by r.position, r.key) from resources r
    where r.tenant_id = t.id and r.active) as resources,
  (select jsonb_agg(to_jsonb(s) || jsonb_build_object('performers', (
      select jsonb_agg(p.resource_id order by p.position) from service_resources p
      where p.tenant_id = s.tenant_id and p.service_id = s.id)) order by s.position, s.key)
    from services s where s.tenant_id = t.id and s.active) as services,
  (select jsonb_agg(to_jsonb(h) order by h.weekday, h.opens) from opening_hours h
    where h.tenant_id = t.id) as hours,
  (select jsonb_agg(to_jsonb(e) order by e.first_date, e.opens, e.id) from hours_exceptions e
    where e.tenant_id = t.id and e.last_date >= cast(:now at time zone 'UTC' as date) - 1) as exceptions,
  (select jsonb_agg(to_jsonb(f) order by f.position) from faq_entries f where f.tenant_id = t.id) as faq
from tenants t where t.id = :tenant_id
""")
_VERSION = text("select version, updated_at, link_key from tenants where id = :tenant_id")

_KEPT = 256
_kept: OrderedDict[UUID, Business] = OrderedDict()
_loading: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()
_shared: SharedCache | None = None


def share_through(shared: SharedCache | None) -> None:
    """Where what one process has loaded is kept for the others; None: each loads by itself."""
    global _shared  # noqa: PLW0603  one process, one place
    _shared = shared


async def business_of(session: AsyncSession, tenant_id: UUID) -> Business:
    """As `load_business`, from memory while the tenant's version is still the same."""
    found = (await session.execute(_VERSION, {"tenant_id": tenant_id})).one_or_none()
    if found and (current := kept(tenant_id, found.version, found.updated_at)):
        return current
    async with _loading.setdefault(tenant_id, asyncio.Lock()):
        if found and (current := kept(tenant_id, found.version, found.updated_at)):
            return current
        if found and _shared:
            shared = await find(_shared, tenant_id, found.version, found.updated_at, bytes(found.link_key))
            if shared is not None:
                return _keep(shared)
        loaded = _keep(await load_business(session, tenant_id))
        if _shared:
            await keep(_shared, loaded)
        return loaded


def _keep(business: Business) -> Business:
    _kept[business.id] = business
    _kept.move_to_end(business.id)
    while len(_kept) > _KEPT:
        _kept.popitem(last=False)
    return business


def kept(tenant_id: UUID, version: int, updated_at: datetime) -> Business | None:
    """The tenant as that change left it, if it is in memory."""
    found = _kept.get(tenant_id)
    # The time tells apart two changes of which the first was rolled back; a clock set back wants exceptions
    # that were over when they were loaded.
    if found and (found.version, found.updated_at) == (version, updated_at) and found.loaded_at <= clock.now():
        _kept.move_to_end(tenant_id)
        return found
    return None


async def load_business(session: AsyncSession, tenant_id: UUID) -> Business:
    """The tenant with everything it offers. Raises HandledError `not_found`."""
    now = clock.now()
    row = (await session.execute(_LOAD, {"tenant_id": tenant_id, "now": now})).mappings().one_or_none()
    if row is None:
        raise HandledError("not_found", "There is no such business.", 404)
    resources = {
        each["id"]: OfferedResource(UUID(each["id"]), each["key"], each["name"]) for each in _list(row, "resources")
    }
    values: dict[str, Any] = {name: row[name] for name in Business.__dataclass_fields__ if name in row}
    values["policies"] = tuple(row["policies"])
    values["allowed_origins"] = tuple(row["allowed_origins"])
    values["reminders"] = tuple(row["reminders"])
    values["link_key"] = bytes(row["link_key"])
    values["loaded_at"] = now
    values["resources"] = tuple(resources.values())
    values["services"] = tuple(_services(_list(row, "services"), resources))
    values["hours"] = tuple(_opening(each) for each in _list(row, "hours"))
    values["exceptions"] = tuple(_exception(each) for each in _list(row, "exceptions"))
    values["faq"] = tuple(FaqAnswer(UUID(each["id"]), each["question"], each["answer"]) for each in _list(row, "faq"))
    return Business(**values)


def _list(row: Any, name: str) -> list[dict[str, Any]]:
    return row[name] or []


def _id(text: str | None) -> UUID | None:
    return UUID(text) if text else None


def _services(rows: list[dict[str, Any]], resources: dict[str, OfferedResource]) -> Iterator[OfferedService]:
    """In the owner's order. A package is offered while all that it includes is."""
    single = {row["key"]: _service(row, resources) for row in rows if not row["includes"]}
    for row in rows:
        parts = tuple(single[key] for key in row["includes"] if key in single)
        if not row["includes"]:
            yield single[row["key"]]
        elif len(parts) == len(row["includes"]):
            yield _package(_service(row, resources), parts)


def _package(service: OfferedService, parts: tuple[OfferedService, ...]) -> OfferedService:
    performers = {each: sum(each in part.resources for part in parts) for part in parts for each in part.resources}
    throughout = [each for each in performers if performers[each] == len(parts)]
    return replace(
        service,
        includes=parts,
        duration_minutes=sum(part.duration_minutes or 0 for part in parts),
        resources=(*throughout, *(each for each in performers if each not in throughout)),
    )


def _service(row: dict[str, Any], resources: dict[str, OfferedResource]) -> OfferedService:
    values = {name: row[name] for name in OfferedService.__dataclass_fields__ if name in row}
    values["id"] = UUID(row["id"])
    values["intake"] = None if row["intake"] is None else tuple(row["intake"])
    values["includes"] = ()
    values["resources"] = tuple(resources[each] for each in row["performers"] or () if each in resources)
    return OfferedService(**values)


def _opening(row: dict[str, Any]) -> WeeklyOpening:
    return WeeklyOpening(_id(row["resource_id"]), row["weekday"], row["opens"], row["closes"])


def _exception(row: dict[str, Any]) -> ExceptionDays:
    return ExceptionDays(
        resource_id=_id(row["resource_id"]),
        first_date=date.fromisoformat(row["first_date"]),
        last_date=date.fromisoformat(row["last_date"]),
        kind=row["kind"],
        opens=row["opens"],
        closes=row["closes"],
        label=row["label"],
    )
