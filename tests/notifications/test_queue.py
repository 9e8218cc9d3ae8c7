"""Queued once, withdrawn when no longer true, and never too much for an address that nobody has verified."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.db.session import tenant_session
from handled.notifications import jobs
from handled.notifications.caps import mailbox_key
from handled.notifications.email import Mail, PermanentFailure, Sender, TemporaryFailure
from handled.notifications.email.postmark import PostmarkSender
from handled.notifications.facts import BookingFacts
from handled.notifications.jobs import Fate
from handled.notifications.messages import BookingConfirmed, Notification
from tests.conftest import STUDIO, TenantHandle, import_tenant
from tests.faults import ledger
from tests.notifications.every_kind import every_kind
from tests.twins.postmark import TOKEN, Postmark
from tests.waiting import until

NOW = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def sunday(start_clock_at: Callable[[datetime], None]) -> None:
    start_clock_at(NOW)


async def queue(
    engine: AsyncEngine,
    tenant: TenantHandle,
    message: Notification,
    *,
    booking_id: UUID | None = None,
    once_key: str | None = None,
) -> Fate:
    async with tenant_session(engine, tenant.id) as session:
        return await jobs.queue(session, tenant.id, message, booking_id=booking_id, once_key=once_key)


def to(booking: BookingFacts, address: str, kind: str = "booking_confirmed") -> Notification:
    return every_kind(replace(booking, customer_email=address))[kind]


def verify(owner_url: str, tenant: TenantHandle, address: str) -> None:
    ledger.change(
        owner_url,
        "insert into conversations (tenant_id, id, token_hash, channel, locale, last_activity_at, verified_email,"
        " verified_at, created_at)"
        " values (%(tenant)s, %(id)s, %(hash)s, 'widget', 'en', now(), %(email)s, now(), now())",
        tenant=tenant.id,
        id=uuid4(),
        hash=uuid4().bytes,
        email=address,
    )


def states(owner_url: str) -> list[str]:
    return [each["status"] for each in ledger.rows(owner_url, "select status from notifications order by id")]


def jobs_queued(owner_url: str) -> int:
    return ledger.value(owner_url, "select count(*) from procrastinate_jobs where task_name = 'notifications.send'")


class Recorded:
    """A sender that keeps what it is given; `failure` is what it raises instead."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.mails: list[Mail] = []
        self.failure = failure

    async def send(self, mail: Mail) -> str:
        self.mails.append(mail)
        if self.failure:
            raise self.failure
        return f"id-{len(self.mails)}"


async def send_all(engine: AsyncEngine, tenant: TenantHandle, owner_url: str, sender: Sender) -> None:
    for each in ledger.rows(owner_url, "select id from notifications order by id"):
        await jobs.send(
            engine, sender, tenant.id, each["id"], from_address="desk@mail.example", mail_domain="mail.example"
        )


# --- once


async def test_of_those_with_the_same_key_there_is_one(
    engine: AsyncEngine, studio: TenantHandle, booking: BookingFacts, owner_url: str
) -> None:
    first, second = [await queue(engine, studio, to(booking, "a@example.com"), once_key="reminder:1") for _ in range(2)]
    other = await queue(engine, studio, to(booking, "a@example.com"), once_key="reminder:2")
    assert (first, second, other) == ("queued", "known", "queued")
    assert jobs_queued(owner_url) == len(states(owner_url)) == 2


async def test_two_transactions_with_the_same_key_queue_one_mail(
    engine: AsyncEngine, studio: TenantHandle, booking: BookingFacts, owner_url: str
) -> None:
    fates = await asyncio.gather(
        *(queue(engine, studio, to(booking, "a@example.com"), once_key="reminder:1") for _ in range(8))
    )
    assert sorted(fates) == ["known"] * 7 + ["queued"]
    assert jobs_queued(owner_url) == len(states(owner_url)) == 1


