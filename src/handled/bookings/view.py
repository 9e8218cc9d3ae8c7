"""A booking as the outside sees it."""

from __future__ import annotations

from typing import Any

from handled.catalog.business import Business, people_named, service_by_id
from handled.kit import site
from handled.tables import Booking
from handled.tenants import links


def booking_view(business: Business, booking: Booking) -> dict[str, Any]:
    """The wire object: times local to the business's zone beside the exact moments, money in minor units."""
    starts, ends = booking.starts_at.astimezone(business.zone), booking.ends_at.astimezone(business.zone)
    service = service_by_id(business, booking.service_id)
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
        "resource": people_named(business, booking.part_resource_ids or [booking.resource_id]),
        "price": price_view(booking.price_minor, booking.currency),
        "due": price_view(booking.due_minor, booking.currency) if booking.due_minor else None,
        "paidAt": booking.paid_at.isoformat() if booking.paid_at else None,
        "holdExpiresAt": booking.hold_expires_at.isoformat() if booking.hold_expires_at else None,
        "customer": {"name": booking.customer_name, "email": booking.customer_email},
    }


def linked_view(business: Business, booking: Booking) -> dict[str, Any]:
    """As `booking_view`, with the links that let whoever has them pay or manage it: for its customer, not for a
    model."""
    paying = pay_path(business, booking) if booking.status == "pending_payment" else None
    return {
        **booking_view(business, booking),
        "manageUrl": site.url(manage_path(business, booking)),
        "payUrl": site.url(paying) if paying else None,
    }


def manage_path(business: Business, booking: Booking) -> str:
    """Where its customer sees, moves or cancels it."""
    return f"/b/{links.sign(business.link_key, business.id, booking.id, 'manage')}"


def pay_path(business: Business, booking: Booking) -> str:
    """Where it is paid."""
    return f"/pay/{links.sign(business.link_key, business.id, booking.id, 'pay')}"


def payment_card(business: Business, booking: Booking, status: str) -> dict[str, Any]:
    """What the chat shows of a payment: `open` with its button and countdown, `paid`, or `expired`."""
    return {
        "kind": "payment",
        "status": status,
        "amount": price_view(booking.due_minor, booking.currency),
        "payUrl": site.url(pay_path(business, booking)) if status == "open" else None,
        "expiresAt": booking.hold_expires_at.isoformat() if booking.hold_expires_at and status == "open" else None,
        "booking": booking_view(business, booking),
    }


def price_view(price_minor: int | None, currency: str) -> dict[str, Any] | None:
    """`{"amount", "currency"}`, or None for a price on request."""
    return None if price_minor is None else {"amount": price_minor, "currency": currency}
