"""The catalog of the dashboard in a real browser: live sentences, the calendar, one click from gap to answer."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Dialog, Page, expect
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.db.session import tenant_session
from handled.kit import clock
from handled.tenants import staff, staff_login
from tests.browser.conftest import Shoot
from tests.browser.visiting import PHONE, axe, fits
from tests.conftest import STUDIO, Running, TenantHandle, at, import_tenant
from tests.customers import Customer

CATALOG = "/dashboard/catalog"
SHARED = STUDIO.replace(
    "services:\n", "resources:\n  - {key: mia, name: Mia}\n  - {key: tom, name: Tom}\nservices:\n", 1
)


@pytest.fixture
async def shared(engine: AsyncEngine) -> TenantHandle:
    """The studio, with two who work there."""
    clock.start_at(at("2026-03-02T09:00:00-05:00"))
    return await import_tenant(engine, SHARED)


async def log_in(page: Page, server: Running, engine: AsyncEngine, tenant: TenantHandle) -> None:
    async with tenant_session(engine, tenant.id) as session:
        member = await staff.put_member(session, tenant.id, "owner@studio.example", "Olga Owner", "owner")
        token = await staff_login.new_link(session, tenant.id, member.id, is_limited=False)
    await page.goto(f"{server.url}/dashboard/login/{token}")
    await page.get_by_role("button", name="Log in").click()
    await page.wait_for_url("**/dashboard")


@pytest.fixture
async def desk(page: Page, server: Running, engine: AsyncEngine, shared: TenantHandle) -> AsyncIterator[Page]:
    """The owner's browser."""
    await log_in(page, server, engine, shared)
    yield page


async def good(page: Page, shoot: Shoot, name: str) -> None:
    assert await axe(page) and await fits(page)
    await shoot(page, f"dashboard-{name}")


async def test_a_service_is_changed_while_its_terms_are_read(desk: Page, server: Running, shoot: Shoot) -> None:
    await desk.goto(f"{server.url}{CATALOG}")
    await good(desk, shoot, "catalog")
    await desk.get_by_role("link", name="Haircut").first.click()
    await expect(desk.get_by_text("then 50 % of the price.")).to_be_visible()
    await desk.get_by_label("After that it costs").select_option("A fixed fee")
    await desk.get_by_label("Fee in USD").fill("12")
    await desk.get_by_label("Free until this long before").fill("2 days")
    await expect(desk.get_by_text("Free to cancel or move until 2 days before, then $12.00.")).to_be_visible()
    await expect(desk.get_by_label("Share of the price")).to_be_hidden()
    await good(desk, shoot, "catalog-service")
    await desk.get_by_label("Duration").fill("50 min")
    await desk.get_by_role("button", name="Save").click()
    await expect(desk.get_by_text("Haircut: Saved.")).to_be_visible()
    await expect(desk.get_by_text("50 min").first).to_be_visible()


async def test_a_package_adds_up_as_it_is_picked(desk: Page, server: Running, shoot: Shoot) -> None:
    await desk.goto(f"{server.url}{CATALOG}/new-package")
    await desk.get_by_label("Service 1").select_option("Colour")
    await desk.get_by_label("Service 2").select_option("Haircut")
    await expect(desk.get_by_text("Together they last 2 h 45 min and cost $165.00 one by one.")).to_be_visible()
    await desk.get_by_label("Name").fill("Makeover")
    await desk.get_by_label("Amount in USD").fill("150")
    await good(desk, shoot, "catalog-package")
    await desk.get_by_role("button", name="Add").click()
    await expect(desk.get_by_text("Makeover: Saved.")).to_be_visible()


async def test_a_day_of_the_calendar_is_closed(desk: Page, server: Running, shoot: Shoot) -> None:
    await desk.goto(f"{server.url}{CATALOG}/hours?month=2026-03")
    await desk.get_by_role("link", name="17 9:00 am").click()
    await expect(desk.get_by_label("Times")).to_be_hidden()
    await desk.get_by_label("Open at other hours").check()
    await good(desk, shoot, "catalog-day")
    await desk.get_by_label("Times").fill("10am-12pm")
    await desk.get_by_label("What for").fill("St Patrick")
    await desk.get_by_role("button", name="Save").click()
    await expect(desk.get_by_text("Noted in the calendar.")).to_be_visible()
    await expect(desk.get_by_role("link", name="17 St Patrick 10:00 am – 12:00 pm", exact=True)).to_be_visible()
    await good(desk, shoot, "catalog-hours")
    await desk.get_by_role("navigation", name="Whose hours").get_by_role("link", name="Mia").click()
    await expect(desk.get_by_label("Monday")).to_be_hidden()
    await desk.get_by_label("Their own").check()
    await desk.get_by_label("Monday").fill("10:00-12:00, 13:00-15:00")
    await desk.get_by_role("button", name="Save the week").click()
    await expect(desk.get_by_text("Saved.")).to_be_visible()
    await expect(desk.get_by_label("Monday")).to_have_value("10:00-12:00, 13:00-15:00")


