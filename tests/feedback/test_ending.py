"""When a conversation ends, that it ends once, and who is asked how it was."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.catalog.load import business_of
from handled.conversations import ending, handoff, messages
from handled.customers import refusals
from handled.db.session import tenant_session
from handled.escalations import desk, lifecycle
from handled.escalations.lifecycle import Wanted
from handled.feedback import given
from handled.kit import clock
from handled.notifications.jobs import from_json
from handled.notifications.messages import ConversationRating
from handled.tables import Conversation
from handled.tenants.acting import Acting
from tests.conftest import STUDIO, TenantHandle, at, import_tenant
from tests.faults import ledger

NOON = at("2026-03-02T12:00:00-05:00")


@pytest.fixture(autouse=True)
def noon() -> None:
    clock.start_at(NOON)


@pytest.fixture
async def talk(engine: AsyncEngine, studio: TenantHandle) -> Conversation:
    """The customer has said something, and was answered."""
    return await begun(engine, studio)


async def begun(engine: AsyncEngine, tenant: TenantHandle, *, verified: str | None = None) -> Conversation:
    async with tenant_session(engine, tenant.id) as session:
        talk, _ = await messages.start(session, tenant.id, locale="en_US", timezone=None, page=None)
        talk.verified_email = verified
        await session.flush()
        await messages.add(session, tenant.id, talk.id, role="customer", content="Is there parking?")
        await messages.add(session, tenant.id, talk.id, role="agent", content="Behind the studio.")
    return talk


async def say(engine: AsyncEngine, talk: Conversation, role: str = "customer") -> None:
    async with tenant_session(engine, talk.tenant_id) as session:
        await messages.add(session, talk.tenant_id, talk.id, role=role, content="Another word.")


async def end(engine: AsyncEngine, talk: Conversation, by: ending.By = "left", **how: Any) -> bool:
    async with tenant_session(engine, talk.tenant_id) as session:
        return await ending.end(session, talk.tenant_id, talk.id, by, **how)


def state(owner_url: str, talk: Conversation) -> tuple[str | None, int]:
    """Who has ended it, and how often its feed has asked for a rating."""
    by = ledger.value(owner_url, "select ended_by from conversations where id = %(id)s", id=talk.id)
    query = "select count(*) from conversation_events where conversation_id = %(id)s and data = %(data)s"
    return by, ledger.value(owner_url, query, id=talk.id, data='{"type":"rating","ask":true}')


def mails(owner_url: str) -> list[str]:
    query = "select recipient from notifications where kind = 'conversation_rating'"
    return [each["recipient"] for each in ledger.rows(owner_url, query)]


async def test_it_ends_once_and_asks_once_however_often_it_is_left(
    engine: AsyncEngine, talk: Conversation, owner_url: str
) -> None:
    ended = await asyncio.gather(*(end(engine, talk) for _ in range(10)))
    assert sorted(ended) == [False] * 9 + [True]
    assert state(owner_url, talk) == ("left", 1)


async def test_half_an_hour_of_silence_ends_it_and_not_a_minute_less(
    engine: AsyncEngine, talk: Conversation, owner_url: str
) -> None:
    clock.start_at(NOON + timedelta(minutes=29))
    assert await ending.end_silent(engine) == 0
    assert state(owner_url, talk) == (None, 0)
    clock.start_at(NOON + timedelta(minutes=30, seconds=5))
    assert await ending.end_silent(engine) == 1
    assert state(owner_url, talk) == ("silence", 1)
    assert await ending.end_silent(engine) == 0


async def test_two_workers_end_a_silent_conversation_once(
    engine: AsyncEngine, talk: Conversation, owner_url: str
) -> None:
    clock.start_at(NOON + timedelta(minutes=31))
    assert sum(await asyncio.gather(*(ending.end_silent(engine) for _ in range(5)))) == 1
    assert state(owner_url, talk) == ("silence", 1)


async def test_who_speaks_at_the_last_moment_is_not_silent(
    engine: AsyncEngine, talk: Conversation, owner_url: str
) -> None:
    clock.start_at(NOON + timedelta(minutes=31))
    before = clock.now() - ending.SILENCE
    await say(engine, talk)
    assert not await end(engine, talk, "silence", silent_since=before)
    assert state(owner_url, talk) == (None, 0)


async def test_a_goodbye_that_was_overtaken_ends_nothing(
    engine: AsyncEngine, talk: Conversation, owner_url: str
) -> None:
    await say(engine, talk)  # their second message, at position 3
    assert not await end(engine, talk, "resolved", heard=1)
    assert await end(engine, talk, "resolved", heard=3)
    assert state(owner_url, talk) == ("resolved", 1)


@pytest.mark.parametrize(
    ("role", "goes_on"), [("customer", True), ("staff", True), ("agent", False), ("system", False)]
)
async def test_a_person_who_speaks_goes_on_with_it(
    engine: AsyncEngine, talk: Conversation, owner_url: str, role: str, goes_on: bool
) -> None:
    await end(engine, talk)
    await say(engine, talk, role)
    assert state(owner_url, talk)[0] == (None if goes_on else "left")
    assert await end(engine, talk) is goes_on
    assert state(owner_url, talk) == ("left", 2 if goes_on else 1)


async def test_who_has_said_nothing_or_rated_already_is_not_asked(
    engine: AsyncEngine, studio: TenantHandle, talk: Conversation, owner_url: str
) -> None:
    async with tenant_session(engine, studio.id) as session:
        silent, _ = await messages.start(session, studio.id, locale="en_US", timezone=None, page=None)
        await messages.add(session, studio.id, silent.id, role="agent", content="Hello!")
        await given.put_rating(session, studio.id, talk.id, 2)
    assert await end(engine, talk) and await end(engine, silent)
    assert state(owner_url, talk) == state(owner_url, silent) == ("left", 0)


async def test_what_fell_silent_long_ago_ends_without_a_question(
    engine: AsyncEngine, talk: Conversation, owner_url: str
) -> None:
    clock.start_at(NOON + timedelta(days=2))
    assert await ending.end_silent(engine) == 1
    assert state(owner_url, talk) == ("silence", 0)


async def test_while_a_customer_waits_for_a_person_the_silence_is_not_theirs(
    engine: AsyncEngine, talk: Conversation, owner_url: str
) -> None:
    await say(engine, talk)
    ledger.change(owner_url, "update conversations set handled_by = 'staff'")
    clock.start_at(NOON + timedelta(minutes=31))
    assert await ending.end_silent(engine) == 0
    await say(engine, talk, "staff")
    clock.start_at(NOON + timedelta(minutes=62))
    assert await ending.end_silent(engine) == 1


async def want_a_person(engine: AsyncEngine, talk: Conversation, reason: str = "Bridal hair") -> None:
    async with tenant_session(engine, talk.tenant_id) as session:
        business = await business_of(session, talk.tenant_id)
        await lifecycle.open_or_join(session, business, talk.id, Wanted("button", reason))


async def half_an_hour_later(engine: AsyncEngine) -> int:
    clock.start_at(clock.now() + timedelta(minutes=31))
    return await ending.end_silent(engine)


async def test_a_conversation_does_not_end_while_nobody_has_come_whom_its_customer_asked_for(
    engine: AsyncEngine, talk: Conversation, owner_url: str
) -> None:
    await want_a_person(engine, talk)
    for _ in range(3):
        assert await half_an_hour_later(engine) == 0
    async with tenant_session(engine, talk.tenant_id) as session:
        escalation = await lifecycle.find_open(session, talk.tenant_id, talk.id)
        assert escalation is not None
        await lifecycle.acknowledge(session, escalation)
    assert await half_an_hour_later(engine) == 0
    async with tenant_session(engine, talk.tenant_id) as session:
        await lifecycle.resolve(session, await lifecycle.get(session, talk.tenant_id, escalation.id))
    assert await half_an_hour_later(engine) == 1
    assert state(owner_url, talk) == ("silence", 1)


async def test_whoever_was_asked_for_and_has_answered_does_not_keep_it_open(
    engine: AsyncEngine, talk: Conversation, owner_url: str
) -> None:
    mia = Acting(None, "Mia")
    await want_a_person(engine, talk)
    async with tenant_session(engine, talk.tenant_id) as session:
        await desk.take_over(session, talk.tenant_id, talk.id, mia)
    assert await half_an_hour_later(engine) == 0  # Mia has come, and said nothing
    async with tenant_session(engine, talk.tenant_id) as session:
        await handoff.say(session, talk.tenant_id, talk.id, mia, "Yes, we do bridal hair.")
        await handoff.hand_back(session, talk.tenant_id, talk.id, mia)
    assert await half_an_hour_later(engine) == 1
    await say(engine, talk)
    await want_a_person(engine, talk, "One more question for Mia")
    assert await half_an_hour_later(engine) == 0
    assert state(owner_url, talk) == (None, 1)


async def test_a_proven_address_is_asked_by_mail_once(
    engine: AsyncEngine, studio: TenantHandle, owner_url: str
) -> None:
    talk = await begun(engine, studio, verified="kim@example.com")
    for _ in range(2):
        assert await end(engine, talk)
        await say(engine, talk)
    assert state(owner_url, talk) == (None, 2)
    assert mails(owner_url) == ["kim@example.com"]
    payload = ledger.value(owner_url, "select payload from notifications where kind = 'conversation_rating'")
    message = from_json(payload)
    assert isinstance(message, ConversationRating)
    assert message.rate_path.startswith("/rate/") and message.refuse_path.startswith("/refuse/")


async def test_nobody_is_asked_by_mail_who_has_not_proven_the_address_or_does_not_want_it(
    engine: AsyncEngine, studio: TenantHandle, talk: Conversation, owner_url: str
) -> None:
    weary = await begun(engine, studio, verified="kim@example.com")
    async with tenant_session(engine, studio.id) as session:
        await refusals.refuse_ratings(session, studio.id, "kim@example.com")
    quiet = await import_tenant(engine, STUDIO.replace("slug: studio", "slug: quiet\nratings: {mail: false}"))
    unasked = await begun(engine, quiet, verified="lee@example.com")
    for each in (talk, weary, unasked):
        assert await end(engine, each)
    assert mails(owner_url) == []
