"""The whole life of a booking in the chat, in real Chromium: held, paid or run out, moved, cancelled."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from playwright.async_api import Browser, Locator, Page, expect
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.bookings import jobs
from handled.kit import clock
from handled.payments.gateways.sandbox import SandboxGateway
from handled.settings import Settings
from tests.browser.conftest import Shoot
from tests.browser.visiting import PHONE, Look, axe, chatting, say
from tests.conftest import STUDIO, Running, at, import_tenant, running
from tests.faults import ledger as told
from tests.twins.claude import ClaudeTwin
from tests.twins.scripts import calls, says
from tests.waiting import until

PAID = STUDIO.replace('price: "120.00"', 'price: "120.00"\n    payment: deposit\n    deposit: "30.00"')
WHO = {"name": "Kim Lee", "email": "kim@example.com"}


@pytest.fixture
async def page(chromium: Browser, server: Running, engine: AsyncEngine, look: Look) -> AsyncIterator[Page]:
    """The chat of a studio that asks for a deposit for colour."""
    await import_tenant(engine, PAID)
    async with chatting(chromium, server, look) as page:
        yield page


def a_weekday() -> str:
    day = clock.now() + timedelta(days=9)
    return f"{day + timedelta(days=day.weekday() == 6):%Y-%m-%d}"


async def book(page: Page, what: str) -> None:
    await say(page, f"A {what} on {a_weekday()} at 10:00 please. I'm Kim Lee, kim@example.com")
    await page.get_by_role("button", name="Confirm").click()


async def hold(page: Page) -> Locator:
    """Colour, held until its deposit is paid; the card that says so."""
    await book(page, "colour")
    card = page.get_by_role("article", name="Held for you until")
    await expect(card.get_by_role("link", name="Pay $30.00")).to_be_visible()
    return card


async def pay(page: Page, card: Locator) -> None:
    """In a tab of its own, as the link opens it."""
    async with page.context.expect_page() as opened:
        await card.get_by_role("link", name="Pay $30.00").click()
    till = await opened.value
    await till.get_by_role("button", name="Pay $30.00").click()
    await till.get_by_role("button", name="Pay $30.00").click()


async def test_what_is_paid_turns_into_a_booking_before_ones_eyes(page: Page, shoot: Shoot) -> None:
    card = await hold(page)
    await expect(card.get_by_text("left")).to_be_visible()
    code = await card.get_by_text("BK-").inner_text()
    assert await axe(page)
    await shoot(page, "chat-held")
    await pay(page, card)
    paid = page.get_by_role("article", name="Paid — you're booked")
    await expect(paid.get_by_text(code)).to_be_visible()
    await expect(page.get_by_role("link", name="Pay")).to_have_count(0)
    await expect(page.get_by_role("link", name="Add to calendar")).to_be_visible()
    assert await axe(page)
    await shoot(page, "chat-paid")
    await page.reload()
    await expect(paid.get_by_text(code)).to_be_visible()
    await expect(page.get_by_role("link", name="Pay")).to_have_count(0)


@pytest.mark.parametrize("look", [PHONE], ids=["phone"])
async def test_a_whole_life_with_money_in_the_chat(page: Page, owner_url: str) -> None:
    card = await hold(page)
    code = await card.get_by_text("BK-").inner_text()
    await pay(page, card)
    await expect(page.get_by_role("article", name="Paid — you're booked").get_by_text(code)).to_be_visible()

    await say(page, "can you move it to 2 pm?")
    card = page.get_by_role("article", name="Move Colour")
    await expect(card.get_by_text("Moving costs nothing")).to_be_visible()
    await card.get_by_role("button", name="Move booking").click()
    await expect(page.get_by_role("article", name="Moved").get_by_text("Was", exact=True)).to_be_visible()
    await expect(page.get_by_role("article", name="Moved").get_by_text(code)).to_be_visible()

    await say(page, "sorry, I have to cancel it")
    card = page.get_by_role("article", name="Cancel Colour")
    await expect(card.get_by_text("$30.00")).to_be_visible()
    assert await axe(page)
    await card.get_by_role("button", name="Cancel booking").click()
    await expect(page.get_by_role("article", name="Cancelled").last).to_contain_text(code)
    await expect(page.get_by_text("$30.00 is on its way back to you").first).to_be_visible()
    await expect(page.get_by_role("link", name="Manage")).to_have_count(0)
    assert await axe(page)
    movements = "select string_agg(amount_minor::text, ' ' order by amount_minor desc) from ledger_entries"
    await until(lambda: told.value(owner_url, movements) == "3000 -3000", what="the deposit is back")
    await page.reload()
    await expect(page.get_by_role("article", name="Cancelled").last).to_be_visible()
    await expect(page.get_by_role("link", name="Pay")).to_have_count(0)


async def test_a_hold_that_runs_out_says_so_and_offers_to_look_again(page: Page, engine: AsyncEngine) -> None:
    card = await hold(page)
    clock.start_at(clock.now() + timedelta(minutes=40))
    await jobs.expire_unpaid(engine, SandboxGateway(engine, "whsec_of_a_test"))
    clock.run_free()
    over = page.get_by_role("article", name="This has run out")
    await expect(over).to_be_visible()
    await expect(card).to_have_count(0)
    await expect(page.get_by_role("button", name="Look again")).to_be_visible()
    assert await axe(page)
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
    chromium: Browser, settings: Settings, engine: AsyncEngine, look: Look
) -> None:
    await import_tenant(engine, PAID)
    told = {"model": "anthropic:claude-haiku-4-5", "anthropic_api_key": SecretStr("sk-ant-of-a-test")}
    async with ClaudeTwin.running() as claude:
        told |= {"model_base_url": claude.url, "now": at("2026-03-02T09:00:00-05:00")}
        async with (
            running(settings.model_copy(update=told)) as server,
            chatting(chromium, server, look) as page,
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
            mine = page.get_by_role("list").filter(has=page.get_by_role("button", name="Move BK-"))
            await expect(mine.get_by_role("button")).to_have_count(4)
            assert await axe(page)

            move = calls("propose_reschedule", {"start": "2026-03-04T10:00", "code": code})
            claude.will(says(move), says("Shall I move it?"))
            await mine.get_by_role("button", name=f"Move {code}").click()
            card = page.get_by_role("article", name="Move Haircut")
            await expect(card.get_by_text("From", exact=True)).to_be_visible()
            await expect(card.get_by_role("button", name="Not now")).to_be_visible()
            assert await axe(page)
            await card.get_by_role("button", name="Move booking").click()
            await expect(page.get_by_role("article", name="Moved").get_by_text("Was", exact=True)).to_be_visible()
            await expect(mine.get_by_text("Wednesday, March 4 at 10:00 am")).to_be_visible()

            cancel = says(calls("propose_cancel", {"code": code}))
            claude.will(cancel, says("Shall I cancel it?"))
            await mine.get_by_role("button", name=f"Cancel {code}").click()
            await page.get_by_role("button", name="Keep it").click()
            await expect(page.get_by_text("Nothing was booked or changed.")).to_be_visible()
            claude.will(cancel, says("Shall I cancel it?"))
            await say(page, f"Cancel {code}")
            await expect(page.get_by_role("button", name="Cancel booking")).to_be_visible()
            assert await axe(page)
            await page.get_by_role("button", name="Cancel booking").click()
            await expect(page.get_by_role("article", name="Cancelled")).to_be_visible()
            await expect(mine.get_by_role("button")).to_have_count(2)
            await expect(page.get_by_role("link", name="Manage")).to_have_count(1)
        assert claude.complaints == []
