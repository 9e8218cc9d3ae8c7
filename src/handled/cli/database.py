"""`handled db`."""

from __future__ import annotations

import click

from handled.cli.serve import configured


def migrate() -> None:
    from handled.db import migrate as migrations

    settings = configured()
    owner_url = settings.database_owner_url or settings.database_url or ""
    before, needed = migrations.schema_revision(owner_url)
    if before == needed:
        click.echo(f"The schema is up to date ({needed}).")
        return
    migrations.migrate(owner_url)
    click.echo(f"The schema is now at {needed}.")
