"""The `handled` command. Every subcommand imports what it needs when it runs: `--help` is instant."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import click

from handled.kit.errors import HandledError


class _Commands(click.Group):
    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except HandledError as error:
            click.echo(error.message, err=True)
            sys.exit(1)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="handled")
def main() -> None:
    """The front desk of a small business, as software."""


def run(coroutine: Coroutine[Any, Any, None]) -> None:
    asyncio.run(coroutine)


@main.command()
@click.option("--fresh", is_flag=True, help="Throw the demo's data away and start over.")
@click.option("--port", type=int, default=None, help="Instead of 8000 or the next free one.")
def demo(fresh: bool, port: int | None) -> None:
    """Start everything with three finished businesses: no key, no account, no server of yours."""
    from handled.cli.demo import run_demo

    run_demo(fresh=fresh, port=port)


@main.command()
@click.option("--host", default=None, help="Address to listen on (HANDLED_HOST).")
@click.option("--port", type=int, default=None, help="Port to listen on (HANDLED_PORT).")
@click.option("--workers", type=click.IntRange(1, 64), default=None, help="Number of processes (HANDLED_PROCESSES).")
@click.option("--listener", type=int, default=None, hidden=True)
@click.option("--leash", type=int, default=None, hidden=True)
def serve(host: str | None, port: int | None, workers: int | None, listener: int | None, leash: int | None) -> None:
    """Serve HTTP, and work on jobs in the same process unless HANDLED_WORKER=false."""
    from handled.cli.serve import run_one_of, run_server

    if listener is not None and leash is not None:  # started by another `handled serve`
        run_one_of(host, port, listener, leash)
    else:
        run_server(host, port, workers)


@main.command()
def work() -> None:
    """Work on jobs only. Start as many as you like."""
    from handled.cli.serve import run_worker

    run_worker()


@main.group()
def db() -> None:
    """The database."""


@db.command()
def migrate() -> None:
    """Bring the schema up to date, as the owner (DATABASE_OWNER_URL, else DATABASE_URL)."""
    from handled.cli.database import migrate as do_migrate

    do_migrate()


@main.group()
def tenant() -> None:
    """The businesses of this installation."""


@tenant.command("import")
@click.argument("file", type=click.Path(path_type=Path))
def import_(file: Path) -> None:
    """Create a business from FILE (YAML), or make it what FILE says."""
    from handled.cli.tenants import import_file

    run(import_file(file))


@tenant.command()
@click.argument("slug")
def export(slug: str) -> None:
    """Print a business as YAML that imports back to the same."""
    from handled.cli.tenants import export_tenant

    run(export_tenant(slug))


@tenant.command("list")
def list_() -> None:
    """The businesses with their addresses and public keys."""
    from handled.cli.tenants import list_tenants

    run(list_tenants())


@tenant.command("rotate-key")
@click.argument("slug")
@click.option("--overlap-days", type=click.IntRange(0, 90), default=7, show_default=True)
def rotate_key(slug: str, overlap_days: int) -> None:
    """Give a business a new public key; the old one stays valid for the overlap."""
    from handled.cli.tenants import rotate

    run(rotate(slug, overlap_days))


@tenant.command("import-bookings")
@click.argument("slug")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Only say what would become of each line.")
@click.option(
    "--codes",
    type=click.Path(path_type=Path, dir_okay=False, writable=True),
    default=None,
    help="Write the codes to this file instead of printing them.",
)
def import_bookings(slug: str, file: Path, dry_run: bool, codes: Path | None) -> None:
    """Bring a business's existing bookings along from FILE (CSV). Nobody gets a mail.

    Prints the confirmation code of each line. Exits with 1 when lines were refused: they are named, the others are in.
    """
    from handled.cli.bookings import import_file

    sys.exit(import_file(slug, file, codes, dry_run=dry_run))


@tenant.command()
@click.argument("slug")
@click.option("--name", default="API", show_default=True, help="What it is for, to know it again.")
def key(slug: str, name: str) -> None:
    """Make a secret key for a business's own systems. It is shown this once."""
    from handled.cli.tenants import add_key

    run(add_key(slug, name))


@tenant.command()
@click.argument("slug")
def keys(slug: str) -> None:
    """A business's secret keys: name, last characters, since when, whether revoked."""
    from handled.cli.tenants import list_keys

    run(list_keys(slug))


@tenant.command("revoke-key")
@click.argument("slug")
@click.argument("ending")
def revoke_key(slug: str, ending: str) -> None:
    """Make the secret key that ends in ENDING invalid at once."""
    from handled.cli.tenants import revoke_key as revoke

    run(revoke(slug, ending))


@tenant.command("export-customer")
@click.argument("slug")
@click.argument("email")
def export_customer(slug: str, email: str) -> None:
    """Print everything that is known of a customer, as JSON: also of somebody who only wrote."""
    from handled.cli.customers import export_customer as do_export

    run(do_export(slug, email))


@tenant.command("erase-customer")
@click.argument("slug")
@click.argument("email")
@click.option("--force", is_flag=True, help="Although an appointment is to come; it stays, and nobody is told of it.")
def erase_customer(slug: str, email: str, force: bool) -> None:
    """Erase a customer everywhere, for good. Bookings and money stay, without a word of whom they were for."""
    from handled.cli.customers import erase_customer as do_erase

    run(do_erase(slug, email, force=force))


@main.command()
@click.argument("slug", required=False)
@click.option("--url", default="http://127.0.0.1:8000", show_default=True, help="Where the server is.")
@click.option("--key", default=None, help="The business's public key, instead of looking it up by SLUG.")
def chat(slug: str | None, url: str, key: str | None) -> None:
    """Talk to a business in the terminal, through the public API."""
    from handled.cli.chat import run_chat

    run(run_chat(slug, url, key))


@main.command()
def doctor() -> None:
    """Check settings, database, schema, mail and model, and say what to do."""
    from handled.cli.doctor import run_doctor

    run(run_doctor())


if __name__ == "__main__":
    main()
