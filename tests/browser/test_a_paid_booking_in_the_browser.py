"""The whole life of a booking in the chat, in real Chromium: held, paid or run out, moved, cancelled."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Locator, Page, expect
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.bookings import jobs
from handled.kit import clock
from handled.payments.gateways.sandbox import SandboxGateway
from handled.settings import Settings
from tests.conftest import STUDIO, Running, at, import_tenant, running
from tests.twins.claude import ClaudeTwin
from tests.twins.scripts import calls, says

PAID = STUDIO.replace('price: "120.00"', 'price: "120.00"\n    payment: deposit\n    deposit: "30.00"')
WHO = {"name": "Kim Lee", "email": "kim@example.com"}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "color_scheme": "light"}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"}


@asynccontextmanager
async def visiting(chromium: Browser, server: Running, look: dict[str, Any]) -> AsyncGenerator[Page]:
    """The studio's chat; what the browser complains about fails the test."""
    context = await chromium.new_context(
        locale="en-US", timezone_id="America/New_York", reduced_motion="reduce", **look
    )
    page = await context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(f"{server.url}/c/studio")
    await expect(page.get_by_text("Hi, welcome to Test Studio").first).to_be_visible()
    yield page
    overflow = await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    await context.close()
    assert not overflow, "the page scrolls sideways"
    assert complaints == []


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def look(request: pytest.FixtureRequest) -> dict[str, Any]:
    return request.param


@pytest.fixture
async def page(chromium: Browser, server: Running, engine: AsyncEngine, look: dict[str, Any]) -> AsyncIterator[Page]:
    """The chat of a studio that asks for a deposit for colour."""
    await import_tenant(engine, PAID)
    async with visiting(chromium, server, look) as page:
        yield page


def a_weekday() -> str:
    day = clock.now() + timedelta(days=9)
    return f"{day + timedelta(days=day.weekday() == 6):%Y-%m-%d}"


async def say(page: Page, text: str) -> None:
    composer = page.locator("handled-chat").get_by_role("textbox")
    await composer.fill(text)
    await composer.press("Enter")


async def book(page: Page, what: str) -> None:
    await say(page, f"A {what} on {a_weekday()} at 10:00 please. I'm Kim Lee, kim@example.com")
    await page.get_by_role("button", name="Confirm").click()


async def hold(page: Page) -> Locator:
    """Colour, held until its deposit is paid; the card that says so."""
    await book(page, "colour")
    card = page.get_by_role("article", name="Held for you until")
    await expect(card.get_by_role("link", name="Pay $30.00")).to_be_visible()
    return card


async def is_accessible(page: Page) -> bool:
    found = await Axe().run(page)
    assert found.response["violations"] == [], found.generate_report()
    return True


async def test_what_is_paid_turns_into_a_booking_before_ones_eyes(page: Page) -> None:
    card = await hold(page)
    await expect(card.get_by_text("left")).to_be_visible()
    code = await card.get_by_text("BK-").inner_text()
    assert await is_accessible(page)
    async with page.context.expect_page() as opened:
        await card.get_by_role("link", name="Pay $30.00").click()
    till = await opened.value
    await till.get_by_role("button", name="Pay $30.00").click()
    await till.get_by_role("button", name="Pay $30.00").click()
    paid = page.get_by_role("article", name="Paid — you're booked")
    await expect(paid.get_by_text(code)).to_be_visible()
    await expect(page.get_by_role("link", name="Pay")).to_have_count(0)
    await expect(page.get_by_role("link", name="Add to calendar")).to_be_visible()
    assert await is_accessible(page)
    await page.reload()
    await expect(paid.get_by_text(code)).to_be_visible()
    await expect(page.get_by_role("link", name="Pay")).to_have_count(0)


