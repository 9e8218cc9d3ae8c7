"""The audit trail: everything that was changed, by whom, with filters and pages."""

from __future__ import annotations

import re

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.db.session import tenant_session
from handled.kit import clock
from handled.tables import StaffAction
from tests.conftest import TenantHandle, at
from tests.dashboard.desk import Browser

HERE = "/dashboard/settings/trail"


@pytest.fixture
async def much(owner: Browser, engine: AsyncEngine, studio: TenantHandle) -> None:
    clock.start_at(at("2026-03-02T09:00:00-05:00"))
    async with tenant_session(engine, studio.id) as session:
        for n in range(120):
            name, action = ("Ann", "faq.add") if n % 2 else ("<i>Bo</i>", "strange.thing")
            details = {"text": "long " * 200, "list": ["a", 1]}
            session.add(
                StaffAction(tenant_id=studio.id, name=name, action=action, subject=f"number {n}", details=details)
            )


async def test_pages_follow_each_other_without_a_gap(owner: Browser, much: None) -> None:
    seen, path, page = set[int](), HERE, ""
    for _ in range(3):
        page = await owner.page(path)
        seen |= {n for n in range(120) if f"number {n} " in page}
        path = next((f"{HERE}?{part.split(chr(34))[0]}" for part in page.split('href="?') if ">Earlier<" in part), HERE)
        path = path.replace("&amp;", "&")
    assert seen == set(range(120))
    assert "strange: thing" in page and "<i>Bo" not in page


async def test_the_trail_is_filtered_by_subject_person_and_day(owner: Browser, much: None) -> None:
    await owner.post("/dashboard/account/name", {"name": "Olga Owner"})
    page = await owner.page(f"{HERE}?about=account")
    assert "changed their own name" in page and "wrote an answer" not in page
    (mine,) = re.findall(r'<option value="([0-9a-f-]+)">Olga Owner<', page)
    assert "wrote an answer" not in await owner.page(f"{HERE}?who={mine}")
    assert "wrote an answer" in await owner.page(f"{HERE}?day=2026-03-02")
    assert "Nothing like that was done" in await owner.page(f"{HERE}?day=2026-03-01")


@pytest.mark.parametrize("query", ["who=nobody", "about=%25", "day=yesterday", "day=9999-12-31", "who=&about=&day="])
async def test_nonsense_filters_nothing(owner: Browser, much: None, query: str) -> None:
    assert "wrote an answer" in await owner.page(f"{HERE}?{query}")


async def test_a_place_that_is_none_is_refused(owner: Browser) -> None:
    assert (await owner.get(f"{HERE}?after=nowhere")).status_code == 400


async def test_staff_do_not_read_the_trail(staff_member: Browser) -> None:
    assert (await staff_member.get(HERE)).status_code == 403


async def test_times_and_money_are_told_in_words(owner: Browser, engine: AsyncEngine, studio: TenantHandle) -> None:
    moved = {"to": "2026-03-05T16:30:00+00:00", "code": "BK-AAAAAA", "from": "2026-03-05T15:30:00"}
    async with tenant_session(engine, studio.id) as session:
        for action, details in (("booking.move", moved), ("booking.cancel", {"refund": 10000})):
            session.add(StaffAction(tenant_id=studio.id, name="Ann", action=action, subject=None, details=details))
    page = await owner.page(HERE)
    said = "BK-AAAAAA · from: Thursday, March 5 at 3:30 pm · to: Thursday, March 5 at 11:30 am"
    assert said in page and "refund: $100.00" in page and "2026-03-05T" not in page
