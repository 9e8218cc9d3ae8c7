"""Money: what is to be paid, what was paid and given back, and what the gateway told us."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from handled.tables.base import Base, Created, TenantOwned


class Payment(Base, TenantOwned, Created):
    """Money that a booking asks for: `open` → `paid`, or `expired` or `cancelled` before any came. `purpose` is
    `booking`, or `difference` when a move made it dearer. `gateway` and `account` are set with the first Checkout.

    It is paid in a Checkout of the gateway, which exists once the customer has clicked. `attempt` counts Checkouts
    and makes their idempotency keys; `checkout_expires_at` is when the gateway closes the present one. `is_underway`:
    the customer is through with it, and the way they pay takes days.
    """

    __tablename__ = "payments"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "booking_id"], ["bookings.tenant_id", "bookings.id"], ondelete="CASCADE"),
        CheckConstraint("status in ('open', 'paid', 'expired', 'cancelled')", "status"),
        CheckConstraint("purpose in ('booking', 'difference')", "purpose"),
        CheckConstraint("amount_minor > 0", "amount"),
        Index("ix_payments_booking", "tenant_id", "booking_id"),
        Index("uq_payments_checkout", "tenant_id", "checkout_id", unique=True),
        Index("ix_payments_payment_intent", "payment_intent"),
        Index(
            "uq_payments_open",
            "tenant_id",
            "booking_id",
            "purpose",
            unique=True,
            postgresql_where=text("status = 'open'"),
        ),
        Index(
            "ix_payments_unsettled",
            "checkout_expires_at",
            postgresql_where=text("checkout_id is not null and status <> 'paid'"),
        ),
    )

    booking_id: Mapped[UUID]
    purpose: Mapped[str]
    status: Mapped[str]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    gateway: Mapped[str | None]
    account: Mapped[str | None]
    attempt: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    checkout_id: Mapped[str | None]
    checkout_url: Mapped[str | None]
    checkout_expires_at: Mapped[datetime | None]
    payment_intent: Mapped[str | None]
    is_underway: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    paid_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]


class Refund(Base, TenantOwned, Created):
    """Money on its way back: `queued` → `pending` (with the gateway) → `succeeded`, or `failed`. Its id and `keys_used`
    make the gateway's idempotency key, `look_at` is when we ask the gateway again. One that the business made at the
    gateway itself has the reason `outside`."""

    __tablename__ = "refunds"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "payment_id"], ["payments.tenant_id", "payments.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["tenant_id", "booking_id"], ["bookings.tenant_id", "bookings.id"], ondelete="CASCADE"),
        CheckConstraint("status in ('queued', 'pending', 'succeeded', 'failed')", "status"),
        CheckConstraint("amount_minor > 0", "amount"),
        Index("ix_refunds_payment", "tenant_id", "payment_id"),
        Index("uq_refunds_gateway_refund", "tenant_id", "gateway_refund_id", unique=True),
        Index("ix_refunds_unsettled", "created_at", postgresql_where=text("status in ('queued', 'pending')")),
    )

    payment_id: Mapped[UUID]
    booking_id: Mapped[UUID]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    reason: Mapped[str]
    status: Mapped[str]
    gateway_refund_id: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    keys_used: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    last_error: Mapped[str | None]
    look_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]


class LedgerEntry(Base, TenantOwned, Created):
    """One movement of money as the gateway has confirmed it, never changed: a `charge` is positive, a `refund`
    negative, a `refund_failed` gives a refund back to us. The gateway's `reference` makes it unique."""

    __tablename__ = "ledger_entries"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "payment_id"], ["payments.tenant_id", "payments.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["tenant_id", "booking_id"], ["bookings.tenant_id", "bookings.id"], ondelete="CASCADE"),
        CheckConstraint("kind in ('charge', 'refund', 'refund_failed')", "kind"),
        CheckConstraint("(kind = 'refund') = (amount_minor < 0)", "sign"),
        Index("uq_ledger_entries_reference", "tenant_id", "kind", "reference", unique=True),
        Index("ix_ledger_entries_booking", "tenant_id", "booking_id"),
        Index("ix_ledger_entries_created", "tenant_id", "created_at"),
    )

    payment_id: Mapped[UUID]
    booking_id: Mapped[UUID]
    kind: Mapped[str]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    reference: Mapped[str]


class WebhookEvent(Base):
    """What a machine told us, written down once before it is answered and worked on later. `status` is `received` →
    `done`, `ignored` (not for us, or no longer of consequence) or `failed` (a person has to look; `outcome` says why).
    One that could not be worked on is tried again at `try_at`; `attempts` counts that."""

    __tablename__ = "webhook_events"
    __table_args__ = (
        CheckConstraint("status in ('received', 'done', 'ignored', 'failed')", "status"),
        Index("ix_webhook_events_unfinished", "received_at", postgresql_where=text("status = 'received'")),
    )

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"), primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(primary_key=True)
    type: Mapped[str]
    account: Mapped[str | None]
    livemode: Mapped[bool]
    payload: Mapped[dict[str, Any]]
    status: Mapped[str]
    outcome: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    try_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    received_at: Mapped[datetime]
    worked_at: Mapped[datetime | None]
