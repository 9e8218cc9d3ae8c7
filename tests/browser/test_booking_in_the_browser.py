"""A person opens the page, asks in their own words, confirms the card, and is booked: in real Chromium."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from tests.conftest import Running, TenantHandle

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}


@asynccontextmanager
async def opened(chromium: Browser, server: Running, size: dict[str, int]) -> AsyncGenerator[Page]:
    """The studio's chat page; whatever the browser complains about fails the test."""
    context = await chromium.new_context(viewport=size, locale="en-US", timezone_id="America/New_York")  # type: ignore[arg-type]
    page = await context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(f"{server.url}/c/studio")
    await expect(page.get_by_text("Hi, welcome to Test Studio").first).to_be_visible()
    try:
        yield page
    finally:
        await context.close()
    assert complaints == []


async def say(page: Page, text: str) -> None:
    composer = page.locator("handled-chat").get_by_role("textbox")
    await composer.fill(text)
    await composer.press("Enter")


async def reach_the_card(page: Page) -> None:
    await say(page, "I'd like a haircut next Tuesday at 3 pm")
    await expect(page.get_by_text("email", exact=False).last).to_be_visible()
    await say(page, "Anna Miller, anna@example.com")
    await expect(page.get_by_role("button", name="Confirm")).to_be_visible()


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_a_person_books_by_confirming_the_card(
    chromium: Browser, server: Running, studio: TenantHandle, size: dict[str, int]
) -> None:
    async with opened(chromium, server, size) as page:
        await reach_the_card(page)
        await page.get_by_role("button", name="Confirm").click()
        await expect(page.get_by_text("You're booked").first).to_be_visible()
        code = await page.get_by_text("BK-").last.inner_text()
        assert "BK-" in code
        overflow = await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        assert not overflow, "the page scrolls sideways"


async def test_reloading_the_page_restores_the_conversation(
    chromium: Browser, server: Running, studio: TenantHandle
) -> None:
    async with opened(chromium, server, DESKTOP) as page:
        await reach_the_card(page)
        await page.reload()
        await expect(page.get_by_text("I'd like a haircut next Tuesday at 3 pm")).to_be_visible()
        await page.get_by_role("button", name="Confirm").click()
        await expect(page.get_by_text("You're booked").first).to_be_visible()
        await page.reload()
        await expect(page.get_by_text("You're booked").first).to_be_visible()


async def test_a_second_tab_shows_what_happens_in_the_first(
    chromium: Browser, server: Running, studio: TenantHandle
) -> None:
    async with opened(chromium, server, DESKTOP) as page:
        storage = await page.evaluate("JSON.stringify(sessionStorage)")
        other = await page.context.new_page()
        await other.add_init_script(
            f"for (const [key, value] of Object.entries({storage}))"
            " if (!sessionStorage.getItem(key)) sessionStorage.setItem(key, value)"
        )
        await other.goto(page.url)
        await say(page, "When are you open?")
        await expect(other.get_by_text("When are you open?").first).to_be_visible()


async def test_the_conversation_has_no_accessibility_violations(
    chromium: Browser, server: Running, studio: TenantHandle
) -> None:
    async with opened(chromium, server, PHONE) as page:
        await say(page, "What services do you offer?")
        await expect(page.get_by_text("Colour", exact=True).first).to_be_visible()
        await reach_the_card(page)
        results = await Axe().run(page)
        assert results.violations_count == 0, results.generate_report()
