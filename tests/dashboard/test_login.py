"""Getting into the dashboard, and staying out of it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.db.session import tenant_session
from handled.kit import clock
from handled.tenants import staff, staff_login
from tests.conftest import Running, TenantHandle, running
from tests.dashboard.desk import SAME_SITE, Browser
from tests.faults import ledger
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("studio")

OWNER = "owner@studio.example"


async def links_mailed(owner_url: str) -> list[str]:
    found = ledger.rows(
        owner_url, "select payload from notifications where kind = 'login_link' order by created_at, id"
    )
    return [each["payload"]["login_path"] for each in found]


@pytest.fixture
async def link(engine: AsyncEngine, studio: TenantHandle) -> str:
    """The path of a link that logs the owner in."""
    async with tenant_session(engine, studio.id) as session:
        member = await staff.put_member(session, studio.id, OWNER, "Olga Owner", "owner")
        token = await staff_login.new_link(session, studio.id, member.id)
    return f"/dashboard/login/{token}"


async def test_a_link_from_the_mail_logs_in_and_the_dashboard_greets_by_name(
    server: Running, engine: AsyncEngine, studio: TenantHandle, visitor: Browser
) -> None:
    async with tenant_session(engine, studio.id) as session:
        await staff.put_member(session, studio.id, OWNER, "Olga Owner", "owner")
    asked = await visitor.post("/dashboard/login", {"email": " Owner@Studio.example "})
    assert asked.status_code == 200 and "is on its way" in asked.text
    mailbox = server.settings.data_dir / "mailbox"
    mail = await until(lambda: next(iter(mailbox.glob("*.eml")), None), what="the mail with the link")
    found = re.search(r"/dashboard/login/[\w-]+", mail.read_text().replace("=\n", ""))
    assert found is not None
    confirmed = await visitor.page(found[0])
    assert "Olga Owner" in confirmed and "Test Studio" in confirmed
    inside = await visitor.post(found[0])
    assert inside.url.path == "/dashboard" and "Olga Owner" in inside.text


async def test_opening_the_link_logs_nobody_in(visitor: Browser, link: str) -> None:
    for _ in range(2):
        assert "Log in" in await visitor.page(link)
    assert (await visitor.get("/dashboard")).url.path == "/dashboard/login"


async def test_a_link_works_once(visitor: Browser, link: str) -> None:
    assert (await visitor.post(link)).url.path == "/dashboard"
    again = await visitor.post(link)
    assert again.status_code == 404 and "does not work any more" in again.text


async def test_a_link_is_dead_after_15_minutes(visitor: Browser, link: str) -> None:
    clock.start_at(clock.now() + timedelta(minutes=15, seconds=1))
    assert (await visitor.get(link)).status_code == 404
    assert (await visitor.post(link)).status_code == 404


async def test_a_made_up_link_is_answered_like_a_dead_one(visitor: Browser, link: str) -> None:
    used = await visitor.post(link)
    assert used.status_code == 200
    dead, made_up = await visitor.get(link), await visitor.get("/dashboard/login/never-was")
    assert (dead.status_code, dead.text) == (made_up.status_code, made_up.text)


async def test_asking_for_a_link_tells_nobody_who_works_there(visitor: Browser, link: str, owner_url: str) -> None:
    known = await visitor.post("/dashboard/login", {"email": OWNER})
    stranger = await visitor.post("/dashboard/login", {"email": "nobody@studio.example"})
    assert known.text.replace(OWNER, "") == stranger.text.replace("nobody@studio.example", "")
    assert len(await links_mailed(owner_url)) == 1


async def test_five_links_an_hour_are_enough(visitor: Browser, link: str, owner_url: str) -> None:
    for _ in range(8):
        assert (await visitor.post("/dashboard/login", {"email": OWNER})).status_code == 200
    # One was made by the fixture.
    assert len(await links_mailed(owner_url)) == staff_login.LINKS_AN_HOUR - 1


async def test_what_is_no_address_is_said_beside_the_field(visitor: Browser) -> None:
    answer = await visitor.post("/dashboard/login", {"email": "olga at home"})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text and 'value="olga at home"' in answer.text


@pytest.mark.parametrize("path", ["/dashboard", "/dashboard/inbox", "/dashboard/settings", "/dashboard/team"])
async def test_without_a_session_every_page_leads_to_the_login(visitor: Browser, path: str) -> None:
    answer = await visitor.get(path)
    assert answer.url.path == "/dashboard/login" or answer.status_code == 404


async def test_after_the_login_one_is_where_one_wanted_to_be(visitor: Browser, link: str) -> None:
    inside = await visitor.post(link, {"next": "/dashboard?from=mail"})
    assert inside.url.path == "/dashboard" and inside.url.query == b"from=mail"


@pytest.mark.parametrize("bad", ["https://evil.example/", "//evil.example", "/dashboard\\@evil.example", "/c/studio"])
async def test_the_login_leads_to_no_other_site(visitor: Browser, link: str, bad: str) -> None:
    inside = await visitor.post(link, {"next": bad})
    assert inside.url.path == "/dashboard" and inside.url.host == "127.0.0.1"


async def test_another_sites_form_is_refused(visitor: Browser, link: str) -> None:
    for foreign in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}):
        answer = await visitor.http.post(link, data={}, headers=foreign)
        assert answer.status_code == 403
    old_browser = await visitor.http.post(link, data={}, headers={"Origin": "https://evil.example"})
    assert old_browser.status_code == 403
    assert (await visitor.get("/dashboard")).url.path == "/dashboard/login"


async def test_logging_out_ends_this_session_only(server: Running, owner: Browser, engine: AsyncEngine) -> None:
    session = dict(owner.http.cookies)
    async with Browser.of(server.url) as elsewhere:
        elsewhere.http.cookies.update(session)
        assert (await elsewhere.get("/dashboard")).url.path == "/dashboard"
        assert (await owner.post("/dashboard/logout")).url.path == "/dashboard/login"
        # The cookie itself is worth nothing any more.
        assert (await elsewhere.get("/dashboard")).url.path == "/dashboard/login"


async def test_logging_out_everywhere_ends_all_of_them(
    server: Running, owner: Browser, engine: AsyncEngine, studio: TenantHandle
) -> None:
    async with Browser.of(server.url) as phone:
        await phone.log_in(engine, studio.id, OWNER, "Olga Owner", "owner")
        await owner.post("/dashboard/logout", {"everywhere": "true"})
        assert (await phone.get("/dashboard")).url.path == "/dashboard/login"


async def test_who_has_left_is_out_at_once(engine: AsyncEngine, studio: TenantHandle, staff_member: Browser) -> None:
    async with tenant_session(engine, studio.id) as session:
        (sam,) = [each for each in await staff.list_members(session, studio.id) if each.name == "Sam Staff"]
        await staff.deactivate(session, sam)
    assert (await staff_member.get("/dashboard")).url.path == "/dashboard/login"


async def test_a_session_ends_after_two_weeks_without_a_visit(owner: Browser) -> None:
    clock.start_at(clock.now() + timedelta(days=13))
    assert (await owner.get("/dashboard")).url.path == "/dashboard"
    clock.start_at(clock.now() + timedelta(days=13))
    assert (await owner.get("/dashboard")).url.path == "/dashboard"
    clock.start_at(clock.now() + timedelta(days=14, seconds=1))
    assert (await owner.get("/dashboard")).url.path == "/dashboard/login"


async def test_the_cookie_is_for_the_server_alone(visitor: Browser, link: str) -> None:
    answer = await visitor.http.post(link, data={}, headers=SAME_SITE, follow_redirects=False)
    (cookie,) = answer.headers.get_list("set-cookie")
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Path=/" in cookie


async def test_under_https_the_cookie_is_bound_to_the_host(server: Running, link: str) -> None:
    settings = server.settings.model_copy(update={"public_url": "https://desk.example"})
    async with running(settings) as behind_a_proxy, Browser.of(behind_a_proxy.url) as browser:
        answer = await browser.http.post(link, data={}, headers=SAME_SITE, follow_redirects=False)
    (cookie,) = answer.headers.get_list("set-cookie")
    assert cookie.startswith("__Host-handled=") and "Secure" in cookie


async def test_one_click_logs_in_only_in_a_demo(server: Running, visitor: Browser) -> None:
    refused = await visitor.post("/dashboard/demo-login", {"slug": "studio"})
    assert refused.status_code in (404, 405)
    in_a_demo = server.settings.model_copy(update={"environment": "demo"})
    async with running(in_a_demo) as demo, Browser.of(demo.url) as guest:
        assert "Test Studio" in await guest.page("/dashboard/login")
        assert (await guest.post("/dashboard/demo-login", {"slug": "studio"})).url.path == "/dashboard"
