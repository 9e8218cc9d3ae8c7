"""`GET /v1/tenant/analytics/chat`: what conversations came to, from the first word to the business's sheet."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.analytics import rollups
from handled.conversations import ending
from handled.kit import clock
from tests.analytics.past import Past
from tests.conftest import STUDIO, Running, TenantHandle, at, import_tenant
from tests.customers import Customer, Json
from tests.faults import ledger
from tests.http_client import http_client
from tests.jobs.shift import has_run
from tests.office import Office

pytestmark = pytest.mark.usefixtures("nothing_by_the_clock")

MONDAY = at("2026-03-02T09:00:00-05:00")
TODAY = "2026-03-02"


@pytest.fixture(autouse=True)
def monday() -> None:
    clock.start_at(MONDAY)


async def analytics(office: Office, **query: str) -> Json:
    return await office.do("GET", "/analytics/chat?" + "&".join(f"{name}={value}" for name, value in query.items()))


async def sheet(office: Office, query: str) -> list[dict[str, str]]:
    answer = await office.ask("GET", f"/analytics/chat?format=csv&{query}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.text)))


async def booked(customer: Customer) -> Json:
    """From the first wish, which cannot be had, to a booking."""
    await customer.say("I'd like a haircut on Sunday at 3pm")
    await customer.say("tomorrow at 3pm")
    done = await customer.say("Kim Stone, kim@stone.example")
    return await customer.confirm(done["proposal"])


async def test_a_talk_that_books_is_seen_at_once(
    customer: Customer, office: Office, engine: AsyncEngine, owner_url: str
) -> None:
    await booked(customer)
    await customer.say("thanks, bye!")
    found = await analytics(office)
    assert (found["to"], found["timezone"], found["bucket"]) == (TODAY, "America/New_York", "day")
    totals = found["totals"]
    assert (totals["conversations"], totals["resolved"], totals["resolutionRate"], totals["converted"]) == (
        1,
        1,
        1.0,
        1,
    )
    assert totals["funnel"] == {
        "asked": 1,
        "shown": 1,
        "proposed": 1,
        "agreed": 1,
        "confirmed": 1,
        "due": 0,
        "paid": 0,
    }
    assert totals["booked"] == [{"amount": 4500, "currency": "USD"}]
    assert (totals["messages"]["customer"], totals["messages"]["staff"]) == (4, 0)
    assert totals["firstTextMs"]["turns"] == 4
    assert 0 < totals["firstTextMs"]["p50"] <= totals["firstTextMs"]["p95"]
    assert found["times"] == [
        {"service": "haircut", "label": "Haircut", "weekday": 7, "hour": 15, "reason": "closed", "count": 1}
    ]
    (service,) = found["services"]
    assert (service["service"], service["label"], service["bookings"]) == ("haircut", "Haircut", 1)
    (model,) = found["models"]
    assert (model["model"], model["turns"], model["costMicros"]) == ("guided:guided", 4, 0)
    (outcome,) = found["outcomes"]
    assert (outcome["outcome"], outcome["conversations"]) == ("booked", 1)
    assert len(found["periods"]) == 30 and len(found["hours"]) == 24
    assert found["hours"][9]["conversations"] == 1
    turns = ledger.rows(owner_url, "select first_text_ms from turns")
    assert all(0 <= row["first_text_ms"] < 60_000 for row in turns)


async def test_what_could_not_be_answered_is_listed(customer: Customer, office: Office) -> None:
    await customer.say("is there parking?")
    await customer.say("Do you repair lawnmowers?")
    found = await analytics(office)
    assert found["totals"]["unanswered"] == 1
    (question,) = found["questions"]
    assert (question["question"], question["conversationId"]) == ("Do you repair lawnmowers?", customer.session_id)


async def test_an_answer_and_silence_are_not_a_success(customer: Customer, office: Office, engine: AsyncEngine) -> None:
    await customer.say("is there parking?")
    clock.start_at(MONDAY + timedelta(minutes=31))
    await ending.end_silent(engine)
    totals = (await analytics(office))["totals"]
    assert (totals["silent"], totals["resolved"], totals["resolutionRate"]) == (1, 0, None)


async def test_an_answer_and_thanks_are_one(customer: Customer, office: Office) -> None:
    await customer.say("is there parking?")
    await customer.say("thank you, that's all")
    totals = (await analytics(office))["totals"]
    assert (totals["resolved"], totals["resolutionRate"]) == (1, 1.0)


async def test_the_job_keeps_what_the_purge_takes(
    customer: Customer, office: Office, engine: AsyncEngine, studio: TenantHandle, owner_url: str
) -> None:
    await booked(customer)
    asked = {"from": "2026-03-01", "to": TODAY}
    before = await analytics(office, **asked)
    clock.start_at(MONDAY + timedelta(days=8))
    await has_run(owner_url, "analytics.roll_up")
    past = await Past.of(engine, studio)
    assert await past.purge() == 1
    after = await analytics(office, **asked)
    assert after["questions"] == []
    assert {**after, "questions": before["questions"]} == before


async def test_weeks_and_months_are_cut_to_the_range(office: Office) -> None:
    clock.start_at(at("2026-05-01T09:00:00-04:00"))
    months = (await analytics(office, **{"from": "2026-01-30", "to": "2026-04-02", "bucket": "month"}))["periods"]
    assert [(each["from"], each["to"]) for each in months] == [
        ("2026-01-30", "2026-01-31"),
        ("2026-02-01", "2026-02-28"),
        ("2026-03-01", "2026-03-31"),
        ("2026-04-01", "2026-04-02"),
    ]
    weeks = (await analytics(office, **{"from": "2026-03-04", "to": "2026-03-17", "bucket": "week"}))["periods"]
    assert [(each["from"], each["to"]) for each in weeks] == [
        ("2026-03-04", "2026-03-08"),
        ("2026-03-09", "2026-03-15"),
        ("2026-03-16", "2026-03-17"),
    ]


async def test_the_buckets_add_up(office: Office, engine: AsyncEngine, studio: TenantHandle) -> None:
    past = await Past.of(engine, studio)
    for day in range(40):
        await past.talk(MONDAY - timedelta(days=day))
    asked = {"from": "2026-01-20", "to": TODAY}
    for bucket in ("day", "week", "month"):
        found = await analytics(office, **asked, bucket=bucket)
        assert sum(each["conversations"] for each in found["periods"]) == found["totals"]["conversations"] == 40


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ("from=2026-03-02&to=2026-03-01", 422, "from"),
        ("from=2026-03-03", 422, "from"),  # after today
        ("from=2016-03-01", 422, "from"),
        ("from=2016-03-01&to=2026-03-01", 422, "from"),
        ("to=9999-12-31", 422, "to"),
        ("from=yesterday", 400, "from"),
        ("from=2026-02-30", 400, "from"),
        ("from=", 400, "from"),
        ("to=2026-03-02T00:00:00%2B01:00", 400, "to"),
        ("to=1772409600", 400, "to"),
        ("bucket=hour", 400, "bucket"),
        ("format=xml", 400, "format"),
        ("format=csv&table=customers", 400, "table"),
    ],
)
async def test_what_cannot_be_meant_is_named(office: Office, query: str, status: int, field: str) -> None:
    answered, body = await office.refused("GET", f"/analytics/chat?{query}")
    assert (answered, list(body["fields"])) == (status, [field])


async def test_open_ends_are_today_and_thirty_days(office: Office) -> None:
    for query, expected in (
        ({}, ("2026-02-01", TODAY)),
        ({"from": "2026-01-05"}, ("2026-01-05", TODAY)),
        ({"to": "2026-01-31"}, ("2026-01-02", "2026-01-31")),
        ({"to": "0001-01-02"}, ("0001-01-01", "0001-01-02")),
        ({"to": "2030-01-01"}, ("2029-12-03", "2030-01-01")),
    ):
        found = await analytics(office, **query)
        assert (found["from"], found["to"], found["totals"]["conversations"]) == (*expected, 0)


@pytest.mark.parametrize(
    ("zone", "day"), [("Pacific/Auckland", "2026-03-03"), ("America/New_York", "2026-03-02"), ("Asia/Kolkata", TODAY)]
)
async def test_days_are_those_of_the_businesss_own_zone(
    server: Running, engine: AsyncEngine, studio: TenantHandle, office: Office, zone: str, day: str
) -> None:
    await import_tenant(engine, STUDIO.replace("America/New_York", zone))
    past = await Past.of(engine, studio)
    await past.talk(MONDAY)
    clock.start_at(MONDAY + timedelta(days=1))
    found = await analytics(office, **{"from": "2026-03-01", "to": "2026-03-04"})
    assert [each["from"] for each in found["periods"] if each["conversations"]] == [day]


async def test_a_day_without_an_hour_has_all_of_its_conversations(
    office: Office, engine: AsyncEngine, studio: TenantHandle
) -> None:
    past = await Past.of(engine, studio)
    for moment in ("2026-03-08T00:30:00-05:00", "2026-03-08T03:30:00-04:00", "2026-03-08T23:59:59-04:00"):
        await past.talk(at(moment))
    clock.start_at(at("2026-03-09T00:00:00-04:00"))
    found = await analytics(office, **{"from": "2026-03-07", "to": "2026-03-09"})
    assert [each["conversations"] for each in found["periods"]] == [0, 3, 0]


@pytest.mark.parametrize("written", ["=1+1", "+1", "-1", "@SUM(A1)", "\tA1", "\r=1"])
async def test_no_cell_of_a_sheet_is_a_formula(
    office: Office, engine: AsyncEngine, studio: TenantHandle, written: str
) -> None:
    past = await Past.of(engine, studio)
    await past.turn(await past.talk(MONDAY), MONDAY, question=written, is_unanswered=True)
    answer = await office.ask("GET", "/analytics/chat?format=csv&table=questions")
    (row,) = csv.DictReader(io.StringIO(answer.text, newline=""))
    assert row["question"] == f"'{written}"


async def test_a_sheet_has_a_line_for_each_day_and_numbers_stay_numbers(
    office: Office, engine: AsyncEngine, studio: TenantHandle
) -> None:
    past = await Past.of(engine, studio)
    await past.money(await past.book(await past.talk(MONDAY), MONDAY), MONDAY, -500)
    rows = await sheet(office, "from=2026-03-01&to=2026-03-02")
    assert [row["from"] for row in rows] == ["2026-03-01", "2026-03-02"]
    assert [row["conversations"] for row in rows] == ["0", "1"]
    assert [row["paid.USD"] for row in rows] == ["", "-500"]
    assert [row["funnel.confirmed"] for row in rows] == ["0", "1"]
    assert rows[0]["resolution_rate"] == ""


@pytest.mark.parametrize(
    "table", ["services", "hours", "models", "packs", "channels", "outcomes", "questions", "times"]
)
async def test_every_table_is_a_sheet(office: Office, engine: AsyncEngine, studio: TenantHandle, table: str) -> None:
    past = await Past.of(engine, studio)
    talk = await past.talk(MONDAY)
    missed: dict[str, Any] = {"service": "haircut", "missed_date": date(2026, 3, 8), "missed_reason": "closed"}
    await past.turn(talk, MONDAY, is_unanswered=True, **missed)
    found = await analytics(office)
    assert len(await sheet(office, f"table={table}")) == len(found[table]) > 0


async def test_whoever_accepts_csv_gets_it(office: Office) -> None:
    async def kind(accept: str, query: str = "") -> str:
        headers = {"Authorization": f"Bearer {office.key}", "Accept": accept}
        answer = await office.http.get(f"/v1/tenant/analytics/chat{query}", headers=headers)
        return answer.headers["content-type"].partition(";")[0]

    assert await kind("text/csv") == "text/csv"
    assert await kind("text/csv;q=0.9, */*;q=0.1") == "text/csv"
    assert await kind("application/json, text/csv") == "application/json"
    assert await kind("*/*") == "application/json"
    assert await kind("text/csv", "?format=json") == "application/json"


async def test_only_the_business_sees_it(office: Office, studio: TenantHandle) -> None:
    stranger = Office(office.http, studio.key)
    assert (await stranger.refused("GET", "/analytics/chat"))[0] == 401


async def test_the_api_describes_it(server: Running) -> None:
    async with http_client(base_url=server.url) as http:
        described = (await http.get("/openapi.json")).json()
    route = described["paths"]["/v1/tenant/analytics/chat"]["get"]
    assert route["responses"]["200"]["content"].keys() == {"application/json", "text/csv"}
    assert {each["name"] for each in route["parameters"]} >= {"from", "to", "bucket", "format", "table"}
    assert "resolutionRate" in described["components"]["schemas"]["PeriodOut"]["properties"]


def test_a_conversation_may_be_purged_a_week_after_it_began() -> None:
    # Retention is seven days at least.
    assert rollups.OPEN_DAYS + 1 < 7
