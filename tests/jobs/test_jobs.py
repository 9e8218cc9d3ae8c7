"""A job exists exactly if its transaction commits, and is done once, whoever dies meanwhile."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.bookings import notify
from handled.catalog.load import business_of
from handled.db.session import tenant_session
from handled.jobs.queue import create_queue, enqueue
from handled.kit import clock
from handled.notifications.email import Mail
from handled.settings import Settings
from handled.tables import Booking
from handled.worker import WorkerParts, register, working
from tests.conftest import Running, TenantHandle, at, running
from tests.customers import Customer
from tests.faults import ledger
from tests.faults.installation import working as worker_process
from tests.jobs.shift import end_leases, has_run, run_now, wake_workers
from tests.twins.mail_server import ScriptedHandler, receiving
from tests.waiting import until

REQUEST = "haircut on Tuesday at 3pm, I am Kim Lee, kim@example.com"
BOTH = ["kim@example.com", "owner@studio.example"]


@pytest.fixture(autouse=True)
def monday_morning() -> None:
    clock.start_at(at("2026-03-02T09:00:00-05:00"))


@dataclass
class SlowSender:
    """Hands mail to nobody; each takes until `release` is set. Counts by Message-ID."""

    release: asyncio.Event = field(default_factory=asyncio.Event)
    sent: Counter[str] = field(default_factory=Counter)

    async def send(self, mail: Mail) -> str:
        self.sent[mail.message_id] += 1
        await self.release.wait()
        return "250 taken"


async def no_turns() -> None:
    """Nobody's turns are taken up here."""


def parts(engine: AsyncEngine, sender: SlowSender) -> WorkerParts:
    return WorkerParts(engine, sender, no_turns, "desk@example.com")


def count(owner_url: str, status: str) -> int:
    return ledger.value(owner_url, "select count(*) from notifications where status = %(status)s", status=status)


def jobs_of(owner_url: str, status: str) -> int:
    query = "select count(*) from procrastinate_jobs where task_name = 'notifications.send' and status = %(status)s"
    return ledger.value(owner_url, query, status=status)


@pytest.fixture
async def booked(settings: Settings, studio: TenantHandle, owner_url: str) -> AsyncIterator[Running]:
    """A server that works on no jobs, and a booking whose two mails wait."""
    async with (
        running(settings.model_copy(update={"worker": False})) as server,
        Customer.of(server.url, studio.key) as customer,
    ):
        await customer.start()
        await customer.confirm((await customer.say(REQUEST))["proposal"])
        assert (count(owner_url, "queued"), jobs_of(owner_url, "todo")) == (2, 2)
        yield server


async def test_a_job_of_a_transaction_that_rolls_back_never_runs(
    settings: Settings, engine: AsyncEngine, studio: TenantHandle, owner_url: str
) -> None:
    done: list[str] = []
    queue = create_queue(owner_url)

    @queue.task(name="note")
    async def note(word: str) -> None:
        done.append(word)

    with pytest.raises(RuntimeError, match="changed my mind"):
        async with tenant_session(engine, studio.id) as session:
            await enqueue(session, "note", word="rolled back")
            raise RuntimeError("changed my mind")
    async with tenant_session(engine, studio.id) as session:
        await enqueue(session, "note", word="committed")
    async with tenant_session(engine, studio.id) as session:
        await enqueue(session, "note", word="outside")
        async with session.begin_nested() as savepoint:
            await enqueue(session, "note", word="given up in between")
            await savepoint.rollback()
    async with queue.open_async():
        await queue.run_worker_async(wait=False, install_signal_handlers=False)
    assert done == ["committed", "outside"]
    assert note.name == "note"


