"""One plain booking that the tests of this folder bend to their needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from handled.kit import clock, site
from handled.notifications.email.message import Mail
from handled.notifications.facts import Answer, BookingFacts
from handled.notifications.messages import BookingConfirmed, NewBooking, Notification
from handled.notifications.render import render
from tests.notifications.every_kind import REQUEST


@pytest.fixture
def booking() -> BookingFacts:
    pacific = ZoneInfo("America/Los_Angeles")
    return BookingFacts(
        tenant_name="Juniper & Oak Hair Studio",
        tenant_email="hello@juniper.example",
        tenant_address="218 Fern Street, Portland",
        tenant_phone="+1 503 555 0142",
        timezone="America/Los_Angeles",
        accent="#7a4b9d",
        service_label="Cut & blow-dry",
        resource_name="Mia",
        starts_at=datetime(2026, 3, 3, 11, 0, tzinfo=pacific),
        ends_at=datetime(2026, 3, 3, 11, 45, tzinfo=pacific),
        price_text="$45.00",
        policy_lines=("Free to cancel until 24 hours before.",),
        code="BK-7F3K2Q",
        customer_name="Anna Núñez",
        customer_email="anna@example.com",
        customer_phone="+1 503 555 0188",
        notes="First visit.\nLong hair!",
        answers=(Answer("Any allergies?", "None that I know of"),),
        uid="booking-1@mail.example",
        changed_at=datetime(2026, 3, 1, 20, 0, tzinfo=UTC),
        manage_path="/b/managetoken",
        again_path="/c/juniper",
    )


@pytest.fixture(autouse=True)
def origin(monkeypatch: pytest.MonkeyPatch) -> str:
    """Where customers find this installation."""
    address = "https://desk.example"
    monkeypatch.setattr(site, "_origin", address)
    return address


@pytest.fixture
def mail_of() -> Callable[[Notification], Mail]:
    def mail_of(notification: Notification) -> Mail:
        return render(notification, UUID(int=7), from_address="bookings@mail.example", mail_domain="mail.example")

    return mail_of


@pytest.fixture
def confirmed(booking: BookingFacts, mail_of: Callable[[Notification], Mail]) -> Mail:
    return mail_of(BookingConfirmed(booking, REQUEST))


@pytest.fixture
def announced(booking: BookingFacts, mail_of: Callable[[Notification], Mail]) -> Mail:
    return mail_of(NewBooking(booking))


@pytest.fixture
def start_clock_at() -> Iterator[Callable[[datetime], None]]:
    yield clock.start_at
    clock.run_free()
