"""Bookings, what they occupy, and the trail of who changed them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from handled.tables.base import Base, Created, TenantOwned

BOOKING_STATES = (
    "held",
    "pending_payment",
    "confirmed",
    "completed",
    "expired",
    "cancelled",
    "no_show",
)


class Booking(Base, TenantOwned, Created):
    """An appointment, from the hold on. `status` moves `held` → `pending_payment` → `confirmed` → `completed`,
    or ends as `expired`, `cancelled`, `no_show`. Price, duration and cancellation policy are copies taken when
    it was made. `hold_expires_at` is set while it is `held` or `pending_payment`; `due_minor` is what has to be paid
    before it is confirmed. `moves` counts how often it was moved, `changed_at` is when its present time and state
    came to be, `fee_minor` is what a cancelled one still costs. `import_key` names the line of another system that
    it was brought along from. `part_resource_ids` are who performs the parts of a package, in order. `intake` is what
    was asked before it was made, as `[{"question", "answer"}]`."""

    __tablename__ = "bookings"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "service_id"], ["services.tenant_id", "services.id"]),
        ForeignKeyConstraint(["tenant_id", "resource_id"], ["resources.tenant_id", "resources.id"]),
        ForeignKeyConstraint(["tenant_id", "customer_id"], ["customers.tenant_id", "customers.id"]),
        Index("uq_bookings_code", "tenant_id", "code", unique=True),
        Index("ix_bookings_starts_at", "tenant_id", "starts_at"),
        Index("ix_bookings_conversation", "tenant_id", "conversation_id"),
        Index("ix_bookings_customer_email", "tenant_id", "customer_email"),
        Index("uq_bookings_import_key", "tenant_id", "import_key", unique=True),
        Index(
            "ix_bookings_hold_expires_at",
            "hold_expires_at",
            postgresql_where=text("status in ('held', 'pending_payment')"),
        ),
        Index("ix_bookings_confirmed", "starts_at", postgresql_where=text("status = 'confirmed'")),
        CheckConstraint(f"status in ({', '.join(map(repr, BOOKING_STATES))})", "status"),
        CheckConstraint("starts_at < ends_at", "extent"),
    )

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"), primary_key=True)
    code: Mapped[str]
    status: Mapped[str]
    source: Mapped[str]
    service_id: Mapped[UUID]
    resource_id: Mapped[UUID]
    customer_id: Mapped[UUID | None]
    conversation_id: Mapped[UUID | None]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    whole_day: Mapped[bool]
    customer_name: Mapped[str]
    customer_email: Mapped[str]
    customer_phone: Mapped[str | None]
    notes: Mapped[str | None]
    price_minor: Mapped[int | None]
    currency: Mapped[str]
    payment_rule: Mapped[str]
    policy: Mapped[dict[str, Any]]
    sequence: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    hold_expires_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    paid_at: Mapped[datetime | None]
    due_minor: Mapped[int] = mapped_column(BigInteger, default=0, server_default=text("0"))
    moves: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    changed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    fee_minor: Mapped[int | None] = mapped_column(BigInteger)
    import_key: Mapped[str | None]
    part_resource_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), default=list, server_default=text("'{}'"))
    intake: Mapped[list[Any]] = mapped_column(default=list, server_default=text("'[]'"))


class Occupancy(Base):
    """What a live booking occupies: one resource for its time with buffers. It exists exactly as long as the
    booking is held, waits for payment, or is confirmed, and stays when that is over. A package has a `part` for each
    of its services, counted from 0. `is_next` is the place that a proposed move holds beside the present one.

    `session_key` is the booking's own id, or for a class the same key for all who share it: two different
    sessions may never overlap on a resource, and within a session every seat is taken once.
    """

    __tablename__ = "occupancies"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "booking_id"], ["bookings.tenant_id", "bookings.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["tenant_id", "resource_id"], ["resources.tenant_id", "resources.id"]),
        ExcludeConstraint(
            ("resource_id", "="),
            ("during", "&&"),
            ("session_key", "<>"),
            name="no_double_booking",
            using="gist",
        ),
        UniqueConstraint("tenant_id", "resource_id", "session_key", "seat", name="uq_occupancies_seat"),
        CheckConstraint("seat >= 1", "seat"),
    )

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    booking_id: Mapped[UUID] = mapped_column(primary_key=True)
    is_next: Mapped[bool] = mapped_column(primary_key=True, default=False, server_default=text("false"))
    part: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=0, server_default=text("0"))
    resource_id: Mapped[UUID]
    during: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
    session_key: Mapped[UUID] = mapped_column(Uuid)
    seat: Mapped[int]
    expires_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class AuditEntry(Base, TenantOwned, Created):
    """Who (customer, agent, staff, system) did what to which booking, from which conversation."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "booking_id"], ["bookings.tenant_id", "bookings.id"], ondelete="CASCADE"),
        Index("ix_audit_entries_booking", "tenant_id", "booking_id"),
    )

    booking_id: Mapped[UUID]
    actor: Mapped[str]
    action: Mapped[str]
    conversation_id: Mapped[UUID | None]
    details: Mapped[dict[str, Any]]
