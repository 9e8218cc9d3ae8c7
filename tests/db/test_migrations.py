"""The schema that a migrated database has, and the one that the code believes in."""

from __future__ import annotations

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine as create_sync_engine
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.db.embedded import EmbeddedPostgres
from handled.db.engine import SCHEMA_REVISION, check_database, create_engine, psycopg_url
from handled.db.migrate import migrate, schema_revision
from handled.kit.errors import HandledError
from handled.tables import Base


def test_the_newest_migration_is_the_one_that_starting_asks_for(owner_url: str) -> None:
    # A fresh database has been migrated to the newest there is.
    assert schema_revision(owner_url) == (SCHEMA_REVISION, SCHEMA_REVISION)


def test_migrating_twice_changes_nothing(owner_url: str) -> None:
    migrate(owner_url)
    assert schema_revision(owner_url) == (SCHEMA_REVISION, SCHEMA_REVISION)


def test_the_tables_are_what_the_migrations_make(owner_url: str) -> None:
    engine = create_sync_engine(psycopg_url(owner_url))
    with engine.connect() as connection:
        options = {
            "include_name": lambda name, kind, _: not (kind == "table" and (name or "").startswith("procrastinate_"))
        }
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata)
    engine.dispose()
    assert differences == []


async def test_a_database_without_a_schema_is_refused_with_what_to_do(
    cluster: EmbeddedPostgres, engine: AsyncEngine
) -> None:
    with psycopg.connect(cluster.dsn("postgres"), autocommit=True) as connection:
        connection.execute("create database bare")
    bare = create_engine(cluster.dsn("bare"), pool_size=2)
    with pytest.raises(HandledError, match="handled db migrate"):
        await check_database(bare)
    await bare.dispose()
    await check_database(engine)
