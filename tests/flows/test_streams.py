"""Streams through HTTP: what one page does, every other page of the conversation sees, once and in order."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest

from handled.conversations import receiving
from handled.kit import clock, wakeups
from handled.kit.tasks import beside
from handled.settings import Settings
from handled.tenants import accounts
from handled.web.deps import Desk
from tests.conftest import Running, TenantHandle, at, running
from tests.customers import Customer, Json, events_of
from tests.faults import ledger
from tests.faults.scripted_model import Asked, Say, installed

Event = tuple[int, Json]


@pytest.fixture(autouse=True)
def monday_morning() -> None:
    clock.start_at(at("2026-03-02T09:00:00-05:00"))


def types_of(events: list[Event]) -> list[str]:
    return [event["type"] for _, event in events]


async def test_a_turn_begins_with_turn_ends_with_done_and_counts_from_one(customer: Customer) -> None:
    events = await customer.stream("haircut on Tuesday at 3pm, I am Kim Lee, kim@example.com")
    assert [number for number, _ in events] == list(range(1, len(events) + 1))
    assert (types_of(events)[0], types_of(events)[-1]) == ("turn", "done")
    chunks = "".join(event["content"] for _, event in events if event["type"] == "chunk")
    done = events[-1][1]
    assert chunks == done["message"]
    assert [event["proposal"]["proposalId"] for _, event in events if event["type"] == "proposal"] == [
        done["proposal"]["proposalId"]
    ]
    tools = [(event["name"], event["state"]) for _, event in events if event["type"] == "tool"]
    assert tools[0::2] == [(name, "started") for name, _ in tools[1::2]]


async def test_the_stream_says_what_proxies_and_caches_need_to_know(customer: Customer) -> None:
    async with customer.streaming("hello") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-accel-buffering"] == "no"
        await answer.aread()


async def test_waiting_for_the_answer_and_streaming_it_tell_the_same(customer: Customer) -> None:
    waited = await customer.say("when are you open?", clientMessageId="a")
    streamed = (await customer.stream("when are you open?", clientMessageId="a"))[-1][1]
    assert streamed == waited


# --- the same message again


async def test_a_message_sent_twice_is_one_message_with_one_answer(customer: Customer) -> None:
    first = await customer.stream("when are you open?", clientMessageId="once")
    again = await customer.stream("when are you open?", clientMessageId="once")
    assert again == first
    said = (await customer.snapshot())["messages"]
    assert [each["role"] for each in said] == ["agent", "customer", "agent"]
    assert said[1]["clientMessageId"] == "once"


async def test_a_message_sent_ten_times_at_once_is_one_message_with_one_answer(
    customer: Customer, owner_url: str
) -> None:
    turns = await asyncio.gather(*(customer.stream("is there parking?", clientMessageId="ten") for _ in range(10)))
    assert all(each == turns[0] for each in turns)
    said = (await customer.snapshot())["messages"]
    assert [each["role"] for each in said] == ["agent", "customer", "agent"]
    assert ledger.value(owner_url, "select count(*) from turns") == 1


async def test_two_customers_may_use_the_same_message_id(
    server: Running, studio: TenantHandle, customer: Customer
) -> None:
    async with Customer.of(server.url, studio.key) as other:
        await other.start()
        mine = await customer.say("when are you open?", clientMessageId="same")
        theirs = await other.say("is there parking?", clientMessageId="same")
    assert mine["turnId"] != theirs["turnId"]


async def test_the_first_words_are_read_before_the_rest_is_worked_on(server: Running, customer: Customer) -> None:
    desk: Desk = server.app.state.desk
    who = UUID(customer.session_id), customer.token
    tenant_id = await accounts.find_by_public_key(desk.engine, customer.key)
    assert tenant_id is not None
    received = await receiving.receive(desk.engine, customer.key, tenant_id, *who, "hello", None, desk.runner)
    assert received is not None
    assert received.turn_id is not None
    seen: list[str] = []

    async def read(turn_id: UUID) -> None:
        async for batch in desk.streams.read(tenant_id, turn_id):
            seen.extend(orjson.loads(event)["type"] for _, event in batch)

    stream = desk.streams.open(tenant_id, received.turn_id)
    stream.begun({"type": "turn"})
    async with beside(read(received.turn_id)):
        await stream.text("Hello")
        assert seen == ["turn", "chunk"]
    desk.streams.close(stream)


# --- a message while another is being answered


async def test_messages_sent_while_one_is_answered_are_answered_next_in_order(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, studio: TenantHandle
) -> None:
    _, settings = installed(monkeypatch, settings, lambda asked: Say([f"You said: {asked.question}"]))
    async with running(settings) as server, Customer.of(server.url, studio.key) as customer:
        await customer.start()
        sending = [asyncio.create_task(customer.stream(f"message {n}")) for n in range(8)]
        answers = await asyncio.gather(*sending)
        said = (await customer.snapshot())["messages"][1:]
    for n, events in enumerate(answers):
        assert events[-1][1]["message"] == f"You said: message {n}"
    asked = [each["content"] for each in said if each["role"] == "customer"]
    answered = [each["content"].removeprefix("You said: ") for each in said if each["role"] == "agent"]
    assert sorted(asked) == [f"message {n}" for n in range(8)]
    assert answered == asked, "each answer stands after its question"
    order = [each["at"] for each in said if each["role"] == "agent"]
    assert order == sorted(order), "answered in the order in which they came"


async def test_one_turn_runs_at_a_time_in_a_conversation(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, studio: TenantHandle, owner_url: str
) -> None:
    at_once: list[int] = []

    def script(asked: Asked) -> Say:
        at_once.append(ledger.value(owner_url, "select count(*) from turns where status = 'running'"))
        return Say(["Yes."])

    _, settings = installed(monkeypatch, settings, script)
    async with running(settings) as server, Customer.of(server.url, studio.key) as customer:
        await customer.start()
        await asyncio.gather(*(customer.say(f"message {n}") for n in range(5)))
    assert at_once == [1] * 5


# --- two pages of one conversation


class Tab:
    """A page that only follows: a snapshot, then the feed, applied by id as any page would."""

    def __init__(self, customer: Customer, snapshot: Json) -> None:
        self.customer = customer
        self.messages = {each["messageId"]: each for each in snapshot["messages"]}
        self.proposal = snapshot["proposal"]
        self.bookings = {each["bookingId"]: each for each in snapshot["bookings"]}
        self.handled_by = snapshot["handledBy"]
        self.last = snapshot["lastEventId"]
        self.ids: list[int] = []

    async def follow(self, until: int) -> None:
        path = f"/v1/public/chat/session/{self.customer.session_id}/events"
        headers = self.customer.headers | {"Last-Event-ID": str(self.last)}
        if until <= self.last:
            return
        async with self.customer.http.stream("GET", path, headers=headers) as answer:
            async for number, event in events_of(answer):
                self.ids.append(number)
                self.apply(event)
                self.last = number
                if number >= until:
                    return

    def apply(self, event: Json) -> None:
        match event["type"]:
            case "message":
                self.messages[event["message"]["messageId"]] = event["message"]
            case "proposal":
                proposal = event["proposal"]
                if proposal["status"] == "pending":
                    self.proposal = proposal
                elif self.proposal and self.proposal["proposalId"] == proposal["proposalId"]:
                    self.proposal = None
            case "receipt":
                self.bookings[event["booking"]["bookingId"]] = event["booking"]
                self.proposal = None
            case "handoff":
                self.handled_by = event["handledBy"]
            case _:
                pass

    def shows(self) -> dict[str, Any]:
        # The wire writes times and absent fields in more than one way.
        messages = {key: _said(each) for key, each in self.messages.items()}
        bookings = {key: each["status"] for key, each in self.bookings.items()}
        proposal = (
            (self.proposal["proposalId"], self.proposal["previewHash"], self.proposal["code"])
            if self.proposal
            else None
        )
        return {"messages": messages, "proposal": proposal, "bookings": bookings, "handledBy": self.handled_by}


def _said(message: Json) -> Json:
    keep = ("role", "content", "cards", "choices", "expects")
    return {key: message.get(key) for key in keep} | {"clientMessageId": message.get("clientMessageId")}


STORY = [
    "when are you open?",
    "haircut on Tuesday at 3pm, I am Kim Lee, kim@example.com",
    "actually make it 4pm",
    "yes",
    "haircut on Friday at 10am for Kim Lee, kim@example.com",
    "no",
    "haircut on Friday at 11am for Kim Lee, kim@example.com",
    "CONFIRM",
]


async def test_a_snapshot_and_the_events_after_it_are_the_later_snapshot(customer: Customer) -> None:
    tabs = [Tab(customer, await customer.snapshot())]
    done: Json = {}
    for line in STORY:
        if line == "CONFIRM":
            await customer.confirm(done["proposal"])
        else:
            done = await customer.say(line)
        now = await customer.snapshot()
        for tab in tabs:
            await tab.follow(now["lastEventId"])
            assert tab.shows() == Tab(customer, now).shows(), line
        tabs.append(Tab(customer, now))
    assert len(tabs[0].bookings) == 2
    assert tabs[0].ids == list(range(tabs[0].ids[0], tabs[0].ids[0] + len(tabs[0].ids)))


async def test_a_page_that_watches_sees_the_proposal_as_soon_as_it_is_made(customer: Customer) -> None:
    watching = Tab(customer, await customer.snapshot())
    done = await customer.say("haircut on Tuesday at 3pm, I am Kim Lee, kim@example.com")
    await watching.follow((await customer.snapshot())["lastEventId"])
    assert watching.proposal is not None
    assert watching.proposal["proposalId"] == done["proposal"]["proposalId"]
    assert watching.proposal["previewHash"] == done["proposal"]["previewHash"]


async def test_a_page_opened_in_mid_turn_follows_that_turn_to_its_end(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, studio: TenantHandle
) -> None:
    looked: list[Json] = []
    turn: Json = {}
    done: Json = {}
    _, settings = installed(monkeypatch, settings, lambda _: Say(["One ", "two ", "three."]))
    async with running(settings) as server, Customer.of(server.url, studio.key) as customer:
        await customer.start()
        async with customer.streaming("count") as answer:
            async for _, event in events_of(answer):
                if event["type"] == "turn":
                    looked.append(await customer.snapshot())
                    turn = event
                done = event
        replay = await customer.resume(turn["turnId"], 0)
    assert replay[-1][1] == done
    running_then = looked[0]["turn"]
    assert running_then is None or running_then["turnId"] == turn["turnId"]


async def test_a_feed_whose_wake_up_got_lost_still_hears_what_happened(
    monkeypatch: pytest.MonkeyPatch, server: Running, customer: Customer, owner_url: str
) -> None:
    waits, wait = asyncio.Event(), wakeups.wait

    async def waiting(event: asyncio.Event, seconds: float) -> bool:
        waits.set()
        return await wait(event, seconds)

    monkeypatch.setattr(wakeups, "wait", waiting)
    names = {"id": UUID(customer.session_id), "data": orjson.dumps({"type": "handoff", "handledBy": "staff"}).decode()}
    path = f"/v1/public/chat/session/{customer.session_id}/events"
    async with asyncio.timeout(20), customer.http.stream("GET", path, headers=customer.headers) as answer:
        events = events_of(answer)
        await anext(events)
        await waits.wait()
        # Written without the notification that belongs to it.
        ledger.change(
            owner_url,
            "with gone_on as (update conversations set last_event = last_event + 1 where id = %(id)s returning *)"
            " insert into conversation_events (tenant_id, conversation_id, position, data)"
            " select tenant_id, id, last_event, %(data)s from gone_on",
            **names,
        )
        await server.app.state.desk.feeds.look()
        assert await anext(events) == (2, {"type": "handoff", "handledBy": "staff"})


async def test_the_feed_of_a_session_is_told_apart_by_its_token(customer: Customer) -> None:
    path = f"/chat/session/{customer.session_id}/events"
    refused = await customer.http.get(f"/v1/public{path}", headers=customer.headers | {"X-Session-Token": str(uuid4())})
    assert (refused.status_code, refused.json()["error"]) == (404, "not_found")
