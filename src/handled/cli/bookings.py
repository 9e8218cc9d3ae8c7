"""`handled tenant import-bookings`."""

from __future__ import annotations

import asyncio
import csv
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TextIO

import click

from handled.bookings.importing import Outcome, import_bookings
from handled.cli.tenants import opened_engine, tenant_named
from handled.kit.errors import HandledError

_HEAD = ("line", "code", "state", "start", "email")


def import_file(slug: str, file: Path, codes: Path | None, *, dry_run: bool) -> int:
    """Import, and say what became of each line: the codes to `codes` or standard output, everything else to standard
    error. Returns the exit status."""
    if codes is not None and not codes.parent.is_dir():
        raise HandledError("no_such_folder", f"There is no folder {str(codes.parent)!r} for the codes.")
    outcome = asyncio.run(_import(slug, file.read_bytes(), dry_run=dry_run))
    if not dry_run:
        with codes.open("w", encoding="utf-8") if codes else nullcontext(sys.stdout) as stream:
            _write_codes(outcome, stream)
    if outcome.ignored_columns:
        click.echo(f"Columns that mean nothing to us: {', '.join(outcome.ignored_columns)}.", err=True)
    for line, words in sorted(outcome.remarks):
        click.echo(f"{file.name}:{line}: {words}; imported all the same", err=True)
    for line, words in outcome.refused:
        click.echo(f"{file.name}:{line}: {words}", err=True)
    click.echo(_summary(outcome, dry_run=dry_run), err=True)
    return 1 if outcome.refused else 0


async def _import(slug: str, content: bytes, *, dry_run: bool) -> Outcome:
    async with opened_engine() as engine:
        return await import_bookings(engine, await tenant_named(engine, slug), content, dry_run=dry_run)


def _write_codes(outcome: Outcome, codes: TextIO) -> None:
    table = csv.writer(codes, lineterminator="\n")
    table.writerow(_HEAD)
    for each in outcome.brought:
        state = "imported" if each.is_new else "known"
        table.writerow((each.line, each.code, state, each.starts_at.isoformat(), each.email))


def _summary(outcome: Outcome, *, dry_run: bool) -> str:
    new = sum(each.is_new for each in outcome.brought)
    known, refused = len(outcome.brought) - new, len(outcome.refused)
    done = "would be imported" if dry_run else "imported"
    return f"{new} {done}, {known} known from before, {refused} refused."
