"""What models cost, on a page: by day and model, against the day's budget, with the mails that were sent."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.kit import clock
from handled.tables import BudgetDay
from tests.analytics.past import Past
from tests.conftest import TenantHandle, at
from tests.dashboard.desk import Browser

pytestmark = pytest.mark.usefixtures("nothing_by_the_clock")

HERE = "/dashboard/usage"
NOW = at("2026-03-20T12:00:00-04:00")
UNKNOWN = "local:somebody"


@pytest.fixture
async def past(engine: AsyncEngine, studio: TenantHandle) -> Past:
    clock.start_at(NOW)
    return await Past.of(engine, studio)


async def day(past: Past, days: int = 0, **values: Any) -> None:
    """How the budget of a day stands, so many days ago."""
    await past.add(BudgetDay(tenant_id=past.tenant, day=NOW.date() - timedelta(days=days), **values))


def row(page: str, heading: str) -> list[str]:
    """The cells of the row of that heading."""
    found = re.search(rf'<th scope="row">(?:<bdi>)?{re.escape(heading)}(?:</bdi>)?</th>(.*?)</tr>', page, re.DOTALL)
    assert found, heading
    return [re.sub(r"<[^>]+>", "", each) for each in re.findall(r"<td[^>]*>(.*?)</td>", found[1], re.DOTALL)]


async def test_a_desk_without_a_language_model_is_told_that_it_costs_nothing(owner: Browser) -> None:
    page = await owner.page(HERE)
    assert "No language model was called" in page and "costs nothing" in page
    assert "None on these days" in page and "owner@studio.example" in page


async def test_tokens_and_cost_are_shown_by_model_and_by_day(past: Past, owner: Browser) -> None:
    talk = await past.talk(NOW - timedelta(days=2))
    for hours in (1, 2, 30):
        await past.spend(talk, NOW - timedelta(hours=hours), 1500)
    page = await owner.page(HERE)
    assert row(page, "anthropic:claude-haiku-4-5") == ["3", "0", "300", "150", "30", "$0.0045"]
    assert row(page, "Today") == ["anthropic:claude-haiku-4-5", "2", "200", "20", "$0.0030"]
    assert "Cost by day" in page and "Tokens by day" in page


async def test_a_price_that_nobody_knows_is_said_to_be_unknown_and_never_zero(past: Past, owner: Browser) -> None:
    talk = await past.talk(NOW - timedelta(days=2))
    await past.spend(talk, NOW, None, model=UNKNOWN)
    await past.spend(talk, NOW, 1500)
    page = await owner.page(HERE)
    assert row(page, UNKNOWN)[-1] == "unknown"
    assert "1 call without a known price; the others cost $0.0015" in page
    assert "Tokens without a known price, today" in page
    cost = page[page.index('id="cost-data"') :].partition("</script>")[0]
    assert "claude-haiku" in cost and UNKNOWN not in cost


async def test_how_much_of_the_day_is_used_is_a_bar_with_words(past: Past, owner: Browser) -> None:
    await day(past, spent_micros=4_250_000)
    page = await owner.page(HERE)
    assert '<svg class="bar warn"' in page and "85 % of the day" in page
    assert "$4.25" in page and "of $5.00" in page and "85 % used, $0.75 left" in page


async def test_a_day_that_is_used_up_is_not_more_than_used_up(past: Past, owner: Browser) -> None:
    await day(past, spent_micros=6_000_000)
    page = await owner.page(HERE)
    assert '<svg class="bar bad"' in page and "100 % used, $0.00 left" in page


async def test_mails_that_were_sent_are_listed_and_levels_without_one_are_not(past: Past, owner: Browser) -> None:
    await day(past, 1, spent_micros=5_100_000, limit_micros=5_000_000, reached=100, told=100)
    await day(past, 3, spent_micros=4_100_000, limit_micros=5_000_000, reached=80, told=80)
    await day(past, 4, spent_micros=4_200_000, limit_micros=5_000_000, reached=80, told=0)
    page = await owner.page(HERE)
    assert row(page, "Yesterday") == ["100 %", "$5.10", "$5.00"]
    assert "$4.10" in page and "$4.20" not in page
    assert "$5.10" not in await owner.page(f"{HERE}?range=custom&from=2026-03-01&to=2026-03-02")


async def test_only_owners_are_led_to_the_limits(past: Past, owner: Browser, staff_member: Browser) -> None:
    link = 'href="/dashboard/settings/agent"'
    assert link in await owner.page(HERE)
    assert link not in await staff_member.page(HERE)


async def test_days_that_cannot_be_meant_are_named(past: Past, owner: Browser) -> None:
    answer = await owner.get(f"{HERE}?range=custom&from=2026-03-20&to=2026-03-01")
    assert answer.status_code == 422 and "is after 2026-03-01" in answer.text and 'value="2026-03-20"' in answer.text
