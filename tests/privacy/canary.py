"""Somebody whose every word can be found again, and everything that can happen to them here."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.customers import memory
from handled.db.session import tenant_session
from handled.kit import clock
from handled.tables import MailRefusal
from tests.conftest import STUDIO, Running, TenantHandle, import_tenant
from tests.customers import Customer, Json
from tests.faults import ledger
from tests.http_client import http_client
from tests.office import Office, new_key
from tests.waiting import until

NAME, EMAIL, PHONE = "Zephyrine Quillfeather", "zephyrine.quillfeather@nest.example", "+1 212 555 0147"
# What gives her away, wherever it stands.
MARKS = ("zephyrine", "quillfeather", "quokka", "12125550147")
CODE = "271828"

PAID = (
    STUDIO.replace('price: "45.00"', 'price: "45.00"\n    payment: full')
    + "\nstaff:\n  - {email: mia@studio.example, name: Mia}\n"
)


@dataclass
class Canary:
    """Her chat, and the business that she is a customer of."""

    chat: Customer
    office: Office
    tenant: TenantHandle
    server: Running
    engine: AsyncEngine
    owner_url: str
    code: str = ""
    booking_id: str = ""

    async def lives(self) -> None:
        """Books and pays, proves her address, is remembered, asks for a person, rates, moves on the phone, cancels."""
        await self.chat.start(page="https://studio.example/?from=quokka")
        await self._books_and_pays()
        await self._proves_her_address()
        await self._says_things()
        other = await self.office.book(
            self.day(11) + "T10:00",
            once="by-phone",
            customer={"name": NAME, "email": EMAIL.title(), "phone": PHONE},
            notes="Quokka allergy.",
            payment="none",
        )
        for booking_id in (self.booking_id, other["bookingId"]):
            await self.office.do("POST", f"/bookings/{booking_id}/cancel", {"refund": "full"}, once=f"c-{booking_id}")
        await self.settled()

    def day(self, ahead: int) -> str:
        day = clock.now() + timedelta(days=ahead)
        return (day + timedelta(days=day.weekday() == 6)).strftime("%Y-%m-%d")

    async def _books_and_pays(self) -> None:
        said = await self.chat.say(f"A haircut on {self.day(9)} at 10:00 please. I'm {NAME}, {EMAIL}, {PHONE}")
        answer = await self.chat.confirm(said["proposal"])
        self.code, self.booking_id = answer["booking"]["code"], answer["booking"]["bookingId"]
        async with http_client(base_url=self.server.url, timeout=30) as http:
            clicked = await http.post(answer["checkoutUrl"])
            assert (await http.post(f"{clicked.headers['location']}/pay")).status_code == 303

        async def is_confirmed() -> bool:
            return (await self.chat.snapshot())["bookings"][-1]["status"] == "confirmed"

        await until(is_confirmed, within=60, what="the booking is confirmed")

    async def _proves_her_address(self) -> None:
        sent = await self.chat.post("/chat/verify", {"sessionId": self.chat.session_id, "email": EMAIL})
        assert sent.status_code == 200, sent.text
        typed = {"sessionId": self.chat.session_id, "code": CODE}
        assert (await self.chat.post("/chat/verify/code", typed)).status_code == 200

    async def _says_things(self) -> None:
        of = {"sessionId": self.chat.session_id}
        said = await self.chat.say("Is there parking? My quokka comes along.")
        thumb = {**of, "feedbackType": "THUMBS_UP", "messageId": said["messageId"], "comment": "Zephyrine likes it"}
        rating = {**of, "feedbackType": "RATING", "rating": 5, "comment": "The quokka liked it too"}
        for feedback in (thumb, rating):
            assert (await self.chat.post("/chat/feedback", feedback)).status_code < 300
        wanted = {**of, "reason": "About my quokka", "customerEmail": EMAIL, "customerPhone": PHONE}
        assert (await self.chat.post("/chat/escalate", wanted)).status_code == 201
        about = f"/conversations/{self.chat.session_id}"
        await self.office.do("POST", f"{about}/takeover", {"staff": "mia@studio.example"})
        await self.office.do(
            "POST", f"{about}/messages", {"message": "Hello Zephyrine!", "staff": "mia@studio.example"}
        )
        await self.office.do("POST", f"{about}/handback", {"staff": "mia@studio.example"})
        async with tenant_session(self.engine, self.tenant.id) as session:
            await memory.remember(session, self.tenant.id, EMAIL, "brings a quokka")
            session.add(MailRefusal(tenant_id=self.tenant.id, email=EMAIL, kind="ratings", created_at=clock.now()))
        # Somebody else speaks of her.
        async with Customer.of(self.server.url, self.tenant.key) as friend:
            await friend.start()
            asked = await friend.say(f"A colour on {self.day(12)} at 14:00 please. I'm Kim Lee, kim@example.com")
            await friend.confirm(asked["proposal"])
            await friend.say(f"My friend {NAME} ({EMAIL.upper()}) told me of you")

    async def settled(self) -> None:
        """Every job has run."""
        waiting = "select count(*) from procrastinate_jobs where status in ('todo', 'doing') and scheduled_at is null"
        await until(lambda: ledger.value(self.owner_url, waiting) == 0, within=60, what="all jobs have run")

    async def customer_id(self) -> str:
        return (await self.office.do("GET", f"/customers?email={EMAIL}"))["customerId"]

    def hits(self) -> dict[str, int]:
        """How many rows of which table give her away, in a dump of everything."""
        return hits(self.owner_url, MARKS)


def hits(owner_url: str, marks: tuple[str, ...]) -> dict[str, int]:
    tables = "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
    found: dict[str, int] = {}
    with psycopg.connect(owner_url, autocommit=True) as connection:
        for (name,) in connection.execute(tables).fetchall():
            count = sql.SQL("select count(*) from {} as t where t::text ilike any(%s)").format(sql.Identifier(name))
            row = connection.execute(count, [[f"%{mark}%" for mark in marks]]).fetchone()
            if row and row[0]:
                found[name] = row[0]
    return found


def marks_in(answer: Json) -> set[str]:
    written = json.dumps(answer).lower()
    return {mark for mark in MARKS if mark in written}


@asynccontextmanager
async def hatched(
    server: Running, engine: AsyncEngine, owner_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Canary]:
    """She has opened the chat of a studio that wants its money first."""
    monkeypatch.setattr("handled.customers.verification.secrets.randbelow", lambda _: int(CODE))
    tenant = await import_tenant(engine, PAID)
    key = await new_key(engine, tenant)
    async with Customer.of(server.url, tenant.key) as chat, Office.of(server.url, key) as office:
        await chat.start()
        yield Canary(chat, office, tenant, server, engine, owner_url)
