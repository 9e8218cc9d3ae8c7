"""What each kind of mail says: its subject, its lines, and where its links lead."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from zoneinfo import ZoneInfo

import pytest

from handled.notifications.email import HeaderRefused, Mail, as_bytes
from handled.notifications.facts import BookingFacts
from handled.notifications.letters import LETTERS
from handled.notifications.messages import (
    BookingCancelled,
    BookingConfirmed,
    BookingMoved,
    MoveNotice,
    Notification,
    OneTimeCode,
    PaymentAwaited,
    RatingRequest,
    Reminder,
)
from tests.notifications.every_kind import every_kind
from tests.notifications.test_render import Reading, words

MailOf = Callable[[Notification], Mail]
StartClockAt = Callable[[datetime], None]

WHAT = "Cut & blow-dry, Tuesday, March 3 at 11:00 am"
MANAGE = "https://desk.example/b/managetoken"
PAY = "https://desk.example/pay/paytoken"
AGAIN = "https://desk.example/c/juniper"
DAY_BEFORE = datetime(2026, 3, 2, 19, 0, tzinfo=UTC)

SUBJECTS = {
    "payment_awaited": f"Held until 12:35 pm: please pay $20.00 for {WHAT}",
    "booking_confirmed": f"Payment received, your booking is confirmed: {WHAT}",
    "payment_received": f"Payment received: $20.00 for {WHAT}",
    "booking_moved": f"Your booking has moved: {WHAT}",
    "booking_cancelled": f"Your booking is cancelled: {WHAT}",
    "booking_expired": f"No longer held: {WHAT}",
    "late_payment_refunded": f"Refund of $20.00: {WHAT}, could not be booked",
    "refund_made": f"Refund of $20.00: {WHAT}",
    "refund_failed": "Your refund of $20.00 did not get through",
    "reminder": "Reminder: Cut & blow-dry, tomorrow (Tuesday, March 3) at 11:00 am",
    "rating_request": "How was your appointment with Juniper & Oak Hair Studio?",
    "conversation_rating": "How was your chat with Juniper & Oak Hair Studio?",
    "one_time_code": "482193 is your code",
    "login_link": "You are invited: Juniper & Oak Hair Studio",
    "budget_notice": "[HANDLED] 80 % of the day's budget is used: Juniper & Oak Hair Studio",
    "staff_reply": "Juniper & Oak Hair Studio has answered you",
    "escalation": "[HANDLED] Anna Núñez asks for a person",
    "new_booking": f"[HANDLED] New booking: {WHAT}, Anna Núñez",
    "move_notice": f"[HANDLED] Booking moved: {WHAT}, Anna Núñez",
    "cancellation_notice": f"[HANDLED] Booking cancelled: {WHAT}, Anna Núñez",
    "payment_problem": f"[HANDLED] Payment problem: {WHAT}, Anna Núñez",
}

LINES = {
    "payment_awaited": [
        "Held for you until 12:35 pm",
        "nobody else can have this time until 12:35 pm (Pacific Time)",
        "Once you have paid, it is booked.",
        "To pay now $20.00",
        "Due on site $25.00",
        "At 12:35 pm we let go of the time, and you are charged nothing.",
    ],
    "booking_confirmed": [
        "your payment of $20.00 has arrived, and we look forward to seeing you",
        "Paid $20.00",
        "Due on site $25.00",
        "Free to cancel until 24 hours before.",
        "The attached invite puts it in your calendar.",
    ],
    "payment_received": ["We have received your payment of $20.00.", "Paid $20.00", "Due on site $25.00", "BK-7F3K2Q"],
    "booking_moved": [
        "as you asked, it has moved",
        "Tuesday, March 3, 2026 11:00 am – 11:45 am Pacific Time",
        "Before: Monday, March 2, 2026, 11:00 am – 11:45 am",
        "Still to pay $15.00",
        "BK-7F3K2Q",
    ],
    "booking_cancelled": [
        "as you asked, this booking is cancelled",
        "Cancellation fee $25.00",
        "Refund $20.00",
        "$20.00 is on its way back to you",
        "The attached file takes it out of your calendar.",
    ],
    "booking_expired": ["no payment reached us in time", "You were charged nothing.", "Shall we look again?"],
    "late_payment_refunded": [
        "your payment of $20.00 came when this time was no longer to be had. We are sorry about that.",
        "$20.00 is on its way back to you",
    ],
    "refund_made": [
        "Juniper & Oak Hair Studio gives you $20.00 back. Your booking stays as it is.",
        "$20.00 is on its way back to you",
        "BK-7F3K2Q",
    ],
    "refund_failed": ["did not accept the $20.00 that we sent back", "The money is still yours"],
    "reminder": ["See you tomorrow", "Due on site $25.00", "218 Fern Street, Portland", "BK-7F3K2Q"],
    "rating_request": ["How was it?", "thank you for coming", "Cut & blow-dry"],
    "conversation_rating": ["How was it?", "thank you for writing to us", "you confirmed this address in the chat"],
    "one_time_code": ["482193", "for 10 minutes", "will ever ask you for it"],
    "login_link": ["Olga has invited you to the dashboard of Juniper & Oak Hair Studio", "once, for 15 minutes"],
    "budget_notice": ["When all of it is used up", "book, move and cancel as before", "Used $4.02", "Budget $5.00"],
    "staff_reply": [
        "Mia has answered you",
        "you were no longer in the chat when the answer came",
        "Yes, we do bridal hair.",
        "When is it?",
    ],
    "escalation": [
        "Anna Núñez asked for a person in the chat.",
        "Long hair!",
        "Looked for free times",
        "Assistant: One moment.",
        "Booking Haircut, Tuesday, March 3 at 11:00 am, BK-7F3K2Q",
    ],
    "new_booking": ["Anna Núñez booked Cut & blow-dry.", "Paid $20.00", "Source Chat on your website", "Long hair!"],
    "move_notice": [
        "Anna Núñez moved Cut & blow-dry.",
        "Before: Monday, March 2, 2026, 11:00 am – 11:45 am",
        "Refund $5.00",
    ],
    "cancellation_notice": [
        "Anna Núñez cancelled Cut & blow-dry. The time is free again.",
        "Cancellation fee $25.00",
        "Refund $20.00",
    ],
    "payment_problem": [
        "The bank refused the refund of $20.00: please settle it with Anna Núñez yourself.",
        "Tuesday, March 3, 2026, 11:00 am – 11:45 am (Pacific Time)",
    ],
}

RATING = {
    *(f"https://desk.example/rate/ratetoken?stars={stars}" for stars in range(1, 6)),
    "https://desk.example/refuse/refusetoken",
}
LINKS = {
    "payment_awaited": {PAY, MANAGE},
    "booking_confirmed": {MANAGE},
    "payment_received": {MANAGE},
    "booking_moved": {PAY, MANAGE},
    "booking_cancelled": {AGAIN, MANAGE},
    "booking_expired": {AGAIN, MANAGE},
    "late_payment_refunded": {AGAIN, MANAGE},
    "refund_made": {MANAGE},
    "refund_failed": {MANAGE},
    "reminder": {MANAGE},
    "rating_request": {*RATING, MANAGE},
    "conversation_rating": RATING,
    "staff_reply": {AGAIN},
    "login_link": {"https://desk.example/dashboard/login/logintoken"},
    "escalation": {"https://desk.example/escalation/escalationtoken"},
}

KINDS = sorted(LETTERS)


@pytest.fixture
def mails(booking: BookingFacts, mail_of: MailOf, start_clock_at: StartClockAt) -> dict[str, Mail]:
    """One of every kind, written the day before the appointment."""
    start_clock_at(DAY_BEFORE)
    return {kind: mail_of(notification) for kind, notification in every_kind(booking).items()}


@pytest.mark.parametrize("kind", KINDS)
def test_the_subject_says_what_it_is_about(kind: str, mails: dict[str, Mail]) -> None:
    assert mails[kind].subject == SUBJECTS[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_it_says_the_same_in_html_and_in_text(kind: str, mails: dict[str, Mail]) -> None:
    for line in LINES[kind]:
        assert line in words(mails[kind])
        assert bare(line) in bare(mails[kind].text)


def bare(text: str) -> str:
    """Its words and amounts, whatever stands between them."""
    return " ".join(re.findall(r"[\w$.'-]+", text.lower()))


@pytest.mark.parametrize("kind", KINDS)
def test_its_links_lead_to_this_installation_and_stand_in_the_text_too(kind: str, mails: dict[str, Mail]) -> None:
    wanted = LINKS.get(kind, set())
    ours = {link for link in Reading(mails[kind].html).links if link.startswith("https://desk.example/")}
    assert ours == wanted
    assert {line for line in mails[kind].text.splitlines() if line.startswith("https://")} == wanted


@pytest.mark.parametrize("kind", KINDS)
def test_replies_go_to_the_business_and_the_business_is_told_apart(kind: str, mails: dict[str, Mail]) -> None:
    mail = mails[kind]
    assert mail.reply_to_address == "hello@juniper.example"
    to_business = LETTERS[kind].audience == "business"
    assert mail.to_address == ("hello@juniper.example" if to_business else "anna@example.com")
    assert mail.subject.startswith("[HANDLED] ") == to_business


@pytest.mark.parametrize(
    ("kind", "method"),
    {
        "booking_confirmed": "REQUEST",
        "booking_moved": "REQUEST",
        "reminder": "REQUEST",
        "booking_cancelled": "CANCEL",
        "new_booking": "PUBLISH",
        "move_notice": "PUBLISH",
        "cancellation_notice": "PUBLISH",
    }.items(),
)
def test_an_appointment_comes_along_for_the_calendar(kind: str, method: str, mails: dict[str, Mail]) -> None:
    assert (mails[kind].ics is not None, mails[kind].ics_method) == (True, method)


@pytest.mark.parametrize("kind", ["payment_awaited", "payment_received", "booking_expired", "one_time_code"])
def test_what_is_no_appointment_brings_none(kind: str, mails: dict[str, Mail]) -> None:
    assert mails[kind].ics is None


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("smuggled", ["x\r\nBcc: eve@example.com", "x\n\nHi", "x\u2028y", "x\x00y"])
def test_no_name_adds_a_header_to_any_kind(kind: str, smuggled: str, booking: BookingFacts, mail_of: MailOf) -> None:
    hostile = replace(booking, tenant_name=smuggled, customer_name=smuggled, service_label=smuggled, code=smuggled)
    mail = message_from_bytes(as_bytes(mail_of(every_kind(hostile)[kind])), policy=default)
    plain = message_from_bytes(as_bytes(mail_of(every_kind(booking)[kind])), policy=default)
    assert mail.keys() == plain.keys()
    assert "Bcc" not in mail


@pytest.mark.parametrize("kind", KINDS)
def test_no_address_becomes_two_in_any_kind(kind: str, booking: BookingFacts, mail_of: MailOf) -> None:
    two = "a@example.com\r\nBcc: eve@example.com"
    with pytest.raises(HeaderRefused):
        mail_of(every_kind(replace(booking, customer_email=two, tenant_email=two))[kind])


def test_a_confirmation_without_payment_speaks_of_none(booking: BookingFacts, mail_of: MailOf) -> None:
    mail = mail_of(BookingConfirmed(booking))
    assert mail.subject == f"Your booking is confirmed: {WHAT}"
    assert "Hello Anna Núñez, we look forward to seeing you." in words(mail)
    assert "ayment" not in mail.text and "Paid" not in mail.text and "Due on site" not in mail.text


def test_a_hold_that_ends_after_midnight_says_on_which_day(booking: BookingFacts, mail_of: MailOf) -> None:
    until = datetime(2026, 3, 2, 0, 10, tzinfo=ZoneInfo("America/Los_Angeles"))
    mail = mail_of(PaymentAwaited(booking, "$20.00", until, "/pay/x"))
    assert "Held for you until Monday, March 2 at 12:10 am" in mail.text


@pytest.mark.parametrize(
    ("by", "sentence"),
    [
        ("customer", "as you asked, this booking is cancelled."),
        ("business", "Juniper & Oak Hair Studio had to cancel this booking. We are sorry."),
        ("system", "Hello Anna Núñez, this booking is cancelled."),
    ],
)
def test_who_cancelled_is_said(by: str, sentence: str, booking: BookingFacts, mail_of: MailOf) -> None:
    mail = mail_of(BookingCancelled(booking, by=by))  # pyright: ignore[reportArgumentType]
    assert sentence in words(mail)
    assert "Refund" not in mail.text and "fee" not in mail.text


def test_the_business_moving_a_booking_does_not_say_that_the_customer_asked(
    booking: BookingFacts, mail_of: MailOf
) -> None:
    before = booking.starts_at - timedelta(days=1), booking.ends_at - timedelta(days=1)
    mail = mail_of(BookingMoved(booking, *before, by="business"))
    assert "as you asked" not in mail.text and "Juniper & Oak Hair Studio had to move it." in mail.text
    assert "Cut & blow-dry for Anna Núñez was moved." in mail_of(MoveNotice(booking, *before, by="business")).text


@pytest.mark.parametrize(
    ("now", "title", "when"),
    [
        ("2026-03-02T09:00:00-08:00", "See you tomorrow", "tomorrow (Tuesday, March 3) at 11:00 am"),
        ("2026-03-02T23:59:00-08:00", "See you tomorrow", "tomorrow (Tuesday, March 3) at 11:00 am"),
        ("2026-03-03T00:01:00-08:00", "See you today", "today (Tuesday, March 3) at 11:00 am"),
        ("2026-02-24T11:00:00-08:00", "See you soon", "Tuesday, March 3 at 11:00 am"),
    ],
)
def test_a_reminder_says_how_far_away_it_is_when_it_is_sent(
    now: str, title: str, when: str, booking: BookingFacts, mail_of: MailOf, start_clock_at: StartClockAt
) -> None:
    start_clock_at(datetime.fromisoformat(now))
    mail = mail_of(Reminder(booking))
    assert mail.text.startswith(title)
    assert mail.subject == f"Reminder: Cut & blow-dry, {when}"


def test_a_rating_request_can_be_refused_with_one_click(booking: BookingFacts, mail_of: MailOf) -> None:
    path = "/refuse/" + "r" * 66
    mail = mail_of(RatingRequest(booking, "/rate/x", path))
    lines = as_bytes(mail).split(b"\r\n")
    assert f"List-Unsubscribe: <https://desk.example{path}>".encode() in lines
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines
    assert b"List-Unsubscribe" not in as_bytes(mail_of(BookingConfirmed(booking)))


def test_a_one_time_code_says_nothing_of_bookings(booking: BookingFacts, mail_of: MailOf) -> None:
    code = every_kind(booking)["one_time_code"]
    assert isinstance(code, OneTimeCode)
    mail = mail_of(code)
    for word in ("booking", "appointment", "Anna", "BK-", "Cut"):
        assert word not in mail.subject + mail.text + words(mail)
    assert mail.to_name == ""
