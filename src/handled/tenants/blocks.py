"""Times at which nothing can be booked with somebody, or with anybody: kept as days that differ (`HoursException`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from handled.kit import ids
from handled.kit.errors import HandledError
from handled.tables import HoursException, Tenant

_DAY = 1440
_A_DAY = timedelta(days=1)


class Piece(NamedTuple):
    """A part of a block that is one row: the same times on each of its dates, or the whole of them."""

    first: date
    last: date
    opens: int | None
    closes: int | None


@dataclass(frozen=True, slots=True)
class Block:
    """From `starts` to `ends`, as local clocks show it (without zone); of everybody when `resource_id` is None. `id` is
    its first row's, `row_ids` are all of them."""

    id: UUID
    row_ids: tuple[UUID, ...]
    resource_id: UUID | None
    starts: datetime
    ends: datetime
    label: str | None

    @property
    def whole_days(self) -> bool:
        return self.starts.time() == time() == self.ends.time()

    @property
    def last_date(self) -> date:
        return (self.ends - timedelta(minutes=1)).date()


def pieces(starts: datetime, ends: datetime) -> list[Piece]:
    """The rows of what lasts from `starts` to `ends`, local and without zone. Raises ValueError when it has no
    length."""
    if starts >= ends:
        raise ValueError("ends before it begins")
    last_day = (ends - timedelta(minutes=1)).date()
    opens, closes = _minutes(starts), _minutes(ends) or _DAY
    if starts.date() == last_day:
        whole = (opens, closes) == (0, _DAY)
        return [Piece(last_day, last_day, None if whole else opens, None if whole else closes)]
    found: list[Piece] = []
    first_whole, last_whole = starts.date(), last_day
    if opens:
        found.append(Piece(first_whole, first_whole, opens, _DAY))
        first_whole += _A_DAY
    if closes < _DAY:
        last_whole -= _A_DAY
    if first_whole <= last_whole:
        found.append(Piece(first_whole, last_whole, None, None))
    if closes < _DAY:
        found.append(Piece(last_day, last_day, 0, closes))
    return found


async def add(
    session: AsyncSession,
    tenant_id: UUID,
    starts: datetime,
    ends: datetime,
    *,
    resource_id: UUID | None,
    label: str | None,
) -> None:
    """Block the time from `starts` to `ends`, local and without zone. What is booked in it stays. Raises
    ValueError."""
    parts = pieces(starts, ends)
    tenant = await _lock(session, tenant_id)
    session.add_all(
        HoursException(
            tenant_id=tenant_id,
            id=ids.new_id(),
            resource_id=resource_id,
            first_date=each.first,
            last_date=each.last,
            kind="closed",
            opens=each.opens,
            closes=each.closes,
            label=label,
        )
        for each in parts
    )
    tenant.version += 1
    await session.flush()


async def remove(session: AsyncSession, tenant_id: UUID, block_id: UUID) -> Block:
    """Open that time again, and answer what it was. Raises `not_found`."""
    tenant = await _lock(session, tenant_id)
    found = next((each for each in await find(session, tenant_id) if block_id in each.row_ids), None)
    if found is None:
        raise HandledError("not_found", "There is nothing here under that id.", 404)
    await session.execute(
        delete(HoursException).where(HoursException.tenant_id == tenant_id, HoursException.id.in_(found.row_ids))
    )
    tenant.version += 1
    await session.flush()
    return found


async def find(
    session: AsyncSession, tenant_id: UUID, first: date | None = None, last: date | None = None
) -> list[Block]:
    """The blocks that touch these dates, both included, in order of time; without them, all."""
    rows = await list_exceptions(session, tenant_id, first, last)
    by_id = {row.id: row for row in rows}
    found: list[Block] = []
    for row in rows:
        if row.kind != "closed":
            continue
        block = _block_of(row)
        before = next((each for each in found if _goes_on(each, by_id[each.row_ids[-1]], block, row)), None)
        if before is None:
            found.append(block)
        else:
            joined = Block(
                before.id, (*before.row_ids, row.id), before.resource_id, before.starts, block.ends, before.label
            )
            found[found.index(before)] = joined
    return found


async def list_exceptions(
    session: AsyncSession, tenant_id: UUID, first: date | None = None, last: date | None = None
) -> Sequence[HoursException]:
    """The days that differ among these dates, both included, in order of time."""
    statement = select(HoursException).where(HoursException.tenant_id == tenant_id)
    if first is not None:
        statement = statement.where(HoursException.last_date >= first)
    if last is not None:
        statement = statement.where(HoursException.first_date <= last)
    order = (HoursException.first_date, HoursException.opens.asc().nulls_first(), HoursException.id)
    return (await session.scalars(statement.order_by(*order))).all()


def _block_of(row: HoursException) -> Block:
    starts = datetime.combine(row.first_date, time()) + timedelta(minutes=row.opens or 0)
    closes = _DAY if row.closes is None else row.closes
    ends = datetime.combine(row.last_date, time()) + timedelta(minutes=closes)
    return Block(row.id, (row.id,), row.resource_id, starts, ends, row.label)


def _goes_on(before: Block, last: HoursException, block: Block, row: HoursException) -> bool:
    """Whether they are parts of one: at least one of them ends or begins at midnight without being a whole day. Whole
    days one after the other were blocked one by one."""
    are_whole = last.opens is None and row.opens is None
    same = (before.resource_id, before.label, before.ends) == (block.resource_id, block.label, block.starts)
    return same and block.starts.time() == time() and not are_whole


async def _lock(session: AsyncSession, tenant_id: UUID) -> Tenant:
    """The tenant's row, which whoever changes its hours waits for."""
    statement = select(Tenant).where(Tenant.id == tenant_id).with_for_update(key_share=True)
    return (await session.scalars(statement)).one()


def _minutes(at: datetime) -> int:
    return at.hour * 60 + at.minute
