"""Asking for a person, and speaking with one: the form, the promise, the name, and the way back."""

from __future__ import annotations

import re
from uuid import UUID

from playwright.async_api import Browser, Page, Route, expect
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.conversations import handoff
from handled.db.session import tenant_session
from handled.tables import Escalation
from handled.tenants.acting import Acting
from tests.browser.conftest import Shoot
from tests.browser.visiting import Look, axe, chatting, hosting, say, session_of, visiting
from tests.conftest import Running, TenantHandle

MIA = Acting(None, "Mia")


async def open_form(page: Page) -> None:
    await page.get_by_label("Talk to a person", exact=True).first.click()


async def test_a_person_is_asked_for_and_the_promise_is_a_message(
    chromium: Browser, server: Running, studio: TenantHandle, engine: AsyncEngine, look: Look, shoot: Shoot
) -> None:
    async with chatting(chromium, server, look) as page:
        await open_form(page)
        form = page.get_by_role("form", name="Talk to a person")
        await expect(form.get_by_label("What is it about?")).to_be_focused()
        await shoot(page, "widget-person-form")
        assert await axe(page)
        await page.keyboard.type("A question about <i>bridal</i> hair")
        await page.keyboard.press("Tab")
        await page.keyboard.type("ana@example.com")
        await page.keyboard.press("Enter")
        await expect(form).to_be_hidden()
        await expect(page.get_by_role("log").get_by_text("team").last).to_be_visible()
        assert await axe(page)
        async with tenant_session(engine, studio.id) as session:
            stored = (await session.scalars(select(Escalation))).one()
        assert "A question about <i>bridal</i> hair" in str(stored.reasons)
        assert stored.customer_email == "ana@example.com"


async def test_a_refused_request_says_why_and_keeps_what_was_written(
    chromium: Browser, server: Running, studio: TenantHandle
) -> None:
    async def refuse(route: Route) -> None:
        body = {"error": "too_many_attempts", "message": "You have asked often. Please wait an hour."}
        await route.fulfill(status=429, json=body)

    # The browser itself notes every refused request in its console.
    page = await chromium.new_page()
    await page.route("**/chat/escalate", refuse)
    await page.goto(f"{server.url}/c/studio")
    await open_form(page)
    form = page.get_by_role("form", name="Talk to a person")
    await form.get_by_label("What is it about?").fill("Again")
    await form.get_by_role("button", name="Send").click()
    await expect(form.get_by_role("alert")).to_have_text("You have asked often. Please wait an hour.")
    await expect(form.get_by_label("What is it about?")).to_have_value("Again")
    await form.get_by_role("button", name="Not now").click()
    await expect(form).to_be_hidden()


async def test_the_one_who_answers_is_named_until_the_agent_is_back(
    chromium: Browser, server: Running, studio: TenantHandle, engine: AsyncEngine, look: Look, shoot: Shoot
) -> None:
    async with chatting(chromium, server, look) as page:
        conversation = UUID((await session_of(page))["sessionId"])
        header, log = page.locator("handled-chat header"), page.get_by_role("log")
        await expect(header).to_contain_text("AI assistant")
        async with tenant_session(engine, studio.id) as session:
            await handoff.take_over(session, studio.id, conversation, MIA)
        await expect(header).to_contain_text("You are talking to Mia")
        await expect(log.get_by_text("You are talking to Mia")).to_be_visible()
        async with tenant_session(engine, studio.id) as session:
            await handoff.say(session, studio.id, conversation, MIA, "Hello, **Mia** here.")
        await expect(log.get_by_text("Hello, Mia here.")).to_be_visible()
        await expect(log.get_by_text("Mia", exact=True).first).to_be_visible()
        await say(page, "Nice to meet you")
        await shoot(page, "widget-talking-to-a-person")
        assert await axe(page)
        await page.reload()
        await expect(header).to_contain_text("You are talking to Mia")
        async with tenant_session(engine, studio.id) as session:
            await handoff.hand_back(session, studio.id, conversation, MIA)
        await expect(header).to_contain_text("AI assistant")
        await expect(log.get_by_text("The AI assistant answers again")).to_be_visible()


async def test_what_the_page_knows_is_offered_in_the_fields_only(
    chromium: Browser, server: Running, studio: TenantHandle, look: Look
) -> None:
    async with visiting(chromium, look) as page:
        await hosting(page, server)
        hint = "{name: 'Ana Perez', email: 'ana@example.com', phone: '+1 212 555 0123'}"
        await page.evaluate(f"document.querySelector('handled-chat').identify({hint})")
        listen = "addEventListener('handled:escalated', (event) => { document.title = event.detail.message; })"
        await page.evaluate(listen)
        await open_form(page)
        form = page.get_by_role("form", name="Talk to a person")
        await expect(form.get_by_label("Email")).to_have_value("ana@example.com")
        await expect(form.get_by_label("Phone")).to_have_value("+1 212 555 0123")
        await form.get_by_label("What is it about?").fill("Parking")
        await form.get_by_role("button", name="Send").click()
        await expect(page).to_have_title(re.compile("team"))
