"""Changing what can be booked in the dashboard: the same document as the file, by the same rules."""

from __future__ import annotations

from html import unescape

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.db.session import tenant_session
from handled.kit import clock
from handled.tenants import config, industry
from tests.conftest import STUDIO, Running, TenantHandle, at, import_tenant
from tests.customers import Customer
from tests.dashboard.desk import Browser
from tests.dashboard.sheets import fill_in, press, sheet
from tests.faults import ledger
from tests.http_client import http_client
from tests.managed import booked

CATALOG = "/dashboard/catalog"
HAIRCUT = f"{CATALOG}/services/haircut"
WICKED = [
    "<script>alert(1)</script>",
    "[x](javascript:alert(1)) **bold**",
    "\u202egnp.exe \u05e9\u05dc\u05d5\u05dd",
    "💇🏽‍♀️ {{ 7 * 7 }} ' or 1=1 --",
]


async def exported(engine: AsyncEngine, tenant: TenantHandle) -> str:
    async with tenant_session(engine, tenant.id) as session:
        return await config.export_document(session, tenant.id)


async def test_the_list_says_what_each_service_is(owner: Browser) -> None:
    page = await owner.page(CATALOG)
    for said in ("Haircut", "$45.00", "45 min", "Colour", "no payment in advance", "Deactivate"):
        assert said in page


async def test_saving_a_form_as_it_is_changes_nothing(
    owner: Browser, engine: AsyncEngine, studio: TenantHandle, owner_url: str
) -> None:
    before = await exported(engine, studio)
    for path in (HAIRCUT, f"{CATALOG}/resources/main", f"{CATALOG}/hours", f"{CATALOG}/policies", f"{CATALOG}/faq/1"):
        html = await owner.page(path)
        action = {f"{CATALOG}/hours": path, f"{CATALOG}/faq/1": path}.get(path, "")
        answer = await owner.post(path, sheet(html, action))
        assert answer.status_code == 200, answer.text
    assert await exported(engine, studio) == before
    assert ledger.value(owner_url, "select version from tenants") == 1
    assert ledger.rows(owner_url, "select action from staff_actions") == []


async def test_the_questions_of_the_pack_are_shown_kept_and_taken_away(
    owner: Browser, engine: AsyncEngine, studio: TenantHandle
) -> None:
    await import_tenant(engine, STUDIO.replace("slug: studio", "slug: studio\npack: therapy"))
    before = await exported(engine, studio)
    [asked] = industry.pack_of("therapy").intake
    assert asked in await owner.page(HAIRCUT) and asked in await owner.page(f"{CATALOG}/new-service")
    await fill_in(owner, HAIRCUT)
    assert await exported(engine, studio) == before and "intake" not in before
    assert "Saved." in (await fill_in(owner, HAIRCUT, intake="")).text
    assert asked not in await owner.page(HAIRCUT)
    written = await exported(engine, studio)
    assert written.count("intake: []") == 1
    await import_tenant(engine, written)
    assert await exported(engine, studio) == written
    assert config.parse(written, "x").services[0].intake == ()


async def test_an_edit_is_in_the_file_on_the_chat_page_and_in_the_trail(
    owner: Browser, server: Running, engine: AsyncEngine, studio: TenantHandle, owner_url: str
) -> None:
    async with Customer.of(server.url, studio.key) as customer:
        assert "45" in str((await customer.get("/services")).json())
        answer = await fill_in(
            owner,
            HAIRCUT,
            name="Haircut & wash",
            price="52.50",
            duration="1 h",
            buffer_after="10",
            capacity="1",
            notice="2 h",
            horizon="30",
            payment="deposit",
            deposit="20",
            free_until="48 h",
            fee_kind="fixed",
            fee="15",
            moves="2",
            intake="Any allergies?\n\nFirst visit?",
        )
        assert "Haircut &amp; wash: Saved." in answer.text
        # No cache has kept the old price.
        assert "5250" in str((await customer.get("/services")).json())
    service = config.parse(await exported(engine, studio), "x").services[0]
    assert (service.name, service.duration, service.price, service.buffer_after) == ("Haircut & wash", 60, 5250, 10)
    assert (service.notice, service.horizon, service.payment, service.deposit) == (120, 30, "deposit", 2000)
    assert service.cancellation.model_dump() == {"free_until": 2880, "fee_percent": 0, "fee": 1500, "moves": 2}
    assert service.intake == ("Any allergies?", "First visit?")
    assert service.description == "Cut and finish." and service.step == 15
    (action,) = ledger.rows(owner_url, "select name, action, subject, details from staff_actions")
    assert action == {
        "name": "Olga Owner",
        "action": "service.change",
        "subject": "haircut",
        "details": {"changed": ["services.haircut"]},
    }


