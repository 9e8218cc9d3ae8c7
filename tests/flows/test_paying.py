"""From the pay link to the money in the books, through HTTP, with the sandbox in Stripe's place."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import httpx2
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.catalog.load import business_of
from handled.db.session import tenant_session
from handled.kit import clock
from handled.payments import checkout
from handled.payments.gateways import signatures
from handled.payments.gateways.base import GatewayUnavailable
from handled.payments.gateways.sandbox import SandboxGateway, secret_in
from handled.settings import Settings
from handled.tenants import links
from tests.conftest import Running, TenantHandle, at, running
from tests.faults import ledger as told
from tests.http_client import http_client
from tests.payments.till import PRICE, add_booking, changed, later
from tests.waiting import until

WEBHOOK = "/v1/webhooks/stripe"


@dataclass
class Payer:
    """Somebody with a pay link, in a browser that follows nothing by itself."""

    http: httpx2.AsyncClient
    server: Running
    owner_url: str
    link: str
    token: str

    async def click(self) -> str:
        """To the gateway's page, whose path is returned."""
        answer = await self.http.post(self.link)
        assert answer.status_code == 303, answer.text
        return answer.headers["location"].removeprefix(self.server.url)

    async def do(self, page: str, action: str) -> httpx2.Response:
        answer = await self.http.post(f"{page}/{action}")
        assert answer.status_code == 303, answer.text
        return answer

    async def sees(self, path: str = "") -> str:
        answer = await self.http.get(path or self.link)
        assert answer.status_code == 200, answer.text
        return answer.text

    async def state(self, back: str = "") -> str:
        return (await self.http.get(f"{self.link}/state{back}")).json()["state"]

    async def until(self, state: str) -> None:
        async def reached() -> bool:
            return await self.state() == state

        await until(reached, within=30, what=f"the page says {state}")

    def entries(self) -> list[tuple[str, int]]:
        found = told.rows(self.owner_url, "select kind, amount_minor from ledger_entries order by created_at")
        return [(each["kind"], each["amount_minor"]) for each in found]

    def count(self, table: str) -> int:
        return told.value(self.owner_url, f"select count(*) from {table}")

    async def tell(self, body: bytes, header: str | None = None, *, signed_at: timedelta = timedelta()) -> int:
        secret = secret_in(self.server.settings.data_dir)
        signature = header if header is not None else signatures.sign(body, secret, clock.now() + signed_at)
        answer = await self.http.post(WEBHOOK, content=body, headers={"Stripe-Signature": signature})
        if answer.status_code == 400:
            assert answer.json() == {"error": "invalid_signature", "message": "The signature does not fit."}
        return answer.status_code


@pytest.fixture
async def payer(server: Running, studio: TenantHandle, engine: AsyncEngine, owner_url: str) -> AsyncIterator[Payer]:
    async with tenant_session(engine, studio.id) as session:
        business = await business_of(session, studio.id)
        booking = await add_booking(session, studio.id)
        await checkout.ask(session, studio.id, booking.id, PRICE, "USD")
    token = links.sign(business.link_key, studio.id, booking.id, "pay")
    async with http_client(base_url=server.url, timeout=30) as http:
        yield Payer(http, server, owner_url, f"/pay/{token}", token)


async def test_from_the_link_to_the_money_in_the_books(payer: Payer) -> None:
    assert "Pay $45.00" in await payer.sees()
    page = await payer.click()
    shown = await payer.sees(page)
    assert "No money moves here" in shown and "$45.00" in shown and "Haircut · Test Studio" in shown
    back = await payer.do(page, "pay")
    assert back.headers["location"] == f"{payer.server.url}{payer.link}?back=done"
    await payer.until("paid")
    assert payer.entries() == [("charge", PRICE)]
    assert "We have received $45.00" in await payer.sees()
    assert payer.count("payments where status = 'paid'") == 1


async def test_opening_the_link_creates_nothing_however_often(payer: Payer) -> None:
    for _ in range(3):
        await payer.sees()
    assert payer.count("sandbox_checkouts") == 0
    assert payer.count("payments where attempt > 0") == 0


async def test_coming_back_from_the_gateways_page_proves_nothing(payer: Payer) -> None:
    await payer.click()
    assert "Waiting for your payment" in await payer.sees(f"{payer.link}?back=done")
    assert await payer.state("?back=done") == "waiting"
    assert (payer.entries(), await payer.state()) == ([], "open")


async def test_who_leaves_the_gateways_page_may_come_back_to_it(payer: Payer) -> None:
    page = await payer.click()
    left = await payer.do(page, "leave")
    assert "Nothing was charged" in await payer.sees(left.headers["location"])
    assert await payer.click() == page


