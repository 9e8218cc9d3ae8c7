"""What a turn and a session's feed send, event by event."""

from __future__ import annotations

from typing import Any, Literal

from handled.web.public.schemas import BookingOut, Choice, Error, MessageOut, ProposalOut, ReceiptOut, Wire


class Availability(Wire):
    service: str
    date: str | None
    time: str | None
    available: bool
    reason: Literal["taken", "closed", "notice", "past", "horizon"] | None
    alternatives: list[dict[str, Any]]


class Usage(Wire):
    input_tokens: int
    output_tokens: int
    cost_micros: int | None


class Done(Wire):
    """How a turn ended: the whole result, authoritative."""

    type: Literal["done"]
    turn_id: str
    message_id: str
    message: str
    proposal: ProposalOut | None
    expects: list[str]
    fallback: bool
    choices: list[Choice]
    availability: Availability | None
    cards: list[dict[str, Any]]
    handled_by: Literal["agent", "staff"]
    resolved: bool
    degraded: bool
    usage: Usage
    receipt: ReceiptOut | None = None
    booking: BookingOut | None = None
    checkout_url: str | None = None


class TurnStarted(Wire):
    type: Literal["turn"]
    turn_id: str
    message_id: str
    user_message_id: str


class Chunk(Wire):
    type: Literal["chunk"]
    content: str


class Reset(Wire):
    type: Literal["reset"]
    reason: str


class ToolProgress(Wire):
    type: Literal["tool"]
    name: str
    label: str
    state: Literal["started", "finished"]


class Cards(Wire):
    type: Literal["cards"]
    cards: list[dict[str, Any]]


class Proposed(Wire):
    type: Literal["proposal"]
    proposal: ProposalOut


class TurnFailed(Error):
    type: Literal["error"]


class MessageAdded(Wire):
    type: Literal["message"]
    message: MessageOut


class ReceiptIssued(Wire):
    type: Literal["receipt"]
    receipt: ReceiptOut
    booking: BookingOut
    proposal_id: str | None


class PaymentChanged(Wire):
    """What has become of a payment: its card, which replaces the one shown before."""

    type: Literal["payment"]
    payment: dict[str, Any]


class RatingAsked(Wire):
    """The conversation has ended: how was it?"""

    type: Literal["rating"]
    ask: bool


class HandedOff(Wire):
    """Who answers from now on; `name` is the person's."""

    type: Literal["handoff"]
    handled_by: Literal["agent", "staff"]
    name: str | None = None


TURN_EVENTS = (TurnStarted, Chunk, Reset, ToolProgress, Cards, Proposed, Done, TurnFailed)
FEED_EVENTS = (MessageAdded, TurnStarted, Proposed, ReceiptIssued, PaymentChanged, HandedOff, RatingAsked)
