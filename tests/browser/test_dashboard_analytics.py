"""The dashboard's figures in Chromium: lines that are drawn, tables that are read, and days that are chosen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page, expect
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.kit import clock
from tests.analytics.past import Past
from tests.browser.conftest import Shoot
from tests.browser.test_dashboard_bookings import logged_in
from tests.browser.visiting import Look, axe, fits
from tests.conftest import Running, TenantHandle, at

pytestmark = pytest.mark.usefixtures("nothing_by_the_clock")

HERE = "/dashboard/analytics"
NOW = at("2026-03-20T12:00:00-04:00")


@pytest.fixture
async def past(engine: AsyncEngine, studio: TenantHandle) -> Past:
    """Three weeks, with the words of somebody who tries things."""
    clock.start_at(NOW)
    past = await Past.of(engine, studio)
    for days in range(21):
        then = NOW - timedelta(days=days, hours=days % 5)
        talk = await past.talk(then, said=2)
        await past.turn(talk, then, gave_answer=True, service="haircut", saw_times=True)
        if days % 3 == 0:
            await past.book(talk, then)
            await past.rate(talk, then, 5)
        await past.spend(talk, then, 1500)
    talk = await past.talk(NOW - timedelta(hours=2))
    hostile = "<img src=x onerror=alert(1)> \N{HEBREW LETTER ALEF} " + "long" * 2000
    await past.turn(talk, NOW - timedelta(hours=2), question=hostile, is_unanswered=True)
    await past.spend(talk, NOW, None, model="local:somebody")
    return past


@pytest.fixture
async def desk(past: Past, page: Page, server: Running, engine: AsyncEngine, studio: TenantHandle) -> Page:
    """The studio's owner at the dashboard."""
    return await logged_in(page, server, engine, studio)


async def test_the_figures_shut_nobody_out(desk: Page, server: Running, shoot: Shoot) -> None:
    for path, name in ((HERE, "analytics"), ("/dashboard/usage", "usage")):
        await desk.goto(server.url + path)
        await expect(desk.locator(".canvas canvas").first).to_be_visible()
        assert await axe(desk) and await fits(desk)
        await shoot(desk, name)
        for summary in await desk.locator("main summary").all():
            await summary.click()
        assert await axe(desk) and await fits(desk)


async def test_a_desk_without_figures_shuts_nobody_out_either(
    page: Page, server: Running, engine: AsyncEngine, studio: TenantHandle, shoot: Shoot
) -> None:
    desk = await logged_in(page, server, engine, studio)
    for path, name in ((HERE, "analytics-empty"), ("/dashboard/usage", "usage-empty")):
        await desk.goto(server.url + path)
        assert await axe(desk) and await fits(desk)
        await shoot(desk, name)


async def test_lines_are_drawn_anew_for_another_width_and_theme(desk: Page, server: Running) -> None:
    await desk.goto(server.url + HERE)
    drawn = desk.locator("#talks-title ~ .canvas canvas")
    before = await drawn.evaluate("(canvas) => canvas.toDataURL()")
    now = await desk.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    await desk.emulate_media(color_scheme="light" if now else "dark")
    await desk.wait_for_function(
        "(before) => document.querySelector('#talks-title ~ .canvas canvas').toDataURL() !== before", arg=before
    )
    await desk.set_viewport_size({"width": 600, "height": 800})
    await desk.wait_for_function(
        "document.querySelector('.canvas .u-wrap').clientWidth <= document.querySelector('.canvas').clientWidth"
    )
    assert await fits(desk)


async def test_days_are_chosen_by_hand_and_exported(desk: Page, server: Running) -> None:
    await desk.goto(server.url + HERE)
    await desk.get_by_label("From", exact=True).fill("2026-03-10")
    await desk.get_by_label("To", exact=True).fill("2026-03-12")
    await desk.get_by_role("button", name="Show").click()
    await expect(desk.get_by_text("Mar 10 – Mar 12, compared with Mar 7 – Mar 9")).to_be_visible()
    await desk.locator("#talks-title ~ details summary").click()
    await expect(desk.locator("#talks-title ~ details tbody tr")).to_have_count(3)
    async with desk.expect_download() as waiting:
        await desk.get_by_role("link", name="Every day").click()
    assert (await waiting.value).suggested_filename == "chat-periods-2026-03-10-2026-03-12.csv"


async def test_without_scripts_the_tables_are_there(
    past: Past, chromium: Chromium, desk: Page, server: Running, look: Look
) -> None:
    context = await chromium.new_context(
        **look, java_script_enabled=False, storage_state=await desk.context.storage_state()
    )
    page = await context.new_page()
    await page.goto(server.url + HERE)
    await expect(page.locator(".canvas").first).to_be_hidden()
    await page.locator("#talks-title ~ details summary").click()
    await expect(page.locator("#talks-title ~ details table")).to_be_visible()
    await expect(page.get_by_role("button", name="Print")).to_have_count(0)
    await context.close()


async def test_on_paper_the_tables_are_open_and_the_controls_are_gone(desk: Page, server: Running) -> None:
    await desk.goto(server.url + HERE)
    await desk.emulate_media(media="print")
    await expect(desk.locator("#talks-title ~ details table")).to_be_visible()
    await expect(desk.get_by_role("button", name="Show")).to_be_hidden()
    await expect(desk.get_by_role("link", name="Inbox")).to_be_hidden()
