"""The process may die at any moment: what was acknowledged is kept, what was under way is told as it is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import httpx2
import pytest

from tests.conftest import TenantHandle
from tests.customers import Customer, Json, events_of
from tests.faults import ledger
from tests.faults.installation import serving
from tests.faults.scale import seeded, times, tried
from tests.twins.claude import ClaudeTwin
from tests.twins.scripts import says
from tests.waiting import until

NOW = "2026-03-02T09:00:00-05:00"


@pytest.fixture
async def hanging() -> AsyncIterator[ClaudeTwin]:
    """A provider that begins to speak and then says no more."""
    async with ClaudeTwin.running() as twin:
        twin.always(says("Let me have a look at the calendar for you. And then I will ").then("hang", 9))
        yield twin


def asking(twin: ClaudeTwin) -> dict[str, str]:
    """Settings with which a server asks this provider."""
    return {
        "HANDLED_MODEL": "anthropic:claude-haiku-4-5",
        "HANDLED_MODEL_BASE_URL": twin.url,
        "ANTHROPIC_API_KEY": "sk-ant-of-a-test",
    }


async def test_a_turn_whose_server_was_killed_says_so_and_the_conversation_goes_on(
    owner_url: str, studio: TenantHandle, tmp_path: Path, hanging: ClaudeTwin
) -> None:
    seen: list[tuple[int, Json]] = []
    async with serving(owner_url, tmp_path, **asking(hanging)) as first, Customer.of(first.url, studio.key) as customer:
        await customer.start()
        queued = ""
        with pytest.raises(httpx2.TransportError):
            async with customer.streaming("is anything free?") as answer:
                async for event in events_of(answer):
                    seen.append(event)
                    if event[1]["type"] == "chunk" and not queued:
                        queued = await _send_and_leave(customer, "when are you open?")
                        await first.kill()
        assert seen[-1][1]["type"] == "chunk"
    async with serving(owner_url, tmp_path) as second, Customer.of(second.url, studio.key) as back:
        back.session_id, back.token = customer.session_id, customer.token
        async with asyncio.timeout(60):
            rest = await back.resume(seen[0][1]["turnId"], seen[-1][0])
            answered = await back.resume(queued, 0)
        assert [number for number, _ in rest] == list(range(seen[-1][0] + 1, seen[-1][0] + 1 + len(rest)))
        assert (rest[-1][1]["type"], rest[-1][1]["error"]) == ("error", "interrupted")
        assert "interrupted" in rest[-1][1]["message"]
        assert answered[-1][1]["type"] == "done"
        assert "Monday" in answered[-1][1]["message"]
        said = [each["content"] for each in (await back.snapshot())["messages"]]
        assert rest[-1][1]["message"] in said
        assert (await back.snapshot())["turn"] is None
        assert (await back.say("is there parking?"))["message"]
    states = ledger.rows(owner_url, "select status from turns order by created_at")
    assert [each["status"] for each in states] == ["failed", "done", "done"]


async def test_where_two_servers_run_the_other_one_ends_the_turn_and_the_reader_goes_on_there(
    owner_url: str, studio: TenantHandle, tmp_path: Path, hanging: ClaudeTwin
) -> None:
    seen: list[tuple[int, Json]] = []
    async with (
        serving(owner_url, tmp_path, **asking(hanging)) as first,
        serving(owner_url, tmp_path) as second,
        Customer.of(first.url, studio.key) as customer,
        Customer.of(second.url, studio.key) as elsewhere,
    ):
        await customer.start()
        elsewhere.session_id, elsewhere.token = customer.session_id, customer.token
        with pytest.raises(httpx2.TransportError):
            async with customer.streaming("is anything free?") as answer:
                async for event in events_of(answer):
                    seen.append(event)
                    if event[1]["type"] == "chunk":
                        await first.kill()
        async with asyncio.timeout(60):
            rest = await elsewhere.resume(seen[0][1]["turnId"], seen[-1][0])
        assert [number for number, _ in rest] == list(range(seen[-1][0] + 1, seen[-1][0] + 1 + len(rest)))
        assert (rest[-1][1]["type"], rest[-1][1]["error"]) == ("error", "interrupted")
        assert (await elsewhere.say("is there parking?"))["message"]
    states = ledger.rows(owner_url, "select status from turns order by created_at")
    assert [each["status"] for each in states] == ["failed", "done"]


async def test_whenever_the_server_dies_the_turn_is_whole_or_says_that_it_is_not(
    owner_url: str, studio: TenantHandle, tmp_path: Path
) -> None:
    random = seeded("killed while answering")
    for n in range(times(1)):
        async with (
            serving(owner_url, tmp_path, HANDLED_NOW=NOW) as first,
            Customer.of(first.url, studio.key) as customer,
        ):
            await customer.start()
            await customer.say("hello")
            request = f"haircut on Tuesday at {9 + n % 8}:00, I am Kim Lee, kim{n}@example.com"
            sending = asyncio.create_task(customer.try_say(request, clientMessageId="the one"))
            await _some_moments_later(random.randrange(40))
            await first.kill()
            answered = (await asyncio.gather(sending, return_exceptions=True))[0]
        async with serving(owner_url, tmp_path, HANDLED_NOW=NOW) as second, Customer.of(second.url, studio.key) as back:
            back.session_id, back.token = customer.session_id, customer.token
            async with asyncio.timeout(60):
                again = await back.stream(request, clientMessageId="the one")
            assert [number for number, _ in again] == list(range(1, len(again) + 1))
            ended = again[-1][1]
            if isinstance(answered, httpx2.Response) and answered.status_code == 200:
                assert answered.json() == ended, "what was answered stays"
            assert ended["type"] == "done" or (ended["type"], ended["error"]) == ("error", "interrupted")
            snapshot = await back.snapshot()
            assert snapshot["turn"] is None
            assert sum(each["clientMessageId"] == "the one" for each in snapshot["messages"]) == 1
            proposal = snapshot["proposal"]
            if proposal is not None:
                assert (await back.confirm(proposal))["booking"]["status"] == "confirmed"
    assert ledger.double_bookings(owner_url) == []
    assert ledger.halves(owner_url) == []
    tried(times(1), "kills in the middle of a turn")


async def _send_and_leave(customer: Customer, message: str) -> str:
    """Send a message whose turn has to wait; the id of that turn."""
    body = {"sessionId": customer.session_id, "message": message, "clientMessageId": "waiting"}
    sending = asyncio.create_task(customer.post("/chat/message", body))

    async def waiting() -> list[Json]:
        return [each for each in (await customer.snapshot())["messages"] if each["clientMessageId"] == "waiting"]

    stored = await until(waiting, what="the message is stored")
    sending.cancel()
    return stored[0]["turnId"]


async def test_a_booking_is_made_once_whenever_the_server_dies_while_it_is_confirmed(
    owner_url: str, studio: TenantHandle, tmp_path: Path
) -> None:
    random = seeded("killed while confirming")
    for n in range(times(1)):
        async with (
            serving(owner_url, tmp_path, HANDLED_NOW=NOW) as first,
            Customer.of(first.url, studio.key) as customer,
        ):
            await customer.start()
            request = f"haircut on Tuesday at {9 + n % 8}:00, I am Kim Lee, kim{n}@example.com"
            proposal = (await customer.say(request))["proposal"]
            confirming = asyncio.create_task(customer.try_confirm(proposal))
            await _some_moments_later(random.randrange(60))
            await first.kill()
            answers = await asyncio.gather(confirming, return_exceptions=True)
        async with serving(owner_url, tmp_path, HANDLED_NOW=NOW) as second, Customer.of(second.url, studio.key) as back:
            back.session_id, back.token = customer.session_id, customer.token
            confirmed = await back.confirm(proposal)
            if isinstance(answers[0], httpx2.Response) and answers[0].status_code == 200:
                assert answers[0].json() == confirmed, "what was acknowledged stays"
            bookings = (await back.snapshot())["bookings"]
            assert [each["code"] for each in bookings] == [confirmed["booking"]["code"]]
            code = confirmed["booking"]["code"]
            await until(lambda code=code: len(_mails(tmp_path, code)) >= 2, within=90, what="both mails")
        mails = _mails(tmp_path, code)
        assert sorted(mails) == [f"kim{n}@example.com", "owner@studio.example"], "one mail to each"
    assert ledger.halves(owner_url) == []
    tried(times(1), "kills while a booking is confirmed")


async def _some_moments_later(rounds: int) -> None:
    """Let the request get anywhere between its first byte and its answer; the seed decides."""
    for _ in range(rounds):
        await asyncio.sleep(0.001)


def _mails(folder: Path, code: str) -> list[str]:
    stored = [message_from_bytes(each.read_bytes(), policy=default) for each in (folder / "mailbox").glob("*.eml")]
    return [str(each["To"].addresses[0].addr_spec) for each in stored if code in each.as_string()]
