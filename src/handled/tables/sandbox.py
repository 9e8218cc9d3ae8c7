"""What the sandbox gateway keeps: an outside system in the same database, whose tables nobody else reads."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from handled.tables.base import Base, Created, TenantOwned


class SandboxCheckout(Base, TenantOwned, Created):
    """A page on which one amount can be paid, as a play: `open` → `complete` or `expired`. `payment_status` is
    `unpaid`, or `underway` for a way to pay that takes days, or `paid`. `order` is what was asked for under
    `idempotency_key`. While `holds_back`, its events are written down and not delivered."""

    __tablename__ = "sandbox_checkouts"
    __table_args__ = (
        CheckConstraint("status in ('open', 'complete', 'expired')", "status"),
        CheckConstraint("payment_status in ('unpaid', 'underway', 'paid')", "payment_status"),
        Index("uq_sandbox_checkouts_idempotency_key", "tenant_id", "idempotency_key", unique=True),
    )

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"), primary_key=True)
    idempotency_key: Mapped[str]
    order: Mapped[dict[str, Any]]
    account: Mapped[str | None]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    status: Mapped[str]
    payment_status: Mapped[str]
    expires_at: Mapped[datetime]
    declines: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    holds_back: Mapped[bool] = mapped_column(default=False, server_default=text("false"))


class SandboxRefund(Base, TenantOwned, Created):
    """Money given back, as a play."""

    __tablename__ = "sandbox_refunds"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "checkout_id"], ["sandbox_checkouts.tenant_id", "sandbox_checkouts.id"], ondelete="CASCADE"
        ),
        CheckConstraint("status in ('pending', 'succeeded', 'failed')", "status"),
        Index("uq_sandbox_refunds_idempotency_key", "tenant_id", "idempotency_key", unique=True),
        Index("ix_sandbox_refunds_checkout", "tenant_id", "checkout_id"),
    )

    checkout_id: Mapped[UUID]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    status: Mapped[str]
    idempotency_key: Mapped[str]
    details: Mapped[dict[str, Any]]


class SandboxEvent(Base, TenantOwned, Created):
    """Something that happened there, with the very words in which it is told: `payload` is the webhook's body."""

    __tablename__ = "sandbox_events"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "checkout_id"], ["sandbox_checkouts.tenant_id", "sandbox_checkouts.id"], ondelete="CASCADE"
        ),
        Index("ix_sandbox_events_checkout", "tenant_id", "checkout_id"),
    )

    checkout_id: Mapped[UUID]
    type: Mapped[str]
    payload: Mapped[str]
    deliveries: Mapped[int] = mapped_column(default=0, server_default=text("0"))
