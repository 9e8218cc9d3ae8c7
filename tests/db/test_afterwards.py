"""What is done once a transaction has committed."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.db.afterwards import when_committed
from handled.db.session import tenant_session
from handled.kit import ids


async def test_it_is_done_after_the_commit_and_not_before(engine: AsyncEngine) -> None:
    done: list[str] = []
    async with tenant_session(engine, ids.new_id()) as session:
        when_committed(session, lambda: done.append("one"))
        when_committed(session, lambda: done.append("two"))
        await session.execute(text("select 1"))
        assert done == []
    assert done == ["one", "two"]


async def test_it_is_not_done_when_the_transaction_is_rolled_back(engine: AsyncEngine) -> None:
    done: list[str] = []
    with pytest.raises(ZeroDivisionError):
        async with tenant_session(engine, ids.new_id()) as session:
            when_committed(session, lambda: done.append("never"))
            raise ZeroDivisionError
    assert done == []


async def test_a_savepoint_takes_what_was_asked_for_in_it_along_and_nothing_else(engine: AsyncEngine) -> None:
    done: list[str] = []
    async with tenant_session(engine, ids.new_id()) as session:
        when_committed(session, lambda: done.append("before"))
        with pytest.raises(ZeroDivisionError):
            async with session.begin_nested():
                when_committed(session, lambda: done.append("never"))
                raise ZeroDivisionError
        async with session.begin_nested():
            when_committed(session, lambda: done.append("within"))
        assert done == []
    assert done == ["before", "within"]
