"""Packages in a business's file: read, refused, written, imported."""

from __future__ import annotations

import pytest
from paper_crane import SHOP
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncEngine
from test_config_import import book, bring_in, export, ids_by_key
from test_config_parsing import refusal

from handled.catalog.load import Business, business_of, service_by_key
from handled.db.session import tenant_session
from handled.tables import Service
from handled.tenants import config

SERVICES = """\
  - key: glue
    name: Gluing
    duration: 30 min
    price: "10.00"
    buffer_after: 10 min
    resources: [rui]
  - key: class
    name: Class
    duration: 60 min
    price: "9.00"
    capacity: 6
faq:
"""
PACKAGES = """\
packages:
  - key: both
    name: Fold and glue
    description: First the one, then the other.
    includes: [folding, glue, folding]
    price: "80.00"
    notice: 24 h
    cancellation: {free_until: 48 h, fee: "20.00"}
"""
BOTH = SHOP.replace("faq:\n", SERVICES) + PACKAGES
# Where `packages:` begins, counted from 1.
AT = BOTH[: BOTH.index("packages:")].count("\n") + 1


def changed(old: str, new: str) -> str:
    assert old in BOTH
    return BOTH.replace(old, new)


def test_a_package_has_a_price_and_terms_of_its_own_and_lasts_as_long_as_its_parts():
    (both,) = config.parse(BOTH, "shop.yaml").packages
    assert (both.includes, both.price, both.notice) == (("folding", "glue", "folding"), 8000, 1440)
    assert (both.cancellation.free_until, both.cancellation.fee) == (2880, 2000)


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        (
            "glue, folding]",
            "glu, folding]",
            4,
            'packages.both.includes.2: "glu" is not the key of a service; did you mean "glue"?',
        ),
        (
            "glue, folding]",
            "festival]",
            4,
            'packages.both.includes.2: "festival" takes whole days; a package has appointments at a time of day',
        ),
        (
            "glue, folding]",
            "class]",
            4,
            'packages.both.includes.2: "class" is a class; a package has appointments for one customer',
        ),
        (
            "glue, folding]",
            "both]",
            4,
            'packages.both.includes.2: "both" is a package itself; name the services that it includes',
        ),
        (
            "[folding, glue, folding]",
            "[]",
            4,
            "packages.both.includes: is empty; name the keys of the services, in their order",
        ),
        ("    includes: [folding, glue, folding]\n", "", 1, "packages.both.includes: is missing"),
        ("[folding, glue, folding]", "folding", 4, 'packages.both.includes: "folding" is not a list'),
        (
            "[folding, glue, folding]",
            "[glue, glue, glue, glue, glue, glue, glue, glue, glue, glue, glue]",
            4,
            "packages.both.includes: has too many entries: at most 10",
        ),
        (
            "    name: Gluing",
            "    name: Gluing\n    active: false",
            5,
            'packages.both.includes.2: "glue" is not active;',
        ),
        ("key: both", "key: glue", 1, 'packages.glue.key: "glue" is already used in line 37'),
        ("notice: 24 h", "duration: 2 h", 6, "packages.both.duration: is not a known field"),
        ("notice: 24 h", "payment: deposit", 1, "packages.both.deposit: is missing: payment is deposit"),
        ("includes: [", "include: [", 4, 'packages.both.include: is not a known field; did you mean "includes"?'),
    ],
)
def test_a_mistake_in_a_package_is_named_with_its_line_and_field(old: str, new: str, line: int, said: str):
    lines = refusal(changed(old, new))
    assert any(each.startswith(f"shop.yaml:{AT + line}: {said}") for each in lines), lines


def test_a_package_longer_than_a_week_is_a_mistake():
    lines = refusal(changed("duration: 30 min", "duration: 7 days"))
    assert lines == [f"shop.yaml:{AT + 4}: packages.both.includes: lasts longer than a week"]


async def known(engine: AsyncEngine, text: str) -> Business:
    tenant_id = (await bring_in(engine, text)).tenant_id
    async with tenant_session(engine, tenant_id) as session:
        return await business_of(session, tenant_id)


