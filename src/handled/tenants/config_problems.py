"""What is wrong with a tenant's document: found in the text, each with its line and field, in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from handled.kit.errors import HandledError
from handled.tenants.budgets import Budgets
from handled.tenants.document import (
    MAIN_RESOURCE,
    Branding,
    ExceptionEntry,
    FaqItem,
    ResourceEntry,
    StaffEntry,
    TenantDocument,
)
from handled.tenants.fields import did_you_mean
from handled.tenants.hours import HoursUnreadable
from handled.tenants.offers import WEEK, Cancellation, PackageEntry, ServiceEntry, minutes_of
from handled.tenants.wording import Texts
from handled.tenants.yaml_source import Path, Problem, Source

_SHOWN = 50

_PARTS: dict[tuple[str, ...], type[BaseModel]] = {
    (): TenantDocument,
    ("branding",): Branding,
    ("budgets",): Budgets,
    ("texts",): Texts,
    ("staff",): StaffEntry,
    ("resources",): ResourceEntry,
    ("exceptions",): ExceptionEntry,
    ("services",): ServiceEntry,
    ("services", "cancellation"): Cancellation,
    ("packages",): PackageEntry,
    ("packages", "cancellation"): Cancellation,
    ("faq",): FaqItem,
}

_SENTENCES = {
    "missing": "is missing",
    "string_type": "is not text; if it is meant as text, put it in quotes",
    "string_too_short": "is empty",
    "string_too_long": "is too long: at most {max_length} characters",
    "int_type": "is not a whole number",
    "int_parsing": "is not a whole number",
    "int_from_float": "is not a whole number",
    "bool_type": "is not true or false",
    "bool_parsing": "is not true or false",
    "tuple_type": "is not a list; write each entry on a line of its own, beginning with a hyphen",
    "model_type": "is not a list of fields; write lines like name: value below it",
    "too_long": "has too many entries: at most {max_length}",
    "too_short": "names no time",
    "greater_than": "is too small: it must be more than {gt}",
    "greater_than_equal": "is too small: at least {ge}",
    "less_than_equal": "is too large: at most {le}",
    "string_pattern_mismatch": "is not a key: lower-case letters and digits, with - or _ between them",
}


def problems_of(error: ValidationError, source: Source) -> Iterator[Problem]:
    """The problems that the models found, one or more for each."""
    for details in error.errors(include_url=False):
        path: Path = tuple(part for part in details["loc"] if not str(part).startswith(("literal[", "function-")))
        cause = details.get("ctx", {}).get("error")
        if isinstance(cause, HoursUnreadable):
            for days, message in cause.problems:
                yield Problem(source.line((*path, days)), (*path, days), message)
        else:
            yield Problem(source.line(path), path, _sentence(details, path))


def _sentence(details: ErrorDetails, path: Path) -> str:
    kind, context = details["type"], details.get("ctx", {})
    if isinstance(details["input"], str) and kind in ("too_long", "too_short"):
        kind = f"string_{kind}"
    if kind == "extra_forbidden":
        fields = _PARTS.get(tuple(part for part in path[:-1] if isinstance(part, str)))
        return "is not a known field" + (_hint(str(path[-1]), list(fields.model_fields)) if fields else "")
    if details["input"] is None and kind.endswith("_type"):
        return "is empty"
    if kind == "literal_error":
        allowed = str(context["expected"]).replace("'", "")
        return f"{_quoted(details)}is not one of {allowed}{did_you_mean(str(details['input']), _words(allowed))}"
    if kind == "value_error":
        message = str(context["error"])
    else:
        message = _SENTENCES.get(kind, details["msg"]).format_map(context)
    return _quoted(details) + message if message.startswith("is not ") else message


def _hint(written: str, fields: list[str]) -> str:
    few = f"; there are {', '.join(fields)}" if len(fields) < 6 else ""
    return did_you_mean(written, fields) or few


def _words(listed: str) -> list[str]:
    return listed.replace(" or ", ", ").split(", ")


def _quoted(details: ErrorDetails) -> str:
    value = details["input"]
    if value is None or isinstance(value, dict | list):
        return ""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f'"{text if len(text) <= 60 else text[:59] + "…"}" '


def references(source: Source) -> Iterator[Problem]:
    """Keys that are given twice, resources and services that do not exist, looked for in the data as it was
    written, so that other mistakes do not hide them."""
    data = source.data
    named = ((("staff",), "email"), (("resources",), "key"), (("services", "packages"), "key"), (("faq",), "q"))
    for sections, key in named:
        seen: dict[str, int] = {}
        for section, position, item in ((each, *found) for each in sections for found in _items(data, each)):
            name = str(item.get(key, "")).strip().lower()
            path: Path = (section, position, key)
            if name and name in seen:
                yield Problem(source.line(path), path, f'"{item[key]}" is already used in line {seen[name]}')
            seen.setdefault(name, source.line(path))
    resources = _keys(data, "resources") or [MAIN_RESOURCE]
    services = _keys(data, "services")
    for kind, known, others, named in (
        ("resource", resources, (), _resources_named(data)),
        ("service", services, _keys(data, "packages"), _listed(data, "packages", "includes")),
    ):
        for path, name in named:
            if name not in known and name not in others:
                message = f'"{name}" is not the key of a {kind}{did_you_mean(name, known)}'
                yield Problem(source.line(path), path, message)


def _keys(data: Any, section: str) -> list[str]:
    return [str(item.get("key")) for _, item in _items(data, section)]


def _resources_named(data: Any) -> Iterator[tuple[Path, str]]:
    for position, item in _items(data, "exceptions"):
        if isinstance(name := item.get("resource"), str):
            yield ("exceptions", position, "resource"), name
    yield from _listed(data, "services", "resources")


def _listed(data: Any, section: str, field: str) -> Iterator[tuple[Path, str]]:
    for position, item in _items(data, section):
        names = item.get(field)
        for index, name in enumerate(names if isinstance(names, list) else []):  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
            yield (section, position, field, index), str(name)  # pyright: ignore[reportUnknownArgumentType]


def _items(data: Any, section: str) -> list[tuple[int, dict[str, Any]]]:
    entries: Any = data.get(section)
    if not isinstance(entries, list):
        return []
    return [(i, each) for i, each in enumerate(entries) if isinstance(each, dict)]  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]


def meaning(document: TenantDocument, source: Source) -> Iterator[Problem]:
    """What is well-formed and cannot be meant."""
    if not document.hours and not any(each.hours for each in document.exceptions):
        yield Problem(source.line(("hours",)), ("hours",), "is never open; give at least one day its hours")
    for position, service in enumerate(document.services):
        path: Path = ("services", position, "resources")
        if service.active and not service.resources:
            yield Problem(source.line(path), path, "names nobody who can perform it")
        elif len(set(service.resources or ())) < len(service.resources or ()):
            yield Problem(source.line(path), path, "names the same resource twice")
    for position, package in enumerate(document.packages):
        if package.active:
            yield from _includes(document, package, ("packages", position, "includes"), source)


def _includes(document: TenantDocument, package: PackageEntry, path: Path, source: Source) -> Iterator[Problem]:
    services = {each.key: each for each in document.services}
    for index, key in enumerate(package.includes):
        message = _why_not_included(services.get(key))
        if message:
            yield Problem(source.line((*path, index)), (*path, index), f'"{key}" {message}')
    if minutes_of(package, document.services) > WEEK:
        yield Problem(source.line(path), path, "lasts longer than a week")


def _why_not_included(service: ServiceEntry | None) -> str | None:
    if service is None:
        return "is a package itself; name the services that it includes"
    if service.kind == "whole_day":
        return "takes whole days; a package has appointments at a time of day"
    if service.capacity > 1:
        return "is a class; a package has appointments for one customer"
    return None if service.active else "is not active; make it active or the package active: false"


def refuse(problems: Sequence[Problem], source: Source, filename: str) -> HandledError:
    """The error that names file, line and field of every problem, in the order of the file."""
    ordered = sorted(set(problems), key=lambda each: (each.line, [str(part) for part in each.path]))
    named = [(each, name_of(each.path, source.data)) for each in ordered]
    lines = [f"{filename}:{each.line}: {name + ': ' if name else ''}{each.message}" for each, name in named]
    if len(lines) > _SHOWN:
        lines[_SHOWN:] = [f"{filename}: and {len(lines) - _SHOWN} more"]
    fields = {name: f"line {each.line}: {each.message}" for each, name in named[:_SHOWN] if name}
    return HandledError("invalid_config", "\n".join(lines), 422, fields=fields)


def name_of(path: Path, data: Any) -> str:
    """`services.haircut.price`: entries of a list by their key, else counted from 1."""
    parts: list[str] = []
    for part in path:
        data = _entry(data, part)
        key = _entry(data, "key") if isinstance(part, int) else part
        parts.append(key if isinstance(key, str) else str(int(part) + 1))
    return ".".join(parts)


def _entry(data: Any, part: str | int) -> Any:
    try:
        return data[part]
    except (KeyError, IndexError, TypeError):
        return None