async def test_a_declined_card_may_be_followed_by_one_that_works(payer: Payer) -> None:
    page = await payer.click()
    await payer.do(page, "decline")
    assert "said no" in await payer.sees(page)
    await payer.do(page, "pay")
    await payer.until("paid")
    assert payer.entries() == [("charge", PRICE)]


async def test_two_tabs_paying_at_once_are_one_checkout(payer: Payer) -> None:
    pages = await asyncio.gather(*(payer.click() for _ in range(8)))
    assert len(set(pages)) == 1
    assert payer.count("sandbox_checkouts") == 1
    answers = await asyncio.gather(*(payer.http.post(f"{pages[0]}/pay") for _ in range(2)))
    assert sorted(each.status_code for each in answers) == [303, 409]
    await payer.until("paid")
    assert payer.entries() == [("charge", PRICE)]


async def test_clicking_again_after_paying_leads_nowhere_but_back(payer: Payer) -> None:
    await payer.do(await payer.click(), "pay")
    await payer.until("paid")
    assert await payer.click() == payer.link


async def test_money_whose_word_never_came_is_found_when_the_customer_comes_back(payer: Payer) -> None:
    page = await payer.click()
    await payer.do(page, "hold-back")
    await payer.do(page, "pay")
    later(seconds=6)
    assert await payer.state("?back=done") == "paid"
    assert payer.entries() == [("charge", PRICE)]


