"""The report in wire form."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Literal

from handled.analytics import report as reports
from handled.analytics.report import Period, Report, booked_by_currency, share
from handled.catalog.business import Business

Table = Literal["periods", "services", "hours", "models", "packs", "channels", "outcomes", "questions", "times"]

_FUNNEL = ("asked", "shown", "proposed", "agreed", "confirmed", "due", "paid")
_TALKS = ("conversations", "resolved", "silent", "ongoing", "returned", "escalated", "contained", "converted")
_SPENT = ("calls", "input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "priced_micros")


def figures_view(period: Period) -> dict[str, Any]:
    """Everything of one period that is not broken down."""
    talks = {name: period.of(name) for name in _TALKS}
    messages, thumbs = period.counts("messages"), period.counts("thumb")
    return {
        **talks,
        "opened": period.of("opened"),
        "messages": {role: messages.get(role, 0) for role in ("customer", "agent", "staff")},
        "resolution_rate": reports.resolution_rate(period),
        "conversion_rate": share(talks["converted"], talks["conversations"]),
        "escalation_rate": share(talks["escalated"], talks["conversations"]),
        "containment_rate": share(talks["contained"], talks["conversations"]),
        "csat": asdict(reports.satisfaction(period)),
        "thumbs_up": thumbs.get("up", 0),
        "thumbs_down": thumbs.get("down", 0),
        "booked": _money(booked_by_currency(period.keys("service"))),
        "paid": _money({key: _net(each) for key, each in period.keys("money").items()}),
        "first_text_ms": {
            "p50": reports.first_text(period, 0.5),
            "p95": reports.first_text(period, 0.95),
            "turns": period.across("first_text", "count"),
        },
        "funnel": {name: period.of(name) for name in _FUNNEL},
        "unanswered": period.of("unanswered"),
        "unavailable": period.across("missed", "count"),
        "failed_turns": period.of("failed"),
        "degraded_turns": period.of("degraded"),
        "usage": {
            **{name: period.across("model", name) for name in _SPENT},
            "unpriced_calls": period.across("model", "unpriced_calls"),
            "cost_micros": reports.cost_micros(period),
            "cost_per_resolved_micros": reports.cost_per_resolved(period),
        },
    }


def dated(period: Period) -> dict[str, Any]:
    """As `figures_view`, with the days."""
    return {"from": period.first, "to": period.last, **figures_view(period)}


def table_of(business: Business, found: Report, table: Table) -> list[dict[str, Any]]:
    """The rows of one table of the report, for a spreadsheet."""
    return [dated(each) for each in found.periods] if table == "periods" else breakdowns(business, found)[table]


def breakdowns(business: Business, found: Report) -> dict[str, list[dict[str, Any]]]:
    """The whole range by service, hour, model, pack, channel and outcome, and what customers asked for in vain."""
    total = found.total
    labels = {each.key: each.name for each in business.services}
    hours = total.keys("hour")
    return {
        "services": [_service(key, labels.get(key), counts) for key, counts in sorted(total.keys("service").items())],
        "hours": [{"hour": hour, **_talks(hours.get(str(hour), {}))} for hour in range(24)],
        "models": [_model(key, counts) for key, counts in sorted(total.keys("model").items())],
        "packs": [{"pack": key, **_talks(counts)} for key, counts in sorted(total.keys("pack").items())],
        "channels": [{"channel": key, **_talks(counts)} for key, counts in sorted(total.keys("channel").items())],
        "outcomes": [{"outcome": key, **_talks(counts)} for key, counts in sorted(total.keys("outcome").items())],
        "questions": [asdict(each) for each in found.questions],
        "times": [_missed(key, labels, count) for key, count in _most(total.counts("missed"))],
    }


def _talks(counts: dict[str, int]) -> dict[str, int]:
    return {name: counts.get(name, 0) for name in _TALKS}


def _service(key: str, label: str | None, counts: dict[str, int]) -> dict[str, Any]:
    funnel = {name: counts.get(name, 0) for name in _FUNNEL}
    booked = _money(booked_by_currency({key: counts}))
    return {"service": key, "label": label or key, **funnel, "bookings": counts.get("bookings", 0), "booked": booked}


def _model(key: str, counts: dict[str, int]) -> dict[str, Any]:
    unpriced = counts.get("unpriced_calls", 0)
    return {
        "model": key,
        **_talks(counts),
        "turns": counts.get("turns", 0),
        "unanswered": counts.get("unanswered", 0),
        "degraded": counts.get("degraded", 0),
        **{name: counts.get(name, 0) for name in _SPENT},
        "unpriced_calls": unpriced,
        "cost_micros": None if unpriced else counts.get("priced_micros", 0),
    }


def _missed(key: str, labels: dict[str, str], count: int) -> dict[str, Any]:
    service, weekday, hour, reason = key.split("|")
    return {
        "service": None if service == "-" else service,
        "label": labels.get(service),
        "weekday": int(weekday),
        "hour": None if hour == "-" else int(hour),
        "reason": None if reason == "none" else reason,
        "count": count,
    }


def _most(counts: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda each: (-each[1], each[0]))


def _net(counts: dict[str, int]) -> int:
    return counts.get("charged", 0) - counts.get("returned", 0)


def _money(amounts: dict[str, int]) -> list[dict[str, Any]]:
    return [{"amount": amount, "currency": currency} for currency, amount in sorted(amounts.items())]
