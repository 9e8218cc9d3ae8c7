"""The customer's wire in the chat: what comes in, and what goes out as OpenAPI describes it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel


def _no_nul(text: str) -> str:
    if "\0" in text or any(0xD800 <= ord(character) <= 0xDFFF for character in text):
        raise ValueError("contains characters that are not text")
    return text


Text = Annotated[str, AfterValidator(_no_nul)]


class Wire(BaseModel):
    """camelCase outside, snake_case inside."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class StartSession(Wire):
    locale: Text | None = Field(default=None, max_length=35)
    timezone: Text | None = Field(default=None, max_length=64)
    page: Text | None = Field(default=None, max_length=2000)


class SendMessage(Wire):
    session_id: UUID
    message: str = Field(max_length=60_000)
    client_message_id: Text | None = Field(default=None, min_length=1, max_length=100)


class ConfirmProposal(Wire):
    session_id: UUID
    preview_hash: Text | None = Field(default=None, max_length=200)
    code: Text | None = Field(default=None, max_length=20)


class RejectProposal(Wire):
    session_id: UUID


class GiveFeedback(Wire):
    """A thumb for one message of the agent's, or a rating of the whole conversation. Left out, `comment` stays what it
    was; empty, it is taken away."""

    session_id: UUID
    feedback_type: Literal["THUMBS_UP", "THUMBS_DOWN", "RATING"]
    message_id: UUID | None = None
    rating: Annotated[int, Field(ge=1, le=5, strict=True)] | None = None
    comment: str | None = Field(default=None, max_length=60_000)

    @model_validator(mode="after")
    def _about_one_thing(self) -> Self:
        if self.feedback_type == "RATING" and (self.rating is None or self.message_id is not None):
            raise ValueError("a RATING needs a rating from 1 to 5, and no messageId")
        if self.feedback_type != "RATING" and (self.message_id is None or self.rating is not None):
            raise ValueError("a thumb needs a messageId, and no rating")
        return self


class Escalate(Wire):
    """Why a person is wanted, in 1 to 2,000 characters, and how to reach the customer; empty contacts are none."""

    session_id: UUID
    reason: str = Field(max_length=60_000)
    customer_email: Text | None = Field(default=None, max_length=500)
    customer_phone: Text | None = Field(default=None, max_length=100)


class Escalated(Wire):
    """`message` is for the customer: that the team knows, and when an answer may come."""

    escalation_id: str
    message: str


class EndConversation(Wire):
    session_id: UUID


class FeedbackGiven(Wire):
    feedback_id: str


class Choice(Wire):
    label: str
    send: str


class Money(Wire):
    amount: int
    currency: str


class Branding(Wire):
    color: str | None = None
    logo_url: str | None = None
    greeting: str | None = None


class BusinessOut(Wire):
    name: str
    timezone: str
    locale: str
    branding: Branding


class MessageOut(Wire):
    message_id: str
    role: Literal["customer", "agent", "staff", "system"]
    content: str
    at: datetime
    name: str | None = None
    client_message_id: str | None = None
    turn_id: str | None = None
    cards: list[dict[str, Any]] = []
    choices: list[Choice] = []
    expects: list[str] = []


class CustomerOut(Wire):
    name: str
    email: str


class BookingOut(Wire):
    booking_id: str
    code: str
    status: str
    service: str | None
    label: str | None
    date: str
    time: str | None
    timezone: str
    duration_minutes: int
    whole_day: bool
    starts_at: datetime
    ends_at: datetime
    resource: str | None
    price: Money | None
    due: Money | None = None
    paid_at: datetime | None = None
    hold_expires_at: datetime | None = None
    customer: CustomerOut
    manage_url: str | None = None
    pay_url: str | None = None


class FromOut(Wire):
    """Where a booking is now that is to be moved."""

    date: str
    time: str | None
    resource: str | None = None


class PreviewOut(Wire):
    title: str
    service: str | None
    label: str | None
    date: str
    time: str | None
    timezone: str
    duration_minutes: int
    resource: str | None = None
    price: Money | None
    due: Money | None = None
    fee: Money | None
    refund: Money | None = None
    policy: str | None
    booking_code: str | None = None
    moved_from: FromOut | None = Field(default=None, alias="from")
    customer: CustomerOut
    lines: list[str]


class ProposalOut(Wire):
    proposal_id: str
    operation: str
    tier: Literal["T1", "T2", "T3"]
    status: str
    preview_hash: str
    code: str
    expires_at: datetime
    preview: PreviewOut


class TurnOut(Wire):
    turn_id: str
    message_id: str
    status: str


class SessionOut(Wire):
    session_id: str
    session_token: str
    business: BusinessOut
    message: MessageOut
    choices: list[Choice]


class RatingOut(Wire):
    rating: int
    comment: str | None


class FeedbackOut(Wire):
    """What the customer has said so far; `thumbs` by message id. `ask`: they are being asked for a rating."""

    rating: RatingOut | None
    thumbs: dict[str, Literal["THUMBS_UP", "THUMBS_DOWN"]]
    ask: bool


class Snapshot(Wire):
    session_id: str
    business: BusinessOut
    messages: list[MessageOut]
    proposal: ProposalOut | None
    turn: TurnOut | None
    handled_by: Literal["agent", "staff"]
    staff_name: str | None = None
    bookings: list[BookingOut]
    ended: bool
    feedback: FeedbackOut
    last_event_id: int


class SlotOut(Wire):
    slot_id: str
    date: str
    weekday: str
    time: str | None
    resource: str | None


class ReceiptOut(Wire):
    receipt_id: str
    kind: str
    at: datetime
    title: str
    lines: list[str]


class Confirmation(Wire):
    receipt: ReceiptOut
    message: str
    message_id: str
    booking: BookingOut
    cards: list[dict[str, Any]] = []
    choices: list[Choice]
    expects: list[str]
    checkout_url: str | None = None


class Error(Wire):
    """Every error: a stable name and a sentence for a person."""

    model_config = ConfigDict(extra="allow", alias_generator=to_camel, populate_by_name=True)

    error: str
    message: str
    fields: dict[str, str] | None = None
