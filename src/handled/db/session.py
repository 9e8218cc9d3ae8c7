"""Transactions. Every one belongs to a tenant: row-level security shows it nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, TypeVar
from uuid import UUID

import psycopg
from sqlalchemy import TextClause
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from handled.db.line import Line, Row, Statement, as_sqlalchemy, line_of, positional

T = TypeVar("T")

# Seconds: a database that is being restarted is back by then.
_AGAIN_AFTER = (0.1, 0.5, 2.0, 5.0)
_ENTER_TENANT = "select set_config('handled.tenant_id', %s, true)"
_LINE = "line"


@asynccontextmanager
async def tenant_session(engine: AsyncEngine, tenant_id: UUID) -> AsyncGenerator[AsyncSession]:
    """One transaction as one tenant: committed at the end of the block, rolled back when it raises."""
    async with AsyncSession(engine, expire_on_commit=False, autoflush=False) as session, session.begin():
        await _begin(session, tenant_id)
        yield session


async def _begin(session: AsyncSession, tenant_id: UUID) -> None:
    """Begin the transaction and enter the tenant in one message: a round trip and a statement less in each."""
    session.info[_LINE] = await session.run_sync(lambda sync: line_of(sync.connection()))
    await within(session, ("begin", ()), (_ENTER_TENANT, (str(tenant_id),)))


async def within(session: AsyncSession, *statements: Statement) -> list[list[Row]]:
    """What each statement answers, in the transaction of a `tenant_session`; all are sent in one message. Objects that
    the session has not written yet are not written before. Raises SQLAlchemy's errors."""
    line: Line = session.info[_LINE]
    try:
        return await line.run(*statements)
    except psycopg.Error as error:
        raise as_sqlalchemy(error, statements) from error
    except BaseException:
        # Cut off in the middle: what comes over this connection now is nobody's answer.
        await (await session.connection()).invalidate()
        raise


class SessionReader:
    """For whoever only reads, in a session: its `execute` costs less."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def execute(self, statement: TextClause, values: Mapping[str, Any], /) -> list[Row]:
        (rows,) = await within(self._session, positional(statement, values))
        return rows


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
