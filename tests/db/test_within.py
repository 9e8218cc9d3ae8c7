"""Statements in a session's transaction that go past the session."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from handled.db.engine import create_engine
from handled.db.line import line_of
from handled.db.session import tenant_session, within
from tests.conftest import TenantHandle

_SLUG = "select slug from tenants"
_RENAME = "update tenants set name = %s"


@pytest.fixture
async def only_one(owner_url: str) -> AsyncIterator[AsyncEngine]:
    """An engine of one connection: whatever is left of a transaction meets the next one."""
    engine = create_engine(owner_url, pool_size=1)
    yield engine
    await engine.dispose()


async def _prepare_something(session: AsyncSession) -> None:
    """psycopg prepares what it has sent a few times; from then on it tidies up behind each rollback."""
    for _ in range(8):
        await session.execute(text("select 1"))


async def test_each_statement_answers_its_rows(engine: AsyncEngine, studio: TenantHandle) -> None:
    async with tenant_session(engine, studio.id) as session:
        answers = await within(session, (_SLUG, ()), (_RENAME, ("Other",)), ("select name, %s from tenants", (7,)))
    assert answers == [[(studio.slug,)], [], [("Other", 7)]]


async def test_it_is_the_tenants_own_transaction(only_one: AsyncEngine, studio: TenantHandle) -> None:
    with pytest.raises(ZeroDivisionError):
        async with tenant_session(only_one, studio.id) as session:
            await within(session, (_RENAME, ("Other",)))
            assert (await session.execute(text("select name from tenants"))).scalar_one() == "Other"
            raise ZeroDivisionError
    async with tenant_session(only_one, studio.id) as session:
        assert await within(session, ("select count(*) from tenants where name = %s", ("Other",))) == [[(0,)]]
    async with tenant_session(only_one, uuid4()) as session:
        assert await within(session, (_SLUG, ())) == [[]]


async def test_it_goes_on_after_rollbacks(only_one: AsyncEngine, studio: TenantHandle) -> None:
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            async with tenant_session(only_one, studio.id) as session:
                await _prepare_something(session)
                raise ZeroDivisionError
    async with tenant_session(only_one, studio.id) as session:
        savepoint = await session.begin_nested()
        assert await within(session, (_SLUG, ())) == [[(studio.slug,)]]
        await savepoint.rollback()
        assert await within(session, (_SLUG, ())) == [[(studio.slug,)]]


async def test_it_goes_on_after_what_only_the_pool_rolled_back(only_one: AsyncEngine, studio: TenantHandle) -> None:
    async with tenant_session(only_one, studio.id) as session:
        await _prepare_something(session)
    async with only_one.connect() as connection:
        line = await connection.run_sync(line_of)
        await line.run(("begin", ()), (_SLUG, ()))
    async with tenant_session(only_one, studio.id) as session:
        assert await within(session, (_SLUG, ())) == [[(studio.slug,)]]


async def test_errors_are_those_of_sessions(only_one: AsyncEngine, studio: TenantHandle) -> None:
    with pytest.raises(IntegrityError):
        async with tenant_session(only_one, studio.id) as session:
            await within(session, ("update tenants set slug = null", ()))
    async with tenant_session(only_one, studio.id) as session:
        assert await within(session, (_SLUG, ())) == [[(studio.slug,)]]


async def test_what_was_cancelled_leaves_nothing_behind(only_one: AsyncEngine, studio: TenantHandle) -> None:
    with pytest.raises(TimeoutError):
        async with tenant_session(only_one, studio.id) as session, asyncio.timeout(0.1):
            await within(session, (_RENAME, ("Other",)), ("select pg_sleep(60)", ()))
    async with tenant_session(only_one, studio.id) as session:
        assert await within(session, ("select name = %s from tenants", ("Other",))) == [[(False,)]]


async def test_lost_connections_fail_one_transaction_and_not_the_next(owner_url: str, studio: TenantHandle) -> None:
    engine = create_engine(owner_url, pool_size=2)
    async with tenant_session(engine, studio.id), tenant_session(engine, studio.id):
        pass  # two of them are open
    with psycopg.connect(owner_url, autocommit=True) as owner:
        owner.execute("select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = 'handled'")
    with pytest.raises(OperationalError):
        async with tenant_session(engine, studio.id) as session:
            await within(session, (_SLUG, ()))
    async with tenant_session(engine, studio.id) as session:
        assert await within(session, (_SLUG, ())) == [[(studio.slug,)]]
    await engine.dispose()


async def test_connections_that_are_gone_leave_nothing_behind(owner_url: str, studio: TenantHandle) -> None:
    engine = create_engine(owner_url, pool_size=1)

    async def used() -> weakref.ref[Any]:
        async with tenant_session(engine, studio.id) as session:
            await within(session, (_SLUG, ()))
            return weakref.ref((await (await session.connection()).get_raw_connection()).driver_connection)

    gone = await used()
    await engine.dispose()
    gc.collect()
    assert gone() is None
