"""Calls of SQL functions that are a whole transaction: one round trip, past SQLAlchemy.

For what happens several times in every turn. A call costs a tenth of what the same costs through a session, and the
functions name their tenant themselves.
"""

from __future__ import annotations

import asyncio
from typing import Any, LiteralString
from weakref import WeakKeyDictionary

import psycopg
from sqlalchemy import Engine, event
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

# Calls take a moment each: so many connections beside the engine's own are plenty.
_AT_ONCE = 5

Row = tuple[Any, ...]


class _Lines:
    """The few connections of one engine, opened when they are needed."""

    def __init__(self, conninfo: str, options: dict[str, Any]) -> None:
        self._conninfo = conninfo
        self._options = options
        self._free = asyncio.Semaphore(_AT_ONCE)
        self._idle: list[psycopg.AsyncConnection[Row]] = []

    async def call(self, statement: LiteralString, values: Row) -> Row | None:
        async with self._free:
            connection = self._idle.pop() if self._idle else await self._connect()
            try:
                return await (await connection.execute(statement, values)).fetchone()
            finally:
                if connection.closed:
                    self.close()  # whatever broke this one has broken the others
                elif connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE:
                    self._idle.append(connection)
                else:
                    await connection.close()

    async def _connect(self) -> psycopg.AsyncConnection[Row]:
        return await psycopg.AsyncConnection.connect(self._conninfo, autocommit=True, **self._options)

    def close(self) -> None:
        while self._idle:
            self._idle.pop().pgconn.finish()


_lines: WeakKeyDictionary[Engine, _Lines] = WeakKeyDictionary()


def add_lines(engine: AsyncEngine, conninfo: str, options: dict[str, Any]) -> None:
    """Let `call` work with this engine; disposing of the engine closes its connections too."""
    lines = _Lines(conninfo, options)
    _lines[engine.sync_engine] = lines

    def close(_: Engine) -> None:
        lines.close()

    event.listen(engine.sync_engine, "engine_disposed", close)


async def call(engine: AsyncEngine, statement: LiteralString, *values: Any) -> Row | None:
    """The first row that the statement answers, committed by then. Raises SQLAlchemy's errors, as sessions do."""
    try:
        return await _lines[engine.sync_engine].call(statement, values)
    except psycopg.OperationalError as error:
        raise OperationalError(statement, None, error) from error
    except psycopg.Error as error:
        raise DBAPIError(statement, None, error) from error
