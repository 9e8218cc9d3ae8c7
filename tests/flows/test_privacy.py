"""A customer is given what is known of them, and is forgotten: everywhere."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, cast

import pytest
from pydantic import SecretStr
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.settings import Settings
from handled.tables.personal import PERSONAL
from tests.conftest import STUDIO, Running, import_tenant, running
from tests.faults import ledger
from tests.office import Office, new_key
from tests.privacy.canary import EMAIL, MARKS, NAME, Canary, hatched, marks_in
from tests.redis_server import needs_redis, redis_running


@pytest.fixture
async def canary(
    server: Running, engine: AsyncEngine, owner_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Canary]:
    async with hatched(server, engine, owner_url, monkeypatch) as somebody:
        yield somebody


async def test_a_canary_is_exported_whole_and_erased_without_a_trace(canary: Canary) -> None:
    await canary.lives()
    there = canary.hits()
    assert there.keys() <= PERSONAL.keys(), "what is personal is tagged so"
    assert {"messages", "bookings", "customers", "notifications", "proposals", "escalations", "thumbs"} <= there.keys()
    customer_id = await canary.customer_id()

    known = await canary.office.do("GET", f"/customers/{customer_id}/export")
    assert marks_in(known) == set(MARKS)
    friends = {"messages", "turns", "turn_events", "conversation_events"}
    for table, rows in there.items():
        exported = [row for row in known["tables"][table] if marks_in(row)]
        assert len(exported) == rows or table in friends, table

    erased = await canary.office.do("DELETE", f"/customers/{customer_id}", once="forget-her")
    assert erased["counts"]["messages"] >= there["messages"]
    assert canary.hits() == {}
    again = await canary.office.ask("DELETE", f"/customers/{customer_id}", once="forget-her")
    assert (again.json(), again.headers["Idempotent-Replayed"]) == (erased, "true")
    assert (await canary.office.refused("DELETE", f"/customers/{customer_id}"))[0] == 404
    assert (await canary.office.refused("GET", f"/customers?email={EMAIL}"))[0] == 404
    await stays_what_the_business_needs(canary)


async def stays_what_the_business_needs(canary: Canary) -> None:
    booking = await canary.office.do("GET", f"/bookings/{canary.booking_id}")
    assert (booking["customer"]["name"], booking["code"]) == ("Erased customer", canary.code)
    assert booking["balance"]["amount"] == 0
    assert [each["action"] for each in booking["audit"]][:1] == ["held"]
    assert ledger.value(canary.owner_url, "select sum(abs(amount_minor)) from ledger_entries") == 9000
    assert ledger.value(canary.owner_url, "select rating from ratings") == 5
    friend = "select content from messages where content like 'My friend%%'"
    assert ledger.value(canary.owner_url, friend) == "My friend [erased] ([erased]) told me of you"
    (kept,) = ledger.rows(canary.owner_url, "select erased_by, counts, length(subject_hash) as size from erasures")
    assert (kept["erased_by"], kept["size"]) == ("API", 32)
    assert kept["counts"]["bookings"] == 2
    # Her page has nothing to show any more; whoever comes back begins anew.
    assert (await canary.chat.get(f"/chat/session/{canary.chat.session_id}")).status_code in (401, 403, 404)
    assert (await canary.chat.try_say("Hello again")).status_code in (401, 403, 404)


@needs_redis
async def test_what_processes_share_in_redis_says_nothing_of_her(
    settings: Settings, engine: AsyncEngine, owner_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with redis_running() as redis:
        async with running(settings.model_copy(update={"redis_url": SecretStr(redis.url)})) as server:
            async with hatched(server, engine, owner_url, monkeypatch) as canary:
                await canary.lives()
            kept = await everything_in(redis.url)
    assert len(kept) >= 2
    assert [entry for entry in kept for mark in MARKS if mark in entry] == []
    assert [entry for entry in kept if "test studio" in entry], "the business is there: the control"


async def everything_in(url: str) -> list[str]:
    client = cast("Any", Redis.from_url(url))  # pyright: ignore[reportUnknownMemberType]
    found: list[str] = []
    for key in await client.keys("*"):
        read = client.lrange(key, 0, -1) if await client.type(key) == b"list" else client.get(key)
        found.append(f"{key} {await read}".lower())
    await client.aclose()
    return found


async def test_what_no_tag_leads_to_is_found_by_the_dump(canary: Canary, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: with one table left out of the tags, she is still there."""
    await canary.chat.say(f"Hello, I'm {NAME}, {EMAIL}")
    await canary.office.book(canary.day(9) + "T10:00", customer={"name": NAME, "email": EMAIL}, payment="none")
    await canary.settled()
    customer_id = await canary.customer_id()
    monkeypatch.setattr(
        "handled.customers.privacy.PERSONAL", {name: each for name, each in PERSONAL.items() if name != "notifications"}
    )
    monkeypatch.setattr("handled.customers.mentions.PERSONAL", {})
    await canary.office.do("DELETE", f"/customers/{customer_id}?force=true")
    assert canary.hits().keys() == {"notifications"}


