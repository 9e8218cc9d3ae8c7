"""What the models used and cost, and what they may."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from handled.tables.base import Base, Created, TenantOwned


class UsageRecord(Base, TenantOwned, Created):
    """One model call. `cost_micros` is in millionths of a US dollar, null when the price is unknown.
    `outcome` is `ok` or the kind of failure. Writing one down settles what its turn had reserved, by a trigger."""

    __tablename__ = "usage_records"
    __table_args__ = (
        Index("ix_usage_records_created_at", "tenant_id", "created_at"),
        Index("ix_usage_records_conversation", "tenant_id", "conversation_id"),
    )

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


class BudgetDay(Base):
    """What a business's local day has cost, with the limits that applied last. Calls of unknown price are counted in
    tokens. `reached` and `told` are how far it is used up, 0, 80 or 100 percent, and what the business knows of it."""

    __tablename__ = "budget_days"
    __table_args__ = (
        CheckConstraint("reached in (0, 80, 100) and told in (0, 80, 100)", "level"),
        Index("ix_budget_days_untold", "tenant_id", postgresql_where=text("reached > told")),
    )

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    spent_micros: Mapped[int] = mapped_column(BigInteger, default=0, server_default=text("0"))
    unpriced_tokens: Mapped[int] = mapped_column(BigInteger, default=0, server_default=text("0"))
    limit_micros: Mapped[int | None] = mapped_column(BigInteger)
    limit_tokens: Mapped[int | None] = mapped_column(BigInteger)
    reached: Mapped[int] = mapped_column(SmallInteger, default=0, server_default=text("0"))
    told: Mapped[int] = mapped_column(SmallInteger, default=0, server_default=text("0"))


class BudgetReservation(Base):
    """What a turn under way will have used when its present model call has ended: micro-dollars, or tokens where the
    price is not known. That of a process that died counts until it expires."""

    __tablename__ = "budget_reservations"

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"), primary_key=True)
    turn_id: Mapped[UUID] = mapped_column(primary_key=True)
    conversation_id: Mapped[UUID]
    micros: Mapped[int] = mapped_column(BigInteger)
    tokens: Mapped[int] = mapped_column(BigInteger)
    expires_at: Mapped[datetime]
