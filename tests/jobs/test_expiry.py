"""What nobody confirms is let go of by a job: the slot is free again, and a late yes is told so."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from handled.kit import clock
from tests.conftest import Running, TenantHandle, at
from tests.customers import Customer, Json, events_of
from tests.faults import ledger
from tests.jobs.shift import has_run, run_now
from tests.waiting import until

MONDAY = at("2026-03-02T09:00:00-05:00")
REQUEST = "haircut on Tuesday at 3pm, I am Kim Lee, kim@example.com"
SLOT = "2026-03-03T15:00"


@pytest.fixture(autouse=True)
def monday_morning() -> None:
    clock.start_at(MONDAY)


async def expired_by_the_job(owner_url: str) -> None:
    run_now(owner_url, "proposals.expire")
    held = "select count(*) from bookings where status = 'held'"
    await until(lambda: ledger.value(owner_url, held) == 0, within=30, what="no booking is held")


async def free(customer: Customer) -> list[str]:
    answer = await customer.get("/availability?service=haircut&from=2026-03-03&to=2026-03-03")
    return [each["slotId"] for each in answer.json()["slots"]]


async def next_event(customer: Customer, kind: str, after: int) -> Json:
    feed = f"/v1/public/chat/session/{customer.session_id}/events"
    headers = customer.headers | {"Last-Event-ID": str(after)}
    async with asyncio.timeout(30), customer.http.stream("GET", feed, headers=headers) as answer:
        async for _, event in events_of(answer):
            if event["type"] == kind:
                return event
    raise AssertionError(f"the feed ended without {kind}")


async def test_a_proposal_that_nobody_confirms_expires_and_its_slot_is_free_again(
    customer: Customer, owner_url: str
) -> None:
    before = await free(customer)
    assert any(SLOT in each for each in before)
    proposal = (await customer.say(REQUEST))["proposal"]
    assert not any(SLOT in each for each in await free(customer))
    seen = (await customer.snapshot())["lastEventId"]
    clock.start_at(MONDAY + timedelta(minutes=10, seconds=1))
    await expired_by_the_job(owner_url)
    assert await free(customer) == before
    assert (await customer.snapshot())["proposal"] is None
    [row] = ledger.rows(owner_url, "select status, reason from proposals")
    assert row["status"] == "expired"
    assert ledger.rows(owner_url, "select * from occupancies") == []
    event = await next_event(customer, "proposal", seen)
    assert (event["proposal"]["proposalId"], event["proposal"]["status"]) == (proposal["proposalId"], "expired")
    for _ in range(2):
        late = await customer.try_confirm(proposal)
        assert (late.status_code, late.json()["error"]) == (409, "proposal_expired")
    assert "booking" not in await customer.say("yes")
    assert ledger.confirmed_bookings(owner_url) == []


async def test_after_the_job_has_been_the_slot_is_somebody_elses_to_book(
    server: Running, studio: TenantHandle, customer: Customer, owner_url: str
) -> None:
    await customer.say(REQUEST)
    clock.start_at(MONDAY + timedelta(minutes=10, seconds=1))
    await expired_by_the_job(owner_url)
    async with Customer.of(server.url, studio.key) as other:
        await other.start()
        proposal = (await other.say(REQUEST.replace("Kim Lee, kim@", "Lou Roe, lou@")))["proposal"]
        assert (await other.confirm(proposal))["booking"]["customer"]["name"] == "Lou Roe"


async def test_a_hold_without_a_proposal_expires_too(customer: Customer, owner_url: str) -> None:
    before = await free(customer)
    await customer.say(REQUEST)
    # As if the process had died between the one and the other, could that be.
    ledger.change(owner_url, "delete from proposals")
    clock.start_at(MONDAY + timedelta(minutes=10, seconds=1))
    await expired_by_the_job(owner_url)
    assert await free(customer) == before
    assert ledger.rows(owner_url, "select * from occupancies") == []
    trail = ledger.rows(owner_url, "select actor, action from audit_entries order by created_at")
    assert trail[-1] == {"actor": "system", "action": "expired"}


async def test_the_job_lets_go_of_nothing_whose_time_is_not_over(customer: Customer, owner_url: str) -> None:
    proposal = (await customer.say(REQUEST))["proposal"]
    clock.start_at(MONDAY + timedelta(minutes=9, seconds=30))
    await has_run(owner_url, "proposals.expire")
    assert (await customer.confirm(proposal))["booking"]["status"] == "confirmed"


async def test_what_was_confirmed_in_time_stays_booked_for_ever(customer: Customer, owner_url: str) -> None:
    confirmed = await customer.confirm((await customer.say(REQUEST))["proposal"])
    clock.start_at(MONDAY + timedelta(hours=2))
    await has_run(owner_url, "proposals.expire")
    assert [each["code"] for each in ledger.confirmed_bookings(owner_url)] == [confirmed["booking"]["code"]]
    assert not any(SLOT in each for each in await free(customer))
