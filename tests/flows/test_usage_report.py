"""`GET /v1/tenant/usage`: what the models used and cost, by the business's own days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.db.session import tenant_session
from handled.kit import clock, ids
from handled.usage import record
from handled.usage.record import ModelCall
from tests.conftest import STUDIO, TenantHandle, at, import_tenant
from tests.office import Office

HAIKU, UNSOLD = "anthropic:claude-haiku-4-5", "openai:nobody-sells-this"


async def used(engine: AsyncEngine, tenant: TenantHandle, moment: str, *calls: ModelCall) -> UUID:
    clock.start_at(at(moment))
    turn = ids.new_id()
    async with tenant_session(engine, tenant.id) as session:
        record.add(session, tenant.id, ids.new_id(), turn, calls)
    return turn


def call(model: str = HAIKU, outcome: str = "ok", **tokens: int) -> ModelCall:
    counted = {"input_tokens": 0, "output_tokens": 0, "cache_read_tokens": 0, "cache_write_tokens": 0} | tokens
    return ModelCall(model=model, outcome=outcome, duration_ms=5, first_token_ms=None, **counted)


async def usage(office: Office, **query: str) -> dict[str, Any]:
    return await office.do("GET", "/usage?" + "&".join(f"{name}={value}" for name, value in query.items()))


async def test_calls_tokens_and_cost_by_day_and_model(
    office: Office, engine: AsyncEngine, studio: TenantHandle
) -> None:
    await used(
        engine,
        studio,
        "2026-03-01T12:00:00-05:00",
        call(input_tokens=5000, output_tokens=100, cache_write_tokens=4000),
        call(input_tokens=4250, output_tokens=30, cache_read_tokens=4000, cache_write_tokens=200),
        call(outcome="overloaded_error"),
        call("guided:guided"),
    )
    await used(engine, studio, "2026-03-02T09:00:00-05:00", call(UNSOLD, input_tokens=70, output_tokens=7), call())
    found = await usage(office, **{"from": "2026-03-01", "to": "2026-03-02"})
    assert (found["from"], found["to"], found["timezone"]) == ("2026-03-01", "2026-03-02", "America/New_York")
    haiku, guided, quiet, unsold = found["days"]
    assert haiku == {
        "date": "2026-03-01",
        "model": HAIKU,
        "calls": 3,
        "failedCalls": 1,
        "inputTokens": 9250,
        "outputTokens": 130,
        "cacheReadTokens": 4000,
        "cacheWriteTokens": 4200,
        "costMicros": 6500 + 850,
        "pricedMicros": 7350,
        "unpricedCalls": 0,
    }
    assert (guided["model"], guided["calls"], guided["costMicros"]) == ("guided:guided", 1, 0)
    assert (quiet["date"], quiet["calls"], quiet["costMicros"]) == ("2026-03-02", 1, 0)
    assert (unsold["costMicros"], unsold["unpricedCalls"], unsold["inputTokens"]) == (None, 1, 70)
    totals = found["totals"]
    assert (totals["calls"], totals["costMicros"], totals["pricedMicros"], totals["unpricedCalls"]) == (
        6,
        None,
        7350,
        1,
    )
    budget = found["budget"]
    assert (budget["date"], budget["spentTodayMicros"], budget["unpricedTokensToday"]) == ("2026-03-02", 0, 77)
    assert (budget["perDayMicros"], budget["perConversationMicros"]) == (5_000_000, 500_000)


async def test_the_businesss_own_limits_are_shown_and_none_is_null(
    office: Office, engine: AsyncEngine, studio: TenantHandle
) -> None:
    await import_tenant(engine, f"{STUDIO}budgets: {{per_day: 2.50, per_conversation: none, per_turn_calls: 4}}\n")
    await used(engine, studio, "2026-03-02T09:00:00-05:00", call(input_tokens=2_100_000))
    budget = (await usage(office))["budget"]
    assert (budget["perDayMicros"], budget["perConversationMicros"], budget["perTurnCalls"]) == (2_500_000, None, 4)
    assert (budget["spentTodayMicros"], budget["reservedMicros"]) == (2_100_000, 0)


async def test_days_are_whole_when_clocks_change(office: Office, engine: AsyncEngine, studio: TenantHandle) -> None:
    # March 8 has 23 hours in New York, November 1 has 25.
    for moment in (
        "2026-03-08T04:59:59+00:00",
        "2026-03-08T05:00:00+00:00",
        "2026-03-09T03:59:59+00:00",
        "2026-03-09T04:00:00+00:00",
        "2026-11-01T04:00:00+00:00",
        "2026-11-02T04:59:59+00:00",
        "2026-11-02T05:00:00+00:00",
    ):
        await used(engine, studio, moment, call(input_tokens=1))
    for day, calls in (("2026-03-08", 2), ("2026-11-01", 2)):
        found = await usage(office, **{"from": day, "to": day})
        assert [(each["date"], each["calls"]) for each in found["days"]] == [(day, calls)]
    whole = await usage(office, **{"from": "2026-03-07", "to": "2026-11-02"})
    assert [(each["date"], each["calls"]) for each in whole["days"]] == [
        ("2026-03-07", 1),
        ("2026-03-08", 2),
        ("2026-03-09", 1),
        ("2026-11-01", 2),
        ("2026-11-02", 1),
    ]


async def test_an_open_end_is_today_and_an_open_beginning_thirty_days(
    office: Office, engine: AsyncEngine, studio: TenantHandle
) -> None:
    await used(engine, studio, "2026-03-31T23:30:00-04:00")
    for query, expected in (
        ({}, ("2026-03-02", "2026-03-31")),
        ({"from": "2026-01-05"}, ("2026-01-05", "2026-03-31")),
        ({"to": "2026-02-10"}, ("2026-01-12", "2026-02-10")),
        ({"to": "0001-01-03"}, ("0001-01-01", "0001-01-03")),
    ):
        found = await usage(office, **query)
        assert (found["from"], found["to"]) == expected
        assert (found["days"], found["totals"]["calls"], found["totals"]["costMicros"]) == ([], 0, 0)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=2026-03-02&to=2026-03-01", "from"),
        ("from=2026-03-02", "from"),  # after today
        ("from=2016-01-01", "from"),
        ("from=2016-01-01&to=2026-01-01", "from"),
        ("from=2024-12-31&to=2026-01-01", "from"),
        ("to=9999-12-31", "to"),
    ],
)
async def test_a_range_that_cannot_be_is_refused(office: Office, query: str, field: str) -> None:
    clock.start_at(at("2026-02-01T09:00:00-05:00"))
    status, body = await office.refused("GET", f"/usage?{query}")
    assert (status, body["error"], list(body["fields"])) == (422, "invalid", [field])


async def test_a_leap_year_is_not_too_long(office: Office) -> None:
    first = date(2024, 1, 1)
    found = await usage(office, **{"from": str(first), "to": str(first + timedelta(days=365))})
    assert found["days"] == []


@pytest.mark.parametrize("written", ["yesterday", "2026-02-30", "2026-13-01", ""])
async def test_what_is_no_date_is_named(office: Office, written: str) -> None:
    status, body = await office.refused("GET", f"/usage?from={written}")
    assert (status, body["error"], list(body["fields"])) == (400, "malformed", ["from"])


async def test_only_the_business_sees_it(office: Office, studio: TenantHandle) -> None:
    stranger = Office(office.http, studio.key)
    assert (await stranger.refused("GET", "/usage"))[0] == 401


async def test_what_another_business_used_is_not_counted(
    office: Office, engine: AsyncEngine, studio: TenantHandle
) -> None:
    other = await import_tenant(engine, STUDIO.replace("slug: studio", "slug: other"))
    await used(engine, other, "2026-03-02T09:00:00-05:00", call(input_tokens=10))
    found = await usage(office)
    assert (found["days"], found["budget"]["spentTodayMicros"]) == ([], 0)
