"""`handled tenant`."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import click
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.cli.serve import configured
from handled.db.engine import check_database, create_engine
from handled.db.session import tenant_session
from handled.kit.errors import HandledError
from handled.tenants import accounts, api_keys, config, secret_keys


@asynccontextmanager
async def opened_engine() -> AsyncGenerator[AsyncEngine]:
    settings = configured()
    assert settings.database_url is not None  # noqa: S101  configured() saw to it
    engine = create_engine(settings.database_url, pool_size=2)
    try:
        await check_database(engine)
        yield engine
    finally:
        await engine.dispose()


async def tenant_named(engine: AsyncEngine, slug: str) -> UUID:
    """The id of the business with this slug. Raises HandledError `not_found`."""
    tenant_id = await accounts.find_by_slug(engine, slug)
    if tenant_id is None:
        raise HandledError("not_found", f"There is no business {slug!r}. `handled tenant list` shows all.")
    return tenant_id


async def import_file(file: Path) -> None:
    document = config.parse_file(file)
    async with opened_engine() as engine:
        result = await config.import_document(engine, document)
        async with tenant_session(engine, result.tenant_id) as session:
            key = (await api_keys.list_public_keys(session))[0].key
    if result.created:
        click.echo(f"Created {document.slug}. Its public key is {key}")
    elif result.changed:
        click.echo(f"Updated {document.slug}: {', '.join(result.changed)}.")
    else:
        click.echo(f"{document.slug} is already as the file says. Nothing changed.")


async def export_tenant(slug: str) -> None:
    async with opened_engine() as engine:
        tenant_id = await tenant_named(engine, slug)
        async with tenant_session(engine, tenant_id) as session:
            click.echo(await config.export_document(session, tenant_id), nl=False)


async def list_tenants() -> None:
    async with opened_engine() as engine:
        tenants = await accounts.list_all(engine)
        for tenant_id, slug, name in tenants:
            async with tenant_session(engine, tenant_id) as session:
                keys = [each.key for each in await api_keys.list_public_keys(session)]
            click.echo(f"{slug}\t{name}\t/c/{slug}\t{', '.join(keys)}")
    if not tenants:
        click.echo("There is no business yet. `handled tenant import FILE` creates one.")


async def rotate(slug: str, overlap_days: int) -> None:
    async with opened_engine() as engine:
        tenant_id = await tenant_named(engine, slug)
        async with tenant_session(engine, tenant_id) as session:
            key = await api_keys.rotate_public_key(session, tenant_id, timedelta(days=overlap_days))
    click.echo(f"The new public key is {key}\nThe old one stays valid for {overlap_days} days.")


async def add_key(slug: str, name: str) -> None:
    async with opened_engine() as engine:
        tenant_id = await tenant_named(engine, slug)
        async with tenant_session(engine, tenant_id) as session:
            key = await secret_keys.add_secret_key(session, tenant_id, name)
    click.echo(key)
    click.echo("Keep it now, it cannot be shown again. Whoever has it can see and change every booking.", err=True)


async def list_keys(slug: str) -> None:
    async with opened_engine() as engine:
        tenant_id = await tenant_named(engine, slug)
        async with tenant_session(engine, tenant_id) as session:
            keys = await secret_keys.list_secret_keys(session)
    for each in keys:
        state = f"revoked {each.revoked_at:%Y-%m-%d %H:%M} UTC" if each.revoked_at else "valid"
        click.echo(f"{each.name}\tsk_…{each.ending}\tcreated {each.created_at:%Y-%m-%d %H:%M} UTC\t{state}")
    if not keys:
        click.echo(f"{slug} has no secret key yet. `handled tenant key {slug}` makes one.")


async def revoke_key(slug: str, ending: str) -> None:
    async with opened_engine() as engine:
        tenant_id = await tenant_named(engine, slug)
        async with tenant_session(engine, tenant_id) as session:
            key = await secret_keys.revoke_secret_key(session, ending)
    click.echo(f"{key.name} (sk_…{key.ending}) is no longer valid.")
