"""One attacker with many conversations and addresses: what they can take from others, and send to them, is bounded."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from handled.bookings import hold_caps, proving
from handled.kit import clock
from handled.kit.errors import HandledError
from handled.notifications import caps
from handled.proposals import lifecycle
from handled.tables import Proposal
from tests.conftest import at
from tests.faults.scale import seeded, times, tried
from tests.faults.trade import Trade, later, trading

MONDAY = at("2026-03-02T09:00:00-05:00")
FIRST_DAY = at("2026-03-11T09:00:00-04:00")
MINUTES = 10
VICTIMS = ("victim@example.com", "Victim+1@Example.com", "vic.tim@gmail.com", "victim@googlemail.com")

_MAILS = (
    "select cap_key, count(*) as many from notifications where cap_key is not null and status in ('queued', 'sent')"
    " group by 1"
)
_HELD = (
    "select lower(customer_email) as email, starts_at::date as day, ends_at - starts_at as long, due_minor"
    " from bookings where status in ('held', 'pending_payment')"
)


@pytest.fixture
async def trade(owner_url: str) -> AsyncIterator[Trade]:
    clock.start_at(MONDAY)
    async with trading(owner_url) as opened:
        yield opened


async def _attack(trade: Trade, chance: random.Random, acts: int) -> int:
    """Whatever a stranger can do without reading a mail, spread over ten minutes; how much of it was refused."""
    guests = [await trade.come_in() for _ in range(8)]
    refused = 0
    for _ in range(acts):
        guest = chance.choice(guests)
        email = chance.choice([*VICTIMS, f"stranger{chance.randrange(1000)}@example.com"])
        try:
            if chance.random() < 0.4:
                await proving.send_code(trade.engine, trade.business, guest, email)
            else:
                starts_at = FIRST_DAY + timedelta(days=chance.randrange(2), minutes=45 * chance.randrange(11))
                made = await trade.propose(guest, "haircut", starts_at, email)
                if isinstance(made, Proposal) and chance.random() < 0.8:
                    assert isinstance(await trade.confirm(made), lifecycle.Confirmed | lifecycle.Refused)
        except HandledError as problem:
            assert problem.status == 429, problem.name
            refused += 1
        later(seconds=MINUTES * 60 / acts)
    return refused


def _too_much(trade: Trade) -> list[str]:
    """What went over a bound."""
    found = [f"{each['many']} mails to {each['cap_key']}" for each in trade.look(_MAILS) if each["many"] > 3]
    held: list[dict[str, Any]] = trade.look(_HELD)
    mailboxes = [caps.mailbox_key(each["email"]) for each in held]
    found += [f"{mailboxes.count(one)} times held for {one}" for one in set(mailboxes) if mailboxes.count(one) > 2]
    for day in {each["day"] for each in held}:
        unpaid = [each for each in held if each["day"] == day and each["due_minor"]]
        minutes = sum(each["long"].total_seconds() / 60 for each in unpaid)
        # Of nine open hours a tenth is one haircut: three are the least that a day lets wait.
        if len(unpaid) > 3 and minutes > 54:
            found.append(f"{len(unpaid)} times unpaid on {day}")
    return found


async def test_one_attacker_with_many_names_takes_and_sends_no_more_than_anybody(trade: Trade) -> None:
    acts = times(150)
    refused = await _attack(trade, seeded("abuse"), acts)
    assert refused > acts / 10, "the attack was no attack"
    assert _too_much(trade) == []
    tried(acts, "acts of one attacker")


async def test_without_the_caps_the_attacker_would_have_taken_more(
    trade: Trade, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(*_: Any) -> bool:
        return False

    async def anything(*_: Any) -> None:
        return None

    monkeypatch.setattr(caps, "is_over", never)
    monkeypatch.setattr(hold_caps, "check", anything)
    await _attack(trade, random.Random("no caps"), 60)
    found = _too_much(trade)
    print(f"detected {len(found)} bounds broken with the caps off")
    assert any("mails to" in each for each in found)
    assert any("held for" in each for each in found)
