"""Proposals: what the agent suggested and the customer has yet to confirm."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped

from handled.tables.base import Base, Created, TenantOwned


class Proposal(Base, TenantOwned, Created):
    """One suggested change. `preview` is what the customer was shown and `preview_hash` binds the confirmation
    to it; `code` is the short code printed with it; `receipt` is what executing it gave, kept so that
    confirming twice answers the same."""

    __tablename__ = "proposals"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "conversation_id"],
            ["conversations.tenant_id", "conversations.id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(["tenant_id", "booking_id"], ["bookings.tenant_id", "bookings.id"]),
        Index(
            "uq_proposals_one_pending",
            "tenant_id",
            "conversation_id",
            unique=True,
            postgresql_where=text("status = 'pending'"),
        ),
        Index("ix_proposals_conversation", "tenant_id", "conversation_id", "created_at"),
        CheckConstraint("status in ('pending', 'executed', 'rejected', 'expired', 'failed')", "status"),
        CheckConstraint("tier in ('T1', 'T2', 'T3')", "tier"),
    )

    conversation_id: Mapped[UUID]
    booking_id: Mapped[UUID | None]
    action: Mapped[str]
    arguments: Mapped[dict[str, Any]]
    preview: Mapped[dict[str, Any]]
    preview_hash: Mapped[str]
    code: Mapped[str]
    tier: Mapped[str]
    status: Mapped[str]
    expires_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    receipt: Mapped[dict[str, Any] | None]
    reason: Mapped[str | None]
    message_id: Mapped[UUID | None]
