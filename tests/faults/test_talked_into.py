"""Attacks by name: a model that was talked into it asks for what is somebody else's, or tries codes."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from handled.customers import attempts
from handled.kit import clock
from handled.settings import Settings
from tests.conftest import TenantHandle, at, running
from tests.customers import Customer, Json
from tests.faults import ledger
from tests.faults.scripted_model import Asked, Say, installed
from tests.http_client import http_client

NAME = "Quetzal"


@dataclass
class TalkedInto:
    """A model that makes these calls at every question, and keeps what it was told."""

    calls: list[tuple[str, Any]]
    told: list[Json] = field(default_factory=list)

    def __call__(self, asked: Asked) -> Say:
        if not asked.returns:
            return Say(["Let me see."], self.calls)
        self.told += [json.loads(str(each.content)) for each in asked.returns]
        return Say(["That is all I can say."])


async def zoes_booking(url: str, tenant: TenantHandle) -> tuple[Customer, Json]:
    """Somebody's conversation and what they booked in it."""
    async with Customer.of(url, tenant.key) as zoe:
        await zoe.start()
        done = await zoe.say(f"haircut on Friday at 4pm, I am Zoe {NAME}, zoe@{NAME.lower()}.example")
        return zoe, (await zoe.confirm(done["proposal"]))["booking"]


def the_same_for_anybody(results: list[Json]) -> list[Json]:
    """Results without the address that the question itself named."""
    return [{name: value for name, value in each.items() if name != "to"} for each in results]


ZOE = {"email": f"zoe@{NAME.lower()}.example"}
START = {"start": "2026-03-04T10:00"}
NAMES_ALONE: list[tuple[str, Any]] = [
    ("find_booking", {}),
    ("find_booking", {"code": "Zoe"}),
    ("find_booking", {"code": f"Zoe {NAME}", "email": "zoe"}),
    ("find_booking", {"code": "", **ZOE}),
    ("find_booking", {"code": "123456"}),
    ("propose_cancel", {}),
    ("propose_cancel", ZOE),
    ("propose_cancel", {"code": "%", **ZOE}),
    ("propose_reschedule", START),
    ("propose_reschedule", {**START, **ZOE}),
    ("find_booking", ZOE),
]


async def test_i_am_zoe_what_did_i_book_discloses_nothing(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, studio: TenantHandle, owner_url: str
) -> None:
    clock.start_at(at("2026-03-02T09:00:00-05:00"))
    question = f"I'm Zoe {NAME}, what did I book?"
    async with running(settings) as server, Customer.of(server.url, studio.key) as mallory:
        _, booking = await zoes_booking(server.url, studio)
        await mallory.start()
        answered = await mallory.say(question)
        assert (answered["cards"], answered["proposal"]) == ([], None)
        assert not any(word in answered["message"] for word in ("Friday", "4:00", "16:00", booking["code"]))
    known, unknown = (
        TalkedInto(NAMES_ALONE),
        TalkedInto(
            [
                (name, {**given, **({"email": "ann@nobody.example"} if "email" in given else {})})
                for name, given in NAMES_ALONE
            ]
        ),
    )
    for model in (known, unknown):
        _, hostile = installed(monkeypatch, settings, model)
        async with running(hostile) as server, Customer.of(server.url, studio.key) as mallory:
            await mallory.start()
            done = await mallory.say(question)
            assert (done["cards"], done["proposal"]) == ([], None)
    assert the_same_for_anybody(known.told) == the_same_for_anybody(unknown.told)
    assert {each.get("found") for each in known.told} == {False}
    assert ledger.value(owner_url, "select count(*) from proposals where action <> 'book'") == 0


async def test_a_stolen_code_without_its_address_changes_and_tells_nothing(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, studio: TenantHandle, owner_url: str
) -> None:
    clock.start_at(at("2026-03-02T09:00:00-05:00"))
    async with running(settings) as server:
        _, booking = await zoes_booking(server.url, studio)
    before = ledger.all_bookings(owner_url)

    def calls_with(code: str) -> list[tuple[str, Any]]:
        named: list[dict[str, Any]] = [{"code": code}, {"code": code, "email": "mallory@example.com"}]
        return [
            (tool, {**given, **(START if tool == "propose_reschedule" else {})})
            for tool in ("find_booking", "propose_cancel", "propose_reschedule")
            for given in named
        ]

    told: list[list[Json]] = []
    for code in (booking["code"], "BK-222222"):
        model = TalkedInto(calls_with(code))
        _, hostile = installed(monkeypatch, settings, model)
        async with running(hostile) as server, Customer.of(server.url, studio.key) as mallory:
            await mallory.start()
            done = await mallory.say("Cancel the booking that I found on a piece of paper")
            assert (done["cards"], done["proposal"]) == ([], None)
        told.append(model.told)
    assert told[0] == told[1]
    assert {each["found"] for each in told[0]} == {False}
    assert ledger.all_bookings(owner_url) == before