async def test_a_booking_that_rolls_back_leaves_neither_mail_nor_job(
    booked: Running, engine: AsyncEngine, studio: TenantHandle, owner_url: str
) -> None:
    [row] = ledger.confirmed_bookings(owner_url)
    with pytest.raises(RuntimeError, match="power cut"):
        async with tenant_session(engine, studio.id) as session:
            booking = await session.get_one(Booking, (studio.id, row["id"]))
            await notify.notify_confirmed(session, await business_of(session, studio.id), booking)
            await session.flush()
            raise RuntimeError("power cut")
    assert (count(owner_url, "queued"), jobs_of(owner_url, "todo")) == (2, 2)


async def test_two_workers_do_each_job_once(
    booked: Running, engine: AsyncEngine, settings: Settings, studio: TenantHandle, owner_url: str
) -> None:
    [row] = ledger.confirmed_bookings(owner_url)
    async with tenant_session(engine, studio.id) as session:
        booking = await session.get_one(Booking, (studio.id, row["id"]))
        business = await business_of(session, studio.id)
        for n in range(20):
            booking.customer_email = f"kim{n}@example.com"
            await notify.notify_confirmed(session, business, booking)
        session.expunge(booking)
    assert (count(owner_url, "queued"), jobs_of(owner_url, "todo")) == (42, 42)
    senders = [SlowSender(), SlowSender()]
    async with AsyncExitStack() as stack:
        for each in senders:
            await stack.enter_async_context(working(settings, parts(engine, each)))
        await until(lambda: all(each.sent for each in senders), within=60, what="both have something to do")
        for each in senders:
            each.release.set()
        await until(lambda: count(owner_url, "sent") == 42, within=60, what="every mail is sent")
    sent = senders[0].sent + senders[1].sent
    assert (len(sent), set(sent.values())) == (42, {1})
    assert (jobs_of(owner_url, "todo"), jobs_of(owner_url, "doing"), jobs_of(owner_url, "failed")) == (0, 0, 0)


async def test_a_slow_job_of_a_living_worker_is_left_alone(
    booked: Running, engine: AsyncEngine, settings: Settings, owner_url: str
) -> None:
    slow, idle = SlowSender(), SlowSender()
    async with working(settings, parts(engine, slow)):
        await until(lambda: len(slow.sent) == 2, within=60, what="both mails are under way")
        async with working(settings, parts(engine, idle)):
            await has_run(owner_url, "jobs.rescue")
        slow.release.set()
        await until(lambda: count(owner_url, "sent") == 2, within=60, what="both mails are sent")
    assert (set(slow.sent.values()), dict(idle.sent)) == ({1}, {})


async def test_the_jobs_of_a_killed_worker_are_rescued_and_finished(
    booked: Running, studio: TenantHandle, owner_url: str, tmp_path: Path
) -> None:
    silent, willing = ScriptedHandler(data="hang"), ScriptedHandler()
    now = {"HANDLED_NOW": "2026-03-02T09:00:00-05:00"}
    async with receiving(silent) as url, worker_process(owner_url, tmp_path, SMTP_URL=url, **now) as worker:
        await until(lambda: len(silent.offered) == 2, within=60, what="both mails are offered")
        worker.kill()
        await worker.wait()
    assert (jobs_of(owner_url, "doing"), count(owner_url, "queued")) == (2, 2)
    # A minute later:
    end_leases(owner_url)
    ledger.change(owner_url, "update procrastinate_workers set last_heartbeat = now() - interval '31 seconds'")
    async with receiving(willing) as url, worker_process(owner_url, tmp_path, SMTP_URL=url, **now):
        run_now(owner_url, "jobs.rescue")
        await until(lambda: count(owner_url, "sent") == 2, within=60, what="both mails are sent")
    assert sorted(recipients[0] for _, recipients, _ in willing.accepted) == BOTH
    offered = {line for mail in silent.offered for line in mail.splitlines() if line.startswith(b"Message-ID: ")}
    assert offered == {f"Message-ID: {mail['Message-ID']}".encode() for mail in willing.mails}


