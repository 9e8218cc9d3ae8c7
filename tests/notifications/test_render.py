"""What the mails say, and what they do with words that mean harm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes
from html.parser import HTMLParser
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

import handled.notifications
from handled.notifications.email import HeaderRefused, Mail, as_bytes
from handled.notifications.facts import Answer, BookingFacts
from handled.notifications.messages import BookingConfirmed, NewBooking, Notification
from handled.notifications.render import recipient, render
from tests.notifications.every_kind import every_kind

MailOf = Callable[[Notification], Mail]

TEMPLATES = Path(handled.notifications.__file__).parent / "templates"
VOID = {"meta", "br", "img", "hr", "link"}
KNOWN_TAGS = {
    "html", "head", "meta", "title", "style", "body", "div", "table", "tr", "td", "p", "h1", "h2", "a",
    "span", "bdi", "br",
}  # fmt: skip
HOSTILE = '<script>alert(1)</script><img src=x onerror=alert(1)>"\'><a href="javascript:alert(1)">'


class Reading(HTMLParser):
    """The tags, the links and the words of a page; fails where a tag is closed that is not open."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.attributes: set[str] = set()
        self.words = ""
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        self.links.extend(value or "" for name, value in attrs if name in ("href", "src"))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.words += data


def words(mail: Mail) -> str:
    return " ".join(Reading(mail.html).words.split())


@pytest.mark.parametrize(
    "fact",
    [
        "Juniper & Oak Hair Studio",
        "Anna Núñez",
        "Tuesday, March 3, 2026",
        "11:00 am",
        "11:45 am",
        "Cut & blow-dry",
        "Mia",
        "218 Fern Street, Portland",
        "$45.00",
        "BK-7F3K2Q",
        "Free to cancel until 24 hours before.",
        "Reply to this email and it reaches Juniper & Oak Hair Studio",
        "+1 503 555 0142",
        "hello@juniper.example",
    ],
)
def test_the_confirmation_says_it_in_html_and_in_text(confirmed: Mail, fact: str) -> None:
    assert fact in words(confirmed)
    assert fact in confirmed.text


@pytest.mark.parametrize(
    "fact",
    [
        "New booking",
        "Anna Núñez",
        "anna@example.com",
        "+1 503 555 0188",
        "Tuesday, March 3, 2026",
        "11:00 am",
        "Cut & blow-dry",
        "Mia",
        "$45.00",
        "BK-7F3K2Q",
        "First visit.",
        "Long hair!",
        "Any allergies?",
        "None that I know of",
    ],
)
def test_the_business_learns_it_in_html_and_in_text(announced: Mail, fact: str) -> None:
    assert fact in words(announced)
    assert fact in announced.text


def test_the_zone_stands_beside_the_time(confirmed: Mail) -> None:
    assert "Pacific" in words(confirmed)
    assert "Pacific" in confirmed.text


def test_the_customers_mail_comes_in_the_businesss_name_and_is_answered_there(confirmed: Mail) -> None:
    assert (confirmed.from_name, confirmed.from_address) == (
        "Juniper & Oak Hair Studio",
        "bookings@mail.example",
    )
    assert (confirmed.to_name, confirmed.to_address) == ("Anna Núñez", "anna@example.com")
    assert confirmed.reply_to_address == "hello@juniper.example"
    assert confirmed.message_id == "<00000000-0000-0000-0000-000000000007@mail.example>"
    assert confirmed.headers["Auto-Submitted"] == "auto-generated"
    assert confirmed.subject == "Your booking is confirmed: Cut & blow-dry, Tuesday, March 3 at 11:00 am"


def test_the_businesss_mail_is_marked_and_a_reply_to_it_stays_in_the_house(announced: Mail) -> None:
    assert announced.subject.startswith("[HANDLED] New booking: Cut & blow-dry, Tuesday, March 3 at 11:00 am")
    assert announced.to_address == announced.reply_to_address == "hello@juniper.example"
    assert "mailto:anna@example.com?subject=Your%20booking%20BK-7F3K2Q" in Reading(announced.html).links


