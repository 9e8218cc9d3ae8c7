"""`handled tenant export-customer` and `erase-customer`."""

from __future__ import annotations

import click
import orjson

from handled.cli.tenants import opened_engine, tenant_named
from handled.customers import privacy
from handled.db.session import tenant_session


async def export_customer(slug: str, email: str) -> None:
    async with opened_engine() as engine:
        tenant_id = await tenant_named(engine, slug)
        async with tenant_session(engine, tenant_id) as session:
            found = await privacy.export(session, tenant_id, email)
    click.echo(orjson.dumps(found, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS))


async def erase_customer(slug: str, email: str, *, force: bool) -> None:
    async with opened_engine() as engine:
        tenant_id = await tenant_named(engine, slug)
        async with tenant_session(engine, tenant_id) as session:
            done = await privacy.erase(session, tenant_id, email, by="command", force=force)
    for table, rows in done["counts"].items():
        click.echo(f"{table}\t{rows}")
    click.echo("Erased. Mails that were sent are out of our hands.", err=True)
