"""The chat on somebody else's page: under their policy, in their language and direction, with any zone and zoom."""

from __future__ import annotations

from functools import partial

import pytest
from playwright.async_api import Browser, expect

from tests.browser.conftest import Shoot
from tests.browser.visiting import DESKTOP, PHONE, Look, axe, fits, hosting, say, visiting
from tests.conftest import Running, TenantHandle
from tests.waiting import until

HELLO = "Hi, welcome to Test Studio"
BOOK = "A haircut next Tuesday at 3 pm, Anna Miller, anna@example.com"


async def test_a_booking_is_made_with_the_keyboard_alone_under_a_strict_policy(
    chromium: Browser, server: Running, studio: TenantHandle, look: Look, shoot: Shoot
) -> None:
    """The visit fails should the browser report anything: a broken policy, an untrusted type, an error."""
    async with visiting(chromium, look) as page:
        answer = await page.goto(f"{server.url}/widget/demo/studio")
        assert answer is not None
        policy = answer.headers["content-security-policy"]
        assert "require-trusted-types-for 'script'" in policy
        assert "'unsafe" not in policy
        await page.evaluate(
            "void (window.heard = [], ['ready', 'message', 'booked', 'open', 'close'].forEach((name) =>"
            " addEventListener(`handled:${name}`, (event) => heard.push(name))))"
        )
        launcher = page.get_by_label("Chat with us", exact=True).locator("button").first
        await launcher.focus()
        await shoot(page, "widget-host")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text(HELLO).first).to_be_visible()
        await page.get_by_role("textbox").focus()
        await page.keyboard.type(BOOK)
        await page.keyboard.press("Enter")
        confirm = page.get_by_role("button", name="Confirm")
        await expect(confirm).to_be_visible()
        await shoot(page, "widget-host-open")
        assert await axe(page)
        for _ in range(12):
            await page.keyboard.press("Shift+Tab")
            if await confirm.evaluate("(button) => button.matches(':focus')"):
                break
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("You're booked").first).to_be_visible()
        await until(partial(page.evaluate, "heard.includes('booked')"), what="the page hears of it")
        assert {"ready", "message", "booked", "open"} <= set(await page.evaluate("heard"))
        await page.keyboard.press("Escape")
        await expect(launcher).to_be_focused()
        await page.evaluate("document.querySelector('handled-chat').open()")
        await expect(page.get_by_role("dialog")).to_be_visible()
        assert await axe(page)
        assert await fits(page)


@pytest.mark.parametrize(
    ("language", "launcher", "write"),
    [
        ("de", "Mit uns chatten", "Nachricht schreiben"),
        ("es-MX", "Chatea con nosotros", "Escribe un mensaje"),
        ("fr", "Discuter avec nous", "Écrire un message"),
        ("it", "Chat with us", "Write a message"),
    ],
)
async def test_the_chat_speaks_the_language_that_is_asked_for(
    chromium: Browser, server: Running, studio: TenantHandle, shoot: Shoot, language: str, launcher: str, write: str
) -> None:
    async with visiting(chromium, PHONE) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        await hosting(page, server, f"?lang={language}")
        await expect(page.get_by_label(launcher, exact=True).first).to_be_attached()
        await expect(page.get_by_role("textbox", name=write)).to_be_visible()
        assert len([url for url in asked if ".json" in url]) == (language != "it")
        if language == "de":
            await shoot(page, "widget-german")
        assert await axe(page)


async def test_a_browsers_own_language_is_spoken_and_english_is_not_fetched(
    chromium: Browser, server: Running, studio: TenantHandle
) -> None:
    for locale, write in (("fr-CA", "Écrire un message"), ("en-GB", "Write a message")):
        async with visiting(chromium, DESKTOP | {"locale": locale}) as page:
            await hosting(page, server)
            await expect(page.get_by_role("textbox", name=write)).to_be_visible()


