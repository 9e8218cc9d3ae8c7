"""What a language model may cost: past it the conversation goes on without, and the business hears of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.agent import turn
from handled.kit import clock, ids
from tests.conftest import STUDIO, Running, TenantHandle, import_tenant
from tests.customers import Customer
from tests.faults import ledger
from tests.flows.conftest import usage_of
from tests.flows.test_claude_books import FOUND, OFFERED
from tests.flows.told import told
from tests.jobs.shift import has_run
from tests.twins.claude import ClaudeTwin
from tests.twins.scripts import Reply, Trouble, Used, calls, says
from tests.waiting import until

# A dollar for a million tokens that go in: 16,000 micro-dollars.
DEAR = Used(fresh=16_000, out=0)
HELLO = says("Hello from Claude.")


async def allow(engine: AsyncEngine, studio: TenantHandle, **budgets: Any) -> None:
    written = "".join(f"  {name}: {value}\n" for name, value in budgets.items())
    assert (await import_tenant(engine, f"{STUDIO}budgets:\n{written}")).id == studio.id


async def by_claude(customer: Customer, message: str = "Hello") -> bool:
    done = await customer.say(message)
    assert done["message"]
    return done["message"] == "Hello from Claude." and not done["degraded"]


def spent(owner_url: str) -> int:
    return ledger.value(owner_url, "select coalesce(sum(spent_micros), 0) from budget_days")


def reserved(owner_url: str) -> int:
    return ledger.value(owner_url, "select count(*) from budget_reservations")


async def test_past_the_days_budget_the_guided_model_goes_on(
    anna: Customer, claude: ClaudeTwin, engine: AsyncEngine, studio: TenantHandle, owner_url: str
) -> None:
    await allow(engine, studio, per_day="0.025")
    claude.will(says("Hello from Claude.", used=DEAR))
    assert await by_claude(anna)
    turned = told(await anna.stream("What is a haircut?"))
    assert (turned.done["degraded"], len(claude.requests)) == (True, 1)
    assert "$45.00" in turned.text
    assert turned.of_type("reset") == [], "nothing went wrong, so nothing is taken back"
    _, *others = await usage_of(engine, studio)
    assert {(each.model, each.cost_micros) for each in others} == {("guided:guided", 0)}
    assert (spent(owner_url), reserved(owner_url)) == (16_000, 0)


async def test_in_the_middle_of_a_turn_too_and_what_was_said_stands(
    anna: Customer, claude: ClaudeTwin, engine: AsyncEngine, studio: TenantHandle, owner_url: str
) -> None:
    await allow(engine, studio, per_day="0.025")
    ask = calls("find_slots", {"service": "haircut", "when": "tomorrow at 3pm"})
    claude.will(says("Let me look.", ask, used=DEAR))
    turned = told(await anna.stream("A haircut tomorrow at 3pm?"))
    assert (turned.done["degraded"], len(claude.requests), turned.of_type("reset")) == (True, 1, [])
    assert turned.text == turned.done["message"]
    assert turned.text.startswith("Let me look.\n\n")
    assert "3:00 pm" in turned.text
    assert turned.tools.count(("find_slots", "started")) == 1, "what has been looked up is known"
    assert (spent(owner_url), reserved(owner_url)) == (16_000, 0)


async def test_a_conversation_that_has_used_its_part_leaves_the_others_theirs(
    anna: Customer, claude: ClaudeTwin, claude_server: Running, engine: AsyncEngine, studio: TenantHandle
) -> None:
    await allow(engine, studio, per_conversation="0.025")
    claude.will(says("Hello from Claude.", used=DEAR))
    claude.always(HELLO)
    assert [await by_claude(anna), await by_claude(anna)] == [True, False]
    async with Customer.of(claude_server.url, studio.key) as ben:
        await ben.start()
        assert await by_claude(ben)


async def test_a_turn_that_runs_in_circles_ends_where_its_business_wants(
    anna: Customer, claude: ClaudeTwin, engine: AsyncEngine, studio: TenantHandle
) -> None:
    await allow(engine, studio, per_turn_calls=2)
    claude.always(says(calls("list_services")))
    done = await anna.say("What do you offer?")
    assert (done["degraded"], len(claude.requests)) == (True, 2)
    assert "Haircut" in done["message"] or done["cards"]


@pytest.fixture
async def crowd(claude_server: Running, studio: TenantHandle) -> AsyncIterator[list[Customer]]:
    async with AsyncExitStack() as stack:
        people = [await stack.enter_async_context(Customer.of(claude_server.url, studio.key)) for _ in range(12)]
        for each in people:
            await each.start()
        yield people


async def test_many_at_once_spend_no_more_than_one_call_too_much(
    crowd: list[Customer], claude: ClaudeTwin, engine: AsyncEngine, studio: TenantHandle, owner_url: str
) -> None:
    await allow(engine, studio, per_day="0.05")
    claude.always(says("Hello from Claude.", used=Used(fresh=11_000, out=0)))
    answers = await asyncio.gather(*(by_claude(each) for each in crowd))
    assert 1 <= sum(answers) == len(claude.requests) < len(crowd)
    assert spent(owner_url) == 11_000 * len(claude.requests) <= 50_000 + 11_000
    assert reserved(owner_url) == 0


async def test_with_little_left_who_is_about_to_confirm_may_finish(
    anna: Customer,
    claude: ClaudeTwin,
    claude_server: Running,
    engine: AsyncEngine,
    studio: TenantHandle,
    owner_url: str,
) -> None:
    claude.will(*FOUND, *OFFERED)
    await anna.say("A haircut tomorrow at 3pm?")
    card = (await anna.say("Anna Berg, anna@example.com"))["proposal"]
    await allow(engine, studio, per_day="0.5")
    _spend(owner_url, 445_000)
    claude.always(HELLO)
    async with Customer.of(claude_server.url, studio.key) as ben:
        await ben.start()
        assert not await by_claude(ben), "what is left is for those who finish"
    assert await by_claude(anna, "Is there parking?")
    assert (await anna.confirm(card))["receipt"]["kind"] == "booked"
    assert not await by_claude(anna, "Thank you"), "it is finished"


def _spend(owner_url: str, micros: int) -> None:
    """Somebody else has spent so much today."""
    ledger.change(
        owner_url,
        "insert into budget_days (tenant_id, day, spent_micros)"
        " select id, (%(now)s at time zone timezone)::date, %(micros)s from tenants"
        " on conflict (tenant_id, day) do update set spent_micros = excluded.spent_micros",
        now=clock.now(),
        micros=micros,
    )


async def test_what_a_killed_process_had_reserved_is_free_again_later(
    anna: Customer, claude: ClaudeTwin, engine: AsyncEngine, studio: TenantHandle, owner_url: str
) -> None:
    await allow(engine, studio, per_day="0.05")
    claude.always(HELLO)
    ledger.change(
        owner_url,
        "insert into budget_reservations values (%(tenant)s, %(turn)s, %(turn)s, 40000, 0, %(until)s)",
        tenant=studio.id,
        turn=ids.new_id(),
        until=clock.now() + timedelta(seconds=150),
    )
    assert not await by_claude(anna)
    clock.start_at(clock.now() + timedelta(seconds=151))
    assert await by_claude(anna)
    assert reserved(owner_url) == 0


async def _notices(owner_url: str) -> list[tuple[str, int, str, str]]:
    await has_run(owner_url, "usage.tell")
    found = ledger.rows(
        owner_url, "select recipient, payload from notifications where kind = 'budget_notice' order by created_at"
    )
    told = [(each["recipient"], each["payload"]) for each in found]
    return [(to, payload["percent"], payload["spent_text"], payload["limit_text"]) for to, payload in told]


async def test_the_business_hears_of_it_at_80_and_at_100_percent_once_each(
    anna: Customer, claude: ClaudeTwin, engine: AsyncEngine, studio: TenantHandle, owner_url: str
) -> None:
    await allow(engine, studio, per_day="1.00", per_conversation="none")
    claude.will(
        *(says("Hello from Claude.", used=Used(fresh=fresh, out=0)) for fresh in (790_000, 20_000, 10_000, 77_000))
    )
    claude.always(HELLO)
    owner = "owner@studio.example"
    assert await by_claude(anna)
    assert await _notices(owner_url) == []
    assert await by_claude(anna)
    nearly = (owner, 80, "$0.81", "$1.00")
    assert await _notices(owner_url) == [nearly]
    assert [await by_claude(anna), await by_claude(anna)] == [True, True]
    assert await _notices(owner_url) == [nearly]
    assert not await by_claude(anna)
    over = (owner, 100, "$0.90", "$1.00")
    assert await _notices(owner_url) == [nearly, over]
    assert not await by_claude(anna)
    assert await _notices(owner_url) == [nearly, over]
    clock.start_at(clock.now() + timedelta(days=1))
    claude.will(says("Hello from Claude.", used=Used(fresh=850_000, out=0)))
    assert await by_claude(anna)
    assert await _notices(owner_url) == [nearly, over, (owner, 80, "$0.85", "$1.00")]


async def test_the_breaker_learns_nothing_from_a_budget_that_is_spent(
    anna: Customer,
    claude: ClaudeTwin,
    engine: AsyncEngine,
    studio: TenantHandle,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    agents: list[turn.AgentRuntime] = []
    begin = turn._begin

    async def watched(agent: turn.AgentRuntime, *arguments: Any) -> turn.Run:
        agents.append(agent)
        return await begin(agent, *arguments)

    monkeypatch.setattr(turn, "_begin", watched)
    await allow(engine, studio, per_day=0)
    for _ in range(4):
        assert not await by_claude(anna)
    breaker = agents[0].breaker
    assert (breaker.failures, breaker.open_until) == (0, None)
    # Its turn to try the provider again, after an outage.
    breaker.failures, breaker.open_until = 3, clock.monotonic() - 1
    assert not await by_claude(anna)
    await allow(engine, studio, per_day=1)
    claude.always(HELLO)
    assert await by_claude(anna), "the next turn tries in its place"
    assert breaker.failures == 0


async def test_no_transaction_is_open_while_the_model_thinks_and_its_call_is_reserved(
    anna: Customer, claude: ClaudeTwin, owner_url: str
) -> None:
    waiting = Trouble("wait", after=3)
    claude.will(Reply(HELLO.blocks, trouble=waiting))
    task = asyncio.create_task(by_claude(anna))
    await until(lambda: claude.requests, what="the model is asked")
    # Jobs have short ones: that there is a moment without any says that the turn has none.
    open_ones = "select count(*) from pg_stat_activity where datname = current_database() and state like 'idle in tr%%'"
    await until(lambda: ledger.value(owner_url, open_ones) == 0, within=5, what="no transaction is open")
    assert reserved(owner_url) == 1
    waiting.go_on.set()
    assert await task
    assert reserved(owner_url) == 0


@pytest.mark.parametrize("trouble", ["error_event", "cut"])
async def test_a_call_that_fails_is_counted_and_its_reservation_settled(
    anna: Customer, claude: ClaudeTwin, owner_url: str, trouble: Any
) -> None:
    claude.will(says("One moment please.", used=Used(fresh=700, read=300)).then(trouble, 5))
    await anna.say("A haircut tomorrow at 3pm?")
    assert (spent(owner_url), reserved(owner_url)) == (700 + 30 + 5, 0)