async def test_a_hold_that_runs_out_says_so_and_offers_to_look_again(page: Page, engine: AsyncEngine) -> None:
    card = await hold(page)
    clock.start_at(clock.now() + timedelta(minutes=40))
    await jobs.expire_unpaid(engine, SandboxGateway(engine, "whsec_of_a_test"))
    clock.run_free()
    over = page.get_by_role("article", name="The hold has run out")
    await expect(over).to_be_visible()
    await expect(card).to_have_count(0)
    await expect(page.get_by_role("button", name="Look again")).to_be_visible()
    assert await is_accessible(page)
    await page.reload()
    await expect(over).to_be_visible()


async def test_a_chat_that_is_opened_again_shows_the_booking_as_it_is_now(page: Page) -> None:
    await book(page, "haircut")
    async with page.context.expect_page() as opened:
        await page.get_by_role("link", name="Manage").click()
    link = (await opened.value).url
    api = link.replace("/b/", "/v1/public/bookings/")
    terms = (await (await page.request.get(api)).json())["cancel"]
    answer = await page.request.post(f"{api}/cancel", data={"quoteHash": terms["quoteHash"]})
    assert answer.ok
    await page.reload()
    await expect(page.get_by_role("article", name="Booked")).to_be_visible()
    await expect(page.get_by_role("link", name="Manage")).to_have_count(0)


async def test_a_booking_is_moved_and_cancelled_with_its_cards(
    chromium: Browser, settings: Settings, engine: AsyncEngine, look: dict[str, Any]
) -> None:
    await import_tenant(engine, PAID)
    told = {"model": "anthropic:claude-haiku-4-5", "anthropic_api_key": SecretStr("sk-ant-of-a-test")}
    async with ClaudeTwin.running() as claude:
        told |= {"model_base_url": claude.url, "now": at("2026-03-02T09:00:00-05:00")}
        async with (
            running(settings.model_copy(update=told)) as server,
            visiting(chromium, server, look) as page,
        ):
            for service, hour in (("haircut", 15), ("haircut", 16)):
                when = f"2026-03-03T{hour}:00"
                claude.will(says(calls("propose_booking", {"service": service, "start": when, **WHO})), says("So?"))
                await say(page, "Kim Lee, kim@example.com: please book it")
                await page.get_by_role("button", name="Confirm").click()
                await expect(page.get_by_role("article", name="Booked")).to_have_count(hour - 14)
            code = await page.get_by_role("article", name="Booked").last.get_by_text("BK-").inner_text()

            claude.will(says(calls("propose_cancel", {})), says("Which of the two?"))
            await say(page, "I cannot come")
            mine = page.get_by_role("list", name="Bookings")
            await expect(mine.get_by_role("button")).to_have_count(4)
            assert await is_accessible(page)

            move = calls("propose_reschedule", {"start": "2026-03-04T10:00", "code": code})
            claude.will(says(move), says("Shall I move it?"))
            await mine.get_by_role("button", name=f"Move {code}").click()
            card = page.get_by_role("article", name="Move Haircut")
            await expect(card.get_by_text("From", exact=True)).to_be_visible()
            await expect(card.get_by_role("button", name="Not now")).to_be_visible()
            assert await is_accessible(page)
            await card.get_by_role("button", name="Move booking").click()
            await expect(page.get_by_role("article", name="Moved").get_by_text("Was", exact=True)).to_be_visible()
            await expect(mine.get_by_text("Wednesday, March 4, 10:00 am")).to_be_visible()

            cancel = says(calls("propose_cancel", {"code": code}))
            claude.will(cancel, says("Shall I cancel it?"))
            await mine.get_by_role("button", name=f"Cancel {code}").click()
            await page.get_by_role("button", name="Keep it").click()
            await expect(page.get_by_text("Nothing was booked or changed.")).to_be_visible()
            claude.will(cancel, says("Shall I cancel it?"))
            await say(page, f"Cancel {code}")
            await expect(page.get_by_role("button", name="Cancel booking")).to_be_visible()
            assert await is_accessible(page)
            await page.get_by_role("button", name="Cancel booking").click()
            await expect(page.get_by_role("article", name="Cancelled")).to_be_visible()
            await expect(mine.get_by_role("button")).to_have_count(2)
            await expect(page.get_by_role("link", name="Manage")).to_have_count(1)
        assert claude.complaints == []
