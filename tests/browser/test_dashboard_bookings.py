"""The dashboard's bookings in Chromium: made, moved, cancelled and blocked with a mouse, on a phone and on a desk."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page, expect
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.db.session import tenant_session
from handled.kit import clock
from handled.tenants import staff, staff_login
from tests.browser.conftest import Shoot
from tests.browser.visiting import Look, axe, fits
from tests.conftest import Running, TenantHandle, at
from tests.dashboard.desk import Browser
from tests.managed import Managed, booked, changed

HERE = "/dashboard/bookings"


@pytest.fixture(autouse=True)
def monday_morning() -> None:
    clock.start_at(at("2026-03-02T09:00:00-05:00"))


@pytest.fixture
async def desk(page: Page, server: Running, engine: AsyncEngine, studio: TenantHandle) -> Page:
    """The studio's owner at the dashboard."""
    return await logged_in(page, server, engine, studio)


@pytest.fixture
async def refused(
    chromium: Chromium, look: Look, server: Running, engine: AsyncEngine, studio: TenantHandle
) -> AsyncIterator[Page]:
    """As `desk`, for who is told that something cannot be: the browser reports such answers, and nothing else."""
    context = await chromium.new_context(locale="en-US", reduced_motion="reduce", **look)
    page = await context.new_page()
    reported: list[str] = []
    page.on("console", lambda message: reported.append(message.text))
    page.on("pageerror", lambda error: reported.append(str(error)))
    yield await logged_in(page, server, engine, studio)
    await context.close()
    assert [each for each in reported if "status of 4" not in each] == []


async def logged_in(page: Page, server: Running, engine: AsyncEngine, studio: TenantHandle) -> Page:
    async with tenant_session(engine, studio.id) as session:
        member = await staff.put_member(session, studio.id, "owner@studio.example", "Olga Owner", "owner")
        token = await staff_login.new_link(session, studio.id, member.id, is_limited=False)
    await page.goto(f"{server.url}/dashboard/login/{token}")
    await page.get_by_role("button").click()
    await expect(page.get_by_role("heading", name="Today")).to_be_visible()
    page.on("dialog", lambda dialog: dialog.accept())
    return page


@pytest.fixture
async def kims(server: Running, engine: AsyncEngine, studio: TenantHandle) -> Managed:
    """Kim's haircut on Wednesday at three, which is paid."""
    async with Browser.of(server.url) as browser:
        made = await booked(browser.http, engine, studio)
        await made.pay(4500)
        for day, name in ((3, "Ann Other"), (4, "<b>Bo</b> " + "long " * 40), (6, "\N{HEBREW LETTER ALEF} Cy")):
            other = await booked(browser.http, engine, studio, f"2026-03-0{day}T10:00-05:00", email="o@example.com")
            await changed(other, customer_name=name)
    return made


async def is_sound(page: Page) -> bool:
    return await axe(page) and await fits(page)


async def test_every_page_of_the_bookings_shuts_nobody_out(
    desk: Page, server: Running, kims: Managed, shoot: Shoot
) -> None:
    one = f"{HERE}/{kims.booking.id}"
    for name, path in (
        ("today", "/dashboard"),
        ("bookings-calendar", HERE),
        ("bookings-list", f"{HERE}/list?all=1"),
        ("booking", one),
        ("booking-move", f"{one}/move"),
        ("booking-move-confirm", f"{one}/move/confirm?start=2026-03-05T10:00"),
        ("booking-new", f"{HERE}/new"),
        ("booking-new-when", f"{HERE}/new?service=haircut"),
        ("booking-new-who", f"{HERE}/new?service=haircut&start=2026-03-05T10:00"),
        ("bookings-blocks", f"{HERE}/blocks"),
    ):
        await desk.goto(server.url + path)
        assert await is_sound(desk), name
        await shoot(desk, f"dashboard-{name}")


