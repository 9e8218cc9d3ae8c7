"""`handled db` makes the schema, `handled doctor` says what works and what to do about the rest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from handled.db.embedded import EmbeddedPostgres
from tests.cli.command import handled
from tests.faults import ledger


@pytest.fixture
def empty(cluster: EmbeddedPostgres) -> Iterator[str]:
    """A database in which nothing is."""
    name = f"empty_{uuid4().hex}"
    with psycopg.connect(cluster.dsn("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        yield cluster.dsn(name)
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def test_an_empty_database_gets_the_schema_once(empty: str, tmp_path: Path) -> None:
    first = handled(tmp_path, "db", "migrate", database=empty)
    assert first.status == 0, first
    assert first.said.startswith("The schema is now at ")
    again = handled(tmp_path, "db", "migrate", database=empty)
    assert again.status == 0
    assert again.said.startswith("The schema is up to date")
    assert handled(tmp_path, "tenant", "list", database=empty).status == 0


def test_the_schema_is_made_by_its_owner_where_there_is_one(empty: str, tmp_path: Path) -> None:
    nobody = "postgresql://nobody@127.0.0.1:1/nothing"
    ran = handled(tmp_path, "db", "migrate", database=nobody, DATABASE_OWNER_URL=empty)
    assert ran.status == 0, ran
    assert ledger.value(empty, "select count(*) from tenants") == 0


def test_whoever_may_not_make_the_schema_is_told_so(empty: str, tmp_path: Path) -> None:
    role = f"desk_{uuid4().hex[:8]}"
    with psycopg.connect(empty, autocommit=True) as connection:
        connection.execute(sql.SQL("create role {} login").format(sql.Identifier(role)))
    try:
        ran = handled(tmp_path, "db", "migrate", database=empty.replace("handled_owner@", f"{role}@"))
    finally:
        with psycopg.connect(empty, autocommit=True) as connection:
            connection.execute(sql.SQL("drop role {}").format(sql.Identifier(role)))
    assert (ran.status, ran.said) == (1, "")
    assert ran.complaint.startswith("The schema could not be changed: permission denied")


def test_the_doctor_finds_nothing_wrong_with_a_sound_installation(owner_url: str, tmp_path: Path) -> None:
    ran = handled(tmp_path, "doctor", database=owner_url)
    assert ran.status == 0, ran
    lines = [each.split()[:2] for each in ran.said.splitlines()]
    assert lines == [["✓", each] for each in ("database", "schema", "jobs", "money", "promises", "mail", "model")]
    assert "as a role that owns nothing" in ran.said
    assert "0 waiting, 0 running, 0 failed" in ran.said
    assert "local mailbox" in ran.said
    assert "guided only" in ran.said


def test_the_doctor_knows_what_is_configured_and_repeats_no_secret(owner_url: str, tmp_path: Path) -> None:
    ran = handled(
        tmp_path,
        "doctor",
        database=owner_url,
        SMTP_URL="smtps://desk:s3cret@mx.business.test",
        HANDLED_MAIL_FROM="desk@business.test",
        ANTHROPIC_API_KEY="sk-ant-s3cret",
    )
    assert ran.status == 0, ran
    assert "sent by SMTP from desk@business.test" in ran.said
    assert "anthropic:claude-haiku-4-5, and guided when it fails" in ran.said
    assert "s3cret" not in ran.said + ran.complaint


def test_the_doctor_says_what_is_wrong_and_fails(empty: str, tmp_path: Path) -> None:
    ran = handled(tmp_path, "doctor", database=empty, SMTP_URL="smtp://mx.business.test?tls=perhaps")
    assert ran.status == 1
    wrong = {each.split()[1] for each in ran.said.splitlines() if each.startswith("✗")}
    assert wrong == {"database", "schema", "jobs", "money", "promises", "mail"}
    assert "handled db migrate" in ran.said
    assert "SMTP_URL" in ran.said
    assert "✓ model" in ran.said


def test_the_doctor_counts_jobs_that_have_failed(owner_url: str, tmp_path: Path) -> None:
    ledger.change(
        owner_url,
        "insert into procrastinate_jobs (queue_name, task_name, status) values ('default', 'a job', 'failed')",
    )
    said = handled(tmp_path, "doctor", database=owner_url).said
    assert "0 waiting, 0 running, 1 failed; 0 workers at work" in said
    assert "  a job: 0 waiting, 0 running, 1 failed" in said


def test_the_doctor_notices_that_nobody_works_on_the_jobs(owner_url: str, tmp_path: Path) -> None:
    ledger.change(owner_url, "insert into procrastinate_jobs (queue_name, task_name) values ('default', 'a job')")
    ran = handled(tmp_path, "doctor", database=owner_url)
    assert ran.status == 1
    assert "nobody works on them" in ran.said


def test_the_doctor_notices_money_that_nobody_looked_after(owner_url: str, tmp_path: Path) -> None:
    ledger.change(
        owner_url,
        "with t as (insert into tenants (id, slug, name, contact_email, timezone, locale, currency, branding, pack,"
        " policies, typed_yes, allowed_origins, version, created_at, updated_at) values (gen_random_uuid(), 's', 'S',"
        " 's@example.com', 'UTC', 'en_US', 'USD', '{}', 'general', '[]', true, '{}', 1, now(), now()) returning id)"
        " insert into webhook_events (tenant_id, source, event_id, type, livemode, payload, status, created_at,"
        " received_at) select id, 'sandbox', 'evt_1', 'x', false, '{}', 'received', now(), now() - interval '1 hour'"
        " from t",
    )
    ran = handled(tmp_path, "doctor", database=owner_url)
    assert ran.status == 1
    assert "late: webhook events (1)" in ran.said


def test_the_doctor_counts_events_that_nobody_could_work_on_and_says_why(owner_url: str, tmp_path: Path) -> None:
    ledger.change(
        owner_url,
        "with t as (insert into tenants (id, slug, name, contact_email, timezone, locale, currency, branding, pack,"
        " policies, typed_yes, allowed_origins, version, created_at, updated_at) values (gen_random_uuid(), 's', 'S',"
        " 's@example.com', 'UTC', 'en_US', 'USD', '{}', 'general', '[]', true, '{}', 1, now(), now()) returning id)"
        " insert into webhook_events (tenant_id, source, event_id, type, livemode, payload, status, outcome,"
        " created_at, received_at) select id, 'sandbox', 'evt_' || n, 'refund.failed', false, '{}', 'failed',"
        " 'cannot be worked on: KeyError', now(), now() - interval '1 hour' from t, generate_series(1, 2) n",
    )
    ran = handled(tmp_path, "doctor", database=owner_url)
    assert ran.status == 0
    assert "  2 refund.failed failed in the last 30 days: cannot be worked on: KeyError" in ran.said
