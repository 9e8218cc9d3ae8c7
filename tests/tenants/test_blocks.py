"""Blocked times as rows of days that differ, and back."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.db.session import tenant_session
from handled.tenants import blocks
from tests.conftest import TenantHandle, at

MOMENTS = st.datetimes(at("2026-01-01T00:00"), at("2026-02-01T00:00")).map(
    lambda moment: moment.replace(second=0, microsecond=0)
)


@given(MOMENTS, MOMENTS)
def test_the_rows_of_a_block_cover_its_minutes_and_no_others(one: datetime, other: datetime) -> None:
    starts, ends = sorted((one, other))
    if starts == ends:
        with pytest.raises(ValueError, match="ends before it begins"):
            blocks.pieces(starts, ends)
        return
    rows = blocks.pieces(starts, ends)
    assert len(rows) <= 3
    minutes = sum(
        ((each.last - each.first).days + 1) * ((1440 if each.closes is None else each.closes) - (each.opens or 0))
        for each in rows
    )
    assert minutes == (ends - starts).total_seconds() / 60
    assert rows[0].first == starts.date() and all(each.opens is None or each.first == each.last for each in rows)


async def test_a_block_is_one_again_when_it_is_read(engine: AsyncEngine, studio: TenantHandle) -> None:
    starts, ends = at("2026-03-04T14:00"), at("2026-03-07T11:00")
    async with tenant_session(engine, studio.id) as session:
        await blocks.add(session, studio.id, starts, ends, resource_id=None, label="Move")
        await blocks.add(
            session, studio.id, at("2026-03-09T00:00"), at("2026-03-10T00:00"), resource_id=None, label="Off"
        )
        await blocks.add(
            session, studio.id, at("2026-03-10T00:00"), at("2026-03-11T00:00"), resource_id=None, label="Off"
        )
    async with tenant_session(engine, studio.id) as session:
        found = await blocks.find(session, studio.id)
    assert [(each.starts, each.ends, len(each.row_ids)) for each in found] == [
        (starts, ends, 3),
        (at("2026-03-09T00:00"), at("2026-03-10T00:00"), 1),
        (at("2026-03-10T00:00"), at("2026-03-11T00:00"), 1),
    ]
