"""The places that a booking occupies: one for a service, one for each part of a package."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypedDict
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from handled.availability.exact import Places
from handled.catalog.business import OfferedService
from handled.kit import clock

_TAKE = text("select take_places(:tenant, :booking, :is_next, cast(:parts as jsonb), :now, :expires)")


class Part(TypedDict):
    """One service of a booking: when, with whom in order of preference (ids), buffers in minutes."""

    service: str
    resources: list[str]
    starts: str
    ends: str
    before: int
    after: int
    capacity: int


def parts_of(service: OfferedService, found: Places, prefer: UUID | None = None) -> list[Part]:
    """What `take` is to take for the service, or for each service of a package, where it was found to be free; with
    the resource `prefer` wherever that one is."""
    parts: list[Part] = []
    starts_at = found.starts_at
    for each, resource_ids in zip(service.includes or (service,), found.resource_ids, strict=True):
        ends_at = starts_at + timedelta(minutes=each.duration_minutes or 0) if service.includes else found.ends_at
        parts.append(
            Part(
                service=str(each.id),
                resources=[str(one) for one in sorted(resource_ids, key=lambda one: one != prefer)],
                starts=starts_at.isoformat(),
                ends=ends_at.isoformat(),
                before=each.buffer_before_minutes,
                after=each.buffer_after_minutes,
                capacity=each.capacity,
            )
        )
        starts_at = ends_at
    return parts


async def take(
    session: AsyncSession,
    tenant_id: UUID,
    booking_id: UUID,
    parts: Sequence[Part],
    *,
    is_next: bool,
    expires_at: datetime | None,
) -> list[UUID] | None:
    """Take a place for every part, under locks; the resource of each. None when one of them cannot be had: then the
    caller rolls back. `is_next` takes them beside those that the booking has now, for a move."""
    values = {
        "tenant": tenant_id,
        "booking": booking_id,
        "is_next": is_next,
        "parts": orjson.dumps(list(parts)).decode(),
        "now": clock.now(),
        "expires": expires_at,
    }
    return (await session.execute(_TAKE, values)).scalar_one()
