"""Bringing the schema up to date."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import create_engine, text

from handled.db.engine import SCHEMA_REVISION, psycopg_url


def migrate(owner_url: str) -> None:
    """Run every missing migration as the role in `owner_url`, which creates and owns the schema.
    Safe to call from several processes at once."""
    # Imported here: every start asks for the revision, few have anything to migrate.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["database_url"] = owner_url
    command.upgrade(config, "head")


def schema_revision(owner_url: str) -> tuple[str | None, str]:
    """The revision that the database has and the one this version needs."""
    engine = create_engine(psycopg_url(owner_url))
    with engine.connect() as connection:
        known = connection.execute(text("select to_regclass('alembic_version')")).scalar()
        current = connection.execute(text("select version_num from alembic_version")).scalar() if known else None
    engine.dispose()
    return current, SCHEMA_REVISION