async def test_from_a_gap_to_an_answer(desk: Page, server: Running, shared: TenantHandle, shoot: Shoot) -> None:
    for _ in range(2):
        async with Customer.of(server.url, shared.key) as customer:
            await customer.start()
            await customer.say("Do you have toys for my rabbit?")
            await customer.say("I'd like a haircut next Sunday at 3pm")
    await desk.goto(f"{server.url}{CATALOG}/gaps")
    await expect(desk.get_by_text("asked 2 times")).to_be_visible()
    await good(desk, shoot, "catalog-gaps")
    await desk.get_by_role("link", name="Write the answer").click()
    await expect(desk.get_by_label("Question")).to_have_value("Do you have toys for my rabbit?")
    await good(desk, shoot, "catalog-answer")
    await desk.get_by_label("Answer", exact=True).fill("A basket of them, by the window.")
    await desk.get_by_role("button", name="Add").click()
    await expect(desk.get_by_text("your answer from now on")).to_be_visible()
    await desk.goto(f"{server.url}{CATALOG}/faq")
    await desk.get_by_label("A question, as a customer").fill("rabbit toys?")
    await desk.get_by_role("button", name="Ask").click()
    await expect(desk.get_by_text("A basket of them").first).to_be_visible()
    await good(desk, shoot, "catalog-faq")
    await desk.goto(f"{server.url}{CATALOG}/policies")
    await good(desk, shoot, "catalog-policies")
    await desk.goto(f"{server.url}{CATALOG}/resources/mia")
    await good(desk, shoot, "catalog-resource")


async def test_what_cannot_be_undone_is_asked_once_more(desk: Page, server: Running) -> None:
    await desk.goto(f"{server.url}{CATALOG}/faq")
    asked: list[str] = []

    async def refuse(dialog: Dialog) -> None:
        asked.append(dialog.message)
        await dialog.dismiss()

    desk.on("dialog", refuse)
    await desk.get_by_role("button", name="Remove").click()
    await expect(desk.get_by_role("link", name="Is there parking?")).to_be_visible()
    assert asked == ["Remove this answer?"]


async def test_a_refused_form_shuts_nobody_out(
    chromium: Browser, server: Running, engine: AsyncEngine, shared: TenantHandle, shoot: Shoot
) -> None:
    # A browser notes a refused page in its console, so this one is not watched.
    context = await chromium.new_context(**PHONE)
    page = await context.new_page()
    await log_in(page, server, engine, shared)
    await page.goto(f"{server.url}{CATALOG}/services/haircut")
    await page.get_by_label("Duration").fill("soon")
    await page.get_by_label("Fee in USD").evaluate("field => field.value = '12'")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text('"soon" is not a length of time')).to_be_visible()
    await expect(page.get_by_label("Duration")).to_have_attribute("aria-invalid", "true")
    await expect(page.get_by_label("Fee in USD")).to_have_value("12")
    await good(page, shoot, "catalog-refused")
    await context.close()


async def test_without_scripts_everything_can_be_done(
    chromium: Browser, server: Running, engine: AsyncEngine, shared: TenantHandle
) -> None:
    context = await chromium.new_context(java_script_enabled=False, **PHONE)
    page = await context.new_page()
    await log_in(page, server, engine, shared)
    await page.goto(f"{server.url}{CATALOG}/services/haircut")
    await page.get_by_label("How often it may be moved").fill("1")
    await page.get_by_role("button", name="Look at it in words").click()
    await expect(page.get_by_text("It can be moved once.")).to_be_visible()
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Haircut: Saved.")).to_be_visible()
    await page.get_by_role("button", name="Move Haircut down").click()
    await expect(page.get_by_role("button", name="Move Haircut down")).to_be_disabled()
    await page.goto(f"{server.url}{CATALOG}/hours/days/2026-03-17")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Noted in the calendar.")).to_be_visible()
    await context.close()
