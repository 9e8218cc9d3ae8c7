"""Changing what a business offers: the tenant's one document is read, changed as a file would be, checked by the same
rules, and written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import Request
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import FormData

from handled.conversations.messages import not_found
from handled.tenants import config
from handled.tenants.config_problems import name_of
from handled.tenants.config_rows import Rows, document_of, read_rows
from handled.tenants.config_text import written
from handled.tenants.document import TenantDocument
from handled.tenants.yaml_source import Path, Problem, Source
from handled.web.dashboard.deps import Member

_LINE = re.compile(r" in line [0-9]+$")

_LISTS = ("staff", "resources", "hours", "exceptions", "services", "packages", "faq")

Data = dict[str, Any]
Edit = Callable[[Data], Path]


@dataclass(frozen=True, slots=True)
class Opened:
    """The tenant's document, as models and as it stands in its file, and the version that it is."""

    rows: Rows
    document: TenantDocument
    data: Data

    @property
    def version(self) -> int:
        return self.rows.tenant.version


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing was changed: what is wrong, by the name of the field, and what is wrong elsewhere. `status` is 409
    when somebody else was faster."""

    status: int
    problems: Mapping[str, str] = field(default_factory=dict[str, str])
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form as it is shown: its values, and what is to be said of them. `newest` is what is saved now, for the fields
    in which it differs from what was typed by somebody who was overtaken."""

    version: int
    values: Mapping[str, Any]
    refusal: Refusal | None = None
    newest: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def problems(self) -> Mapping[str, str]:
        return self.refusal.problems if self.refusal else {}

    @property
    def others(self) -> tuple[str, ...]:
        return self.refusal.others if self.refusal else ()

    @property
    def status(self) -> int:
        return self.refusal.status if self.refusal else 200


def sheet_of(
    version: int, saved: Mapping[str, Any], typed: Mapping[str, Any] | None = None, refusal: Refusal | None = None
) -> Sheet:
    """The form with what is saved, or with what was typed."""
    if typed is None:
        return Sheet(version, saved, refusal)
    values = {**saved, **typed}
    overtaken = refusal is not None and refusal.status == 409
    newest = {name: value for name, value in saved.items() if value != values[name]} if overtaken else {}
    return Sheet(version, values, refusal, newest)


async def open_document(session: AsyncSession, member: Member, *, to_change: bool = False) -> Opened:
    rows = await read_rows(session, member.tenant_id, to_change=to_change)
    if rows is None:
        raise not_found()
    document = document_of(rows)
    return Opened(rows, document, written(document))


async def change(member: Member, version: int, edit: Edit, action: str, subject: str) -> Refusal | None:
    """Change the document with `edit`, which is given its fields as in the file and answers where in it what it
    changed is; None when that is done. `version` is the one that the change was made for. Raises HandledError
    `not_found` when `edit` does."""
    try:
        async with member.session() as session:
            opened = await open_document(session, member, to_change=True)
            if opened.version != version:
                return Refusal(409)
            data = opened.data
            edited = edit(data)
            document, problems = config.check(Source(data))
            if document is None:
                return _refusal(data, edited, problems)
            changed = await config.put_document(session, opened.rows, document)
            if changed:
                member.record(session, action, subject, {"changed": changed})
    except IntegrityError:
        # Booked in this moment, what was to be removed.
        return Refusal(409)
    return None


def _refusal(data: Data, edited: Path, problems: list[Problem]) -> Refusal:
    named: dict[str, str] = {}
    others: list[str] = []
    for each in problems:
        rest = each.path[len(edited) :]
        # What was edited in several places is not in any of the lists, which have fields of the same names.
        is_there = edited or (rest and rest[0] not in _LISTS)
        if each.path[: len(edited)] == edited and rest and is_there:
            # The field; or its number, in a list of them.
            name = next((part for part in reversed(rest) if isinstance(part, str)), str(rest[0]))
            named.setdefault(name, sentence(each.message))
        else:
            others.append(f"{_called(data, each.path)}: {sentence(each.message)}")
    return Refusal(422, named, tuple(dict.fromkeys(others)))


def sentence(message: str) -> str:
    """A message of the file's checks, which lack their subject, as a sentence beside its field."""
    said = _LINE.sub("", message.removeprefix('"" '))
    said = said if said.startswith('"') else f"This {said}"
    return said if said.endswith((".", "?")) else f"{said}."


def _called(data: Data, path: Path) -> str:
    """What a person calls the thing at `path`."""
    if len(path) > 1 and isinstance(path[1], int):
        entries: list[Any] = data[str(path[0])]
        if isinstance(entries[path[1]], dict):
            entry: Data = entries[path[1]]
            return str(entry.get("name") or entry.get("q") or entry.get("dates"))
    return name_of(path, data)


def position_of(data: Data, section: str, key: str) -> int:
    """Where the entry of this key is. Raises HandledError `not_found`."""
    entries: list[Data] = data.get(section, [])
    found = next((i for i, each in enumerate(entries) if each["key"] == key), None)
    if found is None:
        raise not_found()
    return found


def entry_at(data: Data, section: str, key: str) -> Data:
    """The entry of this key. Raises HandledError `not_found`."""
    position = position_of(data, section, key)
    return data[section][position]


def moved(entries: list[Any], position: int, direction: str) -> None:
    """One place up or down, as far as there is one."""
    other = position + (-1 if direction == "up" else 1)
    if 0 <= other < len(entries):
        entries[position], entries[other] = entries[other], entries[position]


def key_for(name: str, taken: Collection[str]) -> str:
    """A key for something new of this name, as other systems will call it."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    key = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:50].strip("_") or "entry"
    return next(each for each in (key, *(f"{key}_{n}" for n in range(2, 10_000))) if each not in taken)


async def form_of(request: Request) -> FormData:
    return await request.form()


def text_of(form: FormData, name: str) -> str:
    """What was typed there; nothing where a file was sent."""
    value = form.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def texts_of(form: FormData, name: str) -> list[str]:
    return [each.strip() for each in form.getlist(name) if isinstance(each, str)]


def version_of(form: FormData) -> int:
    """The version that the form was made from; one that never was for what is no number."""
    value = text_of(form, "version")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else -1


def number_or_text(value: str) -> int | str:
    """Digits alone are a number, as they are in the file."""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else value