async def test_a_job_whose_next_one_waits_already_keeps_no_other_from_being_rescued(
    booked: Running, owner_url: str, tmp_path: Path
) -> None:
    """The dead one holds the lock that the waiting one needs, and the waiting one the place in the queue that the dead
    one needs."""
    willing = ScriptedHandler()
    now = {"HANDLED_NOW": "2026-03-02T09:00:00-05:00"}
    ledger.change(owner_url, "update procrastinate_jobs set status = 'doing'")
    ledger.change(
        owner_url,
        "insert into procrastinate_jobs (queue_name, task_name, args, lock, queueing_lock, status, priority)"
        " select 'default', 'bookings.remind', '{\"timestamp\": 0}', 'bookings.remind', 'bookings.remind', each::"
        "procrastinate_job_status, 9 from unnest(array['doing', 'todo']) each",
    )
    those = [each["id"] for each in ledger.rows(owner_url, "select id from procrastinate_jobs where priority = 9")]
    async with receiving(willing) as url, worker_process(owner_url, tmp_path, SMTP_URL=url, **now):
        run_now(owner_url, "jobs.rescue")
        await until(lambda: count(owner_url, "sent") == 2, within=60, what="both mails are sent")
        left = "select count(*) from procrastinate_jobs where task_name = 'bookings.remind' and id = any(%(those)s)"
        await until(lambda: ledger.value(owner_url, left, those=those) == 0, within=60, what="both are done")
    assert sorted(recipients[0] for _, recipients, _ in willing.accepted) == BOTH


async def test_a_refund_that_broke_on_our_side_is_tried_again_and_not_left_to_the_reconciler(
    studio: TenantHandle, engine: AsyncEngine, owner_url: str, tmp_path: Path
) -> None:
    async with tenant_session(engine, studio.id) as session:
        await enqueue(session, "payments.refund", tenant_id=str(studio.id), refund_id=str(uuid4()))
    of_it = "from procrastinate_jobs where task_name = 'payments.refund'"
    broken = f"select exists(select {of_it} and attempts > 0 and status = 'todo')"
    ledger.change(owner_url, "alter table refunds rename to refunds_away")
    async with worker_process(owner_url, tmp_path):
        await until(lambda: ledger.value(owner_url, broken), within=60, what="it waits for its next try")
        assert ledger.value(owner_url, f"select count(*) {of_it} and status = 'failed'") == 0
        ledger.change(owner_url, "alter table refunds_away rename to refunds")
        wake_workers(owner_url)
        done = f"select count(*) {of_it}"
        await until(lambda: ledger.value(owner_url, done) == 0, within=60, what="it is done")


async def test_a_worker_that_is_asked_to_stop_finishes_what_it_has_begun(
    booked: Running, engine: AsyncEngine, settings: Settings, owner_url: str
) -> None:
    sender = SlowSender()
    async with working(settings, parts(engine, sender)):
        await until(lambda: len(sender.sent) == 2, within=60, what="both mails are under way")
        asyncio.get_running_loop().call_later(0.1, sender.release.set)
    assert (count(owner_url, "sent"), set(sender.sent.values())) == (2, {1})


async def test_a_job_that_breaks_does_not_stop_the_worker(
    booked: Running, engine: AsyncEngine, settings: Settings, owner_url: str
) -> None:
    sender = SlowSender()
    sender.release.set()
    ledger.change(
        owner_url, """update notifications set payload = '{"kind": "nobody"}' where recipient = 'kim@example.com'"""
    )
    async with working(settings, parts(engine, sender)):
        await until(lambda: count(owner_url, "sent") == 1, within=60, what="the other mail is sent")
        wake_workers(owner_url)
        await until(lambda: jobs_of(owner_url, "doing") == 0, within=60, what="no job is under way")
    assert count(owner_url, "sent") == 1


def test_every_name_that_is_queued_has_its_function(settings: Settings, engine: AsyncEngine, owner_url: str) -> None:
    queue = create_queue(owner_url)
    register(queue, parts(engine, SlowSender()))
    assert {"notifications.send", "proposals.expire", "conversations.close_orphans", "jobs.rescue"} <= set(queue.tasks)
