"""An event that cannot be worked on is tried again ever later, and ends as failed with its reason."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import Any

import pytest

from handled.kit import clock
from handled.payments import failures
from handled.payments.gateways import sandbox_books as books
from handled.payments.gateways.base import Checkout, GatewayEvent, GatewayUnavailable
from handled.payments.gateways.sandbox import SandboxGateway
from tests.faults import ledger as told
from tests.payments.till import SECRET, Till, changed, later


@dataclass
class Confused(SandboxGateway):
    """A gateway that breaks when it is asked about some events; `seen` are the events that were tried."""

    till: Till
    broken: set[str]
    problem: Exception
    seen: list[str] = field(default_factory=list)
    about: str = ""

    def __post_init__(self) -> None:
        super().__init__(self.till.engine, SECRET)

    def checkout_in(self, event: GatewayEvent) -> Checkout | None:
        self.seen.append(event.id)
        self.about = event.id
        return super().checkout_in(event)

    async def get_checkout(self, checkout_id: str, *, account: str | None) -> Checkout:
        about, self.about = self.about, ""
        if about in self.broken:
            raise self.problem
        return await super().get_checkout(checkout_id, account=account)


async def confused(till: Till, problem: Exception) -> tuple[Confused, bytes]:
    """A till and an event about which the gateway has to be asked, which goes wrong."""
    await till.start()
    await till.happens(books.pay)
    body = changed((await till.bodies())[-1], id="evt_odd", about={"amount_total": 1})
    gateway = Confused(till, {"evt_odd"}, problem)
    till.gateway = gateway
    with pytest.raises(type(problem)):
        await till.hear(body)
    return gateway, body


def row(till: Till) -> dict[str, Any]:
    [found] = told.rows(till.owner_url, "select * from webhook_events where event_id = 'evt_odd'")
    return found


async def test_an_event_that_cannot_be_worked_on_fails_with_its_reason_after_some_tries(
    till: Till, caplog: pytest.LogCaptureFixture
) -> None:
    gateway, _ = await confused(till, LookupError("what kim@example.com said"))
    for _ in range(20):
        later(hours=2)
        await till.reconcile()
    found = row(till)
    assert (found["status"], found["outcome"]) == ("failed", "cannot be worked on: LookupError")
    assert (found["attempts"], found["try_at"]) == (failures.MAX_TRIES, None)
    assert gateway.seen.count("evt_odd") == failures.MAX_TRIES
    given_up = [each for each in caplog.records if "is given up after" in each.getMessage()]
    assert [each.levelno for each in given_up] == [logging.ERROR]


async def test_it_is_tried_ever_more_rarely_and_others_are_not_kept_waiting(till: Till) -> None:
    gateway, body = await confused(till, LookupError("odd"))
    later(seconds=90)
    await till.reconcile()
    assert gateway.seen.count("evt_odd") == 1
    later(seconds=60)
    await till.reconcile()
    assert gateway.seen.count("evt_odd") == 2
    await till.hear(changed(body, id="evt_fine"), work=False)
    later(minutes=2)
    await till.reconcile()
    assert gateway.seen[-1] == "evt_fine"


async def test_while_the_gateway_cannot_be_asked_it_waits_for_days_and_then_fails(till: Till) -> None:
    await confused(till, GatewayUnavailable("timeout"))
    began = clock.now()
    for _ in range(40):
        later(hours=1)
        await till.reconcile()
    assert (row(till)["status"], row(till)["attempts"] > failures.MAX_TRIES) == ("received", True)
    clock.start_at(began + failures.PATIENCE)
    later(hours=2)
    await till.reconcile()
    assert (row(till)["status"], row(till)["outcome"]) == ("failed", "the gateway cannot be asked: timeout")


async def test_an_event_that_works_at_last_is_done(till: Till) -> None:
    gateway, _ = await confused(till, LookupError("odd"))
    gateway.broken.clear()
    later(minutes=5)
    await till.reconcile()
    assert (row(till)["status"], (await till.payment()).status) == ("done", "paid")
