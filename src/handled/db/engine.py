"""Connections to PostgreSQL, always as the role that owns nothing."""

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from handled.db.calls import add_lines
from handled.db.line import keep_in_step
from handled.kit.errors import HandledError

APP_ROLE = "handled_app"
# The newest migration, here so that starting does not need to load the migrations.
SCHEMA_REVISION = "0004"

_POWERFUL = text(
    "select r.rolsuper or r.rolbypassrls or exists (select 1 from pg_class c where c.relname = 'tenants'"
    " and c.relowner = r.oid) from pg_roles r where r.rolname = current_user"
)


def _dumps(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()


def create_engine(database_url: str, *, pool_size: int = 10) -> AsyncEngine:
    """An engine whose every connection has taken the application's role, so that row-level security applies
    whoever `database_url` logs in as. A statement may take 15 s, waiting for a lock 5 s."""
    options = f"-c role={APP_ROLE} -c timezone=UTC -c statement_timeout=15s -c lock_timeout=5s"
    connection = {"options": options, "connect_timeout": 5, "application_name": "handled"}
    engine = create_async_engine(
        psycopg_url(database_url),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=10,
        pool_reset_on_return="rollback",
        hide_parameters=True,  # what customers say is not for the log
        json_serializer=_dumps,
        json_deserializer=orjson.loads,
        connect_args=connection,
    )
    add_lines(engine, libpq_url(database_url), connection)
    keep_in_step(engine)
    return engine


def psycopg_url(database_url: str) -> str:
    """`database_url` for SQLAlchemy with the one driver that we use everywhere."""
    return make_url(database_url).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def libpq_url(database_url: str) -> str:
    """`database_url` for psycopg itself."""
    return make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)


async def check_database(engine: AsyncEngine) -> None:
    """Raise HandledError when the schema is missing or of another version, or when row-level security would not
    bind us: a superuser, a role that bypasses it, or one that owns our tables."""
    try:
        async with engine.connect() as connection:
            revision = (await connection.execute(text("select version_num from alembic_version"))).scalar()
            powerful = (await connection.execute(_POWERFUL)).scalar()
    except ProgrammingError:
        raise HandledError("no_schema", "The database has no schema yet. Run `handled db migrate`.", 500) from None
    except OperationalError as error:
        raise unreachable(error) from None
    if revision != SCHEMA_REVISION:
        message = f"The schema is at {revision}, this version needs {SCHEMA_REVISION}. Run `handled db migrate`."
        raise HandledError("old_schema", message, 500)
    if powerful:
        message = (
            "The database role in use is a superuser, bypasses row-level security or owns the tables."
            " Run `handled db migrate` as the owner; the application then works as the role handled_app."
        )
        raise HandledError("role_too_powerful", message, 500)


def unreachable(error: OperationalError) -> HandledError:
    """That the database cannot be reached, and why."""
    return HandledError("no_database", f"The database cannot be reached: {reason(error)}", 503)


def reason(error: DBAPIError) -> str:
    """What the driver says, in one line; it never contains the password."""
    return " ".join(str(error.orig).split())[:300]
