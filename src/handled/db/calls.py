"""Statements that are a whole transaction each: one round trip, past SQLAlchemy and past psycopg's cursors.

For what happens several times in every turn: it costs a tenth of what the same costs through a session.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable, Mapping
from typing import Any, LiteralString, Protocol
from uuid import UUID
from weakref import WeakKeyDictionary

import psycopg
from sqlalchemy import Engine, TextClause, event
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.db.line import Line, Row, Statement, as_sqlalchemy, positional

# Calls take a moment each: so many connections beside the engine's own are plenty.
_AT_ONCE = 5
_ENTER_TENANT = "select set_config('handled.tenant_id', %s, true)"


class _Lines:
    """The few connections of one engine, opened when they are needed."""

    def __init__(self, conninfo: str, options: dict[str, Any]) -> None:
        self._conninfo = conninfo
        self._options = options
        self._free = asyncio.Semaphore(_AT_ONCE)
        self._idle: list[Line] = []

    async def run(self, *statements: Statement) -> list[list[Row]]:
        async with self._free:
            line = self._idle.pop() if self._idle else await self._connect()
            try:
                return await line.run(*statements)
            finally:
                if line.is_idle:
                    self._idle.append(line)
                elif line.is_closed:
                    self.close()  # whatever broke this one has broken the others
                else:
                    line.close()

    async def _connect(self) -> Line:
        return Line(await psycopg.AsyncConnection.connect(self._conninfo, autocommit=True, **self._options))

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()


_lines: WeakKeyDictionary[Engine, _Lines] = WeakKeyDictionary()


def add_lines(engine: AsyncEngine, conninfo: str, options: dict[str, Any]) -> None:
    """Let `call` and `look` work with this engine; disposing of the engine closes its connections too."""
    lines = _Lines(conninfo, options)
    _lines[engine.sync_engine] = lines

    def close(_: Engine) -> None:
        lines.close()

    event.listen(engine.sync_engine, "engine_disposed", close)


async def call(engine: AsyncEngine, statement: LiteralString, *values: Any) -> Row | None:
    """The first row that the statement answers, committed by then. Raises SQLAlchemy's errors, as sessions do."""
    (rows,) = await call_together(engine, (statement, values))
    return rows[0] if rows else None


async def call_together(engine: AsyncEngine, *statements: Statement) -> list[list[Row]]:
    """As `call`, several in one transaction: the rows that each of them answers."""
    try:
        return await _lines[engine.sync_engine].run(*statements)
    except psycopg.Error as error:
        raise as_sqlalchemy(error, statements) from error


async def look(engine: AsyncEngine, tenant_id: UUID, statement: LiteralString, *values: Any) -> list[Row]:
    """The rows that the statement answers to this tenant. Raises SQLAlchemy's errors."""
    return (await call_together(engine, (_ENTER_TENANT, (str(tenant_id),)), (statement, values)))[-1]


class TenantReader:
    """In place of a session for whoever only reads: each statement is a look of its own."""

    def __init__(self, engine: AsyncEngine, tenant_id: UUID) -> None:
        self._engine = engine
        self._tenant_id = tenant_id

    async def execute(self, statement: TextClause, values: Mapping[str, Any], /) -> list[Row]:
        written, given = positional(statement, values)
        return await look(self._engine, self._tenant_id, written, *given)


class Reader(Protocol):
    """A session, a SessionReader, or a TenantReader."""

    def execute(self, statement: TextClause, values: dict[str, Any], /) -> Awaitable[Iterable[Any]]: ...
