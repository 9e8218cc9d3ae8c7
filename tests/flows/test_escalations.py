"""A customer asks for a person: by button, in words, through the model; and what the business hears of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx2
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.agent import rescue, turn
from handled.agent.tools import people
from handled.db.session import tenant_session
from handled.escalations import jobs
from handled.kit import clock
from handled.tables import Escalation, Notification
from tests.conftest import Running, TenantHandle, at
from tests.customers import Customer, Json
from tests.waiting import until

MONDAY = "2026-03-02T09:00:00-05:00"
SUNDAY = "2026-03-01T12:00:00-05:00"


@pytest.fixture
async def kim(server: Running, studio: TenantHandle) -> AsyncIterator[Customer]:
    """Somebody in the studio's chat on a Monday morning."""
    clock.start_at(at(MONDAY))
    async with Customer.of(server.url, studio.key) as somebody:
        await somebody.start()
        yield somebody


async def ask(customer: Customer, reason: str = "I need help with my colour", **more: str) -> httpx2.Response:
    return await customer.post("/chat/escalate", {"sessionId": customer.session_id, "reason": reason, **more})


async def asked_for(engine: AsyncEngine, tenant: TenantHandle) -> list[Escalation]:
    async with tenant_session(engine, tenant.id) as session:
        return list(await session.scalars(select(Escalation).order_by(Escalation.created_at)))


async def mails(engine: AsyncEngine, tenant: TenantHandle, kind: str = "escalation") -> list[Json]:
    async with tenant_session(engine, tenant.id) as session:
        found = await session.scalars(
            select(Notification).where(Notification.kind == kind).order_by(Notification.created_at)
        )
        return [each.payload for each in found]


async def test_the_button_tells_the_business_and_says_when_an_answer_comes(
    kim: Customer, engine: AsyncEngine, studio: TenantHandle
) -> None:
    answer = await ask(kim, customerEmail="Kim@Example.com", customerPhone="")
    assert answer.status_code == 201
    told = answer.json()
    assert "open now" in told["message"]
    assert "kim@example.com" in told["message"]
    [escalation] = await asked_for(engine, studio)
    assert str(escalation.id) == told["escalationId"]
    assert (escalation.status, escalation.priority, escalation.cause) == ("PENDING", "MEDIUM", "button")
    assert (escalation.customer_email, escalation.customer_phone) == ("kim@example.com", None)
    [mail] = await mails(engine, studio)
    assert mail["reasons"] == ["I need help with my colour"]
    assert mail["path"].startswith("/escalation/")


async def test_outside_opening_hours_it_says_when_they_open(kim: Customer) -> None:
    clock.start_at(at(SUNDAY))
    told = (await ask(kim)).json()["message"]
    assert "closed right now" in told
    assert "tomorrow from 9:00 am" in told
    assert "email address" in told


async def test_a_second_request_joins_the_first(kim: Customer, engine: AsyncEngine, studio: TenantHandle) -> None:
    first = (await ask(kim, "First reason")).json()
    for number in range(5):
        answer = await ask(kim, f"Reason {number}", customerEmail="kim@example.com")
        assert answer.status_code == 201
        assert answer.json()["escalationId"] == first["escalationId"]
    [escalation] = await asked_for(engine, studio)
    assert [each["reason"] for each in escalation.reasons][:2] == ["First reason", "Reason 0"]
    assert [each["subject"] for each in await mails(engine, studio)] == [
        "A customer asks for a person",
        "How to reach kim@example.com, who waits for an answer",
    ]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"reason": " \n\t "}, "reason"),
        ({"reason": "\u200b\u2060"}, "reason"),
        ({"reason": "x" * 5000}, "reason"),
        ({"reason": "nul \0 inside"}, "reason"),
        ({"reason": "help", "customerEmail": "not an address"}, "customerEmail"),
        ({"reason": "help", "customerEmail": "kim@example.com\r\nBcc: all@example.com"}, "customerEmail"),
        ({"reason": "help", "customerPhone": "call me"}, "customerPhone"),
    ],
)
async def test_what_cannot_be_meant_is_refused_and_costs_nothing(
    kim: Customer, engine: AsyncEngine, studio: TenantHandle, body: Json, field: str
) -> None:
    for _ in range(4):
        answer = await kim.post("/chat/escalate", {"sessionId": kim.session_id, **body})
        assert answer.status_code == 422
        assert list(answer.json()["fields"]) == [field]
    assert await asked_for(engine, studio) == []
    assert (await ask(kim)).status_code == 201


async def test_two_thousand_characters_and_empty_contacts_are_fine(
    kim: Customer, engine: AsyncEngine, studio: TenantHandle
) -> None:
    assert (await ask(kim, f"  {'x' * 2000}  ", customerEmail="", customerPhone=" ")).status_code == 201
    [escalation] = await asked_for(engine, studio)
    assert len(escalation.reasons[0]["reason"]) == 2000