async def test_importing_a_package_twice_changes_nothing_and_a_change_is_named(engine: AsyncEngine):
    tenant_id = (await bring_in(engine, BOTH)).tenant_id
    assert (await bring_in(engine, BOTH)).changed == []
    written = await export(engine, tenant_id)
    assert "packages:\n  - key: both\n    name: Fold and glue\n" in written
    assert config.parse(written, "x") == config.parse(BOTH, "x")
    assert (await bring_in(engine, written)).changed == []
    assert (await bring_in(engine, changed("glue, folding]", "glue]"))).changed == ["packages.both"]
    assert (await bring_in(engine, BOTH[: BOTH.index("packages:")])).changed == ["packages.both"]


async def test_a_package_is_offered_with_what_it_includes(engine: AsyncEngine):
    business = await known(engine, BOTH)
    assert [each.key for each in business.services] == ["folding", "festival", "glue", "class", "both"]
    both = service_by_key(business, "both")
    assert both
    assert [each.key for each in both.includes] == ["folding", "glue", "folding"]
    assert (both.duration_minutes, both.capacity, both.price_minor) == (210, 1, 8000)
    # Rui can do all of it, Ana a part.
    assert [each.key for each in both.resources] == ["rui", "ana"]
    assert all(each.includes == () for each in business.services if each is not both)


async def test_a_package_lasts_longer_once_one_of_its_parts_does(engine: AsyncEngine):
    await known(engine, BOTH)
    both = service_by_key(await known(engine, changed("duration: 30 min", "duration: 45 min")), "both")
    assert both
    assert both.duration_minutes == 225


async def test_a_package_whose_part_is_gone_is_not_offered(engine: AsyncEngine):
    tenant_id = (await bring_in(engine, BOTH)).tenant_id
    async with tenant_session(engine, tenant_id) as session:
        await session.execute(text("update services set active = false where key = 'glue'"))
        await session.execute(text("update tenants set version = version + 1"))
    async with tenant_session(engine, tenant_id) as session:
        business = await business_of(session, tenant_id)
    assert [each.key for each in business.services] == ["folding", "festival", "class"]


async def test_a_package_that_was_booked_is_kept_with_what_it_includes(engine: AsyncEngine):
    tenant_id = (await bring_in(engine, BOTH)).tenant_id
    before = await ids_by_key(engine, tenant_id, Service)
    await book(engine, tenant_id, "both", "ana")
    result = await bring_in(engine)
    assert result.changed == ["services.glue", "services.class", "packages.both"]
    assert (await bring_in(engine)).changed == []
    async with tenant_session(engine, tenant_id) as session:
        active = {each.key: each.active for each in await session.scalars(select(Service))}
    assert active == {"folding": True, "festival": True, "glue": False, "both": False}
    written = await export(engine, tenant_id)
    assert (await bring_in(engine, written)).changed == []
    await bring_in(engine, BOTH)
    after = await ids_by_key(engine, tenant_id, Service)
    assert {key: after[key] for key in ("folding", "glue", "both")} == {
        key: before[key] for key in ("folding", "glue", "both")
    }


async def test_a_resource_that_only_a_part_of_a_package_occupies_is_kept(engine: AsyncEngine):
    tenant_id = (await bring_in(engine, BOTH)).tenant_id
    await book(engine, tenant_id, "both", "ana")
    async with tenant_session(engine, tenant_id) as session:
        await session.execute(
            text(
                "insert into occupancies (tenant_id, booking_id, part, resource_id, during, session_key, seat)"
                " select b.tenant_id, b.id, 1, r.id, tstzrange(b.starts_at, b.ends_at), b.id, 1"
                " from bookings b, resources r where r.key = 'rui'"
            )
        )
    document = config.parse(BOTH, "shop.yaml")
    alone = document.model_copy(
        update={
            "resources": document.resources[:1],
            "exceptions": document.exceptions[1:],
            "services": tuple(each.model_copy(update={"resources": ("ana",)}) for each in document.services),
        }
    )
    assert "resources.rui" in (await config.import_document(engine, alone)).changed
    assert (await config.import_document(engine, alone)).changed == []
