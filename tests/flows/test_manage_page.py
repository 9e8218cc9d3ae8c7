"""The page behind the link in every mail: what it shows, what its forms do, and no more rating requests."""

from __future__ import annotations

import re

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.tenants import links
from tests.conftest import TenantHandle
from tests.customers import refusal
from tests.faults import ledger
from tests.managed import FRIDAY_NOON, Managed, booked, changed, later


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, page
    return found[1]


async def test_the_page_tells_nobody_its_address(mine: Managed) -> None:
    answer = await mine.http.get(f"/b/{mine.token}")
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert '<meta name="robots" content="noindex">' in answer.text
    assert "<script" not in answer.text


async def test_cancelling_on_the_page_takes_two_steps(mine: Managed) -> None:
    await mine.pay(4500)
    asked = (await mine.http.get(f"/b/{mine.token}/cancel")).text
    assert "Cancelling costs nothing." in asked and "You get back: $45.00" in asked
    later(hours=31)
    again = await mine.http.post(f"/b/{mine.token}/cancel", data={"quote": field(asked, "quote")})
    assert again.status_code == 409
    assert "Cancellation fee: $22.50" in again.text and "not what you were shown" in again.text
    done = await mine.http.post(f"/b/{mine.token}/cancel", data={"quote": field(again.text, "quote")})
    assert (done.status_code, done.headers["location"]) == (303, f"/b/{mine.token}?done=cancelled")
    page = (await mine.http.get(done.headers["location"])).text
    assert "Cancelled for a fee of $22.50" in page and "$22.50 is on its way back" in page
    twice = await mine.http.post(f"/b/{mine.token}/cancel", data={"quote": field(again.text, "quote")})
    assert twice.status_code == 409 and "already been cancelled" in twice.text


async def test_moving_on_the_page_goes_by_day_and_time(
    mine: Managed, engine: AsyncEngine, studio: TenantHandle
) -> None:
    days = (await mine.http.get(f"/b/{mine.token}/move?day=2026-03-06")).text
    start = "/move/confirm?start=2026-03-06T12%3A00-05%3A00"
    assert start in days and "Friday, March 6" in days
    asked = (await mine.http.get(f"/b/{mine.token}{start}")).text
    assert "To Friday, March 6 at 12:00 pm" in asked
    form = {name: field(asked, name) for name in ("start", "resource", "quote")}
    await booked(mine.http, engine, studio, "2026-03-06T12:00-05:00", email="lou@example.com")
    late = await mine.http.post(f"/b/{mine.token}/move", data=form)
    assert late.status_code == 409 and "taken" in late.text and "3:00 pm" in late.text
    done = await mine.http.post(f"/b/{mine.token}/move", data={**form, "start": "2026-03-07T10:00"})
    assert (done.status_code, done.headers["location"]) == (303, f"/b/{mine.token}?done=moved")
    assert "It is moved." in (await mine.http.get(done.headers["location"])).text


@pytest.mark.parametrize("start", ["", "soon", "2026-03-08T12:00", "2026-03-04T15:00", "1900-01-01T00:00"])
async def test_a_time_that_cannot_be_confirmed_leads_back_to_those_that_can(mine: Managed, start: str) -> None:
    answer = await mine.http.get(f"/b/{mine.token}/move/confirm", params={"start": start})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text and "When instead?" in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "null"},
        {"Origin": "https://elsewhere.example"},
    ],
)
async def test_forms_of_other_pages_are_refused(mine: Managed, headers: dict[str, str]) -> None:
    quote = (await mine.seen())["cancel"]["quoteHash"]
    for act, form in (("cancel", {"quote": quote}), ("move", {"start": FRIDAY_NOON})):
        answer = await mine.http.post(f"/b/{mine.token}/{act}", data=form, headers=headers)
        assert refusal(answer) == (403, "origin_not_allowed")
    assert (await mine.seen())["booking"]["status"] == "confirmed"


async def test_what_people_typed_is_text_on_the_page(mine: Managed) -> None:
    await changed(mine, customer_name="<b onclick=x>Kim</b>")
    page = (await mine.http.get(f"/b/{mine.token}")).text
    assert "&lt;b onclick=x&gt;" in page and "<b onclick" not in page


async def test_rating_requests_are_refused_with_one_click_and_not_by_looking(mine: Managed, owner_url: str) -> None:
    link = f"/refuse/{links.sign(mine.business.link_key, mine.business.id, mine.booking.id, 'refuse')}"
    assert "Do not ask me again" in (await mine.http.get(link)).text
    assert ledger.value(owner_url, "select count(*) from mail_refusals") == 0
    for _ in range(2):
        answer = await mine.http.post(
            link, content="List-Unsubscribe=One-Click", headers={"Origin": "https://mail.example"}
        )
        assert answer.status_code == 200
    rows = ledger.rows(owner_url, "select email, kind from mail_refusals")
    assert rows == [{"email": "kim@example.com", "kind": "ratings"}]
    assert "You will not be asked again" in (await mine.http.get(link)).text
