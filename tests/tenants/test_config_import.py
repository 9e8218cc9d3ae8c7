from __future__ import annotations

import asyncio
from uuid import UUID

import pytest
from paper_crane import SHOP, without
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.db.session import tenant_session
from handled.kit import clock, ids
from handled.kit.errors import HandledError
from handled.tables import Booking, FaqEntry, PublicKey, Resource, Service, ServiceResource, Tenant
from handled.tenants import accounts, config
from handled.tenants.config import ImportResult


async def bring_in(engine: AsyncEngine, written: str = SHOP) -> ImportResult:
    return await config.import_document(engine, config.parse(written, "shop.yaml"))


async def export(engine: AsyncEngine, tenant_id: UUID) -> str:
    async with tenant_session(engine, tenant_id) as session:
        return await config.export_document(session, tenant_id)


async def ids_by_key(engine: AsyncEngine, tenant_id: UUID, table: type[Service] | type[Resource]) -> dict[str, UUID]:
    async with tenant_session(engine, tenant_id) as session:
        return {each.key: each.id for each in await session.scalars(select(table))}


async def version(engine: AsyncEngine, tenant_id: UUID) -> int:
    async with tenant_session(engine, tenant_id) as session:
        return (await accounts.get_tenant(session, tenant_id)).version


async def book(engine: AsyncEngine, tenant_id: UUID, service: str, resource: str) -> None:
    services, resources = [await ids_by_key(engine, tenant_id, table) for table in (Service, Resource)]
    async with tenant_session(engine, tenant_id) as session:
        start = clock.now()
        session.add(
            Booking(
                tenant_id=tenant_id,
                id=ids.new_id(),
                code="BK-ABC234",
                status="confirmed",
                source="API",
                service_id=services[service],
                resource_id=resources[resource],
                starts_at=start,
                ends_at=start.replace(year=start.year + 1),
                whole_day=False,
                customer_name="Eva",
                customer_email="eva@example.com",
                currency="EUR",
                payment_rule="none",
                policy={},
            )
        )


async def test_a_file_makes_a_tenant_with_a_public_key(engine: AsyncEngine):
    result = await bring_in(engine)
    assert result.created
    assert {"name", "hours", "services.folding", "resources.rui", "faq"} <= set(result.changed)
    assert await accounts.find_by_slug(engine, "paper-crane") == result.tenant_id
    async with tenant_session(engine, result.tenant_id) as session:
        (key,) = await session.scalars(select(PublicKey.key))
    assert key.startswith("pk_")
    assert len(key) == 27
    assert await accounts.find_by_public_key(engine, key) == result.tenant_id


async def test_importing_twice_changes_nothing(engine: AsyncEngine):
    first = await bring_in(engine)
    before = await ids_by_key(engine, first.tenant_id, Service)
    second = await bring_in(engine)
    assert second == ImportResult(first.tenant_id, created=False, changed=[])
    assert await ids_by_key(engine, first.tenant_id, Service) == before
    assert await version(engine, first.tenant_id) == 1


async def test_a_changed_price_changes_that_service_and_the_version(engine: AsyncEngine):
    tenant_id = (await bring_in(engine)).tenant_id
    before = await ids_by_key(engine, tenant_id, Service)
    result = await bring_in(engine, SHOP.replace("price: 45.5", "price: 48"))
    assert result.changed == ["services.folding"]
    assert await ids_by_key(engine, tenant_id, Service) == before
    assert await version(engine, tenant_id) == 2


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("name: Paper Crane", "name: Paper Swan", ["name"]),
        ("monday-friday", "monday-thursday", ["hours"]),
        ("      friday: 10:00-16:00", "      friday: 11:00-16:00", ["resources.rui"]),
        ("label: Christmas", "label: Winter", ["exceptions"]),
        ("by the sheet", "by the pack", ["faq"]),
        ("resources: [rui]", "resources: [rui, ana]", ["services.festival"]),
    ],
)
async def test_what_is_different_is_named(engine: AsyncEngine, old: str, new: str, changed: list[str]):
    await bring_in(engine)
    assert (await bring_in(engine, SHOP.replace(old, new))).changed == changed
    assert (await bring_in(engine, SHOP.replace(old, new))).changed == []


async def test_another_order_is_a_change(engine: AsyncEngine):
    tenant_id = (await bring_in(engine)).tenant_id
    document = config.parse(SHOP, "shop.yaml")
    turned = document.model_copy(update={"services": document.services[::-1]})
    assert (await config.import_document(engine, turned)).changed == ["services"]
    assert config.parse(await export(engine, tenant_id), "x") == turned


async def test_the_export_imports_back_to_the_same(engine: AsyncEngine):
    for document in [*config.demo_documents(), config.parse(SHOP, "shop.yaml")]:
        tenant_id = (await config.import_document(engine, document)).tenant_id
        written = await export(engine, tenant_id)
        assert config.parse(written, "export.yaml") == document
        assert (await bring_in(engine, written)).changed == []


