from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from paper_crane import SHOP
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.db.session import tenant_session
from handled.kit import clock
from handled.kit.errors import HandledError
from handled.tenants import accounts, api_keys, config


@pytest.fixture(autouse=True)
def _real_time_afterwards() -> Iterator[None]:
    yield
    clock.run_free()


async def shop(engine: AsyncEngine):
    return (await config.import_document(engine, config.parse(SHOP, "shop.yaml"))).tenant_id


async def test_while_rotating_both_keys_open_the_door(engine: AsyncEngine):
    tenant_id = await shop(engine)
    async with tenant_session(engine, tenant_id) as session:
        (old,) = await api_keys.list_public_keys(session)
        new = await api_keys.rotate_public_key(session, tenant_id)
    async with tenant_session(engine, tenant_id) as session:
        listed = await api_keys.list_public_keys(session)
    assert [each.key for each in listed] == [new, old.key]
    assert listed[0].expires_at is None
    assert listed[1].expires_at is not None
    assert timedelta(days=6) < listed[1].expires_at - clock.now() <= timedelta(days=7)
    assert {await accounts.find_by_public_key(engine, key) for key in (old.key, new)} == {tenant_id}


async def test_after_the_overlap_only_the_new_key_opens_it(engine: AsyncEngine):
    tenant_id = await shop(engine)
    async with tenant_session(engine, tenant_id) as session:
        (old,) = await api_keys.list_public_keys(session)
        new = await api_keys.rotate_public_key(session, tenant_id)
    clock.start_at(clock.now() + timedelta(days=7, seconds=1))
    assert await accounts.find_by_public_key(engine, old.key) is None
    assert await accounts.find_by_public_key(engine, new) == tenant_id


async def test_never_are_more_than_two_keys_valid(engine: AsyncEngine):
    tenant_id = await shop(engine)

    async def rotate() -> str:
        async with tenant_session(engine, tenant_id) as session:
            return await api_keys.rotate_public_key(session, tenant_id)

    made = await asyncio.gather(*(rotate() for _ in range(5)))
    async with tenant_session(engine, tenant_id) as session:
        listed = await api_keys.list_public_keys(session)
    assert len(listed) == 2
    assert len(set(made)) == 5
    assert {each.key for each in listed} <= set(made)


async def test_without_overlap_the_old_key_ends_at_once(engine: AsyncEngine):
    tenant_id = await shop(engine)
    async with tenant_session(engine, tenant_id) as session:
        (old,) = await api_keys.list_public_keys(session)
        await api_keys.rotate_public_key(session, tenant_id, timedelta(0))
    assert await accounts.find_by_public_key(engine, old.key) is None


async def test_a_stranger_has_no_keys_to_rotate(engine: AsyncEngine):
    tenant_id = await shop(engine)
    async with tenant_session(engine, tenant_id) as session:
        with pytest.raises(HandledError, match="no such business"):
            await api_keys.rotate_public_key(session, uuid4())
        with pytest.raises(ValueError, match="not negative"):
            await api_keys.rotate_public_key(session, tenant_id, timedelta(days=-1))
