"""A mail's link in a real browser: moved to another day, then cancelled; phone and desktop, light and dark."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.kit import clock
from tests.browser.conftest import Shoot
from tests.browser.visiting import PHONE, axe, fits
from tests.conftest import Running, TenantHandle, at
from tests.http_client import http_client
from tests.managed import Managed, booked


@pytest.fixture
async def mine(server: Running, studio: TenantHandle, engine: AsyncEngine) -> AsyncIterator[Managed]:
    """A haircut on Wednesday at three."""
    clock.start_at(at("2026-03-02T09:00:00-05:00"))
    async with http_client(base_url=server.url) as http:
        yield await booked(http, engine, studio)


async def test_opening_the_link_moving_and_cancelling(page: Page, mine: Managed, server: Running, shoot: Shoot) -> None:
    await page.goto(f"{server.url}/b/{mine.token}")
    await expect(page.get_by_role("heading", name="Haircut")).to_be_visible()
    await expect(page.get_by_text("Wednesday, March 4")).to_be_visible()
    assert await axe(page) and await fits(page)
    await shoot(page, "booking")

    await page.get_by_role("link", name="Move").click()
    await page.get_by_role("link", name="Fri 6 Mar").click()
    await expect(page.get_by_role("heading", name="Friday, March 6")).to_be_visible()
    assert await axe(page) and await fits(page)
    await shoot(page, "booking-move")
    await page.get_by_role("link", name="12:00 pm").click()
    await expect(page.get_by_text("To Friday, March 6 at 12:00 pm")).to_be_visible()
    assert await axe(page) and await fits(page)
    await page.get_by_role("button", name="Move it").click()
    await expect(page.get_by_role("status")).to_contain_text("It is moved")
    await expect(page.get_by_text("Friday, March 6")).to_be_visible()
    assert await axe(page) and await fits(page)

    await page.get_by_role("link", name="Cancel").click()
    await expect(page.get_by_text("Cancelling costs nothing.")).to_be_visible()
    assert await axe(page) and await fits(page)
    await shoot(page, "booking-cancel")
    await page.get_by_role("button", name="Cancel it").click()
    await expect(page.get_by_role("status")).to_contain_text("Cancelled")
    assert await axe(page) and await fits(page)
    assert (await mine.seen())["booking"]["status"] == "cancelled"


async def test_without_scripts_everything_still_works(chromium: Browser, mine: Managed, server: Running) -> None:
    context = await chromium.new_context(**PHONE, java_script_enabled=False)
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
