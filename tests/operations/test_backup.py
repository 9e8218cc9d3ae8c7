"""A backup is one that has been restored: dumped, read into an empty cluster, and used."""

from __future__ import annotations

import subprocess
from pathlib import Path

from sqlalchemy import text

from handled.db.binaries import find_binaries
from handled.db.embedded import DATABASE, EmbeddedPostgres
from handled.db.engine import create_engine
from handled.db.session import lookup_session
from handled.kit import clock
from handled.settings import Settings
from tests.cli.command import handled_process
from tests.conftest import TenantHandle, at, running
from tests.customers import Customer
from tests.faults import ledger
from tests.waiting import until

NOW = "2026-03-02T09:00:00-05:00"
REQUEST = "haircut on {day} at 3pm, I am Kim Lee, kim@example.com"
COUNTED = ("tenants", "bookings", "occupancies", "messages", "turn_events", "audit_entries", "notifications")
ROLES = ("create role handled_app nologin", "create role handled_lookup nologin")
MEMBERSHIP = "grant handled_app, handled_lookup to current_user"


def run(program: str, *arguments: str) -> None:
    """One of PostgreSQL's own programs, as an operator types it."""
    command = [str(find_binaries()[0].bindir / program), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr


def counts(owner_url: str) -> dict[str, int]:
    return {table: ledger.value(owner_url, f"select count(*) from {table}") for table in COUNTED}


async def book(url: str, key: str, day: str) -> str:
    async with Customer.of(url, key) as customer:
        await customer.start()
        confirmed = await customer.confirm((await customer.say(REQUEST.format(day=day)))["proposal"])
    return confirmed["booking"]["code"]


async def test_a_dump_restored_into_an_empty_cluster_is_the_whole_installation(
    settings: Settings, owner_url: str, studio: TenantHandle, folder: Path, tmp_path: Path
) -> None:
    clock.start_at(at(NOW))
    async with running(settings) as server:
        code = await book(server.url, studio.key, "Tuesday")
        sent = "select count(*) from notifications where status = 'sent'"
        await until(lambda: ledger.value(owner_url, sent) == 2, what="both mails have left")
    dump = str(tmp_path / "handled.dump")
    run("pg_dump", "--format=custom", f"--file={dump}", f"--dbname={owner_url}")

    cluster = EmbeddedPostgres(folder / "restored", durable=False)
    cluster.start()
    try:
        restored = cluster.dsn(DATABASE)
        for each in (*ROLES, MEMBERSHIP):
            ledger.change(restored, each)
        run("pg_restore", "--exit-on-error", f"--dbname={restored}", dump)
        run("vacuumdb", "--analyze-only", "--quiet", f"--dbname={restored}")
        assert counts(restored) == counts(owner_url)

        doctor = handled_process(tmp_path, "doctor", database=restored, HANDLED_NOW=NOW)
        assert (doctor.status, "✗" in doctor.said + doctor.complaint) == (0, False), doctor.said + doctor.complaint
        assert "✓ promises" in doctor.said

        async with running(settings.model_copy(update={"database_url": restored})) as server:
            async with Customer.of(server.url, studio.key) as customer:
                await customer.start()
                found = await customer.say(f"what did I book? {code}, kim@example.com")
                assert code in str(found)
            assert await book(server.url, studio.key, "Wednesday") != code
        assert len(ledger.confirmed_bookings(restored)) == 2
        assert (ledger.double_bookings(restored), ledger.half_taken(restored), ledger.halves(restored)) == ([], [], [])
    finally:
        cluster.stop()


async def test_the_doctor_says_when_a_restored_database_breaks_a_promise(
    settings: Settings, owner_url: str, studio: TenantHandle, tmp_path: Path
) -> None:
    clock.start_at(at(NOW))
    async with running(settings) as server:
        code = await book(server.url, studio.key, "Tuesday")
    ledger.change(owner_url, "delete from occupancies")
    doctor = handled_process(tmp_path, "doctor", database=owner_url, HANDLED_NOW=NOW)
    assert doctor.status == 1
    assert "live bookings without their place (1)" in doctor.said + doctor.complaint
    assert code not in doctor.said


async def test_a_restored_database_still_shows_no_business_another(
    owner_url: str, studio: TenantHandle, folder: Path, tmp_path: Path
) -> None:
    dump = str(tmp_path / "handled.dump")
    run("pg_dump", "--format=custom", f"--file={dump}", f"--dbname={owner_url}")
    cluster = EmbeddedPostgres(folder / "restored", durable=False)
    cluster.start()
    try:
        restored = cluster.dsn(DATABASE)
        for each in (*ROLES, MEMBERSHIP):
            ledger.change(restored, each)
        run("pg_restore", "--exit-on-error", f"--dbname={restored}", dump)
        engine = create_engine(restored)
        async with lookup_session(engine) as session:
            assert await session.scalar(text("select count(*) from services")) == 0
        await engine.dispose()
        assert ledger.value(restored, "select count(*) from services") == 2
    finally:
        cluster.stop()
