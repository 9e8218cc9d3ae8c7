"""Opening hours in the dashboard: the week, the days that differ, and what customers are offered then."""

from __future__ import annotations

from html import unescape

import httpx2
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.db.session import tenant_session
from handled.kit import clock
from handled.tenants import config
from handled.tenants.document import ExceptionEntry, TenantDocument
from handled.tenants.hours import DAYS, write_intervals, write_week
from tests.conftest import STUDIO, Running, TenantHandle, at, import_tenant
from tests.dashboard.desk import Browser
from tests.dashboard.sheets import fill_in, press, sheet
from tests.http_client import http_client
from tests.managed import booked

HOURS = "/dashboard/catalog/hours"
SHARED = STUDIO.replace(
    "services:\n", "resources:\n  - {key: mia, name: Mia}\n  - {key: tom, name: Tom}\nservices:\n", 1
)


@pytest.fixture(autouse=True)
def monday() -> None:
    clock.start_at(at("2026-03-02T09:00:00-05:00"))


async def document(engine: AsyncEngine, tenant: TenantHandle) -> TenantDocument:
    async with tenant_session(engine, tenant.id) as session:
        return config.parse(await config.export_document(session, tenant.id), "x")


def said(exceptions: tuple[ExceptionEntry, ...]) -> list[str]:
    return [
        f"{each.dates[0]:%m-%d}..{each.dates[1]:%m-%d} "
        + (f"open {write_intervals(each.hours)}" if each.hours else "")
        + (f"blocked {write_intervals(each.blocked)}" if each.blocked else "")
        + ("closed" if each.closed else "")
        + (f" {each.label}" if each.label else "")
        + (f" ({each.resource})" if each.resource else "")
        for each in exceptions
    ]


async def week(browser: Browser, **typed: str) -> httpx2.Response:
    path = HOURS + (f"?resource={typed['resource']}" if "resource" in typed else "")
    return await press(browser, path, HOURS, **typed)


async def on_day(browser: Browser, day: str, **typed: str) -> httpx2.Response:
    path = f"{HOURS}/days/{day}"
    return await press(browser, path, path, **typed)


async def test_a_week_may_have_several_openings_a_day(
    owner: Browser, engine: AsyncEngine, studio: TenantHandle
) -> None:
    answer = await week(owner, monday="9am-12pm, 13:00-18:00", tuesday="", sunday="10:00-24:00")
    assert answer.status_code == 200 and "Saved." in answer.text
    assert "9:00 am – 12:00 pm and 1:00 pm – 6:00 pm" in answer.text
    assert write_week((await document(engine, studio)).hours) == {
        "monday": "09:00-12:00, 13:00-18:00",
        "tuesday": "closed",
        "wednesday-saturday": "09:00-18:00",
        "sunday": "10:00-24:00",
    }


async def test_hours_that_cannot_be_stay_beside_their_day(
    owner: Browser, engine: AsyncEngine, studio: TenantHandle
) -> None:
    before = await document(engine, studio)
    answer = await week(owner, monday="18:00-09:00", wednesday="mornings")
    page = unescape(answer.text)
    assert answer.status_code == 422 and 'value="mornings"' in page and 'value="18:00-09:00"' in page
    assert 'id="monday-problem"' in page and "ends before it begins" in page
    assert 'id="wednesday-problem"' in page and "is not a span of time" in page
    closed = await week(owner, **dict.fromkeys(DAYS, ""))
    assert closed.status_code == 422 and "never open" in closed.text
    assert await document(engine, studio) == before


async def test_a_resource_has_its_own_week_or_the_business_s(server: Running, engine: AsyncEngine) -> None:
    shared = await import_tenant(engine, SHARED)
    async with Browser.of(server.url) as owner:
        await owner.log_in(engine, shared.id, "owner@studio.example", "Olga Owner", "owner")
        await week(owner, resource="mia", own="yes", monday="10:00-14:00", tuesday="", saturday="")
        mia, tom = (await document(engine, shared)).resources
        assert mia.hours is not None and tom.hours is None
        assert write_week(mia.hours)["monday"] == "10:00-14:00"
        assert "2 and 6" not in await owner.page(f"{HOURS}?resource=mia")
        await week(owner, resource="mia", own="no")
        assert (await document(engine, shared)).resources[0].hours is None
        # Days that differ for her alone are nobody else's.
        await on_day(owner, "2026-03-10", kind="closed", label="Training", resource="mia")
        assert said((await document(engine, shared)).exceptions) == ["03-10..03-10 closed Training (mia)"]
        assert "Training" in await owner.page(f"{HOURS}?resource=mia")
        assert "Training" not in await owner.page(f"{HOURS}?resource=tom")
        assert (await owner.get(f"{HOURS}?resource=nobody")).status_code == 404


