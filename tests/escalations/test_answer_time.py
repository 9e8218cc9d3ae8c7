"""When somebody answers, by the business's hours: said honestly, and watched over."""

from __future__ import annotations

from datetime import UTC

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.catalog.business import Business
from handled.catalog.load import load_business
from handled.db.session import tenant_session
from handled.escalations import answer_time
from handled.kit import clock
from tests.conftest import STUDIO, at, import_tenant

# Monday to Saturday, nine to six, in New York; New York changes its clocks on Sunday, March 8.
CLOSURES = """
exceptions:
  - {dates: 2026-03-03, closed: true, label: Works}
"""
NEVER = STUDIO.replace("monday-saturday: 09:00-18:00", "monday: 09:00-18:00") + (
    "\nexceptions:\n  - {dates: 2026-02-01..2026-12-31, closed: true}\n"
)


async def business(engine: AsyncEngine, text: str) -> Business:
    clock.start_at(at("2026-03-02T09:00:00-05:00"))
    tenant = await import_tenant(engine, text)
    async with tenant_session(engine, tenant.id) as session:
        return await load_business(session, tenant.id)


@pytest.mark.parametrize(
    ("now", "sentence"),
    [
        ("2026-03-02T09:00:00-05:00", "We are open now: somebody should answer within half an hour."),
        ("2026-03-02T17:30:00-05:00", "We are open now: somebody should answer within half an hour."),
        (
            "2026-03-02T17:31:00-05:00",
            "We close at 6:00 pm. If nobody answers before then, somebody should"
            " on Wednesday, March 4 from 9:00 am (Eastern Time).",
        ),
        (
            "2026-03-02T18:00:00-05:00",
            "We are closed right now. Somebody should answer on Wednesday, March 4 from 9:00 am (Eastern Time).",
        ),
        (
            "2026-03-05T06:00:00-05:00",
            "We are closed right now. Somebody should answer today from 9:00 am (Eastern Time).",
        ),
        (
            "2026-03-08T20:00:00-04:00",
            "We are closed right now. Somebody should answer tomorrow from 9:00 am (Eastern Time).",
        ),
    ],
)
async def test_the_sentence_is_true_at_any_hour(engine: AsyncEngine, now: str, sentence: str) -> None:
    studio = await business(engine, STUDIO + CLOSURES)
    clock.start_at(at(now))
    assert answer_time.sentence(studio) == sentence


@pytest.mark.parametrize(
    ("now", "reminded"),
    [
        ("2026-03-02T09:00:00-05:00", "2026-03-02T09:30:00-05:00"),
        ("2026-03-02T17:50:00-05:00", "2026-03-04T09:20:00-05:00"),
        ("2026-03-07T17:45:00-05:00", "2026-03-09T09:15:00-04:00"),
        ("2026-03-08T03:00:00-04:00", "2026-03-09T09:30:00-04:00"),
    ],
)
async def test_half_an_hour_of_opening_hours_goes_by_before_the_reminder(
    engine: AsyncEngine, now: str, reminded: str
) -> None:
    studio = await business(engine, STUDIO + CLOSURES)
    clock.start_at(at(now))
    assert answer_time.remind_at(studio) == at(reminded).astimezone(UTC)


async def test_who_is_never_open_is_never_reminded_and_promises_nothing(engine: AsyncEngine) -> None:
    studio = await business(engine, NEVER)
    assert answer_time.remind_at(studio) is None
    assert "may take a while" in answer_time.sentence(studio)
