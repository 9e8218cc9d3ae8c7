"""Statements that are a whole transaction each: one round trip, past SQLAlchemy and past psycopg's cursors.

For what happens several times in every turn: it costs a tenth of what the same costs through a session.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Iterable, Mapping
from functools import cache
from itertools import count
from typing import Any, LiteralString, Protocol, cast
from uuid import UUID
from weakref import WeakKeyDictionary

import psycopg
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult
from sqlalchemy import Engine, TextClause, event
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

# Calls take a moment each: so many connections beside the engine's own are plenty.
_AT_ONCE = 5
_ENTER_TENANT = "select set_config('handled.tenant_id', %s, true)"
_NAME = re.compile(r"(?<!:):(\w+)")
_FINE = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)

Row = tuple[Any, ...]
Statement = tuple[LiteralString, Row]


class _Line:
    """One connection. Statements are prepared once; what is run together is one message and one transaction."""

    def __init__(self, connection: psycopg.AsyncConnection[Row]) -> None:
        self._wire = connection.pgconn
        self._wire.nonblocking = 1
        self._transformer = Transformer(connection)
        self._prepared: dict[tuple[str, tuple[int, ...]], bytes] = {}
        self._names = count()
        self.is_idle = True

    async def run(self, *statements: Statement) -> list[Row]:
        """The rows that the last statement answers."""
        self.is_idle = False
        self._wire.enter_pipeline_mode()
        for statement, values in statements:
            self._send(statement, values)
        self._wire.pipeline_sync()
        results = await self._results()
        self._wire.exit_pipeline_mode()
        self.is_idle = self._wire.transaction_status == TransactionStatus.IDLE
        for result in results:
            if result.status not in _FINE:
                self._prepared.clear()  # what follows an error was not prepared
                raise error_from_result(result)
        self._transformer.set_pgresult(results[-1])
        return self._transformer.load_rows(0, results[-1].ntuples, tuple)

    def _send(self, statement: str, values: Row) -> None:
        dumped = self._transformer.dump_sequence(values, [PyFormat.AUTO] * len(values))
        types = tuple(self._transformer.types or ())
        name = self._prepared.get((statement, types))
        if name is None:
            name = self._prepared[statement, types] = b"call_%d" % next(self._names)
            self._wire.send_prepare(name, _numbered(statement), types)
        self._wire.send_query_prepared(name, dumped, self._transformer.formats)

    async def _results(self) -> list[PGresult]:
        """Of everything sent, one by one."""
        results: list[PGresult] = []
        while True:
            await self._ready(unsent=bool(self._wire.flush()))
            self._wire.consume_input()
            while not self._wire.is_busy():
                result = self._wire.get_result()
                if result is None:
                    continue  # the end of one statement
                if result.status == ExecStatus.PIPELINE_SYNC:
                    return results
                results.append(result)

    async def _ready(self, *, unsent: bool) -> None:
        loop, socket = asyncio.get_running_loop(), self._wire.socket
        ready = loop.create_future()
        loop.add_reader(socket, _set, ready)
        if unsent:
            loop.add_writer(socket, _set, ready)
        try:
            await ready
        finally:
            loop.remove_reader(socket)
            if unsent:
                loop.remove_writer(socket)

    def close(self) -> None:
        self._wire.finish()

    @property
    def is_closed(self) -> bool:
        return self._wire.status != psycopg.pq.ConnStatus.OK


def _set(ready: asyncio.Future[None]) -> None:
    if not ready.done():
        ready.set_result(None)


@cache
def _numbered(statement: str) -> bytes:
    """With `$1`, `$2` … for each `%s`: what PostgreSQL itself understands."""
    numbers = count(1)
    return re.sub("%s", lambda _: f"${next(numbers)}", statement).encode()


class _Lines:
    """The few connections of one engine, opened when they are needed."""

    def __init__(self, conninfo: str, options: dict[str, Any]) -> None:
        self._conninfo = conninfo
        self._options = options
        self._free = asyncio.Semaphore(_AT_ONCE)
        self._idle: list[_Line] = []

    async def run(self, *statements: Statement) -> list[Row]:
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

    async def _connect(self) -> _Line:
        return _Line(await psycopg.AsyncConnection.connect(self._conninfo, autocommit=True, **self._options))

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
    rows = await _run(engine, (statement, values))
    return rows[0] if rows else None


async def look(engine: AsyncEngine, tenant_id: UUID, statement: LiteralString, *values: Any) -> list[Row]:
    """The rows that the statement answers to this tenant. Raises SQLAlchemy's errors."""
    return await _run(engine, (_ENTER_TENANT, (str(tenant_id),)), (statement, values))


class TenantReader:
    """In place of a session for whoever only reads: each statement is a look of its own."""

    def __init__(self, engine: AsyncEngine, tenant_id: UUID) -> None:
        self._engine = engine
        self._tenant_id = tenant_id

    async def execute(self, statement: TextClause, values: Mapping[str, Any], /) -> list[Row]:
        written, names = _positional(statement.text)
        return await look(self._engine, self._tenant_id, written, *[values[name] for name in names])


class Reader(Protocol):
    """A session, or a TenantReader."""

    def execute(self, statement: TextClause, values: dict[str, Any], /) -> Awaitable[Iterable[Any]]: ...


@cache
def _positional(statement: str) -> tuple[LiteralString, tuple[str, ...]]:
    """SQLAlchemy's way of writing values (`:name`) as psycopg's, and their names in order."""
    names = tuple(_NAME.findall(statement))
    return cast(LiteralString, _NAME.sub("%s", statement)), names


async def _run(engine: AsyncEngine, *statements: Statement) -> list[Row]:
    try:
        return await _lines[engine.sync_engine].run(*statements)
    except psycopg.OperationalError as error:
        raise OperationalError(statements[-1][0], None, error) from error
    except psycopg.Error as error:
        raise DBAPIError(statements[-1][0], None, error) from error