async def test_problems_stand_beside_their_fields_and_what_was_typed_is_kept(
    owner: Browser, engine: AsyncEngine, studio: TenantHandle
) -> None:
    before = await exported(engine, studio)
    answer = await fill_in(owner, HAIRCUT, duration="soon", price="much", moves="often", fee_percent="150 %", name="")
    assert answer.status_code == 422
    page = unescape(answer.text)
    for value in ("soon", "much", "often", "150 %"):
        assert f'value="{value}"' in page
    for field, said in {
        "duration": '"soon" is not a length of time',
        "price": '"much" is not an amount of money',
        "moves": '"often" is not a whole number.',
        "fee_percent": "This is too large: at most 100.",
        "name": "This is empty.",
    }.items():
        assert f'id="{field}-problem"' in page and said in page, field
    assert page.count('aria-invalid="true"') == 5
    assert await exported(engine, studio) == before


async def test_the_terms_are_said_by_what_quotes_them(owner: Browser) -> None:
    page = await owner.page(HAIRCUT)
    assert "Free to cancel or move until 24 hours before, then 50 % of the price." in page
    typed = sheet(page) | {"free_until": "2 days", "fee_kind": "fixed", "fee": "10", "moves": "1"}
    live = await owner.post(f"{CATALOG}/terms", typed, **{"HX-Request": "true"})
    assert "until 2 days before, then $10.00. It can be moved once." in live.text and "<html" not in live.text
    # Without a script, a button does the same and saves nothing.
    looked = await owner.post(HAIRCUT, typed | {"preview": "yes"})
    assert "until 2 days before, then $10.00. It can be moved once." in looked.text
    assert "then 50 % of the price." in await owner.page(HAIRCUT)
    unclear = await owner.post(f"{CATALOG}/terms", typed | {"fee": "a lot"})
    assert "Customers read nothing yet" in unclear.text


async def test_who_was_overtaken_sees_what_is_saved_now_and_overwrites_nothing(
    owner: Browser, engine: AsyncEngine, studio: TenantHandle
) -> None:
    stale = sheet(await owner.page(HAIRCUT))
    await fill_in(owner, HAIRCUT, price="50.00")
    answer = await owner.post(HAIRCUT, stale | {"price": "60.00"})
    assert answer.status_code == 409
    assert "Somebody changed the catalog while you were here" in answer.text
    assert 'value="60.00"' in answer.text and "Saved now: <bdi>50.00</bdi>" in answer.text
    assert config.parse(await exported(engine, studio), "x").services[0].price == 5000
    # Sent again from there, it is meant.
    again = await owner.post(HAIRCUT, sheet(answer.text))
    assert again.status_code == 200
    assert config.parse(await exported(engine, studio), "x").services[0].price == 6000


async def test_a_service_is_added_and_whole_days_have_no_duration(
    owner: Browser, engine: AsyncEngine, studio: TenantHandle
) -> None:
    path = f"{CATALOG}/new-service"
    answer = await fill_in(owner, path, name="Bridal day!", kind="whole_day", pricing="request", duration="45 min")
    assert "Bridal day!: Saved." in answer.text and "whole day" in answer.text and "on request" in answer.text
    again = await fill_in(owner, path, name="Bridal day", pricing="free", resources=["main"])
    assert again.status_code == 200
    services = config.parse(await exported(engine, studio), "x").services
    assert [(each.key, each.kind, each.price) for each in services[2:]] == [
        ("bridal_day", "whole_day", None),
        ("bridal_day_2", "timed", 0),
    ]


async def test_deactivating_says_how_many_stay_booked(
    owner: Browser, server: Running, engine: AsyncEngine, studio: TenantHandle
) -> None:
    clock.start_at(at("2026-03-02T09:00:00-05:00"))
    async with http_client(base_url=server.url) as http:
        mine = await booked(http, engine, studio)
    assert "1 appointment that is already booked stays as it is." in await owner.page(CATALOG)
    answer = await press(owner, CATALOG, f"{HAIRCUT}/active")
    assert "Haircut: Nobody can book it any more. 1 appointment that is already booked stays as it is." in answer.text
    assert mine.booking.status == "confirmed"
    async with Customer.of(server.url, studio.key) as customer:
        assert "haircut" not in str((await customer.get("/services")).json())
    kept = await press(owner, CATALOG, f"{HAIRCUT}/remove")
    assert "Haircut: It has bookings, so it stays here, switched off." in kept.text
    back = await press(owner, CATALOG, f"{HAIRCUT}/active")
    assert "Haircut: It can be booked again." in back.text
    gone = await press(owner, CATALOG, f"{CATALOG}/services/colour/active")
    assert "Colour: Nobody can book it any more." in gone.text and "any more. 1 appointment" not in gone.text
    removed = await press(owner, CATALOG, f"{CATALOG}/services/colour/remove")
    assert "Removed." in removed.text and "Colour" not in removed.text


async def test_what_a_package_includes_cannot_be_switched_off_beneath_it(owner: Browser) -> None:
    new = f"{CATALOG}/new-package"
    total = await owner.post(f"{CATALOG}/total", {"includes": ["haircut", "", "colour"]})
    assert "2 h 45 min" in total.text and "$165.00" in total.text
    added = await fill_in(owner, new, name="Makeover", includes=["colour", "", "haircut"], price="150")
    assert "Makeover: Saved." in added.text and "Colour, then Haircut" in unescape(added.text)
    refused = await press(owner, CATALOG, f"{HAIRCUT}/active")
    assert refused.status_code == 422
    assert "Makeover: &#34;haircut&#34; is not active" in refused.text
    empty = await fill_in(owner, new, name="Nothing", includes=[], price="1")
    assert empty.status_code == 422 and 'id="includes-problem"' in empty.text


