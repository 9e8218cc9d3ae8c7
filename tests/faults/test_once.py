"""Wherever the program dies between the first word and the refund: everything happens, and happens once."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from handled.catalog.business import Business
from handled.catalog.load import business_of
from handled.db.embedded import EmbeddedPostgres
from handled.db.engine import create_engine
from handled.db.session import tenant_session
from handled.kit import clock
from handled.proposals import proposing
from handled.proposals.actions.outcome import NotFree
from handled.tables import Booking, Proposal
from tests.conftest import TenantHandle, import_tenant
from tests.customers import Customer
from tests.faults import ledger
from tests.faults.scale import SCALE, seeded, times, tried
from tests.faults.supervised import Kill, Supervised, supervised
from tests.faults.trade import PAID_STUDIO
from tests.http_client import http_client

Json = dict[str, Any]
Proposing = Callable[[AsyncSession, Business, Booking], Awaitable[Proposal | NotFree]]
PRICE = 4500
# A conversation in which two answers failed one after the other asks a person to help, by mail as well.
HELP = "asks for a person"
SENT = "select count(*) from notifications where status = 'sent' and kind <> 'escalation'"

# What the journey does, and where it can be struck while it does it.
CHECKOUT, REFUND = "POST /v1/checkout/sessions", "POST /v1/refunds"
STEPS: dict[str, list[Kill]] = {
    "asks": [
        Kill("row", "select count(*) from messages where role = 'customer'"),
        Kill("row", "select count(*) from proposals"),
    ],
    "confirms": [
        Kill("row", "select count(*) from bookings where status = 'pending_payment'"),
        Kill("mail", "", "before"),
        Kill("mail", "", "done"),
        Kill("row", "select count(*) from notifications where kind = 'payment_awaited' and status = 'sent'"),
    ],
    "clicks": [
        Kill("row", "select count(*) from payments where attempt > 0"),
        Kill("stripe", CHECKOUT, "before"),
        Kill("stripe", CHECKOUT, "done"),
        Kill("stripe", CHECKOUT, "answered"),
        Kill("row", "select count(*) from payments where checkout_url is not null"),
    ],
    "pays": [
        Kill("row", "select count(*) from webhook_events"),
        Kill("row", "select count(*) from ledger_entries"),
        Kill("row", "select count(*) from bookings where status = 'confirmed'"),
        Kill("mail", "", "before"),
        Kill("mail", "", "done"),
        Kill("row", "select count(*) from notifications where kind = 'booking_confirmed' and status = 'sent'"),
    ],
    "moves": [
        Kill("row", "select count(*) from bookings where sequence = 1"),
        Kill("mail", "", "before"),
        Kill("mail", "", "done"),
    ],
    "cancels": [
        Kill("row", "select count(*) from bookings where status = 'cancelled'"),
        Kill("row", "select count(*) from refunds"),
        Kill("stripe", REFUND, "before"),
        Kill("stripe", REFUND, "done"),
        Kill("stripe", REFUND, "answered"),
        Kill("row", "select count(*) from ledger_entries where kind = 'refund'"),
        Kill("mail", "", "before"),
        Kill("mail", "", "done"),
    ],
}
# One of every kind, for every day.
QUICK: dict[str, list[int]] = {"confirms": [0], "clicks": [2], "pays": [1, 4], "cancels": [3]}
# One of each: in the middle of a turn, of a call, of a job, and of a mail. One in a step: while the database comes back
# from the first, mails may leave that the second waits for.
QUICK_DATABASE: dict[str, list[int]] = {"asks": [0], "clicks": [2], "pays": [1], "moves": [1], "cancels": [3]}


def of_database(kill: Kill) -> Kill:
    return dataclasses.replace(kill, victim="database")


class Journey:
    """One customer's whole story. Whatever is not answered they do again."""

    def __init__(self, desk: Supervised, engine: AsyncEngine, tenant: TenantHandle, name: str) -> None:
        self.desk, self.engine, self.tenant, self.name = desk, engine, tenant, name
        self.customer = Customer(http_client(), tenant.key)
        self.link = ""

    async def travel(self, kills: dict[str, list[Kill]]) -> None:
        await self._post("/chat/session", {}, opens=True)
        # They have proven to read that address; else there would be three mails to it a day.
        ledger.change(self.desk.owner_url, f"update conversations set verified_email = '{self.name}@example.com'")
        for step in STEPS:
            self.desk.arm(*kills.get(step, []))
            await getattr(self, step)()
            # Those that had no occasion in this step have none later.
            self.desk.armed.clear()

    async def asks(self) -> None:
        day = clock.now() + timedelta(days=9)
        day += timedelta(days=day.weekday() == 6)
        words = f"A haircut on {day:%Y-%m-%d} at 10:00 please. I'm Kim Lee, {self.name}@example.com"
        while (await self._snapshot())["proposal"] is None:
            await self._post("/chat/message", {"sessionId": self.customer.session_id, "message": words})

    async def confirms(self) -> None:
        answer = await self._confirm((await self._snapshot())["proposal"])
        self.link = "/pay/" + answer["checkoutUrl"].rpartition("/pay/")[2]
        await self._mails(1)

    async def clicks(self) -> None:
        answer = await self.desk.persist(lambda http: http.post(self.link))
        assert answer.status_code == 303, answer.text
        self.checkout = answer.headers["location"].rpartition("/")[2]

    async def pays(self) -> None:
        self.desk.stripe.customer.pay(self.checkout)
        await self.desk.until(lambda: self._booking()["status"] == "confirmed", "paid and confirmed")
        await self._mails(3)

    async def moves(self) -> None:
        async def later(session: AsyncSession, business: Business, booking: Booking) -> Proposal | NotFree:
            starts_at = booking.starts_at + timedelta(hours=3)
            whose = UUID(self.customer.session_id)
            return await proposing.propose_reschedule(session, business, whose, booking, starts_at, None)

        await self._change(later)
        await self._mails(5)

    async def cancels(self) -> None:
        async def cancelled(session: AsyncSession, business: Business, booking: Booking) -> Proposal:
            return await proposing.propose_cancel(session, business, UUID(self.customer.session_id), booking)

        await self._change(cancelled)
        await self.desk.until(lambda: self._look("select sum(amount_minor) from ledger_entries") == 0, "money back")
        await self._mails(7)

    async def _change(
        self, proposed: Callable[[AsyncSession, Business, Booking], Awaitable[Proposal | NotFree]]
    ) -> None:
        """What the desk proposes in the chat, confirmed by the customer."""

        async def propose() -> Proposal | NotFree:
            async with tenant_session(self.engine, self.tenant.id) as session:
                business = await business_of(session, self.tenant.id)
                booking = await session.get_one(Booking, (self.tenant.id, self._booking()["id"]))
                return await proposed(session, business, booking)

        made = await self.desk.asked(propose)
        assert isinstance(made, Proposal)
        await self._confirm({"proposalId": str(made.id), "previewHash": made.preview_hash})

    # --- what everything comes to

    def check(self) -> None:
        stripe, killed = self.desk.stripe.ledger, ", ".join(map(str, self.desk.kills))
        for effect in ("checkout.created", "checkout.paid", "refund.created"):
            done = stripe.of(effect)
            assert [each["amount"] for each in done] == [PRICE], f"{effect}: {done}; killed: {killed}"
        movements = ledger.rows(self.desk.owner_url, "select kind, amount_minor from ledger_entries order by kind")
        assert [tuple(each.values()) for each in movements] == [("charge", PRICE), ("refund", -PRICE)], killed
        assert self._booking()["status"] == "cancelled"
        assert (self._booking()["sequence"], self._look("select count(*) from occupancies")) == (2, 0)
        taken = Counter(each for each in self.desk.post.message_ids() if HELP not in each[1])
        assert len(taken) == self._look(SENT) == 7, (taken, killed)
        # Between the mail server's 250 and our commit plain SMTP cannot know; the Message-ID stays the same.
        in_the_window = sum(
            each.side == "mail" and (each.when == "done" or each.victim == "database") for each in self.desk.kills
        )
        moments = sum(each.side in ("row", "moment") for each in self.desk.kills)
        assert sum(taken.values()) - len(taken) <= in_the_window + moments, (taken, killed)

    def _booking(self) -> Json:
        (only,) = ledger.rows(
            self.desk.owner_url, "select * from bookings where status <> 'expired' and status <> 'held'"
        )
        return only

    def _look(self, query: str) -> Any:
        return ledger.value(self.desk.owner_url, query)

    async def _mails(self, count: int) -> None:
        await self.desk.until(lambda: self._look(SENT) >= count, f"{count} mails")

    async def _confirm(self, proposal: Json) -> Json:
        body = {"sessionId": self.customer.session_id, "previewHash": proposal["previewHash"]}
        return await self._post(f"/chat/proposals/{proposal['proposalId']}/confirm", body)

    async def _snapshot(self) -> Json:
        path = f"/v1/public/chat/session/{self.customer.session_id}"
        return (await self.desk.persist(lambda http: http.get(path, headers=self.customer.headers))).json()

    async def _post(self, path: str, body: Json, *, opens: bool = False) -> Json:
        headers = {"X-Tenant-Key": self.tenant.key} if opens else self.customer.headers
        answer = await self.desk.persist(lambda http: http.post(f"/v1/public{path}", json=body, headers=headers))
        assert answer.status_code in (200, 201), answer.text
        said = answer.json()
        if opens:
            self.customer.session_id, self.customer.token = said["sessionId"], said["sessionToken"]
        return said


