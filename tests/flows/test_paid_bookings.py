"""A booking that is paid in advance, from the chat to the money and back, through HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.bookings import jobs
from handled.kit import clock
from handled.payments.gateways.sandbox import SandboxGateway
from tests.conftest import STUDIO, Running, TenantHandle, import_tenant
from tests.customers import Customer
from tests.faults import ledger as told
from tests.http_client import http_client
from tests.waiting import until

Json = dict[str, Any]

PAID = STUDIO.replace('price: "45.00"', 'price: "45.00"\n    payment: full').replace(
    'price: "120.00"', 'price: "120.00"\n    payment: deposit\n    deposit: "30.00"'
)


DINARS = (
    STUDIO.replace("currency: USD", "currency: KWD")
    .replace('price: "45.00"', 'price: "12.345"\n    payment: full')
    .replace('price: "120.00"', 'price: "40.500"\n    payment: deposit\n    deposit: "13.365"')
)


def _open_day(day: date) -> date:
    return day + timedelta(days=day.weekday() == 6)


@dataclass
class Payer:
    """Somebody in the chat of a studio that wants its money first; every booking is for one `day`."""

    chat: Customer
    server: Running
    http: httpx2.AsyncClient
    engine: AsyncEngine
    owner_url: str
    day: date = field(default_factory=lambda: _open_day(clock.now().date() + timedelta(days=9)))

    async def books(self, what: str = "haircut") -> Json:
        """To the confirmed card; the answer to the confirmation."""
        said = await self.chat.say(f"A {what} on {self.day} at 10:00 please. I'm Kim Lee, kim@example.com")
        return await self.chat.confirm(said["proposal"])

    async def pays(self, pay_url: str) -> None:
        link = pay_url.removeprefix(self.server.url)
        clicked = await self.http.post(link)
        assert clicked.status_code == 303, clicked.text
        page = clicked.headers["location"].removeprefix(self.server.url)
        assert (await self.http.post(f"{page}/pay")).status_code == 303

    async def booking(self) -> Json:
        return (await self.chat.snapshot())["bookings"][-1]

    async def until(self, status: str) -> Json:
        async def reached() -> Json | None:
            booking = await self.booking()
            return booking if booking["status"] == status else None

        return await until(reached, within=30, what=f"the booking is {status}")

    async def until_all_is_given_back(self) -> None:
        kept = "select coalesce(sum(amount_minor), 1) from ledger_entries"
        await until(lambda: self.value(kept) == 0, within=30, what="the money is given back")

    def value(self, query: str) -> Any:
        return told.value(self.owner_url, query)

    def mails(self) -> list[str]:
        return [
            each["kind"] for each in told.rows(self.owner_url, "select kind from notifications order by created_at")
        ]


@pytest.fixture
async def payer(server: Running, engine: AsyncEngine, owner_url: str) -> AsyncIterator[Payer]:
    tenant: TenantHandle = await import_tenant(engine, PAID)
    async with Customer.of(server.url, tenant.key) as chat, http_client(base_url=server.url) as http:
        await chat.start()
        yield Payer(chat, server, http, engine, owner_url)


async def test_what_is_paid_in_advance_is_held_and_not_said_to_be_booked(payer: Payer) -> None:
    answer = await payer.books()
    assert (answer["receipt"]["kind"], answer["booking"]["status"]) == ("held", "pending_payment")
    assert answer["checkoutUrl"].startswith(f"{payer.server.url}/pay/")
    assert "booked" not in answer["message"].lower()
    assert [each["status"] for each in answer["cards"] if each["kind"] == "payment"] == ["open"]
    assert payer.mails() == ["payment_awaited"]


async def test_money_makes_it_a_booking_and_both_sides_hear_of_it(payer: Payer) -> None:
    answer = await payer.books()
    await payer.pays(answer["checkoutUrl"])
    booking = await payer.until("confirmed")
    assert booking["paidAt"] and booking["payUrl"] is None
    assert sorted(payer.mails()) == ["booking_confirmed", "new_booking", "payment_awaited"]
    assert payer.value("select sum(amount_minor) from ledger_entries") == 4500
    last = (await payer.chat.snapshot())["messages"][-1]
    assert booking["code"] in last["content"]
    assert [each["kind"] for each in last["cards"]] == ["payment", "receipt"]


async def test_of_a_deposit_only_the_deposit_is_asked_for(payer: Payer) -> None:
    answer = await payer.books("colour")
    assert answer["booking"]["due"] == {"amount": 3000, "currency": "USD"}
    await payer.pays(answer["checkoutUrl"])
    await payer.until("confirmed")
    assert payer.value("select sum(amount_minor) from ledger_entries") == 3000


@pytest.mark.parametrize(
    ("what", "due", "rest"), [("haircut", 12340, "0.005"), ("colour", 13360, "27.140")], ids=["whole price", "deposit"]
)
async def test_with_three_decimals_everybody_is_told_what_can_be_charged(
    server: Running, engine: AsyncEngine, owner_url: str, what: str, due: int, rest: str
) -> None:
    tenant = await import_tenant(engine, DINARS)
    said = f"KWD\N{NO-BREAK SPACE}{due // 1000}.{due % 1000}"
    async with Customer.of(server.url, tenant.key) as chat, http_client(base_url=server.url) as http:
        await chat.start()
        payer = Payer(chat, server, http, engine, owner_url)
        answer = await payer.books(what)
        assert answer["booking"]["due"] == {"amount": due, "currency": "KWD"}
        assert said in answer["message"]
        [mail] = told.rows(owner_url, "select payload from notifications where kind = 'payment_awaited'")
        assert mail["payload"]["due_text"] == said
        page = (await http.get(answer["checkoutUrl"].removeprefix(server.url))).text
        assert f"<h1>{said}</h1>" in page and f"Pay {said}" in page
        await payer.pays(answer["checkoutUrl"])
        await payer.until("confirmed")
        assert payer.value("select amount_minor from ledger_entries") == due
        [mail] = told.rows(owner_url, "select payload from notifications where kind = 'booking_confirmed'")
    texts = (mail["payload"]["paid_text"], mail["payload"]["rest_text"])
    assert texts == (said, f"KWD\N{NO-BREAK SPACE}{rest}")


async def test_settling_twice_and_at_once_happens_once(payer: Payer, engine: AsyncEngine) -> None:
    answer = await payer.books()
    await payer.pays(answer["checkoutUrl"])
    await payer.until("confirmed")
    payment, tenant = payer.value("select id from payments"), payer.value("select tenant_id from payments")
    mails = payer.mails()
    await asyncio.gather(*(jobs.settle(engine, tenant, payment) for _ in range(8)))
    assert payer.mails() == mails
    assert payer.value("select count(*) from audit_entries where action = 'paid'") == 1


async def test_a_hold_that_is_not_paid_runs_out_and_the_slot_is_free_again(payer: Payer, engine: AsyncEngine) -> None:
    answer = await payer.books()
    clock.start_at(clock.now() + timedelta(minutes=40))
    await jobs.expire_unpaid(engine, SandboxGateway(engine, "whsec_of_a_test"))
    assert (await payer.booking())["status"] == "expired"
    assert payer.value("select count(*) from occupancies") == 0
    assert payer.value("select status from payments") == "cancelled"
    last = (await payer.chat.snapshot())["messages"][-1]
    assert "free again" in last["content"] and last["choices"][0]["label"] == "Look again"
    again = await payer.books()
    assert again["booking"]["time"] == answer["booking"]["time"]


async def test_nothing_is_let_go_of_while_its_checkout_cannot_be_closed(
    payer: Payer, engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from handled.payments.gateways.base import GatewayUnavailable

    async def silent(*_: Any, **__: Any) -> Any:
        raise GatewayUnavailable("timeout")

    answer = await payer.books()
    await payer.http.post(answer["checkoutUrl"].removeprefix(payer.server.url))
    clock.start_at(clock.now() + timedelta(minutes=70))
    monkeypatch.setattr(SandboxGateway, "expire_checkout", silent)
    assert await jobs.expire_unpaid(engine, SandboxGateway(engine, "whsec_of_a_test")) == 0
    assert (await payer.booking())["status"] == "pending_payment"
    assert payer.value("select count(*) from occupancies") == 1


async def _pay_late(payer: Payer, engine: AsyncEngine, *, taken: bool) -> None:
    """Held, clicked, run out, and then the money comes after all; meanwhile somebody else may have the time."""
    answer = await payer.books()
    clicked = await payer.http.post(answer["checkoutUrl"].removeprefix(payer.server.url))
    page = clicked.headers["location"].removeprefix(payer.server.url)
    clock.start_at(clock.now() + timedelta(minutes=70))
    await payer.http.post(f"{page}/expire")
    await jobs.expire_unpaid(engine, SandboxGateway(engine, "whsec_of_a_test"))
    assert (await payer.booking())["status"] == "expired"
    if taken:
        await payer.books()
    assert (await payer.http.post(f"{page}/pay-late")).status_code == 303


async def test_late_money_gets_the_slot_back_while_it_is_free(payer: Payer, engine: AsyncEngine) -> None:
    await _pay_late(payer, engine, taken=False)
    await payer.until("confirmed")
    assert payer.value("select count(*) from occupancies") == 1
    assert payer.value("select count(*) from refunds") == 0


async def test_late_money_goes_back_with_an_apology_when_somebody_else_has_the_slot(
    payer: Payer, engine: AsyncEngine
) -> None:
    await _pay_late(payer, engine, taken=True)
    await payer.until_all_is_given_back()
    assert payer.value("select count(*) from refunds where status = 'succeeded'") == 1
    assert "late_payment_refunded" in payer.mails()
    assert payer.value("select count(*) from occupancies") == 1
    assert "on its way back" in (await payer.chat.snapshot())["messages"][-1]["content"]


async def test_what_is_cancelled_by_its_link_is_told_in_the_chat_and_the_money_goes_back(payer: Payer) -> None:
    answer = await payer.books()
    await payer.pays(answer["checkoutUrl"])
    token = (await payer.until("confirmed"))["manageUrl"].rpartition("/")[2]
    shown = (await payer.http.get(f"/v1/public/bookings/{token}")).json()
    asked = {"quoteHash": shown["cancel"]["quoteHash"]}
    assert (await payer.http.post(f"/v1/public/bookings/{token}/cancel", json=asked)).status_code == 200
    snapshot = await payer.chat.snapshot()
    assert snapshot["bookings"][-1]["status"] == "cancelled"
    last = snapshot["messages"][-1]
    assert "is cancelled" in last["content"]
    assert [each["receipt"]["kind"] for each in last["cards"]] == ["cancelled"]
    await payer.until_all_is_given_back()
    assert sorted(payer.mails())[:2] == ["booking_cancelled", "booking_confirmed"]


async def test_a_checkout_that_is_begun_late_lets_the_chat_count_down_to_its_new_end(payer: Payer) -> None:
    answer = await payer.books()
    [card] = [each for each in answer["cards"] if each["kind"] == "payment"]
    clock.start_at(clock.now() + timedelta(minutes=20))
    clicked = await payer.http.post(answer["checkoutUrl"].removeprefix(payer.server.url))
    assert clicked.status_code == 303, clicked.text
    held_until = datetime.fromisoformat((await payer.booking())["holdExpiresAt"])
    assert held_until > datetime.fromisoformat(card["expiresAt"])
    feed = "select data::json as event from conversation_events where data::json->>'type' = 'payment'"

    def told_of() -> list[Json]:
        return [each["event"]["payment"] for each in told.rows(payer.owner_url, feed)]

    await until(lambda: len(told_of()) == 1, within=30, what="the chat is told")
    [now] = told_of()
    assert datetime.fromisoformat(now["expiresAt"]) == held_until
    assert datetime.fromisoformat(now["booking"]["holdExpiresAt"]) == held_until
    assert (now["status"], now["payUrl"]) == ("open", card["payUrl"])


async def test_a_checkout_that_ends_with_the_hold_needs_no_word(payer: Payer) -> None:
    answer = await payer.books()
    await payer.http.post(answer["checkoutUrl"].removeprefix(payer.server.url))
    assert payer.value("select count(*) from procrastinate_jobs where task_name = 'bookings.tell_extended'") == 0
