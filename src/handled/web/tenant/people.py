"""The business's wire about conversations and who is wanted in them: what comes in, and what goes out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Literal

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from handled.catalog.business import Business
from handled.tenants.acting import Acting
from handled.web.public.schemas import BookingOut, MessageOut, Text, Wire
from handled.web.tenant.schemas import Asked

Change = Callable[[AsyncSession, Business, Acting], Awaitable[None]]

Status = Literal["PENDING", "ACKNOWLEDGED", "RESOLVED"]
Priority = Literal["LOW", "MEDIUM", "HIGH"]


class ByStaff(Asked):
    """`staff` is the email address of a staff member; without it the business itself acts."""

    staff: Text | None = Field(default=None, max_length=500)


class StaffMessage(ByStaff):
    """1 to 2,000 characters."""

    message: str = Field(max_length=60_000)


class EscalationChange(Asked):
    """What is left out stays as it is. `assignedTo` is the email address of a staff member, null for nobody."""

    status: Status | None = None
    assigned_to: Text | None = Field(default=None, max_length=500)
    priority: Priority | None = None


class StaffOut(Wire):
    email: str
    name: str


class ReasonOut(Wire):
    at: datetime
    cause: str
    reason: str


class ReachedOut(Wire):
    name: str | None
    email: str | None
    phone: str | None


class EscalationOut(Wire):
    """That somebody asked for a person. `cause` is how it came about, `reasons` all that was said about it."""

    escalation_id: str
    conversation_id: str
    status: Status
    priority: Priority
    cause: Literal["button", "words", "agent", "misunderstanding", "turn_cap", "crisis", "failure"]
    reasons: list[ReasonOut]
    customer: ReachedOut
    assigned_to: StaffOut | None
    created_at: datetime
    acknowledged_at: datetime | None
    resolved_at: datetime | None


class EscalationPage(Wire):
    """The newest first. `nextCursor` is null on the last page."""

    escalations: list[EscalationOut]
    next_cursor: str | None


class SpokenWith(Wire):
    """`isVerified`: the address was proven with a one-time code; else it was only typed."""

    name: str | None
    email: str | None
    is_verified: bool


class LastMessage(Wire):
    role: Literal["customer", "agent", "staff"]
    content: str
    at: datetime


class ConversationLine(Wire):
    """A conversation in the inbox. `lastMessage` has the first 200 characters, `escalation` is the open one."""

    conversation_id: str
    channel: str
    handled_by: Literal["agent", "staff"]
    staff_name: str | None
    taken_over_at: datetime | None
    started_at: datetime
    last_activity_at: datetime
    ended_at: datetime | None
    waiting: bool
    customer: SpokenWith
    last_message: LastMessage | None
    escalation: EscalationOut | None


class ConversationFile(ConversationLine):
    """A conversation with all that was said in it."""

    messages: list[MessageOut]
    bookings: list[BookingOut]
    escalations: list[EscalationOut]


class ConversationPage(Wire):
    """Those that began last first. `nextCursor` is null on the last page."""

    conversations: list[ConversationLine]
    next_cursor: str | None
