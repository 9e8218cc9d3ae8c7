"""Booking for a customer in the dashboard, and blocking times."""

from __future__ import annotations

import asyncio
import re

import httpx2
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.kit import clock
from tests.conftest import STUDIO, TenantHandle, at, import_tenant
from tests.dashboard.desk import Browser
from tests.dashboard.forms import hidden, submit
from tests.faults import ledger
from tests.managed import booked
from tests.office import mails

MONDAY = at("2026-03-02T09:00:00-05:00")
NEW = "/dashboard/bookings/new"
BLOCKS = "/dashboard/bookings/blocks"
KIM = {"name": "Kim Lee", "email": "kim@example.com"}


@pytest.fixture(autouse=True)
def monday_morning() -> None:
    clock.start_at(MONDAY)


@pytest.fixture
async def paying(owner: Browser, engine: AsyncEngine) -> Browser:
    """The owner of a studio whose haircut is paid first, with a day's notice."""
    text = STUDIO.replace('price: "45.00"', 'price: "45.00"\n    payment: full\n    notice: 24 h')
    tenant = await import_tenant(engine, text.replace("slug: studio", "slug: paying"))
    await owner.log_in(engine, tenant.id, "owner@studio.example", "Olga Owner", "owner")
    return owner


async def form_for(browser: Browser, start: str, service: str = "haircut") -> str:
    return (await browser.http.get(NEW, params={"service": service, "start": start})).text


def bookings(owner_url: str) -> list[dict[str, object]]:
    return ledger.rows(owner_url, "select status, source, customer_name, starts_at from bookings order by created_at")


# --- step by step


async def test_from_the_service_to_the_booking_in_four_steps(owner: Browser, owner_url: str) -> None:
    services = await owner.page(NEW)
    assert f'href="{NEW}?service=haircut"' in services and "$45.00" in services
    when = await owner.page(f"{NEW}?service=haircut&day=2026-03-04")
    assert "Wednesday, March 4" in when
    start = re.search(r'href="([^"]*start=2026-03-04T15%3A00[^"]*)"', when)
    assert start is not None
    form = await owner.page(start[1].replace("&amp;", "&"))
    assert "Wednesday, March 4 at 3:00 pm" in form
    done = await submit(owner, form, NEW, **KIM, phone="415 555 0124", notes="Brings a photo")
    assert done.status_code == 200 and "Booked. The customer has been written to." in done.text
    assert "Brings a photo" in done.text and "Olga Owner booked it" in done.text
    assert bookings(owner_url) == [
        {
            "status": "confirmed",
            "source": "DASHBOARD",
            "customer_name": "Kim Lee",
            "starts_at": at("2026-03-04T15:00:00-05:00"),
        }
    ]
    assert mails(owner_url) == ["booking_confirmed", "new_booking"]
    assert ledger.value(owner_url, "select action from staff_actions") == "booking.create"


async def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_stays(owner: Browser, owner_url: str) -> None:
    form = await form_for(owner, "2026-03-04T15:00")
    wrong = await submit(owner, form, NEW, name="", email="kim@", phone="1", notes="<b>" + "n" * 1000)
    assert wrong.status_code == 422
    for field in ("name", "email", "phone", "notes"):
        assert f'id="{field}-problem"' in wrong.text, field
    assert wrong.text.count('aria-invalid="true"') == 4
    assert 'value="kim@"' in wrong.text and "&lt;b&gt;nnn" in wrong.text
    assert (await submit(owner, wrong.text, NEW, **KIM)).status_code == 200
    assert len(bookings(owner_url)) == 1


async def test_a_time_that_is_gone_comes_with_the_nearest_that_are_free(
    owner: Browser, engine: AsyncEngine, studio: TenantHandle, owner_url: str
) -> None:
    form = await form_for(owner, "2026-03-04T15:00")
    await booked(owner.http, engine, studio)
    gone = await submit(owner, form, NEW, **KIM)
    assert gone.status_code == 409 and "already taken" in gone.text and 'value="Kim Lee"' in gone.text
    instead = re.findall(r'name="instead" value="([^"]*)"', gone.text)
    assert len(instead) == 3
    done = await submit(owner, gone.text, NEW, **KIM, instead=instead[0])
    assert done.status_code == 200 and len(bookings(owner_url)) == 2
    assert ledger.double_bookings(owner_url) == []