async def travel(
    owner_url: str,
    engine: AsyncEngine,
    folder: Path,
    kills: dict[str, list[Kill]],
    database: EmbeddedPostgres | None = None,
) -> Supervised:
    tenant = await import_tenant(engine, PAID_STUDIO)
    async with supervised(owner_url, folder, database) as desk:
        journey = Journey(desk, engine, tenant, "kim")
        await journey.travel(kills)
        journey.check()
    print(f"killed: {', '.join(map(str, desk.kills))}")
    tried(sum(each.victim == "program" for each in desk.kills), "kills of the program")
    tried(sum(each.victim == "database" for each in desk.kills), "kills of PostgreSQL")
    tried(1, "journeys from the first word to the refund")
    return desk


async def test_wherever_it_dies_everything_happens_once(owner_url: str, engine: AsyncEngine, tmp_path: Path) -> None:
    planned = {step: [STEPS[step][each] for each in chosen] for step, chosen in QUICK.items()}
    desk = await travel(owner_url, engine, tmp_path, planned)
    assert len(desk.kills) == sum(map(len, planned.values()))


async def test_wherever_its_database_dies_everything_happens_once(database: EmbeddedPostgres, tmp_path: Path) -> None:
    planned = {step: [of_database(STEPS[step][each]) for each in chosen] for step, chosen in QUICK_DATABASE.items()}
    engine = create_engine(database.dsn())
    desk = await travel(database.dsn(), engine, tmp_path, planned, database)
    await engine.dispose()
    assert len(desk.kills) == sum(map(len, planned.values()))