async def test_what_nobody_booked_is_deleted_with_its_line_in_the_file(engine: AsyncEngine):
    tenant_id = (await bring_in(engine)).tenant_id
    result = await bring_in(engine, without("- key: festival"))
    assert result.changed == ["services.festival"]
    assert set(await ids_by_key(engine, tenant_id, Service)) == {"folding"}


async def test_a_service_that_was_booked_becomes_inactive_and_comes_back_with_its_id(engine: AsyncEngine):
    tenant_id = (await bring_in(engine)).tenant_id
    before = await ids_by_key(engine, tenant_id, Service)
    await book(engine, tenant_id, "festival", "rui")
    shorter = without("- key: festival")
    assert (await bring_in(engine, shorter)).changed == ["services.festival"]
    assert (await bring_in(engine, shorter)).changed == []
    written = await export(engine, tenant_id)
    assert "active: false" in written
    assert (await bring_in(engine, written)).changed == []
    assert (await bring_in(engine)).changed == ["services.festival"]
    assert await ids_by_key(engine, tenant_id, Service) == before


async def test_a_resource_that_was_booked_becomes_inactive(engine: AsyncEngine):
    tenant_id = (await bring_in(engine)).tenant_id
    await book(engine, tenant_id, "folding", "rui")
    document = config.parse(SHOP, "shop.yaml")
    alone = document.model_copy(
        update={
            "resources": document.resources[:1],
            "exceptions": document.exceptions[1:],
            "services": tuple(each.model_copy(update={"resources": ("ana",)}) for each in document.services),
        }
    )
    result = await config.import_document(engine, alone)
    assert result.changed == ["resources.rui", "exceptions", "services.folding", "services.festival"]
    async with tenant_session(engine, tenant_id) as session:
        active = {each.key: each.active for each in await session.scalars(select(Resource))}
        performers = await session.scalar(select(func.count()).select_from(ServiceResource))
    assert active == {"ana": True, "rui": False}
    assert performers == 2
    assert (await config.import_document(engine, alone)).changed == []


async def test_answers_keep_their_ids_while_their_question_stays(engine: AsyncEngine):
    tenant_id = (await bring_in(engine)).tenant_id

    async def faq() -> dict[str, UUID]:
        async with tenant_session(engine, tenant_id) as session:
            return {each.question: each.id for each in await session.scalars(select(FaqEntry))}

    before = await faq()
    await bring_in(engine, SHOP.replace("by the sheet", "by the pack").replace("Are beginners", "Are cats"))
    after = await faq()
    assert after["Do you sell paper?"] == before["Do you sell paper?"]
    assert "Are beginners welcome?" not in after


async def test_two_first_imports_at_once_make_one_tenant(engine: AsyncEngine):
    results = await asyncio.gather(*(bring_in(engine) for _ in range(4)))
    assert len({each.tenant_id for each in results}) == 1
    assert sorted(each.created for each in results) == [False, False, False, True]


async def test_changes_at_once_wait_for_each_other(engine: AsyncEngine):
    tenant_id = (await bring_in(engine)).tenant_id
    prices = [SHOP.replace("price: 45.5", f"price: {price}") for price in (50, 51, 52, 53)]
    await asyncio.gather(*(bring_in(engine, each) for each in prices))
    assert await version(engine, tenant_id) == 5
    assert await export(engine, tenant_id) in [config.dump(config.parse(each, "x")) for each in prices]


async def test_an_import_that_fails_leaves_nothing_behind(engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch):
    async def fail(*_: object) -> None:
        raise RuntimeError("cut off")

    monkeypatch.setattr("handled.tenants.config_write._write_faq", fail)
    with pytest.raises(RuntimeError):
        await bring_in(engine)
    assert await accounts.list_all(engine) == []


async def test_tenants_are_listed_and_strangers_are_not_found(engine: AsyncEngine):
    tenant_id = (await bring_in(engine)).tenant_id
    assert await accounts.list_all(engine) == [(tenant_id, "paper-crane", "Paper Crane")]
    assert await accounts.find_by_slug(engine, "other") is None
    assert await accounts.find_by_slug(engine, "a\0b") is None
    for key in ("pk_aaaaaaaaaaaaaaaaaaaaaaaa", "", "pk_'; --", "pk_\0", "pk_ä" * 10):
        assert await accounts.find_by_public_key(engine, key) is None


async def test_one_tenant_cannot_read_or_export_another(engine: AsyncEngine):
    mine = (await bring_in(engine)).tenant_id
    theirs = (await bring_in(engine, SHOP.replace("slug: paper-crane", "slug: other"))).tenant_id
    async with tenant_session(engine, mine) as session:
        assert await session.scalar(select(func.count()).select_from(Tenant)) == 1
        assert await session.scalar(text("select count(*) from services")) == 2
        with pytest.raises(HandledError, match="no such business"):
            await config.export_document(session, theirs)
        with pytest.raises(HandledError, match="no such business"):
            await accounts.get_tenant(session, theirs)
