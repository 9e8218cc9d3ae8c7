"""Bringing a business's existing bookings along, without a mail and without ever doubling a place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import delete, insert, select, text
from sqlalchemy.dialects.postgresql import insert as insert_or
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from handled.bookings import codes
from handled.bookings.import_file import read_table
from handled.bookings.import_plan import Planned, Refused, plan
from handled.catalog.business import Business
from handled.catalog.load import business_of
from handled.db.locks import lock_resources
from handled.db.session import tenant_session
from handled.kit import clock, ids
from handled.tables import AuditEntry, Booking, Customer

SOURCE = "IMPORT"
# While one is written nobody else books: that takes a fraction of a second.
_BATCH = 250

# A plan that is kept from the first line, when the tables were still empty, is a slow one for the last.
_FOR_MANY = text("set local plan_cache_mode = force_custom_plan")
_TAKE = text("""
with taken as materialized (
  select w.id, take_places(:tenant, w.id, false, w.parts, :now, null) as resources
  from jsonb_to_recordset(cast(:wanted as jsonb)) as w(id uuid, parts jsonb)
)
update bookings b set resource_id = t.resources[1],
  part_resource_ids = case when cardinality(t.resources) > 1 then t.resources else '{}' end
from taken t where b.tenant_id = :tenant and b.id = t.id and t.resources is not null
returning b.id
""")
_KNOW_CUSTOMERS = text("""
update bookings b set customer_id = c.id from customers c
where b.tenant_id = :tenant and b.id = any(cast(:bookings as uuid[]))
  and c.tenant_id = b.tenant_id and c.email = b.customer_email
