"""What PostgreSQL lets a turn reserve, and what becomes of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.db.engine import create_engine
from handled.db.session import tenant_session
from handled.kit import clock, ids
from handled.usage import budgets, record
from handled.usage.budgets import Answer, Limits, Wanted
from handled.usage.record import ModelCall
from tests.conftest import TenantHandle, at
from tests.faults import ledger

NOON = at("2026-03-02T12:00:00-05:00")
LIMITS = Limits(per_day=1000, per_conversation=None, per_day_tokens=1000, per_conversation_tokens=None)


def called(micros: int, tokens: int = 10) -> ModelCall:
    """A call of Haiku that cost so much: it has no other use of tokens than cheap input, a micro-dollar each."""
    model = "anthropic:claude-haiku-4-5" if micros else "anthropic:nobody-sells-this"
    return ModelCall(model, "ok", micros or tokens, 0, 0, 0, 5, 5)


@dataclass
class Till:
    """A business's turns, one conversation each unless said otherwise."""

    engine: AsyncEngine
    tenant: TenantHandle
    owner_url: str
    limits: Limits = LIMITS
    turns: dict[UUID, UUID] = field(default_factory=dict[UUID, UUID])

    def turn(self, conversation_id: UUID | None = None) -> UUID:
        turn_id = ids.new_id()
        self.turns[turn_id] = conversation_id or ids.new_id()
        return turn_id

    async def reserve(self, turn_id: UUID, micros: int | None, **more: Any) -> Answer:
        known: dict[str, Any] = {"tokens": 100, "calls": 0, "seconds": 150.0, "finishing": False} | more
        wanted = Wanted(
            tenant_id=self.tenant.id,
            conversation_id=self.turns[turn_id],
            turn_id=turn_id,
            micros=micros,
            **known,
        )
        return await budgets.reserve(self.engine, self.limits, wanted)

    async def settle(self, turn_id: UUID, *calls: ModelCall) -> None:
        async with tenant_session(self.engine, self.tenant.id) as session:
            record.add(session, self.tenant.id, self.turns[turn_id], turn_id, calls)

    def days(self) -> list[dict[str, Any]]:
        return ledger.rows(self.owner_url, "select * from budget_days order by day")

    def reserved(self) -> int:
        return ledger.value(self.owner_url, "select coalesce(sum(micros), 0) from budget_reservations")


@pytest.fixture
async def till(owner_url: str, studio: TenantHandle) -> AsyncIterator[Till]:
    clock.start_at(NOON)
    engine = create_engine(owner_url)
    yield Till(engine, studio, owner_url)
    await engine.dispose()


async def test_what_is_reserved_is_spent_when_the_turn_is_written_down(till: Till) -> None:
    turn = till.turn()
    assert await till.reserve(turn, 500) == "granted"
    assert till.reserved() == 500
    await till.settle(turn, called(40), called(50))
    [day] = till.days()
    assert (str(day["day"]), day["spent_micros"], day["unpriced_tokens"], till.reserved()) == ("2026-03-02", 90, 0, 0)


async def test_the_last_tenth_of_the_day_is_for_those_who_finish(till: Till) -> None:
    assert await till.reserve(till.turn(), 901) == "day"
    assert await till.reserve(till.turn(), 900) == "granted"
    assert await till.reserve(till.turn(), 1) == "day"
    assert await till.reserve(till.turn(), 100, finishing=True) == "granted"
    assert await till.reserve(till.turn(), 1, finishing=True) == "day"


async def test_a_turns_own_reservation_is_replaced_and_not_added_to(till: Till) -> None:
    turn = till.turn()
    assert [await till.reserve(turn, each) for each in (300, 600, 900)] == ["granted"] * 3
    assert till.reserved() == 900


async def test_a_refused_turn_keeps_what_it_had_until_it_is_settled(till: Till) -> None:
    turn = till.turn()
    assert [await till.reserve(turn, each) for each in (300, 950)] == ["granted", "day"]
    assert till.reserved() == 300


async def test_many_at_once_reserve_no_more_than_there_is(till: Till) -> None:
    answers = await asyncio.gather(*(till.reserve(till.turn(), 100) for _ in range(40)))
    assert sorted(answers) == ["day"] * 31 + ["granted"] * 9
    assert till.reserved() == 900


async def test_settling_while_others_reserve_loses_nothing(till: Till) -> None:
    async def whole(turn: UUID) -> None:
        if await till.reserve(turn, 100) == "granted":
            await till.settle(turn, called(30))

    await asyncio.gather(*(whole(till.turn()) for _ in range(40)))
    recorded = ledger.value(till.owner_url, "select sum(cost_micros) from usage_records")
    assert (till.days()[0]["spent_micros"], till.reserved()) == (recorded, 0)
    assert 270 <= recorded <= 900


