"""Single calls beside the engine's sessions."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.db.calls import TenantReader, call, look
from handled.db.engine import create_engine
from handled.db.line import text_array
from tests.conftest import TenantHandle
from tests.waiting import until

_BACKEND = "select pg_backend_pid()"


async def test_a_call_works_as_the_application_and_commits_by_itself(engine: AsyncEngine) -> None:
    assert await call(engine, "select current_user::text") == ("handled_app",)
    tenant = str(uuid4())
    assert await call(engine, "select set_config('handled.tenant_id', %s, true)", tenant) == (tenant,)
    assert await call(engine, "select nullif(current_setting('handled.tenant_id', true), '')") == (None,)


async def test_texts_arrive_as_they_are(engine: AsyncEngine) -> None:
    texts = ['{"a": "b\\n"}', "a, b", '"', "\\", '\\"', "{}", "null", "", " ", "\n\t", "naïve 👋"]
    assert await call(engine, "select %s::text[]", text_array(texts)) == (texts,)
    assert await call(engine, "select %s::text[]", text_array([])) == ([],)


async def test_no_row_is_none(engine: AsyncEngine) -> None:
    assert await call(engine, "select 1 where false") is None


async def test_many_at_once_share_a_few_connections(engine: AsyncEngine) -> None:
    answered = await asyncio.gather(*(call(engine, _BACKEND) for _ in range(40)))
    assert 1 <= len({row[0] for row in answered if row}) <= 5


async def test_errors_are_those_of_sessions_and_the_connection_goes_on(engine: AsyncEngine) -> None:
    with pytest.raises(DBAPIError):
        await call(engine, "select 1 / 0")
    assert await call(engine, "select 1") == (1,)


async def test_a_lost_connection_fails_one_call_and_not_the_next(engine: AsyncEngine, owner_url: str) -> None:
    await asyncio.gather(*(call(engine, _BACKEND) for _ in range(10)))
    with psycopg.connect(owner_url, autocommit=True) as owner:
        owner.execute("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'handled'")
    with pytest.raises(OperationalError):
        await call(engine, _BACKEND)
    assert await call(engine, "select 1") == (1,)


async def test_a_cancelled_call_leaves_nothing_behind(engine: AsyncEngine) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await call(engine, "select pg_sleep(60)")
    assert await call(engine, "select 1") == (1,)


async def test_disposing_of_the_engine_closes_the_connections(owner_url: str) -> None:
    engine = create_engine(owner_url)
    await call(engine, "select 1")
    await engine.dispose()
    with psycopg.connect(owner_url, autocommit=True) as owner:
        mine = "application_name = 'handled' and datname = current_database()"
        left = f"select count(*) from pg_stat_activity where {mine}"
        assert await until(lambda: owner.execute(left).fetchone() == (0,), what="the server has seen them leave")


async def test_a_look_shows_the_tenants_rows_and_nobody_elses(engine: AsyncEngine, studio: TenantHandle) -> None:
    statement = "select slug from tenants"
    assert await look(engine, studio.id, statement) == [(studio.slug,)]
    assert await look(engine, uuid4(), statement) == []
    assert await call(engine, statement) is None


async def test_a_reader_gives_values_by_name_as_a_session_does(engine: AsyncEngine, studio: TenantHandle) -> None:
    statement = text("select :word || :number::text, :word, cast(:none as uuid) from tenants where id = :tenant")
    values = {"word": "it's", "number": 7, "none": None, "tenant": studio.id}
    assert await TenantReader(engine, studio.id).execute(statement, values) == [("it's7", "it's", None)]


async def test_what_is_larger_than_the_socket_takes_at_once_arrives_whole(engine: AsyncEngine) -> None:
    large = "ä\"\\{,}'" * 500_000
    row = await call(engine, "select %s::text, %s::text[]", large, [large, "", "null", large])
    assert row == (large, [large, "", "null", large])
