"""Thumbs below what the agent says, and stars at the end: given, changed, and still there after a reload."""

from __future__ import annotations

from playwright.async_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.db.session import tenant_session
from handled.tables import Rating, Thumb
from tests.browser.conftest import Shoot
from tests.browser.visiting import Look, axe, chatting, say, session_of
from tests.conftest import Running, TenantHandle
from tests.http_client import http_client
from tests.waiting import until


async def thumbs_stored(engine: AsyncEngine, studio: TenantHandle) -> list[bool]:
    async with tenant_session(engine, studio.id) as session:
        return [each.is_up for each in await session.scalars(select(Thumb))]


async def ratings_stored(engine: AsyncEngine, studio: TenantHandle) -> list[tuple[int, str | None]]:
    async with tenant_session(engine, studio.id) as session:
        return [(each.rating, each.comment) for each in await session.scalars(select(Rating))]


async def end(page: Page, server: Running, studio: TenantHandle) -> None:
    kept = await session_of(page)
    headers = {"X-Tenant-Key": studio.key, "X-Session-Token": kept["token"]}
    async with http_client(base_url=server.url) as http:
        await http.post("/v1/public/chat/end", json={"sessionId": kept["sessionId"]}, headers=headers)


async def test_a_thumb_is_given_changed_and_still_there_after_a_reload(
    chromium: Browser, server: Running, studio: TenantHandle, engine: AsyncEngine, look: Look, shoot: Shoot
) -> None:
    async with chatting(chromium, server, look) as page:
        await say(page, "When are you open?")
        up, down = page.get_by_label("Helpful", exact=True).last, page.get_by_label("Not helpful").last
        await expect(page.get_by_label("Helpful", exact=True)).to_have_count(2)
        await up.focus()
        await page.keyboard.press("Enter")
        await expect(up).to_have_attribute("aria-pressed", "true")
        await expect(up).to_be_focused()
        await until(lambda: thumbs_stored(engine, studio), what="the thumb is stored")
        await down.click()
        await expect(down).to_have_attribute("aria-pressed", "true")
        await expect(up).to_have_attribute("aria-pressed", "false")
        assert await axe(page)
        await until(lambda: is_down(engine, studio), what="the change is stored")
        await page.reload()
        await expect(down).to_have_attribute("aria-pressed", "true")
        await shoot(page, "widget-thumbs")


async def test_stars_are_chosen_with_the_keyboard_and_can_be_changed(
    chromium: Browser, server: Running, studio: TenantHandle, engine: AsyncEngine, look: Look, shoot: Shoot
) -> None:
    async with chatting(chromium, server, look) as page:
        await say(page, "When are you open?")
        await expect(page.get_by_label("Helpful", exact=True)).to_have_count(2)
        await end(page, server, studio)
        card = page.get_by_role("form", name="How was your chat?")
        await expect(card).to_be_visible()
        assert await axe(page)
        await shoot(page, "widget-stars-asked")
        await expect(card.get_by_role("button")).to_be_hidden()
        await card.get_by_role("radio").first.focus()
        for _ in range(3):
            await page.keyboard.press("ArrowRight")
        await expect(card.get_by_label("4 of 5 stars")).to_be_checked()
        await page.keyboard.press("Tab")
        await page.keyboard.type("Quick <b>and</b> kind")
        await shoot(page, "widget-stars-chosen")
        assert await axe(page)
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await expect(card.get_by_text("Thank you!")).to_be_visible()
        assert await ratings_stored(engine, studio) == [(4, "Quick <b>and</b> kind")]
        await card.get_by_label("5 of 5 stars").click()
        await card.get_by_role("button", name="Send").click()
        await until(lambda: five(engine, studio), what="the change is stored")
        await page.reload()
        await expect(card.get_by_label("5 of 5 stars")).to_be_checked()
        await expect(card).to_have_count(1)
        await shoot(page, "widget-stars-given")
        assert await axe(page)


async def five(engine: AsyncEngine, studio: TenantHandle) -> bool:
    return await ratings_stored(engine, studio) == [(5, "Quick <b>and</b> kind")]


async def is_down(engine: AsyncEngine, studio: TenantHandle) -> bool:
    return await thumbs_stored(engine, studio) == [False]
