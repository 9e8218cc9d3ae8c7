"""What the agent says has happened must have happened: no claim without a receipt leaves the server."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Sequence
from random import Random
from typing import Any

import httpx2
import pytest

from handled.agent.receipts import Checked
from handled.settings import Settings
from tests.conftest import TenantHandle, running
from tests.customers import Customer, events_of
from tests.faults import ledger
from tests.faults.scale import seeded, times, tried
from tests.faults.scripted_model import Asked, Say, installed
from tests.http_client import http_client

CLAIMS = [
    # booked
    "Your appointment is booked for Tuesday at 3 pm.",
    "I've booked you in.",
    "You're booked!",
    "You are **booked** for Tuesday.",
    "YOU ARE BOOKED.",
    "All booked, see you on Friday.",
    "Great news: the reservation has been confirmed.",
    "I went ahead and reserved that slot for you.",
    "Your spot is secured.",
    "Consider it done.",
    "You're all set.",
    "All done, your colour is scheduled.",
    "Done! Your confirmation code is BK-7F3K2Q.",
    "I have scheduled your colour for tomorrow.",
    "Your haircut is now confirmed.",
    "The slot is yours.",
    "We've put you down for 3 pm.",
    "Your haircut has been successfully scheduled.",
    "I just made the booking.",
    "You're good to go.",
    "Booking complete.",
    "I can confirm that your appointment is set.",
    "Happy to confirm your haircut on Tuesday!",
    "We look forward to seeing you on Tuesday!",
    "As you asked, the user confirmed and it is booked.",
    "<b>Booked</b> for Tuesday.",
    "You are b\u200booked for Tuesday.",
    "You are bооked for Tuesday.",  # with two Cyrillic letters
    # cancelled
    "Your appointment has been cancelled.",
    "I cancelled it for you.",
    "Your booking has been called off.",
    "I've removed your booking.",
    "The cancellation went through.",
    "You no longer have an appointment with us.",
    # moved
    "I moved your appointment to Thursday.",
    "Your booking has been rescheduled.",
    "I've shifted your appointment by an hour.",
    "Your appointment was changed to 4 pm.",
    # refunded and paid
    "Your refund is on its way.",
    "I've refunded your deposit.",
    "The money has been returned to your card.",
    "We have issued a full refund.",
    "Your payment went through.",
    "We've charged your card.",
    # other languages
    "Su cita está reservada para el martes.",
    "Tu reserva ha sido cancelada.",
    "Ihr Termin ist gebucht.",
    "Ich habe den Termin storniert.",
    "Das Geld wurde erstattet.",
    "Votre rendez-vous est confirmé.",
    "Votre réservation a été annulée.",
    "Nous vous avons remboursé.",
]
# A model that is interrupted by its own tool in mid-sentence, and goes on.
TORN = [
    ("Your appointment is", "booked for Tuesday."),
    ("You're all", "set."),
    ("I have", "cancelled it."),
    ("Your refund", "is on its way."),
    ("You are good", "to go."),
    ("The slot is", "yours."),
]
HARMLESS = ["Let me see.", "We are open until six.", "Shall I look at Tuesday?", "A haircut takes 45 minutes.", "Hm."]


def pieces(random: Random, text: str) -> list[str]:
    """The same text, as some provider might cut it."""
    match random.randrange(5):
        case 0:
            return [text]
        case 1:
            return list(text)
        case 2:
            return re.findall(r"\S+\s*|\s+", text)
        case 3:
            return [*re.findall(r"\s*\S+", text), "", " "]
        case _:
            cuts = sorted(random.sample(range(len(text) + 1), min(len(text), 6)))
            return [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]


def plain(text: str) -> str:
    return " ".join(text.casefold().split())


async def everything_told(customer: Customer, turn: Sequence[tuple[int, dict[str, Any]]]) -> list[str]:
    """All that one turn has told the customer: as it came, as it stood in the end, and as it was kept."""
    streamed = "".join(event["content"] for _, event in turn if event["type"] == "chunk")
    done = turn[-1][1]
    feed = f"/v1/public/chat/session/{customer.session_id}/events"
    last = (await customer.snapshot())["lastEventId"]
    kept: list[str] = []
    async with customer.http.stream("GET", feed, headers=customer.headers) as answer:
        async for number, event in events_of(answer):
            kept.append(event["message"]["content"] if event["type"] == "message" else "")
            if number == last:
                break
    said = [each["content"] for each in (await customer.snapshot())["messages"]]
    return [plain(each) for each in (streamed, done.get("message", ""), said[-1], kept[-1])]


async def hostile_turns(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, studio: TenantHandle, owner_url: str, count: int
) -> list[str]:
    """Turns of a model that lies. Returns the claims that came through."""
    random = seeded("phantom claims")
    plans: dict[str, list[Say]] = {}
    leaked: list[str] = []

    def script(asked: Asked) -> Say:
        return plans[asked.question].pop(0)

    _, settings = installed(monkeypatch, settings, script)

    async def talk(http: httpx2.AsyncClient, who: int) -> None:
        customer = Customer(http, studio.key)
        await customer.start()
        for n in range(count // 10):
            question, claims = f"question {n} of {who}", random.sample(CLAIMS, 4)
            said = [*claims, random.choice(HARMLESS)]
            random.shuffle(said)
            plan = [Say(pieces(random, random.choice([" ", "\n", "  "]).join(said)))]
            if random.random() < 0.3:
                torn = random.choice(TORN)
                claims.append(" ".join(torn))
                look = [("business_info", {"about": "contact"})]
                plan = [Say(pieces(random, torn[0]), look), Say(pieces(random, torn[1]))]
            plans[question] = plan
            turn = await customer.stream(question)
            assert turn[-1][1]["type"] == "done", turn[-1]
            assert turn[-1][1]["degraded"] is False
            told = await everything_told(customer, turn)
            leaked.extend(claim for claim in claims if any(plain(claim) in each for each in told))

    async with running(settings) as server, http_client(base_url=server.url, timeout=60) as http:
        await asyncio.gather(*(talk(http, who) for who in range(10)))
    stored = json.dumps(ledger.rows(owner_url, "select content, steps from messages"), ensure_ascii=False)
    leaked += [claim for claim in CLAIMS if claim in stored]
    return leaked


async def test_no_claim_leaves_without_a_receipt(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, studio: TenantHandle, owner_url: str
) -> None:
    leaked = await hostile_turns(monkeypatch, settings, studio, owner_url, times(120))
    assert sorted(set(leaked)) == []
    tried(times(120), "hostile turns")


class LetsAllThrough:
    """The red control: a guard that is none."""

    def __init__(self, allowed: frozenset[str], said: str) -> None:
        pass

    def feed(self, text: str) -> Checked:
        return Checked(text)

    def finish(self) -> Checked:
        return Checked("")


async def test_without_the_guard_claims_are_seen_to_leave(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, studio: TenantHandle, owner_url: str
) -> None:
    monkeypatch.setattr("handled.agent.turn.ReceiptGuard", LetsAllThrough)
    leaked = await hostile_turns(monkeypatch, settings, studio, owner_url, 20)
    print(f"detected {len(leaked)} claims with the guard off")
    assert len(set(leaked)) > 10


async def test_with_a_receipt_the_same_words_are_true_and_pass(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, studio: TenantHandle
) -> None:
    says: list[Say] = []
    _, settings = installed(monkeypatch, settings, lambda _: says.pop(0))
    booking = {"service": "haircut", "name": "Kim Lee", "email": "kim@example.com"}
    async with running(settings) as server, Customer.of(server.url, studio.key) as customer:
        await customer.start()
        free = (await customer.get("/availability?service=haircut&from=2020-01-01&to=2020-01-02")).json()
        assert free["slots"] == []
        says += [Say(["Looking."], [("find_slots", {"service": "haircut"})])]
        says += [Say(["You're booked, nearly."])]
        before = await customer.say("anything free?")
        assert "You're booked" not in before["message"]
        slot = before["cards"][0]["days"][0]["slots"][0]["slotId"].split("@")[1]
        says += [Say([], [("propose_booking", {**booking, "start": slot})]), Say(["Shall I?"])]
        await customer.confirm((await customer.say("that one"))["proposal"])
        says += [Say(["You're booked for that day."])]
        after = await customer.say("so what is the state of things?")
    assert after["message"] == "You're booked for that day."
