"""Answers and gaps in the dashboard: what customers ask, and what becomes of it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from html import unescape
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.analytics.gaps import Asked, grouped
from handled.db.session import tenant_session
from handled.kit import clock, ids
from handled.tenants import config
from tests.conftest import STUDIO, Running, TenantHandle, at, import_tenant
from tests.customers import Customer
from tests.dashboard.desk import Browser
from tests.dashboard.sheets import press, sheet
from tests.faults import ledger

FAQ = "/dashboard/catalog/faq"
GAPS = "/dashboard/catalog/gaps"
TOYS = "Do you have toys for my rabbit?"


@pytest.fixture(autouse=True)
def monday() -> None:
    clock.start_at(at("2026-03-02T09:00:00-05:00"))


async def questions(engine: AsyncEngine, tenant: TenantHandle) -> list[str]:
    async with tenant_session(engine, tenant.id) as session:
        exported = config.parse(await config.export_document(session, tenant.id), "x")
    return [each.q for each in exported.faq]


async def asked(server: Running, tenant: TenantHandle, *said: str) -> str:
    """Somebody asks; the id of their conversation."""
    async with Customer.of(server.url, tenant.key) as customer:
        await customer.start()
        for each in said:
            await customer.say(each)
        return customer.session_id


async def test_answers_are_added_changed_ordered_and_removed(
    owner: Browser, engine: AsyncEngine, studio: TenantHandle
) -> None:
    added = await press(owner, f"{FAQ}/new", f"{FAQ}/new", q="Do you sell gift cards?", a="Yes.\r\nAt the desk.")
    assert "Saved. Customers get this answer from now on." in added.text
    await press(owner, f"{FAQ}/2", f"{FAQ}/2", q="Do you have gift cards?")
    await press(owner, FAQ, f"{FAQ}/2/move", direction="up")
    assert await questions(engine, studio) == ["Do you have gift cards?", "Is there parking?"]
    removed = await press(owner, FAQ, f"{FAQ}/2/remove")
    assert "Removed." in removed.text
    assert await questions(engine, studio) == ["Do you have gift cards?"]


async def test_the_same_question_twice_and_an_empty_answer_are_refused(owner: Browser) -> None:
    twice = await press(owner, f"{FAQ}/new", f"{FAQ}/new", q="is there parking?", a="Maybe.")
    assert twice.status_code == 422 and 'id="q-problem"' in twice.text and "already used" in twice.text
    assert "line" not in re.findall(r'id="q-problem"><bdi>(.*?)</bdi>', twice.text)[0]
    empty = await press(owner, f"{FAQ}/new", f"{FAQ}/new", q="x" * 10_000, a=" ")
    assert 'id="a-problem"' in empty.text and "This is empty." in empty.text and 'id="q-problem"' in empty.text


async def test_trying_a_question_gives_what_the_agent_gives(
    owner: Browser, server: Running, studio: TenantHandle
) -> None:
    tried = await owner.page(f"{FAQ}?ask=where+can+I+park+my+car")
    assert "There is free parking behind the studio." in tried.split("1 answer")[0]
    async with Customer.of(server.url, studio.key) as customer:
        await customer.start()
        assert "free parking behind the studio" in (await customer.say("where can I park my car"))["message"]
    assert "Nobody has written an answer to that." in await owner.page(f"{FAQ}?ask=do+you+sell+rabbits")
    wicked = await owner.page(f"{FAQ}?ask=%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>alert" not in wicked


async def test_an_unanswered_question_becomes_an_answer_with_one_click(
    owner: Browser, server: Running, engine: AsyncEngine, studio: TenantHandle, owner_url: str
) -> None:
    assert "Nothing is open." in await owner.page(GAPS)
    first = await asked(server, studio, TOYS)
    newest = await asked(server, studio, "do you have some toys for my rabbit")
    page = await owner.page(GAPS)
    assert "asked 2 times" in page and f"/dashboard/inbox/{newest}" in page and first not in page
    link = re.findall(r'href="(/dashboard/catalog/faq/new\?gap=[^"]+)"', page)
    assert len(link) == 1
    form = await owner.page(unescape(link[0]))
    assert 'value="do you have some toys for my rabbit"' in form and TOYS in unescape(form)
    fields = sheet(form, f"{FAQ}/new")
    refused = await owner.post(f"{FAQ}/new", fields | {"a": ""})
    assert refused.status_code == 422 and sheet(refused.text, f"{FAQ}/new")["gap"] == fields["gap"]
    done = await owner.post(f"{FAQ}/new", fields | {"q": TOYS, "a": "A basket of them, by the window."})
    assert "your answer from now on" in done.text and "Nothing is open." in done.text
    assert TOYS in await questions(engine, studio)
    async with Customer.of(server.url, studio.key) as customer:
        await customer.start()
        assert "by the window" in (await customer.say(TOYS))["message"]
    assert [each["action"] for each in ledger.rows(owner_url, "select action from staff_actions")] == ["faq.add"]


async def test_a_dismissed_question_stays_dismissed_whoever_asks_again(
    owner: Browser, server: Running, studio: TenantHandle
) -> None:
    await asked(server, studio, TOYS)
    action = re.findall(r'action="(/dashboard/catalog/gaps/[^"]+/dismiss)"', await owner.page(GAPS))[0]
    assert "Dismissed." in (await owner.post(action)).text
    await asked(server, studio, TOYS)
    assert "Nothing is open." in await owner.page(GAPS)
    assert (await owner.post(f"{GAPS}/{ids.new_id()}/dismiss")).status_code == 404


async def test_gaps_of_another_business_are_not_there(
    owner: Browser, server: Running, engine: AsyncEngine, owner_url: str
) -> None:
    other = await import_tenant(engine, STUDIO.replace("slug: studio", "slug: other"))
    await asked(server, other, TOYS)
    turn = ledger.value(owner_url, "select id from turns where is_unanswered")
    assert TOYS not in unescape(await owner.page(GAPS))
    assert (await owner.post(f"{GAPS}/{turn}/dismiss")).status_code == 404
    form = await owner.page(f"{FAQ}/new?gap={turn}")
    assert TOYS not in unescape(form)


async def test_staff_see_gaps_and_leave_them(staff_member: Browser, server: Running, studio: TenantHandle) -> None:
    await asked(server, studio, "<script>alert('toys')</script> do you feed rabbits?")
    page = await staff_member.page(GAPS)
    assert "do you feed rabbits?" in page and "<script>alert" not in page and "Dismiss" not in page
    assert (await staff_member.post(f"{GAPS}/{ids.new_id()}/dismiss")).status_code == 403


async def test_times_wanted_in_vain_are_counted_by_weekday_and_hour(
    owner: Browser, server: Running, studio: TenantHandle
) -> None:
    assert "Nobody has asked in vain for a time." in await owner.page(GAPS)
    for _ in range(2):
        await asked(server, studio, "I'd like a haircut next Sunday at 3pm")
    page = await owner.page(GAPS)
    row = re.findall(r'<th scope="row">Sun</th>(.*?)</tr>', page, re.DOTALL)[0]
    assert '<td class="heat-5">2</td>' in row and "3:00 pm" in page and "2 closed" in page
    assert '<td class="heat-5">2</td>' in await owner.page(f"{GAPS}?service=haircut")


def wordings(*said: str) -> list[Asked]:
    begin = datetime.fromisoformat("2026-03-02T09:00:00+00:00")
    return [Asked(UUID(int=i), each, begin - timedelta(hours=i), UUID(int=i), None) for i, each in enumerate(said)]


def test_like_questions_are_one_gap_and_others_are_not() -> None:
    gaps = grouped(
        wordings(
            "Do you have wifi?",
            "do you have WIFI",
            "Have you got a car park for vans?",
            "have you got a car park for a van",
            "???",
            "",
        )
    )
    assert [[each.id.int for each in gap.asked] for gap in gaps] == [[0, 1], [2, 3], [4], [5]]
