"""Escalations: that somebody asked for a person."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from handled.tables.base import Base, Created, TenantOwned


class Escalation(Base, TenantOwned, Created):
    """Somebody asked for a person, or the desk had to. Of those that are not `RESOLVED` a conversation has one.

    `reasons` are `{"at", "cause", "reason"}`, the first one first; `cause` is the first one's. `remind_at` is when
    nobody's acknowledging is to be noticed; None once that has happened, and where there are no business hours.
    """

    __tablename__ = "escalations"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "conversation_id"],
            ["conversations.tenant_id", "conversations.id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(["tenant_id", "assigned_to"], ["staff_members.tenant_id", "staff_members.id"]),
        CheckConstraint("status in ('PENDING', 'ACKNOWLEDGED', 'RESOLVED')", "status"),
        CheckConstraint("priority in ('LOW', 'MEDIUM', 'HIGH')", "priority"),
        CheckConstraint(
            "cause in ('button', 'words', 'agent', 'misunderstanding', 'turn_cap', 'crisis', 'failure')", "cause"
        ),
        Index(
            "uq_escalations_one_open",
            "tenant_id",
            "conversation_id",
            unique=True,
            postgresql_where=text("status <> 'RESOLVED'"),
        ),
        Index("ix_escalations_created", "tenant_id", "created_at", "id"),
        Index(
            "ix_escalations_remind_at",
            "remind_at",
            postgresql_where=text("status = 'PENDING' and remind_at is not null"),
        ),
    )

    conversation_id: Mapped[UUID]
    status: Mapped[str] = mapped_column(default="PENDING", server_default="PENDING")
    priority: Mapped[str]
    cause: Mapped[str]
    reasons: Mapped[list[Any]]
    customer_name: Mapped[str | None]
    customer_email: Mapped[str | None]
    customer_phone: Mapped[str | None]
    assigned_to: Mapped[UUID | None]
    remind_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
