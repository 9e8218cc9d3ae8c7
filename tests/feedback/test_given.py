"""One thumb for a message and one rating for a conversation, whoever writes at the same time."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.conversations import messages
from handled.db.session import tenant_session
from handled.feedback import given
from handled.kit.errors import HandledError
from handled.tables import Conversation, Message
from tests.conftest import TenantHandle
from tests.faults import ledger

MANY = 24


@pytest.fixture
async def talk(engine: AsyncEngine, studio: TenantHandle) -> Conversation:
    return await opened(engine, studio)


@pytest.fixture
async def reply(engine: AsyncEngine, talk: Conversation) -> Message:
    return await said(engine, talk, "agent")


async def opened(engine: AsyncEngine, studio: TenantHandle) -> Conversation:
    async with tenant_session(engine, studio.id) as session:
        conversation, _ = await messages.start(session, studio.id, locale="en_US", timezone=None, page=None)
    return conversation


async def said(engine: AsyncEngine, talk: Conversation, role: str) -> Message:
    async with tenant_session(engine, talk.tenant_id) as session:
        return await messages.add(session, talk.tenant_id, talk.id, role=role, content="Hello there.")


async def thumb(engine: AsyncEngine, talk: Conversation, message_id: UUID, vote: given.Vote = "THUMBS_UP") -> UUID:
    async with tenant_session(engine, talk.tenant_id) as session:
        return await given.put_thumb(session, talk.tenant_id, talk.id, message_id, vote)


async def rate(engine: AsyncEngine, talk: Conversation, rating: int, comment: str | None = None) -> UUID:
    async with tenant_session(engine, talk.tenant_id) as session:
        return await given.put_rating(session, talk.tenant_id, talk.id, rating, comment)


async def test_a_thumb_is_one_however_many_come_at_once(
    engine: AsyncEngine, talk: Conversation, reply: Message, owner_url: str
) -> None:
    votes: list[given.Vote] = ["THUMBS_UP", "THUMBS_DOWN"]
    answered = await asyncio.gather(*(thumb(engine, talk, reply.id, votes[n % 2]) for n in range(MANY)))
    assert len(set(answered)) == 1
    assert [row["id"] for row in ledger.rows(owner_url, "select id from thumbs")] == answered[:1]
    await thumb(engine, talk, reply.id, "THUMBS_DOWN")
    assert ledger.value(owner_url, "select is_up from thumbs") is False


async def test_a_rating_is_one_however_many_come_at_once(
    engine: AsyncEngine, talk: Conversation, owner_url: str
) -> None:
    answered = await asyncio.gather(*(rate(engine, talk, 1 + n % 5, f"Take {n}") for n in range(MANY)))
    assert len(set(answered)) == 1
    [row] = ledger.rows(owner_url, "select rating, comment from ratings")
    assert row["rating"] == 1 + int(row["comment"].removeprefix("Take ")) % 5


async def test_a_comment_stays_until_another_or_none_takes_its_place(
    engine: AsyncEngine, talk: Conversation, owner_url: str
) -> None:
    kept = "select rating, comment from ratings"
    await rate(engine, talk, 3, "Slow, but kind.")
    await rate(engine, talk, 4)
    assert ledger.rows(owner_url, kept) == [{"rating": 4, "comment": "Slow, but kind."}]
    await rate(engine, talk, 4, "")
    assert ledger.rows(owner_url, kept) == [{"rating": 4, "comment": None}]


async def test_only_what_the_agent_said_here_has_a_thumb(
    engine: AsyncEngine, studio: TenantHandle, talk: Conversation, owner_url: str
) -> None:
    elsewhere = await said(engine, await opened(engine, studio), "agent")
    for message in [elsewhere, *[await said(engine, talk, role) for role in ("customer", "staff", "system")]]:
        with pytest.raises(HandledError, match="There is nothing here under that id"):
            await thumb(engine, talk, message.id)
    assert ledger.value(owner_url, "select count(*) from thumbs") == 0
