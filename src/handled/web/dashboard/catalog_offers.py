"""What the forms of services and of packages have in common: price, payment, terms, questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from pydantic import ValidationError
from starlette.datastructures import FormData

from handled.bookings import policy
from handled.catalog.business import Business
from handled.tenants.industry import pack_of
from handled.tenants.offers import Cancellation, policy_values
from handled.tenants.yaml_source import Path
from handled.web.dashboard.catalog_editing import (
    Data,
    Refusal,
    change,
    key_for,
    number_or_text,
    position_of,
    text_of,
    version_of,
)
from handled.web.dashboard.deps import Member

EntryOf = Callable[[Data, Data], Data]

_TEXTS = (
    *("name", "description", "pricing", "price", "step", "notice", "horizon", "payment", "deposit"),
    *("free_until", "fee_kind", "fee_percent", "fee", "moves"),
)
_LENGTHS = ("step", "notice", "horizon")
NEW: Mapping[str, Any] = {
    **dict.fromkeys(_TEXTS, ""),
    "pricing": "fixed",
    "step": "15 min",
    "horizon": "90 days",
    "payment": "none",
    "fee_kind": "none",
    "free_until": "24 h",
    "intake": "",
}


async def put(
    member: Member, form: FormData, section: Literal["services", "packages"], key: str | None, entry_of: EntryOf
) -> Refusal | str:
    """Add what the form says, or put it in the place of the one with `key`; the key that it has then. `entry_of` makes
    the entry of the file, after the old one and the whole document. Raises HandledError `not_found`."""
    name = text_of(form, "name")
    made = key or ""

    def edit(data: Data) -> Path:
        nonlocal made
        entries: list[Data] = data.setdefault(section, [])
        if key is None:
            # Services and packages are asked for by the same names.
            made = key_for(name, {each["key"] for each in (*data.get("services", []), *data.get("packages", []))})
            entries.append(entry_of({"key": made}, data))
            return section, len(entries) - 1
        position = position_of(data, section, key)
        entries[position] = entry_of(entries[position], data)
        return section, position

    action = f"{section.removesuffix('s')}.{'add' if key is None else 'change'}"
    refusal = await change(member, version_of(form), edit, action, key or name[:100])
    return refusal or made


def new(pack: str) -> dict[str, Any]:
    """What the form shows of one that is not there yet."""
    return {**NEW, "intake": _lines(pack_of(pack).intake)}


def values_of(entry: Data, pack: str) -> dict[str, Any]:
    """What the form shows of an entry of the file. What does not say what it asks shows what its `pack` asks."""
    terms: Data = entry.get("cancellation", {})
    price = str(entry["price"])
    is_amount = price != "on request" and not is_free(price)
    values = {**NEW, **{name: str(entry[name]) for name in ("name", *_LENGTHS, "payment", "deposit") if name in entry}}
    return {
        **values,
        "description": entry.get("description", ""),
        "pricing": "fixed" if is_amount else "request" if price == "on request" else "free",
        "price": price if is_amount else "",
        "free_until": str(terms.get("free_until", "")),
        "fee_kind": "percent" if "fee_percent" in terms else "fixed" if "fee" in terms else "none",
        "fee_percent": str(terms.get("fee_percent", "")),
        "fee": str(terms.get("fee", "")),
        "moves": "" if terms.get("moves") is None else str(terms["moves"]),
        "intake": _lines(entry.get("intake", pack_of(pack).intake)),
    }


def _lines(questions: Sequence[str]) -> str:
    return "\n".join(questions)


def is_free(price: str) -> bool:
    return not price.strip("0.")


def typed_in(form: FormData) -> dict[str, Any]:
    """What was typed into the common fields."""
    return {**{name: text_of(form, name) for name in _TEXTS}, "intake": text_of(form, "intake").replace("\r\n", "\n")}


def entry_of(typed: Mapping[str, Any], old: Data, pack: str) -> Data:
    """The common fields as they stand in the file; those that are left empty are left out, and so are questions that
    are the pack's and were so before."""
    entry: Data = {"name": typed["name"], "description": typed["description"]}
    match typed["pricing"]:
        case "request":
            entry["price"] = "on request"
        case "free":
            entry["price"] = "free"
        case _:
            entry["price"] = typed["price"]
    entry |= {name: number_or_text(typed[name]) for name in _LENGTHS if typed[name]}
    entry["payment"] = typed["payment"] or "none"
    if entry["payment"] == "deposit" and typed["deposit"]:
        entry["deposit"] = typed["deposit"]
    entry["cancellation"] = terms_of(typed)
    asked = [each for each in (line.strip() for line in typed["intake"].split("\n")) if each]
    if "intake" in old or asked != list(pack_of(pack).intake):
        entry["intake"] = asked
    return entry


def terms_of(typed: Mapping[str, Any]) -> Data:
    terms: Data = {}
    if typed["free_until"]:
        terms["free_until"] = number_or_text(typed["free_until"])
    if typed["fee_kind"] == "percent":
        terms["fee_percent"] = typed["fee_percent"].rstrip("% ") or "0"
    if typed["fee_kind"] == "fixed":
        terms["fee"] = typed["fee"]
    if typed["moves"]:
        terms["moves"] = typed["moves"]
    return terms


def terms_in_words(business: Business, typed: Mapping[str, Any]) -> str | None:
    """What customers are told; None while what was typed cannot be meant."""
    try:
        terms = Cancellation.model_validate(terms_of(typed), context={"currency": business.currency})
    except ValidationError:
        return None
    said = policy.describe(policy_values(terms), business.currency, business.locale)
    limit = {None: "", 0: " It cannot be moved.", 1: " It can be moved once."}.get(
        terms.moves, f" It can be moved {terms.moves} times."
    )
    return f"{said or ''}{limit}"