async def test_an_appointment_to_come_has_to_be_cancelled_first_unless_it_is_forced(canary: Canary) -> None:
    booked = await canary.office.book(canary.day(9) + "T10:00", customer={"name": NAME, "email": EMAIL}, payment="none")
    customer_id = await canary.customer_id()
    status, body = await canary.office.refused("DELETE", f"/customers/{customer_id}")
    assert (status, body["error"]) == (409, "upcoming_bookings")
    assert booked["code"] in body["message"]
    assert canary.hits()
    await canary.office.do("DELETE", f"/customers/{customer_id}?force=true")
    assert canary.hits() == {}
    seen = await canary.office.do("GET", f"/bookings/{booked['bookingId']}")
    assert seen["status"] == "confirmed"
    mails = ledger.value(canary.owner_url, "select count(*) from notifications")
    await canary.office.do("POST", f"/bookings/{booked['bookingId']}/cancel", {"refund": "none"})
    told = ledger.rows(
        canary.owner_url,
        "select recipient from notifications order by created_at desc limit %(new)s",
        new=ledger.value(canary.owner_url, "select count(*) from notifications") - mails,
    )
    assert {each["recipient"] for each in told} <= {"owner@studio.example"}


async def test_a_payment_under_way_is_not_pulled_away_from_under_it(canary: Canary) -> None:
    said = await canary.chat.say(f"A haircut on {canary.day(9)} at 10:00 please. I'm {NAME}, {EMAIL}")
    await canary.chat.confirm(said["proposal"])
    customer_id = await canary.customer_id()
    for force in ("", "?force=true"):
        status, body = await canary.office.refused("DELETE", f"/customers/{customer_id}{force}")
        assert (status, body["error"]) == (409, "payment_under_way")


async def test_a_proposal_that_waits_dies_with_what_it_is_about(
    canary: Canary,
) -> None:
    await canary.office.book(canary.day(15) + "T10:00", customer={"name": NAME, "email": EMAIL}, payment="none")
    said = await canary.chat.say(f"A colour on {canary.day(9)} at 10:00 please. I'm {NAME}, {EMAIL}")
    assert said["proposal"]
    await canary.office.do("DELETE", f"/customers/{await canary.customer_id()}?force=true")
    assert (await canary.chat.try_confirm(said["proposal"])).status_code in (401, 403, 404)
    assert ledger.value(canary.owner_url, "select status from proposals") == "expired"
    assert canary.hits() == {}


async def test_nobody_elses_customers_are_found(canary: Canary, engine: AsyncEngine) -> None:
    await canary.office.book(canary.day(9) + "T10:00", customer={"name": NAME, "email": EMAIL}, payment="none")
    customer_id = await canary.customer_id()
    other = await import_tenant(engine, STUDIO.replace("slug: studio", "slug: elsewhere"))
    async with Office.of(canary.server.url, await new_key(engine, other)) as stranger:
        for method, path in (
            ("GET", f"/customers?email={EMAIL}"),
            ("GET", f"/customers/{customer_id}/export"),
            ("DELETE", f"/customers/{customer_id}?force=true"),
        ):
            status, body = await stranger.refused(method, path)
            assert (status, body["error"]) == (404, "not_found")
    assert canary.hits()


@pytest.mark.parametrize("email", ["", "x" * 501])
async def test_an_address_that_is_none_is_refused(canary: Canary, email: str) -> None:
    assert (await canary.office.refused("GET", f"/customers?email={email}"))[0] == 400


async def test_two_people_with_one_name_do_not_lose_each_other(canary: Canary) -> None:
    await canary.office.book(canary.day(9) + "T10:00", customer={"name": NAME, "email": EMAIL}, payment="none")
    namesake: dict[str, Any] = {"name": NAME, "email": "someone.else@nest.example", "phone": "+1 212 555 0147"}
    kept = await canary.office.book(canary.day(10) + "T10:00", customer=namesake, payment="none")
    await canary.office.do("DELETE", f"/customers/{await canary.customer_id()}?force=true")
    seen = await canary.office.do("GET", f"/bookings/{kept['bookingId']}")
    assert seen["customer"]["name"] == NAME
    assert seen["customer"]["phone"]
