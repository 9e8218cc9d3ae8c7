"""A connection may break at any byte: what was said is neither lost nor repeated."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from handled.kit import clock
from handled.settings import Settings
from tests.conftest import Running, TenantHandle, at, running
from tests.customers import Customer
from tests.faults.cutting import Event, flaws, read
from tests.faults.scale import SCALE, seeded, times, tried
from tests.faults.scripted_model import Asked, Say, installed
from tests.waiting import until

# Characters of one to four bytes, some joined of several.
POLYGLOT = "Wir öffnen um neun ☕ — مرحبًا بكم في الصالون 💇🏽‍♀️ 髪を切る日 👩‍👩‍👧‍👦 "


def script(asked: Asked) -> Say:
    """A long answer that looks things up, proposes and goes on talking."""
    steps = sum(part.part_kind == "tool-return" for message in asked.messages for part in message.parts)
    match steps % 3:
        case 0:
            return Say([POLYGLOT] * 12, [("find_slots", {"service": "haircut", "when": "wednesday"})])
        case 1:
            wish = {"service": "haircut", "start": "2026-03-04T10:00", "name": "Kim Lee", "email": "kim@example.com"}
            return Say(list(POLYGLOT), [("propose_booking", wish)])
        case _:
            return Say([*([POLYGLOT] * 6), "Shall I?"])


@pytest.fixture
async def talkative(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, studio: TenantHandle
) -> AsyncIterator[tuple[Running, Customer]]:
    clock.start_at(at("2026-03-02T09:00:00-05:00"))
    _, settings = installed(monkeypatch, settings, script)
    async with running(settings) as server, Customer.of(server.url, studio.key) as customer:
        await customer.start()
        yield server, customer


def turn_path(turn_id: str) -> str:
    return f"/v1/public/chat/turns/{turn_id}/events"


async def cut_everywhere(customer: Customer, step: int, offset: int) -> tuple[int, list[str]]:
    """Break a replay at every `step`-th byte and resume it. Returns how often, and what was wrong."""
    turn = await customer.stream("tell me everything")
    path = turn_path(turn[0][1]["turnId"])
    whole = await read(customer, "GET", path)
    assert whole.events == turn
    assert whole.raw > 4096
    assert {event["type"] for _, event in turn} >= {"turn", "chunk", "tool", "cards", "proposal", "done"}
    found: list[str] = []
    cuts = range(1 + offset, whole.raw, step)
    for cut in cuts:
        first = await read(customer, "GET", path, cut=cut)
        rest = await read(customer, "GET", path, after=first.last_id)
        found += [f"cut at {cut}: {flaw}" for flaw in flaws(turn, first.events + rest.events)]
    return len(cuts), found


async def test_a_stream_cut_anywhere_goes_on_where_it_broke(talkative: tuple[Running, Customer]) -> None:
    step = max(1, round(47 / SCALE))
    cuts, found = await cut_everywhere(talkative[1], step, seeded("cuts").randrange(step))
    assert found == []
    tried(cuts, "cuts")


async def test_if_event_ids_were_ignored_the_cuts_would_show_it(
    monkeypatch: pytest.MonkeyPatch, talkative: tuple[Running, Customer]
) -> None:
    monkeypatch.setattr("handled.web.sse.last_event_id", lambda _: 0)
    cuts, found = await cut_everywhere(talkative[1], 400, 150)
    print(f"detected {len(found)} flaws in {cuts} cuts with ids ignored")
    assert len(found) >= cuts
    assert any("repeated" in each for each in found)


async def test_a_stream_cut_while_it_is_made_goes_on_where_it_broke(talkative: tuple[Running, Customer]) -> None:
    _, customer = talkative
    random = seeded("live cuts")
    for n in range(times(12)):
        body = {"sessionId": customer.session_id, "message": f"again {n}", "clientMessageId": f"live {n}"}
        got: list[Event] = []
        part = await read(customer, "POST", "/v1/public/chat/message/stream", body=body, cut=random.randint(150, 6000))
        got += part.events
        while not got:  # it broke before anything came: the page sends the message again
            part = await read(
                customer, "POST", "/v1/public/chat/message/stream", body=body, cut=random.randint(700, 4000)
            )
            got += part.events
        path = turn_path(got[0][1]["turnId"])
        while got[-1][1]["type"] not in ("done", "error"):
            part = await read(customer, "GET", path, after=got[-1][0], cut=random.randint(300, 12_000))
            got += part.events
        whole = await read(customer, "GET", path)
        assert flaws(whole.events, got) == []
        assert [number for number, _ in got] == list(range(1, len(got) + 1))


async def test_readers_who_leave_leave_nothing_behind(talkative: tuple[Running, Customer]) -> None:
    server, customer = talkative
    turn = await customer.stream("tell me everything")
    desk = server.app.state.desk
    before = len(asyncio.all_tasks())
    paths = [turn_path(turn[0][1]["turnId"]), f"/v1/public/chat/session/{customer.session_id}/events"]
    await asyncio.gather(*(read(customer, "GET", path, cut=cut) for path in paths for cut in range(50, 1500, 60)))
    await until(lambda: len(asyncio.all_tasks()) <= before and not desk.wakeups._waiting, what="all have left")
    assert not desk.streams._running


async def test_a_finished_turn_replays_and_ends_whatever_was_seen_of_it(talkative: tuple[Running, Customer]) -> None:
    _, customer = talkative
    turn = await customer.stream("tell me everything")
    path = turn_path(turn[0][1]["turnId"])
    async with asyncio.timeout(20):
        for after in (0, 1, len(turn) - 1, len(turn), len(turn) + 5):
            replay = await read(customer, "GET", path, after=after)
            assert replay.ended
            assert replay.events == turn[after:]


@pytest.mark.parametrize("header", ["", "-1", "x", "9" * 18, "1.5", "٣"])
async def test_a_nonsensical_event_id_replays_from_the_beginning(
    talkative: tuple[Running, Customer], header: str
) -> None:
    _, customer = talkative
    turn = await customer.stream("tell me everything")
    headers = customer.headers | {"Last-Event-ID": header.encode()}  # type: ignore[dict-item]
    async with asyncio.timeout(20):
        answer = await customer.http.get(turn_path(turn[0][1]["turnId"]), headers=headers)  # type: ignore[arg-type]
    assert answer.text.startswith("id: 1\n")
    assert answer.text.count("\nid: ") == len(turn) - 1
