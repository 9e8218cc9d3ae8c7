"""Booked, paid, moved, cancelled, paid back: by every payment rule and every cancellation policy, through HTTP."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.kit import clock
from tests.conftest import STUDIO, Running, at, import_tenant
from tests.customers import Customer, Json
from tests.faults import ledger
from tests.http_client import http_client
from tests.waiting import until

MONDAY = at("2026-03-02T09:00:00-05:00")
PRICE = 4500
# What is asked for in advance.
DUE = {"none": 0, "deposit": 1500, "full": PRICE}
PAYMENT = {"none": "", "deposit": '\n    payment: deposit\n    deposit: "15.00"', "full": "\n    payment: full"}
OWN_POLICY = "cancellation: {free_until: 24 h, fee_percent: 50}"

MAILS = (
    "payment_awaited",
    "booking_confirmed",
    "new_booking",
    "booking_moved",
    "move_notice",
    "booking_cancelled",
    "cancellation_notice",
)


@dataclass(frozen=True)
class Policy:
    """`late_minor` is what cancelling costs within a day of the beginning."""

    written: str
    late_minor: int
    moves: int | None = None


POLICIES = {
    "no fee": Policy("", 0),
    "half the price": Policy(OWN_POLICY, 2250),
    "ten dollars": Policy('cancellation: {free_until: 24 h, fee: "10.00"}', 1000),
    "moved once": Policy("cancellation: {free_until: 24 h, fee_percent: 20, moves: 1}", 900, 1),
}


@dataclass
class Client:
    """Who has the chat before them, and the link of their mails."""

    chat: Customer
    http: httpx2.AsyncClient
    owner_url: str
    link: str = ""

    async def book(self) -> Json:
        said = await self.chat.say("A haircut on 2026-03-11 at 10:00 please. I'm Kim Lee, kim@example.com")
        answer = await self.chat.confirm(said["proposal"])
        self.link = "/v1/public/bookings/" + answer["booking"]["manageUrl"].rpartition("/")[2]
        return answer

    async def pay(self, pay_url: str) -> None:
        clicked = await self.http.post(httpx2.URL(pay_url).path)
        assert clicked.status_code == 303, clicked.text
        assert (await self.http.post(f"{httpx2.URL(clicked.headers['location']).path}/pay")).status_code == 303
        await until(self._confirmed, what="the payment counts")

    async def try_move(self, start: str) -> httpx2.Response:
        return await self.http.post(f"{self.link}/reschedule", json={"start": start})

    async def terms(self) -> Json:
        return (await self.http.get(self.link)).json()["cancel"]

    async def cancel(self) -> Json:
        asked = {"quoteHash": (await self.terms())["quoteHash"]}
        answer = await self.http.post(f"{self.link}/cancel", json=asked)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def _confirmed(self) -> bool:
        return (await self.chat.snapshot())["bookings"][-1]["status"] == "confirmed"

    # --- what the business has of it

    def value(self, query: str) -> Any:
        return ledger.value(self.owner_url, query)

    def movements(self) -> list[tuple[str, int]]:
        found = ledger.rows(self.owner_url, "select kind, amount_minor from ledger_entries order by kind")
        return [(each["kind"], each["amount_minor"]) for each in found]

    def audit(self) -> list[str]:
        return [
            each["action"]
            for each in ledger.rows(self.owner_url, "select action from audit_entries order by created_at, id")
        ]

    def mails(self) -> Counter[str]:
        """All but reminders: late, one is due, and sent if the worker's minute is before the cancelling."""
        query = "select kind from notifications where kind <> 'reminder'"
        return Counter(each["kind"] for each in ledger.rows(self.owner_url, query))


@pytest.fixture
async def client(
    server: Running, engine: AsyncEngine, owner_url: str, rule: str, policy: Policy
) -> AsyncIterator[Client]:
    """Of a studio with that payment rule and that policy, on a Monday morning."""
    clock.start_at(MONDAY)
    text = STUDIO.replace('price: "45.00"', f'price: "45.00"{PAYMENT[rule]}').replace(OWN_POLICY, policy.written)
    tenant = await import_tenant(engine, text)
    async with Customer.of(server.url, tenant.key) as chat, http_client(base_url=server.url, timeout=30) as http:
        await chat.start()
        yield Client(chat, http, owner_url)


async def reach_the_booking(client: Client, rule: str) -> None:
    """To a booking that stands, its money in the books."""
    answer = await client.book()
    due = DUE[rule]
    assert (answer["receipt"]["kind"], answer["booking"]["status"]) == (
        ("held", "pending_payment") if due else ("booked", "confirmed")
    )
    assert (answer["booking"]["due"] or {"amount": 0})["amount"] == due
    if due:
        await client.pay(answer["checkoutUrl"])
    assert client.movements() == ([("charge", due)] if due else [])


