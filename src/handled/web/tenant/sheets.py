"""Rows as CSV that a spreadsheet opens without running anything."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any, cast

# A cell that begins like that is a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def prefers_csv(accept: str) -> bool:
    """Whether an Accept header names CSV before JSON and anything else. Weights are not looked at."""
    named = [each.partition(";")[0].strip().lower() for each in accept.split(",")]
    wanted = next((each for each in named if each in ("text/csv", "application/json", "application/*", "*/*")), None)
    return wanted == "text/csv"


def csv_of(rows: Sequence[dict[str, Any]]) -> str:
    """One line for each row below one of names; what is inside another thing has a name with a point, and amounts
    have their currency in it: `funnel.asked`, `booked.EUR`. Nothing is an empty cell. UTF-8, lines end with CRLF."""
    flat = [_flat(row) for row in rows]
    names = list(dict.fromkeys(name for row in flat for name in row))
    written = io.StringIO()
    writer = csv.DictWriter(written, names, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in flat)
    return written.getvalue()


def _flat(row: dict[str, Any], before: str = "") -> dict[str, Any]:
    cells: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, dict):
            cells |= _flat(cast(dict[str, Any], value), f"{before}{name}.")
        elif isinstance(value, list):
            amounts = cast(list[dict[str, Any]], value)
            cells |= {f"{before}{name}.{each['currency']}": each["amount"] for each in amounts}
        else:
            cells[f"{before}{name}"] = value
    return cells


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
