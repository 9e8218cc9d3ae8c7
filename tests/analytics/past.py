"""A business's past, written straight into its tables: conversations as they might have been."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.analytics import queries, report, rollups
from handled.analytics.queries import Figures, Span
from handled.catalog.business import Business
from handled.catalog.load import load_business
from handled.db.session import tenant_session
from handled.kit import clock, ids
from handled.tables import (
    Booking,
    Conversation,
    Escalation,
    LedgerEntry,
    Message,
    Payment,
    Proposal,
    Rating,
    Thumb,
    Turn,
    UsageRecord,
)
from tests.conftest import TenantHandle

MODEL = "anthropic:claude-haiku-4-5"


@dataclass
class Past:
    """Of one business. Everything is written at once, at the moment that is given."""

    engine: AsyncEngine
    business: Business
    replies: dict[UUID, UUID] = field(default_factory=dict)

    @classmethod
    async def of(cls, engine: AsyncEngine, tenant: TenantHandle) -> Past:
        async with tenant_session(engine, tenant.id) as session:
            return cls(engine, await load_business(session, tenant.id))

    @property
    def tenant(self) -> UUID:
        return self.business.id

    async def add(self, *rows: Any) -> None:
        async with tenant_session(self.engine, self.tenant) as session:
            for row in rows:
                session.add(row)
                await session.flush()

    async def talk(self, at: datetime, *, said: int = 1, ended: str | None = "silence", **values: Any) -> UUID:
        """A conversation in which the customer says so much, a minute apart, with no answer yet."""
        talk = ids.new_id()
        last = at + timedelta(minutes=max(said - 1, 0))
        ending = {"ended_by": ended, "ended_at": last + timedelta(minutes=30)} if ended else {}
        await self.add(
            Conversation(
                tenant_id=self.tenant,
                id=talk,
                token_hash=b"",
                channel="web",
                locale="en_US",
                last_activity_at=last,
                last_message=2 * said,
                created_at=at,
                **({"client": talk.bytes} | values),
            )
        )
        for number in range(said):
            await self._message(talk, "customer", 2 * number + 1, at + timedelta(minutes=number))
        if ending:  # what a customer says opens it again
            await self.change(Conversation, talk, **ending)
        return talk

    async def _message(self, talk: UUID, role: str, position: int, at: datetime, content: str = "Hello?") -> UUID:
        message = ids.new_id()
        row = {"position": position, "role": role, "content": content, "created_at": at}
        await self.add(Message(tenant_id=self.tenant, id=message, conversation_id=talk, **row))
        return message

    async def turn(self, talk: UUID, at: datetime, *, number: int = 0, question: str = "", **facts: Any) -> None:
        """The answer to one of its messages."""
        async with tenant_session(self.engine, self.tenant) as session:
            asked = await session.scalar(
                select(Message).where(Message.conversation_id == talk, Message.position == 2 * number + 1)
            )
            assert asked is not None
            asked.content = question or asked.content
            asked_id = asked.id
        reply = await self._message(talk, "agent", 2 * number + 2, at, "Well.")
        self.replies[talk] = reply
        noted: dict[str, Any] = {"model": MODEL, "first_text_ms": 500, "status": "done"} | facts
        await self.add(
            Turn(
                tenant_id=self.tenant,
                conversation_id=talk,
                message_id=asked_id,
                reply_id=reply,
                started_at=at,
                finished_at=at,
                created_at=at,
                **noted,
            )
        )

    async def staff(self, talk: UUID, at: datetime) -> None:
        await self._message(talk, "staff", 1000, at)

    async def book(
        self,
        talk: UUID | None,
        at: datetime,
        *,
        confirmed: bool = True,
        due: int = 0,
        paid: bool = False,
        **values: Any,
    ) -> UUID:
        """A booking that the conversation led to, agreed by the customer."""
        booking, service = ids.new_id(), self.business.services[0]
        starts = at + timedelta(days=3)
        row: dict[str, Any] = {
            "code": f"BK-{booking.hex[-12:]}",
            "status": "confirmed" if confirmed else "expired",
            "source": "CHATBOT" if talk else "API",
            "resource_id": service.resources[0].id,
            "starts_at": starts,
            "ends_at": starts + timedelta(minutes=45),
            "whole_day": False,
            "customer_name": "Kim",
            "customer_email": f"{booking.hex}@example.com",
            "price_minor": 4500,
            "currency": "USD",
            "payment_rule": "none",
            "policy": {},
            "confirmed_at": at if confirmed else None,
            "due_minor": due,
            "paid_at": at if paid else None,
            "created_at": at,
        } | values
        await self.add(Booking(tenant_id=self.tenant, id=booking, service_id=service.id, conversation_id=talk, **row))
        if talk is not None:
            await self.did(talk, at, "book", booking)
        return booking

    async def did(
        self, talk: UUID, at: datetime, action: str, booking: UUID | None = None, status: str = "executed"
    ) -> None:
        await self.add(
            Proposal(
                tenant_id=self.tenant,
                conversation_id=talk,
                booking_id=booking,
                action=action,
                arguments={},
                preview={},
                preview_hash="",
                code="1234",
                tier="T3",
                status=status,
                expires_at=at,
                decided_at=at,
                created_at=at,
            )
        )

    async def money(self, booking: UUID, at: datetime, amount: int) -> None:
        """Money in, or with a negative amount back."""
        payment = ids.new_id()
        asked = {"purpose": "booking", "status": "paid", "amount_minor": abs(amount), "currency": "USD"}
        moved = {"kind": "charge" if amount > 0 else "refund", "amount_minor": amount, "currency": "USD"}
        await self.add(
            Payment(tenant_id=self.tenant, id=payment, booking_id=booking, created_at=at, **asked),
            LedgerEntry(
                tenant_id=self.tenant,
                payment_id=payment,
                booking_id=booking,
                reference=str(payment),
                created_at=at,
                **moved,
            ),
        )

    async def escalate(self, talk: UUID, at: datetime, **values: Any) -> None:
        row = {"priority": "HIGH", "cause": "button", "reasons": [], "created_at": at} | values
        await self.add(Escalation(tenant_id=self.tenant, conversation_id=talk, **row))

    async def rate(self, talk: UUID, at: datetime, rating: int) -> None:
        await self.add(Rating(tenant_id=self.tenant, conversation_id=talk, rating=rating, created_at=at, updated_at=at))

    async def thumb(self, talk: UUID, at: datetime, *, up: bool) -> None:
        row = {"message_id": self.replies[talk], "is_up": up, "created_at": at, "updated_at": at}
        await self.add(Thumb(tenant_id=self.tenant, conversation_id=talk, **row))

    async def spend(self, talk: UUID, at: datetime, cost: int | None, model: str = MODEL) -> None:
        used = {"input_tokens": 100, "output_tokens": 10, "cache_read_tokens": 50, "cache_write_tokens": 20}
        row = {"model": model, "outcome": "ok", "cost_micros": cost, "duration_ms": 5, "created_at": at}
        await self.add(UsageRecord(tenant_id=self.tenant, conversation_id=talk, turn_id=ids.new_id(), **used, **row))

    async def change(self, table: Any, key: UUID, **values: Any) -> None:
        async with tenant_session(self.engine, self.tenant) as session:
            row = await session.get_one(table, (self.tenant, key))
            for name, value in values.items():
                setattr(row, name, value)

    async def roll_up(self) -> None:
        async with tenant_session(self.engine, self.tenant) as session:
            await rollups.roll_up(session, self.tenant)

    async def purge(self) -> int:
        """Delete the conversations that may be purged, with all that hangs on them. Returns how many."""
        async with tenant_session(self.engine, self.tenant) as session:
            before = await rollups.frozen_until(session, self.tenant)
            assert before is not None
            old = delete(Conversation).where(
                Conversation.tenant_id == self.tenant, Conversation.last_activity_at < before
            )
            return (await session.execute(old)).rowcount  # type: ignore[attr-defined]

    async def days(self, first: date, last: date) -> dict[date, Figures]:
        """As the report has them."""
        async with tenant_session(self.engine, self.tenant) as session:
            return await report.by_day(session, self.business, first, last)

    async def anew(self, first: date, last: date) -> dict[date, Figures]:
        """Counted from the rows, all of them."""
        zone = self.business.zone
        until = datetime.combine(last + timedelta(days=1), time(), zone)
        span = Span(self.business.timezone, rollups.NEVER.date(), rollups.NEVER, until)
        async with tenant_session(self.engine, self.tenant) as session:
            counted = await queries.count(session, self.tenant, span)
        return {day: figures for day, figures in counted.items() if first <= day <= last}

    async def move_zone(self, timezone: str) -> None:
        async with tenant_session(self.engine, self.tenant) as session:
            await session.execute(
                text("update tenants set timezone = :zone, version = version + 1, updated_at = :now"),
                {"zone": timezone, "now": clock.now()},
            )
        async with tenant_session(self.engine, self.tenant) as session:
            self.business = await load_business(session, self.tenant)
