"""Two browsers: a customer on the hosted page, and whoever at the business has the link from the mail."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.db.session import tenant_session
from handled.kit import clock
from handled.tables import Notification
from tests.conftest import STUDIO, Running, TenantHandle, at, import_tenant
from tests.customers import Customer
from tests.waiting import until

STAFFED = f"{STUDIO}\nstaff:\n  - {{email: mia@studio.example, name: Mia, role: owner}}\n"
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "color_scheme": "light"}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"}


@pytest.fixture
async def studio(engine: AsyncEngine) -> TenantHandle:
    return await import_tenant(engine, STAFFED)


@pytest.fixture
async def kim(server: Running, studio: TenantHandle) -> AsyncIterator[Customer]:
    clock.start_at(at("2026-03-02T09:00:00-05:00"))
    async with Customer.of(server.url, studio.key) as somebody:
        await somebody.start()
        yield somebody


async def link_in_the_mail(engine: AsyncEngine, studio: TenantHandle) -> str | None:
    async with tenant_session(engine, studio.id) as session:
        found = await session.scalars(select(Notification.payload).where(Notification.kind == "escalation"))
        payload = found.first()
    return payload["path"] if payload else None


async def quiet(page: Page) -> list[str]:
    """Everything that the page complains of from now on."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


async def is_fine(page: Page) -> bool:
    found = await Axe().run(page)
    assert found.response["violations"] == [], found.generate_report()
    overflow: int = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return overflow <= 0


@pytest.mark.parametrize("look", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_customer_and_staff_speak_with_each_other(
    chromium: Browser, server: Running, studio: TenantHandle, engine: AsyncEngine, look: dict[str, Any]
) -> None:
    clock.start_at(at("2026-03-02T09:00:00-05:00"))
    customer = await (await chromium.new_context(**PHONE)).new_page()
    await customer.goto(f"{server.url}/c/{studio.slug}")
    field = customer.get_by_role("textbox")
    await field.fill("Can I talk to a human about bridal hair?")
    await field.press("Enter")
    path = await until(lambda: link_in_the_mail(engine, studio), what="the business has mail")

    staff = await (await chromium.new_context(**look)).new_page()
    complaints = await quiet(staff)
    await staff.goto(f"{server.url}{path}")
    await expect(staff.get_by_text("Can I talk to a human about bridal hair?").first).to_be_visible()
    assert await is_fine(staff)
    await staff.get_by_label("You are").select_option("Mia")
    await staff.get_by_role("button", name="Take over and answer").click()
    await staff.get_by_label("Answer as Mia").fill("Hello, Mia here. When is the wedding?")
    await staff.get_by_role("button", name="Send").click()
    await expect(customer.get_by_role("log").get_by_text("Hello, Mia here. When is the wedding?")).to_be_visible()

    await field.fill("In June <script>alert(1)</script>")
    await field.press("Enter")
    # It comes by itself, and is text.
    await expect(staff.get_by_text("In June <script>alert(1)</script>")).to_be_visible()
    assert await is_fine(staff)
    # Nobody waits for Mia to read this.
    await field.fill("I want to kill myself")
    await field.press("Enter")
    help_ = customer.get_by_role("log").get_by_text("call your local emergency number")
    await expect(help_).to_have_count(1)
    await expect(help_).to_be_visible()
    await expect(staff.get_by_text("call your local emergency number")).to_be_visible()
    assert await is_fine(customer)
    await staff.get_by_role("button", name="Hand back to the assistant").click()
    await expect(staff.get_by_role("button", name="Take over and answer")).to_be_visible()
    await staff.get_by_role("button", name="Resolve").click()
    await expect(staff.get_by_text("Resolved")).to_be_visible()
    assert await is_fine(staff)
    await field.fill("When are you open?")
    await field.press("Enter")
    log = customer.get_by_role("log")
    await expect(log.get_by_text("We're open").or_(log.get_by_text("Our hours"))).to_be_visible()
    assert complaints == []


async def test_without_scripts_everything_still_works(
    chromium: Browser, kim: Customer, server: Running, studio: TenantHandle, engine: AsyncEngine
) -> None:
    await kim.post("/chat/escalate", {"sessionId": kim.session_id, "reason": "<b>bold</b>\r\nwishes"})
    path = await until(lambda: link_in_the_mail(engine, studio), what="the business has mail")
    page = await (await chromium.new_context(**PHONE, java_script_enabled=False)).new_page()
    await page.goto(f"{server.url}{path}")
    await expect(page.get_by_text("<b>bold</b>")).to_be_visible()
    await page.get_by_role("button", name="I have seen it").click()
    await expect(page.get_by_text("Somebody sees to it")).to_be_visible()
    await page.get_by_role("button", name="Take over and answer").click()
    await page.get_by_label("Answer as Test Studio").fill("We can do that.")
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_text("We can do that.")).to_be_visible()
    await page.get_by_role("button", name="Hand back to the assistant").click()
    await page.get_by_role("button", name="Resolve").click()
    await expect(page.get_by_text("Resolved")).to_be_visible()
    roles = [each["role"] for each in (await kim.snapshot())["messages"]]
    assert roles == ["agent", "staff"]