async def test_two_who_book_the_same_time_at_once_are_one_booking(owner: Browser, owner_url: str) -> None:
    forms = [await form_for(owner, "2026-03-04T15:00") for _ in range(2)]
    answers = await asyncio.gather(*(submit(owner, form, NEW, **KIM) for form in forms))
    assert sorted(each.status_code for each in answers) == [200, 409]
    assert ledger.double_bookings(owner_url) == []


async def test_a_double_click_books_once(owner: Browser, owner_url: str) -> None:
    form = await form_for(owner, "2026-03-04T15:00")
    answers: list[httpx2.Response] = await asyncio.gather(*(submit(owner, form, NEW, **KIM) for _ in range(3)))
    assert {each.status_code for each in answers} == {200}
    assert len({each.url.path for each in answers}) == 1
    assert len(bookings(owner_url)) == 1


async def test_going_back_and_sending_something_else_is_asked_about(owner: Browser, owner_url: str) -> None:
    form = await form_for(owner, "2026-03-04T15:00")
    await submit(owner, form, NEW, **KIM)
    other = await submit(owner, form, NEW, name="Ann Other", email="ann@example.com")
    assert other.status_code == 422 and "sent before" in other.text and 'value="Ann Other"' in other.text
    assert len(bookings(owner_url)) == 1


# --- when


async def test_the_business_books_within_its_own_notice_but_not_when_it_is_closed(paying: Browser) -> None:
    today = await paying.page(f"{NEW}?service=haircut&date=2026-03-02&time=13:05")
    assert "Monday, March 2 at 1:05 pm" in today
    for date, time, why in (
        ("2026-03-01", "13:00", "passed"),
        ("2026-03-08", "13:00", "closed"),
        ("2026-03-04", "20:00", "close"),
        ("2026-03-04", "25:00", "is not a date and time"),
    ):
        answer = await paying.get(f"{NEW}?service=haircut&date={date}&time={time}")
        assert answer.status_code == 422 and why in answer.text, (date, time)


async def test_a_service_that_is_not_there_leads_to_those_that_are(owner: Browser) -> None:
    for service in ("", "nonsense", "<script>"):
        page = (await owner.http.get(NEW, params={"service": service})).text
        assert "What is it for?" in page and "<script>" not in page.split("</head>")[1]
    assert (await owner.post(NEW, {"service": "nonsense"})).status_code == 422


# --- paying


async def test_asking_to_pay_holds_the_time_and_mails_the_link(paying: Browser, owner_url: str) -> None:
    form = await form_for(paying, "2026-03-04T15:00")
    assert "Ask for $45.00 first" in form
    done = await submit(paying, form, NEW, **KIM, payment="ask")
    assert (
        done.status_code == 200
        and "waits for payment" in done.text
        and "Held until it is paid" in done.text
        and "Send the pay link again" in done.text
    )
    assert [each["status"] for each in bookings(owner_url)] == ["pending_payment"]
    assert mails(owner_url) == ["payment_awaited"]


async def test_who_pays_on_site_is_booked_at_once(paying: Browser, owner_url: str) -> None:
    form = await form_for(paying, "2026-03-04T15:00")
    done = await submit(paying, form, NEW, **KIM, payment="onsite")
    assert done.status_code == 200 and "Nothing was asked for in advance." in done.text
    assert [each["status"] for each in bookings(owner_url)] == ["confirmed"]


# --- blocking


async def block(browser: Browser, **typed: str) -> httpx2.Response:
    return await submit(browser, await browser.page(BLOCKS), BLOCKS, **typed)


