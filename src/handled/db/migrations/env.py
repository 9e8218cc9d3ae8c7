"""Alembic's entry point: one synchronous connection as the schema's owner."""

from __future__ import annotations

from alembic import context
from sqlalchemy import create_engine, text

from handled.db.engine import psycopg_url
from handled.tables import Base


def include_name(name: str | None, type_: str, parent_names: object) -> bool:
    """Leave the job queue's own tables to the job queue."""
    return not (type_ == "table" and (name or "").startswith("procrastinate_"))


def run() -> None:
    engine = create_engine(psycopg_url(context.config.attributes["database_url"]))
    with engine.connect() as connection:
        # Several processes may start at once; one migrates, the others wait and find nothing to do.
        connection.execute(text("select pg_advisory_lock(7100, 1)"))
        connection.commit()
        context.configure(connection=connection, target_metadata=Base.metadata, include_name=include_name)
        with context.begin_transaction():
            context.run_migrations()
        connection.execute(text("select pg_advisory_unlock(7100, 1)"))
        connection.commit()
    engine.dispose()


run()
