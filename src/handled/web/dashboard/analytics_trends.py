"""The trend lines of the analytics page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from handled.analytics import report as reports
from handled.analytics.report import Period
from handled.catalog.business import Business
from handled.kit import money
from handled.web.dashboard.charts import Chart, Line, chart
from handled.web.tenant.analytics_views import figures_view

_View = dict[str, Any]
# Shares of a day's few conversations jump about; beyond so many days they are those of weeks.
_MOST_DAYS = 14


def trends(business: Business, periods: Sequence[Period]) -> list[Chart]:
    """What there is to draw of these periods, which follow each other."""
    times = [(each.first, each.last) for each in periods]
    views = [figures_view(each) for each in periods]
    talks = {"conversations": "Conversations", "resolved": "Resolved", "converted": "Led to a booking"}
    counted = [Line(label, [each[name] for each in views]) for name, label in talks.items()]
    waits = [Line("Half of them", _seconds(views, "p50")), Line("19 of 20", _seconds(views, "p95"))]
    return [
        chart("talks", "Conversations", "count", times, counted, business.locale),
        _shares(business, periods),
        *(_money(business, times, views, currency) for currency in _currencies(views)),
        chart("wait", "Until the first words", "seconds", times, waits, business.locale),
    ]


def _shares(business: Business, periods: Sequence[Period]) -> Chart:
    are_days = all(each.first == each.last for each in periods)
    by_week = are_days and len(periods) > _MOST_DAYS
    shown = reports.grouped(periods, "week") if by_week else list(periods)
    views = [figures_view(each) for each in shown]

    def percents(share_of: Callable[[_View], float | None]) -> list[float | None]:
        return [None if (share := share_of(each)) is None else round(100 * share, 1) for each in views]

    lines = [
        Line("Resolved", percents(lambda view: view["resolution_rate"])),
        Line("Satisfied", percents(lambda view: view["csat"]["share"] if view["csat"]["count"] else None)),
        Line("Asked for a person", percents(lambda view: view["escalation_rate"])),
    ]
    times = [(each.first, each.last) for each in shown]
    title = "How they went, by week" if by_week else "How they went"
    return chart("shares", title, "percent", times, lines, business.locale)


def _money(business: Business, times: Sequence[tuple[date, date]], views: Sequence[_View], currency: str) -> Chart:
    whole = 10 ** money.decimals(currency)

    def amounts(name: str) -> list[float]:
        return [sum(each["amount"] for each in view[name] if each["currency"] == currency) / whole for view in views]

    lines = [Line("Worth of bookings", amounts("booked"))]
    if any(amounts("paid")):
        lines.append(Line("Paid in the chat", amounts("paid")))
    return chart(f"money-{currency.lower()}", f"Money, {currency}", "money", times, lines, business.locale, currency)


def _currencies(views: Sequence[_View]) -> list[str]:
    return sorted({each["currency"] for view in views for name in ("booked", "paid") for each in view[name]})


def _seconds(views: Sequence[_View], name: str) -> list[float | None]:
    return [None if (wait := each["first_text_ms"][name]) is None else wait / 1000 for each in views]
