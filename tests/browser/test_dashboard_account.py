"""Account, team, settings, channels and privacy in Chromium; passkeys with an authenticator that Chromium plays."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, CDPSession, Page, expect
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.db.session import tenant_session
from handled.tenants import staff, staff_login
from tests.browser.conftest import Shoot
from tests.browser.visiting import DESKTOP, Look, axe, fits, visiting
from tests.conftest import Running, TenantHandle

_PAGES = {
    "account": "/dashboard/account",
    "team": "/dashboard/team",
    "channels": "/dashboard/channels",
    "privacy": "/dashboard/privacy",
    "settings": "/dashboard/settings",
    "settings-brand": "/dashboard/settings/brand",
    "settings-website": "/dashboard/settings/website",
    "settings-booking": "/dashboard/settings/booking",
    "settings-agent": "/dashboard/settings/agent",
    "settings-retention": "/dashboard/settings/retention",
    "settings-file": "/dashboard/settings/file",
    "settings-trail": "/dashboard/settings/trail",
}
_DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


async def enter(page: Page, url: str, engine: AsyncEngine, studio: TenantHandle) -> None:
    """Log the studio's owner in with a link."""
    async with tenant_session(engine, studio.id) as session:
        member = await staff.put_member(session, studio.id, "owner@studio.example", "Olga Owner", "owner")
        token = await staff_login.new_link(session, studio.id, member.id, is_limited=False)
    await page.goto(f"{url}/dashboard/login/{token}")
    await page.get_by_role("button").click()
    await expect(page.get_by_role("heading", name="Today")).to_be_visible()


@pytest.fixture
def named(server: Running) -> str:
    """The server's address with a name, as passkeys need it."""
    return server.url.replace("127.0.0.1", "localhost")


@pytest.fixture
async def desk(chromium: Browser, named: str, engine: AsyncEngine, studio: TenantHandle) -> AsyncIterator[Page]:
    """The studio's owner at a desktop."""
    async with visiting(chromium, DESKTOP) as page:
        await enter(page, named, engine, studio)
        yield page


async def device(page: Page) -> tuple[CDPSession, str]:
    session = await page.context.new_cdp_session(page)
    await session.send("WebAuthn.enable")
    added: dict[str, Any] = await session.send("WebAuthn.addVirtualAuthenticator", {"options": _DEVICE})
    return session, added["authenticatorId"]


async def make_passkey(page: Page, url: str) -> None:
    await page.goto(f"{url}/dashboard/account")
    await page.get_by_label("Name of the device").fill("My laptop")
    await page.get_by_role("button", name="Add a passkey").click()
    await expect(page.get_by_text("This passkey logs you in from now on.")).to_be_visible()
    await expect(page.get_by_text("My laptop", exact=True).first).to_be_visible()


async def log_in_with_passkey(page: Page, url: str) -> None:
    await page.goto(f"{url}/dashboard/login")
    await page.get_by_role("button", name="Use a passkey").click()


async def test_every_page_of_settings_and_team_shuts_nobody_out(
    page: Page, look: Look, server: Running, engine: AsyncEngine, studio: TenantHandle, shoot: Shoot
) -> None:
    await enter(page, server.url, engine, studio)
    for name, path in _PAGES.items():
        await page.goto(server.url + path)
        assert await axe(page) and await fits(page), name
        await shoot(page, f"dashboard-{name}")


async def test_a_passkey_is_made_logs_in_and_is_removed(desk: Page, named: str) -> None:
    desk.on("dialog", lambda dialog: dialog.accept())
    await device(desk)
    await make_passkey(desk, named)
    assert await axe(desk)
    await desk.context.clear_cookies()
    await log_in_with_passkey(desk, named)
    await expect(desk.get_by_role("heading", name="Today")).to_be_visible()
    await desk.goto(f"{named}/dashboard/account")
    await expect(desk.get_by_text("used just now")).to_be_visible()
    await desk.get_by_text("Rename My laptop").click()
    await desk.get_by_label("New name of My laptop").fill("Old laptop")
    await desk.locator("details[open]").get_by_role("button", name="Save").click()
    await desk.get_by_role("button", name="Remove Old laptop").click()
    await expect(desk.get_by_text("The passkey logs nobody in any more.")).to_be_visible()


