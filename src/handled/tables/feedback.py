"""What customers think of what the agent says, and of a conversation as a whole."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from handled.kit import clock
from handled.tables.base import Base, Created, TenantOwned


class Thumb(Base, TenantOwned, Created):
    """Up or down for one message of the agent's. There is one for a message, and it may change."""

    __tablename__ = "thumbs"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "conversation_id"], ["conversations.tenant_id", "conversations.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(["tenant_id", "message_id"], ["messages.tenant_id", "messages.id"], ondelete="CASCADE"),
        Index("uq_thumbs_message", "tenant_id", "message_id", unique=True),
        Index("ix_thumbs_conversation", "tenant_id", "conversation_id"),
        Index("ix_thumbs_created", "tenant_id", "created_at"),
        CheckConstraint("length(comment) <= 500", "comment"),
    )

    conversation_id: Mapped[UUID]
    message_id: Mapped[UUID]
    is_up: Mapped[bool]
    comment: Mapped[str | None]
    updated_at: Mapped[datetime] = mapped_column(default=clock.now)


class Rating(Base, TenantOwned, Created):
    """1 to 5 for a conversation, or for a booking that was made without one. There is one for each, and it may
    change."""

    __tablename__ = "ratings"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "conversation_id"], ["conversations.tenant_id", "conversations.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(["tenant_id", "booking_id"], ["bookings.tenant_id", "bookings.id"], ondelete="CASCADE"),
        Index("uq_ratings_conversation", "tenant_id", "conversation_id", unique=True),
        Index("uq_ratings_booking", "tenant_id", "booking_id", unique=True),
        Index("ix_ratings_created", "tenant_id", "created_at"),
        CheckConstraint("rating between 1 and 5", "rating"),
        CheckConstraint("length(comment) <= 500", "comment"),
        CheckConstraint("num_nonnulls(conversation_id, booking_id) = 1", "subject"),
    )

    conversation_id: Mapped[UUID | None]
    booking_id: Mapped[UUID | None]
    rating: Mapped[int] = mapped_column(SmallInteger)
    comment: Mapped[str | None]
    updated_at: Mapped[datetime] = mapped_column(default=clock.now)