async def test_a_phone_shows_the_week_as_a_list_and_a_desk_as_a_grid(
    desk: Page, server: Running, kims: Managed
) -> None:
    await desk.goto(f"{server.url}{HERE}")
    slot = desk.locator(f'a.slot[href="{HERE}/{kims.booking.id}"]')
    hour = desk.locator(".hours span").first
    wide = (desk.viewport_size or {"width": 0})["width"] > 860
    await expect(slot).to_be_visible()
    assert await hour.is_visible() is wide
    if wide:
        three, box = await desk.locator(".hours span", has_text="3:00 pm").bounding_box(), await slot.bounding_box()
        assert three and box and abs(three["y"] + 8 - box["y"]) <= 4
        assert 45 <= box["height"] <= 52


async def test_from_the_calendar_to_a_booking_that_is_moved_and_cancelled(
    desk: Page, server: Running, kims: Managed
) -> None:
    await desk.goto(f"{server.url}{HERE}")
    await desk.locator(f'a.slot[href="{HERE}/{kims.booking.id}"]').click()
    await desk.get_by_role("link", name="Move", exact=True).click()
    await desk.get_by_role("navigation", name="Days").get_by_role("link", name="Thu 5").click()
    await desk.get_by_role("link", name="10:00 am", exact=True).click()
    await desk.get_by_role("button", name="Move it and tell the customer").click()
    await expect(desk.get_by_text("Moved. The customer has been written to.")).to_be_visible()
    await expect(desk.get_by_text("Olga Owner moved it")).to_be_visible()
    await desk.get_by_text("Cancel this booking").click()
    await desk.get_by_role("button", name="Cancel the booking").click()
    await expect(desk.get_by_text("Cancelled. The customer has been written to.")).to_be_visible()
    assert await is_sound(desk)
    await desk.get_by_role("link", name="Book it again").click()
    await expect(desk.get_by_label("Name")).to_have_value("Kim Lee")
    await desk.get_by_role("button", name="Book it").click()
    await expect(desk.get_by_text("Booked. The customer has been written to.")).to_be_visible()


async def test_wrong_fields_say_so_and_are_put_right(refused: Page, server: Running) -> None:
    await refused.goto(f"{server.url}{HERE}/new?service=haircut&start=2026-03-05T10:00")
    await refused.get_by_label("Name").fill("Kim Lee")
    await refused.get_by_label("Email").fill("kim@nowhere")
    await refused.get_by_label("Phone").fill("12")
    # The page says it too, where the browser lets it pass.
    await refused.get_by_role("button", name="Book it").click()
    await expect(refused.get_by_label("Phone")).to_have_attribute("aria-invalid", "true")
    assert await is_sound(refused)
    await refused.get_by_label("Email").fill("kim@example.com")
    await refused.get_by_label("Phone").fill("")
    await refused.get_by_role("button", name="Book it").click()
    await expect(refused.get_by_text("Booked. The customer has been written to.")).to_be_visible()


async def test_blocking_a_time_warns_of_what_is_booked_and_shows_in_the_calendar(
    refused: Page, server: Running, kims: Managed
) -> None:
    await refused.goto(f"{server.url}{HERE}/blocks")
    await refused.locator("#first").fill("2026-03-04")
    await refused.locator("#starts").fill("14:00")
    await refused.locator("#ends").fill("17:00")
    await refused.get_by_label("What for").fill("Dentist")
    await refused.get_by_role("button", name="Block it").click()
    await expect(refused.get_by_text("One booking is in that time.")).to_be_visible()
    assert await is_sound(refused)
    await refused.get_by_label("Block it all the same").check()
    await refused.get_by_role("button", name="Block it").click()
    await expect(refused.get_by_text("Blocked. Nothing can be booked then.")).to_be_visible()
    await refused.goto(f"{server.url}{HERE}")
    await expect(refused.locator(".slot.is-block")).to_be_visible()
