"""What a booking sends: one mail to the customer and one to the business, once each, whatever the mail server does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.kit import clock
from handled.settings import Settings
from tests.conftest import STUDIO, Running, TenantHandle, at, import_tenant, running
from tests.customers import Customer, Json
from tests.faults import ledger
from tests.jobs.shift import wake_workers
from tests.twins.mail_server import ScriptedHandler, receiving
from tests.waiting import until

MONDAY = at("2026-03-02T09:00:00-05:00")
NEW_YORK = ZoneInfo("America/New_York")
BOTH = ["kim@example.com", "owner@studio.example"]


@pytest.fixture
def post() -> ScriptedHandler:
    """The mail server; a test says what it answers."""
    return ScriptedHandler()


@pytest.fixture
async def mailing(settings: Settings, post: ScriptedHandler) -> AsyncIterator[Running]:
    """The application on a Monday morning in New York, with that mail server."""
    clock.start_at(MONDAY)
    async with receiving(post) as url:
        configured = {"smtp_url": SecretStr(url), "mail_from": "desk@installation.example"}
        async with running(settings.model_copy(update=configured)) as started:
            yield started


async def book(server: Running, studio: TenantHandle, hour: int = 3, email: str = "kim@example.com") -> Json:
    async with Customer.of(server.url, studio.key) as customer:
        await customer.start()
        done = await customer.say(f"haircut on Tuesday at {hour}pm, I am Kim Lee, {email}")
        assert done["proposal"], done
        return (await customer.confirm(done["proposal"]))["booking"]


def states(owner_url: str) -> dict[str, str]:
    return {
        each["recipient"]: each["status"]
        for each in ledger.rows(owner_url, "select recipient, status from notifications")
    }


async def hurried(owner_url: str, reached: Callable[[], bool], what: str) -> None:
    """Until that is so; jobs that wait for their time get it now."""

    async def looked() -> bool:
        if not (is_so := reached()):
            await asyncio.to_thread(wake_workers, owner_url)
        return is_so

    await until(looked, within=30, what=what)


async def settled(owner_url: str) -> None:
    """Until no mail waits any more, and no job of one is left: a job ends after the mail that it has sent."""
    waiting = (
        "select (select count(*) from notifications where status = 'queued')"
        " + (select count(*) from procrastinate_jobs where task_name = 'notifications.send')"
    )
    await hurried(owner_url, lambda: ledger.value(owner_url, waiting) == 0, "no mail waits")


def invite_in(mail: EmailMessage) -> Any:
    [attached] = [each for each in mail.walk() if each.get_filename() == "invite.ics"]
    return icalendar.Calendar.from_ical(attached.get_content().decode())


async def test_customer_and_business_get_one_mail_each(
    mailing: Running, studio: TenantHandle, post: ScriptedHandler, owner_url: str
) -> None:
    booking = await book(mailing, studio)
    await settled(owner_url)
    assert states(owner_url) == dict.fromkeys(BOTH, "sent")
    assert sorted(each for _, recipients, _ in post.accepted for each in recipients) == BOTH
    to_customer, to_business = sorted(post.mails, key=lambda mail: str(mail["To"]))
    assert (to_customer["To"].addresses[0].addr_spec, to_business["To"].addresses[0].addr_spec) == tuple(BOTH)
    for mail in (to_customer, to_business):
        assert mail["From"].addresses[0].addr_spec == "desk@installation.example"
        assert mail["Reply-To"].addresses[0].addr_spec == "owner@studio.example"
        for kind in ("plain", "html"):
            body = mail.get_body((kind,))
            assert body is not None
            text = body.get_content()
            assert booking["code"] in text
            assert "3:00 pm" in text
            assert "New York" in text or "Eastern" in text
            assert "March 3, 2026" in text
    assert to_customer["From"].addresses[0].display_name == "Test Studio"
    assert "Kim Lee" in to_business["Subject"]


async def test_each_mail_brings_the_appointment_for_the_calendar(
    mailing: Running, studio: TenantHandle, post: ScriptedHandler, owner_url: str
) -> None:
    booking = await book(mailing, studio)
    await settled(owner_url)
    events = [invite_in(mail).walk("VEVENT") for mail in post.mails]
    assert [len(each) for each in events] == [1, 1]
    for [event] in events:
        assert event["DTSTART"].dt == datetime(2026, 3, 3, 15, 0, tzinfo=NEW_YORK)
        assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(minutes=45)
        assert booking["bookingId"] in event["UID"]
    assert {str(invite_in(mail)["METHOD"]) for mail in post.mails} == {"REQUEST", "PUBLISH"}


async def test_a_mail_server_that_is_busy_gets_the_same_mail_again(
    mailing: Running, studio: TenantHandle, post: ScriptedHandler, owner_url: str
) -> None:
    post.answers["data"] = "451 4.3.0 later"
    await book(mailing, studio)
    await hurried(owner_url, lambda: len(post.offered) >= 4, "each mail is offered twice")
    assert post.accepted == []
    assert states(owner_url) == dict.fromkeys(BOTH, "queued")
    del post.answers["data"]
    await settled(owner_url)
    assert states(owner_url) == dict.fromkeys(BOTH, "sent")
    assert sorted(each for _, recipients, _ in post.accepted for each in recipients) == BOTH
    ids = {line for mail in post.offered for line in mail.splitlines() if line.startswith(b"Message-ID: ")}
    assert ids == {f"Message-ID: {mail['Message-ID']}".encode() for mail in post.mails}
    assert len(ids) == 2


async def test_each_attempt_waits_longer_than_the_one_before_and_in_the_end_it_is_given_up(
    settings: Settings, studio: TenantHandle, owner_url: str
) -> None:
    clock.start_at(MONDAY)
    post, waits = ScriptedHandler(data="451 4.3.0 later"), list[float]()
    query = (
        "select extract(epoch from scheduled_at - now()) as seconds from procrastinate_jobs"
        " where task_name = 'notifications.send' and status = 'todo' and args->>'notification_id' = %(id)s"
    )
    async with receiving(post) as url, running(settings.model_copy(update={"smtp_url": SecretStr(url)})) as server:
        booking = await book(server, studio)
        mail = "select id, attempts, status from notifications where recipient = 'kim@example.com'"
        [row] = ledger.rows(owner_url, mail)
        for attempt in range(1, 9):
            tried = partial(ledger.value, owner_url, f"select attempts >= %(n)s from ({mail}) mail", n=attempt)
            await until(tried, within=30, what=f"attempt {attempt}")
            waits += [float(each["seconds"]) for each in ledger.rows(owner_url, query, id=str(row["id"]))]
            wake_workers(owner_url)
    assert ledger.rows(owner_url, mail)[0]["status"] == "failed"
    assert len(waits) == 7
    assert all(15 * 2**n - 15 < seconds <= 15 * 2**n for n, seconds in enumerate(waits, 1)), waits
    assert [each["code"] for each in ledger.confirmed_bookings(owner_url)] == [booking["code"]]


async def test_a_refused_recipient_is_written_down_and_the_booking_stands(
    mailing: Running, studio: TenantHandle, post: ScriptedHandler, owner_url: str
) -> None:
    post.answers["rcpt:kim@example.com"] = "550 5.1.1 no such user"
    booking = await book(mailing, studio)
    await settled(owner_url)
    assert states(owner_url) == {"kim@example.com": "failed", "owner@studio.example": "sent"}
    [failed] = ledger.rows(owner_url, "select attempts, last_error from notifications where status = 'failed'")
    assert failed["attempts"] == 1
    assert "550" in failed["last_error"]
    assert [recipients for _, recipients, _ in post.accepted] == [["owner@studio.example"]]
    assert [each["code"] for each in ledger.confirmed_bookings(owner_url)] == [booking["code"]]


async def test_nobody_gets_more_than_three_mails_a_day_from_strangers_who_name_their_address(
    mailing: Running, studio: TenantHandle, post: ScriptedHandler, owner_url: str
) -> None:
    for hour in range(1, 5):
        await book(mailing, studio, hour, "victim@example.com")
    await settled(owner_url)
    query = "select status, count(*) as many from notifications where recipient = 'victim@example.com' group by 1"
    assert {each["status"]: each["many"] for each in ledger.rows(owner_url, query)} == {"sent": 3, "withheld": 1}
    sent = [recipients[0] for _, recipients, _ in post.accepted]
    assert (sent.count("victim@example.com"), sent.count("owner@studio.example")) == (3, 4)
    assert len(ledger.confirmed_bookings(owner_url)) == 4
    # The day after, they may be written to again.
    clock.start_at(MONDAY + timedelta(hours=24, minutes=1))
    await book(mailing, studio, 5, "victim@example.com")
    await settled(owner_url)
    confirmed = "recipient = 'victim@example.com' and kind = 'booking_confirmed' and status = 'sent'"
    assert ledger.value(owner_url, f"select count(*) from notifications where {confirmed}") == 4


async def test_spelling_an_address_another_way_does_not_get_around_the_three_mails(
    mailing: Running, studio: TenantHandle, post: ScriptedHandler, owner_url: str
) -> None:
    for hour, email in enumerate(
        ("victim@example.com", "Victim@Example.com", "VICTIM@EXAMPLE.COM", "vIctim@example.com")
    ):
        await book(mailing, studio, hour + 1, email)
    await settled(owner_url)
    assert [recipients[0].lower() for _, recipients, _ in post.accepted].count("victim@example.com") == 3


async def test_three_mails_a_day_are_counted_also_when_they_are_booked_at_once(
    mailing: Running, engine: AsyncEngine, owner_url: str
) -> None:
    chairs = "resources: [" + ", ".join(f"{{key: c{n}, name: Chair {n}}}" for n in range(5)) + "]\nservices:"
    salon = await import_tenant(engine, STUDIO.replace("services:", chairs))
    # Two at a time: an address may hold no more.
    for hour in (1, 3, 5):
        await asyncio.gather(*(book(mailing, salon, hour, "victim@example.com") for _ in range(2)))
    await settled(owner_url)
    query = "select status, count(*) as many from notifications where recipient = 'victim@example.com' group by 1"
    assert {each["status"]: each["many"] for each in ledger.rows(owner_url, query)} == {"sent": 3, "withheld": 3}


async def test_without_a_mail_server_the_mails_are_in_the_local_mailbox(
    server: Running, studio: TenantHandle, owner_url: str
) -> None:
    clock.start_at(MONDAY)
    booking = await book(server, studio)
    await settled(owner_url)
    async with Customer.of(server.url, studio.key) as customer:
        page = await customer.http.get("/mailbox")
    assert page.status_code == 200
    assert all(each in page.text for each in BOTH)
    assert booking["code"] in page.text or "Haircut" in page.text