def test_each_kind_knows_its_recipient(booking: BookingFacts) -> None:
    assert recipient(BookingConfirmed(booking)) == "anna@example.com"
    assert recipient(NewBooking(booking)) == "hello@juniper.example"


def test_a_whole_day_has_a_date_and_no_clock(booking: BookingFacts, mail_of: MailOf) -> None:
    madrid = ZoneInfo("Europe/Madrid")
    day = replace(
        booking,
        whole_day=True,
        timezone="Europe/Madrid",
        starts_at=datetime(2026, 6, 13, tzinfo=madrid),
        ends_at=datetime(2026, 6, 14, tzinfo=madrid),
    )
    mail = mail_of(BookingConfirmed(day))
    assert mail.subject == "Your booking is confirmed: Cut & blow-dry, Saturday, June 13"
    assert "Saturday, June 13, 2026 All day" in words(mail)
    assert "12:00 am" not in mail.html + mail.text


def test_the_time_is_the_businesss_own_whatever_zone_the_fact_came_in(booking: BookingFacts, mail_of: MailOf) -> None:
    utc = ZoneInfo("UTC")
    same = replace(booking, starts_at=booking.starts_at.astimezone(utc), ends_at=booking.ends_at.astimezone(utc))
    assert mail_of(BookingConfirmed(same)) == mail_of(BookingConfirmed(booking))


def test_what_is_not_known_leaves_no_empty_line_behind(booking: BookingFacts, mail_of: MailOf) -> None:
    bare = replace(
        booking, resource_name=None, price_text=None, tenant_address=None, tenant_phone=None, policy_lines=(),
        customer_phone=None, notes=None, answers=(), accent=None,
    )  # fmt: skip
    for mail in (mail_of(BookingConfirmed(bare)), mail_of(NewBooking(bare))):
        assert "None" not in words(mail) and "None" not in mail.text
        assert "\n\n\n" not in mail.text
        for label in ("With", "Where", "Price", "Phone", "tel:"):
            assert label not in mail.text


def test_a_discreet_booking_names_neither_service_nor_what_was_written(booking: BookingFacts, mail_of: MailOf) -> None:
    for kind, notification in every_kind(replace(booking, discreet=True)).items():
        mail = mail_of(notification)
        everything = mail.subject + mail.html + mail.text
        for secret in ("blow-dry", "Mia", "First visit", "allergies", "None that I know of"):
            assert secret not in everything, kind
        assert "booking" not in mail.subject or mail.subject.startswith("[HANDLED]"), kind


def hostile(booking: BookingFacts, words: str) -> BookingFacts:
    return replace(
        booking, tenant_name=words, tenant_address=words, tenant_phone=words, service_label=words,
        resource_name=words, price_text=words, policy_lines=(words,), code=words, customer_name=words,
        customer_phone=words, notes=words, answers=(Answer(words, words),), accent=words,
    )  # fmt: skip


def all_of(booking: BookingFacts, mail_of: MailOf) -> list[Mail]:
    return [*map(mail_of, every_kind(booking).values()), mail_of(NewBooking(booking, source_text=booking.notes))]


def test_hostile_words_stay_words(booking: BookingFacts, mail_of: MailOf) -> None:
    for mail in all_of(hostile(booking, HOSTILE), mail_of):
        page = Reading(mail.html)
        assert page.tags <= KNOWN_TAGS
        assert not any(name.startswith("on") for name in page.attributes)
        ours = ("https://www.google.com/maps/", "mailto:", "tel:", "https://desk.example/")
        assert all(link.startswith(ours) for link in page.links)
        assert "<script>alert(1)</script>" in page.words


