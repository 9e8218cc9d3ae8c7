"""The written forms that programs use: ISO dates, ranges of them, and hours after them."""

from __future__ import annotations

import re
from datetime import date, datetime, time

from handled.kit.when.meaning import DAY_END, DAY_START, When

_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = r"[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?"
_FORM = re.compile(
    rf"\s*(?P<date>{_DATE})"
    rf"(?:(?:[Tt]|\s)(?P<time>{_TIME})(?P<offset>[Zz]|[+-][0-9]{{2}}:?[0-9]{{2}})?|\s+to\s+(?P<until>{_DATE}))?"
    rf"(?:,?\s+(?:between\s+(?P<low>{_TIME})\s+and\s+(?P<high>{_TIME})"
    rf"|(?P<bound>after|from|before|until)\s+(?P<edge>{_TIME})))?(?:,?\s+(?P<order>earliest|latest))?\s*\Z"
)


def parse(text: str, now: datetime) -> When | None:
    """Read `2026-03-02`, `2026-03-02 15:00`, `2026-03-02T15:00Z`, `2026-03-02 to 2026-03-08`, each but the moments with
    `between 12:00 and 17:00`, `after 17:00` or `before 12:00` behind it, and `earliest` or `latest` at the end.

    None for anything else.

    A moment with an offset is moved to the zone of `now`.
    """
    form = _FORM.match(text)
    if form is None:
        return None
    return _read(form, now)


def _read(form: re.Match[str], now: datetime) -> When:
    day = _date(form["date"])
    last = _date(form["until"]) if form["until"] else None
    if day is None or (form["until"] and last is None):
        return When(problem="no_such_date", date_text=form.span("date"), spans=(form.span("date"),))
    try:
        at = time.fromisoformat(form["time"]).replace(microsecond=0) if form["time"] else None
        window = _window(form)
        if at and form["offset"]:
            moment = datetime.fromisoformat(f"{day}T{at}{_offset(form['offset'])}").astimezone(now.tzinfo)
            day, at = moment.date(), moment.time()
    except (ValueError, OverflowError):
        return When(date=day, problem="no_such_time", date_text=form.span("date"), spans=(form.span(),))
    span = (form.start("date"), form.end("until") if last else form.end("date"))
    days = (min(day, last), max(day, last)) if last else None
    return When(
        date=None if days else day,
        dates=days,
        time=at,
        window=window if window and window[0] < window[1] else None,
        date_text=span,
        time_text=_time_span(form),
        spans=(form.span(),),
        earliest=form["order"] == "earliest",
        latest=form["order"] == "latest",
    )


def _window(form: re.Match[str]) -> tuple[time, time] | None:
    if form["low"]:
        return time.fromisoformat(form["low"]), time.fromisoformat(form["high"])
    if form["edge"]:
        edge = time.fromisoformat(form["edge"])
        return (edge, DAY_END) if form["bound"] in ("after", "from") else (DAY_START, edge)
    return None


def _time_span(form: re.Match[str]) -> tuple[int, int] | None:
    for first, last in (("time", "time"), ("low", "high"), ("bound", "edge")):
        if form[first]:
            return form.start(first), form.end(last)
    return None


def _offset(written: str) -> str:
    return "+00:00" if written in "Zz" else written


def _date(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