@pytest.fixture
async def trusted(chromium: Browser, named: str, engine: AsyncEngine, studio: TenantHandle) -> AsyncIterator[Page]:
    """A passkey is made; a refusal that follows is an error in the browser's console."""
    context = await chromium.new_context(**DESKTOP)
    page = await context.new_page()
    await enter(page, named, engine, studio)
    yield page
    await context.close()


async def test_an_assertion_that_was_used_is_worth_nothing(trusted: Page, named: str) -> None:
    await device(trusted)
    await make_passkey(trusted, named)
    await trusted.context.clear_cookies()
    async with trusted.expect_request("**/dashboard/passkeys/login") as asked:
        await log_in_with_passkey(trusted, named)
    request = await asked.value
    sent, (name, _, value) = request.post_data or "", (await request.all_headers())["cookie"].partition("=")
    await expect(trusted.get_by_role("heading", name="Today")).to_be_visible()
    await trusted.context.clear_cookies()
    # The cookie as it was before the answer took it away.
    await trusted.context.add_cookies([{"name": name, "value": value, "url": named}])
    await trusted.goto(f"{named}/dashboard/login")
    send = """async (body) => (await fetch("/dashboard/passkeys/login",
        {method: "POST", headers: {"Content-Type": "application/json"}, body})).status"""
    assert await trusted.evaluate(send, sent) == 409
    # With a challenge of its own the signature is about another one.
    await trusted.evaluate('fetch("/dashboard/passkeys/options", {method: "POST"})')
    assert await trusted.evaluate(send, sent) == 422
    await trusted.goto(f"{named}/dashboard")
    assert "/dashboard/login" in trusted.url


async def test_a_passkey_of_somebody_else_opens_nothing(trusted: Page, named: str) -> None:
    session, authenticator = await device(trusted)
    await make_passkey(trusted, named)
    made: dict[str, Any] = await session.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})
    trusted.on("dialog", lambda dialog: dialog.accept())
    await trusted.get_by_role("button", name="Remove My laptop").click()
    await expect(trusted.get_by_text("The passkey logs nobody in any more.")).to_be_visible()
    assert json.dumps(made["credentials"])
    await trusted.context.clear_cookies()
    await log_in_with_passkey(trusted, named)
    await expect(trusted.get_by_text("This passkey does not open a dashboard here.")).to_be_visible()


async def test_a_device_that_counts_backwards_is_a_copy(trusted: Page, named: str) -> None:
    session, authenticator = await device(trusted)
    await make_passkey(trusted, named)
    found: dict[str, Any] = await session.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})
    (copy,) = found["credentials"]
    await trusted.context.clear_cookies()
    for _ in range(2):
        await log_in_with_passkey(trusted, named)
        await expect(trusted.get_by_role("heading", name="Today")).to_be_visible()
    await session.send("WebAuthn.clearCredentials", {"authenticatorId": authenticator})
    await session.send("WebAuthn.addCredential", {"authenticatorId": authenticator, "credential": copy})
    await trusted.context.clear_cookies()
    await log_in_with_passkey(trusted, named)
    await expect(trusted.get_by_text("This passkey does not open a dashboard here.")).to_be_visible()


async def test_the_preview_follows_the_colour_and_the_greeting(desk: Page, named: str) -> None:
    await desk.goto(f"{named}/dashboard/settings/brand")
    preview = desk.frame_locator("#preview-frame")
    await expect(preview.get_by_text("Hi, welcome to Test Studio").first).to_be_visible()
    await desk.get_by_label("Colour", exact=True).fill("#aa3355")
    await desk.get_by_role("textbox", name="Greeting").fill("Ahoy from the studio")
    await expect(preview.get_by_text("Ahoy from the studio").first).to_be_visible()
    await expect(preview.locator("handled-chat")).to_have_attribute("accent", "#aa3355")
    await desk.get_by_role("button", name="Save").click()
    await expect(desk.get_by_text("Saved.")).to_be_visible()
    await expect(preview.get_by_text("Ahoy from the studio").first).to_be_visible()
