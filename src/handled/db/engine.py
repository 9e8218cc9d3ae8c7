"""Connections to PostgreSQL, always as the role that owns nothing."""

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from handled.kit.errors import HandledError

APP_ROLE = "handled_app"


def _dumps(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()


def create_engine(database_url: str, *, pool_size: int = 10) -> AsyncEngine:
    """An engine whose every connection has taken the application's role, so that row-level security applies
    whoever `database_url` logs in as. A statement may take 15 s, waiting for a lock 5 s."""
    options = f"-c role={APP_ROLE} -c timezone=UTC -c statement_timeout=15s -c lock_timeout=5s"
    return create_async_engine(
        psycopg_url(database_url),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=10,
        pool_reset_on_return="rollback",
        hide_parameters=True,  # what customers say is not for the log
        json_serializer=_dumps,
        json_deserializer=orjson.loads,
        connect_args={"options": options, "connect_timeout": 5, "application_name": "handled"},
    )


def psycopg_url(database_url: str) -> str:
    """`database_url` for SQLAlchemy with the one driver that we use everywhere."""
    return make_url(database_url).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def libpq_url(database_url: str) -> str:
    """`database_url` for psycopg itself."""
    return make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)


async def refuse_powerful_role(engine: AsyncEngine) -> None:
    """Raise HandledError when row-level security would not bind us: a superuser, a role that bypasses it,
    or one that owns our tables."""
    query = text(
        "select r.rolsuper or r.rolbypassrls or exists (select 1 from pg_class c where c.relname = 'tenants'"
        " and c.relowner = r.oid) from pg_roles r where r.rolname = current_user"
    )
    async with engine.connect() as connection:
        powerful = (await connection.execute(query)).scalar()
    if powerful:
        raise HandledError(
            "role_too_powerful",
            "The database role in use is a superuser, bypasses row-level security or owns the tables."
            " Run `handled db migrate` as the owner; the application then works as the role handled_app.",
            500,
        )
