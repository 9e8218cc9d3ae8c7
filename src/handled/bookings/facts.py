"""A booking as mails and calendar entries speak of it."""

from __future__ import annotations

from handled.bookings import policy
from handled.bookings.view import manage_path
from handled.catalog.business import Business, people_named, service_by_id
from handled.kit import clock, money
from handled.notifications.facts import Answer, BookingFacts
from handled.tables import Booking
from handled.tenants import links


def facts_of(business: Business, booking: Booking) -> BookingFacts:
    """Everything that a mail about this booking says, as it is now."""
    service = service_by_id(business, booking.service_id)
    sentence = policy.describe(booking.policy, booking.currency, business.locale)
    return BookingFacts(
        tenant_name=business.name,
        tenant_email=business.contact_email,
        timezone=business.timezone,
        service_label=service.name if service else "Appointment",
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        code=booking.code,
        customer_name=booking.customer_name,
        customer_email=booking.customer_email,
        uid=f"{booking.id}@handled",
        changed_at=booking.cancelled_at or booking.changed_at or booking.confirmed_at or clock.now(),
        sequence=booking.sequence,
        whole_day=booking.whole_day,
        resource_name=people_named(business, booking.part_resource_ids or [booking.resource_id]),
        price_text=price_text(booking.price_minor, booking.currency, business.locale),
        policy_lines=(sentence,) if sentence else (),
        tenant_address=business.address,
        tenant_phone=business.phone,
        accent=business.branding.get("color"),
        locale=business.locale,
        customer_phone=booking.customer_phone,
        notes=booking.notes,
        answers=tuple(Answer(each["question"], each["answer"]) for each in booking.intake or ()),
        discreet=business.discreet,
        manage_path=manage_path(business, booking),
        again_path=f"/c/{business.slug}",
    )


def price_text(price_minor: int | None, currency: str, locale: str) -> str:
    """How a price is said: `$45.00`, `free`, `on request`."""
    if price_minor is None:
        return "on request"
    return money.format(price_minor, currency, locale) if price_minor else "free"


def amount_text(business: Business, booking: Booking, amount_minor: int) -> str | None:
    """An amount of this booking's money; None for nothing, and less than nothing."""
    return money.format(amount_minor, booking.currency, business.locale) if amount_minor > 0 else None


def rate_path(business: Business, booking: Booking) -> str:
    """Where its customer says how it was; `?stars=4` has chosen already, and stores nothing."""
    return f"/rate/{links.sign(business.link_key, business.id, booking.id, 'rate')}"


def refuse_path(business: Business, booking: Booking) -> str:
    """Where its customer refuses further rating requests of this business."""
    return f"/refuse/{links.sign(business.link_key, business.id, booking.id, 'refuse')}"
