"""Privacy: found by address, taken away as one file, erased for good."""

from __future__ import annotations

import re

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.kit import clock
from tests.conftest import TenantHandle, at
from tests.dashboard.desk import Browser
from tests.faults import ledger
from tests.managed import booked, changed

HERE = "/dashboard/privacy"
KIM = "kim@example.com"


@pytest.fixture
async def kims(owner: Browser, engine: AsyncEngine, studio: TenantHandle) -> None:
    """Kim had a haircut: it is over."""
    clock.start_at(at("2026-03-02T09:00:00-05:00"))
    made = await booked(owner.http, engine, studio, "2026-03-03T10:00-05:00", email=KIM)
    await changed(made, customer_name="Kim <b>Lee</b>")
    clock.start_at(at("2026-03-05T09:00:00-05:00"))


async def test_what_is_known_is_counted_and_downloaded(owner: Browser, kims: None) -> None:
    page = (await owner.post(f"{HERE}/find", {"email": " KIM@example.com "})).text
    assert re.search(r"<td>bookings</td><td class=\"right\">1</td>", page)
    file = await owner.post(f"{HERE}/export", {"email": KIM})
    assert "attachment" in file.headers["content-disposition"]
    assert file.json()["tables"]["bookings"][0]["customer_name"] == "Kim <b>Lee</b>"
    trail = await owner.page("/dashboard/settings/trail?about=customer")
    assert "downloaded what is known of a customer" in trail and KIM not in trail


async def test_whoever_is_erased_is_nowhere_and_the_ledger_says_so(owner: Browser, kims: None, owner_url: str) -> None:
    page = (await owner.post(f"{HERE}/erase", {"email": KIM, "again": "Kim@Example.com"})).text
    assert "Erased." in page and "Olga Owner" in page
    assert ledger.rows(owner_url, f"select id from bookings where customer_email = '{KIM}'") == []
    assert ledger.rows(owner_url, "select id from bookings") != []
    again = await owner.post(f"{HERE}/find", {"email": KIM})
    assert again.status_code == 404 and "It was erased" in again.text
    trail = await owner.page("/dashboard/settings/trail")
    assert "erased a customer" in trail and KIM not in trail and "Kim" not in trail


@pytest.mark.parametrize("again", ["", "kim@example.org", "yes"])
async def test_without_the_address_typed_again_nothing_is_erased(
    owner: Browser, kims: None, owner_url: str, again: str
) -> None:
    answer = await owner.post(f"{HERE}/erase", {"email": KIM, "again": again})
    assert answer.status_code == 422 and "not the same address" in answer.text
    assert len(ledger.rows(owner_url, f"select id from bookings where customer_email = '{KIM}'")) == 1


async def test_an_appointment_to_come_is_asked_about_first(owner: Browser, kims: None, owner_url: str) -> None:
    clock.start_at(at("2026-03-02T10:00:00-05:00"))
    answer = await owner.post(f"{HERE}/erase", {"email": KIM, "again": KIM})
    assert answer.status_code == 409 and "appointments to come" in answer.text and 'name="force"' in answer.text
    answer = await owner.post(f"{HERE}/erase", {"email": KIM, "again": KIM, "force": "true"})
    assert "Erased." in answer.text


@pytest.mark.parametrize("email", ["nobody@example.com", "%", "x" * 10_000, "<script>alert(1)</script>", "\0"])
async def test_nobody_is_found_for_nonsense(owner: Browser, kims: None, email: str) -> None:
    for path in ("find", "erase"):
        answer = await owner.post(f"{HERE}/{path}", {"email": email, "again": email})
        assert answer.status_code in (400, 404, 422) and "<script>alert" not in answer.text, path
    assert (await owner.post(f"{HERE}/export", {"email": email})).status_code in (400, 404, 422)


async def test_staff_do_not_look_erase_or_take_away(staff_member: Browser, owner_url: str) -> None:
    assert (await staff_member.get(HERE)).status_code == 403
    for path in ("find", "export", "erase"):
        assert (await staff_member.post(f"{HERE}/{path}", {"email": KIM, "again": KIM})).status_code == 403


async def test_channels_say_what_is_on(owner: Browser, staff_member: Browser) -> None:
    for browser in (owner, staff_member):
        page = await browser.page("/dashboard/channels")
        assert "/c/studio" in page and "data-tenant=" in page and "reaches nobody" in page