async def test_days_are_closed_opened_and_made_usual_again(
    owner: Browser, engine: AsyncEngine, studio: TenantHandle
) -> None:
    answer = await on_day(owner, "2026-03-09", kind="closed", label="Painting", last="2026-03-12")
    assert "Noted in the calendar." in answer.text and "Painting" in answer.text
    # A day of them is opened after all, and of another a part is blocked.
    await on_day(owner, "2026-03-10", kind="open", times="10:00-12:00", label="Keys")
    await on_day(owner, "2026-03-16", kind="blocked", times="14:00-15:00")
    await on_day(owner, "2026-03-16", kind="blocked", times="16:00-17:00")
    assert said((await document(engine, studio)).exceptions) == [
        "03-09..03-09 closed Painting",
        "03-10..03-10 open 10:00-12:00 Keys",
        "03-11..03-12 closed Painting",
        "03-16..03-16 blocked 14:00-15:00, 16:00-17:00",
    ]
    path = f"{HOURS}/days/2026-03-12"
    await press(owner, path, f"{path}/remove")
    path = f"{HOURS}/days/2026-03-16"
    await press(owner, path, f"{path}/remove", all="yes")
    assert said((await document(engine, studio)).exceptions) == [
        "03-09..03-09 closed Painting",
        "03-10..03-10 open 10:00-12:00 Keys",
        "03-11..03-11 closed Painting",
    ]


async def test_the_calendar_shows_the_month_and_leads_to_the_next(owner: Browser) -> None:
    await on_day(owner, "2026-04-06", kind="closed", label="Easter <Monday>")
    page = await owner.page(f"{HOURS}?month=2026-04")
    assert "April 2026" in page and "month=2026-03" in page and "month=2026-05" in page
    assert "Easter &lt;Monday&gt;" in page and page.count('class="day closed') == 1
    for month in ("nonsense", "2026-13", "9999-01", "0001-01"):
        assert "March 2026" in await owner.page(f"{HOURS}?month={month}")


async def test_who_is_booked_on_a_closed_day_stays_booked_and_it_is_said(
    owner: Browser, server: Running, engine: AsyncEngine, studio: TenantHandle
) -> None:
    async with http_client(base_url=server.url) as http:
        await booked(http, engine, studio)
    assert "1 appointment that is already booked stays" in await owner.page(f"{HOURS}/days/2026-03-04")
    answer = await on_day(owner, "2026-03-04", kind="closed")
    assert "Noted in the calendar. 1 appointment that is already booked stays as it is." in answer.text
    assert "already booked" not in (await on_day(owner, "2026-03-05", kind="closed")).text


async def test_days_that_cannot_be_are_said_beside_the_field(owner: Browser) -> None:
    for typed, field in (
        ({"kind": "open", "times": "all morning"}, "times"),
        ({"kind": "blocked", "times": ""}, "times"),
        ({"kind": "closed", "last": "2026-03-01"}, "last"),
        ({"kind": "closed", "last": "someday"}, "last"),
        ({"kind": "closed", "last": "9999-12-31"}, "last"),
        ({"kind": "closed", "label": "x" * 10_000}, "label"),
    ):
        answer = await on_day(owner, "2026-03-20", **typed)
        assert answer.status_code == 422 and f'id="{field}-problem"' in answer.text, typed
    for day in ("9999-12-31", "0001-01-01", "1999-12-31"):
        assert (await owner.get(f"{HOURS}/days/{day}")).status_code == 404


async def test_a_stale_calendar_changes_nothing(owner: Browser, engine: AsyncEngine, studio: TenantHandle) -> None:
    path = f"{HOURS}/days/2026-03-20"
    await on_day(owner, "2026-03-20", kind="closed")
    stale = sheet(await owner.page(path), f"{path}/remove")
    await week(owner, monday="10:00-11:00")
    answer = await owner.post(f"{path}/remove", stale)
    assert answer.status_code == 409 and "Somebody changed the catalog" in answer.text
    assert said((await document(engine, studio)).exceptions) == ["03-20..03-20 closed"]
    late = await owner.post(path, sheet(answer.text, path) | {"version": stale["version"], "label": "Mine"})
    assert late.status_code == 409 and 'value="Mine"' in late.text


async def test_saving_the_week_without_a_change_is_no_new_version(owner: Browser) -> None:
    before = sheet(await owner.page(HOURS), HOURS)["version"]
    await fill_in(owner, f"{HOURS.removesuffix('/hours')}/policies")
    await week(owner)
    assert sheet(await owner.page(HOURS), HOURS)["version"] == before