async def test_the_reservation_of_a_process_that_died_runs_out(till: Till) -> None:
    assert await till.reserve(till.turn(), 900, seconds=150) == "granted"
    clock.start_at(NOON + timedelta(seconds=149))
    assert await till.reserve(till.turn(), 10) == "day"
    clock.start_at(NOON + timedelta(seconds=151))
    assert await till.reserve(till.turn(), 900) == "granted"
    assert till.reserved() == 900


async def test_a_conversation_has_a_limit_of_its_own(till: Till) -> None:
    till.limits = replace(LIMITS, per_day=None, per_conversation=200)
    here = ids.new_id()
    first, second, elsewhere = till.turn(here), till.turn(here), till.turn()
    assert await till.reserve(first, 100) == "granted"
    await till.settle(first, called(95))
    assert await till.reserve(second, 86) == "conversation"
    assert await till.reserve(second, 85) == "granted"
    assert await till.reserve(elsewhere, 180) == "granted"
    assert await till.reserve(second, 105, finishing=True) == "granted"
    assert await till.reserve(second, 106, finishing=True) == "conversation"


async def test_where_no_price_is_known_tokens_count(till: Till) -> None:
    turn = till.turn()
    assert await till.reserve(turn, None, tokens=901) == "day"
    assert await till.reserve(turn, None, tokens=900) == "granted"
    await till.settle(turn, called(0, tokens=700))
    [day] = till.days()
    assert (day["spent_micros"], day["unpriced_tokens"]) == (0, 700)
    assert await till.reserve(till.turn(), None, tokens=201) == "day"
    assert await till.reserve(till.turn(), 900) == "granted", "what has a price is another purse"


async def test_a_turn_has_limits_of_its_own_that_ask_nobody(till: Till) -> None:
    till.limits = replace(LIMITS, per_turn_calls=3, per_turn_tokens=500)
    assert await till.reserve(till.turn(), 1, calls=3) == "turn"
    assert await till.reserve(till.turn(), 1, tokens=501) == "turn"
    assert till.days() == []
    assert await till.reserve(till.turn(), 1, calls=2, tokens=500) == "granted"


async def test_without_any_limit_nothing_is_asked(till: Till) -> None:
    till.limits = Limits(None, None, None, None, None, None)
    assert await till.reserve(till.turn(), 10**12, tokens=10**12, calls=100) == "granted"
    assert till.days() == []


async def test_the_guided_model_costs_no_row(till: Till) -> None:
    await till.settle(till.turn(), ModelCall("guided:guided", "ok", 0, 0, 0, 0, 1, 1))
    assert till.days() == []


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-03-02T04:59:59+00:00", "2026-03-01"),
        ("2026-03-02T05:00:00+00:00", "2026-03-02"),
        ("2026-03-09T03:59:59+00:00", "2026-03-08"),  # clocks have been set forward that night
        ("2026-03-09T04:00:00+00:00", "2026-03-09"),
    ],
)
async def test_the_day_is_that_of_the_business(till: Till, moment: str, day: str) -> None:
    clock.start_at(datetime.fromisoformat(moment))
    turn = till.turn()
    assert await till.reserve(turn, 500) == "granted"
    await till.settle(turn, called(7))
    assert [(str(each["day"]), each["spent_micros"]) for each in till.days()] == [(day, 7)]


async def test_the_next_day_has_a_budget_of_its_own(till: Till) -> None:
    turn = till.turn()
    await till.reserve(turn, 900)
    await till.settle(turn, called(900))
    assert await till.reserve(till.turn(), 500) == "day"
    clock.start_at(NOON + timedelta(days=1))
    assert await till.reserve(till.turn(), 500) == "granted"


@pytest.mark.parametrize(("spent", "reached"), [(799, 0), (800, 80), (999, 80), (1000, 100), (1200, 100)])
async def test_how_far_it_is_used_up_is_known_as_soon_as_it_is(till: Till, spent: int, reached: int) -> None:
    turn = till.turn()
    await till.reserve(turn, 500)
    await till.settle(turn, called(spent))
    assert till.days()[0]["reached"] == reached


async def test_whoever_is_refused_has_come_to_the_end_of_the_day(till: Till) -> None:
    turn = till.turn()
    await till.reserve(turn, 500)
    await till.settle(turn, called(700))
    assert till.days()[0]["reached"] == 0
    assert await till.reserve(till.turn(), 300) == "day"
    assert till.days()[0]["reached"] == 100


async def test_a_budget_of_nothing_is_a_choice_and_no_news(till: Till) -> None:
    till.limits = replace(LIMITS, per_day=0)
    assert await till.reserve(till.turn(), 1) == "day"
    assert till.days()[0]["reached"] == 0


def test_what_a_business_has_not_set_is_as_the_installation_has_it() -> None:
    own = budgets.limits_of({"per_day": "none", "per_conversation": 7}, LIMITS)
    assert own == replace(LIMITS, per_day=None, per_conversation=7)
    assert budgets.limits_of({}, LIMITS) is LIMITS
