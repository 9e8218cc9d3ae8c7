"""What is kept of customers, and for how long."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from handled.analytics import rollups
from handled.conversations import feed, retention
from handled.customers import privacy
from handled.db.session import tenant_session
from handled.kit import clock
from handled.kit.errors import HandledError
from handled.notifications.email.mailbox import forget_old
from handled.tables import Tenant
from handled.tenants import config, industry
from tests.conftest import STUDIO, Running, TenantHandle, import_tenant
from tests.customers import Customer
from tests.faults import ledger
from tests.jobs import shift
from tests.privacy.canary import EMAIL, NAME, hits
from tests.waiting import until

_FAILED_LONG_AGO = """
with job as (insert into procrastinate_jobs (queue_name, task_name, args, status)
  values ('default', 'x', '{}', 'failed') returning id)
insert into procrastinate_events (job_id, type, at) select id, 'failed', now() - interval '31 days' from job
"""
MARKS = ("zephyrine", "quillfeather", "quokka")


async def all_counted(session: AsyncSession, tenant_id: UUID) -> datetime | None:
    return clock.now()


@pytest.fixture
async def kim(server: Running, studio: TenantHandle) -> AsyncIterator[Customer]:
    async with Customer.of(server.url, studio.key) as somebody:
        await somebody.start()
        yield somebody


async def books(kim: Customer, days: int = 40) -> str:
    day = clock.now() + timedelta(days=days)
    day += timedelta(days=day.weekday() == 6)
    said = await kim.say(f"A haircut on {day:%Y-%m-%d} at 10:00 please. I'm {NAME}, {EMAIL}")
    return (await kim.confirm(said["proposal"]))["booking"]["bookingId"]


async def all_mailed(owner_url: str) -> None:
    waiting = "select count(*) from notifications where status = 'queued'"
    await until(lambda: ledger.value(owner_url, waiting) == 0, within=60, what="all mails have left")


async def purge_after(engine: AsyncEngine, days: float) -> Counter[str]:
    clock.start_at(clock.now() + timedelta(days=days))
    return await retention.purge(engine, all_counted)


async def test_a_transcript_goes_when_its_time_is_over_and_the_booking_stays(
    kim: Customer, engine: AsyncEngine, owner_url: str
) -> None:
    booking_id = await books(kim)
    await kim.say("And my quokka likes it short")
    await all_mailed(owner_url)
    assert (await purge_after(engine, 29))["purged"] == 0
    assert (await kim.snapshot())["messages"]
    done = await purge_after(engine, 1.1)
    assert (done["purged"], done["notifications"]) == (1, 2)
    assert hits(owner_url, MARKS).keys() == {"bookings", "customers"}
    assert ledger.value(owner_url, "select count(*) from messages") == 0
    (booking,) = ledger.rows(owner_url, "select id, customer_name, status from bookings")
    assert (str(booking["id"]), booking["customer_name"], booking["status"]) == (booking_id, NAME, "confirmed")
    assert (await kim.get(f"/chat/session/{kim.session_id}")).status_code in (401, 403, 404)
    assert not await retention.purge(engine, all_counted), "once is enough"


async def test_an_answer_that_was_under_way_when_somebody_was_erased_goes_the_next_night(
    kim: Customer, engine: AsyncEngine, owner_url: str, studio: TenantHandle
) -> None:
    await kim.say(f"Hello, I'm {NAME}, {EMAIL}")
    async with tenant_session(engine, studio.id) as session:
        await privacy.erase(session, studio.id, EMAIL, by="test")
    assert hits(owner_url, MARKS) == {}
    assert not await retention.purge(engine, all_counted)
    late = {"type": "message", "message": {"content": f"Nice to meet you, {NAME}!"}}
    async with tenant_session(engine, studio.id) as session:
        await feed.append(session, studio.id, UUID(kim.session_id), late)
    assert (await retention.purge(engine, all_counted))["purged"] == 1
    assert hits(owner_url, MARKS) == {}
    assert ledger.value(owner_url, "select count(*) from messages") > 0, "they are still counted"


async def test_several_at_once_purge_it_once(kim: Customer, engine: AsyncEngine, owner_url: str) -> None:
    await books(kim)
    clock.start_at(clock.now() + timedelta(days=40))
    done = await asyncio.gather(*(retention.purge(engine, all_counted) for _ in range(4)))
    assert sum(each["purged"] for each in done) == 1
    assert "messages" not in hits(owner_url, MARKS)


async def test_it_goes_on_until_nothing_is_left(
    server: Running, studio: TenantHandle, engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    for _ in range(5):
        async with Customer.of(server.url, studio.key) as somebody:
            await somebody.start()
    assert (await purge_after(engine, 40))["purged"] == 5


async def test_nothing_goes_before_its_day_is_counted(kim: Customer, engine: AsyncEngine, owner_url: str) -> None:
    await kim.say("Hello, my quokka and I")
    clock.start_at(clock.now() + timedelta(days=60))

    async def nothing_is_counted(*_: object) -> None:
        return None

    assert not (await retention.purge(engine, nothing_is_counted))["purged"]
    assert hits(owner_url, MARKS)
    await rollups.roll_up_all(engine)
    assert (await retention.purge(engine, rollups.frozen_until))["purged"] == 1
    assert hits(owner_url, MARKS) == {}


async def test_an_open_escalation_keeps_its_transcript(kim: Customer, engine: AsyncEngine, owner_url: str) -> None:
    await kim.say("Hello, my quokka and I")
    asked = await kim.post("/chat/escalate", {"sessionId": kim.session_id, "reason": "About my quokka"})
    assert asked.status_code == 201
    await all_mailed(owner_url)
    await purge_after(engine, 100)
    assert {"messages", "escalations"} <= hits(owner_url, MARKS).keys()
    ledger.change(owner_url, "update escalations set status = 'RESOLVED', resolved_at = now()")
    done = await retention.purge(engine, all_counted)
    assert done["purged"] == 1
    assert hits(owner_url, MARKS) == {}
    (left,) = ledger.rows(owner_url, "select cause, reasons, status from escalations")
    assert (left["cause"], left["status"], left["reasons"][0]["reason"]) == ("button", "RESOLVED", "")


async def test_what_a_booking_adds_to_a_purged_conversation_goes_the_next_night(
    kim: Customer, engine: AsyncEngine, owner_url: str, studio: TenantHandle
) -> None:
    await books(kim, days=60)
    await purge_after(engine, 31)
    async with tenant_session(engine, studio.id) as session:
        await feed.append(session, studio.id, UUID(kim.session_id), {"type": "receipt", "booking": {"name": NAME}})
    assert "conversation_events" in hits(owner_url, MARKS)
    assert (await retention.purge(engine, all_counted))["purged"] == 1
    assert "conversation_events" not in hits(owner_url, MARKS)


async def test_a_day_of_silence_closes_what_waits_for_nobody(
    kim: Customer, engine: AsyncEngine, owner_url: str
) -> None:
    await kim.say("Hello")
    # The job that closes after half an hour leaves alone what staff owe an answer.
    ledger.change(owner_url, "update conversations set handled_by = 'staff', staff_name = 'Mia'")
    assert (await purge_after(engine, 0.9))["closed"] == 0
    assert (await purge_after(engine, 0.2))["closed"] == 1
    assert ledger.value(owner_url, "select ended_by from conversations") == "silence"
    assert ledger.value(owner_url, "select count(*) from messages") > 0


async def test_a_hold_that_ran_out_loses_its_person_with_time(
    kim: Customer, engine: AsyncEngine, owner_url: str
) -> None:
    day = clock.now() + timedelta(days=9)
    day += timedelta(days=day.weekday() == 6)
    await kim.say(f"A haircut on {day:%Y-%m-%d} at 10:00 please. I'm {NAME}, {EMAIL}")
    ledger.change(owner_url, "update bookings set status = 'expired'")
    ledger.change(owner_url, "update proposals set status = 'expired'")
    await purge_after(engine, 31)
    assert hits(owner_url, MARKS) == {}


@pytest.mark.parametrize(
    ("extra", "days"),
    [("", 30), ("pack: therapy\n", 14), ("retention: 7 days\n", 7), ("pack: therapy\nretention: 1 year\n", 365)],
)
async def test_each_business_says_for_how_long(engine: AsyncEngine, extra: str, days: int) -> None:
    tenant = await import_tenant(engine, extra + STUDIO)
    async with tenant_session(engine, tenant.id) as session:
        row = await session.get_one(Tenant, tenant.id)
        assert industry.retention_days(row.pack, row.retention_days) == days
        written = await config.export_document(session, tenant.id)
    assert ("retention:" in written) == ("retention:" in extra)
    assert config.parse(written, "again.yaml").retention == config.parse(extra + STUDIO, "test.yaml").retention


@pytest.mark.parametrize("written", ["6 days", "0", "-1", "a while", "10 h", "6 years"])
def test_less_than_a_week_or_no_length_of_time_is_refused(written: str) -> None:
    with pytest.raises(HandledError, match="retention"):
        config.parse(f"retention: {written}\n{STUDIO}", "test.yaml")


async def test_at_night_it_runs_by_itself_once_and_old_jobs_and_mails_go(
    server: Running, kim: Customer, owner_url: str
) -> None:
    await books(kim)
    mailbox = server.settings.data_dir / "mailbox"
    sent = await until(lambda: list(mailbox.glob("*.eml")), within=60, what="a mail has come")
    long_ago = clock.machine_now().timestamp() - 31 * 86400
    os.utime(sent[0], (long_ago, long_ago))
    ledger.change(owner_url, _FAILED_LONG_AGO)
    await shift.has_run(owner_url, "privacy.purge")
    assert not sent[0].exists()
    assert ledger.value(owner_url, "select count(*) from procrastinate_jobs where task_name = 'x'") == 0


def test_a_mailbox_that_is_not_there_has_nothing_to_forget(tmp_path: Path) -> None:
    assert forget_old(tmp_path / "nowhere", timedelta(days=1)) == 0
