"""Figures on a page: of the days that were asked for, against those before, with a table beside every chart."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.kit import clock
from handled.tenants import industry
from handled.web.dashboard.charts import Line, bucket_of, chart, dollars
from handled.web.dashboard.ranges import days_of
from tests.analytics.past import Past
from tests.conftest import TenantHandle, at
from tests.dashboard.desk import Browser
from tests.faults import ledger

pytestmark = pytest.mark.usefixtures("nothing_by_the_clock")

HERE = "/dashboard/analytics"
NOW = at("2026-03-20T12:00:00-04:00")
TODAY = date(2026, 3, 20)


@pytest.fixture
async def past(engine: AsyncEngine, studio: TenantHandle) -> Past:
    clock.start_at(NOW)
    return await Past.of(engine, studio)


def tile(page: str, label: str) -> str:
    """What stands on the tile, without markup."""
    found = re.search(rf'<div class="stat"><dt>{re.escape(label)}</dt>(.*?)</div>', page, re.DOTALL)
    assert found, label
    return " ".join(re.sub(r"<[^>]+>", " ", unescape(found[1])).split())


def drawn(page: str) -> dict[str, Any]:
    """What the script draws, by the chart's name."""
    blocks = re.findall(r'<script type="application/json" id="(\w[\w-]*)-data">(.*?)</script>', page, re.DOTALL)
    return {name: json.loads(block) for name, block in blocks}


@pytest.fixture
async def week(past: Past) -> None:
    """One who books and one who wants a person, and one who booked the week before. They were there before the server,
    which may count days that are over as soon as it runs."""
    before = NOW - timedelta(days=9)
    await past.book(await past.talk(before), before)
    for days in (1, 2):
        then = NOW - timedelta(days=days)
        talk = await past.talk(then, said=2)
        await past.turn(talk, then, gave_answer=True, service="haircut", saw_times=True)
        await past.turn(talk, then + timedelta(minutes=1), number=1, said_goodbye=True)
        if days == 1:
            await past.book(talk, then)
            await past.rate(talk, then, 5)
        else:
            await past.escalate(talk, then)


async def test_a_desk_without_conversations_is_told_what_will_be_here(owner: Browser) -> None:
    page = await owner.page(HERE)
    assert "No conversations on these days" in page and 'href="/c/studio"' in page
    assert "Over time" not in page and tile(page, "Resolved") == "– nothing to judge yet"


async def test_the_tiles_say_what_came_of_the_conversations_and_what_has_changed(week: None, owner: Browser) -> None:
    page = await owner.page(f"{HERE}?range=7")
    assert tile(page, "Conversations").startswith("2 +100 %")
    assert tile(page, "Led to a booking").startswith("50 % -50 points 1 conversation")
    assert tile(page, "Asked for a person").startswith("50 % +50 points")
    assert "of 1 ratings; with 95 % confidence" in tile(page, "Satisfied (CSAT)")
    assert tile(page, "Worth of bookings").startswith("$45.00 as before")
    assert tile(page, "Until the first words").startswith("0.5 s")
    assert "Mar 14 – Mar 20" in page and "Mar 7 – Mar 13" in page


async def test_beside_every_chart_is_a_table_that_says_the_same(week: None, owner: Browser) -> None:
    page = await owner.page(f"{HERE}?range=7")
    charts = drawn(page)
    assert charts.keys() == {"talks", "shares", "money-usd", "wait"}
    assert charts["talks"]["lines"][0]["values"] == [0, 0, 0, 0, 1, 1, 0]
    for key, data in charts.items():
        figure = page[page.index(f'aria-labelledby="{key}-title"') :].partition("</figure>")[0]
        assert 'role="img"' in figure and 'aria-label="' in figure
        assert figure.count('<th scope="row">') == len(data["times"])
    assert re.search(r"Mar 19</th><td class=\"right\">1</td>", page)


@pytest.fixture
def hair(week: None, owner_url: str) -> None:
    """All of it with the pack of hairdressers."""
    ledger.change(owner_url, "update conversations set pack = 'hair_beauty'")


async def test_packs_are_called_as_they_call_themselves(hair: None, owner: Browser) -> None:
    page = await owner.page(f"{HERE}?range=7")
    assert industry.pack_of("hair_beauty").label in page and "Hair beauty" not in page


async def test_the_funnel_and_the_parts_are_counted(week: None, owner: Browser) -> None:
    page = await owner.page(f"{HERE}?range=7")
    funnel = page[page.index("From asking to booking") : page.index("When they write")]
    counted = re.findall(r'<th scope="row">([\w ]+)</th>.*?<td class="right">(\d+)</td>', funnel, re.DOTALL)
    assert counted[0] == ("Asked for a time", "2") and counted[-1] == ("Have a booking", "1")
    assert "<svg" in funnel and "By service" in page and "Haircut" in page
    assert "How they ended" in page and "anthropic:claude-haiku-4-5" in page and "Industry packs" in page


async def test_questions_lead_to_their_conversation_and_to_the_gaps_and_run_no_script(
    past: Past, owner: Browser
) -> None:
    talks: list[UUID] = []
    for number, question in enumerate(
        ("<script>alert(1)</script>", "[x](javascript:x)" + "y" * 10_000, "\u202e👩‍🚀 אבג")
    ):
        then = NOW - timedelta(hours=1 + number)
        talks.append(await past.talk(then))
        await past.turn(
            talks[-1], then, question=question, is_unanswered=True, missed_date=TODAY, missed_reason="taken"
        )
    page = await owner.page(HERE)
    assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page and "אבג" in page
    assert "y" * 200 not in page
    assert f'href="/dashboard/inbox/{talks[0]}"' in page and page.count("/dashboard/catalog/gaps") >= 2
    assert "Friday, any time" in page and "taken" in page