async def test_nothing_can_be_booked_in_a_blocked_time_until_it_is_open_again(owner: Browser, owner_url: str) -> None:
    free = await owner.page(f"{NEW}?service=haircut&date=2026-03-04&time=15:00")
    assert "Who comes?" in free
    done = await block(owner, first="2026-03-04", starts="14:00", ends="17:00", label="Dentist <b>")
    assert "Blocked. Nothing can be booked then." in done.text and "Dentist &lt;b&gt;" in done.text
    refused = await owner.get(f"{NEW}?service=haircut&date=2026-03-04&time=15:00")
    assert refused.status_code == 422
    assert "Dentist &lt;b&gt;" in await owner.page("/dashboard/bookings")
    remove = re.search(rf'action="({BLOCKS}/[^"]*/remove)"', done.text)
    assert remove is not None
    assert "Open again." in (await owner.post(remove[1])).text
    assert "Who comes?" in await owner.page(f"{NEW}?service=haircut&date=2026-03-04&time=15:00")
    assert (await owner.post(remove[1])).status_code == 404
    assert [
        each["action"] for each in ledger.rows(owner_url, "select action from staff_actions order by created_at")
    ] == [
        "hours.block",
        "hours.unblock",
    ]


async def test_what_is_booked_in_it_is_shown_first_and_stays(
    owner: Browser, engine: AsyncEngine, studio: TenantHandle, owner_url: str
) -> None:
    kims = await booked(owner.http, engine, studio)
    typed = {"first": "2026-03-04", "starts": "14:00", "ends": "17:00"}
    warned = await block(owner, **typed)
    assert warned.status_code == 409 and "One booking is in that time" in warned.text and "Kim Lee" in warned.text
    assert ledger.rows(owner_url, "select * from hours_exceptions") == []
    done = await submit(owner, warned.text, BLOCKS, **typed, although="yes")
    assert done.status_code == 200 and ledger.value(owner_url, "select count(*) from hours_exceptions") == 1
    assert [each["status"] for each in bookings(owner_url)] == ["confirmed"]
    assert kims.booking.code in await owner.page(f"/dashboard/bookings/{kims.booking.id}")


async def test_several_days_are_one_block(owner: Browser, owner_url: str) -> None:
    done = await block(owner, first="2026-03-04", starts="14:00", last="2026-03-06", ends="11:00")
    assert ledger.rows(
        owner_url, "select first_date::text as first, opens, closes from hours_exceptions order by first_date"
    ) == [
        {"first": "2026-03-04", "opens": 840, "closes": 1440},
        {"first": "2026-03-05", "opens": None, "closes": None},
        {"first": "2026-03-06", "opens": 0, "closes": 660},
    ]
    assert done.text.count("Open again<") == 1
    remove = re.search(rf'action="({BLOCKS}/[^"]*/remove)"', done.text)
    assert remove is not None
    await owner.post(remove[1])
    assert ledger.value(owner_url, "select count(*) from hours_exceptions") == 0


async def test_a_block_that_cannot_be_is_refused_beside_its_field(owner: Browser, owner_url: str) -> None:
    for typed, field in (
        ({}, "first"),
        ({"first": "soon"}, "first"),
        ({"first": "2026-03-04", "last": "2026-03-03"}, "last"),
        ({"first": "2026-03-04", "starts": "15:00", "ends": "14:00"}, "ends"),
        ({"first": "2026-03-04", "starts": "25:00"}, "starts"),
        ({"first": "2026-02-27"}, "last"),
        ({"first": "2026-03-04", "last": "2028-03-04"}, "last"),
        ({"first": "2026-03-04", "resource": "nobody"}, None),
        ({"first": "2026-03-04", "label": "x" * 81}, "label"),
    ):
        answer = await block(owner, **typed)
        assert answer.status_code == 422, typed
        assert field is None or f'id="{field}-problem"' in answer.text, typed
    assert ledger.value(owner_url, "select count(*) from hours_exceptions") == 0


async def test_a_block_sent_twice_is_there_once(owner: Browser, owner_url: str) -> None:
    page = await owner.page(BLOCKS)
    fields = hidden(page, BLOCKS) | {"first": "2026-03-04"}
    await asyncio.gather(*(owner.post(BLOCKS, fields) for _ in range(3)))
    assert ledger.value(owner_url, "select count(*) from hours_exceptions") == 1
