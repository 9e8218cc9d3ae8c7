"""Telling the customer and the business about a booking."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from handled.bookings import calendar, policy
from handled.catalog.business import Business, resource_by_id, service_by_id
from handled.kit import clock, money
from handled.notifications import jobs
from handled.notifications.messages import BookingConfirmed, BookingFacts, NewBooking
from handled.tables import Booking


async def notify_confirmed(session: AsyncSession, business: Business, booking: Booking) -> None:
    """Queue the customer's confirmation and the business's notice, in the transaction that confirms."""
    facts = facts_of(business, booking)
    for message in (
        BookingConfirmed(booking=facts, invite=calendar.invite(facts, "REQUEST")),
        NewBooking(booking=facts, invite=calendar.invite(facts, "PUBLISH"), source_text="Chat on your website"),
    ):
        await jobs.queue(session, booking.tenant_id, message, booking_id=booking.id)


def facts_of(business: Business, booking: Booking) -> BookingFacts:
    """Everything that a mail about this booking says, as it is now."""
    service = service_by_id(business, booking.service_id)
    resource = resource_by_id(business, booking.resource_id)
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
        changed_at=clock.now(),
        sequence=booking.sequence,
        whole_day=booking.whole_day,
        resource_name=resource.name if resource and len(business.resources) > 1 else None,
        price_text=price_text(booking.price_minor, booking.currency, business.locale),
        policy_lines=(sentence,) if sentence else (),
        tenant_address=business.address,
        tenant_phone=business.phone,
        accent=business.branding.get("color"),
        locale=business.locale,
        customer_phone=booking.customer_phone,
        notes=booking.notes,
        discreet=business.pack == "therapy",
    )


def price_text(price_minor: int | None, currency: str, locale: str) -> str:
    """How a price is said: `$45.00`, `free`, `on request`."""
    if price_minor is None:
        return "on request"
    return money.format(price_minor, currency, locale) if price_minor else "free"
