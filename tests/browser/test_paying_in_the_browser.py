"""The pay link and the sandbox's page in a real browser: phone and desktop, light and dark, also without scripts."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, Page, expect
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.payments import checkout
from handled.payments.gateways import sandbox_books as books
from handled.tenants import links
from tests.browser.conftest import Shoot
from tests.browser.visiting import axe, fits
from tests.conftest import Running, TenantHandle
from tests.faults import ledger as told
from tests.payments.till import PRICE, Till


@pytest.fixture
async def till(engine: AsyncEngine, owner_url: str, studio: TenantHandle) -> Till:
    return await Till.opened(engine, owner_url, studio.id)


def link_of(till: Till, server: Running) -> str:
    return f"{server.url}/pay/{links.sign(till.business.link_key, till.tenant_id, till.booking_id, 'pay')}"


async def test_paying_with_a_card_that_is_declined_first(page: Page, till: Till, server: Running, shoot: Shoot) -> None:
    await page.goto(link_of(till, server))
    assert await axe(page) and await fits(page)
    await shoot(page, "pay")
    await page.get_by_role("button", name="Pay $45.00").click()
    await expect(page.get_by_role("note")).to_contain_text("No money moves here")
    await page.get_by_text("Control panel").click()
    assert await axe(page) and await fits(page)
    await shoot(page, "pay-sandbox")
    await page.get_by_role("button", name="Decline").click()
    await expect(page.get_by_role("alert")).to_contain_text("said no")
    await page.get_by_role("button", name="Pay $45.00").click()
    # It waits for the word of the gateway, and shows it as soon as it comes.
    await expect(page.get_by_text("We have received $45.00")).to_be_visible()
    assert await axe(page) and await fits(page)
    assert await till.entries() == [("charge", PRICE)]


async def test_leaving_and_coming_back(page: Page, till: Till, server: Running) -> None:
    await page.goto(link_of(till, server))
    await page.get_by_role("button", name="Pay $45.00").click()
    await page.get_by_role("button", name="Leave").click()
    await expect(page.get_by_role("status")).to_contain_text("Nothing was charged")
    assert await axe(page) and await fits(page)


async def test_without_scripts_the_page_still_finds_out(chromium: Browser, till: Till, server: Running) -> None:
    context = await chromium.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(link_of(till, server))
    await page.get_by_role("button", name="Pay $45.00").click()
    await page.get_by_role("button", name="Pay $45.00").click()
    await expect(page.get_by_text("We have received $45.00")).to_be_visible()


async def test_what_is_over_is_said_to_be_over(page: Page, till: Till, server: Running) -> None:
    await till.start()
    await checkout.close(till.engine, till.gateway, till.tenant_id, till.booking_id)
    await till.happens(books.expire)

    told.change(till.owner_url, "update bookings set status = 'expired', hold_expires_at = null")
    await page.goto(link_of(till, server))
    await expect(page.get_by_role("heading", name="The time is over")).to_be_visible()
    await expect(page.get_by_role("link", name="Find another time")).to_be_visible()
    assert await axe(page) and await fits(page)
