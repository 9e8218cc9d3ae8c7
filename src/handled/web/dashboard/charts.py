"""Trend lines, each with the table that says the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Literal

from babel import Locale
from babel.dates import format_skeleton

from handled.analytics.report import Bucket
from handled.kit import money

Unit = Literal["count", "percent", "seconds", "money", "dollars"]


@dataclass(frozen=True, slots=True)
class Line:
    """`values` are one for each time, in what the unit says; None where there is nothing."""

    name: str
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Chart:
    """`data` is what the script draws, `rows` are the times with a cell for each line, `summary` says it in a
    sentence for whoever sees neither."""

    id: str
    title: str
    names: Sequence[str]
    rows: Sequence[tuple[str, Sequence[str]]]
    data: dict[str, Any]
    summary: str

    @property
    def is_empty(self) -> bool:
        return not any(value for line in self.data["lines"] for value in line["values"])


def bucket_of(first: date, last: date) -> Bucket:
    """As many times as a line can show."""
    days = (last - first).days + 1
    return "day" if days <= 45 else "week" if days <= 190 else "month"


def chart(
    key: str,
    title: str,
    unit: Unit,
    times: Sequence[tuple[date, date]],
    lines: Sequence[Line],
    locale: str,
    currency: str = "USD",
) -> Chart:
    """The chart of these lines over `times`, which are days or ranges of days."""
    labels = [days_text(first, last, locale) for first, last in times]
    write = writer(unit, currency, locale)
    cells = [[write(line.values[at]) for line in lines] for at in range(len(times))]
    data = {
        "times": [int(datetime.combine(first, time(12), UTC).timestamp()) for first, _ in times],
        "labels": labels,
        "unit": unit,
        "currency": currency if unit == "money" else "USD",
        "locale": locale.replace("_", "-"),
        "lines": [{"name": each.name, "values": list(each.values)} for each in lines],
    }
    return Chart(
        key, title, [each.name for each in lines], list(zip(labels, cells, strict=True)), data, _summary(lines, write)
    )


def days_text(first: date, last: date, locale: str) -> str:
    """ "Mar 2", or "Mar 2 – Mar 8"."""
    words = [
        format_skeleton("MMMd", each, locale=Locale.parse(locale.replace("-", "_")))
        for each in dict.fromkeys((first, last))
    ]
    return " – ".join(words)


def writer(unit: Unit, currency: str, locale: str) -> Callable[[float | None], str]:
    """How a value of that unit is written."""

    def write(value: float | None) -> str:
        if value is None:
            return "–"
        match unit:
            case "count":
                return f"{value:,.0f}"
            case "percent":
                return f"{value:.0f} %"
            case "seconds":
                return f"{value:.1f} s"
            case "dollars":
                return dollars(round(value * 1_000_000)) or ""
            case "money":
                return money.format(round(value * 10 ** money.decimals(currency)), currency, locale)

    return write


def dollars(micros: int | None) -> str | None:
    """ "$12.40", "$0.0042"; None for what nobody knows."""
    if micros is None:
        return None
    said = f"${micros / 1_000_000:,.2f}" if abs(micros) >= 1_000_000 else f"${micros / 1_000_000:.4f}"
    return said[:-2] if said.endswith("00") and said[-5] == "." else said


def _summary(lines: Sequence[Line], write: Callable[[float | None], str]) -> str:
    said: list[str] = []
    for line in lines:
        known = [each for each in line.values if each is not None]
        if known:
            said.append(f"{line.name} between {write(min(known))} and {write(max(known))}, last {write(known[-1])}")
    return "; ".join(said) or "nothing yet"
