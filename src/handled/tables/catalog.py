"""What a tenant sells and what it answers: services, who performs them, FAQ."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from handled.tables.base import Base, TenantOwned


class Service(Base, TenantOwned):
    """Something that can be booked. `duration_minutes` is null for a whole-day service; `price_minor` is null
    when the price is on request; `intake` is a JSON null where its pack's questions are asked. A package is a service
    that includes others: `includes` has their keys in the order in which they follow each other, and it lasts as long
    as they do together."""

    __tablename__ = "services"
    __table_args__ = (
        Index("uq_services_key", "tenant_id", "key", unique=True),
        CheckConstraint("capacity >= 1 and (duration_minutes is null or duration_minutes > 0)", "sizes"),
        CheckConstraint("payment_rule in ('none', 'deposit', 'full')", "payment_rule"),
    )

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str]
    name: Mapped[str]
    description: Mapped[str]
    position: Mapped[int]
    duration_minutes: Mapped[int | None]
    step_minutes: Mapped[int]
    price_minor: Mapped[int | None]
    buffer_before_minutes: Mapped[int]
    buffer_after_minutes: Mapped[int]
    capacity: Mapped[int]
    notice_minutes: Mapped[int]
    horizon_days: Mapped[int]
    payment_rule: Mapped[str]
    deposit_minor: Mapped[int | None]
    cancellation: Mapped[dict[str, Any]]
    intake: Mapped[list[Any] | None] = mapped_column(nullable=False)
    includes: Mapped[list[Any]] = mapped_column(default=list, server_default=text("'[]'"))
    active: Mapped[bool] = mapped_column(default=True)


class ServiceResource(Base):
    """Which resources can perform a service, in the order in which they are offered."""

    __tablename__ = "service_resources"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "service_id"], ["services.tenant_id", "services.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["tenant_id", "resource_id"], ["resources.tenant_id", "resources.id"], ondelete="CASCADE"),
    )

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    service_id: Mapped[UUID] = mapped_column(primary_key=True)
    resource_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int]


class FaqEntry(Base, TenantOwned):
    __tablename__ = "faq_entries"

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int]
    question: Mapped[str]
    answer: Mapped[str]