async def test_the_second_waits_for_the_first_and_is_the_one_when_the_first_gives_up(
    engine: AsyncEngine, studio: TenantHandle, booking: BookingFacts, owner_url: str
) -> None:
    message = to(booking, "owner@studio.example")
    waiting: list[asyncio.Task[Fate]] = []
    with pytest.raises(RuntimeError, match="no"):
        async with tenant_session(engine, studio.id) as session:
            await jobs.queue(session, studio.id, message, once_key="reminder:1")
            waiting.append(asyncio.create_task(queue(engine, studio, message, once_key="reminder:1")))
            blocked = "select count(*) from pg_locks where not granted"
            await until(lambda: ledger.value(owner_url, blocked), what="the second waits for the first")
            raise RuntimeError("no")
    assert await waiting[0] == "queued"
    assert jobs_queued(owner_url) == len(states(owner_url)) == 1


async def test_the_same_key_at_another_business_is_another_mail(
    engine: AsyncEngine, studio: TenantHandle, booking: BookingFacts
) -> None:
    other = await import_tenant(engine, STUDIO.replace("slug: studio", "slug: other"))
    assert await queue(engine, studio, to(booking, "a@example.com"), once_key="k") == "queued"
    assert await queue(engine, other, to(booking, "a@example.com"), once_key="k") == "queued"


# --- withdrawn


async def test_what_was_withdrawn_is_not_sent(
    engine: AsyncEngine, studio: TenantHandle, booking: BookingFacts, owner_url: str
) -> None:
    mine, another = uuid4(), uuid4()
    await queue(engine, studio, to(booking, "a@example.com", "reminder"), booking_id=mine)
    await queue(engine, studio, to(booking, "a@example.com", "booking_confirmed"), booking_id=mine)
    await queue(engine, studio, to(booking, "b@example.com", "reminder"), booking_id=another)
    async with tenant_session(engine, studio.id) as session:
        assert await jobs.withdraw(session, studio.id, mine, ["reminder", "payment_awaited"]) == 1
    sender = Recorded()
    await send_all(engine, studio, owner_url, sender)
    assert states(owner_url) == ["withdrawn", "sent", "sent"]
    assert [mail.subject.partition(":")[0] for mail in sender.mails] == [
        "Payment received, your booking is confirmed",
        "Reminder",
    ]


async def test_what_has_left_is_not_withdrawn(
    engine: AsyncEngine, studio: TenantHandle, booking: BookingFacts, owner_url: str
) -> None:
    mine = uuid4()
    await queue(engine, studio, to(booking, "a@example.com", "reminder"), booking_id=mine)
    await send_all(engine, studio, owner_url, Recorded())
    async with tenant_session(engine, studio.id) as session:
        assert await jobs.withdraw(session, studio.id, mine, ["reminder"]) == 0
    assert states(owner_url) == ["sent"]


@pytest.mark.parametrize(
    ("failure", "status"),
    [(None, "sent"), (TemporaryFailure("later"), "withdrawn"), (PermanentFailure("no"), "withdrawn")],
)
async def test_withdrawn_while_it_is_being_sent_it_is_sent_or_stays_withdrawn(
    engine: AsyncEngine,
    studio: TenantHandle,
    booking: BookingFacts,
    owner_url: str,
    failure: Exception | None,
    status: str,
) -> None:
    class Meanwhile(Recorded):
        async def send(self, mail: Mail) -> str:
            ledger.change(owner_url, "update notifications set status = 'withdrawn'")
            return await super().send(mail)

    await queue(engine, studio, to(booking, "a@example.com", "reminder"))
    await send_all(engine, studio, owner_url, Meanwhile(failure))
    assert states(owner_url) == [status]
    assert jobs_queued(owner_url) == 1


@pytest.mark.parametrize(("kind", "later"), [("payment_awaited", 36), ("one_time_code", 11), ("reminder", 48 * 60)])
async def test_what_is_over_before_it_leaves_never_leaves(
    engine: AsyncEngine,
    studio: TenantHandle,
    booking: BookingFacts,
    owner_url: str,
    start_clock_at: Callable[[datetime], None],
    kind: str,
    later: int,
) -> None:
    await queue(engine, studio, to(booking, "a@example.com", kind))
    start_clock_at(NOW + timedelta(minutes=later))
    sender = Recorded()
    await send_all(engine, studio, owner_url, sender)
    assert (states(owner_url), sender.mails) == (["withdrawn"], [])


