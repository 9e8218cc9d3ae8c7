"""A booking as a calendar object (RFC 5545, RFC 5546) that Google, Apple and Outlook take in.

Timed bookings are written in UTC: a single appointment is one instant, and no two calendars read a VTIMEZONE
the same way. The local time and its zone stand in the description. Whole days are dates, without any zone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from urllib.parse import quote
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress

from handled.notifications.facts import BookingFacts, Invite
from handled.notifications.moments import moment_of
from handled.notifications.wording import one_line

_PRODUCT = "-//handled//front desk//EN"


def invite(
    booking: BookingFacts, method: Literal["REQUEST", "CANCEL", "PUBLISH"] = "REQUEST", *, cancelled: bool = False
) -> Invite:
    """The calendar object for `booking`.

    REQUEST puts it into the customer's calendar or, with the same `uid` and a higher `sequence`, changes it
    there; CANCEL takes it out; PUBLISH is the business's own copy, named after the customer and asking
    nothing of anybody, which can be `cancelled`. The same booking gives the same content each time.
    """
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(_event(booking, method, cancelled or method == "CANCEL"))
    return Invite(method=method, content=calendar.to_ical().decode())


def _event(booking: BookingFacts, method: str, cancelled: bool) -> Event:
    event = Event()
    event.add("uid", one_line(booking.uid, 255))
    event.add("sequence", booking.sequence)
    event.add("dtstamp", booking.changed_at.astimezone(UTC))
    _add_extent(event, booking)
    event.add("summary", _summary(booking, for_business=method == "PUBLISH"))
    event.add("description", "\n".join(_description(booking)))
    if booking.tenant_address:
        event.add("location", one_line(booking.tenant_address, 300))
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if cancelled else "OPAQUE")
    event.add("organizer", _party(booking.tenant_name, booking.tenant_email), encode=False)
    if method != "PUBLISH":
        attendee = _party(booking.customer_name, booking.customer_email)
        # They have agreed already; a "Decline" in their calendar would not cancel anything here.
        attendee.params.update({"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"})
        event.add("attendee", attendee, encode=False)
    return event


def _add_extent(event: Event, booking: BookingFacts) -> None:
    if not booking.whole_day:
        event.add("dtstart", booking.starts_at.astimezone(UTC))
        event.add("dtend", booking.ends_at.astimezone(UTC))
        return
    zone = ZoneInfo(booking.timezone)
    first = booking.starts_at.astimezone(zone).date()
    event.add("dtstart", first)
    event.add("dtend", max(_first_day_after(booking.ends_at.astimezone(zone)), first + timedelta(days=1)))


def _first_day_after(end: datetime) -> date:
    return end.date() if end.time() == time.min else end.date() + timedelta(days=1)


def _summary(booking: BookingFacts, *, for_business: bool) -> str:
    what = "Appointment" if booking.discreet else one_line(booking.service_label, 120)
    return f"{what} · {one_line(booking.customer_name if for_business else booking.tenant_name, 120)}"


def _description(booking: BookingFacts) -> Iterator[str]:
    moment = moment_of(booking)
    yield f"{moment.date}, {moment.time}" + (f" ({moment.zone})" if moment.zone else "")
    yield f"Confirmation code: {one_line(booking.code, 20)}"
    if booking.resource_name and not booking.discreet:
        yield f"With: {one_line(booking.resource_name)}"
    if booking.price_text:
        yield f"Price: {one_line(booking.price_text)}"
    yield from (one_line(line, 500) for line in booking.policy_lines)
    contact = [one_line(booking.tenant_email)]
    if booking.tenant_phone:
        contact.append(one_line(booking.tenant_phone, 40))
    yield f"{one_line(booking.tenant_name)}: {', '.join(contact)}"


def _party(name: str, address: str) -> vCalAddress:
    party = vCalAddress(f"mailto:{quote(one_line(address, 320), safe='@+')}")
    # A double quote has no place in a calendar parameter, not even escaped.
    party.params["CN"] = one_line(name, 80).replace('"', "'")
    return party
