"""People who book, and how they prove who they are."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from handled.tables.base import Base, Created, TenantOwned


class Customer(Base, TenantOwned, Created):
    """One address book entry per email address. What an unverified visitor types never overwrites it:
    each booking keeps the name and phone it was made with."""

    __tablename__ = "customers"
    __table_args__ = (Index("uq_customers_email", "tenant_id", "email", unique=True),)

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str]
    email: Mapped[str]
    phone: Mapped[str | None]


class CustomerPreference(Base, TenantOwned, Created):
    """Something that a customer asked to be remembered, in their words. Never an instruction to anybody."""

    __tablename__ = "customer_preferences"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "customer_id"], ["customers.tenant_id", "customers.id"], ondelete="CASCADE"),
        Index("uq_customer_preferences_text", "tenant_id", "customer_id", "text", unique=True),
        CheckConstraint("length(text) between 1 and 200", "text"),
    )

    customer_id: Mapped[UUID]
    text: Mapped[str]


class OneTimeCode(Base, TenantOwned, Created):
    """Six digits sent to an address, to be typed into the conversation that asked. Kept as a hash; the newest unused
    one of a conversation counts. `tries` counts wrong ones."""

    __tablename__ = "one_time_codes"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "conversation_id"],
            ["conversations.tenant_id", "conversations.id"],
            ondelete="CASCADE",
        ),
        Index("ix_one_time_codes_conversation", "tenant_id", "conversation_id", "created_at"),
    )

    conversation_id: Mapped[UUID]
    email: Mapped[str]
    code_hash: Mapped[bytes]
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    used_at: Mapped[datetime | None]


class AttemptCount(Base):
    """How often something that must not be guessed was tried, per subject (a code, an address, a conversation, a
    client) and hour. Subjects are hashes."""

    __tablename__ = "attempt_counts"

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"), primary_key=True)
    subject: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    began_at: Mapped[datetime] = mapped_column(primary_key=True)
    count: Mapped[int]