async def check_the_end(client: Client, rule: str, fee: int, refund: int) -> None:
    """Money, places, mails and audit of one booking that was moved once and cancelled."""
    due = DUE[rule]
    moved_money = ([("charge", due)] if due else []) + ([("refund", -refund)] if refund else [])
    await until(lambda: client.movements() == moved_money, what=f"{moved_money} in the books")
    assert client.value("select coalesce(sum(amount_minor), 0)::int from refunds where status = 'succeeded'") == refund
    assert client.value("select status || ' ' || fee_minor || ' ' || moves from bookings") == f"cancelled {fee} 1"
    assert client.value("select count(*) from occupancies") == 0
    told = {each: 1 for each in MAILS if due or each != "payment_awaited"}
    assert client.mails() == told
    assert client.audit() == ["held", *(["payment_awaited", "paid"] if due else ["confirmed"]), "moved", "cancelled"]


@pytest.mark.parametrize("late", [False, True], ids=["in time", "late"])
@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES.keys())
@pytest.mark.parametrize("rule", DUE)
async def test_a_whole_life_by_every_rule_and_policy(client: Client, rule: str, policy: Policy, late: bool) -> None:
    await reach_the_booking(client, rule)
    moved = await client.try_move("2026-03-12T14:00")
    assert (moved.status_code, moved.json()["receipt"]["kind"]) == (200, "moved"), moved.text
    if late:
        clock.start_at(at("2026-03-12T12:00-04:00"))
    fee = policy.late_minor if late else 0
    refund = max(0, DUE[rule] - fee)

    forbidden = "moves_used_up" if policy.moves else "too_late_to_move" if fee else None
    if forbidden:
        again = await client.try_move("2026-03-13T14:00")
        assert (again.status_code, again.json()["error"]) == (422, forbidden), again.text
        assert client.value("select starts_at from bookings") == at("2026-03-12T14:00-04:00")

    terms = await client.terms()
    assert ((terms["fee"] or {}).get("amount", 0), (terms["refund"] or {}).get("amount", 0)) == (fee, refund)
    gone = await client.cancel()
    assert (gone["receipt"]["kind"], gone["booking"]["status"]) == ("cancelled", "cancelled")
    lines = [f"Cancellation fee: ${fee / 100:.2f}" if fee else "Cancelling costs nothing."]
    lines += [f"You get back: ${refund / 100:.2f}"] if refund else []
    assert gone["receipt"]["lines"][2:] == lines
    await check_the_end(client, rule, fee, refund)


@pytest.mark.parametrize("policy", [POLICIES["half the price"]], ids=["half the price"])
@pytest.mark.parametrize("rule", DUE)
async def test_a_whole_life_in_the_chat_by_every_payment_rule(client: Client, rule: str, policy: Policy) -> None:
    await reach_the_booking(client, rule)
    said = await client.chat.say("can you move it to March 12 at 2 pm?")
    shown = said["proposal"]["preview"]
    assert (shown["title"], shown["date"], shown["time"]) == ("Move Haircut", "2026-03-12", "14:00")
    assert (await client.chat.confirm(said["proposal"]))["receipt"]["kind"] == "moved"

    clock.start_at(at("2026-03-12T12:00-04:00"))
    refused = await client.chat.say("could we make it 4 pm instead?")
    assert refused["proposal"] is None
    assert "too late to move" in refused["message"]

    refund = max(0, DUE[rule] - policy.late_minor)
    said = await client.chat.say("then please cancel it")
    assert "$22.50" in said["message"], "the fee is told before the question"
    shown = said["proposal"]["preview"]
    assert shown["fee"] == {"amount": policy.late_minor, "currency": "USD"}
    assert (shown["refund"] or {"amount": 0})["amount"] == refund
    gone = await client.chat.confirm(said["proposal"])
    assert gone["receipt"]["kind"] == "cancelled"
    assert ("on its way back" in gone["message"]) == bool(refund)
    await check_the_end(client, rule, policy.late_minor, refund)
    assert [each["status"] for each in (await client.chat.snapshot())["bookings"]] == ["cancelled"]


@pytest.mark.parametrize(("rule", "policy"), [("full", POLICIES["half the price"])], ids=["full"])
async def test_what_is_moved_within_its_free_days_is_free_by_its_new_time(
    client: Client, rule: str, policy: Policy
) -> None:
    await reach_the_booking(client, rule)
    clock.start_at(at("2026-03-11T10:00-04:00") - timedelta(hours=25))
    assert (await client.try_move("2026-03-16T14:00")).status_code == 200
    clock.start_at(at("2026-03-11T10:00-04:00"))
    assert (await client.terms())["fee"] is None
    await client.cancel()
    await check_the_end(client, rule, 0, PRICE)
