"""What the models used and cost."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from handled.tables.base import Base, Created, TenantOwned


class UsageRecord(Base, TenantOwned, Created):
    """One model call. `cost_micros` is in millionths of a US dollar, null when the price is unknown.
    `outcome` is `ok` or the kind of failure."""

    __tablename__ = "usage_records"
    __table_args__ = (Index("ix_usage_records_created_at", "tenant_id", "created_at"),)

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"), primary_key=True)
    conversation_id: Mapped[UUID]
    turn_id: Mapped[UUID]
    model: Mapped[str]
    outcome: Mapped[str]
    input_tokens: Mapped[int]
    output_tokens: Mapped[int]
    cache_read_tokens: Mapped[int]
    cache_write_tokens: Mapped[int]
    cost_micros: Mapped[int | None]
    duration_ms: Mapped[int]
    first_token_ms: Mapped[int | None]
