"""The business's public key at the door: it opens as long as it is valid, and not a moment longer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.db.session import tenant_session
from handled.tenants import accounts, api_keys
from tests.conftest import STUDIO, TenantHandle, import_tenant
from tests.customers import Customer, refused
from tests.faults import ledger

OTHER = STUDIO.replace("slug: studio", "slug: other")
_SAID = "select count(*) from messages where role = 'customer'"


async def _rotate(engine: AsyncEngine, studio: TenantHandle, overlap: timedelta) -> str:
    async with tenant_session(engine, studio.id) as session:
        return await api_keys.rotate_public_key(session, studio.id, overlap)


async def test_with_a_key_that_has_ended_nothing_more_is_said(
    customer: Customer, engine: AsyncEngine, studio: TenantHandle, owner_url: str
) -> None:
    await customer.say("hello")
    new = await _rotate(engine, studio, timedelta(0))
    for _ in range(2):
        refused(await customer.try_say("are you there?"), 401, "unauthorized")
    assert ledger.value(owner_url, _SAID) == 1
    customer.key = new
    assert (await customer.say("are you there?"))["message"]


async def test_while_keys_overlap_both_open(customer: Customer, engine: AsyncEngine, studio: TenantHandle) -> None:
    await customer.say("hello")
    await _rotate(engine, studio, timedelta(days=7))
    assert (await customer.say("are you there?"))["message"]


async def test_a_conversation_of_another_business_is_not_there(
    customer: Customer, engine: AsyncEngine, owner_url: str
) -> None:
    customer.key = (await import_tenant(engine, OTHER)).key
    for _ in range(2):
        refused(await customer.try_say("hello"), 404, "not_found")
    assert ledger.value(owner_url, _SAID) == 0


async def test_keys_that_are_known_by_heart_are_not_without_number(
    engine: AsyncEngine, studio: TenantHandle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "_MOST_RECALLED", 1)
    monkeypatch.setattr(accounts, "_recalled", {})
    new = await _rotate(engine, studio, timedelta(days=7))
    for key in (studio.key, new, studio.key):
        assert await accounts.recall_by_public_key(engine, key) == studio.id
    assert list(accounts._recalled) == [studio.key]  # pyright: ignore[reportPrivateUsage]
    assert await accounts.recall_by_public_key(engine, "pk_nobody_has_this") is None