async def test_names_in_the_data_of_a_chart_cannot_leave_it(past: Past, owner: Browser) -> None:
    talk = await past.talk(NOW - timedelta(hours=1))
    await past.spend(talk, NOW - timedelta(hours=1), 10, model="x:</script><script>alert(1)</script>")
    page = await owner.page("/dashboard/usage")
    assert "<script>alert" not in page
    assert drawn(page)["tokens"]["lines"][0]["name"] == "x:</script><script>alert(1)</script>"


@pytest.mark.parametrize(
    ("asked", "field", "problem"),
    [
        ("from=2026-03-20&to=2026-03-01", "from", "is after 2026-03-01"),
        ("from=2024-01-01&to=2026-03-01", "from", "is more than 366 days"),
        ("from=yesterday&to=2026-03-01", "from", "is not a date"),
        ("from=2026-03-01&to=9999-12-31", "to", "is too far away"),
        ("from=2026-03-01&to=" + "9" * 10_000, "to", "is not a date"),
        ("from=%3Cscript%3E&to=", "from", "is not a date"),
    ],
)
async def test_days_that_cannot_be_meant_are_named_beside_their_field(
    past: Past, owner: Browser, asked: str, field: str, problem: str
) -> None:
    answer = await owner.get(f"{HERE}?range=custom&{asked}")
    assert answer.status_code == 422
    typed = answer.text[answer.text.index(f'<input id="{field}"') :].partition("</div>")[0]
    assert 'aria-invalid="true"' in typed and problem in typed and "<script>" not in typed
    assert (await owner.get(f"{HERE}/export?range=custom&{asked}")).status_code == 422


async def test_what_was_typed_stays_and_is_shown(past: Past, owner: Browser) -> None:
    page = await owner.page(f"{HERE}?range=custom&from=2026-02-01&to=2026-02-28")
    assert 'value="2026-02-01"' in page and 'value="2026-02-28"' in page and "Feb 1 – Feb 28" in page


async def test_a_range_that_there_is_not_is_the_usual_one(past: Past, owner: Browser) -> None:
    page = await owner.page(f"{HERE}?range=%3Cb%3E")
    assert '?range=30" aria-current="page"' in page and "Feb 19 – Mar 20" in page


@pytest.mark.parametrize(
    ("name", "first", "last", "before_first", "before_last"),
    [
        ("7", "2026-03-14", "2026-03-20", "2026-03-07", "2026-03-13"),
        ("this-month", "2026-03-01", "2026-03-20", "2026-02-01", "2026-02-20"),
        ("last-month", "2026-02-01", "2026-02-28", "2026-01-01", "2026-01-31"),
    ],
)
def test_a_range_is_compared_with_as_much_before_it(
    name: str, first: str, last: str, before_first: str, before_last: str
) -> None:
    days = days_of(name, "", "", TODAY)
    found = (days.first, days.last, days.before_first, days.before_last)
    assert [each.isoformat() for each in found] == [first, last, before_first, before_last]


def test_a_long_month_is_compared_with_the_whole_of_a_short_one() -> None:
    days = days_of("this-month", "", "", date(2026, 3, 31))
    assert (days.before_first, days.before_last) == (date(2026, 2, 1), date(2026, 2, 28))


def test_the_first_days_that_there_are_have_something_before_them() -> None:
    days = days_of("custom", "0001-01-01", "0001-01-02", TODAY)
    assert not days.problems and days.before_first <= days.before_last


async def test_the_export_is_the_table_for_a_spreadsheet_without_formulas(past: Past, owner: Browser) -> None:
    then = NOW - timedelta(hours=1)
    await past.turn(await past.talk(then), then, question='=HYPERLINK("x")', is_unanswered=True)
    answer = await owner.get(f"{HERE}/export?range=7&table=questions")
    assert answer.headers["content-type"].startswith("text/csv") and "'=HYPERLINK" in answer.text
    assert answer.headers["content-disposition"] == 'attachment; filename="chat-questions-2026-03-14-2026-03-20.csv"'
    days = (await owner.get(f"{HERE}/export?range=7")).text.splitlines()
    assert len(days) == 8 and days[0].startswith("from,to,conversations")


async def test_a_table_that_there_is_not_is_refused(past: Past, owner: Browser) -> None:
    assert (await owner.get(f"{HERE}/export?table=customers")).status_code == 400


async def test_staff_may_look_and_visitors_may_not(past: Past, staff_member: Browser, visitor: Browser) -> None:
    assert "Analytics</h1>" in await staff_member.page(HERE)
    for path in (HERE, f"{HERE}/export", "/dashboard/usage"):
        answer = await visitor.http.get(path, follow_redirects=False)
        assert answer.status_code == 303 and "/dashboard/login" in answer.headers["location"]


def test_a_line_has_as_many_times_as_can_be_read() -> None:
    assert [bucket_of(TODAY - timedelta(days=days), TODAY) for days in (29, 89, 365)] == ["day", "week", "month"]


def test_a_chart_says_in_words_what_it_shows() -> None:
    lines = [Line("Cost", [None, 0.5, 0.0042])]
    made = chart("cost", "Cost", "dollars", [(TODAY, TODAY)] * 3, lines, "en_US")
    assert made.summary == "Cost between $0.0042 and $0.50, last $0.0042"
    assert [cells for _, cells in made.rows] == [["–"], ["$0.50"], ["$0.0042"]]


def test_small_amounts_keep_their_digits_and_unknown_ones_are_none() -> None:
    assert [dollars(each) for each in (0, 4200, 500_000, 1_234_567, 12_000_000_000)] == [
        "$0.00",
        "$0.0042",
        "$0.50",
        "$1.23",
        "$12,000.00",
    ]
    assert dollars(None) is None