async def test_the_order_is_the_owners(owner: Browser, engine: AsyncEngine, studio: TenantHandle) -> None:
    await press(owner, CATALOG, f"{CATALOG}/services/colour/move", direction="up")
    assert [each.key for each in config.parse(await exported(engine, studio), "x").services] == ["colour", "haircut"]
    # There is nothing above the first.
    await press(owner, CATALOG, f"{CATALOG}/services/colour/move", direction="up")
    assert [each.key for each in config.parse(await exported(engine, studio), "x").services] == ["colour", "haircut"]


async def test_a_new_resource_performs_what_was_ticked(
    owner: Browser, engine: AsyncEngine, studio: TenantHandle
) -> None:
    added = await fill_in(owner, f"{CATALOG}/new-resource", name="Mia", performs=["haircut"])
    assert "Mia: Saved." in added.text
    document = config.parse(await exported(engine, studio), "x")
    assert [each.resources for each in document.services] == [("main", "mia"), ("main",)]
    await fill_in(owner, f"{CATALOG}/resources/main", name="Chair one", performs=["colour"])
    document = config.parse(await exported(engine, studio), "x")
    assert [each.resources for each in document.services] == [("mia",), ("main",)]
    # Without her, nobody could cut hair.
    refused = await press(owner, CATALOG, f"{CATALOG}/resources/mia/active")
    assert refused.status_code == 200, refused.text


async def test_policies_are_written_and_removed(owner: Browser, engine: AsyncEngine, studio: TenantHandle) -> None:
    path = f"{CATALOG}/policies"
    answer = await fill_in(owner, path, policies=["Be kind.", "", "Come early.\r\nReally."])
    assert "Saved." in answer.text
    assert config.parse(await exported(engine, studio), "x").policies == ("Be kind.", "Come early.\nReally.")
    long = await fill_in(owner, path, policies=["Fine.", "x" * 4001])
    assert long.status_code == 422 and 'id="policy-2-problem"' in long.text


@pytest.mark.parametrize("name", WICKED)
async def test_whatever_a_name_is_made_of_it_is_only_text(owner: Browser, name: str) -> None:
    await fill_in(owner, HAIRCUT, name=name, description=name, intake=name)
    for path in (CATALOG, HAIRCUT, f"{CATALOG}/new-package", f"{CATALOG}/resources/main"):
        page = await owner.page(path)
        assert "<script>alert" not in page
        assert name in unescape(page)


async def test_ten_thousand_characters_are_too_many_and_kept(owner: Browser) -> None:
    answer = await fill_in(owner, HAIRCUT, name="n" * 10_000)
    assert answer.status_code == 422
    assert "This is too long: at most 200 characters." in answer.text and "n" * 10_000 in answer.text


async def test_staff_look_and_do_not_touch(staff_member: Browser, engine: AsyncEngine, studio: TenantHandle) -> None:
    before = await exported(engine, studio)
    for path in ("", "/services/haircut", "/resources/main", "/hours", "/faq", "/faq/1", "/gaps", "/policies"):
        page = await staff_member.page(f"{CATALOG}{path}")
        assert "Deactivate" not in page and ">Save" not in page
    for path in ("/new-service", "/new-package", "/new-resource", "/faq/new"):
        assert (await staff_member.get(f"{CATALOG}{path}")).status_code == 403
        assert (await staff_member.post(f"{CATALOG}{path}", {"version": "1", "name": "x"})).status_code == 403
    for path in (
        *("/services/haircut", "/services/haircut/active", "/services/haircut/move", "/services/haircut/remove"),
        *("/hours", "/hours/days/2026-12-24", "/faq/1", "/faq/1/remove", "/policies", "/resources/main"),
    ):
        assert (await staff_member.post(f"{CATALOG}{path}", {"version": "1"})).status_code == 403
    assert await exported(engine, studio) == before


async def test_what_is_another_business_is_not_there(owner: Browser, engine: AsyncEngine) -> None:
    await import_tenant(engine, STUDIO.replace("slug: studio", "slug: other").replace("haircut", "secret_cut"))
    version = sheet(await owner.page(HAIRCUT))["version"]
    for path in ("services/secret_cut", "packages/haircut", "resources/nobody", "faq/2", "faq/0"):
        assert (await owner.get(f"{CATALOG}/{path}")).status_code == 404
        sent = {"version": version, "name": "x", "q": "x", "a": "x", "pricing": "free"}
        assert (await owner.post(f"{CATALOG}/{path}", sent)).status_code == 404
    for path in ("services/secret_cut/active", "services/secret_cut/move", "packages/haircut/remove"):
        assert (await owner.post(f"{CATALOG}/{path}", {"version": version})).status_code == 404
    for version in ("", "-1", "9" * 30, "one"):
        assert (await owner.post(f"{HAIRCUT}/active", {"version": version})).status_code == 409