@pytest.mark.skipif(SCALE < 2, reason="takes minutes: ./dev bench faults")
@pytest.mark.parametrize("number", range(times(1)))
async def test_at_whichever_moments_it_dies(database: EmbeddedPostgres, tmp_path: Path, number: int) -> None:
    """Twice in every step: once at one of its moments, once at any time; now the program and now its database."""
    random = seeded(f"killed {number}")
    planned = {
        step: [
            dataclasses.replace(each, victim=random.choice(("program", "program", "database")))
            for each in (random.choice(points), Kill("moment", after_ms=random.randrange(1500)))
        ]
        for step, points in STEPS.items()
    }
    engine = create_engine(database.dsn())
    desk = await travel(database.dsn(), engine, tmp_path, planned, database)
    await engine.dispose()
    assert desk.kills


async def test_jobs_that_died_with_their_process_would_be_missed(
    owner_url: str, engine: AsyncEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As they would without a queue in the database."""
    monkeypatch.setattr("tests.faults.supervised.PATIENCE_SECONDS", 20)
    monkeypatch.setattr("tests.faults.supervised.AFTER_DEATH", "delete from procrastinate_jobs where status = 'doing'")
    with pytest.raises(AssertionError, match="never came to be: 1 mails"):
        await travel(owner_url, engine, tmp_path, {"confirms": [Kill("mail", "", "before")]})
