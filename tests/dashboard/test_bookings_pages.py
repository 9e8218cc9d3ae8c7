"""All bookings in the dashboard: the week, the list, the file."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.kit import clock
from handled.web.dashboard.bookings_file import HEADINGS, safe
from tests.conftest import TenantHandle, at, import_tenant
from tests.dashboard.desk import Browser
from tests.faults import ledger
from tests.managed import Managed, booked, changed

MONDAY = at("2026-03-02T09:00:00-05:00")
HERE = "/dashboard/bookings"
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "[link](javascript:alert(1)) **bold**",
    "\N{HEBREW LETTER ALEF}\N{HEBREW LETTER BET} \N{HERB}\N{FAMILY}",
    "x" * 10_000,
]


@pytest.fixture(autouse=True)
def monday_morning() -> None:
    clock.start_at(MONDAY)


@pytest.fixture
async def kims(owner: Browser, engine: AsyncEngine, studio: TenantHandle) -> Managed:
    """Kim's haircut on Wednesday at three."""
    return await booked(owner.http, engine, studio)


def names(page: str) -> list[str]:
    """Whose bookings a page lists."""
    return re.findall(r'<th scope="row"><a [^>]*><bdi>([^<]*)</bdi>', page)


# --- the calendar


async def test_a_booking_stands_in_its_week_at_its_hour(owner: Browser, kims: Managed) -> None:
    page = await owner.page(HERE)
    # Nine o'clock is the first row of four an hour: three in the afternoon the 25th; 45 minutes are three rows.
    placed = re.search(r'<li class="from-(\d+) for-(\d+) [^"]*"><a class="slot[^"]*" href="([^"]*)"', page)
    assert placed is not None
    assert placed.groups() == ("25", "3", f"{HERE}/{kims.booking.id}")
    assert "3:00 pm" in page and "Kim Lee" in page and "Haircut" in page


async def test_other_weeks_are_a_link_away(owner: Browser, kims: Managed) -> None:
    page = await owner.page(HERE)
    assert f"{HERE}?week=2026-02-23" in page and f"{HERE}?week=2026-03-09" in page
    assert "Kim Lee" not in await owner.page(f"{HERE}?week=2026-03-09")
    assert "Kim Lee" in await owner.page(f"{HERE}?week=2026-03-08")


async def test_a_week_that_is_none_is_the_present_one(owner: Browser, kims: Managed) -> None:
    for wrong in ("", "yesterday", "0001-01-01", "9999-12-31", "2026-13-45", "%00"):
        page = await owner.page(f"{HERE}?week={wrong}&resource=nobody")
        assert "Kim Lee" in page, wrong


async def test_what_is_cancelled_leaves_the_calendar_and_who_did_not_come_stays(owner: Browser, kims: Managed) -> None:
    await changed(kims, status="no_show")
    assert "did not come" in await owner.page(HERE)
    await changed(kims, status="cancelled")
    assert "Kim Lee" not in await owner.page(HERE)


async def test_on_the_night_the_clocks_change_the_hours_are_those_on_the_wall(
    owner: Browser, engine: AsyncEngine, studio: TenantHandle
) -> None:
    # The clocks are set forward on the Sunday before.
    await booked(owner.http, engine, studio, "2026-03-09T09:00-04:00")
    page = await owner.page(f"{HERE}?week=2026-03-09")
    assert re.search(r'<li class="from-1 for-3 ', page)


SALON = """
slug: salon
name: Twin Salon
contact_email: owner@salon.example
timezone: America/New_York
locale: en_US
currency: USD
resources: [{key: mia, name: Mia}, {key: tom, name: Tom}]
hours: {monday-saturday: 09:00-18:00}
services:
  - {key: haircut, name: Haircut, duration: 45 min, price: "45.00", horizon: 90 days}
  - {key: yoga, name: Yoga, duration: 60 min, price: "15.00", capacity: 8, resources: [tom], horizon: 90 days}
  - {key: day, name: Studio day, kind: whole_day, price: "400.00", resources: [mia], horizon: 90 days}
"""


