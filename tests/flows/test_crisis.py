"""Somebody may be in danger: answered by code in every trade, before any model, and the team knows at once."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.db.session import tenant_session
from handled.escalations import lifecycle
from handled.kit import clock
from handled.kit.errors import HandledError
from handled.tables import Escalation, Notification
from tests.conftest import STUDIO, Running, TenantHandle, at, import_tenant
from tests.customers import Customer
from tests.flows.conftest import MONDAY_MORNING
from tests.twins.claude import ClaudeTwin
from tests.twins.scripts import says

PRACTICE = STUDIO.replace("slug: studio", "slug: practice\npack: therapy")
WORDED = STUDIO.replace(
    "slug: studio", 'slug: worded\ntexts: {crisis: "Call 112 now, or {contact}. We are {business}."}'
)


@pytest.fixture
async def practice(engine: AsyncEngine) -> TenantHandle:
    return await import_tenant(engine, PRACTICE)


@pytest.fixture
async def kim(server: Running, practice: TenantHandle) -> AsyncIterator[Customer]:
    """Somebody in the chat of a therapist."""
    clock.start_at(at(MONDAY_MORNING))
    async with Customer.of(server.url, practice.key) as somebody:
        await somebody.start()
        yield somebody


async def escalations_of(engine: AsyncEngine, tenant: TenantHandle) -> list[Escalation]:
    async with tenant_session(engine, tenant.id) as session:
        return list(await session.scalars(select(Escalation).order_by(Escalation.created_at)))


async def test_a_therapist_has_the_fullest_answer_and_the_team_knows_at_once(
    kim: Customer, practice: TenantHandle, engine: AsyncEngine
) -> None:
    done = await kim.say("I can’t go on anymore. I want to die")
    assert "112" in done["message"]
    assert "988" in done["message"]
    assert "told the team" in done["message"]
    [escalation] = await escalations_of(engine, practice)
    assert (escalation.cause, escalation.priority, escalation.status) == ("crisis", "HIGH", "PENDING")


async def test_the_mail_of_a_therapist_repeats_nothing_of_it(
    kim: Customer, practice: TenantHandle, engine: AsyncEngine
) -> None:
    await kim.say("I want to die because of Robin")
    async with tenant_session(engine, practice.id) as session:
        [mail] = await session.scalars(select(Notification).where(Notification.kind == "escalation"))
    assert mail.payload["discreet"]
    assert "Robin" not in str(mail.payload)
    assert "die" not in str(mail.payload)


async def test_the_conversation_goes_on_where_it_was(kim: Customer) -> None:
    await kim.say("A haircut tomorrow at 3 pm please, Kim Lee, kim@example.com")
    await kim.say("skip")
    proposed = await kim.snapshot()
    assert proposed["proposal"]
    await kim.say("sometimes I want to end it all")
    still = await kim.snapshot()
    assert still["proposal"]["proposalId"] == proposed["proposal"]["proposalId"]
    assert not (await kim.say("yes"))["message"].startswith("You're booked")
    confirmed = await kim.confirm(proposed["proposal"])
    assert confirmed["receipt"]["kind"] == "booked"


@pytest.mark.parametrize("pack", ["general", "hair_beauty", "photography", "coaching"])
async def test_every_trade_answers_and_tells_the_team(server: Running, engine: AsyncEngine, pack: str) -> None:
    shop = await import_tenant(engine, STUDIO.replace("slug: studio", f"slug: studio\npack: {pack}"))
    async with Customer.of(server.url, shop.key) as somebody:
        await somebody.start()
        done = await somebody.say("I am thinking of suicide")
    assert "emergency number" in done["message"]
    assert "owner@studio.example" in done["message"]
    assert [each.cause for each in await escalations_of(engine, shop)] == ["crisis"]


async def test_a_business_may_word_it_for_its_country(server: Running, engine: AsyncEngine) -> None:
    shop = await import_tenant(engine, WORDED)
    async with Customer.of(server.url, shop.key) as somebody:
        await somebody.start()
        done = await somebody.say("I want to kill myself")
    assert done["message"].startswith(
        "Call 112 now, or call +1 555 0100 or write to owner@studio.example. We are Test Studio."
    )


async def test_no_model_is_asked(
    claude_server: Running, claude: ClaudeTwin, practice: TenantHandle, engine: AsyncEngine
) -> None:
    claude.always(says("I am here."))
    async with Customer.of(claude_server.url, practice.key) as somebody:
        await somebody.start()
        done = await somebody.say("i dont want to live anymore")
        assert claude.bodies == []
        assert "988" in done["message"]
        assert (await somebody.say("Are you there?"))["message"] == "I am here."
    assert [each.cause for each in await escalations_of(engine, practice)] == ["crisis"]


async def test_who_asked_three_times_is_still_heard(kim: Customer, practice: TenantHandle, engine: AsyncEngine) -> None:
    for _ in range(5):
        assert "988" in (await kim.say("I want to kill myself"))["message"]
    assert len(await escalations_of(engine, practice)) == 1


async def test_the_answer_comes_even_when_the_team_cannot_be_told(
    kim: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object) -> None:
        raise HandledError("trouble", "Something is wrong.")

    monkeypatch.setattr(lifecycle, "open_for_crisis", fails)
    done = await kim.say("I want to die")
    assert "112" in done["message"]
    assert "told the team" not in done["message"]


async def test_hair_that_is_to_be_dyed_is_no_crisis(kim: Customer, practice: TenantHandle, engine: AsyncEngine) -> None:
    done = await kim.say("I want to die my hair blonde, I'm dying to see it")
    assert "emergency" not in done["message"]
    assert await escalations_of(engine, practice) == []
