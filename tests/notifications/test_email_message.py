"""What a mail refuses to carry, and the bytes it becomes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handled.notifications.email.message import HeaderRefused, Mail, as_bytes
from handled.notifications.wording import one_line

PLAIN = Mail(
    subject="Your booking",
    html="<p>Hello</p>",
    text="Hello",
    to_name="Anna",
    to_address="anna@example.com",
    from_name="Juniper",
    from_address="bookings@mail.example",
    reply_to_name="Juniper",
    reply_to_address="hello@juniper.example",
    message_id="<1@mail.example>",
)

SMUGGLED = {
    "carriage return and line feed": "x\r\nBcc: eve@example.com",
    "line feed": "x\nBcc: eve@example.com",
    "carriage return": "x\rBcc: eve@example.com",
    "folded line": "x\r\n Bcc: eve@example.com",
    "null": "x\x00Bcc: eve@example.com",
    "vertical tab": "x\x0bBcc: eve@example.com",
    "next line": "x\x85Bcc: eve@example.com",
    "line separator": "x\u2028Bcc: eve@example.com",
    "paragraph separator": "x\u2029Bcc: eve@example.com",
    "half a surrogate pair": "x\ud800",
}


def parsed(mail: Mail) -> EmailMessage:
    message = message_from_bytes(as_bytes(mail), policy=default)
    assert isinstance(message, EmailMessage)
    return message


@pytest.mark.parametrize("value", SMUGGLED.values(), ids=SMUGGLED.keys())
@pytest.mark.parametrize("place", ["subject", "to_name", "from_name", "reply_to_name"])
def test_a_line_break_in_a_header_is_refused(place: str, value: str) -> None:
    with pytest.raises(HeaderRefused, match="header may hold no line break"):
        replace(PLAIN, **{place: value})


@pytest.mark.parametrize("place", ["to_address", "from_address", "reply_to_address"])
@pytest.mark.parametrize(
    "address",
    [
        "anna@example.com\r\nBcc: eve@example.com",
        "anna@example.com\n",
        "anna@example.com, eve@example.com",
        "anna@example.com;eve@example.com",
        "Anna <anna@example.com>",
        "<anna@example.com>",
        "anna@example.com eve@example.com",
        "anna(eve)@example.com",
        '"a b"@example.com',
        "anna@eve@example.com",
        "anna@exämple.com",
        "anna",
        "@example.com",
        "anna@",
        "",
    ],
)
def test_what_is_not_one_plain_address_is_refused(place: str, address: str) -> None:
    with pytest.raises(HeaderRefused):
        replace(PLAIN, **{place: address})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-Note", "x\r\nBcc: eve@example.com"),
        ("X-Note\r\nBcc", "eve@example.com"),
        ("Bcc", "eve@example.com"),
        ("subject", "another"),
        ("Content-Type", "text/html"),
        ("X Note", "x"),
        ("X-Note:", "x"),
        ("", "x"),
    ],
)
def test_a_further_header_can_neither_smuggle_nor_replace_another(name: str, value: str) -> None:
    with pytest.raises(HeaderRefused):
        replace(PLAIN, headers={name: value})


@pytest.mark.parametrize("message_id", ["1@mail.example", "<1@mail.example>\r\nX: y", "<1>", "<a b@mail.example>", ""])
def test_an_odd_message_id_is_refused(message_id: str) -> None:
    with pytest.raises(HeaderRefused):
        replace(PLAIN, message_id=message_id)


def test_an_overlong_header_is_refused() -> None:
    with pytest.raises(HeaderRefused, match="10000 characters"):
        replace(PLAIN, subject="x" * 10_000)


def test_the_same_mail_gives_the_same_bytes_but_for_its_date(
    start_clock_at: Callable[[datetime], None],
) -> None:
    mail = replace(PLAIN, ics=b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    start_clock_at(datetime(2026, 3, 1, 7, 0, tzinfo=UTC))
    earlier = as_bytes(mail)
    start_clock_at(datetime(2026, 3, 2, 8, 30, tzinfo=UTC))
    later = as_bytes(mail)
    changed = [(a, b) for a, b in zip(earlier.split(b"\r\n"), later.split(b"\r\n"), strict=True) if a != b]
    assert [a for a, _ in changed] == [b"Date: Sun, 01 Mar 2026 07:00:00 +0000"]
    assert [b for _, b in changed] == [b"Date: Mon, 02 Mar 2026 08:30:00 +0000"]


def test_text_html_and_invite_are_alternatives_and_the_invite_is_attached_too() -> None:
    ics = b"BEGIN:VCALENDAR\r\nSUMMARY:F\xc3\xaate\r\nEND:VCALENDAR\r\n"
    message = parsed(replace(PLAIN, ics=ics, ics_method="CANCEL"))
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]
    inline, attached = list(message.walk())[4:]
    assert inline.get_param("method") == "CANCEL"
    assert inline.get_content_charset() == "utf-8"
    assert inline.get_payload(decode=True) == ics
    assert attached.get_filename() == "invite.ics"
    assert attached.get_payload(decode=True) == ics


def test_a_mail_without_appointment_is_just_text_and_html() -> None:
    assert [part.get_content_type() for part in parsed(PLAIN).walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


def test_what_travels_is_seven_bit_in_short_lines_ended_by_crlf() -> None:
    long = "Grüße 👋🏽 " * 3000
    data = as_bytes(replace(PLAIN, text=long, html=f"<p>{long}</p>", subject="Grüße 👋🏽 " * 20, ics=long.encode()))
    assert data.isascii()
    assert b"\n" not in data.replace(b"\r\n", b"") and b"\r" not in data.replace(b"\r\n", b"")
    assert max(len(line) for line in data.split(b"\r\n")) <= 78


def read(value: str) -> str:
    """A header as mail programs read it: encoded words side by side join without a space."""
    return str(make_header(decode_header(value)))


@given(st.text(max_size=200))
def test_any_name_arrives_as_it_was_given_and_adds_no_header(name: str) -> None:
    name = one_line(name, 64)
    message = message_from_bytes(as_bytes(replace(PLAIN, to_name=name, subject=f"For {name}")))
    shown, address = parseaddr(message["To"].replace("\r\n ", " "))
    assert (read(shown), address) == (name, "anna@example.com")
    assert read(message["Subject"]) == f"For {name}"
    assert set(message.keys()) == {
        "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type",
    }  # fmt: skip


@pytest.mark.parametrize(
    "name",
    [
        'Anna "the knife" O\'Neil, Jr.',
        "Núñez, Ana <eve@example.com>",
        "eve@example.com",
        "شركة الزيتون للتجميل والعناية",
        "👩🏽‍🦱 Salón de Ana 💇",
        "=?utf-8?q?Eve?=",
        "a\\b",
        "Müller, Schmidt & Söhne; Friseurmeister (seit 1902) Aachen",
    ],
)
def test_awkward_names_survive_the_journey(name: str) -> None:
    message = message_from_bytes(as_bytes(replace(PLAIN, from_name=name)))
    shown, address = parseaddr(message["From"].replace("\r\n ", " "))
    assert (read(shown), address) == (name, "bookings@mail.example")


def test_an_address_beyond_ascii_says_that_it_needs_utf8() -> None:
    mail = replace(PLAIN, to_address="añа@example.com")
    assert mail.needs_utf8
    assert "añа@example.com".encode() in as_bytes(mail)
    assert not PLAIN.needs_utf8
