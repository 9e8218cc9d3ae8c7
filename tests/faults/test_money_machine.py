"""Bookings, money and time in any order: whatever happens, nobody pays for nothing and nothing is sold twice."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Generator
from contextlib import AsyncExitStack, contextmanager
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import update
from sqlalchemy.orm.attributes import set_committed_value

from handled.bookings import jobs
from handled.bookings import lifecycle as bookings
from handled.bookings.places import Part
from handled.kit import clock
from handled.proposals import lifecycle
from handled.tables import Booking, Proposal
from tests.conftest import at
from tests.faults import ledger
from tests.faults.scale import seeded, times, tried
from tests.faults.trade import OPEN_FOR_NOTHING, Trade, later, problems_of, refused, trading

Json = dict[str, Any]
T = TypeVar("T")

MONDAY = at("2026-03-02T09:00:00-05:00")
FAILURES = ("cut", "cut_after", "half_after", "unavailable", "rate_limit", "error", "error_after", "garbage_after")
# Few enough that customers get into each other's way.
STARTS = [MONDAY + timedelta(days=9, hours=each) for each in (1, 2, 3)] + [MONDAY + timedelta(days=1, hours=2)]
PICK = st.integers(0, 1_000_000)


class Money(RuleBasedStateMachine):
    """Everybody does what they like. `trade` and `runner` are given by the test."""

    trade: Trade
    runner: asyncio.Runner
    owner_url: str
    reached: set[str]

    def do(self, what: Awaitable[T]) -> T:
        async def done() -> T:
            return await what

        return self.runner.run(done())

    @initialize()
    def open(self) -> None:
        clock.start_at(MONDAY)
        self.do(self.trade.open_business())
        self.guests: list[UUID] = []
        self.pending: list[Proposal] = []
        self.bookings: list[UUID] = []
        self.checkouts: list[str] = []
        self.cancelled: set[UUID] = set()
        self.heard: list[Json] = []
        for number, service in enumerate(("haircut", "colour")):
            self.book(service, STARTS[number * 2], number)
            self.click(number)
        self.at_the_checkout(0, "pay")

    # --- customers

    @rule(service=st.sampled_from(["haircut", "haircut", "colour"]), start=st.sampled_from(STARTS), who=PICK)
    def book(self, service: str, start: Any, who: int) -> None:
        before = len(self.pending)
        self.ask(service, start, who * 3)
        if len(self.pending) > before:
            self.confirm(before)

    @rule(service=st.sampled_from(["haircut", "haircut", "colour"]), start=st.sampled_from(STARTS), who=PICK)
    def ask(self, service: str, start: Any, who: int) -> None:
        if not self.guests or who % 3 == 0:
            self.guests.append(self.do(self.trade.come_in()))
        guest = self.guests[who % len(self.guests)]
        email = f"kim{who}@example.com"
        self._keep(self.do(_answer(self.trade.propose(guest, service, start, email))))

    @precondition(lambda self: self.pending)
    @rule(which=PICK)
    def confirm(self, which: int) -> None:
        proposal = self.pending[which % len(self.pending)]
        result = self.do(self.trade.confirm(proposal))
        if isinstance(result, lifecycle.Confirmed) and proposal.booking_id is not None:
            if proposal.action == "book" and proposal.booking_id not in self.bookings:
                self.bookings.append(proposal.booking_id)
            if proposal.action == "cancel":
                self.cancelled.add(proposal.booking_id)

    @precondition(lambda self: self.bookings)
    @rule(which=PICK, cancels=st.booleans(), start=st.sampled_from(STARTS))
    def ask_to_change(self, which: int, cancels: bool, start: Any) -> None:
        booking, guest = self._pick(self.bookings, which), self._pick(self.guests, which)
        change = (
            self.trade.propose_cancel(guest, booking) if cancels else self.trade.propose_move(guest, booking, start)
        )
        self._keep(self.do(_answer(change)))

    @precondition(lambda self: self.bookings)
    @rule(which=PICK, cancels=st.booleans(), start=st.sampled_from(STARTS))
    def change(self, which: int, cancels: bool, start: Any) -> None:
        before = len(self.pending)
        self.ask_to_change(which, cancels, start)
        if len(self.pending) > before:
            self.confirm(before)

    @precondition(lambda self: self.bookings)
    @rule(which=PICK)
    def click(self, which: int) -> None:
        made = self.do(_answer(self.trade.click(self._pick(self.bookings, which))))
        if isinstance(made, str) and made not in self.checkouts:
            self.checkouts.append(made)

    @precondition(lambda self: self.checkouts)
    @rule(which=PICK, how=st.sampled_from(["pay", "pay", "pay", "decline", "pay_late", "pay_slowly", "settle"]))
    def at_the_checkout(self, which: int, how: str) -> None:
        try:
            getattr(self.trade.stripe.customer, how)(self._pick(self.checkouts, which))
        except (KeyError, ValueError):
            return  # over, or paid already, or nothing is under way: the page would say so

    @precondition(lambda self: self.checkouts)
    @rule(which=PICK)
    def pay(self, which: int) -> None:
        self.at_the_checkout(which, "pay")
        self.at_the_checkout(which, "pay_late")

    # --- the way of the news

    @rule()
    def all_news(self) -> None:
        for _ in list(self.trade.stripe.webhooks.waiting):
            self.hear(0, False)
        self.all_jobs()

    @precondition(lambda self: self.trade.stripe.webhooks.waiting)
    @rule(which=PICK, again=st.booleans())
    def hear(self, which: int, again: bool) -> None:
        event = self._pick(self.trade.stripe.webhooks.waiting, which)
        self.do(self.trade.hear(event))
        self.heard.append(event)
        if not again:
            self.trade.stripe.webhooks.drop([event])

    @precondition(lambda self: self.heard)
    @rule(which=PICK)
    def hear_once_more(self, which: int) -> None:
        self.do(self.trade.hear(self._pick(self.heard, which)))

    @precondition(lambda self: self.trade.stripe.webhooks.waiting)
    @rule(which=PICK)
    def never_hear(self, which: int) -> None:
        self.trade.stripe.webhooks.drop([self._pick(self.trade.stripe.webhooks.waiting, which)])

    # --- the worker

    @precondition(lambda self: self.trade.queued())
    @rule(which=PICK, dies=st.booleans())
    def one_job(self, which: int, dies: bool) -> None:
        self.do(self.trade.run(self._pick(self.trade.queued(), which), dies=dies))

    @rule()
    def all_jobs(self) -> None:
        self.trade.stripe.heal()
        self.do(self.trade.run_all())
        assert self.trade.look(OPEN_FOR_NOTHING) == []

    @rule()
    def by_the_clock(self) -> None:
        self.do(self.trade.by_the_clock())

    @rule(minutes=st.sampled_from([1, 6, 11, 20, 36, 36, 70]))
    def time_passes(self, minutes: int) -> None:
        later(minutes=minutes)
        self.trade.stripe.books.expire_what_is_due()

    @rule(how=st.sampled_from(FAILURES))
    def stripe_fails(self, how: Any) -> None:
        self.trade.stripe.fail(how)

    # --- what must be true all the time

    @invariant()
    def nobody_is_hurt(self) -> None:
        if not hasattr(self, "bookings"):
            return
        assert problems_of(self.trade) == []

    @invariant()
    def nothing_is_sold_twice(self) -> None:
        assert (ledger.double_bookings(self.trade.owner), ledger.half_taken(self.trade.owner)) == ([], [])

    @invariant()
    def nothing_comes_back_to_life(self) -> None:
        for each in getattr(self, "cancelled", ()):
            assert self.trade.booking(each)["status"] == "cancelled"

    def teardown(self) -> None:
        if not hasattr(self, "bookings"):
            return
        self.do(self.trade.settle_down())
        self.nobody_is_hurt()
        self.nothing_is_sold_twice()
        self.nothing_comes_back_to_life()
        assert self.trade.our_books() == self.trade.stripes_books()
        assert self.trade.look(OPEN_FOR_NOTHING) == []
        assert self.trade.look("select code from bookings where status in ('held', 'pending_payment')") == []
        assert self.trade.look("select id from refunds where status in ('queued', 'pending')") == []
        assert self.trade.look("select event_id from webhook_events where status = 'received'") == []
        self.reached |= {each["status"] for each in self.trade.look("select status from bookings")}
        still_open = [each["id"] for each in self.trade.stripe.books.checkouts() if each["status"] == "open"]
        assert still_open == []

    def _pick(self, things: list[T], which: int) -> T:
        return things[which % len(things)]

    def _keep(self, answer: object) -> None:
        if isinstance(answer, Proposal):
            self.pending.append(answer)


async def _answer(asking: Awaitable[T]) -> T | str | None:
    """The answer, or the name of the error."""
    answers: list[T] = []

    async def ask() -> None:
        answers.append(await asking)

    return await refused(ask()) or (answers[0] if answers else None)


@contextmanager
def opened(owner_url: str) -> Generator[type[Money]]:
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        trade = runner.run(stack.enter_async_context(trading(owner_url)))
        try:
            given = {"trade": trade, "runner": runner, "owner_url": owner_url, "reached": set[str]()}
            yield type("Money", (Money,), given)
        finally:
            runner.run(stack.aclose())


def play(owner_url: str, examples: int, *, number: int | None = None, steps: int = 30) -> set[str]:
    """So many lives; how their bookings ended."""
    if number is None:
        number = seeded("money machine").randrange(2**32)
    effort = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
        phases=[Phase.generate],
        print_blob=False,
        report_multiple_bugs=False,
    )
    with opened(owner_url) as machine:
        run_state_machine_as_test(seed(number)(machine), settings=effort)
        return machine.reached


def test_whatever_happens_in_whatever_order_nobody_pays_for_nothing(owner_url: str) -> None:
    assert play(owner_url, times(16)) >= {"confirmed", "cancelled", "expired"}
    tried(times(16), "lives of 30 steps")


def _twice(monkeypatch: pytest.MonkeyPatch, owner_url: str) -> None:
    async def unknown(*_: Any) -> bool:
        return False

    monkeypatch.setattr("handled.payments.ledger.has_charge", unknown)
    ledger.change(owner_url, "drop index uq_ledger_entries_reference, uq_refunds_gateway_refund")


def _kept(monkeypatch: pytest.MonkeyPatch, owner_url: str) -> None:
    async def nothing(*_: Any) -> None:
        pass

    monkeypatch.setattr(jobs, "_send_back", nothing)


def _revived(monkeypatch: pytest.MonkeyPatch, owner_url: str) -> None:
    """What was cancelled looks as if it had only run out."""
    mark_paid = bookings.mark_paid

    async def any_state(session: Any, booking: Any, parts: Any) -> Any:
        if booking.status == "cancelled":
            parts = [part_of(booking)]
            expired = update(Booking).where(Booking.id == booking.id).values(status="expired")
            await session.execute(expired, execution_options={"synchronize_session": False})
            set_committed_value(booking, "status", "expired")
        return await mark_paid(session, booking, parts)

    monkeypatch.setattr(bookings, "mark_paid", any_state)


def part_of(booking: Any) -> Part:
    return Part(
        service=str(booking.service_id),
        resources=[str(booking.resource_id)],
        starts=booking.starts_at.isoformat(),
        ends=booking.ends_at.isoformat(),
        before=0,
        after=0,
        capacity=1,
    )


@pytest.mark.parametrize("guard_off", [_twice, _kept, _revived], ids=lambda each: each.__name__.strip("_"))
def test_the_machine_finds_what_a_missing_guard_would_do(
    owner_url: str, monkeypatch: pytest.MonkeyPatch, guard_off: Any
) -> None:
    guard_off(monkeypatch, owner_url)
    with pytest.raises((AssertionError, Flaky)):
        play(owner_url, 100, number=3)
