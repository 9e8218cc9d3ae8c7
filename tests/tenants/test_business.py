"""What `catalog.load` makes of an imported file."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from paper_crane import SHOP
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.catalog.load import (
    Business,
    business_of,
    hours_lines,
    load_business,
    service_by_id,
    service_by_key,
)
from handled.db.session import tenant_session
from handled.kit import clock
from handled.kit.errors import HandledError
from handled.tenants import api_keys, config


@pytest.fixture(autouse=True)
def _summer_of_2030() -> Iterator[None]:
    clock.start_at(datetime(2030, 7, 1, tzinfo=UTC))
    yield
    clock.run_free()


async def shop(engine: AsyncEngine, written: str = SHOP) -> UUID:
    return (await config.import_document(engine, config.parse(written, "shop.yaml"))).tenant_id


async def known(engine: AsyncEngine, tenant_id: UUID) -> Business:
    async with tenant_session(engine, tenant_id) as session:
        return await business_of(session, tenant_id)


async def test_a_business_is_loaded_with_everything_it_offers(engine: AsyncEngine):
    business = await known(engine, await shop(engine))
    folding, festival = business.services
    assert (business.name, business.locale, business.zone.key) == ("Paper Crane", "en_GB", "Europe/Lisbon")
    assert [each.name for each in folding.resources] == ["Ana", "Rui"]
    assert (festival.whole_day, festival.price_minor, [each.key for each in festival.resources]) == (
        True,
        None,
        ["rui"],
    )
    assert folding.cancellation == {
        "free_until_minutes": 1440,
        "fee_percent": 50,
        "fee_minor": None,
        "moves": 2,
    }
    assert [each.question for each in business.faq] == ["Do you sell paper?", "Are beginners welcome?"]
    assert {each.resource_id for each in business.hours} == {None, business.resources[1].id}
    assert business.public_key
    assert service_by_key(business, "folding") is folding
    assert service_by_id(business, festival.id) is festival
    assert service_by_key(business, "juggling") is None


async def test_exceptions_that_are_over_are_left_out(engine: AsyncEngine):
    business = await known(engine, await shop(engine))
    assert [each.first_date for each in business.exceptions] == [date(2030, 12, 24), date(2030, 12, 31)]


async def test_what_is_inactive_is_not_offered(engine: AsyncEngine):
    written = SHOP.replace("name: Rui", "name: Rui\n    active: false").replace(
        "key: festival", "key: festival\n    active: false"
    )
    business = await known(engine, await shop(engine, written))
    assert [each.key for each in business.services] == ["folding"]
    assert [each.key for each in business.services[0].resources] == ["ana"]
    assert [each.key for each in business.resources] == ["ana"]


async def test_a_business_is_loaded_by_one_query_and_then_remembered(engine: AsyncEngine):
    tenant_id = await shop(engine)
    statements: list[str] = []

    def note(*args: object) -> None:
        statements.append(str(args[2]))

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    async with tenant_session(engine, tenant_id) as session:
        first = await business_of(session, tenant_id)
        second = await business_of(session, tenant_id)
    assert first is second
    assert len([each for each in statements if "from tenants" in each]) == 3
    assert len([each for each in statements if "jsonb_agg" in each]) == 1


async def test_many_who_ask_at_once_cause_one_load(engine: AsyncEngine):
    tenant_id = await shop(engine)
    statements: list[str] = []

    def note(*args: object) -> None:
        statements.append(str(args[2]))

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    found = await asyncio.gather(*(known(engine, tenant_id) for _ in range(8)))
    assert all(each is found[0] for each in found)
    assert len([each for each in statements if "jsonb_agg" in each]) == 1


async def test_a_changed_price_is_never_stale(engine: AsyncEngine):
    tenant_id = await shop(engine)
    before = await known(engine, tenant_id)
    await shop(engine, SHOP.replace("price: 45.5", "price: 48"))
    after = await known(engine, tenant_id)
    assert (before.services[0].price_minor, after.services[0].price_minor) == (4550, 4800)


async def test_a_rotated_key_is_never_stale(engine: AsyncEngine):
    tenant_id = await shop(engine)
    await known(engine, tenant_id)
    async with tenant_session(engine, tenant_id) as session:
        new = await api_keys.rotate_public_key(session, tenant_id)
    assert (await known(engine, tenant_id)).public_key == new


async def test_what_was_rolled_back_is_not_remembered(engine: AsyncEngine):
    tenant_id = await shop(engine)
    with pytest.raises(RuntimeError):
        async with tenant_session(engine, tenant_id) as session:
            lost = await api_keys.rotate_public_key(session, tenant_id)
            assert (await business_of(session, tenant_id)).public_key == lost
            raise RuntimeError("rolled back")
    async with tenant_session(engine, tenant_id) as session:
        kept = await api_keys.rotate_public_key(session, tenant_id)
    assert (await known(engine, tenant_id)).public_key == kept


async def test_a_clock_set_back_brings_the_exceptions_back(engine: AsyncEngine):
    tenant_id = await shop(engine)
    await known(engine, tenant_id)
    clock.start_at(datetime(2030, 5, 1, tzinfo=UTC))
    assert (await known(engine, tenant_id)).exceptions[0].first_date == date(2030, 6, 3)


async def test_nobody_loads_what_is_not_there_or_not_theirs(engine: AsyncEngine):
    mine, theirs = await shop(engine), await shop(engine, SHOP.replace("slug: paper-crane", "slug: other"))
    await known(engine, theirs)
    async with tenant_session(engine, mine) as session:
        for stranger in (theirs, uuid4()):
            with pytest.raises(HandledError, match="no such business"):
                await business_of(session, stranger)
            with pytest.raises(HandledError, match="no such business"):
                await load_business(session, stranger)


@pytest.mark.parametrize(
    ("hours", "locale", "lines"),
    [
        (
            "tuesday-friday: 9-18\n  saturday: 9-13",
            "en_US",
            [("Tuesday to Friday", "9:00 am – 6:00 pm"), ("Saturday", "9:00 am – 1:00 pm")],
        ),
        ("monday-tuesday: 9-12, 13-18", "en_GB", [("Monday and Tuesday", "09:00 – 12:00 and 13:00 – 18:00")]),
        ("daily: 00:00-24:00", "en-US", [("Every day", "open all day")]),
        ("friday: 20-24", "en_US", [("Friday", "8:00 pm – midnight")]),
        (
            "monday: 9-12\n  tuesday: 10-12\n  wednesday: 9-12",
            "de_DE",
            [("Montag", "09:00 – 12:00"), ("Dienstag", "10:00 – 12:00"), ("Mittwoch", "09:00 – 12:00")],
        ),
        ("monday-friday: 9-12", "es", [("lunes – viernes", "9:00 – 12:00")]),
    ],
)
async def test_hours_are_written_for_the_reader(
    engine: AsyncEngine, hours: str, locale: str, lines: list[tuple[str, str]]
):
    written = SHOP.replace("monday-friday: 09:00-12:00, 13:00-18:00", hours)
    business = await known(engine, await shop(engine, written))
    assert [(each["days"], each["open"]) for each in hours_lines(business, locale)] == lines
