"""A mail's link in a real browser: moved to another day, then cancelled; phone and desktop, light and dark."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.kit import clock
from tests.conftest import Running, TenantHandle, at
from tests.managed import Managed, booked

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "color_scheme": "light"}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1200, "height": 900}, "color_scheme": "dark"}
WITHOUT_SCRIPTS: dict[str, Any] = {**PHONE, "java_script_enabled": False}


@pytest.fixture
async def mine(server: Running, studio: TenantHandle, engine: AsyncEngine) -> AsyncIterator[Managed]:
    """A haircut on Wednesday at three."""
    clock.start_at(at("2026-03-02T09:00:00-05:00"))
    async with httpx2.AsyncClient(base_url=server.url) as http:
        yield await booked(http, engine, studio)


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
async def page(chromium: Browser, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    """A page on which nothing may be reported: no error, no broken policy."""
    said: list[str] = []
    context = await chromium.new_context(**request.param)
    page = await context.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    assert said == []


async def is_fine(page: Page) -> bool:
    found = await Axe().run(page)
    assert found.response["violations"] == [], found.generate_report()
    overflow: int = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return overflow <= 0


async def test_opening_the_link_moving_and_cancelling(page: Page, mine: Managed, server: Running) -> None:
    await page.goto(f"{server.url}/b/{mine.token}")
    await expect(page.get_by_role("heading", name="Haircut")).to_be_visible()
    await expect(page.get_by_text("Wednesday, March 4")).to_be_visible()
    assert await is_fine(page)

    await page.get_by_role("link", name="Move").click()
    await page.get_by_role("link", name="Fri 6 Mar").click()
    await expect(page.get_by_role("heading", name="Friday, March 6")).to_be_visible()
    assert await is_fine(page)
    await page.get_by_role("link", name="12:00 pm").click()
    await expect(page.get_by_text("To Friday, March 6 at 12:00 pm")).to_be_visible()
    assert await is_fine(page)
    await page.get_by_role("button", name="Move it").click()
    await expect(page.get_by_role("status")).to_contain_text("It is moved")
    await expect(page.get_by_text("Friday, March 6")).to_be_visible()
    assert await is_fine(page)

    await page.get_by_role("link", name="Cancel").click()
    await expect(page.get_by_text("Cancelling costs nothing.")).to_be_visible()
    assert await is_fine(page)
    await page.get_by_role("button", name="Cancel it").click()
    await expect(page.get_by_role("status")).to_contain_text("Cancelled")
    assert await is_fine(page)
    assert (await mine.seen())["booking"]["status"] == "cancelled"


async def test_without_scripts_everything_still_works(chromium: Browser, mine: Managed, server: Running) -> None:
    context = await chromium.new_context(**WITHOUT_SCRIPTS)
    page = await context.new_page()
    await page.goto(f"{server.url}/b/{mine.token}")
    await page.get_by_role("link", name="Move").click()
    await page.get_by_role("link", name="Fri 6 Mar").click()
    await page.get_by_role("link", name="10:00 am").click()
    await page.get_by_role("button", name="Move it").click()
    await expect(page.get_by_role("status")).to_contain_text("It is moved")
    await page.get_by_role("link", name="Cancel").click()
    await page.get_by_role("button", name="Cancel it").click()
    await expect(page.get_by_role("status")).to_contain_text("Cancelled")