async def test_the_fourth_of_an_hour_has_to_wait(
    kim: Customer, engine: AsyncEngine, studio: TenantHandle, server: Running
) -> None:
    for _ in range(3):
        async with Customer.of(server.url, studio.key) as somebody:
            await somebody.start()
            assert (await ask(somebody)).status_code == 201
    refused = await ask(kim)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 3600
    assert len(await asked_for(engine, studio)) == 3
    clock.start_at(clock.now() + timedelta(minutes=75))
    assert (await ask(kim)).status_code == 201


async def test_somebody_elses_conversation_cannot_be_escalated(kim: Customer) -> None:
    kim.token = "of somebody else"
    assert (await ask(kim)).status_code == 404


async def test_asked_in_words_the_team_is_told_and_the_address_asked_for_once(
    kim: Customer, engine: AsyncEngine, studio: TenantHandle
) -> None:
    done = await kim.say("Can I talk to a real person please?")
    assert "told the team" in done["message"] or "let the team know" in done["message"]
    assert "open now" in done["message"]
    assert done["expects"] == ["email"]
    [escalation] = await asked_for(engine, studio)
    assert (escalation.cause, escalation.customer_email) == ("words", None)
    done = await kim.say("kim@example.com")
    assert "kim@example.com" in done["message"]
    [escalation] = await asked_for(engine, studio)
    assert escalation.customer_email == "kim@example.com"
    assert len(escalation.reasons) == 1


async def test_a_customer_who_is_known_is_not_asked_again(
    kim: Customer, engine: AsyncEngine, studio: TenantHandle
) -> None:
    done = await kim.say("haircut on Tuesday at 3pm, I am Kim Lee, kim@example.com")
    await kim.confirm(done["proposal"])
    done = await kim.say("I would like to talk to a human")
    assert "email" not in done["expects"]
    [escalation] = await asked_for(engine, studio)
    assert (escalation.customer_name, escalation.customer_email) == ("Kim Lee", "kim@example.com")
    [mail] = await mails(engine, studio)
    assert mail["bookings"][0].startswith("Haircut, Tuesday, March 3 at 3:00 pm, BK-")
    assert "Prepared a booking" in mail["tried"]


async def test_not_understood_twice_it_offers_a_person_and_a_yes_is_enough(
    kim: Customer, engine: AsyncEngine, studio: TenantHandle
) -> None:
    await kim.say("florp the glimmering wug sideways quibble")
    done = await kim.say("no i mean zarquon blibbering hooloovoo tetrahedron")
    assert "Talk to a person" in [each["label"] for each in done["choices"]]
    assert await asked_for(engine, studio) == []
    done = await kim.say("yes please")
    [escalation] = await asked_for(engine, studio)
    assert escalation.cause == "misunderstanding"


async def test_a_crisis_is_told_at_once_and_with_high_priority(
    kim: Customer, engine: AsyncEngine, studio: TenantHandle
) -> None:
    done = await kim.say("I want to kill myself")
    assert "emergency" in done["message"]
    [escalation] = await asked_for(engine, studio)
    assert (escalation.cause, escalation.priority) == ("crisis", "HIGH")
    [mail] = await mails(engine, studio)
    assert mail["subject"].startswith("Urgent:")


async def test_after_two_failures_in_a_row_the_team_is_asked_and_the_customer_told(
    kim: Customer, engine: AsyncEngine, studio: TenantHandle, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(_: object) -> None:
        raise RuntimeError("of this test")

    monkeypatch.setattr(turn, "_answer", fails)
    assert (await kim.try_say("Hello?")).status_code == 503
    assert await asked_for(engine, studio) == []
    assert (await kim.try_say("Hello??")).status_code == 503

    async def asked() -> list[Escalation]:
        return await asked_for(engine, studio)

    [escalation] = await until(asked, what="somebody is asked")
    assert escalation.cause == "failure"
    assert "told the team" in (await kim.snapshot())["messages"][-1]["content"]


async def test_a_long_talk_without_a_result_ends_with_the_offer_of_a_person(
    kim: Customer, engine: AsyncEngine, studio: TenantHandle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rescue, "TURN_CAP", 2)
    monkeypatch.setattr(people, "TURN_CAP", 2)
    await kim.say("Is there parking?")
    done = await kim.say("When are you open?")
    assert done["message"].endswith(rescue.OFFER)
    await kim.say("yes please")
    [escalation] = await asked_for(engine, studio)
    assert escalation.cause == "turn_cap"


async def test_nobody_acknowledging_is_noticed_after_half_an_hour_of_opening_hours_once(
    kim: Customer, engine: AsyncEngine, studio: TenantHandle
) -> None:
    clock.start_at(at("2026-03-02T17:50:00-05:00"))
    await ask(kim)
    clock.start_at(at("2026-03-03T09:15:00-05:00"))
    await jobs.remind(engine)
    assert len(await mails(engine, studio)) == 1
    clock.start_at(at("2026-03-03T09:21:00-05:00"))
    await jobs.remind(engine)
    await jobs.remind(engine)
    assert [each["subject"] for each in await mails(engine, studio)][1:] == [
        "Still waiting: A customer has had no answer"
    ]