# --- sent


async def test_the_providers_id_is_written_down_and_a_repeated_job_sends_nothing(
    engine: AsyncEngine, studio: TenantHandle, booking: BookingFacts, owner_url: str
) -> None:
    await queue(engine, studio, to(booking, "a@example.com"))
    sender = Recorded()
    for _ in range(2):
        await send_all(engine, studio, owner_url, sender)
    [row] = ledger.rows(owner_url, "select status, provider_id, attempts, sent_at from notifications")
    assert (row["status"], row["provider_id"], row["attempts"], len(sender.mails)) == ("sent", "id-1", 1, 1)
    assert row["sent_at"] is not None


async def test_postmarks_refusal_of_one_recipient_and_its_id_for_another_are_written_down(
    engine: AsyncEngine, studio: TenantHandle, booking: BookingFacts, owner_url: str
) -> None:
    for address in ("gone@example.com", "anna@example.com"):
        await queue(engine, studio, to(booking, address))
    async with Postmark.running() as postmark:
        postmark.inactive.add("gone@example.com")
        await send_all(engine, studio, owner_url, PostmarkSender(TOKEN, url=postmark.url))
    gone, sent = ledger.rows(owner_url, "select status, provider_id, last_error from notifications order by id")
    assert (gone["status"], gone["provider_id"]) == ("failed", None)
    assert "406" in gone["last_error"]
    assert (sent["status"], sent["provider_id"]) == ("sent", "00000000-0000-4000-9000-000000000001")


async def test_a_one_time_code_is_forgotten_once_it_is_sent(
    engine: AsyncEngine, studio: TenantHandle, booking: BookingFacts, owner_url: str
) -> None:
    await queue(engine, studio, to(booking, "a@example.com", "one_time_code"))
    sender = Recorded()
    await send_all(engine, studio, owner_url, sender)
    assert "482193" in sender.mails[0].text
    assert "482193" not in json.dumps(ledger.value(owner_url, "select payload from notifications"))


# --- not too much


async def test_an_unverified_address_gets_three_a_day(
    engine: AsyncEngine, studio: TenantHandle, booking: BookingFacts, owner_url: str
) -> None:
    fates = [await queue(engine, studio, to(booking, "victim@example.com")) for _ in range(5)]
    assert fates == ["queued"] * 3 + ["withheld"] * 2
    assert jobs_queued(owner_url) == 3


@pytest.mark.parametrize("kind", ["payment_awaited", "booking_cancelled", "one_time_code", "refund_failed"])
async def test_no_kind_of_mail_gets_around_it(
    engine: AsyncEngine, studio: TenantHandle, booking: BookingFacts, owner_url: str, kind: str
) -> None:
    for _ in range(3):
        await queue(engine, studio, to(booking, "victim@example.com"))
    assert await queue(engine, studio, to(booking, "victim@example.com", kind)) == "withheld"
    stored = ledger.value(owner_url, "select payload from notifications where status = 'withheld'")
    assert "482193" not in json.dumps(stored)


@pytest.mark.parametrize("kind", ["reminder", "rating_request", "booking_expired"])
async def test_what_can_wait_leaves_the_last_one_for_what_cannot(
    engine: AsyncEngine, studio: TenantHandle, booking: BookingFacts, kind: str
) -> None:
    for _ in range(2):
        await queue(engine, studio, to(booking, "a@example.com"))
    assert await queue(engine, studio, to(booking, "a@example.com", kind)) == "withheld"
    assert await queue(engine, studio, to(booking, "a@example.com", "booking_cancelled")) == "queued"


async def test_a_verified_address_gets_all_its_mail(
    engine: AsyncEngine, studio: TenantHandle, booking: BookingFacts, owner_url: str
) -> None:
    verify(owner_url, studio, "anna@example.com")
    fates = [await queue(engine, studio, to(booking, "anna@example.com")) for _ in range(9)]
    assert fates == ["queued"] * 9


