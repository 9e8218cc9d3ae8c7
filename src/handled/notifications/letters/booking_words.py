"""How mails speak of a booking: its name, its moments, its table of details."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from handled.kit.when.spoken import spoken_moment, spoken_time, zone_name
from handled.notifications.facts import BookingFacts
from handled.notifications.letters.page import Row, mailto, tel
from handled.notifications.moments import Moment, moment_of
from handled.notifications.wording import one_line


def noun(booking: BookingFacts) -> str:
    """What the thing is called: a discreet business has appointments."""
    return "appointment" if booking.discreet else "booking"


def name(booking: BookingFacts) -> str:
    """What was booked: "Cut & blow-dry", or "your appointment"."""
    return "your appointment" if booking.discreet else one_line(booking.service_label, 80)


def subject(title: str, booking: BookingFacts, *rest: str) -> str:
    """A subject that begins with `title` and names what and when: "Cancelled: Cut, Tuesday, March 3 at 11:00 am"."""
    what = "" if booking.discreet else f" {one_line(booking.service_label, 80)},"
    return f"{title}:{what} {', '.join((moment_of(booking).short, *rest))}"


def customer(booking: BookingFacts) -> str:
    """The customer's name."""
    return one_line(booking.customer_name, 80)


def code(booking: BookingFacts) -> str:
    """The confirmation code."""
    return one_line(booking.code, 20)


def preheader(booking: BookingFacts) -> str:
    """What an inbox shows beside the subject."""
    moment = moment_of(booking)
    return f"{moment.date} · {moment.time} · {code(booking)}"


def moment_before(booking: BookingFacts, starts_at: datetime, ends_at: datetime) -> Moment:
    """When `booking` was, before it moved."""
    return moment_of(replace(booking, starts_at=starts_at, ends_at=ends_at))


def deadline(booking: BookingFacts, at: datetime) -> tuple[str, str]:
    """A moment soon, as the business says it: the time alone if it is of the same day, and the name of the zone."""
    zone = ZoneInfo(booking.timezone)
    local, today = at.astimezone(zone), booking.changed_at.astimezone(zone).date()
    if local.date() == today:
        said = spoken_time(local.time(), booking.locale)
    else:
        said = spoken_moment(local.date(), local.time(), today, booking.locale)
    return said, zone_name(zone, local, booking.locale)


def policy(booking: BookingFacts) -> tuple[str, ...]:
    """The terms, a line each."""
    return tuple(one_line(line, 500) for line in booking.policy_lines if line.strip())


def customer_rows(booking: BookingFacts, money: Iterable[Row] = ()) -> tuple[Row, ...]:
    """What the customer is shown about a booking that takes place; `money` stands beside its price."""
    return (*service_rows(booking), *_place(booking), *_price(booking), *money)


def gone_rows(booking: BookingFacts, money: Iterable[Row] = ()) -> tuple[Row, ...]:
    """What the customer is shown about one that does not: nobody needs directions to it."""
    return (*service_rows(booking), *_price(booking), *money)


def business_rows(booking: BookingFacts, money: Iterable[Row] = (), source_text: str | None = None) -> tuple[Row, ...]:
    """What the business is shown: who, what, how much, from where."""
    source = [Row("Source", one_line(source_text, 80))] if source_text else []
    known = Row("Code", code(booking))
    return (*_customer_rows(booking), *service_rows(booking), *_price(booking), *money, known, *source)


def when(booking: BookingFacts) -> Row:
    """When it is or was, where that is not the point of the mail."""
    moment = moment_of(booking)
    return Row("When", f"{moment.date}, {moment.time}" + (f" ({moment.zone})" if moment.zone else ""))


def service_rows(booking: BookingFacts) -> Iterator[Row]:
    """What was booked, and with whom; nothing of a discreet booking."""
    if booking.discreet:
        return
    yield Row("Service", one_line(booking.service_label, 200))
    if booking.resource_name:
        yield Row("With", one_line(booking.resource_name, 80))


def amount(label: str, text: str | None) -> Iterator[Row]:
    """A row with an amount, where there is one."""
    if text:
        yield Row(label, one_line(text, 80))


def _place(booking: BookingFacts) -> Iterator[Row]:
    if booking.tenant_address:
        address = one_line(booking.tenant_address, 300)
        map_url = f"https://www.google.com/maps/search/?api=1&query={quote(address, safe='')}"
        yield Row("Where", address, map_url, "Directions")


def _price(booking: BookingFacts) -> Iterator[Row]:
    yield from amount("Price", booking.price_text)


def _customer_rows(booking: BookingFacts) -> Iterator[Row]:
    yield Row("Customer", customer(booking))
    email = one_line(booking.customer_email, 320)
    yield Row("Email", email, mailto(email, f"Your {noun(booking)} {code(booking)}"))
    if booking.customer_phone:
        phone = one_line(booking.customer_phone, 40)
        yield Row("Phone", phone, tel(phone))
