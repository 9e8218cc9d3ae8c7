"""What a business's system writes happens once, however often it is sent."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.db.session import tenant_session
from handled.kit import clock
from handled.tenants import idempotency
from tests.conftest import TenantHandle, at
from tests.faults import ledger
from tests.office import Office, mails, wanted

MONDAY = at("2026-03-02T09:00:00-05:00")


@pytest.fixture(autouse=True)
def monday_morning() -> None:
    clock.start_at(MONDAY)


async def test_a_write_that_is_sent_again_gets_the_first_answer_and_has_no_second_effect(
    office: Office, owner_url: str
) -> None:
    asked = wanted("2026-03-03T15:00")
    first, again = [await office.ask("POST", "/bookings", asked, once="order-1") for _ in range(2)]
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert (first.headers.get("Idempotent-Replayed"), again.headers["Idempotent-Replayed"]) == (None, "true")
    assert len(mails(owner_url)) == 2
    # The answer of then, whatever has become of it since.
    await office.do("POST", f"/bookings/{first.json()['bookingId']}/cancel", once="cancel-1")
    assert (await office.ask("POST", "/bookings", asked, once="order-1")).json() == first.json()
    await office.do("POST", f"/bookings/{first.json()['bookingId']}/cancel", once="cancel-1")
    assert ledger.value(owner_url, "select count(*) from bookings") == 1


async def test_the_same_write_many_times_at_once_has_one_effect(office: Office, owner_url: str) -> None:
    asked = wanted("2026-03-03T15:00")
    answers = await asyncio.gather(*(office.ask("POST", "/bookings", asked, once="order-1") for _ in range(8)))
    assert [each.status_code for each in answers] == [201] * 8
    assert all(each.json() == answers[0].json() for each in answers)
    assert ledger.value(owner_url, "select count(*) from bookings") == 1
    assert mails(owner_url) == ["booking_confirmed", "new_booking"]


async def test_a_key_that_was_used_for_something_else_is_refused(office: Office, owner_url: str) -> None:
    made = await office.book("2026-03-03T15:00", once="order-1")
    for method, path, body in (
        ("POST", "/bookings", wanted("2026-03-03T16:00")),
        ("POST", "/bookings", wanted("2026-03-03T15:00", notes="x")),
        ("POST", f"/bookings/{made['bookingId']}/cancel", None),
        ("PATCH", f"/bookings/{made['bookingId']}", {"notes": "x"}),
        ("POST", f"/bookings/{made['bookingId']}/reschedule", {"start": "2026-03-03T16:00"}),
    ):
        status, answer = await office.refused(method, path, body, once="order-1")
        assert (status, answer["error"]) == (422, "idempotency_key_reused"), path
    assert ledger.value(owner_url, "select count(*) from audit_entries") == 1


async def test_a_refusal_is_remembered_too_and_a_malformed_request_is_not(office: Office) -> None:
    other = await office.book("2026-03-03T15:00")
    asked = wanted("2026-03-03T15:00")
    assert (await office.refused("POST", "/bookings", asked | {"force": 1}, once="order-2"))[0] == 400
    first = await office.refused("POST", "/bookings", asked, once="order-2")
    assert first[1]["error"] == "slot_taken"
    await office.do("POST", f"/bookings/{other['bookingId']}/cancel")
    assert await office.refused("POST", "/bookings", asked, once="order-2") == first
    assert (await office.book("2026-03-03T15:00", once="order-3"))["status"] == "confirmed"


async def test_a_write_that_broke_down_may_be_sent_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("the power is out")

    with monkeypatch.context() as patched:
        patched.setattr("handled.tenants.idempotency.remember", broken)
        assert (await office.refused("POST", "/bookings", wanted("2026-03-03T15:00"), once="order-1"))[0] == 500
    assert (await office.do("GET", "/bookings"))["bookings"] == []
    assert (await office.book("2026-03-03T15:00", once="order-1"))["status"] == "confirmed"


async def test_keys_are_kept_for_a_day_and_then_forgotten(
    office: Office, studio: TenantHandle, engine: AsyncEngine, owner_url: str
) -> None:
    await office.book("2026-03-03T15:00", once="order-1")
    clock.start_at(MONDAY + timedelta(hours=23, minutes=59))
    assert (await office.refused("POST", "/bookings", wanted("2026-03-03T16:00"), once="order-1"))[0] == 422
    clock.start_at(MONDAY + timedelta(hours=24, minutes=1))
    await office.book("2026-03-03T16:00", once="order-1")
    await office.book("2026-03-03T17:00", once="order-2")
    clock.start_at(MONDAY + timedelta(hours=49))
    async with tenant_session(engine, studio.id) as session:
        assert await idempotency.forget_old(session, studio.id) == 2
    assert ledger.value(owner_url, "select count(*) from idempotent_requests") == 0


async def test_a_key_belongs_to_one_business(office: Office, salon: Office) -> None:
    one = await office.book("2026-03-03T15:00", once="order-1")
    two = await salon.book("2026-03-03T15:00", once="order-1")
    assert one["bookingId"] != two["bookingId"]


async def test_a_key_that_is_none_is_malformed(office: Office) -> None:
    answer = await office.http.post(
        "/v1/tenant/bookings",
        json=wanted("2026-03-03T15:00"),
        headers={"Authorization": f"Bearer {office.key}", "Idempotency-Key": "x" * 201},
    )
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["idempotency-key"])
