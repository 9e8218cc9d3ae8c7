"""Calendar objects, parsed back with the eyes of a calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from handled.bookings.calendar import invite
from handled.notifications.facts import BookingFacts

NEW_YORK = ZoneInfo("America/New_York")
BOOKING = BookingFacts(
    tenant_name="Juniper & Oak",
    tenant_email="hello@juniper.example",
    tenant_address="218 Fern Street; Back yard, Portland",
    tenant_phone="+1 503 555 0142",
    timezone="America/New_York",
    service_label="Cut, colour; blow-dry",
    resource_name="Mia",
    starts_at=datetime(2026, 3, 3, 11, 0, tzinfo=NEW_YORK),
    ends_at=datetime(2026, 3, 3, 11, 45, tzinfo=NEW_YORK),
    price_text="$45.00",
    policy_lines=("Free to cancel until 24 hours before.",),
    code="BK-7F3K2Q",
    customer_name="Anna Núñez",
    customer_email="anna@example.com",
    notes="please ring twice",
    uid="booking-1@mail.example",
    changed_at=datetime(2026, 3, 1, 12, 0, tzinfo=UTC),
)


def parsed(booking: BookingFacts, method: Any = "REQUEST") -> tuple[Any, Any]:
    """The calendar and its only event, after the checks every reader makes."""
    content = invite(booking, method).content
    assert all(len(line.encode()) <= 75 for line in content.split("\r\n"))
    assert "\n" not in content.replace("\r\n", "")
    calendar = Calendar.from_ical(content)
    [event] = calendar.subcomponents
    assert event.name == "VEVENT"
    assert event.errors == []
    return calendar, event


def test_a_request_says_who_what_when_and_where() -> None:
    calendar, event = parsed(BOOKING)
    assert (calendar["method"], calendar["version"]) == ("REQUEST", "2.0")
    assert event["uid"] == "booking-1@mail.example"
    assert event["sequence"] == 0
    assert event["status"] == "CONFIRMED"
    assert event["summary"] == "Cut, colour; blow-dry · Juniper & Oak"
    assert event["location"] == "218 Fern Street; Back yard, Portland"
    assert event["dtstamp"].dt == datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    assert event["organizer"] == "mailto:hello@juniper.example"
    assert event["organizer"].params["CN"] == "Juniper & Oak"
    assert event["attendee"] == "mailto:anna@example.com"
    assert event["attendee"].params["PARTSTAT"] == "ACCEPTED"


@pytest.mark.parametrize(
    "words",
    [
        "BK-7F3K2Q",
        "Mia",
        "$45.00",
        "Free to cancel until",
        "hello@juniper.example",
        "+1 503 555 0142",
        "11:00 am",
        "Eastern",
    ],
)
def test_the_description_has_what_one_looks_for_on_the_day(words: str) -> None:
    assert words in parsed(BOOKING)[1]["description"]


@pytest.mark.parametrize(
    ("zone", "start", "utc"),
    [
        (
            "America/New_York",
            "2026-03-08T01:30",
            "2026-03-08T06:30",
        ),  # the last half hour before clocks go forward
        ("America/New_York", "2026-03-08T03:00", "2026-03-08T07:00"),  # the first moment after
        ("America/New_York", "2026-11-01T01:30", "2026-11-01T05:30"),  # the first of two
        ("Europe/Madrid", "2026-03-29T03:00", "2026-03-29T01:00"),
        ("Europe/Madrid", "2026-10-25T10:00", "2026-10-25T09:00"),
        ("Australia/Lord_Howe", "2026-10-04T10:00", "2026-10-03T23:00"),  # half an hour of summer time
        ("Asia/Kathmandu", "2026-06-01T09:00", "2026-06-01T03:15"),
        ("Pacific/Kiritimati", "2026-06-01T09:00", "2026-05-31T19:00"),
    ],
)
def test_the_instant_is_right_on_both_sides_of_a_clock_change(zone: str, start: str, utc: str) -> None:
    starts_at = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(zone))
    ends_at = (starts_at.astimezone(UTC) + timedelta(minutes=45)).astimezone(ZoneInfo(zone))
    _, event = parsed(replace(BOOKING, timezone=zone, starts_at=starts_at, ends_at=ends_at))
    assert event["dtstart"].dt == datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert event["dtend"].dt - event["dtstart"].dt == timedelta(minutes=45)


def test_the_second_of_two_equal_hours_is_not_the_first() -> None:
    second = datetime(2026, 11, 1, 1, 30, tzinfo=NEW_YORK, fold=1)
    _, event = parsed(replace(BOOKING, starts_at=second, ends_at=second + timedelta(hours=1)))
    assert event["dtstart"].dt == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/Madrid", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
@pytest.mark.parametrize("day", [date(2026, 3, 8), date(2026, 3, 29), date(2026, 10, 25), date(2026, 11, 1)])
@pytest.mark.parametrize("end", [timedelta(days=1), timedelta(hours=23, minutes=59), timedelta(hours=0)])
def test_a_whole_day_is_one_date_without_a_zone(zone: str, day: date, end: timedelta) -> None:
    midnight = datetime.combine(day, time.min)
    whole = replace(
        BOOKING,
        whole_day=True,
        timezone=zone,
        starts_at=midnight.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC),
        ends_at=(midnight + end).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC),
    )
    _, event = parsed(whole)
    assert (event["dtstart"].dt, event["dtend"].dt) == (day, day + timedelta(days=1))
    assert event["dtstart"].params["VALUE"] == "DATE"
    assert "All day" in event["description"]


def test_several_days_end_on_the_day_after_the_last() -> None:
    starts_at = datetime(2026, 3, 7, tzinfo=NEW_YORK)
    _, event = parsed(
        replace(BOOKING, whole_day=True, starts_at=starts_at, ends_at=datetime(2026, 3, 10, tzinfo=NEW_YORK))
    )
    assert (event["dtstart"].dt, event["dtend"].dt) == (date(2026, 3, 7), date(2026, 3, 10))


def test_a_later_version_keeps_its_identity_and_counts_up() -> None:
    moved = replace(
        BOOKING,
        sequence=2,
        starts_at=BOOKING.starts_at + timedelta(days=1),
        ends_at=BOOKING.ends_at + timedelta(days=1),
    )
    _, before = parsed(BOOKING)
    _, after = parsed(moved)
    assert before["uid"] == after["uid"]
    assert (before["sequence"], after["sequence"]) == (0, 2)


def test_a_cancellation_takes_the_same_event_out() -> None:
    calendar, event = parsed(replace(BOOKING, sequence=1), "CANCEL")
    assert calendar["method"] == "CANCEL"
    assert event["status"] == "CANCELLED"
    assert event["uid"] == BOOKING.uid
    assert event["attendee"] == "mailto:anna@example.com"


def test_the_businesss_own_copy_is_named_after_the_customer_and_asks_nobody() -> None:
    calendar, event = parsed(BOOKING, "PUBLISH")
    assert calendar["method"] == "PUBLISH"
    assert event["summary"] == "Cut, colour; blow-dry · Anna Núñez"
    assert "attendee" not in event


def test_the_businesss_own_copy_of_a_cancelled_one_says_so_and_blocks_nothing() -> None:
    calendar = Calendar.from_ical(invite(replace(BOOKING, sequence=1), "PUBLISH", cancelled=True).content)
    [event] = calendar.walk("VEVENT")
    assert (calendar["method"], event["status"], event["transp"]) == ("PUBLISH", "CANCELLED", "TRANSPARENT")
    assert (event["uid"], event["sequence"]) == (BOOKING.uid, 1)


def test_a_discreet_appointment_tells_the_calendar_nothing_about_itself() -> None:
    for method in ("REQUEST", "PUBLISH", "CANCEL"):
        content = invite(replace(BOOKING, discreet=True), method).content.replace("\r\n ", "")
        assert "Cut" not in content and "Mia" not in content and "ring twice" not in content
        assert "Appointment" in content


def test_the_same_booking_gives_the_same_content() -> None:
    assert invite(BOOKING) == invite(BOOKING)


HOSTILE = [
    "a\r\nATTENDEE:mailto:eve@example.com",
    "a\nEND:VEVENT\nBEGIN:VEVENT\nSUMMARY:b",
    "a\\nDTSTART:20200101",
    'a";X=1:mailto:eve@example.com',
    "a,b;c:d",
    "a\u2028b\x00c\x0bd",
    "a^nb^'c",
    "👩🏽‍🦱" * 400,
    "x" * 10_000,
]


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_add_no_property(words: str) -> None:
    hostile = replace(
        BOOKING, tenant_name=words, tenant_address=words, tenant_phone=words, service_label=words, code=words,
        resource_name=words, price_text=words, policy_lines=(words,), customer_name=words, uid=words,
        customer_email=f"{words}@example.com", tenant_email=f"{words}@example.com",
    )  # fmt: skip
    _, plain = parsed(BOOKING)
    _, event = parsed(hostile)
    assert set(event.keys()) == set(plain.keys())
    assert event["dtstart"].dt == plain["dtstart"].dt
    assert set(event["attendee"].params) == set(plain["attendee"].params)


@given(st.text(max_size=300))
def test_any_words_are_read_back_from_a_calendar_that_stays_whole(words: str) -> None:
    _, event = parsed(replace(BOOKING, service_label=words, customer_name=words, tenant_address=words or "x"))
    assert event["dtend"].dt == datetime(2026, 3, 3, 16, 45, tzinfo=UTC)
    assert str(event["summary"]).endswith("· Juniper & Oak")
