"""A business's timetable, with nobody talking: what is free there, and what somebody wants of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncEngine

from handled.availability import search
from handled.bookings import holds
from handled.catalog.load import Business, OfferedService, load_business, service_by_key
from handled.db.session import tenant_session
from handled.kit import clock
from handled.tenants import config

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 3, 2, 7, tzinfo=ZONE)
TEN = datetime(2026, 3, 3, 10, tzinfo=ZONE)


@dataclass(frozen=True)
class Timetable:
    engine: AsyncEngine
    business: Business

    @classmethod
    async def of(cls, engine: AsyncEngine, document: str) -> Self:
        """That of a business in YAML, early on a Monday."""
        clock.start_at(NOW)
        made = await config.import_document(engine, config.parse(document, "test.yaml"))
        async with tenant_session(engine, made.tenant_id) as session:
            return cls(engine, await load_business(session, made.tenant_id))

    def service(self, key: str) -> OfferedService:
        found = service_by_key(self.business, key)
        assert found
        return found

    async def slots(
        self, key: str, starts_at: datetime, **asked: UUID | None
    ) -> Sequence[search.Slot] | search.Refusal:
        async with tenant_session(self.engine, self.business.id) as session:
            return await search.at(session, self.business, self.service(key), starts_at, **asked)


def wanted(
    offered: OfferedService, resource_ids: Sequence[UUID], starts_at: datetime, ends_at: datetime, **otherwise: Any
) -> holds.Wanted:
    """Wanted by somebody who pays nothing in advance, unless `otherwise`."""
    plain = holds.Wanted(
        service_id=offered.id,
        resource_ids=resource_ids,
        starts_at=starts_at,
        ends_at=ends_at,
        whole_day=offered.whole_day,
        buffer_before_minutes=offered.buffer_before_minutes,
        buffer_after_minutes=offered.buffer_after_minutes,
        capacity=offered.capacity,
        price_minor=offered.price_minor,
        currency="USD",
        payment_rule="none",
        due_minor=0,
        policy={},
        customer_name="Somebody",
        customer_email="somebody@example.com",
        customer_phone=None,
        notes=None,
        source="API",
        conversation_id=None,
    )
    return dataclasses.replace(plain, **otherwise)
