"""Two workers with the same mail before them: one sends it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.db.session import tenant_session
from handled.notifications import jobs
from handled.notifications.email import Mail, Sender, TemporaryFailure
from handled.notifications.facts import BookingFacts
from tests.conftest import TenantHandle
from tests.faults import ledger
from tests.notifications.every_kind import every_kind

Send = Callable[[Sender], "asyncio.Task[None]"]


class Slow:
    """A mail server that answers when it is told to. `waiting` says that somebody waits for it."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.waiting, self.answer = asyncio.Event(), asyncio.Event()
        self.failure = failure
        self.mails: list[Mail] = []

    async def send(self, mail: Mail) -> str:
        self.mails.append(mail)
        self.waiting.set()
        await self.answer.wait()
        if self.failure:
            raise self.failure
        return "taken"


@pytest.fixture
async def send(
    engine: AsyncEngine,
    studio: TenantHandle,
    booking: BookingFacts,
    owner_url: str,
    start_clock_at: Callable[[datetime], None],
) -> Send:
    """The job of one mail that waits to be sent."""
    start_clock_at(datetime(2026, 3, 1, 20, 0, tzinfo=UTC))
    async with tenant_session(engine, studio.id) as session:
        await jobs.queue(session, studio.id, every_kind(booking)["booking_confirmed"])
    [row] = ledger.rows(owner_url, "select id from notifications")

    def start(sender: Sender) -> asyncio.Task[None]:
        names = {"from_address": "desk@mail.example", "mail_domain": "mail.example"}
        return asyncio.create_task(jobs.send(engine, sender, studio.id, row["id"], **names))

    return start


def waiting_jobs(owner_url: str) -> int:
    query = "select count(*) from procrastinate_jobs where task_name = 'notifications.send' and scheduled_at > now()"
    return ledger.value(owner_url, query)


async def test_a_job_that_was_rescued_too_early_sends_nothing_while_the_first_still_runs(
    send: Send, owner_url: str
) -> None:
    first, second = Slow(), Slow()
    running = send(first)
    await first.waiting.wait()
    await send(second)
    assert (len(first.mails), second.mails) == (1, [])
    assert waiting_jobs(owner_url) == 1, "somebody looks again when the lease is over"
    first.answer.set()
    await running
    assert ledger.value(owner_url, "select status from notifications") == "sent"
    await send(second)
    assert second.mails == []


async def test_many_at_once_send_it_once(send: Send) -> None:
    sender = Slow()
    sender.answer.set()
    await asyncio.gather(*(send(sender) for _ in range(6)))
    assert len(sender.mails) == 1


async def test_of_a_worker_that_died_the_lease_runs_out(send: Send, owner_url: str) -> None:
    dead, alive = Slow(), Slow()
    running = send(dead)
    await dead.waiting.wait()
    running.cancel()
    await asyncio.wait([running])
    left = "select extract(epoch from leased_until - now())::int from notifications"
    assert 0 < ledger.value(owner_url, left) <= jobs.LEASE_SECONDS
    ledger.change(owner_url, "update notifications set leased_until = now() - interval '1 second'")
    alive.answer.set()
    await send(alive)
    assert len(alive.mails) == 1
    assert ledger.value(owner_url, "select status from notifications") == "sent"


async def test_after_a_failure_the_next_attempt_need_not_wait_for_the_lease(send: Send, owner_url: str) -> None:
    unwilling, willing = Slow(TemporaryFailure("later")), Slow()
    for each in (unwilling, willing):
        each.answer.set()
    await send(unwilling)
    await send(willing)
    assert (len(willing.mails), ledger.value(owner_url, "select attempts from notifications")) == (1, 2)
