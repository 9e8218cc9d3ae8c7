"""Messages about something that happened, on their way to a customer or the business."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from handled.tables.base import Base, Created, TenantOwned


class Notification(Base, TenantOwned, Created):
    """One mail. Written in the transaction that caused it, sent by a job; its id makes its Message-ID. Of those with
    the same `once_key` there is one: a reminder of one appointment, say. `withdrawn` is what was no longer true
    before it left, `withheld` what would have been too much for the mailbox `cap_key`, which nobody has verified; mail
    without one is free (`notifications.caps`). Whoever sends it has it to themselves until `leased_until`."""

    __tablename__ = "notifications"
    __table_args__ = (
        CheckConstraint("status in ('queued', 'sent', 'failed', 'withheld', 'withdrawn')", "status"),
        Index("ix_notifications_cap_key", "cap_key", "created_at", postgresql_where=text("cap_key is not null")),
        Index("ix_notifications_booking", "tenant_id", "booking_id"),
        Index("uq_notifications_once_key", "tenant_id", "once_key", unique=True),
    )

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str]
    recipient: Mapped[str]
    payload: Mapped[dict[str, Any]]
    status: Mapped[str] = mapped_column(default="queued")
    booking_id: Mapped[UUID | None]
    provider_id: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    last_error: Mapped[str | None]
    sent_at: Mapped[datetime | None]
    once_key: Mapped[str | None]
    cap_key: Mapped[str | None]
    leased_until: Mapped[datetime | None]


class MailRefusal(Base, Created):
    """An address that wants no more mail of one kind (`ratings`) from one business."""

    __tablename__ = "mail_refusals"

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"), primary_key=True)
    email: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
