"""One row in every table that a conversation alone does not fill: keys, money, codes, refusals."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.db.session import tenant_session
from handled.kit import clock, ids
from handled.tables import (
    AnalyticsDay,
    AnalyticsMark,
    AttemptCount,
    Booking,
    BudgetDay,
    BudgetReservation,
    CustomerPreference,
    Erasure,
    Escalation,
    IdempotentRequest,
    LedgerEntry,
    MailRefusal,
    Message,
    OneTimeCode,
    Passkey,
    Payment,
    Rating,
    Refund,
    SandboxCheckout,
    SandboxEvent,
    SandboxRefund,
    SavedReply,
    StaffAction,
    StaffLink,
    StaffMember,
    StaffSession,
    Thumb,
    WebhookEvent,
)
from tests.conftest import TenantHandle


async def fill(engine: AsyncEngine, tenant: TenantHandle) -> None:
    """Give the tenant, which has a confirmed booking made in a chat, something of everything."""
    async with tenant_session(engine, tenant.id) as session:
        booking = (await session.scalars(select(Booking).where(Booking.status == "confirmed"))).first()
        assert booking is not None
        assert booking.conversation_id is not None
        said = select(Message).where(Message.conversation_id == booking.conversation_id, Message.role == "agent")
        opinions = _opinions(booking, (await session.scalars(said.limit(1))).one())
        parts = (_money, _sandbox, _proofs, _care, _counted, _staff, _of_the_tenant)
        for each in (*opinions, *(each for part in parts for each in part(booking))):
            # A job may have counted the day already.
            await session.merge(each)
            await session.flush()


def _own(booking: Booking) -> dict[str, Any]:
    return {"tenant_id": booking.tenant_id, "id": ids.new_id()}


def _money(booking: Booking) -> list[Any]:
    payment = Payment(
        **_own(booking),
        booking_id=booking.id,
        purpose="booking",
        status="paid",
        amount_minor=4500,
        currency="USD",
        attempt=1,
        is_underway=False,
    )
    of = {"payment_id": payment.id, "booking_id": booking.id, "currency": "USD"}
    refund = Refund(**_own(booking), **of, amount_minor=100, reason="cancelled", status="succeeded")
    entry = LedgerEntry(**_own(booking), **of, kind="charge", amount_minor=4500, reference=f"pi_{payment.id}")
    return [payment, refund, entry]


def _sandbox(booking: Booking) -> list[Any]:
    opened = SandboxCheckout(
        **_own(booking),
        idempotency_key="one",
        order={},
        amount_minor=4500,
        currency="USD",
        status="complete",
        payment_status="paid",
        expires_at=clock.now(),
    )
    returned = SandboxRefund(
        **_own(booking), checkout_id=opened.id, amount_minor=100, status="succeeded", idempotency_key="one", details={}
    )
    happened = SandboxEvent(**_own(booking), checkout_id=opened.id, type="checkout.session.completed", payload="{}")
    return [opened, returned, happened]


def _opinions(booking: Booking, reply: Message) -> list[Any]:
    about = {"conversation_id": booking.conversation_id, "comment": "Friendly and quick."}
    thumb = Thumb(**_own(booking), **about, message_id=reply.id, is_up=True)
    return [thumb, Rating(**_own(booking), **about, rating=5)]


def _proofs(booking: Booking) -> list[Any]:
    soon = clock.now() + timedelta(minutes=10)
    code = OneTimeCode(
        **_own(booking),
        conversation_id=booking.conversation_id,
        email=booking.customer_email,
        code_hash=b"x" * 32,
        expires_at=soon,
    )
    counted = AttemptCount(tenant_id=booking.tenant_id, subject=b"s" * 32, began_at=clock.now(), count=1)
    refused = MailRefusal(tenant_id=booking.tenant_id, email=booking.customer_email, kind="ratings")
    return [code, counted, refused]


def _care(booking: Booking) -> list[Any]:
    waiting = Escalation(
        **_own(booking),
        conversation_id=booking.conversation_id,
        priority="LOW",
        cause="words",
        reasons=[{"at": clock.now().isoformat(), "cause": "words", "reason": "A person, please."}],
    )
    liked = CustomerPreference(**_own(booking), customer_id=booking.customer_id, text="The chair by the window")
    return [waiting, liked, Erasure(**_own(booking), subject_hash=b"e" * 32, erased_by="owner", counts={})]


def _counted(booking: Booking) -> list[Any]:
    tenant_id, today = booking.tenant_id, clock.now().date()
    reserved = BudgetReservation(
        tenant_id=tenant_id,
        turn_id=ids.new_id(),
        conversation_id=booking.conversation_id,
        micros=100,
        tokens=0,
        expires_at=clock.now() + timedelta(minutes=1),
    )
    figures = AnalyticsDay(tenant_id=tenant_id, day=today, figures={}, counted_at=clock.now())
    mark = AnalyticsMark(
        tenant_id=tenant_id, timezone="America/New_York", counted_until=today, frozen_until=today, frozen_at=clock.now()
    )
    return [BudgetDay(tenant_id=tenant_id, day=today), reserved, figures, mark]


def _staff(booking: Booking) -> list[Any]:
    sam = StaffMember(
        **_own(booking), email=f"sam@{booking.tenant_id.hex}.example", name="Sam", role="staff", active=True
    )
    of_sam = {"staff_member_id": sam.id}
    soon, secret = clock.now() + timedelta(minutes=15), booking.tenant_id.bytes * 2
    link = StaffLink(**_own(booking), **of_sam, token_hash=secret, expires_at=soon)
    visit = StaffSession(
        **_own(booking), **of_sam, token_hash=secret, device="Chrome", seen_at=clock.now(), expires_at=soon
    )
    key = Passkey(**_own(booking), **of_sam, credential_id=secret, public_key=b"p", sign_count=0, name="Phone")
    done = StaffAction(**_own(booking), **of_sam, name="Sam", action="booking.cancel", details={})
    return [sam, link, visit, key, done, SavedReply(**_own(booking), title="Parking", content="Behind the house.")]


def _of_the_tenant(booking: Booking) -> list[Any]:
    request = IdempotentRequest(
        tenant_id=booking.tenant_id, key="order-1", request_hash=hashlib.sha256(b"").digest(), status=200, answer={}
    )
    told = WebhookEvent(
        tenant_id=booking.tenant_id,
        source="sandbox",
        event_id=f"evt_{booking.id}",
        type="checkout.session.completed",
        livemode=False,
        payload={},
        status="done",
        created_at=clock.now(),
        received_at=clock.now(),
    )
    return [request, told]
