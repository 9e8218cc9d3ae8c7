"""A person at a browser: how they look at a page, and what every page owes them."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from tests.conftest import Running
from tests.waiting import until

Look = dict[str, Any]

PHONE: Look = {"viewport": {"width": 390, "height": 844}, "color_scheme": "light"}
DESKTOP: Look = {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"}
LOOKS = {"phone": PHONE, "desktop": DESKTOP}


@asynccontextmanager
async def visiting(chromium: Browser, look: Look) -> AsyncGenerator[Page]:
    """A visit, from New York unless `look` says otherwise, during which the browser may report nothing: no error, no
    broken policy."""
    here: Look = {"locale": "en-US", "timezone_id": "America/New_York", "reduced_motion": "reduce"}
    context = await chromium.new_context(**here | look)
    page = await context.new_page()
    reported: list[str] = []
    page.on("console", lambda message: reported.append(message.text))
    page.on("pageerror", lambda error: reported.append(str(error)))
    try:
        yield page
    finally:
        await context.close()
    assert reported == []


async def axe(page: Page) -> bool:
    """Whether the page shuts nobody out; raises `AssertionError` with everything that does."""
    found = await Axe().run(page)
    assert found.response["violations"] == [], found.generate_report()
    return True


async def fits(page: Page) -> bool:
    """Whether nobody has to scroll sideways."""
    return await page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@asynccontextmanager
async def chatting(chromium: Browser, server: Running, look: Look = DESKTOP) -> AsyncGenerator[Page]:
    """A visit to the studio's chat page."""
    async with visiting(chromium, look) as page:
        await page.goto(f"{server.url}/c/studio")
        await expect(page.get_by_text("Hi, welcome to Test Studio").first).to_be_visible()
        yield page
        assert await fits(page)


async def say(page: Page, text: str) -> None:
    composer = page.locator("handled-chat").get_by_role("textbox")
    await composer.fill(text)
    await composer.press("Enter")


async def hosting(page: Page, server: Running, asked: str = "") -> Page:
    """Somebody else's page with the studio's chat on it, opened."""
    await page.goto(f"{server.url}/widget/demo/studio{asked}")
    await page.locator("handled-chat section > button").click()
    return page


async def session_of(page: Page) -> dict[str, str]:
    """The `sessionId` and `token` of the conversation that the page has begun."""
    kept = "Object.values(sessionStorage).map(JSON.parse).find((kept) => kept.session)?.session"
    return await until(partial(page.evaluate, kept), what="the conversation has begun")
