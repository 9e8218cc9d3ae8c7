"""A process that was only thought dead: somebody else has ended its turn, and it must do nothing more."""

from __future__ import annotations

import psycopg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.agent import tools
from tests.conftest import TenantHandle
from tests.customers import Customer
from tests.flows.conftest import bookings_of
from tests.twins.claude import ClaudeTwin
from tests.twins.scripts import calls, says

_END = """
select finish_turn(t.tenant_id, t.id, 'failed', e.last + 1, array['{"type":"error","error":"interrupted"}'], now())
from turns t, lateral (select max(position) as last from turn_events where turn_id = t.id) e where t.status = 'running'
"""


async def test_a_turn_that_was_ended_meanwhile_calls_no_tool(
    anna: Customer,
    claude: ClaudeTwin,
    engine: AsyncEngine,
    studio: TenantHandle,
    owner_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def ended_by_somebody(_: str) -> str:
        with psycopg.connect(owner_url, autocommit=True) as owner:
            owner.execute(_END)
        return "Preparing your booking…"

    monkeypatch.setattr(tools, "label_of", ended_by_somebody)
    wanted = {"service": "haircut", "start": "2026-03-03T15:00", "name": "Kim Lee", "email": "kim@example.com"}
    claude.always(says(calls("propose_booking", wanted)))
    events = await anna.stream("A haircut tomorrow at 3pm? Kim Lee, kim@example.com")
    assert [event["type"] for _, event in events] == ["turn", "error"]
    assert await bookings_of(engine, studio) == []
