"""Conversations, their messages, and the turns that answer them."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from handled.tables.base import Base, Created, TenantOwned


class Conversation(Base, TenantOwned, Created):
    """On the wire its id is `sessionId`. `last_event` numbers its feed; `token_hash` is the SHA-256 of the session
    token, the only form in which it is kept. `verified_email` is the address that the customer has proven to read here,
    with a one-time code. `client` is an HMAC of the address that it was opened from: guesses are counted by it. While
    `handled_by` is `staff`, `staff_name` says who holds it: a staff member, or the business itself through its own
    system. Of what staff said, the customer's page has got everything up to the feed's number `customer_saw`, and mails
    everything up to `mailed`. Somebody at the business has looked at it up to the message of position `staff_read`.
    `ended_at` is null until the conversation ends, and again when somebody goes on with it (a trigger sees to that);
    `rating_asked_at` is when its customer was last asked how it was. `purged_to` is null until its transcript was
    purged, or its customer erased; then the number of the feed up to which it was."""

    __tablename__ = "conversations"
    __table_args__ = (
        CheckConstraint("handled_by in ('agent', 'staff')", "handled_by"),
        Index(
            "ix_conversations_verified_email",
            "tenant_id",
            "verified_email",
            postgresql_where=text("verified_email is not null"),
        ),
        CheckConstraint("ended_by in ('resolved', 'left', 'silence')", "ended_by"),
        Index("ix_conversations_open", "tenant_id", "id", postgresql_where=text("ended_at is null")),
        Index("ix_conversations_created", "tenant_id", "created_at", "id"),
        Index("ix_conversations_activity", "tenant_id", "last_activity_at", "id"),
        ForeignKeyConstraint(["tenant_id", "staff_member_id"], ["staff_members.tenant_id", "staff_members.id"]),
    )

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"), primary_key=True)
    token_hash: Mapped[bytes]
    channel: Mapped[str]
    handled_by: Mapped[str] = mapped_column(default="agent", server_default="agent")
    locale: Mapped[str]
    timezone: Mapped[str | None]
    page: Mapped[str | None]
    pack: Mapped[str | None]
    last_event: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    last_message: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    last_activity_at: Mapped[datetime]
    verified_email: Mapped[str | None]
    verified_at: Mapped[datetime | None]
    client: Mapped[bytes | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
    rating_asked_at: Mapped[datetime | None]
    staff_member_id: Mapped[UUID | None]
    staff_name: Mapped[str | None]
    taken_over_at: Mapped[datetime | None]
    customer_saw: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    mailed: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    staff_read: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    purged_to: Mapped[int | None]


class Message(Base, TenantOwned, Created):
    """One message, `position` counting from 1 in its conversation.

    `steps` is what the agent did before it said this (our own shape, `agent.history` reads it);
    `shown` is what went with the text: cards, choices, expects, the proposal.
    """

    __tablename__ = "messages"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "conversation_id"],
            ["conversations.tenant_id", "conversations.id"],
            ondelete="CASCADE",
        ),
        Index("uq_messages_position", "tenant_id", "conversation_id", "position", unique=True),
        Index(
            "uq_messages_client_message_id",
            "tenant_id",
            "conversation_id",
            "client_message_id",
            unique=True,
            postgresql_where=text("client_message_id is not null"),
        ),
        Index("ix_messages_created", "tenant_id", "created_at"),
        CheckConstraint("role in ('customer', 'agent', 'staff', 'system')", "role"),
    )

    conversation_id: Mapped[UUID]
    position: Mapped[int]
    role: Mapped[str]
    content: Mapped[str]
    client_message_id: Mapped[str | None]
    turn_id: Mapped[UUID | None]
    steps: Mapped[list[Any]] = mapped_column(default=list, server_default=text("'[]'"))
    shown: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))


class Turn(Base, TenantOwned, Created):
    """One run of the agent. At most one is `running` in a conversation; later ones wait as `queued`.
    `runner` names the process that runs it: it holds an advisory lock of that number while it lives.
    `result` is the `done` object once the turn has ended well, or the `error` event.

    What is noted when it ends well, to be counted: the `model` that spoke last (none where code decided alone), whether
    it stood in for another (`is_degraded`), how long the customer waited for words, whether they got an answer out of
    what the business has said of itself, asked what nobody could answer, or said goodbye; which service they asked
    about (its key), whether they saw free times of it, and which time they wanted that could not be had.
    `question_closed` is what the business did about a question that nobody could answer."""

    __tablename__ = "turns"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "conversation_id"],
            ["conversations.tenant_id", "conversations.id"],
            ondelete="CASCADE",
        ),
        Index(
            "uq_turns_one_running",
            "tenant_id",
            "conversation_id",
            unique=True,
            postgresql_where=text("status = 'running'"),
        ),
        Index("ix_turns_conversation", "tenant_id", "conversation_id", "created_at"),
        Index("ix_turns_created", "tenant_id", "created_at"),
        Index("ix_turns_unanswered", "tenant_id", "created_at", postgresql_where=text("is_unanswered")),
        Index("ix_turns_unfinished", "status", postgresql_where=text("status in ('queued', 'running')")),
        CheckConstraint("status in ('queued', 'running', 'done', 'failed')", "status"),
        CheckConstraint("question_closed in ('answered', 'dismissed')", "question_closed"),
    )

    conversation_id: Mapped[UUID]
    message_id: Mapped[UUID]
    reply_id: Mapped[UUID]
    status: Mapped[str]
    runner: Mapped[int | None]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    result: Mapped[dict[str, Any] | None]
    model: Mapped[str | None]
    is_degraded: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    first_text_ms: Mapped[int | None]
    gave_answer: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    is_unanswered: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    said_goodbye: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    service: Mapped[str | None]
    saw_times: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    missed_date: Mapped[date | None]
    missed_time: Mapped[time | None]
    missed_reason: Mapped[str | None]
    question_closed: Mapped[str | None]


class TurnEvent(Base):
    """One event of a turn's stream, `position` counting from 1. `data` is the JSON as it is sent."""

    __tablename__ = "turn_events"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "turn_id"], ["turns.tenant_id", "turns.id"], ondelete="CASCADE"),
    )

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    turn_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    data: Mapped[str] = mapped_column(Text)


class ConversationEvent(Base):
    """One event of a conversation's feed, `position` counting from 1. `data` is the JSON as it is sent."""

    __tablename__ = "conversation_events"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "conversation_id"],
            ["conversations.tenant_id", "conversations.id"],
            ondelete="CASCADE",
        ),
    )

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    conversation_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    data: Mapped[str] = mapped_column(Text)