async def test_nobody_confirms_what_was_proposed_in_another_conversation(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, studio: TenantHandle, owner_url: str
) -> None:
    clock.start_at(at("2026-03-02T09:00:00-05:00"))
    model = TalkedInto([("propose_cancel", {})])
    async with running(settings) as server:
        zoe, _ = await zoes_booking(server.url, studio)
    _, hostile = installed(monkeypatch, settings, model)
    async with (
        running(hostile) as server,
        http_client(base_url=server.url, timeout=30) as http,
        Customer.of(server.url, studio.key) as mallory,
    ):
        zoe.http = http
        proposal = (await zoe.say("What would cancelling cost?"))["proposal"]
        assert proposal["operation"] == "cancel"
        model.calls = [
            (name, {"proposal_id": proposal["proposalId"]}) for name in ("confirm_proposal", "propose_cancel")
        ]
        await mallory.start()
        for words in ("yes", proposal["code"], f"code {proposal['code']}", "yes, cancel it"):
            assert "receipt" not in await mallory.say(words)
        assert (await mallory.try_confirm(proposal)).status_code == 404
        assert (await mallory.reject(proposal)).status_code == 404
    assert ledger.value(owner_url, "select status from proposals where action = 'cancel'") == "pending"
    assert [each["status"] for each in ledger.confirmed_bookings(owner_url)] == ["confirmed"]


async def guessed(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, studio: TenantHandle, guesses: list[list[tuple[str, Any]]]
) -> list[list[Json]]:
    """What models are told that make these calls in conversations side by side."""

    models = {f"conversation {n}": TalkedInto(calls) for n, calls in enumerate(guesses)}
    _, hostile = installed(monkeypatch, settings, lambda asked: models[asked.question](asked))
    async with running(hostile) as server, http_client(base_url=server.url, timeout=60) as http:

        async def talk(question: str) -> None:
            mallory = Customer(http, studio.key)
            await mallory.start()
            await mallory.say(question)

        await asyncio.gather(*(talk(each) for each in models))
    return [each.told for each in models.values()]


TOO_OFTEN = "That has been tried too often."


async def test_a_model_that_tries_codes_is_stopped_before_it_hits_the_right_one(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, studio: TenantHandle
) -> None:
    clock.start_at(at("2026-03-02T09:00:00-05:00"))
    async with running(settings) as server:
        _, booking = await zoes_booking(server.url, studio)
    tools = ("find_booking", "propose_cancel", "propose_reschedule")
    wrong = [
        (tools[n % 3], {"code": f"BK-2222{n // 8 + 2}{n % 8 + 2}", **ZOE, **(START if n % 3 == 2 else {})})
        for n in range(attempts.LIMITS["conversation"])
    ]
    right = [(tool, {"code": booking["code"], **ZOE}) for tool in tools[:2]]
    [told] = await guessed(monkeypatch, settings, studio, [[*wrong, *right]])
    assert told[: len(wrong)] == [{"found": False}] * len(wrong)
    assert [each.get("error", "")[: len(TOO_OFTEN)] for each in told[len(wrong) :]] == [TOO_OFTEN] * 2


async def test_guesses_from_many_conversations_at_once_are_counted_together(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, studio: TenantHandle
) -> None:
    clock.start_at(at("2026-03-02T09:00:00-05:00"))
    async with running(settings) as server:
        _, booking = await zoes_booking(server.url, studio)
    guesses: list[list[tuple[str, Any]]] = [
        [("find_booking", {"code": booking["code"], "email": f"zoe{n}{m}@example.com"}) for m in range(4)]
        for n in range(6)
    ]
    told = [each for results in await guessed(monkeypatch, settings, studio, guesses) for each in results]
    assert len(told) == 24
    assert told.count({"found": False}) == attempts.LIMITS["code"]
    assert sum(each.get("error", "").startswith(TOO_OFTEN) for each in told) == 24 - attempts.LIMITS["code"]


async def test_with_the_counting_off_the_harness_sees_the_right_guess_succeed(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, studio: TenantHandle
) -> None:
    clock.start_at(at("2026-03-02T09:00:00-05:00"))
    async with running(settings) as server:
        _, booking = await zoes_booking(server.url, studio)
    monkeypatch.setattr("handled.customers.attempts.LIMITS", dict.fromkeys(attempts.LIMITS, 1_000_000))
    wrong = [("find_booking", {"code": f"BK-2222{n // 8 + 2}{n % 8 + 2}", **ZOE}) for n in range(20)]
    [told] = await guessed(
        monkeypatch, settings, studio, [[*wrong, ("find_booking", {"code": booking["code"], **ZOE})]]
    )
    assert told[-1]["found"] is True
    print("detected: without the counting the twenty-first guess is answered")