@pytest.mark.parametrize("words", ["a\r\nBcc: eve@example.com", "a\nb\nc", "a\u2028b", "a\x00b", "\u202egnp.exe"])
def test_line_breaks_and_reordering_marks_in_a_name_are_folded(
    booking: BookingFacts, mail_of: MailOf, words: str
) -> None:
    def all_but_what_was_written(words: str) -> list[Mail]:
        return all_of(replace(hostile(booking, words), notes="a", answers=()), mail_of)

    for mail, plain in zip(all_but_what_was_written(words), all_but_what_was_written("a"), strict=True):
        assert message_from_bytes(as_bytes(mail)).keys() == message_from_bytes(as_bytes(plain)).keys()
        assert not set("\r\u2028\x00\u202e") & set(mail.subject + mail.text + mail.html)
        assert mail.text.count("\n") == plain.text.count("\n")
        assert mail.html.count("\n") == plain.html.count("\n")


def test_what_a_customer_wrote_cannot_pass_for_the_mails_own_words(booking: BookingFacts, mail_of: MailOf) -> None:
    mail = mail_of(NewBooking(replace(booking, notes="Hi\n\nSettle it here:\nhttps://eve.example")))
    assert "> Hi\n> Settle it here:\n> https://eve.example\n" in mail.text
    assert "https://eve.example" not in Reading(mail.html).links


@pytest.mark.parametrize(
    "words", ["x" * 10_000, "عربي " * 2_000, "👩🏽‍🦱" * 2_500, "e\u0301" * 5_000, " " * 10_000, ""]
)
def test_names_of_any_length_and_script_give_a_mail_of_sensible_size(
    booking: BookingFacts, mail_of: MailOf, words: str
) -> None:
    for mail in all_of(hostile(booking, words), mail_of):
        assert len(mail.subject) <= 180
        assert len(mail.to_name) <= 64
        assert len(mail.html) < 60_000
        assert len(as_bytes(mail)) < 400_000


@pytest.mark.parametrize("address", ["anna@example.com\r\nBcc: eve@example.com", "anna@example.com, eve@example.com"])
def test_an_address_that_is_more_than_one_is_refused(booking: BookingFacts, mail_of: MailOf, address: str) -> None:
    with pytest.raises(HeaderRefused, match="To header"):
        mail_of(BookingConfirmed(replace(booking, customer_email=address)))
    with pytest.raises(HeaderRefused):
        mail_of(BookingConfirmed(replace(booking, tenant_email=address)))


def test_a_domain_beyond_ascii_travels_as_dns_spells_it(booking: BookingFacts, mail_of: MailOf) -> None:
    mail = mail_of(BookingConfirmed(replace(booking, customer_email="anna@bücher.example")))
    assert mail.to_address == "anna@xn--bcher-kva.example"
    assert not mail.needs_utf8


def test_the_same_notification_gives_the_same_mail(booking: BookingFacts) -> None:
    def once() -> Mail:
        return render(BookingConfirmed(booking), UUID(int=9), from_address="a@mail.example", mail_domain="mail.example")

    assert once() == once()


def test_the_page_is_sound_and_fetches_nothing(booking: BookingFacts, mail_of: MailOf) -> None:
    for kind, notification in every_kind(booking).items():
        mail = mail_of(notification)
        page = Reading(mail.html)
        assert page.tags <= KNOWN_TAGS, kind
        assert "url(" not in mail.html and "@import" not in mail.html, kind
        assert len(mail.html.encode()) < 30_000, kind


def test_no_template_lifts_the_escaping_of_a_value() -> None:
    lifted = [
        line.strip()
        for path in sorted(TEMPLATES.glob("*.html"))
        for line in path.read_text().splitlines()
        if "|safe"
        in line.replace(" ", "").replace('"&#847;&zwnj;&nbsp;"|safe*60', "").replace('"&#847;&zwnj;&nbsp;"|safe', "")
        or "autoescape" in line
    ]
    assert lifted == []
