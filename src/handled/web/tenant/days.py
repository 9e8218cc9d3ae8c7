"""Ranges of local days, as the business's reports are asked for them."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator

from handled.web.tenant import asked as meant

MOST_DAYS = 366
USUAL_DAYS = 30

_WRITTEN = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _is_day(written: Any) -> Any:
    """A moment is none, whatever its zone; nor is a number of seconds."""
    if isinstance(written, str) and not _WRITTEN.fullmatch(written):
        raise ValueError("must be a date, such as 2026-03-02")
    return written


Day = Annotated[date, BeforeValidator(_is_day)]


def range_of(first: date | None, last: date | None, today: date) -> tuple[date, date]:
    """Both ends, included: until today without `last`, the usual days without `first`. Raises HandledError `invalid`
    for a range that ends before it begins, or has more than the most days."""
    last = last or today
    if last == date.max:
        raise meant.refused({"to": "is too far away"})
    first = first or date.fromordinal(max(1, last.toordinal() - USUAL_DAYS + 1))
    if first > last:
        raise meant.refused({"from": f"is after {last.isoformat()}, where the range ends"})
    if last - first >= timedelta(days=MOST_DAYS):
        raise meant.refused({"from": f"is more than {MOST_DAYS} days before {last.isoformat()}, where the range ends"})
    return first, last
