"""Where somebody is mentioned in what is not theirs: their address, name and number are taken out of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import orjson
from sqlalchemy import Column, String, Table, Text, cast, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from handled.customers.subject import Subject
from handled.tables import Base
from handled.tables.personal import ERASED, PERSONAL

# Shorter ones, and names of one word, are ordinary words to somebody else.
_SHORTEST_NAME, _SHORTEST_NUMBER = 5, 7


async def blank_mentions(session: AsyncSession, subject: Subject) -> dict[str, int]:
    """Take the person out of other people's rows: those that have the address, and all of a conversation that is
    somebody else's too. Returns how many rows of which table were changed."""
    pattern = pattern_of(subject)
    changed = {name: await _blank_table(session, subject, pattern, Base.metadata.tables[name]) for name in PERSONAL}
    return {name: count for name, count in changed.items() if count}


def pattern_of(subject: Subject) -> re.Pattern[str]:
    """What is taken out: the address, full names, and numbers however they are written."""
    return re.compile("|".join(_alternatives(subject)), re.IGNORECASE)


def blank(value: Any, pattern: re.Pattern[str]) -> Any:
    """`value` (as JSON, or text that may be JSON) without what `pattern` matches."""
    if isinstance(value, dict):
        return {blank(key, pattern): blank(each, pattern) for key, each in value.items()}  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, list):
        return [blank(each, pattern) for each in value]  # pyright: ignore[reportUnknownVariableType]
    if not isinstance(value, str):
        return value
    if value[:1] in ("{", "["):
        try:
            return orjson.dumps(blank(orjson.loads(value), pattern)).decode()
        except orjson.JSONDecodeError:
            pass
    return pattern.sub(ERASED, value)


def _alternatives(subject: Subject) -> Iterator[str]:
    yield rf"(?<![\w.+-]){re.escape(subject.email)}(?!\w|[-.]\w)"
    for name in subject.names:
        words = name.split()
        if len(words) > 1 and len(name) >= _SHORTEST_NAME:
            yield r"(?<!\w)" + r"\s+".join(map(re.escape, words)) + r"(?!\w)"
    for phone in subject.phones:
        digits = re.sub(r"\D", "", phone)
        if len(digits) >= _SHORTEST_NUMBER:
            yield r"(?<!\d)\+?" + r"[\s()./-]*".join(digits) + r"(?!\d)"


async def _blank_table(session: AsyncSession, subject: Subject, pattern: re.Pattern[str], table: Table) -> int:
    personal = PERSONAL[table.name]
    columns = [each for each in table.columns if each.name in personal.columns and _has_words(each)]
    if not columns:
        return 0
    mentioned = [func.lower(cast(each, Text)).contains(subject.email, autoescape=True) for each in columns]
    keys = list(table.primary_key.columns)
    statement = select(*keys, *columns).where(
        table.c.tenant_id == subject.tenant_id, or_(*mentioned, text(personal.found))
    )
    rows = (await session.execute(statement, subject.known_of_shared() | {"email": None, "pattern": None})).all()
    changed = 0
    for row in rows:
        was = dict(zip((each.name for each in columns), row[len(keys) :], strict=True))
        now = {name: blank(value, pattern) for name, value in was.items()}
        if now != was:
            here = [key == value for key, value in zip(keys, row[: len(keys)], strict=True)]
            await session.execute(update(table).where(*here).values(now))
            changed += 1
    return changed


def _has_words(column: Column[Any]) -> bool:
    return isinstance(column.type, JSONB | String)