async def test_events_that_come_in_disorder_and_twice_have_one_outcome(payer: Payer) -> None:
    page = await payer.click()
    await payer.do(page, "hold-back")
    for action in ("decline", "pay", "refund-half"):
        await payer.do(page, action)
    assert payer.count("webhook_events") == 0
    for _ in range(2):
        await payer.do(page, "deliver-newest-first")
    event = told.value(payer.owner_url, "select id from sandbox_events where type = 'checkout.session.completed'")
    await payer.do(page, f"deliver/{event}")
    await payer.until("paid")
    await until(lambda: payer.count("refunds where status = 'succeeded'") > 0, within=30, what="a refund has succeeded")
    await until(lambda: payer.count("ledger_entries") > 1, within=30, what="the refund is in the books")
    assert sorted(payer.entries()) == [("charge", PRICE), ("refund", -(PRICE // 2))]


async def test_money_that_comes_after_the_end_is_in_the_books(payer: Payer) -> None:
    page = await payer.click()
    later(minutes=40)
    assert "Nothing can be paid on this page" in await payer.sees(page)
    assert "The time is over" in await payer.sees()
    await payer.do(page, "pay-late")
    await payer.until("paid")
    assert payer.entries() == [("charge", PRICE)]


async def test_while_the_gateway_is_silent_the_page_says_until_when_the_booking_is_held(
    payer: Payer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def silent(*_: object, **__: object) -> None:
        raise GatewayUnavailable("timeout")

    monkeypatch.setattr(SandboxGateway, "create_checkout", silent)
    answer = await payer.http.post(payer.link)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "15")
    assert "is held until" in answer.text and "not reachable right now" in answer.text and "Try again" in answer.text
    monkeypatch.undo()
    assert (await payer.click()).startswith("/sandbox/cs_test_")


async def test_a_link_that_is_not_genuine_learns_nothing(payer: Payer, studio: TenantHandle) -> None:
    link = links.read(payer.token)
    assert link is not None
    other_key = links.sign(b"another key", link.tenant_id, link.subject_id, "pay")
    other_tenant = links.sign(b"another key", link.subject_id, link.subject_id, "pay")
    other_purpose = links.sign(b"another key", link.tenant_id, link.subject_id, "manage")
    tokens = [other_key, other_tenant, other_purpose, payer.token[:-2] + "AA", payer.token[:-1], "x", "%00", "ü"]
    for token in tokens:
        for answer in (await payer.http.get(f"/pay/{token}"), await payer.http.post(f"/pay/{token}")):
            assert answer.status_code == 404
            assert answer.json()["error"] == "not_found"
    assert payer.count("sandbox_checkouts") == 0


async def test_forged_stale_and_broken_webhooks_are_one_400_and_leave_no_trace(payer: Payer) -> None:
    page = await payer.click()
    await payer.do(page, "hold-back")
    await payer.do(page, "pay")
    body: bytes = told.value(payer.owner_url, "select payload from sandbox_events").encode()
    sign = signatures.sign
    secret = secret_in(payer.server.settings.data_dir)
    good = sign(body, secret, clock.now())
    for header in (
        "",
        "nonsense",
        "t=,v1=",
        good[:-1],
        good.replace("v1=", "v0="),
        sign(body, "whsec_guess", clock.now()),
    ):
        assert await payer.tell(body, header) == 400
    assert await payer.tell(changed(body), good) == 400
    assert await payer.tell(body, signed_at=timedelta(minutes=-6)) == 400
    assert await payer.tell(body, signed_at=timedelta(days=3650)) == 400
    for broken in (body[: len(body) // 2], b"", b"[]", b"null", b'{"id": 1}', b"\xff\xfe"):
        assert await payer.tell(broken) == 400
    assert await payer.tell(b"x" * (1024 * 1024 + 1)) == 413
    assert (payer.count("webhook_events"), payer.entries()) == (0, [])
    assert await payer.tell(body) == 200
    await payer.until("paid")


async def test_a_webhook_longer_than_other_requests_may_be_is_read(payer: Payer) -> None:
    page = await payer.click()
    await payer.do(page, "hold-back")
    await payer.do(page, "pay")
    event = json.loads(told.value(payer.owner_url, "select payload from sandbox_events"))
    event["data"]["object"]["note"] = "x" * 200_000
    assert await payer.tell(json.dumps(event).encode()) == 200
    await payer.until("paid")


async def test_an_event_that_concerns_nobody_is_answered_and_forgotten(payer: Payer) -> None:
    event = {"id": "evt_1", "object": "event", "type": "customer.created", "livemode": False, "created": 1}
    assert (
        await payer.tell(json.dumps(event | {"data": {"object": {"id": "cus_1", "object": "customer"}}}).encode())
        == 200
    )
    assert payer.count("webhook_events") == 0


@pytest.mark.parametrize("path", ["/sandbox/cs_test_0", "/sandbox/x", f"/sandbox/cs_test_{'0' * 64}", "/sandbox/%00"])
async def test_a_sandbox_page_that_is_not_there_is_not_found(payer: Payer, path: str) -> None:
    for answer in (await payer.http.get(path), await payer.http.post(f"{path}/pay")):
        assert answer.status_code == 404


async def test_the_sandbox_knows_no_other_action_than_its_buttons(payer: Payer) -> None:
    page = await payer.click()
    for action in ("steal", "deliver/0", "deliver/00000000-0000-0000-0000-000000000000"):
        assert (await payer.http.post(f"{page}/{action}")).status_code == 404


async def test_what_a_business_calls_its_service_stays_words_on_the_pages(payer: Payer, studio: TenantHandle) -> None:
    hostile = "<script>alert(1)</script>"
    told.change(payer.owner_url, "update services set name = %(name)s", name=hostile)
    told.change(payer.owner_url, "update tenants set name = %(name)s, version = version + 1", name=hostile)
    page = await payer.click()
    assert hostile not in await payer.sees() + await payer.sees(page)


async def test_the_books_of_one_tenant_are_not_those_of_another(payer: Payer, engine: AsyncEngine) -> None:
    page = await payer.click()
    tenant, row = page.rpartition("_")[2][:32], page[-32:]
    assert (await payer.http.get(f"/sandbox/cs_test_{row}{row}")).status_code == 404
    assert (await payer.http.get(f"/sandbox/cs_test_{tenant}{row}")).status_code == 200


async def test_without_a_gateway_there_is_nothing_to_be_told_and_nowhere_to_pay(
    payer: Payer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handled.app.create_gateway", lambda *_: None)
    settings = payer.server.settings.model_copy(update={"environment": "production", "worker": False})
    async with running(settings) as alone, http_client(base_url=alone.url, timeout=30) as http:
        assert (await http.post(WEBHOOK, content=b"{}")).status_code == 404
        assert (await http.get("/sandbox/cs_test_0")).status_code == 404
        answer = await http.post(payer.link)
        assert (answer.status_code, answer.headers["location"]) == (303, payer.link)


async def test_the_pages_work_at_a_fixed_moment(
    settings: Settings, studio: TenantHandle, engine: AsyncEngine, owner_url: str
) -> None:
    clock.start_at(at("2026-03-02T09:00:00-05:00"))
    async with tenant_session(engine, studio.id) as session:
        business = await business_of(session, studio.id)
        booking = await add_booking(session, studio.id)
        await checkout.ask(session, studio.id, booking.id, PRICE, "USD")
    token = links.sign(business.link_key, studio.id, booking.id, "pay")
    fixed = settings.model_copy(update={"now": clock.now()})
    async with running(fixed) as server, http_client(base_url=server.url, timeout=30) as http:
        payer = Payer(http, server, owner_url, f"/pay/{token}", token)
        assert "9:35 am" in await payer.sees()
        await payer.do(await payer.click(), "pay")
        await payer.until("paid")
        assert payer.entries() == [("charge", PRICE)]
