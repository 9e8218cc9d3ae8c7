"""A tenant as one YAML file: read it, write it into the database, get it back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from handled.db.session import tenant_session
from handled.kit import ids, money
from handled.kit.errors import HandledError
from handled.tables import Tenant
from handled.tenants import accounts, api_keys
from handled.tenants.config_problems import meaning, problems_of, references, refuse
from handled.tenants.config_rows import Rows, booked, document_of, read_rows, tenant_values, with_retired
from handled.tenants.config_text import dump
from handled.tenants.config_write import write_rows
from handled.tenants.document import TenantDocument, completed
from handled.tenants.yaml_source import MAX_BYTES, Problem, Source, read


@dataclass(frozen=True)
class ImportResult:
    """`changed` names what is different now, as `services.haircut` or `hours`; empty when nothing was."""

    tenant_id: UUID
    created: bool
    changed: list[str]


def parse(text: str, filename: str) -> TenantDocument:
    """The completed document in `text` (YAML, or JSON, which is YAML).

    Raises HandledError `invalid_config`; its message has a line `filename:line: field: what is wrong` for
    every problem, `fields` the same by field.
    """
    source = read(text)
    if source.data is None and not source.problems:
        source.problems.append(Problem(1, (), "is empty"))
    elif not source.problems and not isinstance(source.data, dict):
        source.problems.append(Problem(1, (), "is not a list of fields; write lines like name: My business"))
    if not isinstance(source.data, dict):
        raise refuse(source.problems, source, filename)
    document, problems = check(source)
    if document is None:
        raise refuse(problems, source, filename)
    return document


def check(source: Source) -> tuple[TenantDocument | None, list[Problem]]:
    """The completed document in `source.data` (fields, as in the file), or None and everything that is wrong with
    it."""
    problems = [*source.problems, *references(source)]
    try:
        document = completed(TenantDocument.model_validate(source.data, context={"currency": _currency(source)}))
    except ValidationError as error:
        return None, [*problems, *problems_of(error, source)]
    problems += meaning(document, source)
    return (None if problems else document), problems


def _currency(source: Source) -> str:
    written = str(source.data.get("currency", "")).upper()
    return written if money.is_currency(written) else "USD"


def parse_file(path: Path) -> TenantDocument:
    """As `parse`, of a file. Raises HandledError `invalid_config` also when it cannot be read."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise HandledError("invalid_config", f"{path}: {error.strerror or 'cannot be read'}") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise HandledError("invalid_config", f"{path}:{line}: is not UTF-8 text") from None
    return parse(text, str(path))


def demo_documents() -> list[TenantDocument]:
    """The finished tenants that we bring along."""
    folder = resources.files("handled.tenants") / "demo"
    files = sorted((each for each in folder.iterdir() if each.name.endswith(".yaml")), key=lambda each: each.name)
    return [parse(each.read_text("utf-8"), each.name) for each in files]


async def import_document(engine: AsyncEngine, document: TenantDocument) -> ImportResult:
    """Make the tenant of this slug what `document` (completed, as `parse` gives it) says, in one transaction.

    A new tenant gets its first public key. Resources, services and FAQ entries keep their ids; what the
    document leaves out is deleted, or made inactive if bookings refer to it. If nothing is different, nothing
    is written.
    """
    try:
        return await _import_once(engine, document)
    except IntegrityError:
        # Somebody else made the same tenant, or booked what we were about to delete: now we see it.
        return await _import_once(engine, document)


async def _import_once(engine: AsyncEngine, document: TenantDocument) -> ImportResult:
    known = await accounts.find_by_slug(engine, document.slug)
    tenant_id = known or ids.new_id()
    async with tenant_session(engine, tenant_id) as session:
        rows = await read_rows(session, tenant_id, to_change=True) if known else None
        if rows is None:
            rows = await _create(session, tenant_id, document)
            await write_rows(session, rows, document)
            return ImportResult(tenant_id, created=True, changed=list(_differences(None, document)))
        return ImportResult(tenant_id, created=False, changed=await put_document(session, rows, document))


async def put_document(session: AsyncSession, rows: Rows, document: TenantDocument) -> list[str]:
    """As `import_document`, of a tenant that is there; `rows` were read to be changed. What is different now, empty
    when nothing was. A new version makes everybody forget the old one."""
    target = with_retired(document, rows, *await booked(session, rows.tenant.id))
    changed = list(_differences(document_of(rows), target))
    if changed:
        rows.tenant.version += 1
        await write_rows(session, rows, target)
    return changed


async def _create(session: AsyncSession, tenant_id: UUID, document: TenantDocument) -> Rows:
    tenant = Tenant(id=tenant_id, version=1, **tenant_values(document))
    session.add(tenant)
    await session.flush()
    api_keys.add_public_key(session, tenant_id)
    return Rows(tenant, [], [], [], [], [], [], [])


def _differences(before: TenantDocument | None, after: TenantDocument) -> Iterator[str]:
    for name in TenantDocument.model_fields:
        old, new = getattr(before, name, ()), getattr(after, name)
        if name in ("resources", "services", "packages"):
            there: dict[str, Any] = {each.key: each for each in old}
            here: dict[str, Any] = {each.key: each for each in new}
            yield from (f"{name}.{key}" for key in there | here if there.get(key) != here.get(key))
            if there.keys() == here.keys() and list(there) != list(here):
                yield name
        elif old != new:
            yield name


async def export_document(session: AsyncSession, tenant_id: UUID) -> str:
    """The tenant as YAML that imports back to the same. Raises HandledError `not_found`."""
    rows = await read_rows(session, tenant_id, to_change=False)
    if rows is None:
        raise HandledError("not_found", "There is no such business.", 404)
    return dump(document_of(rows))