async def test_in_a_language_from_right_to_left_everything_is_mirrored(
    chromium: Browser, server: Running, studio: TenantHandle, look: Look, shoot: Shoot
) -> None:
    async with visiting(chromium, look) as page:
        await page.goto(f"{server.url}/widget/demo/studio?lang=ar")
        launcher = page.locator("handled-chat section > button")
        box = await launcher.bounding_box()
        assert box is not None
        assert box["x"] < 100
        await launcher.click()
        await say(page, "متى تفتحون؟")
        own = page.get_by_text("متى تفتحون؟")
        await expect(own).to_be_visible()
        await expect(page.get_by_label("Helpful", exact=True)).to_have_count(2)
        said, heard = await own.bounding_box(), await page.get_by_text(HELLO).first.bounding_box()
        assert said is not None
        assert heard is not None
        assert said["x"] < heard["x"]
        await shoot(page, "widget-right-to-left")
        assert await axe(page)
        assert await fits(page)


async def test_with_storage_in_memory_nothing_is_kept(
    chromium: Browser, server: Running, studio: TenantHandle, look: Look
) -> None:
    async with visiting(chromium, look) as page:
        await hosting(page, server, "?storage=memory")
        await say(page, "When are you open?")
        await expect(page.get_by_label("Helpful", exact=True)).to_have_count(2)
        assert await page.evaluate("sessionStorage.length + localStorage.length + document.cookie.length") == 0
        await page.reload()
        await page.locator("handled-chat section > button").click()
        await expect(page.get_by_text(HELLO).first).to_be_visible()
        await expect(page.get_by_text("When are you open?")).to_be_hidden()


async def test_both_times_are_told_where_the_customers_clock_differs(
    chromium: Browser, server: Running, studio: TenantHandle, look: Look, shoot: Shoot
) -> None:
    async with visiting(chromium, look | {"timezone_id": "Europe/Madrid"}) as page:
        await hosting(page, server)
        await say(page, "What is free next Tuesday for a haircut?")
        await expect(page.get_by_text("New York time").first).to_be_visible()
        await expect(page.get_by_text("your time").first).to_be_visible()
        await shoot(page, "widget-zones")
        assert await axe(page)
        await say(page, BOOK)
        await expect(page.get_by_role("article").get_by_text("9:00 pm your time")).to_be_visible()
        await page.get_by_role("button", name="Confirm").click()
        await expect(page.get_by_text("3:00 pm New York time · 9:00 pm your time").first).to_be_visible()
        assert await fits(page)


async def test_at_twice_the_size_nothing_scrolls_sideways(
    chromium: Browser, server: Running, studio: TenantHandle
) -> None:
    zoomed: Look = {"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2, "color_scheme": "light"}
    narrow = zoomed | {"viewport": {"width": 320, "height": 422}}
    # The first visit holds its time.
    for size, asked in ((zoomed, BOOK), (narrow, BOOK.replace("3 pm", "10 am"))):
        async with visiting(chromium, size) as page:
            await hosting(page, server)
            await say(page, asked)
            await expect(page.get_by_role("button", name="Confirm")).to_be_visible()
            assert await fits(page)
            log = page.get_by_role("log")
            assert await log.evaluate("(log) => log.scrollWidth <= log.clientWidth")
            assert await axe(page)


async def test_a_screen_reader_is_told_a_finished_answer_once(
    chromium: Browser, server: Running, studio: TenantHandle
) -> None:
    async with visiting(chromium, DESKTOP) as page:
        await hosting(page, server)
        await expect(page.get_by_text(HELLO).first).to_be_visible()
        await expect(page.get_by_role("log")).to_have_attribute("aria-live", "off")
        await page.evaluate(
            "(() => { window.told = []; const region = document.querySelector('handled-chat').shadowRoot"
            ".querySelector('[role=status]'); new MutationObserver(() => told.push(region.textContent))"
            ".observe(region, {childList: true, characterData: true, subtree: true}); })()"
        )
        for number, question in enumerate(("When are you open?", "Is there parking?"), 1):
            await say(page, question)
            await until(partial(page.evaluate, f"told.length === {number}"), what="the answer is told")
        # The feed has brought the first answer a second time by then; that was not news.
        assert "parking" in (await page.evaluate("told"))[1]
