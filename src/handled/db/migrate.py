"""Bringing the schema up to date."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from handled.db.engine import psycopg_url


def _config(owner_url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["database_url"] = owner_url
    return config


def migrate(owner_url: str) -> None:
    """Run every missing migration as the role in `owner_url`, which creates and owns the schema.
    Safe to call from several processes at once."""
    command.upgrade(_config(owner_url), "head")


def schema_revision(owner_url: str) -> tuple[str | None, str | None]:
    """The revision that the database has and the one this version needs."""
    needed = ScriptDirectory.from_config(_config(owner_url)).get_current_head()
    engine = create_engine(psycopg_url(owner_url))
    with engine.connect() as connection:
        known = connection.execute(text("select to_regclass('alembic_version')")).scalar()
        current = connection.execute(text("select version_num from alembic_version")).scalar() if known else None
    engine.dispose()
    return current, needed
