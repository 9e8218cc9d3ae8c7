"""Whoever tries to hold the whole calendar is told, kindly, that they hold enough."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from handled.bookings import hold_caps
from handled.bookings.hold_caps import TooManyHolds
from handled.kit import clock
from handled.proposals import lifecycle
from handled.proposals.actions.outcome import NotFree
from handled.tables import Proposal
from tests.conftest import at
from tests.faults import ledger
from tests.faults.trade import PAID_STUDIO, Trade, later, trading

MONDAY = at("2026-03-02T09:00:00-05:00")
DAY = at("2026-03-11T10:00:00-04:00")


@pytest.fixture
async def trade(owner_url: str) -> AsyncIterator[Trade]:
    clock.start_at(MONDAY)
    async with trading(owner_url) as opened:
        yield opened


async def held(trade: Trade, starts_at: datetime, email: str, guest: Any = None) -> Proposal:
    proposal = await trade.propose(guest or await trade.come_in(), "haircut", starts_at, email)
    assert isinstance(proposal, Proposal)
    return proposal


async def test_a_person_holds_two_times_and_is_told_why_not_a_third(trade: Trade) -> None:
    await held(trade, DAY, "kim@example.com")
    await held(trade, DAY + timedelta(days=1), "Kim+again@example.com")
    with pytest.raises(TooManyHolds, match="two times held under that email address") as refused:
        await held(trade, DAY + timedelta(days=2), "kim@example.com")
    assert (refused.value.name, refused.value.status) == ("too_many_holds", 429)
    await held(trade, DAY + timedelta(days=2), "lee@example.com")


async def test_spellings_of_one_mailbox_are_one_person(trade: Trade, monkeypatch: pytest.MonkeyPatch) -> None:
    # Of what nobody has to pay for, only the holds of addresses that begin alike are looked at.
    monkeypatch.setattr("handled.proposals.actions.book.due_of", lambda *_: 0)
    await held(trade, DAY, "K.im@gmail.com")
    await held(trade, DAY + timedelta(days=1), "kim+again@googlemail.com")
    with pytest.raises(TooManyHolds):
        await held(trade, DAY + timedelta(days=2), "ki.m@gmail.com")
    await held(trade, DAY + timedelta(days=2), "ki.m@example.com")


async def test_what_has_run_out_no_longer_counts(trade: Trade) -> None:
    for each in range(2):
        await held(trade, DAY + timedelta(days=each), "kim@example.com")
    later(minutes=11)
    again = await held(trade, DAY + timedelta(days=2), "kim@example.com")
    assert again.status == "pending"


async def test_what_waits_for_its_money_counts_until_it_is_paid(trade: Trade) -> None:
    first, _ = [await trade.book("haircut", DAY + timedelta(days=each), "kim@example.com") for each in range(2)]
    with pytest.raises(TooManyHolds):
        await held(trade, DAY + timedelta(days=2), "kim@example.com")
    trade.stripe.customer.pay(await trade.click(first))
    for event in trade.stripe.webhooks.waiting:
        await trade.hear(event)
    await trade.run_all()
    await held(trade, DAY + timedelta(days=2), "kim@example.com")


async def test_changing_ones_mind_in_a_conversation_holds_one_time_however_often(trade: Trade) -> None:
    guest = await trade.come_in()
    for each in range(6):
        await held(trade, DAY + timedelta(hours=each), "kim@example.com", guest)
    assert len(trade.look("select id from bookings where status = 'held'")) == 1


async def test_a_conversation_holds_three_times_under_whatever_names(trade: Trade) -> None:
    guest = await trade.come_in()
    for each in range(3):
        made = await held(trade, DAY + timedelta(days=each % 2, hours=each), f"kim{each}@example.com", guest)
        assert isinstance(await trade.confirm(made), lifecycle.Confirmed)
    with pytest.raises(TooManyHolds, match="Three times are held in this conversation"):
        await held(trade, DAY + timedelta(days=5), "kim9@example.com", guest)


async def test_a_tenth_of_a_day_may_wait_for_money_and_other_days_are_free(trade: Trade) -> None:
    for each in range(3):
        await trade.book("haircut", DAY + timedelta(hours=each), f"kim{each}@example.com")
    with pytest.raises(TooManyHolds, match="A good part of that day"):
        await held(trade, DAY + timedelta(hours=4), "kim9@example.com")
    await held(trade, DAY + timedelta(days=1), "kim9@example.com")


FREE = PAID_STUDIO.replace("payment: full", "payment: none")


async def test_where_nothing_is_paid_in_advance_a_busy_day_is_just_a_busy_day(trade: Trade) -> None:
    await trade.open_business(FREE)
    for each in range(5):
        await held(trade, DAY + timedelta(hours=each), f"kim{each}@example.com")
    assert len(trade.look("select id from bookings where status = 'held'")) == 5


async def held_by_a_crowd(trade: Trade, email: str) -> int:
    """Twelve conversations at once, each wants a day of its own; how many get it."""
    guests = [await trade.come_in() for _ in range(12)]
    wishes = [
        trade.propose(guest, "haircut", DAY + timedelta(days=7 * each), email) for each, guest in enumerate(guests)
    ]
    answers = await asyncio.gather(*wishes, return_exceptions=True)
    assert [each for each in answers if not isinstance(each, Proposal | NotFree | TooManyHolds)] == []
    return sum(isinstance(each, Proposal) for each in answers)


async def test_however_many_try_at_once_two_are_held(trade: Trade, owner_url: str) -> None:
    assert await held_by_a_crowd(trade, "kim@example.com") == 2
    assert ledger.deadlocks(owner_url) == 0


async def test_without_the_lock_a_crowd_gets_more_than_two(trade: Trade, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hold_caps, "keys_of", lambda *_: [])
    monkeypatch.setattr(hold_caps, "locking", lambda _: ("select 1", ()))  # pyright: ignore[reportUnknownLambdaType]
    assert await held_by_a_crowd(trade, "kim@example.com") > 2