""")


@dataclass(frozen=True, slots=True)
class Brought:
    """A line that is a booking here; `is_new` unless an earlier import brought it."""

    line: int
    code: str
    starts_at: datetime
    email: str
    is_new: bool


@dataclass(slots=True)
class Outcome:
    """What became of every line. `refused` and `remarks` say it in words, by line number."""

    brought: list[Brought] = field(default_factory=list[Brought])
    refused: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    remarks: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    ignored_columns: list[str] = field(default_factory=list[str])


async def import_bookings(engine: AsyncEngine, tenant_id: UUID, content: bytes, *, dry_run: bool) -> Outcome:
    """Bring the lines of a CSV file in: those that can be, each once however often it is imported. With `dry_run`
    nothing is kept, and nobody else books meanwhile. Raises HandledError `unreadable_file`."""
    table = read_table(content)
    outcome = Outcome(ignored_columns=table.ignored)
    async with tenant_session(engine, tenant_id) as session:
        business = await business_of(session, tenant_id)
    planned: dict[str, Planned] = {}
    for line in table.lines:
        try:
            found = plan(business, line)
            if found.key in planned:
                raise Refused(f"is the same booking as line {planned[found.key].line}")
            planned[found.key] = found
        except Refused as refused:
            outcome.refused.append((line.number, str(refused)))
    wanted = list(planned.values())
    batches = [wanted[first : first + _BATCH] for first in range(0, len(wanted), _BATCH)]
    if dry_run:
        async with tenant_session(engine, tenant_id) as session, session.begin_nested() as all_of_it:
            for batch in batches:
                await _bring(session, business, batch, outcome)
            await all_of_it.rollback()
    else:
        for batch in batches:
            async with tenant_session(engine, tenant_id) as session:
                await _bring(session, business, batch, outcome)
    outcome.refused.sort()
    return outcome


async def _bring(session: AsyncSession, business: Business, batch: Sequence[Planned], outcome: Outcome) -> None:
    await session.execute(_FOR_MANY)
    await lock_resources(session, [each.id for each in business.resources])
    known = await _known(session, business.id, batch)
    fresh = [each for each in batch if each.key not in known]
    given = await _write(session, business, fresh)
    kept = {each.id for each in fresh if each.is_over} | await _take(session, business, fresh)
    gone = [each for each in fresh if each.id not in kept]
    await session.execute(
        delete(Booking).where(Booking.tenant_id == business.id, Booking.id.in_([each.id for each in gone]))
    )
    await _add_customers(session, business, [each for each in fresh if each.id in kept])
    for each in batch:
        code = known.get(each.key) or given[each.id]
        if each.key in known or each.id in kept:
            outcome.brought.append(Brought(each.line, code, each.starts_at, each.email, each.key not in known))
            outcome.remarks += [(each.line, words) for words in each.remarks if each.key not in known]
        else:
            outcome.refused.append((each.line, "the time is already taken"))


async def _known(session: AsyncSession, tenant_id: UUID, batch: Sequence[Planned]) -> dict[str, str]:
    """The codes of the lines that are here already, by their keys."""
    found = select(Booking.import_key, Booking.code).where(
        Booking.tenant_id == tenant_id, Booking.import_key.in_([each.key for each in batch])
    )
    return {key: code for key, code in await session.execute(found) if key is not None}


async def _write(session: AsyncSession, business: Business, fresh: Sequence[Planned]) -> dict[UUID, str]:
    """Add a booking for each, as yet without a place. Their codes, by their ids."""
    given = dict(zip([each.id for each in fresh], await _codes(session, business.id, len(fresh)), strict=True))
    if fresh:
        rows = [{**_row(business, each), "code": given[each.id]} for each in fresh]
        await session.execute(insert(Booking), rows)
        await session.execute(insert(AuditEntry), [_trail(business, each) for each in fresh])
    return given


async def _codes(session: AsyncSession, tenant_id: UUID, count: int) -> list[str]:
    """So many codes that nobody has."""
    found: set[str] = set()
    while len(found) < count:
        candidates = set(codes.new_codes(count - len(found)))
        used = select(Booking.code).where(Booking.tenant_id == tenant_id, Booking.code.in_(candidates))
        found |= candidates - set(await session.scalars(used))
    return list(found)


def _row(business: Business, wanted: Planned) -> dict[str, Any]:
    now = clock.now()
    return {
        "tenant_id": business.id,
        "id": wanted.id,
        "status": "completed" if wanted.is_over else "confirmed",
        "source": SOURCE,
        "service_id": wanted.service.id,
        "resource_id": wanted.resource_id,
        "starts_at": wanted.starts_at,
        "ends_at": wanted.ends_at,
        "whole_day": wanted.service.whole_day,
        "customer_name": wanted.name,
        "customer_email": wanted.email,
        "customer_phone": wanted.phone,
        "notes": wanted.notes,
        "price_minor": wanted.service.price_minor,
        "currency": business.currency,
        "payment_rule": "none",
        "policy": wanted.service.cancellation,
        "confirmed_at": now,
        "changed_at": now,
        "created_at": now,
        "import_key": wanted.key,
    }


def _trail(business: Business, wanted: Planned) -> dict[str, Any]:
    return {
        "tenant_id": business.id,
        "id": ids.new_id(),
        "booking_id": wanted.id,
        "actor": "staff",
        "action": "imported",
        "details": {"line": wanted.line},
        "created_at": clock.now(),
    }


async def _take(session: AsyncSession, business: Business, fresh: Sequence[Planned]) -> set[UUID]:
    """Take the places of all, in the order of their lines. The ids of those that got theirs."""
    wanted = [{"id": str(each.id), "parts": each.parts} for each in fresh if each.parts]
    values = {"tenant": business.id, "now": clock.now(), "wanted": orjson.dumps(wanted).decode()}
    return set(await session.scalars(_TAKE, values))


async def _add_customers(session: AsyncSession, business: Business, brought: Sequence[Planned]) -> None:
    """Who is known already stays as they are."""
    now = clock.now()
    by_email = {each.email: each for each in reversed(brought)}
    rows = [
        {
            "tenant_id": business.id,
            "id": ids.new_id(),
            "name": each.name,
            "email": email,
            "phone": each.phone,
            "created_at": now,
        }
        for email, each in sorted(by_email.items())
    ]
    if rows:
        await session.execute(insert_or(Customer).values(rows).on_conflict_do_nothing())
        bookings = [str(each.id) for each in brought]
        await session.execute(_KNOW_CUSTOMERS, {"tenant": business.id, "bookings": bookings})
