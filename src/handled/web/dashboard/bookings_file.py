"""Bookings as lines of a table that a spreadsheet opens."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime

from handled.bookings.view import booking_view
from handled.catalog.business import Business
from handled.kit import money
from handled.tables import Booking

HEADINGS = (
    "code",
    "status",
    "service",
    "date",
    "time",
    "ends",
    "timezone",
    "minutes",
    "resource",
    "customer_name",
    "customer_email",
    "customer_phone",
    "notes",
    "answers",
    "price",
    "currency",
    "due",
    "fee",
    "paid_at",
    "source",
    "moves",
    "created_at",
    "confirmed_at",
    "cancelled_at",
    "id",
)
# With these a spreadsheet begins a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def row_of(business: Business, booking: Booking) -> list[str]:
    """A booking under the `HEADINGS`; times local to the business, amounts as numbers."""
    view = booking_view(business, booking)
    ends = booking.ends_at.astimezone(business.zone)
    answers = "; ".join(f"{each['question']} {each['answer']}" for each in booking.intake or ())
    return [
        booking.code,
        booking.status,
        view["label"] or "",
        view["date"],
        view["time"] or "",
        "" if booking.whole_day else f"{ends:%H:%M}",
        business.timezone,
        str(view["durationMinutes"]),
        view["resource"] or "",
        booking.customer_name,
        booking.customer_email,
        booking.customer_phone or "",
        booking.notes or "",
        answers,
        _amount(booking.price_minor, booking.currency),
        booking.currency,
        _amount(booking.due_minor, booking.currency),
        _amount(booking.fee_minor, booking.currency),
        _moment(business, booking.paid_at),
        booking.source,
        str(booking.moves),
        _moment(business, booking.created_at),
        _moment(business, booking.confirmed_at),
        _moment(business, booking.cancelled_at),
        str(booking.id),
    ]


def line(cells: Sequence[str]) -> str:
    """One line of the file; no cell of it is a formula."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerow([safe(each) for each in cells])
    return written.getvalue()


def safe(cell: str) -> str:
    """The cell as text for a spreadsheet: what would begin a formula gets a quote before it."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _amount(minor: int | None, currency: str) -> str:
    return "" if minor is None else money.plain(minor, currency)


def _moment(business: Business, at: datetime | None) -> str:
    return "" if at is None else at.astimezone(business.zone).isoformat(sep=" ", timespec="minutes")
