"""A person opens the page, asks in their own words, confirms the card, and is booked: in real Chromium."""

from __future__ import annotations

from playwright.async_api import Browser, Page, expect

from tests.browser.visiting import PHONE, Look, axe, chatting, say
from tests.conftest import Running, TenantHandle


async def reach_the_card(page: Page) -> None:
    await say(page, "I'd like a haircut next Tuesday at 3 pm")
    await expect(page.get_by_text("email", exact=False).last).to_be_visible()
    await say(page, "Anna Miller, anna@example.com")
    await expect(page.get_by_role("button", name="Confirm")).to_be_visible()


async def test_a_person_books_by_confirming_the_card(
    chromium: Browser, server: Running, studio: TenantHandle, look: Look
) -> None:
    async with chatting(chromium, server, look) as page:
        await reach_the_card(page)
        await page.get_by_role("button", name="Confirm").click()
        await expect(page.get_by_text("You're booked").first).to_be_visible()
        code = await page.get_by_text("BK-").last.inner_text()
        assert "BK-" in code


async def test_reloading_the_page_restores_the_conversation(
    chromium: Browser, server: Running, studio: TenantHandle
) -> None:
    async with chatting(chromium, server) as page:
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
    async with chatting(chromium, server) as page:
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
    async with chatting(chromium, server, PHONE) as page:
        await say(page, "What services do you offer?")
        await expect(page.get_by_text("Colour", exact=True).first).to_be_visible()
        await reach_the_card(page)
        assert await axe(page)
