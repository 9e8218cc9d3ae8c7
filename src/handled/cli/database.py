"""`handled db`."""

from __future__ import annotations

import click
from sqlalchemy.exc import DBAPIError, OperationalError

from handled.cli.serve import configured
from handled.db import migrate as migrations
from handled.db.engine import reason, unreachable
from handled.kit.errors import HandledError


def migrate() -> None:
    settings = configured()
    owner_url = settings.database_owner_url or settings.database_url or ""
    try:
        before, needed = migrations.schema_revision(owner_url)
        if before == needed:
            click.echo(f"The schema is up to date ({needed}).")
            return
        migrations.migrate(owner_url)
    except OperationalError as error:
        raise unreachable(error) from None
    except DBAPIError as error:
        raise HandledError("not_migrated", f"The schema could not be changed: {reason(error)}") from None
    click.echo(f"The schema is now at {needed}.")