async def test_verified_at_one_business_is_not_verified_at_another(
    engine: AsyncEngine, studio: TenantHandle, booking: BookingFacts, owner_url: str
) -> None:
    other = await import_tenant(engine, STUDIO.replace("slug: studio", "slug: other"))
    verify(owner_url, other, "anna@example.com")
    fates = [await queue(engine, studio, to(booking, "anna@example.com")) for _ in range(4)]
    assert fates[-1] == "withheld"


async def test_what_was_free_at_one_business_does_not_count_at_another(
    engine: AsyncEngine, studio: TenantHandle, booking: BookingFacts, owner_url: str
) -> None:
    other = await import_tenant(engine, STUDIO.replace("slug: studio", "slug: other"))
    verify(owner_url, studio, "anna@example.com")
    for _ in range(5):
        await queue(engine, studio, to(booking, "anna@example.com"))
    assert await queue(engine, other, to(booking, "anna@example.com")) == "queued"


async def test_all_businesses_together_send_a_stranger_three(
    engine: AsyncEngine, studio: TenantHandle, booking: BookingFacts, owner_url: str
) -> None:
    tenants = [studio, *[await import_tenant(engine, STUDIO.replace("slug: studio", f"slug: s{n}")) for n in range(3)]]
    fates = await asyncio.gather(*(queue(engine, each, to(booking, "victim@example.com")) for each in tenants * 2))
    assert sorted(fates) == ["queued"] * 3 + ["withheld"] * 5
    assert jobs_queued(owner_url) == 3


async def test_one_mailbox_in_many_spellings_is_one(
    engine: AsyncEngine, studio: TenantHandle, booking: BookingFacts
) -> None:
    spellings = ["v.ictim@gmail.com", "victim+1@gmail.com", "VICTIM@googlemail.com", "vic.tim+2@gmail.com"]
    assert [await queue(engine, studio, to(booking, each)) for each in spellings][-1] == "withheld"


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("Anna@Example.com", "anna@example.com"),
        ("anna+salon@example.com", "anna@example.com"),
        ("an.na@example.com", "an.na@example.com"),
        ("an.na+x@gmail.com", "anna@gmail.com"),
        ("+x@example.com", "+x@example.com"),
    ],
)
def test_the_key_of_a_mailbox(address: str, key: str) -> None:
    assert mailbox_key(address) == key


async def test_the_business_is_told_of_everything(
    engine: AsyncEngine, studio: TenantHandle, booking: BookingFacts
) -> None:
    notice = every_kind(replace(booking, tenant_email="owner@studio.example"))["new_booking"]
    assert [await queue(engine, studio, notice) for _ in range(6)] == ["queued"] * 6


async def test_a_day_after_they_were_sent_there_is_room_again(
    engine: AsyncEngine,
    studio: TenantHandle,
    booking: BookingFacts,
    owner_url: str,
    start_clock_at: Callable[[datetime], None],
) -> None:
    for _ in range(3):
        await queue(engine, studio, to(booking, "a@example.com"))
    # Delayed by an hour, they count from when they left.
    start_clock_at(NOW + timedelta(hours=1))
    await send_all(engine, studio, owner_url, Recorded())
    start_clock_at(NOW + timedelta(hours=24, minutes=1))
    assert await queue(engine, studio, to(booking, "a@example.com")) == "withheld"
    start_clock_at(NOW + timedelta(hours=25, minutes=1))
    assert await queue(engine, studio, to(booking, "a@example.com")) == "queued"


async def test_what_never_left_leaves_its_place_to_another(
    engine: AsyncEngine, studio: TenantHandle, booking: BookingFacts
) -> None:
    mine = uuid4()
    for _ in range(3):
        await queue(engine, studio, to(booking, "a@example.com", "payment_awaited"), booking_id=mine)
    async with tenant_session(engine, studio.id) as session:
        await jobs.withdraw(session, studio.id, mine, ["payment_awaited"])
    assert await queue(engine, studio, BookingConfirmed(replace(booking, customer_email="a@example.com"))) == "queued"
