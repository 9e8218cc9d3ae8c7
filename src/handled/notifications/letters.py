"""What each kind of mail says: its recipient, subject, template and the words that go into it.

Everything a template gets from here is fit for a single line and for plain text; HTML escapes it once more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal
from urllib.parse import quote

from handled.notifications.messages import BookingConfirmed, BookingFacts, NewBooking
from handled.notifications.moments import moment_of
from handled.notifications.wording import one_line, quoted_lines

Words = dict[str, Any]


@dataclass(frozen=True)
class Letter:
    """One kind of mail. `template` is the name of its `.html` and `.txt`; `words` makes what they need, with
    `subject` and `preheader` among it."""

    template: str
    audience: Literal["customer", "tenant"]
    words: Callable[[Any], Words]


@dataclass(frozen=True)
class Row:
    """A line of a table of details. With `link_text` the link stands beside the value, else the value is
    it."""

    label: str
    value: str
    href: str | None = None
    link_text: str | None = None


@dataclass(frozen=True)
class _Business:
    name: str
    initial: str
    email: str
    email_href: str
    address: str | None
    phone: str | None
    phone_href: str | None


@dataclass(frozen=True)
class _Answer:
    question: str
    lines: list[str]


def _booking_confirmed(notification: BookingConfirmed) -> Words:
    booking = notification.booking
    words = _booking_words(booking)
    title = f"Your {_noun(booking)} is confirmed"
    what = "" if booking.discreet else f" {one_line(booking.service_label, 80)},"
    return {
        **words,
        "title": title,
        "lead": f"Hello {words['customer_name']}, we look forward to seeing you.",
        "subject": f"{title}:{what} {words['moment'].short}",
        "details": list(_customer_rows(booking)),
        "manage_url": notification.manage_url,
        "has_invite": notification.invite is not None,
    }


def _new_booking(notification: NewBooking) -> Words:
    booking = notification.booking
    words = _booking_words(booking)
    what = "an appointment" if booking.discreet else one_line(booking.service_label, 80)
    subject_what = "" if booking.discreet else f" {what},"
    title = f"New {_noun(booking)}"
    return {
        **words,
        "title": title,
        "lead": f"{words['customer_name']} booked {what}.",
        "subject": f"[HANDLED] {title}:{subject_what} {words['moment'].short}, {words['customer_name']}",
        "details": list(_tenant_rows(booking, notification.source_text)),
        "notes": [] if booking.discreet else quoted_lines(booking.notes or ""),
        "answers": list(_answers(booking)),
        "dashboard_url": notification.dashboard_url,
    }


LETTERS: Mapping[str, Letter] = MappingProxyType(
    {
        "booking_confirmed": Letter("booking_confirmed", "customer", _booking_confirmed),
        "new_booking": Letter("new_booking", "tenant", _new_booking),
    }
)


def _booking_words(booking: BookingFacts) -> Words:
    moment = moment_of(booking)
    return {
        "business": _business(booking),
        "customer_name": one_line(booking.customer_name, 80),
        "code": one_line(booking.code, 20),
        "moment": moment,
        "policy_lines": [one_line(line, 500) for line in booking.policy_lines if line.strip()],
        "preheader": f"{moment.date} · {moment.time} · {one_line(booking.code, 20)}",
    }


def _customer_rows(booking: BookingFacts) -> Iterator[Row]:
    yield from _service_rows(booking)
    if booking.tenant_address:
        address = one_line(booking.tenant_address, 300)
        map_url = f"https://www.google.com/maps/search/?api=1&query={quote(address, safe='')}"
        yield Row("Where", address, map_url, "Directions")
    if booking.price_text:
        yield Row("Price", one_line(booking.price_text, 80))


def _tenant_rows(booking: BookingFacts, source_text: str | None) -> Iterator[Row]:
    yield Row("Customer", one_line(booking.customer_name, 80))
    email = one_line(booking.customer_email, 320)
    yield Row("Email", email, _mailto(email, f"Your {_noun(booking)} {one_line(booking.code, 20)}"))
    if booking.customer_phone:
        phone = one_line(booking.customer_phone, 40)
        yield Row("Phone", phone, _tel(phone))
    yield from _service_rows(booking)
    if booking.price_text:
        yield Row("Price", one_line(booking.price_text, 80))
    yield Row("Code", one_line(booking.code, 20))
    if source_text:
        yield Row("Source", one_line(source_text, 80))


def _service_rows(booking: BookingFacts) -> Iterator[Row]:
    if booking.discreet:
        return
    yield Row("Service", one_line(booking.service_label, 200))
    if booking.resource_name:
        yield Row("With", one_line(booking.resource_name, 80))


def _answers(booking: BookingFacts) -> Iterator[_Answer]:
    if not booking.discreet:
        for answer in booking.answers:
            lines = quoted_lines(answer.answer)
            if lines:
                yield _Answer(one_line(answer.question, 200), lines)


def _business(booking: BookingFacts) -> _Business:
    email = one_line(booking.tenant_email, 320)
    phone = one_line(booking.tenant_phone, 40) if booking.tenant_phone else None
    name = one_line(booking.tenant_name, 80)
    return _Business(
        name=name,
        initial=next((c.upper() for c in name if c.isalnum()), ""),
        email=email,
        email_href=_mailto(email),
        address=one_line(booking.tenant_address, 300) if booking.tenant_address else None,
        phone=phone,
        phone_href=_tel(phone) if phone else None,
    )


def _noun(booking: BookingFacts) -> str:
    return "appointment" if booking.discreet else "booking"


def _mailto(address: str, subject: str = "") -> str:
    return f"mailto:{quote(address, safe='@')}" + (f"?subject={quote(subject, safe='')}" if subject else "")


def _tel(phone: str) -> str:
    return "tel:" + re.sub(r"[^+0-9]", "", phone)