@pytest.fixture
async def salon(owner: Browser, engine: AsyncEngine) -> tuple[Browser, TenantHandle]:
    """A salon of two, and its owner logged in."""
    tenant = await import_tenant(engine, SALON)
    await owner.log_in(engine, tenant.id, "owner@salon.example", "Olga Owner", "owner")
    return owner, tenant


async def test_two_at_once_stand_side_by_side_and_one_can_be_looked_at(
    salon: tuple[Browser, TenantHandle], engine: AsyncEngine
) -> None:
    browser, tenant = salon
    for _ in range(2):
        await booked(browser.http, engine, tenant, "2026-03-04T15:00-05:00")
    page = await browser.page(HERE)
    assert re.findall(r"from-25 for-3 (left-\d+ right-\d+)", page) == ["left-1 right-7", "left-7 right-13"]
    mias = await browser.page(f"{HERE}?resource=mia")
    assert re.findall(r"from-25 for-3 (left-\d+ right-\d+)", mias) == ["left-1 right-13"]


async def test_a_class_is_one_block_with_all_who_come(salon: tuple[Browser, TenantHandle], engine: AsyncEngine) -> None:
    browser, tenant = salon
    for number in range(3):
        await booked(browser.http, engine, tenant, service="yoga", email=f"kim{number}@example.com")
    page = await browser.page(HERE)
    assert "3 of 8 booked" in page
    assert page.count('class="slot ') == 1


async def test_a_whole_day_stands_above_the_hours(salon: tuple[Browser, TenantHandle], engine: AsyncEngine) -> None:
    browser, tenant = salon
    await booked(browser.http, engine, tenant, "2026-03-04T00:00-05:00", service="day")
    page = await browser.page(HERE)
    assert re.search(r'<div class="whole">\s*<a class="slot[^>]*>\s*<b><bdi>Kim Lee', page)


# --- the list


async def test_the_list_finds_by_code_name_and_email(owner: Browser, engine: AsyncEngine, studio: TenantHandle) -> None:
    first = await booked(owner.http, engine, studio)
    other = await booked(owner.http, engine, studio, "2026-03-05T15:00-05:00", email="ann@example.com")
    await changed(other, customer_name="Ann Other")
    for wanted, found in (
        (first.booking.code, ["Kim Lee"]),
        (first.booking.code.lower().replace("bk-", "bk "), ["Kim Lee"]),
        ("ANN@", ["Ann Other"]),
        ("other", ["Ann Other"]),
        ("%", []),
        ("nobody", []),
        ("", ["Kim Lee", "Ann Other"]),
    ):
        answer = await owner.http.get(f"{HERE}/list", params={"q": wanted, "all": "1"})
        assert names(answer.text) == found, wanted


async def test_the_list_narrows_by_dates_status_and_service(owner: Browser, kims: Managed) -> None:
    for query, is_there in (
        ("from=2026-03-04&to=2026-03-04", True),
        ("from=2026-03-05", False),
        ("to=2026-03-03", False),
        ("status=confirmed", True),
        ("status=cancelled", False),
        ("service=haircut", True),
        ("service=colour", False),
        ("status=nonsense&from=nonsense&cursor=nonsense", True),
    ):
        assert bool(names(await owner.page(f"{HERE}/list?{query}"))) is is_there, query


