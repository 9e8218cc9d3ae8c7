"""Writing a tenant's document as YAML that people like to read and `config.parse` reads back."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

from handled.kit import money
from handled.tenants.budgets import write_budgets
from handled.tenants.document import ExceptionEntry, ResourceEntry, TenantDocument
from handled.tenants.durations import write_days, write_minutes
from handled.tenants.hours import write_dates, write_intervals, write_week
from handled.tenants.offers import Cancellation, PackageEntry, ServiceEntry


def dump(document: TenantDocument) -> str:
    """The YAML of a completed document: what `written` has, as people like to read it."""
    return _yaml(written(document))


def written(document: TenantDocument) -> dict[str, Any]:
    """The fields of a completed document as they stand in the file: in the documented order, those at their default
    left out."""
    currency = document.currency
    everybody = tuple(each.key for each in document.resources if each.active)
    head = document.model_dump(
        exclude={"staff", "resources", "hours", "exceptions", "services", "packages", "faq"},
        exclude_defaults=True,
        mode="json",
    )
    if "reminders" in head:
        head["reminders"] = [write_minutes(each) for each in document.reminders]
    if document.retention is not None:
        head["retention"] = write_days(document.retention)
    if "budgets" in head:
        head["budgets"] = write_budgets(document.budgets)
    body: dict[str, Any] = {
        "staff": [each.model_dump(exclude_defaults=True) for each in document.staff],
        "resources": [_resource(each) for each in document.resources],
        "hours": write_week(document.hours),
        "exceptions": [_exception(each) for each in document.exceptions],
        "services": [_service(each, currency, everybody) for each in document.services],
        "packages": [_offer(each, currency) for each in document.packages],
        "faq": [{"q": each.q, "a": each.a} for each in document.faq],
    }
    # An empty list says no more than an absent one.
    return {**head, **{name: value for name, value in body.items() if value}}


def _resource(entry: ResourceEntry) -> dict[str, Any]:
    written: dict[str, Any] = {"key": entry.key, "name": entry.name}
    if entry.hours is not None:
        written["hours"] = write_week(entry.hours)
    return written if entry.active else {**written, "active": False}


def _exception(entry: ExceptionEntry) -> dict[str, Any]:
    written: dict[str, Any] = {"dates": write_dates(*entry.dates)}
    if entry.closed:
        written["closed"] = True
    if entry.hours:
        written["hours"] = write_intervals(entry.hours)
    if entry.blocked:
        written["blocked"] = write_intervals(entry.blocked)
    return {**written, **entry.model_dump(include={"label", "resource"}, exclude_none=True)}


def _service(entry: ServiceEntry, currency: str, everybody: tuple[str, ...]) -> dict[str, Any]:
    written = _offer(entry, currency)
    if entry.resources == everybody:
        del written["resources"]
    return written


def _offer(entry: ServiceEntry | PackageEntry, currency: str) -> dict[str, Any]:
    written = entry.model_dump(exclude_defaults=True, mode="json")
    for name in ("duration", "step", "buffer_before", "buffer_after", "notice"):
        if name in written:
            written[name] = write_minutes(written[name])
    if "horizon" in written:
        written["horizon"] = write_days(entry.horizon)
    # A null price would be the default of a field that has none: it is always said.
    written["price"] = _amount(entry.price, currency)
    if entry.deposit is not None:
        written["deposit"] = _amount(entry.deposit, currency)
    if "cancellation" in written:
        written["cancellation"] = _cancellation(entry.cancellation, currency)
    order = list(type(entry).model_fields)
    return {name: written[name] for name in sorted(written, key=order.index)}


def _cancellation(policy: Cancellation, currency: str) -> dict[str, Any]:
    written = policy.model_dump(exclude_defaults=True)
    if "free_until" in written:
        written["free_until"] = write_minutes(policy.free_until)
    if policy.fee is not None:
        written["fee"] = _amount(policy.fee, currency)
    return written


def _amount(minor: int | None, currency: str) -> str:
    return "on request" if minor is None else money.plain(minor, currency)


def _yaml(data: Mapping[str, Any]) -> str:
    writer = YAML()
    writer.width = 4096
    writer.allow_unicode = True
    writer.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO()
    writer.dump(_blocks(data), out)
    return out.getvalue()


def _blocks(value: Any) -> Any:
    """Texts of several lines as blocks."""
    if isinstance(value, Mapping):
        return {name: _blocks(each) for name, each in value.items()}  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, list | tuple):
        return [_blocks(each) for each in value]  # pyright: ignore[reportUnknownVariableType]
    return LiteralScalarString(value) if isinstance(value, str) and "\n" in value else value
