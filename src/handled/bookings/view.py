"""A booking as the outside sees it."""

from __future__ import annotations

from typing import Any

from handled.catalog.business import Business, resource_by_id, service_by_id
from handled.tables import Booking


def booking_view(business: Business, booking: Booking) -> dict[str, Any]:
    """The wire object: times local to the business's zone beside the exact moments, money in minor units."""
    starts, ends = booking.starts_at.astimezone(business.zone), booking.ends_at.astimezone(business.zone)
    service = service_by_id(business, booking.service_id)
    resource = resource_by_id(business, booking.resource_id)
    return {
        "bookingId": str(booking.id),
        "code": booking.code,
        "status": booking.status,
        "service": service.key if service else None,
        "label": service.name if service else None,
        "date": starts.date().isoformat(),
        "time": None if booking.whole_day else f"{starts:%H:%M}",
        "timezone": business.timezone,
        "durationMinutes": round((booking.ends_at - booking.starts_at).total_seconds() / 60),
        "wholeDay": booking.whole_day,
        "startsAt": starts.isoformat(),
        "endsAt": ends.isoformat(),
        "resource": resource.name if resource and len(business.resources) > 1 else None,
        "price": price_view(booking.price_minor, booking.currency),
        "customer": {"name": booking.customer_name, "email": booking.customer_email},
    }


def price_view(price_minor: int | None, currency: str) -> dict[str, Any] | None:
    """`{"amount", "currency"}`, or None for a price on request."""
    return None if price_minor is None else {"amount": price_minor, "currency": currency}