async def test_a_long_list_goes_on_page_by_page(owner: Browser, kims: Managed, owner_url: str) -> None:
    ledger.change(
        owner_url,
        "insert into bookings (tenant_id, id, code, status, source, service_id, resource_id, starts_at, ends_at,"
        " whole_day, customer_name, customer_email, currency, payment_rule, policy, created_at)"
        " select tenant_id, gen_random_uuid(), 'T' || n, 'completed', source, service_id, resource_id,"
        " starts_at + n * interval '1 hour', ends_at + n * interval '1 hour', false, 'Number ' || n, 'n@example.com',"
        " currency, payment_rule, policy, created_at from bookings, generate_series(1, 60) n",
    )
    first = await owner.page(f"{HERE}/list?status=completed")
    assert len(names(first)) == 50
    following = re.search(r'href="([^"]*cursor=[^"]*)" rel="next"', first)
    assert following is not None
    second = await owner.page(following[1].replace("&amp;", "&"))
    assert len(names(second)) == 10
    assert len({*names(first), *names(second)}) == 60
    rows = list(csv.reader(io.StringIO(await owner.page(f"{HERE}/export.csv?status=completed"))))
    assert len(rows) == 61


# --- the file


async def test_the_file_has_every_column_and_no_formula(owner: Browser, kims: Managed) -> None:
    await changed(
        kims,
        customer_name='=HYPERLINK("https://evil.example")',
        customer_phone="+14155550124",
        notes="@sum(1)\nand more",
        intake=[{"question": "Allergies?", "answer": 'none, "really"'}],
    )
    answer = await owner.get(f"{HERE}/export.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    heading, row = csv.reader(io.StringIO(answer.text.removeprefix("\N{BYTE ORDER MARK}")))
    assert heading == list(HEADINGS)
    written = dict(zip(heading, row, strict=True))
    assert written["customer_name"] == '\'=HYPERLINK("https://evil.example")'
    assert written["customer_phone"] == "'+14155550124"
    assert written["notes"] == "'@sum(1)\nand more"
    assert written["answers"] == 'Allergies? none, "really"'
    assert (written["code"], written["date"], written["time"], written["price"]) == (
        kims.booking.code,
        "2026-03-04",
        "15:00",
        "45.00",
    )


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_begins_a_formula_is_quoted(begins: str) -> None:
    assert safe(f"{begins}1+1") == f"'{begins}1+1"
    assert safe(f"a{begins}1") == f"a{begins}1"


# --- whose bookings


async def test_nobody_sees_another_businesss_bookings(
    salon: tuple[Browser, TenantHandle], engine: AsyncEngine, studio: TenantHandle
) -> None:
    browser, _ = salon
    theirs = await booked(browser.http, engine, studio)
    assert "Kim Lee" not in await browser.page(HERE)
    assert "Kim Lee" not in await browser.page(f"{HERE}/list?q=kim")
    assert theirs.booking.code not in await browser.page(f"{HERE}/export.csv")
    for path in ("", "/move", "/move/confirm?start=2026-03-05T10:00"):
        assert (await browser.get(f"{HERE}/{theirs.booking.id}{path}")).status_code == 404
    for act in ("cancel", "refund", "no-show", "complete", "resend", "correct", "move"):
        assert (await browser.post(f"{HERE}/{theirs.booking.id}/{act}")).status_code == 404, act
    assert (await browser.get(f"{HERE}/no-id")).status_code == 404
    assert (await browser.get(f"{HERE}/new?service=haircut&like={theirs.booking.id}")).status_code == 404


async def test_who_is_not_logged_in_is_sent_to_log_in(visitor: Browser, studio: TenantHandle) -> None:
    for path in ("", "/list", "/new", "/blocks", "/export.csv"):
        assert (await visitor.get(HERE + path)).url.path == "/dashboard/login"


@pytest.mark.parametrize("written", HOSTILE, ids=["script", "attribute", "markdown", "rtl", "long"])
async def test_what_customers_write_is_text_everywhere(owner: Browser, kims: Managed, written: str) -> None:
    values: dict[str, Any] = {"customer_name": written, "notes": written, "customer_phone": written}
    await changed(kims, **values, intake=[{"question": written, "answer": written}])
    for path in (HERE, f"{HERE}/list", f"{HERE}/{kims.booking.id}", f"{HERE}/{kims.booking.id}/move", "/dashboard"):
        page = await owner.page(path)
        assert "<script>alert" not in page and "<img src=x" not in page, path
        assert "<bdi>" in page
