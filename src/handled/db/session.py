"""Transactions. Every one belongs to a tenant: row-level security shows it nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar, cast
from uuid import UUID

import psycopg
from psycopg import generators
from psycopg.pq import ExecStatus
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

T = TypeVar("T")

# Seconds: a database that is being restarted is back by then.
_AGAIN_AFTER = (0.1, 0.5, 2.0, 5.0)
_FINE = (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK)
_ENTER_TENANT = text("select set_config('handled.tenant_id', :tenant_id, true)")


@asynccontextmanager
async def tenant_session(engine: AsyncEngine, tenant_id: UUID) -> AsyncGenerator[AsyncSession]:
    """One transaction as one tenant: committed at the end of the block, rolled back when it raises."""
    async with AsyncSession(engine, expire_on_commit=False, autoflush=False) as session, session.begin():
        await _begin(session, tenant_id)
        yield session


async def _begin(session: AsyncSession, tenant_id: UUID) -> None:
    """Begin the transaction and enter the tenant in one message: a round trip and a statement less in each."""
    connection = await (await session.connection()).get_raw_connection()
    driver = cast("psycopg.AsyncConnection", connection.driver_connection)
    try:
        driver.pgconn.send_query(f"begin; select set_config('handled.tenant_id', '{tenant_id}', true)".encode())
        results = await driver.wait(generators.execute(driver.pgconn))
        if all(each.status in _FINE for each in results):
            return
    except psycopg.Error:
        pass
    # SQLAlchemy knows what to do about a connection that is gone.
    await session.execute(_ENTER_TENANT, {"tenant_id": str(tenant_id)})


@asynccontextmanager
async def lookup_session(engine: AsyncEngine) -> AsyncGenerator[AsyncSession]:
    """A session as nobody: only the lookup functions (key → tenant, what is overdue) answer in it. They only read,
    one statement each, so there is no transaction."""
    single = engine.execution_options(isolation_level="AUTOCOMMIT")
    async with AsyncSession(single, expire_on_commit=False, autoflush=False) as session:
        yield session


async def insist(write: Callable[[], Awaitable[T]]) -> T:
    """What must not be left undone, and may be done twice: tried again while the database is being restarted. Raises
    SQLAlchemyError when it is away for longer."""
    for seconds in _AGAIN_AFTER:
        try:
            return await write()
        except SQLAlchemyError:
            await asyncio.sleep(seconds)
    return await write()
